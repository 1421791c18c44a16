//! Issue files in, articles out.
//!
//! `pressline.issue.received` → the bytes (in the event, or in the object store) → [`extract`]: pure, bytes to articles and
//! a manifest → [`analysis`]: keywords, people, places, organizations → `pressline.article.extracted` for each article →
//! `pressline.issue.extracted`, the manifest, last → the receipt → the acknowledgement. What is no text is set aside as a
//! dead letter with the reason.
//!
//! | module | holds |
//! | --- | --- |
//! | [`extract`] | decoding, lines, features, the sequence model, grammars, the assembler |

mod dictionary;
pub mod extract;

pub use extract::{Extraction, Source, Unreadable, extract};
