//! A text cut into words, once, with what the dictionaries know of each.

use std::borrow::Cow;

use jieba_rs::Jieba;
use rustc_hash::FxHashMap;

use super::user::UserDictionary;
use super::words::{BARE, BODY, COMMON, COUNTRY, Class, DOUBLED, NO_PLACE, POST, Table, WHERE, WHOLE};
use crate::dictionary::DICTIONARY;
use crate::extract::{begins_with_family, is_alphanumeric, is_han};

/// What sort of word it is, by the dictionary's tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Place,
    Organization,
    /// A name of something else.
    Proper,
    Noun,
    Verb,
    Quality,
    Number,
    Time,
    /// Prepositions, conjunctions, particles, adverbs, pronouns.
    Function,
    Other,
    /// Letters or digits.
    Latin,
    /// Punctuation and white space.
    Mark,
}

/// A word and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    /// In simplified characters.
    pub word: &'a str,
    /// Where it begins, in bytes of the text.
    pub at: usize,
    pub kind: Kind,
    pub class: Class,
    /// Its length in characters.
    pub chars: usize,
    /// Whether words of its sort tell one article from another.
    pub telling: bool,
    /// Whether the operator's dictionary names it.
    pub named: bool,
}

impl Token<'_> {
    pub fn is(&self, class: Class) -> bool {
        self.class & class != 0
    }

    pub fn end(&self) -> usize {
        self.at + self.word.len()
    }

    pub fn is_han(&self) -> bool {
        !matches!(self.kind, Kind::Mark | Kind::Latin)
    }
}

/// The dictionaries.
pub(super) struct Words {
    pub jieba: Cow<'static, Jieba>,
    table: Table,
    user: FxHashMap<Box<str>, Kind>,
    /// Whether each character is a family name, from the first Han character on.
    family: Vec<bool>,
}

const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;

/// Set for words of the operator's dictionary.
const USER: Class = 1 << 15;

impl Words {
    pub fn new(dictionary: &UserDictionary) -> Self {
        let mut jieba = Cow::Borrowed(&*DICTIONARY);
        let mut table = Table::new();
        let mut user = FxHashMap::default();
        for word in dictionary.words() {
            jieba.to_mut().add_word(&word.text, word.frequency, Some(&word.tag));
            table.add(&word.text, USER);
            user.insert(word.text.as_str().into(), sort(&word.tag).0);
        }
        let family = (FIRST..=LAST).filter_map(char::from_u32);
        let family = family.map(|c| begins_with_family(c.encode_utf8(&mut [0; 4]))).collect();
        Self { jieba, table, user, family }
    }

    /// Whether a character is a family name.
    pub fn is_family(&self, c: char) -> bool {
        (c as u32).checked_sub(FIRST).is_some_and(|at| self.family.get(at as usize).copied().unwrap_or(false))
    }

    /// Whether a text begins with a family name of two characters.
    pub fn is_double_family(&self, text: &str) -> bool {
        let end = text.char_indices().nth(2).map_or(text.len(), |(end, _)| end);
        self.class(&text[..end]) & DOUBLED != 0
    }

    fn class(&self, word: &str) -> Class {
        self.table.class(word)
    }

    /// Cuts a text in simplified characters.
    pub fn cut<'a>(&'a self, text: &'a str) -> Vec<Token<'a>> {
        let tags = self.jieba.tag(text, false);
        let mut tokens = Vec::with_capacity(tags.len() + 8);
        for tag in &tags {
            let first = tag.word.chars().next().unwrap_or_default();
            let (kind, telling) = sort(tag.tag);
            let chars = tag.end - tag.start;
            let token = Token { word: tag.word, at: tag.byte_start, kind, class: 0, chars, telling, named: false };
            if is_han(first) {
                self.push_han(token, &mut tokens);
            } else if is_alphanumeric(first) {
                let kind = if kind == Kind::Number { kind } else { Kind::Latin };
                tokens.push(Token { kind, ..token });
            } else {
                tokens.push(Token { kind: Kind::Mark, telling: false, ..token });
            }
        }
        tokens
    }

    /// A word with what the rules' own lists know better than the dictionary.
    fn push_han<'a>(&self, mut token: Token<'a>, tokens: &mut Vec<Token<'a>>) {
        token.class = self.class(token.word);
        if token.word == "州市" {
            // A word of the dictionary, and nearly always the end of a city's name.
            let (left, right) = token.word.split_at(HAN);
            let half = Token { chars: 1, kind: Kind::Noun, telling: false, ..token };
            tokens.push(Token { word: left, class: self.class(left), ..half });
            tokens.push(Token { word: right, at: token.at + HAN, class: self.class(right), ..half });
            return;
        }
        if matches!(token.kind, Kind::Latin | Kind::Mark) {
            token.kind = Kind::Other;
        }
        if token.class & USER != 0 {
            token.kind = self.user.get(token.word).copied().unwrap_or(token.kind);
            token.named = true;
            token.telling = true;
        } else if token.is(WHERE) {
            token.kind = Kind::Place;
        } else if token.is(WHOLE) {
            token.kind = Kind::Organization;
        } else if token.kind == Kind::Place
            && (token.is(NO_PLACE | COMMON) || token.chars <= 3 && token.word.ends_with(['里', '楼', '车']))
        {
            token.kind = Kind::Noun;
        } else if token.chars >= 3 {
            match token.kind {
                Kind::Noun if token.class == 0 => self.by_ends(&mut token),
                Kind::Organization if !self.ends_as_organization(token.word) => token.kind = Kind::Noun,
                Kind::Person | Kind::Proper if token.word.ends_with(['县', '区', '市', '镇', '乡']) => {
                    token.kind = Kind::Place;
                }
                Kind::Place if token.chars == 4 => {
                    let (country, rest) = token.word.split_at(2 * HAN);
                    if self.class(country) & COUNTRY != 0 {
                        tokens.push(Token { word: country, chars: 2, class: COUNTRY, ..token });
                        let at = token.at + country.len();
                        token = Token { word: rest, at, chars: 2, class: self.class(rest), ..token };
                    }
                }
                _ => {}
            }
        }
        tokens.push(token);
    }

    /// The dictionary also takes 法律咨询 and 小微企业 for organizations.
    fn ends_as_organization(&self, word: &str) -> bool {
        let own = |chars: usize| {
            let tail = word.len().checked_sub(chars * HAN).and_then(|at| word.get(at..));
            tail.map_or(0, |tail| self.class(tail)) & BODY != 0
        };
        let tail = (1..=4).rev().find(|chars| own(*chars));
        tail.is_some_and(|tail| {
            let bare = word.get(word.len() - tail * HAN..).is_some_and(|tail| self.class(tail) & BARE != 0);
            word.len() > tail * HAN && (!bare || word.len() >= 5 * HAN)
        })
    }

    /// 县委书记 holds a post as 书记 does; 省图书馆 is one of the 图书馆; 铁路局 ends a name as 局 does.
    fn by_ends(&self, token: &mut Token<'_>) {
        let word = token.word;
        let tail = |chars: usize| word.len().checked_sub(chars * HAN).and_then(|at| word.get(at..));
        if [2, 3].into_iter().filter_map(tail).any(|tail| self.class(tail) & POST != 0) {
            token.class = POST;
        } else if word.starts_with(['省', '市', '县', '区']) && self.class(&word[HAN..]) & BODY != 0 {
            token.kind = Kind::Organization;
        } else if word.ends_with('局')
            || [2, 3].into_iter().filter_map(tail).any(|tail| {
                let class = self.class(tail);
                class & BODY != 0 && (class & BARE == 0 || token.chars > 3)
            })
        {
            token.class = BODY;
        }
    }
}

/// Bytes of most Han characters.
const HAN: usize = 3;

/// A tag of the dictionary, and whether its words tell one article from another.
fn sort(tag: &str) -> (Kind, bool) {
    match tag {
        "nr" | "nrt" => (Kind::Person, true),
        "nrfg" => (Kind::Person, false),
        "ns" => (Kind::Place, true),
        "nt" => (Kind::Organization, true),
        "nz" => (Kind::Proper, true),
        "n" | "j" | "l" => (Kind::Noun, true),
        "vn" => (Kind::Verb, true),
        "eng" => (Kind::Latin, true),
        "x" => (Kind::Other, false),
        _ => match tag.as_bytes().first() {
            Some(b'n' | b's' | b'f' | b'i') => (Kind::Noun, false),
            Some(b'v') => (Kind::Verb, false),
            Some(b'a' | b'b' | b'z') => (Kind::Quality, false),
            Some(b'm' | b'q') => (Kind::Number, false),
            Some(b't') => (Kind::Time, false),
            Some(b'p' | b'c' | b'u' | b'd' | b'r' | b'y' | b'e' | b'o' | b'k' | b'h') => (Kind::Function, false),
            _ => (Kind::Other, false),
        },
    }
}
