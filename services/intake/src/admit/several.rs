//! Several files that are one issue: each judged as a file alone would be, the sum held to the limit of one, and all of
//! them one payload in the order of their names.

use std::cmp::Ordering;

use bytes::Bytes;
use contract::IssueReceived;
use contract::parts::{self, Part};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::content::{self, Looks};
use super::facts::Facts;
use super::identity::{Shape, identify};
use super::{Admitted, Offer, Policy, Screened, base_name};
use crate::refusal::{Refusal, RefusalCode, shown};

/// One of the files.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its name; folders in it are cut off.
    pub name: Option<String>,
    /// A `Content-Type` value.
    pub content_type: Option<String>,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Policy {
    /// Judges the facts of an issue in several files before its bytes are there; its media type is that of its files.
    ///
    /// # Errors
    /// A fact that cannot be.
    pub fn screen_several(&self, offer: &Offer) -> Result<(), Refusal> {
        let name = offer.file_name.as_deref().and_then(base_name);
        Facts::gather(&offer.told, name.as_deref(), self).map(drop)
    }

    /// Judges the files and makes one event of them. One file alone is admitted as it would be without the others, but as
    /// the whole of the issue where that has a name.
    ///
    /// # Errors
    /// No file, too many or too large together; what one file alone would be refused for, by its name.
    pub fn admit_several(&self, offer: &Offer, mut files: Vec<File>, received: Timestamp) -> Result<Admitted, Refusal> {
        for file in &mut files {
            file.name = file.name.as_deref().and_then(base_name);
        }
        files.sort_by(|a, b| natural(a.name.as_deref().unwrap_or_default(), b.name.as_deref().unwrap_or_default()));
        self.check_sum(&files)?;
        let name = offer.file_name.as_deref().and_then(base_name);
        if files.len() == 1
            && let Some(file) = files.pop()
        {
            let file_name = file.name.or_else(|| name.clone());
            let alone = Offer { file_name, content_type: file.content_type, told: offer.told.clone() };
            let mut screened = self.screen(&alone)?;
            if let Some(name) = name {
                let facts = self.facts_of(offer, Some(&name), screened.file_name.as_deref())?;
                screened = Screened { facts, name: Some(name), shape: Shape::Whole, ..screened };
            }
            return screened.admit(file.bytes, received);
        }
        let parts: Vec<Part> = files.into_iter().map(|file| self.part(file)).collect::<Result<_, _>>()?;
        let first = parts.first().and_then(|part| part.name.as_deref());
        let facts = self.facts_of(offer, name.as_deref(), first)?;
        let (media_type, bytes) = parts::join(&parts);
        let event = IssueReceived {
            id: identify(&facts, name.as_deref(), Shape::Whole, &bytes),
            file_name: name,
            media_type,
            charset: None,
            sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
            publication: facts.publication,
            date: facts.date,
            edition: facts.edition,
            received,
        };
        Ok(Admitted { event, lane: facts.lane, bytes })
    }

    /// The facts of an issue in several files: what its own name does not say, its first file's may.
    fn facts_of(&self, offer: &Offer, name: Option<&str>, first: Option<&str>) -> Result<Facts, Refusal> {
        let speaks = |name: &&str| self.patterns.iter().any(|pattern| pattern.matches(name));
        Facts::gather(&offer.told, name.filter(speaks).or(first).or(name), self)
    }

    fn check_sum(&self, files: &[File]) -> Result<(), Refusal> {
        let refuse = |code, reason: String, advice: &str| Err(Refusal::new(code, reason, advice));
        if files.is_empty() {
            return refuse(RefusalCode::Empty, "the issue has no files".to_owned(), "send at least one page");
        }
        if files.len() > parts::MOST {
            let reason = format!("the issue has {} files, the limit is {}", files.len(), parts::MOST);
            return refuse(RefusalCode::TooLarge, reason, "send one file for each page, and each issue by itself");
        }
        let sum: usize = files.iter().map(|file| file.bytes.len()).sum();
        if sum > self.max_bytes {
            let count = files.len();
            let reason =
                format!("the issue's {count} files have {sum} bytes together, the limit is {} bytes", self.max_bytes);
            return refuse(
                RefusalCode::TooLarge,
                reason,
                "send fewer pages at once, or have the operator raise max_bytes",
            );
        }
        Ok(())
    }

    fn part(&self, file: File) -> Result<Part, Refusal> {
        let named = |refusal: Refusal| {
            let name = shown(file.name.as_deref().unwrap_or("a file without a name"));
            Refusal { reason: format!("`{name}`: {}", refusal.reason), ..refusal }
        };
        let media = self.media_types.judge(file.content_type.as_deref(), file.name.as_deref()).map_err(named)?;
        match content::look(&file.bytes, media.charset.as_deref()) {
            Looks::Text => {}
            Looks::Empty => return Err(named(content::refuse_empty(file.bytes.len()))),
            Looks::Binary(why) => return Err(named(content::refuse_binary(&why))),
        }
        let (media_type, charset) = (Some(media.essence), media.charset);
        Ok(Part { name: file.name, media_type, charset, field: None, bytes: file.bytes })
    }
}

/// The order in which people number files: `page2` before `page10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (one, other) = (head(left), head(right));
        if one.is_empty() || other.is_empty() {
            return one.len().cmp(&other.len()).then_with(|| a.cmp(b));
        }
        let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let order = match (digits(one), digits(other)) {
            (true, true) => {
                let (m, n) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
                m.len().cmp(&n.len()).then_with(|| m.cmp(n))
            }
            _ => one.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (&left[one.len()..], &right[other.len()..]);
    }
}

/// The run of digits, or of anything else, that a text begins with.
fn head(text: &str) -> &str {
    let digit = |c: char| c.is_ascii_digit();
    let first = text.starts_with(digit);
    &text[..text.find(|c| digit(c) != first).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn files_are_ordered_as_people_number_them() {
        let mut names = ["P10.txt", "P2.txt", "P1.txt", "P02.txt", "封面.txt", "第2版.txt", "第11版.txt", ""];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["", "P1.txt", "P02.txt", "P2.txt", "P10.txt", "封面.txt", "第2版.txt", "第11版.txt"]);
    }

    proptest! {
        #[test]
        fn the_order_is_one(mut names in proptest::collection::vec("[ab0-9版]{0,6}", 3)) {
            prop_assert_eq!(natural(&names[0], &names[1]), natural(&names[1], &names[0]).reverse());
            // Sorting panics on an order that contradicts itself.
            names.sort_by(|a, b| natural(a, b));
            prop_assert!(natural(&names[0], &names[2]) != Ordering::Greater);
        }
    }
}
