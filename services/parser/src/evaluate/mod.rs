//! How right an extraction is, measured on pages whose articles somebody has annotated by line number.
//!
//! [`Gold`] (JSON beside an issue file) and the file's lines and the extracted articles → [`score`]: the [`Figures`] of one
//! page → [`Report`]: all pages, their sum, as text or JSON. Pure, but for [`folder()`], which does it for a folder of each.
//!
//! | module | holds |
//! | --- | --- |
//! | [`gold`] | the annotation of a page |
//! | [`figures`] | what is measured, and how it adds up |
//! | [`compare`] | one page's articles against its gold |
//! | [`text`] | what counts as the same text |
//! | [`report`] | the figures of many pages, to read or to compute with |
//! | [`set`] | annotated pages on disk |

mod compare;
mod figures;
mod gold;
mod report;
mod set;
mod text;

pub use compare::score;
pub use figures::{Figure, Figures};
pub use gold::{Gold, GoldArticle, GoldDateline, GoldIssue, NoGold};
pub use report::Report;
pub use set::{NoFigures, folder};
