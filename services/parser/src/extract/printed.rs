//! The rules read one form of each character: the simplified one, 。 for a full stop where a file prints points only, plain
//! figures and letters. What it prints instead is that while it is read, and is put back in what is made of it; only figures and
//! letters stay plain.

use contract::{Article, FactSource, Manifest, Publication};
use rustc_hash::FxHashMap;

use super::decode::any_pair;
use super::lines::Sheet;
use super::text::{is_alphanumeric, is_blank, is_closer, is_han};
use crate::script::SCRIPTS;

/// Bytes of a file that tell its script.
const SAMPLE: usize = 8 * 1024;

/// What a file prints for the characters that the rules read.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    /// For each of them how often it prints what, the most frequent first.
    forms: FxHashMap<char, Vec<(char, usize)>>,
    /// Which of several, by what stands beside.
    beside: FxHashMap<(char, Beside), char>,
}

/// The letters and figures before a character and behind it; not all of them may be asked for.
type Beside = [char; 2 * REACH];

/// How many on either side, and among how many characters.
const REACH: usize = 3;
const NEAR: usize = 32;

/// Gives the files the form that the rules read; nothing where they have it.
pub(crate) fn fold(sheets: &mut [Sheet]) -> Option<Printed> {
    // Beside one that is printed so, a point could not be put back for sure.
    let points = !sheets.iter().any(|sheet| sheet.text.contains('。'));
    let read: Vec<Option<String>> = sheets.iter().map(|sheet| folded(&sheet.text, points)).collect();
    if read.iter().all(Option::is_none) {
        return None;
    }
    // Those that have it say what they print, too.
    let mut pairs: Vec<(char, char)> = Vec::new();
    for (sheet, read) in sheets.iter_mut().zip(read) {
        let read = read.unwrap_or_else(|| sheet.text.clone());
        pairs.extend(read.chars().zip(sheet.text.chars().map(narrow)));
        sheet.text = read;
    }
    Some(Printed::of(&pairs))
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

/// A text as the rules read it, character by character; nothing where it is that.
fn folded(text: &str, points: bool) -> Option<String> {
    let sample = (0..=SAMPLE.min(text.len())).rev().find_map(|end| text.get(..end));
    let traditional = SCRIPTS.is_traditional(sample.unwrap_or_default());
    // A point behind a character that is none of ASCII may end a sentence.
    let pointed = || points && any_pair(text.as_bytes(), |before, c| (before >= 0x80) & (c == b'.'));
    if !traditional && !pointed() && !is_wide(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let (mut before, mut rest) = (' ', text.chars().peekable());
    while let Some(c) = rest.next() {
        out.push(match c {
            '.' if points && is_full_stop(before, rest.peek().copied()) => '。',
            c if traditional => SCRIPTS.simple(narrow(c)),
            c => narrow(c),
        });
        before = c;
    }
    Some(out)
}

/// Whether a point between these two characters ends a sentence: it numbers nothing, and stands in no address.
fn is_full_stop(before: char, next: Option<char>) -> bool {
    let numeral = "一二三四五六七八九十".contains(before);
    let opens = |c: char| matches!(c, '“' | '「' | '『' | '《' | '（' | '(' | '"');
    (is_han(before) && !numeral || is_closer(before))
        && next.is_none_or(|next| is_blank(next) || is_han(next) || is_closer(next) || opens(next))
}

impl Printed {
    /// From what the rules read and what the files print, side by side.
    fn of(pairs: &[(char, char)]) -> Self {
        let mut forms: FxHashMap<char, Vec<(char, usize)>> = FxHashMap::default();
        for (read, _) in pairs.iter().filter(|(read, printed)| read != printed) {
            forms.entry(*read).or_default();
        }
        for (read, printed) in pairs {
            let Some(forms) = forms.get_mut(read) else { continue };
            match forms.iter_mut().find(|(form, _)| form == printed) {
                Some((_, count)) => *count += 1,
                None => forms.push((*printed, 1)),
            }
        }
        forms.values_mut().for_each(|forms| forms.sort_by_key(|(_, count)| std::cmp::Reverse(*count)));
        let mut printed = Self { forms, beside: FxHashMap::default() };
        let read: Vec<char> = pairs.iter().map(|(read, _)| *read).collect();
        for (at, (c, form)) in pairs.iter().enumerate() {
            if printed.forms.get(c).is_some_and(|forms| forms.len() > 1) {
                for beside in views(beside(&read, at)) {
                    printed.beside.entry((*c, beside)).or_insert(*form);
                }
            }
        }
        printed
    }

    /// What the files print for a text that was made of them.
    pub fn text(&self, text: &mut String) {
        if !text.chars().any(|c| self.forms.contains_key(&c)) {
            return;
        }
        let read: Vec<char> = text.chars().collect();
        let form = |(at, c): (usize, &char)| match self.forms.get(c).map(Vec::as_slice) {
            None | Some([]) => *c,
            Some([(only, _)]) => *only,
            Some([(usual, _), ..]) => {
                let found = views(beside(&read, at)).into_iter().find_map(|beside| self.beside.get(&(*c, beside)));
                found.copied().unwrap_or(*usual)
            }
        };
        *text = read.iter().enumerate().map(form).collect();
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

/// What stands beside a character; nothing is a NUL.
fn beside(read: &[char], at: usize) -> Beside {
    let mut beside = Beside::default();
    let letters = |c: &&char| is_alphanumeric(**c);
    let (before, behind) = beside.split_at_mut(REACH);
    before.iter_mut().zip(read[..at].iter().rev().take(NEAR).filter(letters)).for_each(|(to, c)| *to = *c);
    behind.iter_mut().zip(read[at + 1..].iter().take(NEAR).filter(letters)).for_each(|(to, c)| *to = *c);
    beside
}

/// The same, and less and less of it: at the beginning of a text, and where one was put together, only one side is as in the file.
fn views(beside: Beside) -> [Beside; 6] {
    [(3, 3), (3, 0), (0, 3), (1, 1), (0, 1), (1, 0)].map(|(before, behind)| {
        let mut view = Beside::default();
        view[..before].copy_from_slice(&beside[..before]);
        view[REACH..REACH + behind].copy_from_slice(&beside[REACH..REACH + behind]);
        view
    })
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
