//! What Pressline's services say to one another, and what other systems may rely on.
//!
//! A file that a newsroom sends becomes one [`IssueReceived`]; `parser` turns it into [`Article`]s and, last, one
//! [`Manifest`]; `indexer` answers with one [`IssueIndexed`]. Every event travels as a CloudEvent in NATS' binary mode
//! ([`event`]): attributes in headers, data as the payload. What became of an issue stands in its [`Receipt`].
//!
//! | module | holds |
//! | --- | --- |
//! | [`ids`] | issue, article and publication ids, lanes: parsed, never assembled by hand |
//! | [`article`] | an article and its parts |
//! | [`issue`] | what is known of an issue; the received, extracted, indexed, withdrawn events |
//! | [`event`], [`envelope`] | CloudEvents headers, to and from a bus message |
//! | [`fence`] | what of an issue may stand in the index |
//! | [`head`] | what a stored message says of itself without its data |
//! | [`dead`] | dead letters, and the messages as they were |
//! | [`names`] | every stream, subject, durable and bucket name |
//! | [`parts`] | several files of one issue as one payload |
//! | [`backfill`] | the lane for archives: its cap, its pause |
//! | [`receipt`] | how far an issue has come, one key for each stage |
//! | [`route`] | which of several search servers keeps an issue |
//! | [`ledger`] | a receipt key by key, for who looks at many |
//! | [`days`] | what came of each title on each day, and whether that is all |
//! | [`titles`] | the operator's registry of titles |
//! | [`schema`] | JSON Schema and AsyncAPI, made from the types |

pub mod article;
pub mod backfill;
pub mod days;
pub mod dead;
pub mod envelope;
pub mod event;
mod event_ids;
pub mod fence;
pub mod head;
pub mod ids;
pub mod issue;
pub mod ledger;
pub mod names;
pub mod parts;
pub mod receipt;
pub mod route;
pub mod schema;
pub mod settled;
pub mod titles;

pub use article::{Article, Block, BlockKind, Byline, Dateline, Kind, Language, Role, Warning, WarningCode};
pub use days::{Arrived, Days, Standing, State};
pub use dead::DeadLetter;
pub use event::{ContractError, Envelope, EventKind};
pub use fence::{Excluded, Fence, Tombstone};
pub use head::Head;
pub use ids::{ArticleId, IdError, IssueId, Lane, PublicationId};
pub use issue::{
    ArticleKilled, FactSource, IssueIndexed, IssueLate, IssueReceived, IssueRef, IssueWithdrawn, Lateness, Manifest,
    Masthead, OpenJump, Publication, Unplaced, UnplacedReason,
};
pub use ledger::Ledger;
pub use receipt::{Known, Receipt, ReceiptError, Receipts, Stage};
pub use route::Route;
pub use settled::Settled;
pub use titles::{Title, Titles, TitlesError, Weekday};
