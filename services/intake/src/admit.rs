//! Whether a file is admitted: pure, no clock, no disk, no network.
//!
//! [`Policy::screen`] judges what is known before the first byte is read (name, media type, the sender's facts), so that
//! an upload that has no chance is not read; [`Screened::admit`] judges the bytes and makes the event. Files that are one
//! issue together go through [`Policy::admit_several`](several). Which issue a file is, [`identity`] says.

pub mod content;
pub mod facts;
pub mod identity;
pub mod media;
pub mod several;

use bytes::Bytes;
use contract::{IssueReceived, Lane, PublicationId};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;
use content::Looks;
use facts::{Facts, FileNamePattern, Told};
use identity::{Shape, identify};
use media::MediaTypes;

/// What the settings say about admitting.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Media types that are let in.
    pub media_types: MediaTypes,
    /// Tried in order on the file's name; the first that matches speaks.
    pub patterns: Vec<FileNamePattern>,
    /// Most bytes of a file.
    pub max_bytes: usize,
    /// The publication where neither the sender nor the file's name says one.
    pub default_publication: Option<PublicationId>,
    /// The lane where the sender says none.
    pub default_lane: Lane,
}

/// What a sender says about a file before its bytes come.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// The file's name; folders in it are cut off.
    pub file_name: Option<String>,
    /// A `Content-Type` value.
    pub content_type: Option<String>,
    /// The sender's facts, unchecked.
    pub told: Told,
}

/// An offer that only its bytes can still spoil.
#[derive(Debug, Clone)]
pub struct Screened {
    file_name: Option<String>,
    media_type: String,
    charset: Option<String>,
    facts: Facts,
    max_bytes: usize,
    /// What the issue is called: the file's name, or its folder's.
    name: Option<String>,
    shape: Shape,
}

/// A file that is let in.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The event about it.
    pub event: IssueReceived,
    /// The queue it goes to.
    pub lane: Lane,
    /// Its bytes, as they came.
    pub bytes: Bytes,
}

impl Policy {
    /// Judges what is known before the bytes are.
    ///
    /// # Errors
    /// A media type that is not let in or cannot be found out; a fact that cannot be.
    pub fn screen(&self, offer: &Offer) -> Result<Screened, Refusal> {
        let file_name = offer.file_name.as_deref().and_then(base_name);
        let media = self.media_types.judge(offer.content_type.as_deref(), file_name.as_deref())?;
        let facts = Facts::gather(&offer.told, file_name.as_deref(), self)?;
        let name = file_name.clone();
        let (media_type, charset, max_bytes) = (media.essence, media.charset, self.max_bytes);
        Ok(Screened { file_name, media_type, charset, facts, max_bytes, name, shape: Shape::File })
    }
}

impl Screened {
    /// The title, as far as sender, name and settings say it.
    pub fn publication(&self) -> Option<&PublicationId> {
        self.facts.publication.as_ref()
    }

    /// Judges the bytes and makes the event.
    ///
    /// # Errors
    /// Empty, too large, or not text.
    pub fn admit(self, bytes: Bytes, received: Timestamp) -> Result<Admitted, Refusal> {
        if bytes.len() > self.max_bytes {
            return Err(Refusal::too_large(Some(bytes.len() as u64), self.max_bytes));
        }
        match content::look(&bytes, self.charset.as_deref()) {
            Looks::Text => {}
            Looks::Empty => return Err(content::refuse_empty(bytes.len())),
            Looks::Binary(why) => return Err(content::refuse_binary(&why)),
        }
        let event = IssueReceived {
            id: identify(&self.facts, self.name.as_deref(), self.shape, &bytes),
            file_name: self.file_name,
            media_type: self.media_type,
            charset: self.charset,
            sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
            publication: self.facts.publication,
            date: self.facts.date,
            edition: self.facts.edition,
            received,
        };
        Ok(Admitted { event, lane: self.facts.lane, bytes })
    }
}

/// A name without folders (of either kind of slash) and control characters; none when nothing is left.
fn base_name(name: &str) -> Option<String> {
    /// What file systems allow.
    const LIMIT: usize = 255;
    let last = name.rsplit(['/', '\\']).next()?;
    let mut clean: String = last.chars().filter(|c| !c.is_control()).collect();
    while clean.len() > LIMIT {
        // The end of a name says its type, the beginning its title and date: cut in the middle.
        let middle = clean.char_indices().nth(clean.chars().count() / 2).map_or(0, |(at, _)| at);
        clean.remove(middle);
    }
    let clean = clean.trim();
    (!matches!(clean, "" | "." | "..")).then(|| clean.to_owned())
}

#[cfg(test)]
mod tests;
