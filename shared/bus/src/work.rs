//! The consume loop: pulls as long as nobody asks to stop, survives what breaks, then drains.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_nats::jetstream::consumer::{FromConsumer, pull};
use tokio::{sync::Notify, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Bus, BusError, Consume, Handler, backoff,
    delivery::{Delivery, GIVE_BACK, InHand},
    hands::{Failures, Hands},
    poison,
    pull::{Pulled, Puller},
    turn::Turn,
};

/// Between two tries to set pulling up anew.
const RESTART_FIRST: Duration = Duration::from_millis(100);
const RESTART_MOST: Duration = Duration::from_secs(5);
/// A durable that delivers nothing is looked at so often: it may have messages and have forgotten us.
const LOOK_AFTER: Duration = Duration::from_secs(30);
/// How long the words about abandoned messages may take to reach the server.
const ABANDON_BOUND: Duration = Duration::from_secs(5);

pub(crate) async fn run<H: Handler>(
    bus: Bus,
    consume: Consume,
    handler: Arc<H>,
    shutdown: CancellationToken,
) -> Result<(), BusError> {
    check(&consume)?;
    let Some(config) = durable_at_start(&bus, &consume, &shutdown).await? else {
        return Ok(());
    };
    let in_hand = InHand::default();
    let ack_wait = consume.ack_wait.min(config.ack_wait);
    let reporter = tokio::spawn(in_hand.clone().report(bus.client.clone(), ack_wait));
    let abandon = CancellationToken::new();
    // If the caller drops this future, what is in hand is given back all the same.
    let _abandon_on_drop = abandon.clone().drop_guard();
    let hands = Arc::new(Hands {
        bus,
        consume,
        handler,
        abandon: abandon.clone(),
        failures: Failures::default(),
        unburied: Failures::default(),
        letters_refused: AtomicBool::new(false),
        count: AtomicUsize::new(0),
        freed: Notify::new(),
    });
    let tasks = TaskTracker::new();

    let ended = pull_until(&hands, &config, &in_hand, &tasks, &shutdown).await;

    tasks.close();
    let drain = hands.consume.drain;
    if tokio::time::timeout(drain, tasks.wait()).await.is_err() {
        tracing::warn!(
            durable = hands.consume.durable,
            in_hand = hands.count.load(Ordering::Relaxed),
            ?drain,
            "not all finished in time, the rest is delivered again"
        );
        abandon.cancel();
        let _ = tokio::time::timeout(ABANDON_BOUND, tasks.wait()).await;
    }
    reporter.abort();
    ended
}

fn check(consume: &Consume) -> Result<(), BusError> {
    let bad = |key, reason: &str| Err(BusError::Settings { key, reason: reason.into() });
    if consume.concurrency == 0 {
        return bad("concurrency", "is 0, the least is 1");
    }
    if consume.attempts == 0 {
        return bad("attempts", "is 0, the least is 1");
    }
    if consume.ack_wait < Duration::from_millis(100) {
        return bad("ack_wait", "is below 100 ms");
    }
    Ok(())
}

/// The durable's settings, waiting for a server that does not answer; nothing if shutdown comes first.
async fn durable_at_start(
    bus: &Bus,
    consume: &Consume,
    shutdown: &CancellationToken,
) -> Result<Option<pull::Config>, BusError> {
    let what = format!("durable {} of stream {}", consume.durable, consume.stream);
    let mut failures = 0;
    loop {
        let looked = tokio::select! {
            biased;
            () = shutdown.cancelled() => return Ok(None),
            looked = bus.durable_info(&consume.stream, &consume.durable) => looked,
        };
        match looked {
            Ok(None) => return Err(BusError::NotFound { what }),
            Ok(Some(info)) => {
                return pull::Config::try_from_consumer_config(info.config).map(Some).map_err(|_| BusError::Differs {
                    what,
                    field: "kind",
                    found: "push".into(),
                    wanted: "pull".into(),
                });
            }
            Err(_) if bus.is_gone() => return Err(BusError::Gone),
            Err(error) => {
                failures += 1;
                tracing::warn!(%error, "waiting for the server");
                pause(failures, shutdown).await;
            }
        }
    }
}

/// Takes messages in hand until shutdown; sets pulling up anew as often as it takes. An error only when the client is gone:
/// no connection ever comes back then.
async fn pull_until<H: Handler>(
    hands: &Arc<Hands<H>>,
    config: &pull::Config,
    reported: &InHand,
    tasks: &TaskTracker,
    shutdown: &CancellationToken,
) -> Result<(), BusError> {
    let Consume { stream, durable, observer, .. } = &hands.consume;
    let mut turn = Turn::of(&hands.consume);
    let mut search = poison::Search::default();
    let take = |message| {
        if let Some(delivery) = Delivery::take(&hands.bus, reported, message) {
            hands.hold();
            tasks.spawn(hands.clone().work(delivery));
        }
    };
    let mut failures = 0;
    while !shutdown.is_cancelled() {
        if hands.bus.is_gone() {
            return Err(BusError::Gone);
        }
        bury_unreadable(hands, &mut search, shutdown).await;
        let mut puller = match Puller::open(&hands.bus, &hands.consume, turn.yields()).await {
            Ok(puller) => puller,
            Err(error) => {
                failures += 1;
                tracing::warn!(durable, %error, "pulling could not be set up");
                pause(failures, shutdown).await;
                continue;
            }
        };
        let mut progress = Instant::now();
        let broken = loop {
            let in_hand = hands.count.load(Ordering::Acquire);
            turn.in_hand(in_hand);
            match puller.request(in_hand, turn.allowance()).await {
                Ok(count) => turn.spend(count),
                Err(reason) => break reason,
            }
            let waits = puller.waits();
            tokio::select! {
                biased;
                () = shutdown.cancelled() => {
                    give_back(&hands.bus, reported, puller.close().await).await;
                    return Ok(());
                }
                pulled = puller.next() => {
                    match pulled {
                        Pulled::Message(message) => {
                            take(message);
                            turn.in_hand(1);
                            progress = Instant::now();
                            failures = 0;
                        }
                        Pulled::Nothing(unanswered) => {
                            turn.give_back(unanswered);
                            failures = 0;
                        }
                        Pulled::Broken(reason) => break reason,
                    }
                }
                () = hands.freed.notified() => {}
                () = turn.changed(waits) => {}
                () = tokio::time::sleep_until(progress + LOOK_AFTER), if waits => {
                    if let Some(reason) = forgotten(&hands.bus, stream, durable).await {
                        break reason;
                    }
                    progress = Instant::now();
                }
            }
        };
        while let Some(message) = puller.left_over() {
            take(message);
        }
        drop(puller);
        turn.broken();
        failures += 1;
        observer.restarted(durable);
        tracing::warn!(durable, reason = broken, "pulling is set up anew");
        pause(failures, shutdown).await;
        restore(&hands.bus, stream, config, shutdown).await;
    }
    Ok(())
}

/// A message that the client cannot read would break the connection again.
async fn bury_unreadable<H: Handler>(hands: &Hands<H>, search: &mut poison::Search, shutdown: &CancellationToken) {
    let durable = &hands.consume.durable;
    let searched = tokio::select! {
        biased;
        () = shutdown.cancelled() => return,
        searched = search.run(hands) => searched,
    };
    if let Err(error) = searched {
        tracing::warn!(durable, %error, "messages that cannot be read were not looked for");
    }
}

/// Why a durable that has delivered nothing for a while should have: it has messages, and no pull request of anybody.
async fn forgotten(bus: &Bus, stream: &str, durable: &str) -> Option<String> {
    match bus.durable_info(stream, durable).await {
        Ok(None) => Some("the durable is gone".into()),
        Ok(Some(info)) if info.num_pending > 0 && info.num_waiting == 0 => {
            Some(format!("{} messages are pending and no pull request waits", info.num_pending))
        }
        Ok(Some(_)) | Err(_) => None,
    }
}

/// Creates the durable again if somebody has deleted it. What it had acked is then delivered once more.
async fn restore(bus: &Bus, stream: &str, config: &pull::Config, shutdown: &CancellationToken) {
    let durable = config.durable_name.as_deref().unwrap_or_default();
    let mut failures = 0;
    while !bus.is_gone() {
        let restored = async {
            if bus.durable_info(stream, durable).await?.is_none() {
                tracing::warn!(stream, durable, "the durable was deleted, creating it again");
                bus.create_durable(stream, config.clone()).await?;
            }
            Ok::<_, BusError>(())
        };
        let restored = tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            restored = restored => restored,
        };
        let Err(error) = restored else { return };
        failures += 1;
        tracing::warn!(stream, durable, %error, "waiting for the durable");
        pause(failures, shutdown).await;
    }
}

async fn pause(failures: u32, shutdown: &CancellationToken) {
    let wait = backoff::delay(failures, RESTART_FIRST, RESTART_MOST, rand::random());
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}

async fn give_back(bus: &Bus, in_hand: &InHand, messages: Vec<async_nats::Message>) {
    let words = messages
        .into_iter()
        .filter_map(|message| Delivery::take(bus, in_hand, message))
        .map(|delivery| delivery.retry_after(GIVE_BACK));
    futures::future::join_all(words).await;
}
