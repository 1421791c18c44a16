//! What every service needs around its work: settings in, signals in, logs, health and metrics out.
//!
//! A service's `main` is one call of [`main`]: it reads the settings ([`load`]), starts logging, makes the async runtime,
//! turns SIGTERM and Ctrl-C into a [`CancellationToken`](tokio_util::sync::CancellationToken), calls the service's `run`
//! and answers with the exit code of what came out.
//!
//! | module | holds |
//! | --- | --- |
//! | [`settings`] | file and environment, layered; unknown keys refused |
//! | [`telemetry`] | logs |
//! | [`trace`] | one trace through all services |
//! | [`ops`] | `/health/live`, `/health/ready`, `/metrics` |
//! | `process_metrics` | build, start, memory and time of the process |
//! | [`process`] | `main`, signals, errors and their exit codes, `--health` |
//! | [`running`] | a started service, until it has stopped |

pub mod ops;
pub mod process;
mod process_metrics;
pub mod running;
pub mod settings;
pub mod telemetry;
pub mod trace;

pub use ops::{Health, Ops, OpsSettings};
pub use process::{RunError, ServiceSettings, StartError, main, stop_signal};
pub use running::Running;
pub use settings::{SettingsError, load};
pub use telemetry::{LogFormat, Telemetry};
