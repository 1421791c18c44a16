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
//! | [`ops`] | `/health/live`, `/health/ready`, `/metrics` |
//! | [`process`] | `main`, signals, errors and their exit codes |
//! | [`running`] | a started service, until it has stopped |

pub mod ops;
pub mod process;
pub mod running;
pub mod settings;
pub mod telemetry;

pub use ops::{Health, Ops, OpsSettings};
pub use process::{RunError, ServiceSettings, StartError, main, stop_signal};
pub use running::Running;
pub use settings::{SettingsError, load};
pub use telemetry::{LogFormat, Telemetry};
