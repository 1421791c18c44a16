//! Who signs with more than a name: （县农技中心 农艺师 A 解答）, 云城大学教授 A, A（云城大学教授）.

use std::borrow::Cow;
use std::sync::LazyLock;

use contract::{Byline, Role};

use super::super::{names, simplified};
use super::credit_all;
use crate::extract::text::{CharSet, is_blank, is_han, trim, wider_than};

/// What the names of institutions and of places end in.
#[rustfmt::skip]
const STATIONS: [&str; 58] = [
    "局", "院", "处", "中心", "大学", "学院", "公司", "医院", "法院", "检察院", "学校", "中学", "小学", "集团",
    "银行", "委", "办", "办公室", "研究所", "所", "站", "馆", "协会", "学会", "联合会", "工会", "总工会", "妇联",
    "团委", "厂", "部", "支队", "大队", "中队", "队", "科", "室", "社", "报社", "电视台", "融媒体", "合作社", "省",
    "市", "县", "区", "镇", "乡", "村", "街道", "社区", "州", "厅", "處", "館", "辦", "會", "會館",
];
/// What those are called who answer or write.
#[rustfmt::skip]
const TITLES: [&str; 49] = [
    "教授", "研究员", "讲师", "博士", "院士", "学者", "主任", "医师", "医生", "护士", "律师", "法官", "检察官",
    "民警", "校长", "教师", "老师", "园长", "院长", "局长", "书记", "主席", "会长", "理事", "会员", "作家", "诗人",
    "评论员", "分析师", "观察员", "委员", "教导员", "农艺师", "药师", "护师", "营养师", "兽医", "工程师", "技术员", "专家", "代表", "经理", "学生", "读者", "市民", "网友", "村民", "居民", "职工",
];

/// What each of both ends in.
static ENDS: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::of_chars(STATIONS.iter().chain(&TITLES).filter_map(|word| word.chars().next_back())));

/// Whether a text says where somebody works or lives, or what he is.
pub(super) fn is_station(text: &str) -> bool {
    let plain = simplified(text);
    if !plain.chars().next_back().is_some_and(|last| ENDS.has(last)) {
        return false;
    }
    let long = |word: &str| plain.ends_with(word) && plain.chars().count() >= 3;
    plain.chars().all(|c| is_han(c) || is_blank(c))
        && (STATIONS.iter().any(|word| long(word)) || TITLES.iter().any(|word| plain.ends_with(word)))
}

/// Whether a text ends in what somebody is, so that what stands behind it is his name.
pub(super) fn is_title(text: &str) -> bool {
    let plain = simplified(text);
    plain.chars().count() >= 4 && is_station(text) && TITLES.iter().any(|word| plain.ends_with(word))
}

/// 云城大学教授 陈小禾: what he is, a blank, and what is surely a name.
pub(super) fn attached(line: &str) -> Option<Vec<Byline>> {
    let (mut station, last) = trim(line).rsplit_once(is_blank)?;
    let mut name = Cow::Borrowed(last);
    // 云城大学教授 王 伟
    if last.chars().count() == 1
        && let Some((before, first)) = trim(station).rsplit_once(is_blank)
        && first.chars().count() == 1
    {
        (station, name) = (trim(before), Cow::Owned(format!("{first}{last}")));
    }
    let name = name.as_ref();
    // 市人大代表 杜鹃: behind what he is a common word is a name, too.
    let named = names::looks_like_name(name) || is_title(station) && names::may_be_called(name);
    let street =
        || station.ends_with(['路', '街', '巷', '号']) && station.contains(['省', '市', '县', '区', '镇', '乡']);
    let placed = || is_station(station) || street() || crate::dictionary::is_places(station);
    (named && placed() && !station.contains(is_blank))
        .then(|| credit_all(vec![name.to_owned()], Role::Author, Some(station)))
}

/// Who writes letters to a paper.
const WRITES: [&str; 12] =
    ["读者", "讀者", "市民", "网友", "網友", "业主", "業主", "居民", "村民", "商户", "住户", "家长"];

/// 读者 A, 云城市河西镇 A: signed by somebody who is not of the paper, whatever stands below.
pub(crate) fn is_letters(line: &str) -> bool {
    let before = trim(line).split_once(is_blank).map_or("", |(before, _)| before);
    let placed = || {
        const PLACES: [char; 13] = ['省', '市', '县', '區', '区', '镇', '乡', '村', '縣', '鎮', '鄉', '路', '街'];
        let place = before.ends_with(PLACES);
        (place || crate::dictionary::is_places(before)) && attached(line).is_some()
    };
    placed() || !wider_than(before, 16) && WRITES.iter().any(|word| before.ends_with(word))
}

/// What stands behind the name of whoever wrote or spoke.
#[rustfmt::skip]
const SAID: [&str; 17] = ["解答", "答疑", "答复", "供稿", "来稿", "投稿", "执笔", "撰稿", "撰文", "撰写", "采写", "口述", "点评", "回答", "报道", "推荐", "文"];

/// Whether a word says that somebody wrote or spoke.
fn says_deed(token: &str) -> bool {
    SAID.contains(&simplified(token).as_ref())
}

/// A person with where he works or what he is, and what he did: at least one of these stands beside the name.
pub(super) fn attributed(text: &str) -> Option<Vec<Byline>> {
    // 市第三医院 A 口述 本报记者 B 整理
    if let Some(at) = super::roles::MARKER.find(text).map(|found| found.start()).filter(|at| *at > 0) {
        let (mut first, second) = (one(trim(&text[..at]))?, super::roles::by_markers(&text[at..], true)?);
        first.extend(second);
        return Some(first);
    }
    one(text)
}

fn one(text: &str) -> Option<Vec<Byline>> {
    let divides = |c: char| is_blank(c) || matches!(c, '，' | ',' | '、' | '·');
    let mut tokens: Vec<&str> = text.split(divides).filter(|token| !token.is_empty()).collect();
    let edits = |token: &str| matches!(simplified(token).as_ref(), "整理" | "记录" | "编译");
    let edited = tokens.last().is_some_and(|token| edits(token));
    let done = edited || tokens.last().is_some_and(|token| says_deed(token));
    if done {
        tokens.pop();
    }
    let mut stations: Vec<&str> = tokens.iter().copied().filter(|token| is_station(token)).collect();
    let mut people: Vec<String> = Vec::new();
    for token in tokens.iter().filter(|token| !is_station(token)) {
        let length = token.chars().count();
        // 市农业局陈小禾
        let tail = |most: usize| token.char_indices().rev().nth(most - 1).map_or(0, |(at, _)| at);
        let cut = [3, 2]
            .map(tail)
            .into_iter()
            .find(|at| length > 4 && names::looks_like_name(&token[*at..]) && is_station(&token[..*at]));
        match cut {
            Some(at) => {
                stations.push(&token[..at]);
                people.push(token[at..].to_owned());
            }
            None => people.push((*token).to_owned()),
        }
    }
    // 云城 陈小禾: a town without its rank stands before the name.
    let town =
        |name: &str| !names::looks_like_name(name) && (name.chars().count() > 3 || !names::begins_with_family(name));
    if people.len() == 2 && town(&people[0]) && names::looks_like_name(&people[1]) {
        stations.push("");
        people.remove(0);
    }
    let may = |name: &String| {
        names::looks_like_name(name)
            || !names::is_polite(name)
                && (2..=3).contains(&name.chars().count())
                && name.chars().all(is_han)
                && names::may_be_pen_name(name)
    };
    let sure = done && people.len() <= 3 || !stations.is_empty() && people.len() == 1;
    let placed = !stations.is_empty() || people.iter().all(|name| names::looks_like_name(name));
    if people.is_empty() || !sure || !placed || !people.iter().all(may) {
        return None;
    }
    let house = stations.first().filter(|station| people.len() == 1 && !station.is_empty()).copied();
    Some(credit_all(people, if edited { Role::Editor } else { Role::Author }, house))
}
