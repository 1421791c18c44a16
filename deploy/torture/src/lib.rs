//! Breaks the line on purpose and counts what is left: nothing lost, nothing twice, the newest wins.
//!
//! A [`rig`] is a whole [`line`] of real processes (broker, search engine, intake, parsers, indexers), each a [`process`] that
//! can be killed or stopped, with a [`proxy`] between every two of them. Issues are sent through a [`sender`], what was
//! attempted and accepted is written into a [`ledger`] outside the line, [`fault`]s are drawn from a seed meanwhile, and at the end the
//! [`broker`]'s streams are drained and the [`audit`] holds the ledger against the index, document by document.
//!
//! [`scenarios`] break one thing each, [`mixed`] all at once. Whoever calls this is also the program of the services: [`part`]
//! runs one of them when it is asked to, so that what is broken is what was built.

pub mod audit;
pub mod broker;
pub mod burst;
pub mod fault;
pub mod ledger;
pub mod line;
pub mod mixed;
mod mount;
pub mod nodes;
pub mod part;
pub mod process;
pub mod proxy;
pub mod rig;
pub mod scenarios;
pub mod sender;
mod settings;
pub mod trap;

/// What went wrong, for a person to read.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
