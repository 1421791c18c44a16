//! Names of places: those of the dictionary, and those that end as places do.

use super::Span;
use super::tokens::{Kind, Token};
use super::words::{AREA, CALLED, COMMON, FUNCTION, NO_PLACE, POINTS, PREPOSITION, SAYS, STOP};

/// Most characters of what stands before 县, 村, 水库.
const LONGEST_STEM: usize = 4;

/// The ranks of administration: a place that has one gets no second.
fn is_administration(word: &str) -> bool {
    matches!(word, "省" | "市" | "县" | "区" | "镇" | "乡" | "村" | "州" | "盟" | "旗" | "街道" | "社区")
}

/// Ends that make a name even of a common word: 光明社区, 解放路.
fn names_anything(word: &str) -> bool {
    matches!(
        word,
        "村" | "镇"
            | "乡"
            | "社区"
            | "街道"
            | "路"
            | "街"
            | "大道"
            | "巷"
            | "胡同"
            | "小区"
            | "广场"
            | "公园"
            | "大桥"
    )
}

/// Ends that make a name of a common word where a preposition or a place stands before it: 来到石磨岭.
fn names_after_preposition(word: &str) -> bool {
    matches!(word, "岭" | "山" | "河" | "湖" | "溪" | "峰" | "桥" | "岛" | "湾" | "水库" | "县" | "区")
}

/// A character that may stand in the name of a place and is a word of its own elsewhere.
pub(super) fn may_be_stem(token: &Token<'_>) -> bool {
    token.chars == 1
        && token.is_han()
        && !matches!(token.kind, Kind::Function | Kind::Number | Kind::Time)
        && !token.is(SAYS | PREPOSITION | POINTS | CALLED)
        && (!token.is(FUNCTION) || matches!(token.word, "家" | "里" | "上" | "下" | "前" | "后"))
}

/// A place and the words it is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub first: usize,
    /// One behind its last word.
    pub end: usize,
}

/// The places of a text in their order.
pub(super) fn find(tokens: &[Token<'_>]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for at in 0..tokens.len() {
        let token = &tokens[at];
        if token.is(AREA)
            && let Some(first) = stem(tokens, at, places.last())
        {
            while places.last().is_some_and(|place| place.end > first) {
                places.pop();
            }
            places.push(Place { first, end: at + 1 });
        } else if token.kind == Kind::Place && (token.chars >= 2 && !token.is(STOP) || token.named) {
            places.push(Place { first: at, end: at + 1 });
        }
    }
    places
}

/// Where the name begins that a word like 县 or 水库 ends.
fn stem(tokens: &[Token<'_>], at: usize, last: Option<&Place>) -> Option<usize> {
    let area = &tokens[at];
    let before = at.checked_sub(1)?;
    // 云江 | 大桥, 石磨岭 | 水库; 云江市 | 区 stays apart.
    if let Some(place) = last.filter(|place| place.end == at) {
        let has_rank = place.end - place.first > 1 && is_administration(tokens[before].word)
            || tokens[before].word.ends_with(['省', '市', '县', '区', '镇', '乡', '村']) && tokens[before].chars > 2;
        return (!has_rank).then_some(place.first);
    }
    let run = tokens[..at].iter().rev().take_while(|token| may_be_stem(token)).count();
    let bounded = |first: usize| first.checked_sub(1).is_none_or(|before| !tokens[before].is(POINTS));
    if run > 0 {
        // One character alone is the end of another word, or 我 in 我市.
        let found = (2..LONGEST_STEM).contains(&run) && !tokens[at - run].is(AREA) && bounded(at - run);
        return found.then_some(at - run);
    }
    let word = &tokens[before];
    if !(2..=LONGEST_STEM).contains(&word.chars) || !word.is_han() || word.is(STOP | POINTS) || !bounded(before) {
        return None;
    }
    let ahead = before.checked_sub(1).map(|at| &tokens[at]);
    let leads = ahead.is_some_and(|ahead| ahead.is(PREPOSITION | AREA) || ahead.kind == Kind::Place);
    let introduced = leads || ahead.is_none_or(|ahead| ahead.kind == Kind::Mark);
    match word.kind {
        Kind::Person | Kind::Proper | Kind::Place if !word.is(COMMON | NO_PLACE) => Some(before),
        Kind::Noun if leads && names_after_preposition(area.word) && !word.is(COMMON) => Some(before),
        Kind::Person | Kind::Proper | Kind::Place | Kind::Noun | Kind::Quality | Kind::Other | Kind::Verb
            if introduced && names_anything(area.word) && !word.is(SAYS | PREPOSITION) =>
        {
            Some(before)
        }
        _ => None,
    }
}

impl Place {
    pub fn span(self, tokens: &[Token<'_>]) -> Span {
        Span { start: tokens[self.first].at, end: tokens[self.end - 1].end() }
    }
}
