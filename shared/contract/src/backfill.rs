//! The lane for archives: it waits for today's issues, keeps to a rate, and stands still when the operator says so.

use std::num::NonZeroU32;
use std::time::Duration;

use bus::{Bus, BusError, Consume, Kv, Precedence};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::ids::Lane;
use crate::names;

/// Section `[backfill]` of services that work on both lanes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BackfillSettings {
    /// Whether this process works on the backfill lane at all.
    pub enabled: bool,
    /// Most messages of the lane that this process takes in a second; 0: no cap. Absent: the service's default.
    pub per_second: Option<u32>,
}

impl Default for BackfillSettings {
    fn default() -> Self {
        Self { enabled: true, per_second: None }
    }
}

/// How the two lanes of one kind of work share a process.
#[derive(Debug, Clone)]
pub struct Lanes {
    order: Precedence,
    enabled: bool,
    per_second: Option<NonZeroU32>,
    paused: watch::Receiver<bool>,
}

impl Lanes {
    /// `default` is the cap where the operator sets none; without one there is no cap whatever the operator sets, as fits work
    /// of which there is little.
    pub fn new(settings: &BackfillSettings, default: Option<NonZeroU32>, paused: watch::Receiver<bool>) -> Self {
        let cap = default.and_then(|default| settings.per_second.map_or(Some(default), NonZeroU32::new));
        Self { order: Precedence::new(), enabled: settings.enabled, per_second: cap, paused }
    }

    /// How the lane is consumed; nothing if it is not to be.
    pub fn consume(&self, lane: Lane, consume: Consume) -> Option<Consume> {
        match lane {
            Lane::Live => Some(Consume { first: Some(self.order.clone()), ..consume }),
            Lane::Backfill => self.enabled.then(|| Consume {
                after: Some(self.order.clone()),
                per_second: self.per_second,
                paused: Some(self.paused.clone()),
                ..consume
            }),
        }
    }
}

/// What the operator has said about the backfill lane; kept at the broker, so that it reaches every process without a
/// restart.
#[derive(Debug, Clone)]
pub struct Control(Kv);

/// How the lane stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Nobody takes messages of the lane.
    pub paused: bool,
    /// Since when.
    pub at: Timestamp,
}

const KEY: &str = "backfill";
/// How often it is looked whether the operator has said something.
const LOOK: Duration = Duration::from_secs(2);

impl Control {
    /// Where it is kept.
    ///
    /// # Errors
    /// When the broker does not answer, or has no such bucket.
    pub async fn open(bus: &Bus) -> Result<Self, BusError> {
        Ok(Self(bus.kv(names::CONTROL).await?))
    }

    /// What was said last; nothing if nothing was ever said.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn said(&self) -> Result<Option<Said>, BusError> {
        let entry = self.0.get(KEY).await?;
        // What a later version writes and this one cannot read must not stop the line.
        Ok(entry.and_then(|entry| serde_json::from_slice(&entry.value).ok()))
    }

    /// Says that the lane stands still or goes on.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn say(&self, paused: bool, at: Timestamp) -> Result<(), BusError> {
        let text = serde_json::json!({ "paused": paused, "at": at }).to_string();
        self.0.put(KEY, text).await.map(drop)
    }

    /// Follows what is said until `shutdown`. While the broker does not answer it stays as it was.
    pub async fn follow(self, shutdown: CancellationToken) -> watch::Receiver<bool> {
        let first = self.said().await.ok().flatten().is_some_and(|said| said.paused);
        let (tell, told) = watch::channel(first);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    () = tokio::time::sleep(LOOK) => {}
                }
                let Ok(said) = self.said().await else { continue };
                let paused = said.is_some_and(|said| said.paused);
                if tell.send_if_modified(|now| std::mem::replace(now, paused) != paused) {
                    tracing::info!(paused, "backfill");
                }
            }
        });
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(settings: &BackfillSettings, default: Option<u32>) -> Lanes {
        Lanes::new(settings, default.and_then(NonZeroU32::new), watch::channel(false).1)
    }

    #[test]
    fn only_backfill_waits_and_keeps_to_a_rate() {
        let consume = || Consume::new("S", "d", "dead", "stage");
        let lanes = of(&BackfillSettings::default(), Some(5));
        let live = lanes.consume(Lane::Live, consume()).unwrap();
        assert!(live.first.is_some() && live.after.is_none() && live.per_second.is_none() && live.paused.is_none());
        let backfill = lanes.consume(Lane::Backfill, consume()).unwrap();
        assert!(backfill.after.is_some() && backfill.paused.is_some());
        assert_eq!(backfill.per_second, NonZeroU32::new(5));
        let off = of(&BackfillSettings { enabled: false, per_second: None }, Some(5));
        assert!(off.consume(Lane::Backfill, consume()).is_none() && off.consume(Lane::Live, consume()).is_some());
    }

    #[test]
    fn the_operators_cap_beats_the_default_and_zero_is_none() {
        let cap = |said: Option<u32>, default: Option<u32>| {
            of(&BackfillSettings { enabled: true, per_second: said }, default).per_second.map(NonZeroU32::get)
        };
        assert_eq!(
            [cap(None, Some(5)), cap(Some(9), Some(5)), cap(Some(0), Some(5)), cap(Some(9), None)],
            [Some(5), Some(9), None, None]
        );
    }
}
