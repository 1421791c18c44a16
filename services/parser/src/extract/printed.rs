//! The rules read one form of each character: the simplified one, 。 for a full stop where a file prints points only, plain
//! figures and letters. What it prints instead is that while it is read, and is put back in what is made of it; only figures and
//! letters stay plain.

use contract::{Article, FactSource, Manifest, Publication};
use rustc_hash::{FxHashMap, FxHashSet};

use super::decode::any_pair;
use super::lines::Sheet;
use super::text::{is_blank, is_closer, is_han};
use crate::script::SCRIPTS;

/// Bytes of a file that tell its script.
const SAMPLE: usize = 8 * 1024;

/// What the files print for the characters that the rules read. No two stand for one: where a file prints several forms of a
/// character, the most frequent one is read as the simplified one, and that, if it stands there too, as it. So every text
/// that is made of the files can be put back whole, wherever its parts come from.
#[derive(Debug, Default)]
pub(crate) struct Printed(FxHashMap<char, char>);

/// Gives the files the form that the rules read; nothing where they have it.
pub(crate) fn fold(sheets: &mut [Sheet]) -> Option<Printed> {
    let mut printed = Printed::of(sheets);
    // Beside one that is printed so, a point could not be put back.
    let points =
        !sheets.iter().any(|sheet| sheet.text.contains('。')) && sheets.iter().any(|sheet| is_pointed(&sheet.text));
    if !points && printed.0.is_empty() && !sheets.iter().any(|sheet| is_wide(&sheet.text)) {
        return None;
    }
    for sheet in sheets {
        sheet.text = printed.folded(&sheet.text, points);
    }
    if points {
        printed.0.insert('。', '.');
    }
    Some(printed)
}

/// Whether a text is printed in traditional characters, by its beginning.
fn is_traditional(text: &str) -> bool {
    let sample = (0..=SAMPLE.min(text.len())).rev().find_map(|end| text.get(..end));
    SCRIPTS.is_traditional(sample.unwrap_or_default())
}

/// Whether a point may end a sentence: it stands behind a character that is none of ASCII.
fn is_pointed(text: &str) -> bool {
    any_pair(text.as_bytes(), |before, c| (before >= 0x80) & (c == b'.'))
}

/// Whether a text has a full-width figure or letter; asked as [`any_pair`] asks.
fn is_wide(text: &str) -> bool {
    let (first, second, third) =
        (text.as_bytes(), text.as_bytes().get(1..).unwrap_or_default(), text.as_bytes().get(2..).unwrap_or_default());
    let low = |b: u8, c: u8| (b == 0xbc) & ((0x90..=0x99).contains(&c) | (0xa1..=0xba).contains(&c));
    let high = |b: u8, c: u8| (b == 0xbd) & (0x81..=0x9a).contains(&c);
    let wide = |a: u8, b: u8, c: u8| (a == 0xef) & (low(b, c) | high(b, c));
    first.iter().zip(second).zip(third).fold(false, |any, ((a, b), c)| any | wide(*a, *b, *c))
}

/// A full-width figure or letter as a plain one.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Whether a point between these two characters ends a sentence: it numbers nothing, and stands in no address.
fn is_full_stop(before: char, next: Option<char>) -> bool {
    let numeral = "一二三四五六七八九十".contains(before);
    let opens = |c: char| matches!(c, '“' | '「' | '『' | '《' | '（' | '(' | '"');
    (is_han(before) && !numeral || is_closer(before))
        && next.is_none_or(|next| is_blank(next) || is_han(next) || is_closer(next) || opens(next))
}

impl Printed {
    /// The forms that traditional files print. Those that others print beside them are read as they are.
    fn of(sheets: &[Sheet]) -> Self {
        let (traditional, others): (Vec<&Sheet>, Vec<&Sheet>) =
            sheets.iter().partition(|sheet| is_traditional(&sheet.text));
        if traditional.is_empty() {
            return Self::default();
        }
        let others: FxHashSet<char> = others.iter().flat_map(|sheet| sheet.text.chars()).collect();
        let mut counts: FxHashMap<char, usize> = FxHashMap::default();
        for c in traditional.iter().flat_map(|sheet| sheet.text.chars()).filter(|c| !others.contains(c)) {
            *counts.entry(c).or_default() += 1;
        }
        let mut counts: Vec<(char, usize)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(c, count)| (std::cmp::Reverse(*count), *c));
        let mut printed = FxHashMap::default();
        for (form, _) in counts {
            let simple = SCRIPTS.simple(form);
            if !others.contains(&simple) && !printed.contains_key(&simple) && !printed.contains_key(&form) {
                printed.insert(simple, form);
                printed.insert(form, simple);
            }
        }
        printed.retain(|read, form| read != form);
        Self(printed)
    }

    /// A text as the rules read it, character by character.
    fn folded(&self, text: &str, points: bool) -> String {
        let mut out = String::with_capacity(text.len());
        let (mut before, mut rest) = (' ', text.chars().peekable());
        while let Some(c) = rest.next() {
            out.push(match c {
                '.' if points && is_full_stop(before, rest.peek().copied()) => '。',
                c => self.other(narrow(c)),
            });
            before = c;
        }
        out
    }

    /// The one of two that is read for the other, or printed for it.
    fn other(&self, c: char) -> char {
        self.0.get(&c).copied().unwrap_or(c)
    }

    /// What the files print for a text that was made of them.
    pub fn text(&self, text: &mut String) {
        if text.chars().any(|c| self.0.contains_key(&c)) {
            *text = text.chars().map(|c| self.other(c)).collect();
        }
    }

    /// The same of an article.
    pub fn article(&self, article: &mut Article, title_from: Option<FactSource>) {
        self.publication(article.issue.publication.as_mut(), title_from);
        let heading = [&mut article.section, &mut article.kicker, &mut article.headline, &mut article.deck];
        heading.into_iter().chain([&mut article.source]).flatten().for_each(|text| self.text(text));
        for byline in &mut article.byline {
            self.text(&mut byline.name);
            byline.organization.iter_mut().for_each(|text| self.text(text));
        }
        article.dateline.iter_mut().filter_map(|dateline| dateline.place.as_mut()).for_each(|text| self.text(text));
        article.body.iter_mut().for_each(|block| self.text(&mut block.text));
        article.warnings.iter_mut().for_each(|warning| self.text(&mut warning.detail));
    }

    /// The same of a manifest.
    pub fn manifest(&self, manifest: &mut Manifest) {
        self.publication(manifest.issue.publication.as_mut(), manifest.title_from);
        let masthead = &mut manifest.masthead;
        let said = [&mut masthead.weekday, &mut masthead.lunar_date, &mut masthead.publisher];
        said.into_iter().flatten().for_each(|text| self.text(text));
        manifest.unplaced.iter_mut().for_each(|item| self.text(&mut item.text));
        manifest.warnings.iter_mut().for_each(|warning| self.text(&mut warning.detail));
    }

    /// A title as printed; that of the registry or the sender is as they have it.
    fn publication(&self, publication: Option<&mut Publication>, from: Option<FactSource>) {
        let name = publication.and_then(|publication| publication.name.as_mut());
        name.filter(|_| from == Some(FactSource::Page)).into_iter().for_each(|name| self.text(name));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::layouts::articles;
    use super::*;

    #[test]
    fn a_traditional_page_is_read_by_the_same_rules_and_given_as_printed() {
        let page = "雲江新橋正式通車\n\n本報訊（記者陳小禾）雲江新橋昨天通車，兩岸居民從此不必再等渡船，頭髮花白的老人也來了。\n\n據介紹，新橋全長三百米，往後發展看這裡。";
        let found = articles(page);
        assert_eq!(found[0].headline.as_deref(), Some("雲江新橋正式通車"));
        assert_eq!(found[0].byline[0].name, "陳小禾");
        let text: String = found[0].body.iter().map(|block| block.text.as_str()).collect();
        assert!(text.contains("頭髮花白的老人也來了") && text.ends_with("往後發展看這裡。"), "{text}");
    }

    #[test]
    fn a_page_beside_one_that_prints_points_keeps_its_full_stops() {
        let sheet = |text: &str| Sheet { text: text.to_owned(), page: None };
        let mut sheets = [sheet("桥头的早市也挪了过来.\n卖菜的人多了."), sheet("两岸居民从此不必等船。")];
        let printed = fold(&mut sheets).unwrap_or_default();
        let texts = sheets.map(|sheet| {
            let mut text = sheet.text;
            printed.text(&mut text);
            text
        });
        assert_eq!(texts, ["桥头的早市也挪了过来.\n卖菜的人多了.", "两岸居民从此不必等船。"]);
    }

    #[test]
    fn a_point_ends_a_sentence_and_stays_a_point() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥昨天通车,两岸居民从此不必再等渡船,往返时间缩短一半.\n\n据介绍,新桥全长3.2公里,网址是www.qiao.example.";
        let text: Vec<String> = articles(page)[0].body.iter().map(|block| block.text.clone()).collect();
        assert!(text[0].ends_with("缩短一半.") && text[1].contains("3.2公里"), "{text:?}");
    }

    #[test]
    fn full_width_figures_are_plain_ones() {
        let page = "云江日报\n２０２６年３月１２日　星期四　第１０２３４期　今日８版\n\n云江新桥正式通车\n\n本报讯（记者陈小禾）新桥３月１１日通车，两岸居民从此不必再等渡船，往返时间缩短一半。";
        let found = articles(page);
        assert_eq!(found[0].issue.number, Some(10234));
        assert!(found[0].body[0].text.contains("3月11日"), "{:?}", found[0].body);
    }

    proptest! {
        #[test]
        fn what_was_folded_is_put_back(lines in proptest::collection::vec("[橋發後裡舊a1. ，一）]{0,12}", 0..12)) {
            let page = format!("{}\n{}", "這個國家對車門開關無話說".repeat(20), lines.join("\n"));
            let mut sheets = [Sheet { text: page.clone(), page: None }];
            let printed = fold(&mut sheets).unwrap();
            prop_assert_ne!(&sheets[0].text, &page);
            printed.text(&mut sheets[0].text);
            prop_assert_eq!(&sheets[0].text, &page);
        }
    }
}
