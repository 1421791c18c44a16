//! One line of a page, with what its place says of it and what the grammars read in it.

use std::cell::OnceCell;

use contract::Byline;

use crate::extract::grammar::lead::{self, Lead};
use crate::extract::grammar::{byline, credit, needs};
use crate::extract::seams::join;
use crate::extract::signs::Signs;

/// One line as the later steps see it: a line of the file, or several that a narrow column or a vertical headline spread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// Number of its first line in the file, from 1.
    pub first: u32,
    /// Number of its last line in the file.
    pub last: u32,
    /// Its text without marks and outer blanks; set by [`Line::set`], which forgets what was read in it.
    pub text: String,
    /// What the text has.
    pub signs: Signs,
    /// Its width in half-width columns.
    pub width: usize,
    /// Markdown heading level, 0 for none.
    pub heading: u8,
    /// All of it is in bold type.
    pub bold: bool,
    /// Half-width columns of blanks before it.
    pub indent: u16,
    /// Blank lines before it.
    pub gap: u16,
    /// No blank line parts it from the line before, where one usually does.
    pub tight: bool,
    /// A form feed stands before it.
    pub feed: bool,
    /// Its characters stood one to a line.
    pub vertical: bool,
    /// It is a line of verse or of a list: one of several short ones without a blank line between them.
    pub verse: bool,
    /// It is much narrower than the column that it stands in.
    pub short: bool,
    /// It is a row of a table.
    pub row: bool,
    /// It is a page number inside the text.
    pub folio: bool,
    /// The page it stands on, where the file says.
    pub page: Option<u32>,
    /// The page that it is the heading of, once that was asked.
    pub mark: Option<Option<u32>>,
    /// It is the first line of its page.
    pub opens_page: bool,
    /// The page that the name of its file says, on the file's first line.
    pub named: Option<u32>,
    /// The registry of titles knows it.
    pub own: Option<Own>,
    read: Read,
}

/// What the grammars read in a line's text, once it was asked: several steps ask for the same.
#[derive(Debug, Clone, Default)]
struct Read {
    byline: OnceCell<Option<Vec<Byline>>>,
    credit: OnceCell<Option<Vec<Byline>>>,
    lead: OnceCell<Option<Lead>>,
}

impl Line {
    /// A line of a file, without its text so far.
    pub fn at(number: u32, indent: u16) -> Self {
        Self { first: number, last: number, indent, ..Self::default() }
    }

    /// A line of a file, nothing but text.
    #[cfg(test)]
    pub fn of(number: u32, text: &str) -> Self {
        let mut line = Self { first: number, last: number, ..Self::default() };
        line.set(text.to_owned());
        line
    }

    /// Gives it a text.
    pub fn set(&mut self, text: String) {
        (self.signs, self.width) = Signs::of(&text);
        self.text = text;
        self.read = Read::default();
    }

    /// Goes on with the next line of the same paragraph.
    pub fn append(&mut self, next: &Self) {
        let length = self.text.len() + next.text.len();
        join(&mut self.text, &next.text);
        self.signs = self.signs.and(next.signs);
        if self.text.len() > length {
            self.signs = self.signs.and(Signs::BLANK);
        }
        self.width += next.width;
        self.last = next.last;
        self.read = Read::default();
    }

    /// Who wrote, where the line is nothing but a byline.
    pub fn byline(&self) -> Option<&[Byline]> {
        let read = || needs::byline(self.signs).then(|| byline::whole(&self.text)).flatten();
        self.read.byline.get_or_init(read).as_deref()
    }

    /// Who made a picture, where the line is nothing but a credit.
    pub fn credit(&self) -> Option<&[Byline]> {
        let read = || needs::credit(self.signs).then(|| credit::whole(&self.text)).flatten();
        self.read.credit.get_or_init(read).as_deref()
    }

    /// The opening of a report that the line begins with.
    pub fn lead(&self) -> Option<&Lead> {
        let read = || needs::lead(self.signs).then(|| lead::parse(&self.text)).flatten();
        self.read.lead.get_or_init(read).as_ref()
    }
}

/// What the registry of titles knows of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// It belongs to the page.
    Furniture,
    /// It is the label of a column.
    Section,
}
