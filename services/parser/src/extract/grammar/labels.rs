//! Labels of columns (栏题): by the words that they end in, and by how much their characters are those of labels rather than
//! of headings, whose weights in `labels.tsv` are fitted to annotated pages (`fit/labels.py`). And headlines that name whose
//! news they are.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashMap;

use super::{last_of, pattern};
use crate::extract::clues;
use crate::extract::text::{CharSet, is_blank, is_han, trim, wider_than};

const SECTIONS: &str = "特稿|专栏|时论|聚焦|观察|视点|关注|评论|时评|短评|社论|调查|纪实|速递|快讯|简讯|速览|资讯|导读|链接|进行时|走基层|直播间|访谈|对话|系列报道|编者按|编后|随笔|副刊|故事汇|热点|焦点|话题|追踪|纵深|特别报道|报道|视窗|人物|一线|之窗|之声|广角|看台|论坛|讲堂|课堂|连线|现场|见闻|手记|札记|述评|综述|快评|锐评|记者观察|特写|专题|专访|人物|身边事|新时代|新征程|巡礼|风采|短波|播报|一句话新闻|短论|微评|热评|点评|微言|新诗|诗页|小议|杂谈|今日谈|漫谈|街谈|夜话|夜谈|来论|来信|社评|漫笔|集纳|简报|短讯|要闻|问答|来稿|絮语|微播报|播报|影像志|手札|茶座|编读往来|信箱|周记|人物志|文摘|直通车|热线|前沿|书评|新书|书架|来信|照登|回音壁|群言堂|建言|传真|动态|速读|数读|快递|快语|直击|以案说法|有话说|一线行|基层行|办实事|在行动|科普|提醒台|曝光台|光荣榜|公告栏|听民声|读者之声|资料库|小知识|小贴士|图片新闻|图片报道|新闻图片|图说新闻";
static SECTION: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:{SECTIONS})$")));
static SECTION_ENDS: LazyLock<CharSet> = LazyLock::new(|| last_of(SECTIONS));

/// Widest column label, in half-width columns.
pub(crate) const LABEL: usize = 28;

/// Whether a short line uses words that label columns.
pub(crate) fn labels_section(line: &str) -> bool {
    let text = trim(line);
    let bracketed = text.starts_with(['【', '［', '〖', '[', '〔']) && text.ends_with(['】', '］', '〗', ']', '〕']);
    !wider_than(text, LABEL)
        && !introduces(text)
        && (bracketed
            || text.split_whitespace().any(|part| part.ends_with(|c| SECTION_ENDS.has(c)) && SECTION.is_match(part)))
}

/// Narrowest label, in half-width columns.
const NARROW: usize = 4;
/// A text of so many characters is as long as any longer one.
const LONG: usize = 14;

/// Log odds from which a heading is surely a label, from which it likely is one, and below which it hardly is.
pub(crate) const SURELY: f32 = 1.0;
pub(crate) const LIKELY: f32 = -1.0;
pub(crate) const HARDLY: f32 = -3.5;

/// The log odds that a heading is a label; nothing where it is too wide or too narrow to be one.
pub(crate) fn score(text: &str) -> Option<f32> {
    if wider_than(text, LABEL) || !wider_than(text, NARROW - 1) || introduces(text) {
        return None;
    }
    let mark = |c: char| is_blank(c) || "■●◆★▲□◎#*【】〔〕〖〗[]［］".contains(c);
    let chars: Vec<char> = text.chars().filter(|c| !mark(*c)).collect();
    if chars.len() < 2 {
        return None;
    }
    let weights = &*WEIGHTS;
    let of = |clue: Clue| weights.clues.get(&clue).copied().unwrap_or(0.0);
    let mut score = weights.bias + weights.length[chars.len().min(LONG) - 1];
    for length in 1..=chars.len().min(3) {
        score +=
            of(Clue::new(Place::First, &chars[..length])) + of(Clue::new(Place::Last, &chars[chars.len() - length..]));
    }
    for (at, pair) in chars.windows(2).enumerate() {
        // Each counts once.
        if !chars[..at + 1].windows(2).any(|before| before == pair) {
            score += of(Clue::new(Place::Inside, pair));
        }
    }
    let first = |(at, c): (usize, &char)| !chars[..at].contains(c);
    let each = chars.iter().enumerate().filter(|one| first(*one)).map(|(_, c)| of(Clue::new(Place::Inside, &[*c])));
    Some(score + each.sum::<f32>())
}

/// Whether a text says who says what the next line says: 陈小禾强调, 市交通局：
pub(crate) fn introduces(text: &str) -> bool {
    const SAYS: [&str; 8] = ["强调", "指出", "要求", "表示", "提出", "致电", "会见", "批示"];
    let text = trim(text);
    text.ends_with([':', '：']) || text.ends_with("——") || SAYS.iter().any(|word| text.ends_with(word))
}

/// Where in a text characters stand.
#[derive(Debug, Clone, Copy)]
enum Place {
    First = 1,
    Last = 2,
    Inside = 3,
}

/// One to three characters at a place, in one number: twenty bits hold any character that a label has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Clue(u64);

impl Clue {
    fn new(place: Place, of: &[char]) -> Self {
        Self(of.iter().fold(place as u64, |clue, c| clue << 20 | u64::from(u32::from(*c) & 0xf_ffff)))
    }
}

/// What each clue adds.
#[derive(Default)]
struct Weights {
    bias: f32,
    /// By the length, from 1.
    length: [f32; LONG],
    clues: FxHashMap<Clue, f32>,
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let mut weights = Weights::default();
    clues::read(include_str!("labels.tsv"), |kind, of, weight| {
        let place = match kind {
            "first" => Place::First,
            "last" => Place::Last,
            "has" => Place::Inside,
            "bias" => {
                weights.bias = weight;
                return Some(());
            }
            "length" => {
                *weights.length.get_mut(of.parse::<usize>().ok()?.checked_sub(1)?)? = weight;
                return Some(());
            }
            _ => return None,
        };
        weights.clues.insert(Clue::new(place, &of.chars().collect::<Vec<_>>()), weight);
        Some(())
    });
    weights
});

/// Whether a label without a headline names a part of the article before it: ■点评, 律师说法.
pub(crate) fn labels_part(text: &str) -> bool {
    const PARTS: [&str; 12] =
        ["点评", "说法", "提醒", "手记", "感言", "链接", "名词解释", "背景", "延伸阅读", "提示", "释法", "寄语"];
    let plain = super::simplified(text);
    let bare = plain.trim_matches(|c: char| !c.is_alphanumeric());
    bare.chars().count() <= 6 && PARTS.iter().any(|part| bare.ends_with(part))
}

/// Whether a line is the label of a picture that has no other heading.
pub(crate) fn labels_picture(text: &str) -> bool {
    ["图片新闻", "图片报道", "新闻图片", "图说新闻", "影像新闻"].contains(&super::simplified(trim(text)).as_ref())
}

/// Whether a heading names a house and, behind a colon, what it does: 云城供电：把电送上桥头.
pub(crate) fn heads_house_news(text: &str) -> bool {
    const HOUSES: &str = "建行|农行|工行|中行|支行|农商行|银行|邮政|烟草|供电|电力|电网|公司|集团|海关|税务|公安|大学|中学|小学|\
                          学校|中心|局|厅|委|工会|县|市|区|镇|乡|村|州|街道|社区|厂|矿|站|院|馆|油田|石化|铁路|地铁|车间";
    let Some((house, deed)) = text.split_once(['：', ':']) else { return false };
    let han = house.chars().all(is_han);
    han && (3..=12).contains(&house.chars().count())
        && deed.chars().count() >= 4
        && HOUSES.split('|').any(|word| house.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_short_headlines_by_their_characters() {
        for label in ["云江时论", "新春走基层", "奋进新征程", "记者跑腿", "法治在线"] {
            assert!(score(label).unwrap() > 0.0, "{label}: {:?}", score(label));
        }
        for headline in ["云江新桥通车", "渡口添了新船", "老桥今日停用", "全县早稻开镰"] {
            assert!(score(headline).unwrap() < -1.0, "{headline}: {:?}", score(headline));
        }
        assert_eq!(score("一个人家喻户晓的故事说的是云江边的事"), None);
    }
}
