//! The operator's own words: names and terms that the shipped dictionary lacks.

use std::path::{Path, PathBuf};

/// Words of a dictionary file: `word [frequency] [tag]` on each line, as jieba reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserDictionary {
    words: Vec<Word>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// None: as often as keeps the word in one piece.
    pub frequency: Option<usize>,
    pub tag: String,
}

/// A dictionary file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadDictionary {
    /// It cannot be read.
    #[error("language.dictionary: cannot read {}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// One line of it is no entry.
    #[error("language.dictionary: {}, line {line}: {reason}; give `word [frequency] [tag]`", file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Tags of a dictionary line that mean something here; jieba's own have more, which are read as they are.
const TAGS: [&str; 24] = [
    "n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "v", "vn", "vd", "a", "ad", "an", "b", "d", "f", "i", "j", "l", "m",
    "q", "s", "t", "eng",
];

/// Most characters of a word, and the greatest frequency.
const LONGEST: usize = 30;
const MOST: usize = 10_000_000;

impl UserDictionary {
    /// Reads a file; nothing else of the system is touched.
    ///
    /// # Errors
    /// [`BadDictionary`]: the file, the line and what is wrong with it.
    pub fn read(file: &Path) -> Result<Self, BadDictionary> {
        let text = std::fs::read_to_string(file)
            .map_err(|reason| BadDictionary::Unreadable { file: file.to_owned(), reason })?;
        Self::parse(&text).map_err(|(line, reason)| BadDictionary::Line { file: file.to_owned(), line, reason })
    }

    /// Reads the text of a file; empty lines and lines that begin with `#` are comments.
    ///
    /// # Errors
    /// The number of the first bad line, from 1, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut words: Vec<Word> = Vec::new();
        for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            words.push(entry(line).map_err(|reason| (at + 1, reason))?);
        }
        Ok(Self { words })
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }
}

fn entry(line: &str) -> Result<Word, String> {
    let mut parts = line.split_whitespace();
    let text = parts.next().unwrap_or_default().to_owned();
    let length = text.chars().count();
    if !(2..=LONGEST).contains(&length) {
        return Err(format!("`{text}` has {length} characters, a word has 2 to {LONGEST}"));
    }
    if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '·' | '-' | '_' | '+' | '#' | '&' | '.')) {
        return Err(format!("`{text}` holds a character that no word has"));
    }
    let (mut frequency, mut tag) = (None, None);
    for part in parts {
        let number = part.chars().all(|c| c.is_ascii_digit());
        if number && frequency.is_none() && tag.is_none() {
            let value = part.parse().ok().filter(|value| (1..=MOST).contains(value));
            frequency = Some(value.ok_or_else(|| format!("frequency {part} is not 1 to {MOST}"))?);
        } else if tag.is_none() && TAGS.contains(&part) {
            tag = Some(part.to_owned());
        } else if tag.is_none() && frequency.is_some() || tag.is_none() && part.is_ascii() {
            return Err(format!("`{part}` is no tag; one of {}", TAGS.join(", ")));
        } else {
            return Err(format!("`{part}` stands where nothing more is read"));
        }
    }
    Ok(Word { text, frequency, tag: tag.unwrap_or_else(|| "n".to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_comments_and_empty_lines_are_read() {
        let read =
            UserDictionary::parse("\u{feff}# 人名\n\n陈小禾 nr\n云江港务 20 nt\n数字孪生 5\n智慧渔港\n").unwrap();
        let shown: Vec<_> = read.words.iter().map(|w| (w.text.as_str(), w.frequency, w.tag.as_str())).collect();
        assert_eq!(
            shown,
            [("陈小禾", None, "nr"), ("云江港务", Some(20), "nt"), ("数字孪生", Some(5), "n"), ("智慧渔港", None, "n")]
        );
    }

    #[test]
    fn a_bad_line_is_named_with_what_is_wrong() {
        let bad = |text: &str| UserDictionary::parse(text).unwrap_err();
        assert_eq!(bad("云江港务 0"), (1, "frequency 0 is not 1 to 10000000".into()));
        assert_eq!(bad("# 注\n云江港务 5 xyz").0, 2);
        assert!(bad("云江港务 5 xyz").1.starts_with("`xyz` is no tag; one of n, nr"));
        assert!(bad("云江港务 xyz").1.starts_with("`xyz` is no tag"));
        assert_eq!(bad("云"), (1, "`云` has 1 characters, a word has 2 to 30".into()));
        assert_eq!(bad("云江港务 5 nt 多余").1, "`多余` stands where nothing more is read");
        assert_eq!(bad("云江，港务").1, "`云江，港务` holds a character that no word has");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = UserDictionary::read(Path::new("no-such-dictionary.txt")).unwrap_err();
        assert!(error.to_string().starts_with("language.dictionary: cannot read no-such-dictionary.txt: "), "{error}");
    }
}
