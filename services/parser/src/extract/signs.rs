//! What a text has: one bit for each set of characters that the rules ask for, and its width, found in one pass. Most lines
//! have none of what a rule needs, and then the rule itself, which costs much more, is not asked
//! ([`needs`](super::grammar::needs)).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::grammar::either_script;
use super::text::{is_alphanumeric, is_blank, is_han};

/// The sets of which a text has a character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Signs(u64);

impl Signs {
    /// 0 to 9.
    pub const FIGURE: Self = Self(1);
    /// A figure of another script, full-width ones among them.
    pub const FIGURES: Self = Self(1 << 1);
    /// White space, or a character without width.
    pub const BLANK: Self = Self(1 << 2);
    /// A letter or a figure, Chinese or not.
    pub const LETTER: Self = Self(1 << 3);
    /// Follows a year.
    pub const YEAR: Self = Self(1 << 4);
    /// Follows a month.
    pub const MONTH: Self = Self(1 << 5);
    /// Of a month or a lunar date.
    pub const MOON: Self = Self(1 << 6);
    /// Of a weekday.
    pub const WEEK: Self = Self(1 << 7);
    /// Follows a running number.
    pub const COUNT: Self = Self(1 << 8);
    /// Follows a page or a number of them.
    pub const PAGES: Self = Self(1 << 9);
    /// C of a CN number.
    pub const LATIN_C: Self = Self(1 << 10);
    /// Without which, and without figures, a line is surely no furniture.
    pub const OTHER: Self = Self(1 << 11);
    /// Ends what guides readers to other pages.
    pub const GUIDED: Self = Self(1 << 12);
    /// Stands in every one of the codes of a masthead.
    pub const CODED: Self = Self(1 << 13);
    /// Ends the words for those who make a page and how they are reached.
    pub const STAFFED: Self = Self(1 << 14);
    /// Ends the words for those who make a page.
    pub const MADE: Self = Self(1 << 15);
    /// Ends the words of the page's own lines.
    pub const OWNED: Self = Self(1 << 16);
    /// Stands in what tells readers of a notice where to turn.
    pub const CONTACT: Self = Self(1 << 17);
    /// Stands in every title.
    pub const TITLED: Self = Self(1 << 18);
    /// A full stop.
    pub const STOP: Self = Self(1 << 19);
    /// Ends a sentence or nearly.
    pub const INNER: Self = Self(1 << 20);
    /// A comma.
    pub const COMMA: Self = Self(1 << 21);
    /// A colon.
    pub const COLON: Self = Self(1 << 22);
    /// Opens a quotation or a bracket.
    pub const OPENS: Self = Self(1 << 23);
    /// Running text has them.
    pub const PROSE: Self = Self(1 << 24);
    /// Stands in no byline.
    pub const SENTENCE: Self = Self(1 << 25);
    /// Of a jump.
    pub const TURN: Self = Self(1 << 26);
    /// Points to another page.
    pub const POINTS: Self = Self(1 << 27);
    /// Stands in every byline that says who wrote as what.
    pub const ROLES: Self = Self(1 << 28);
    /// Stands in every signature of a house.
    pub const UNNAMED: Self = Self(1 << 29);
    /// Says what those before it did.
    pub const DONE: Self = Self(1 << 30);
    /// A bullet.
    pub const BULLET: Self = Self(1 << 31);
    /// Opens a bracket.
    pub const BRACKET: Self = Self(1 << 32);
    /// Ends or opens what says who photographed.
    pub const SHOT: Self = Self(1 << 33);
    /// Stands in what says so without a name.
    pub const LENT: Self = Self(1 << 34);
    /// Stands in every source line.
    pub const FROM: Self = Self(1 << 35);
    /// Stands in every caption that says it is one.
    pub const PICTURED: Self = Self(1 << 36);
    /// Follows the figures of a day, a year or an hour.
    pub const TIMES: Self = Self(1 << 37);
    /// Of a temperature.
    pub const DEGREE: Self = Self(1 << 40);
    /// Of a note on the author.
    pub const AUTHOR: Self = Self(1 << 38);
    /// Names a sheet of pages.
    pub const SHEET: Self = Self(1 << 41);
    /// Stands in every word for a day.
    pub const DAYS: Self = Self(1 << 39);
    /// Ends a sentence, and stands in no line of codes and telephone numbers.
    pub const ENDED: Self = Self(1 << 42);
    /// Stands in every opening of a report that has no bracket.
    pub const NEWS: Self = Self(1 << 43);

    /// The signs of a text, and its width in half-width columns.
    pub fn of(text: &str) -> (Self, usize) {
        let classes = &*CLASSES;
        let (mut signs, mut width) = (0u64, 0usize);
        let mut rest = text.as_bytes();
        loop {
            // Most characters take three bytes.
            let (code, behind) = match rest {
                [a @ 0xe0..=0xef, b, c, behind @ ..] => {
                    (usize::from(a & 0x0f) << 12 | usize::from(b & 0x3f) << 6 | usize::from(c & 0x3f), behind)
                }
                [a @ 0..0x80, behind @ ..] => (usize::from(*a), behind),
                _ => match text[text.len() - rest.len()..].chars().next() {
                    Some(c) => (c as usize, &rest[c.len_utf8()..]),
                    None => break,
                },
            };
            rest = behind;
            let own = match classes.class.get(code) {
                Some(class) => classes.signs[usize::from(*class)],
                None => u32::try_from(code).ok().and_then(char::from_u32).map_or(0, |c| signs_of(c, &HashMap::new())),
            };
            signs |= own;
            width += (own >> WIDTH) as usize;
        }
        (Self(signs & SIGNS), width)
    }

    /// Whether a text has a character of any of these sets.
    pub const fn any(self, sets: Self) -> bool {
        self.0 & sets.0 != 0
    }

    /// All of both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it can hold a date.
    pub const fn day(self) -> bool {
        self.any(Self::YEAR) && self.any(Self::MONTH)
    }
}

/// The sets that are lists of characters; either script of each is meant.
const LISTS: &[(Signs, &str)] = &[
    (Signs::YEAR, "./-年"),
    (Signs::MONTH, "./-月"),
    (Signs::MOON, "月"),
    (Signs::WEEK, "期周拜"),
    (Signs::COUNT, "期号"),
    (Signs::PAGES, "版页"),
    (Signs::LATIN_C, "CＣ"),
    (Signs::GUIDED, "读览目版"),
    (Signs::CODED, "号@/w部免准价每证社主印刊代邮网"),
    (Signs::STAFFED, "辑编位办管长审址码委任觉校筹版式计对检读图话线真l箱"),
    (Signs::MADE, "辑编读对检式版觉图审筹委计校"),
    (Signs::OWNED, "售刷印址编辑线阅"),
    (Signs::CONTACT, "系询名试地间截稿督效"),
    (Signs::TITLED, "报讯刊"),
    (Signs::STOP, "。"),
    (Signs::INNER, "。；"),
    (Signs::COMMA, "，,"),
    (Signs::COLON, ":："),
    (Signs::OPENS, "“「『（(《【"),
    (Signs::PROSE, "，。、；：,;“「"),
    (Signs::SENTENCE, "。！？!?“"),
    (Signs::TURN, "转接续▶►→☞>＞"),
    (Signs::SHEET, "ABCDEFGHIJKLMNOPQRSTUVWXYZＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"),
    (Signs::POINTS, "见刊"),
    (Signs::ROLES, "记通评实撰采见执主特摄道导发/／:：|｜丨"),
    (Signs::UNNAMED, "记评编综"),
    (Signs::DONE, "文图摄绘画作影片稿写笔访述答疑评理录译者"),
    (Signs::BULLET, "□■○●◎◇◆▲△★☆·•▢◻◼❏▫▪▍"),
    (Signs::BRACKET, "（(【[〔［"),
    (Signs::SHOT, "摄道影图供绘漫制"),
    (Signs::LENT, "照觉发F作"),
    (Signs::FROM, "据综转摘来选载社网视"),
    (Signs::PICTURED, "图▲▼△▽◀▶←→↑↓"),
    (Signs::TIMES, "月年时"),
    (Signs::DEGREE, "℃°"),
    (Signs::AUTHOR, "作"),
    (Signs::DAYS, "月日昨"),
    (Signs::ENDED, "。！"),
    (Signs::NEWS, "电讯息道导"),
];

/// The characters of [`Signs::OTHER`], in these scripts only.
const OTHER: &str = "./月期号版:：报報办℃";

/// A character's width stands above its signs.
const WIDTH: u32 = 62;
const SIGNS: u64 = (1 << WIDTH) - 1;

/// The first 65,536 characters: few of them differ in what they are signs of, so that a byte for each says it all and the table
/// stays where it is read fast.
struct Classes {
    class: Box<[u8; 0x1_0000]>,
    signs: [u64; 256],
}

static CLASSES: LazyLock<Classes> = LazyLock::new(|| {
    let mut listed: HashMap<char, u64> = HashMap::new();
    for (sign, chars) in LISTS {
        let both = either_script(chars.chars());
        for c in ('\0'..='\u{ffff}').filter(|c| both.has(*c)) {
            *listed.entry(c).or_default() |= sign.0;
        }
    }
    let (mut class, mut signs) = (Box::new([0u8; 0x1_0000]), [0u64; 256]);
    let mut numbers: HashMap<u64, u8> = HashMap::new();
    for c in '\0'..='\u{ffff}' {
        let own = signs_of(c, &listed);
        let next =
            u8::try_from(numbers.len()).unwrap_or_else(|_| unreachable!("fewer than 256 combinations of fixed sets"));
        let number = *numbers.entry(own).or_insert(next);
        signs[usize::from(number)] = own;
        class[c as usize] = number;
    }
    Classes { class, signs }
});

/// What a character is a sign of, and above it its width.
fn signs_of(c: char, listed: &HashMap<char, u64>) -> u64 {
    let of = |sign: Signs, holds: bool| if holds { sign.0 } else { 0 };
    let width = match c {
        c if is_blank(c) => 0,
        c if c.is_ascii() => 1,
        _ => 2,
    };
    width << WIDTH
        | of(Signs::FIGURE, c.is_ascii_digit())
        | of(Signs::FIGURES, !c.is_ascii() && !is_han(c) && c.is_numeric())
        | of(Signs::BLANK, is_blank(c))
        | of(Signs::LETTER, is_alphanumeric(c))
        | of(Signs::OTHER, OTHER.contains(c))
        | listed.get(&c).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::extract::text::columns;

    #[test]
    fn every_character_has_the_signs_of_its_sets() {
        for c in '\0'..=char::MAX {
            let (signs, width) = Signs::of(c.encode_utf8(&mut [0; 4]));
            assert_eq!(width, columns(c.encode_utf8(&mut [0; 4])), "{c:?}");
            assert_eq!(signs.any(Signs::BLANK), is_blank(c), "{c:?}");
            assert_eq!(signs.any(Signs::LETTER), c.is_alphanumeric(), "{c:?}");
            assert_eq!(signs.any(Signs::FIGURE), c.is_ascii_digit(), "{c:?}");
        }
        let taken = LISTS.iter().fold(0u64, |taken, (sign, _)| {
            assert_eq!(taken & sign.0, 0, "two sets share a bit: {:b}", sign.0);
            taken | sign.0
        });
        assert_eq!(taken & !SIGNS, 0);
        for (sign, chars) in LISTS {
            assert!(chars.chars().all(|c| Signs::of(c.encode_utf8(&mut [0; 4])).0.any(*sign)), "{chars}");
        }
    }

    proptest! {
        #[test]
        fn a_text_has_the_signs_of_its_parts(a in "\\PC{0,20}", b in "\\PC{0,20}") {
            let ((one, wide), (other, width)) = (Signs::of(&a), Signs::of(&b));
            prop_assert_eq!(Signs::of(&format!("{a}{b}")), (one.and(other), wide + width));
        }
    }
}
