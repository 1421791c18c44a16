//! Senders' tokens (RFC 6750): only their hashes are kept, each for some titles or for all.
//!
//! A line of `http.tokens_file`, as [`Token::line`] makes it and `pressline tokens new` prints it:
//!
//! ```text
//! sha256:9f86d0…  title=harbour-daily,coast-times  name=harbour-desk
//! ```
//!
//! `title=*` is every title, the ones to come too. `name` stands in logs where the token must not; without it the hash's
//! beginning does. A plain hash is enough because tokens are 256 bits of chance: there is nothing to guess.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::sync::Arc;

use contract::PublicationId;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use rand::Rng;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};

/// What tokens begin with, so that scanners of repositories know one that got lost.
const MARK: &str = "pressline_";
/// What a line begins with.
const SCHEME: &str = "sha256:";
/// Longest name of a sender.
const NAME_LIMIT: usize = 64;

/// A token in the open: shown once to whoever sends, and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one, of the system's chance.
    #[expect(clippy::new_without_default, reason = "a new one each time is no default")]
    pub fn new() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(format!("{MARK}{}", BASE64URL_NOPAD.encode(&bytes)))
    }

    /// The text that the sender puts behind `Bearer`.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// The line for `http.tokens_file`: for these titles (none: for all), under this name.
    pub fn line(&self, titles: &[PublicationId], name: Option<&str>) -> String {
        let titles = match titles {
            [] => "*".to_owned(),
            some => some.iter().map(PublicationId::as_str).collect::<Vec<_>>().join(","),
        };
        let mut line = format!("{SCHEME}{} title={titles}", HEXLOWER.encode(&hash(self.0.as_bytes())));
        if let Some(name) = name {
            // Writing to a string does not fail.
            let _ = write!(line, " name={name}");
        }
        line
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token")
    }
}

/// Lines of tokens as settings hold them. Never shown: a token in the open may stand there by mistake.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct TokenLines(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<String>),
    One(String),
}

impl From<OneOrMany> for TokenLines {
    fn from(given: OneOrMany) -> Self {
        match given {
            OneOrMany::Many(lines) => Self(lines),
            OneOrMany::One(text) => Self(text.split([';', '\n']).map(|line| line.trim().to_owned()).collect()),
        }
    }
}

impl fmt::Debug for TokenLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

/// Whom a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// What logs call it.
    pub name: String,
    /// The token's hash: the same sender, whatever it is called.
    pub digest: [u8; 32],
    /// The titles that it may send and take back; `None`: all.
    pub titles: Option<BTreeSet<PublicationId>>,
}

impl Sender {
    /// Whether it may send, see and take back an issue of this title. What is of no title is for those of all.
    pub fn may(&self, title: Option<&PublicationId>) -> bool {
        match &self.titles {
            None => true,
            Some(titles) => title.is_some_and(|title| titles.contains(title)),
        }
    }

    /// The one title of a token that has only one.
    pub fn only_title(&self) -> Option<&PublicationId> {
        let titles = self.titles.as_ref()?;
        if titles.len() == 1 { titles.first() } else { None }
    }
}

/// All senders that may come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book(Vec<Arc<Sender>>);

impl Book {
    /// Takes in lines and says how many held a token; `of` is where they stand, for the error.
    ///
    /// # Errors
    /// With the number of the line that is none. Its text is not told, since it may be a token in the open.
    pub fn add<'a>(&mut self, of: &str, lines: impl Iterator<Item = &'a str>) -> Result<usize, String> {
        let before = self.0.len();
        for (number, line) in (1..).zip(lines) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let sender = read(line).map_err(|reason| format!("{of}: line {number} {reason}"))?;
            if self.0.iter().any(|known| known.digest == sender.digest) {
                return Err(format!("{of}: line {number} has the hash of a token that is there already; take one out"));
            }
            self.0.push(Arc::new(sender));
        }
        Ok(self.0.len() - before)
    }

    /// Nobody needs a token.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whose token this is. The time that takes depends on how many senders there are, and on nothing else.
    pub fn find(&self, token: &[u8]) -> Option<Arc<Sender>> {
        let given = hash(token);
        let mut found = u64::MAX;
        for (index, sender) in (0..).zip(&self.0) {
            found.conditional_assign(&index, sender.digest.ct_eq(&given));
        }
        self.0.get(usize::try_from(found).ok()?).cloned()
    }
}

fn hash(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn read(line: &str) -> Result<Sender, String> {
    let mut words = line.split_whitespace();
    let digest = words.next().and_then(|word| word.strip_prefix(SCHEME)).ok_or(
        "does not begin with `sha256:`; tokens are kept as hashes only: \
         make a new one with `pressline tokens new`, or hash this one with `printf %s TOKEN | sha256sum`",
    )?;
    let digest = HEXLOWER_PERMISSIVE.decode(digest.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let digest: [u8; 32] = digest.ok_or("has no 64 hexadecimal digits after `sha256:`")?;
    let (mut titles, mut name) = (None, None);
    for word in words {
        match word.split_once('=') {
            Some(("title", value)) if titles.is_none() => titles = Some(read_titles(value)?),
            Some(("name", value)) if name.is_none() => name = Some(read_name(value)?),
            _ => return Err("has more than one `title=…` and one `name=…` after the hash".to_owned()),
        }
    }
    let titles = titles.ok_or("says no title; add title=ID, title=ID,ID or title=* for all")?;
    let name = name.unwrap_or_else(|| format!("{SCHEME}{}", HEXLOWER.encode(&digest[..4])));
    Ok(Sender { name, digest, titles })
}

fn read_titles(value: &str) -> Result<Option<BTreeSet<PublicationId>>, String> {
    if value == "*" {
        return Ok(None);
    }
    let titles = value.split(',').map(str::parse).collect::<Result<BTreeSet<_>, _>>();
    titles.map(Some).map_err(|_| "has a title that is no id; give 1 to 64 characters of a-z, 0-9 and -".to_owned())
}

fn read_name(value: &str) -> Result<String, String> {
    let fits = (1..=NAME_LIMIT).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(value.to_owned())
    } else {
        Err(format!("has a name that is not 1 to {NAME_LIMIT} visible characters of ASCII"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(text: &str) -> PublicationId {
        text.parse().unwrap()
    }

    fn book(lines: &str) -> Result<Book, String> {
        let mut book = Book::default();
        book.add("the file", lines.lines()).map(|_| book)
    }

    #[test]
    fn a_token_opens_its_titles_and_no_others() {
        let (daily, all) = (Token::new(), Token::new());
        let lines = [daily.line(&[id("harbour-daily"), id("coast-times")], Some("desk")), all.line(&[], None)];
        let book = book(&format!("# who\n\n  {}  \n{}", lines[0], lines[1])).unwrap();
        let desk = book.find(daily.secret().as_bytes()).unwrap();
        assert_eq!(desk.name, "desk");
        assert!(desk.may(Some(&id("coast-times"))) && !desk.may(Some(&id("river-times"))) && !desk.may(None));
        assert_eq!(desk.only_title(), None);
        let other = book.find(all.secret().as_bytes()).unwrap();
        assert!(other.may(Some(&id("river-times"))) && other.may(None));
        assert!(lines[1].starts_with(&other.name), "{}", other.name);
        for wrong in ["", "pressline_", &daily.secret()[1..], &lines[0]] {
            assert_eq!(book.find(wrong.as_bytes()), None, "{wrong}");
        }
        let one = self::book(&Token::new().line(&[id("a")], None)).unwrap();
        assert_eq!(one.0[0].only_title(), Some(&id("a")));
    }

    #[test]
    fn no_two_tokens_are_alike_and_their_lines_do_not_hold_them() {
        let (one, two) = (Token::new(), Token::new());
        assert_ne!(one, two);
        assert!(one.secret().len() > 50 && !one.line(&[], Some("x")).contains(&one.secret()[MARK.len()..]));
        assert_eq!(format!("{one:?}"), "a token");
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number_and_never_shown() {
        let hash = "ab".repeat(32);
        for (line, reason) in [
            ("s3cret-t0ken", "sha256"),
            (&format!("sha256:{} title=s3cret", &hash[1..]), "64 hexadecimal digits"),
            (&format!("sha256:{hash}"), "says no title"),
            (&format!("sha256:{hash} title=S3CRET"), "title that is no id"),
            (&format!("sha256:{hash} title=a,"), "title that is no id"),
            (&format!("sha256:{hash} title=a title=b"), "more than one"),
            (&format!("sha256:{hash} s3cret"), "more than one"),
            (&format!("sha256:{hash} title=* name="), "name"),
        ] {
            let error = book(&format!("# one\n{line}")).unwrap_err();
            assert!(error.contains("the file: line 2") && error.contains(reason), "{line}: {error}");
            assert!(!error.to_lowercase().contains("s3cret"), "{error}");
        }
        let twice = book(&format!("sha256:{hash} title=a\nsha256:{} title=b", hash.to_uppercase())).unwrap_err();
        assert!(twice.contains("line 2") && twice.contains("already"), "{twice}");
    }

    proptest! {
        #[test]
        fn no_line_panics(line in "(sha256:)?[a-f0-9]{0,66} ?(title=|name=|\\*|,|[a-zé] ?){0,6}") {
            let _ = book(&line);
        }
    }
}
