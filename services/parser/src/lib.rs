//! Issue files in, articles out.
//!
//! `pressline.issue.received` → the bytes (in the event, or in the object store) → [`extract()`]: pure, bytes to articles
//! and a manifest → [`analysis`]: script, keywords, people, places, organizations → `pressline.article.extracted` for each article
//! → `pressline.issue.extracted`, the manifest, last → the receipt → the acknowledgement. What is no text is set aside as
//! a dead letter, and the receipt says why.
//!
//! | module | holds |
//! | --- | --- |
//! | [`mod@extract`] | decoding, lines, features, the sequence model, grammars, the assembler (pure) |
//! | [`analysis`] | keywords and names (pure, with a dictionary) |
//! | [`evaluate`] | how right an extraction is, on annotated pages (pure) |
//! | [`handler`] | one issue from its event to its articles' events |
//! | [`lateness`] | issues that are late or short |
//! | [`service`] | start, work, drain |
//! | [`settings`], [`metrics`] | what an operator may choose and see |

pub mod analysis;
mod dictionary;
pub mod evaluate;
pub mod extract;
pub mod handler;
pub mod lateness;
pub mod metrics;
mod script;
pub mod service;
pub mod settings;

pub use analysis::{Analyzer, UserDictionary, analyse};
pub use extract::{Extraction, Source, Unreadable, extract, extract_with, text_of};
pub use runtime::Running;
pub use service::{run, start};
pub use settings::Settings;
