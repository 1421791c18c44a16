//! Names of organizations: those of the dictionary, and chains of words that end as organizations do and begin with a
//! place, a rank or a name: 省总工会, 云江市人民医院, 云江港务集团.

use super::Span;
use super::places::{Place, may_be_stem};
use super::tokens::{Kind, Token};
use super::words::{BARE, BODY, COMMON, POINTS, POST, PREPOSITION, RANK, SAYS, STOP, TRADE};

/// Most words and characters of a name.
const WORDS: usize = 10;
const CHARACTERS: usize = 22;

/// Those whom an organization may be for: 村民委员会, 作家协会.
fn is_group(word: &str) -> bool {
    matches!(
        word,
        "村民"
            | "居民"
            | "职工"
            | "工人"
            | "记者"
            | "作家"
            | "教师"
            | "律师"
            | "法官"
            | "检察官"
            | "志愿者"
            | "企业家"
            | "医师"
            | "护士"
            | "农民"
            | "老师"
            | "学生"
            | "专家"
            | "运动员"
            | "消防"
            | "议员"
            | "代表"
            | "工程师"
    )
}

/// The organizations of a text in their order.
pub(super) fn find(tokens: &[Token<'_>], places: &[Place]) -> Vec<Span> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for at in 0..tokens.len() {
        let token = &tokens[at];
        let whole = token.kind == Kind::Organization && (token.chars >= 3 || token.named) && !token.is(COMMON | STOP);
        if !whole && !token.is(BODY) {
            continue;
        }
        let first = begin(tokens, at, places);
        let first = if whole { Some(first.unwrap_or(at)) } else { first };
        if let Some(first) = first {
            while found.last().is_some_and(|(start, end)| *start >= first || *end > first) {
                found.pop();
            }
            found.push((first, at + 1));
        }
    }
    found.iter().map(|(first, end)| Span { start: tokens[*first].at, end: tokens[*end - 1].end() }).collect()
}

/// Where the name begins that ends with the word at `end`.
fn begin(tokens: &[Token<'_>], end: usize, places: &[Place]) -> Option<usize> {
    let mut first = end;
    let mut chars = tokens[end].chars;
    while first > 0 && end - first < WORDS && chars + tokens[first - 1].chars <= CHARACTERS {
        if place_at(places, first - 1).is_none() && !may_stand_inside(tokens, first - 1, end) {
            break;
        }
        first -= 1;
        chars += tokens[first].chars;
    }
    let anchor = (first..end).find(|at| is_anchor(tokens, *at, end, places));
    // 工业和信息化部 needs no other sign: its trades are joined.
    let joined =
        matches!(tokens[end].word, "部" | "厅" | "局" | "委员会") && (first..end).any(|at| tokens[at].word == "和");
    let anchor = anchor.or(joined.then_some(first))?;
    if anchor.checked_sub(1).is_some_and(|before| tokens[before].is(POINTS)) {
        return None;
    }
    let last = &tokens[end];
    let place_alone = place_at(places, anchor).is_some_and(|place| place.first == anchor && place.end == end);
    if last.is(BARE) && (place_alone || anchor + 1 == end && tokens[anchor].is(RANK)) {
        // 云江市政府 is one, 上海公司 and 市公司 are any.
        let ranked = tokens[end - 1].word.ends_with(['省', '市', '县', '区', '镇', '乡', '州']);
        return (last.word == "政府" && ranked).then_some(anchor);
    }
    Some(anchor)
}

/// The place that a word is part of.
fn place_at(places: &[Place], at: usize) -> Option<&Place> {
    places.get(places.partition_point(|place| place.end <= at)).filter(|place| place.first <= at)
}

fn may_stand_inside(tokens: &[Token<'_>], at: usize, end: usize) -> bool {
    let token = &tokens[at];
    if matches!(token.word, "和" | "与") {
        // 人力资源和社会保障厅: between two of its trades, not between two organizations.
        let next = &tokens[at + 1];
        let joins = |token: &Token<'_>| {
            !token.is(BODY | RANK) && matches!(token.kind, Kind::Noun | Kind::Verb | Kind::Quality | Kind::Other)
        };
        return at > 0 && at + 1 < end && joins(next) && joins(&tokens[at - 1]) && tokens[at - 1].chars > 1;
    }
    if !token.is_han() || token.is(POINTS) || token.is(POST) && !is_group(token.word) {
        return false;
    }
    if token.is(TRADE | RANK) {
        return true;
    }
    if token.is(PREPOSITION | SAYS | STOP) {
        return false;
    }
    match token.kind {
        Kind::Number => token.word.starts_with('第') || token.chars == 1 && at + 1 < end,
        Kind::Noun | Kind::Place | Kind::Proper | Kind::Person | Kind::Organization | Kind::Quality => true,
        Kind::Other => true,
        Kind::Verb | Kind::Function | Kind::Time | Kind::Latin | Kind::Mark => false,
    }
}

/// What makes a chain of words a name.
fn is_anchor(tokens: &[Token<'_>], at: usize, end: usize, places: &[Place]) -> bool {
    let token = &tokens[at];
    if token.is(RANK) || place_at(places, at).is_some_and(|place| place.first == at) {
        return true;
    }
    match token.kind {
        Kind::Organization | Kind::Person | Kind::Proper if token.chars >= 2 || token.named => {
            !token.is(COMMON | STOP | POST)
        }
        _ => {
            tokens[end].chars > 1
                && may_be_stem(token)
                && at + 1 < end
                && may_be_stem(&tokens[at + 1])
                && !tokens[at + 1].is(BODY)
        }
    }
}
