//! The consume loop.
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{Bus, BusError, Consume, Handler};

pub(crate) async fn run<H: Handler>(
    _bus: Bus,
    _consume: Consume,
    _handler: Arc<H>,
    shutdown: CancellationToken,
) -> Result<(), BusError> {
    shutdown.cancelled().await;
    Ok(())
}
