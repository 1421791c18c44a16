//! Words for what somebody did for an article, and words that stand where names do and name nobody.

use contract::Role;

use super::super::{names, simplified};

/// What people did, in words that stand behind their names or, as labels, before them.
const DEEDS: [(&str, Deed); 43] = [
    ("文", Deed::WROTE),
    ("图", Deed::SHOT),
    ("摄", Deed::SHOT),
    ("绘", Deed::SHOT),
    ("画", Deed::SHOT),
    ("作", Deed::SHOT),
    ("摄影", Deed::SHOT),
    ("摄影报道", Deed::SHOT),
    ("图片摄影", Deed::SHOT),
    ("特约摄影", Deed::SHOT),
    ("供图", Deed::SHOT),
    ("图片", Deed::SHOT),
    ("制图", Deed::SHOT),
    ("绘图", Deed::SHOT),
    ("漫画", Deed::SHOT),
    ("插图", Deed::SHOT),
    ("文图", Deed::BOTH),
    ("图文", Deed::BOTH),
    ("文并图", Deed::BOTH),
    ("文并摄", Deed::BOTH),
    ("作者", Deed::WROTE),
    ("撰文", Deed::WROTE),
    ("撰稿", Deed::WROTE),
    ("采写", Deed::WROTE),
    ("执笔", Deed::WROTE),
    ("采访", Deed::WROTE),
    ("供稿", Deed::WROTE),
    ("口述", Deed::WROTE),
    ("讲述", Deed::WROTE),
    ("解答", Deed::WROTE),
    ("答疑", Deed::WROTE),
    ("答复", Deed::WROTE),
    ("点评", Deed::WROTE),
    ("整理", Deed::EDITED),
    ("文字", Deed::WROTE),
    ("文字整理", Deed::EDITED),
    ("综合整理", Deed::EDITED),
    ("采访整理", Deed::EDITED),
    ("记录", Deed::EDITED),
    ("编译", Deed::EDITED),
    ("综合编译", Deed::EDITED),
    ("翻译", Deed::EDITED),
    ("译", Deed::EDITED),
];

/// What somebody did for an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deed(u8);

impl Deed {
    pub const WROTE: Self = Self(1);
    pub const SHOT: Self = Self(2);
    pub const BOTH: Self = Self(3);
    pub const EDITED: Self = Self(4);

    /// The deed that a word says.
    pub fn of(word: &str) -> Option<Self> {
        let word = simplified(word);
        DEEDS.iter().find(|(deed, _)| *deed == word).map(|(_, deed)| *deed)
    }

    /// Of a word that a name stands before without a blank: 陈小禾口述, 林远摄; `again` where one has done so before.
    pub fn behind(token: &str, again: bool) -> Option<(&str, Self)> {
        let (at, last) = token.char_indices().next_back()?;
        let before = token.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
        let pair = Self::of(&token[before..]).map(|deed| (&token[..before], deed));
        let one =
            || Self::of(&token[at..]).filter(|_| again || matches!(last, '摄' | '攝') || token.chars().count() == 4);
        let (name, deed) = pair.or_else(|| one().map(|deed| (&token[..at], deed)))?;
        names::looks_like_name(name).then_some((name, deed))
    }

    /// Of the second half of a name of two characters, set apart from the first: 禾图.
    pub fn behind_half(token: &str) -> Option<(&str, Self)> {
        let (at, _) = token.char_indices().nth(1)?;
        let deed = Self::of(&token[at..]).filter(|_| token[at..].chars().count() == 1)?;
        Self::of(&token[..at]).is_none().then_some((&token[..at], deed))
    }

    /// Of a word that stands before a name without a blank: 摄影陈小禾.
    pub fn before(token: &str) -> Option<(Self, usize)> {
        let at = token.char_indices().nth(2).map(|(at, _)| at)?;
        let deed = Self::of(&token[..at])?;
        names::looks_like_name(&token[at..]).then_some((deed, at))
    }

    /// With another that stands beside it: 文/图.
    pub fn with(self, other: Self) -> Option<Self> {
        (self != Self::EDITED && other != Self::EDITED).then_some(Self(self.0 | other.0))
    }

    /// The role of somebody of whom this is said.
    pub fn role(self, own: Role) -> Role {
        match self {
            Self::SHOT => Role::Photographer,
            Self::EDITED if own == Role::Author => Role::Editor,
            _ => own,
        }
    }
}

/// 市三院, 县农业局: an institution of the place, by how it begins and ends.
fn is_institution(text: &str) -> bool {
    let ends = ["院", "校", "局", "办", "委", "站", "所", "队", "会", "馆", "部", "厅", "中心", "公司"];
    (3..=8).contains(&text.chars().count())
        && text.starts_with(['市', '县', '区', '省', '州', '镇', '乡', '校', '院'])
        && ends.iter().any(|end| text.ends_with(end))
}

/// Whether words stand where a photographer's name does and name nobody: 受访者提供, 视觉中国.
pub(super) fn nobody(text: &str) -> bool {
    const HOUSES: [&str; 15] = [
        "图中",
        "视觉中国",
        "新华社",
        "中新社",
        "东方IC",
        "CFP",
        "IC photo",
        "受访者",
        "资料",
        "网络",
        "本报",
        "人民视觉",
        "采访对象",
        "署名除外",
        "除署名外",
    ];
    let plain = simplified(text);
    let plain = plain.as_ref();
    HOUSES.contains(&plain)
        || plain.ends_with("提供")
        || plain.starts_with('见') && plain.ends_with('图')
        || plain.ends_with("报道组")
        || is_institution(plain)
        || ["受访者", "资料图", "资料照"].iter().any(|word| plain.starts_with(word))
        || ["截图", "资料图片", "资料照片"].iter().any(|word| plain.ends_with(word))
}

/// Who publishes, as a byline says it.
#[derive(Clone, Copy)]
pub(super) struct House<'a> {
    /// The name.
    pub name: &'a str,
    /// Bytes of names that stand before it without a blank: 陈小禾本报.
    pub named: usize,
}

/// 本报 of 综合本报, and of 陈小禾本报.
pub(super) fn house(found: regex::Match<'_>) -> House<'_> {
    let name = found.as_str();
    let own = ["本报", "本報", "本刊", "新华社", "新華社"].iter().filter_map(|own| name.rfind(own)).max();
    let people =
        |at: &usize| names::parse(&name[..*at]).is_some_and(|all| all.iter().any(|one| names::looks_like_name(one)));
    if let Some(named) = own.filter(people) {
        return House { name: &name[named..], named };
    }
    let name = ["综合", "据"].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
    House { name, named: 0 }
}

/// What a word says that somebody is.
pub(super) fn role_of(word: &str) -> Role {
    match simplified(word).as_ref() {
        "通讯员" | "实习生" | "见习生" => Role::Correspondent,
        "记者" | "记者站" | "记着" => Role::Reporter,
        "摄影师" | "摄影" | "图" | "摄" | "绘" | "图片" | "制图" | "绘图" | "供图" | "漫画" | "插图" | "插画"
        | "图表" => Role::Photographer,
        "整理" | "整理人" | "统稿" | "编辑" | "编译" | "翻译" | "译" | "译者" | "记录" | "记录人" => {
            Role::Editor
        }
        _ => Role::Author,
    }
}
