//! Pages of newspapers that never were, with the truth about them: what an extractor has to find, by line number.
//!
//! A seed → [`chance`] → a [`style`] (what the tool that made the text does to it) and some [`story`]s (what is said; the
//! [`words`] are ours, [`fill`] puts them together) → [`typeset`]: headings, bylines, wrapped paragraphs as tagged lines →
//! [`defects`]: torn columns, loops, scraps → [`columns`]: read one into the other, or going on overleaf → [`page`]: masthead, articles, foot → the text and its [`truth`]. Pure and
//! deterministic: the same seed makes the same page everywhere.
//!
//! [`issue`] makes whole issues of many titles, with later revisions, for load and for breaking things: large, quick, plain.
//!
//! The truth is what an editor could tell from the text alone: nothing is asked that the page does not say.

pub mod chance;
pub mod columns;
pub mod defects;
pub mod fill;
pub mod issue;
pub mod masthead;
pub mod page;
mod script;
pub mod story;
pub mod style;
pub mod text;
pub mod truth;
pub mod typeset;
pub mod words;

pub use page::{Page, page};
pub use truth::{Article, Dateline, Issue, Truth};
