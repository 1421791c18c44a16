//! Abuse of the upload address: a real intake, tried in every way that costs a sender little, while a good sender works.
//! Prints what was tried, what was answered and what memory it took (`--nocapture` shows it).

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on panics, and this one reports")]

mod attacks;
mod rig;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use attacks::Kind;
use futures::StreamExt;
use rig::{MAX_BYTES, MAX_CONNECTIONS, MAX_UPLOADS, Rig};
use testkit::eventually;

const MIB: u64 = 1 << 20;
/// A body is held as it came, and once more while a form is put together and while the broker's client sends it; a
/// connection has two buffers; the rest is the allocator's.
const MOST: u64 =
    3 * (MAX_UPLOADS * (MAX_BYTES + (512 << 10))) as u64 + (MAX_CONNECTIONS * (128 << 10)) as u64 + 16 * MIB;
/// What a second round may add to what the first one took: which bodies meet differs from one to the other.
const GROWTH: u64 = 16 * MIB;
/// How long a good upload may take, whatever goes on.
const GOOD: Duration = Duration::from_secs(30);

/// What came of a kind: tried, and how often each answer came.
#[derive(Default)]
struct Tally {
    tried: usize,
    answers: BTreeMap<u16, usize>,
}

async fn run(rig: &Rig, kind: Kind) -> Tally {
    let Kind { name, answers, talks, counted, at_once } = kind;
    let before: u64 = rig.refused().await.values().sum();
    let mut tally = Tally::default();
    let mut heard = futures::stream::iter(talks).map(|talk| talk.with(rig.http)).buffer_unordered(at_once);
    while let Some(statuses) = heard.next().await {
        tally.tried += 1;
        let statuses = if statuses.is_empty() { vec![0] } else { statuses };
        for status in statuses {
            assert!(answers.contains(&status), "{name} was answered {status}");
            *tally.answers.entry(status).or_default() += 1;
        }
    }
    if counted {
        let refused: usize =
            tally.answers.iter().filter(|(status, _)| !(1..400).contains(*status)).map(|(_, n)| n).sum();
        eventually("what was refused is counted", async || {
            let now: u64 = rig.refused().await.values().sum();
            if now - before >= refused as u64 { Ok(()) } else { Err(format!("{name}: {} of {refused}", now - before)) }
        })
        .await;
    }
    tally
}

/// Sends a page now and then until told to stop; how many, and the longest that one took.
async fn good_sender(url: String, token: String, stop: Arc<AtomicBool>) -> (usize, Duration) {
    // A connection for each: one that is kept may be closed in the moment in which it is used again.
    let client = reqwest::Client::builder().timeout(GOOD).pool_max_idle_per_host(0).build().unwrap();
    let (mut sent, mut longest) = (0, Duration::ZERO);
    while !stop.load(Ordering::Relaxed) {
        let page = format!("河湾日报\n\n第{sent}座雨水花园建成\n\n本报讯 昨天，第{sent}座雨水花园向居民开放。\n");
        let began = Instant::now();
        let answer = client.post(format!("{url}?name=good.txt")).bearer_auth(&token).body(page).send().await.unwrap();
        assert_eq!(answer.status(), 202);
        longest = longest.max(began.elapsed());
        sent += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    (sent, longest)
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_is_answered_and_counted_in_flat_memory_while_a_good_sender_works() {
    let nats = testkit::nats().await;
    let rig = Rig::start(&nats).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (url, token) = (format!("http://{}/v1/issues", rig.http), rig.good.secret().to_owned());
    let good = tokio::spawn(good_sender(url, token, Arc::clone(&stop)));
    let at_first = rig.memory("VmRSS");

    let mut rounds = Vec::new();
    let mut table = BTreeMap::<&str, Tally>::new();
    for round in 0..2 {
        let mut kinds = attacks::all(&rig.evil);
        if round == 1 {
            kinds.push(attacks::flood(&rig.evil));
        }
        for kind in kinds {
            let name = kind.name;
            let tally = run(&rig, kind).await;
            let sum = table.entry(name).or_default();
            sum.tried += tally.tried;
            for (status, count) in tally.answers {
                *sum.answers.entry(status).or_default() += count;
            }
        }
        rounds.push(rig.memory("VmHWM"));
    }
    stop.store(true, Ordering::Relaxed);
    let (sent, longest) = good.await.unwrap();

    eprintln!("{:<24} {:>6}  answers", "tried", "times");
    for (name, tally) in &table {
        let answers = tally.answers.iter().map(|(status, count)| match status {
            0 => format!("cut {count}"),
            status => format!("{status} {count}"),
        });
        let answers: Vec<_> = answers.collect();
        eprintln!("{name:<24} {:>6}  {}", tally.tried, answers.join(", "));
    }
    let refused = rig.refused().await;
    eprintln!("counted: {refused:?}");
    let mib = |bytes: u64| bytes as f64 / MIB as f64;
    eprintln!(
        "memory: {:.1} MiB at first, at most {:.1} after one round and {:.1} after two, bound {:.1} more than at first",
        mib(at_first),
        mib(rounds[0]),
        mib(rounds[1]),
        mib(MOST)
    );
    eprintln!("good sender: {sent} pages, the longest {} ms", longest.as_millis());

    for reason in [
        "header_timeout",
        "headers_too_large",
        "not_http",
        "broken_off",
        "too_many_connections",
        "too_many_requests",
        "unauthorized",
        "body_timeout",
        "body_broken",
        "too_large",
        "content_encoding",
        "transfer_encoding",
        "bad_form",
        "not_found",
        "method_not_allowed",
        "bad_id",
        "bad_fact",
    ] {
        assert!(refused.contains_key(reason), "nothing was counted as {reason}: {refused:?}");
    }
    assert!(rounds[1] - at_first < MOST, "it took {:.1} MiB", mib(rounds[1] - at_first));
    assert!(rounds[1] <= rounds[0] + GROWTH, "{:.1} MiB, then {:.1}", mib(rounds[0]), mib(rounds[1]));
    assert!(sent > 10, "the good sender sent {sent} pages");
    eventually("all connections end", async || {
        let metrics = rig.metrics().await;
        let idle = ["open_connections 0", r#"in_flight_files{source="http"} 0"#];
        idle.iter().all(|line| metrics.contains(line)).then_some(()).ok_or(metrics)
    })
    .await;
    let log = rig.log();
    assert!(!log.contains("panicked"), "{log}");
    for token in [&rig.good, &rig.evil] {
        assert!(!log.contains(token.secret()), "a token stands in the log");
    }
}
