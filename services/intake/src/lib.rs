//! intake: bytes in, issue events out.
//!
//! A file comes by the drop folder or by HTTP ([`source`]). It is judged by its name, media type, facts and bytes
//! ([`admit`], pure) and either refused with a reason and what to do ([`refusal`]) or published: object store for large
//! files, event, JetStream's ack, receipt ([`publish`]). Only then is its sender answered, or the file moved to `done/`.
//!
//! | module | holds |
//! | --- | --- |
//! | [`settings`] | what the operator writes, checked before anything is opened |
//! | [`admit`] | whether a file is let in, and the event it becomes |
//! | [`refusal`] | the closed list of reasons not to |
//! | [`source`] | drop folder and uploads |
//! | [`publish`] | event, ack, receipt |
//! | [`trace`] | W3C trace context |
//! | [`tokens`] | who may send what: hashed tokens, each for some titles |
//! | [`watched`] | files of tokens and TLS, read again when they change |
//! | [`metrics`] | `pressline_intake_*` |
//! | [`start`](mod@start) | start, drain, stop |

pub mod admit;
pub mod metrics;
pub mod publish;
pub mod refusal;
pub mod settings;
pub mod source;
pub mod start;
pub mod tokens;
pub mod trace;
pub mod watched;

pub use settings::{FolderSettings, HttpSettings, Settings};
pub use start::{Running, run, start};
pub use tokens::{Token, TokenLines};
