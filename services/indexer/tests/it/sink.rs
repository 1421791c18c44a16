//! What becomes of documents when the search server misbehaves.

use std::sync::Arc;
use std::time::Duration;

use indexer::batch::Limits;
use indexer::batcher::{self, Job};
use indexer::fenced::{Fenced, Open};
use indexer::meilisearch::{Look, Meilisearch};
use indexer::metrics::Metrics;
use indexer::settings::Search;
use indexer::sink::{Later, Purge, Sink, Which, WriteError};
use indexer::writer::{Pace, Verdict, WRITES, Writer};
use runtime::Health;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::fixtures::{BAD, POISON, documents, issue};
use crate::scripted::{Scripted, Step};

fn search(server: &Scripted) -> Search {
    Search { url: server.url(), request_timeout_ms: 500, ..Search::default() }
}

fn sink(server: &Scripted) -> Meilisearch {
    Meilisearch::new(&search(server), server.key().as_deref()).unwrap()
}

struct Bench {
    writer: Writer<Meilisearch>,
    health: Health,
    shutdown: CancellationToken,
}

fn bench(sink: Meilisearch) -> Bench {
    let (health, shutdown) = (Health::of(&[]), CancellationToken::new());
    let pace = Pace { min: Duration::from_millis(5), max: Duration::from_millis(20) };
    let writer = Writer::new(Arc::new(sink), pace, health.clone(), Metrics::new().0, shutdown.clone());
    Bench { writer, health, shutdown }
}

async fn once(step: Step) -> Result<(), WriteError> {
    let server = Scripted::start().await;
    server.script([step]);
    let search = Search { task_timeout_ms: 200, ..search(&server) };
    Meilisearch::new(&search, server.key().as_deref()).unwrap().write(&documents(&["渡船复航"])).await
}

fn why(result: Result<(), WriteError>) -> Later {
    match result {
        Err(WriteError::Later(why, _)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_way_to_misbehave_is_told_from_the_others() {
    assert_eq!(why(once(Step::Html502).await), Later::Http);
    assert_eq!(why(once(Step::Hang).await), Later::Timeout);
    assert_eq!(why(once(Step::QueueFull).await), Later::QueueFull);
    assert_eq!(why(once(Step::Canceled).await), Later::TaskCanceled);
    assert_eq!(why(once(Step::Stuck).await), Later::Timeout);
    assert_eq!(why(once(Step::WrongPrimaryKey).await), Later::Index);
    assert!(matches!(once(Step::Internal).await, Err(WriteError::Engine(_))));
    assert!(matches!(once(Step::Html413).await, Err(WriteError::Documents(_))));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let sink = Meilisearch::new(&Search { url, ..Search::default() }, None).unwrap();
    assert_eq!(why(sink.write(&documents(&["渡船复航"])).await), Later::Unreachable);
}

#[tokio::test]
async fn a_lost_task_is_pushed_again_and_a_look_that_fails_is_only_a_look() {
    let server = Scripted::start().await;
    server.script([Step::Lost, Step::Lost, Step::Flaky]);
    sink(&server).write(&documents(&["渡船复航"])).await.unwrap();
    assert_eq!(server.pushes(), [1, 1, 1]);
    assert_eq!(server.headlines(), ["渡船复航"]);
    server.script([Step::Lost; 4]);
    assert_eq!(why(sink(&server).write(&documents(&["渡船复航"])).await), Later::TaskLost);
}

#[tokio::test]
async fn what_is_not_the_documents_fault_is_waited_out() {
    let server = Scripted::start().await;
    let all = [Step::Html502, Step::Hang, Step::QueueFull, Step::Canceled, Step::WrongPrimaryKey, Step::Internal];
    server.script(all);
    let bench = bench(sink(&server));
    let verdicts = bench.writer.write(&documents(&["甲", "乙", "丙"])).await;
    assert_eq!(verdicts, [Verdict::Written, Verdict::Written, Verdict::Written]);
    assert_eq!(server.headlines().len(), 3);
    assert!(bench.health.is_ready());
}

#[tokio::test]
async fn bad_documents_are_found_by_halving_and_their_neighbours_go_in() {
    let server = Scripted::start().await;
    let mut headlines = vec!["好稿"; 40];
    headlines[17] = BAD;
    headlines[39] = BAD;
    let verdicts = bench(sink(&server)).writer.write(&documents(&headlines)).await;
    for (headline, verdict) in headlines.iter().zip(&verdicts) {
        match verdict {
            Verdict::Bad(reason) => assert!(*headline == BAD && reason.contains("invalid_document_id"), "{reason}"),
            other => assert!(*headline != BAD && *other == Verdict::Written, "{headline}: {other:?}"),
        }
    }
    assert_eq!(server.headlines(), vec!["好稿"; 38]);
    assert!(server.pushes().len() <= 25, "{:?}", server.pushes());
}

#[tokio::test]
async fn a_document_that_the_engine_fails_over_is_alone_in_failing() {
    let server = Scripted::start().await;
    let verdicts = bench(sink(&server)).writer.write(&documents(&["甲", POISON, "丙"])).await;
    assert_eq!((&verdicts[0], &verdicts[2]), (&Verdict::Written, &Verdict::Written));
    assert!(matches!(&verdicts[1], Verdict::Failing(reason) if reason.contains("internal")), "{verdicts:?}");
}

#[tokio::test]
async fn a_payload_over_a_proxys_limit_is_halved() {
    let server = Scripted::start().await;
    server.script([Step::Html413]);
    let verdicts = bench(sink(&server)).writer.write(&documents(&["甲", "乙"])).await;
    assert_eq!(verdicts, [Verdict::Written, Verdict::Written]);
    assert_eq!(server.pushes(), [1, 1]);
}

#[tokio::test]
async fn a_wrong_key_makes_unready_dead_letters_nothing_and_can_be_mended() {
    let server = Scripted::start().await;
    server.locked(true);
    let bench = bench(sink(&server));
    let documents = documents(&["渡船复航"]);
    let (verdicts, ()) = tokio::join!(bench.writer.write(&documents), async {
        testkit::eventually("unready", || async { bench.health.parts()[WRITES].eq(&false) }).await;
        server.locked(false);
    });
    assert_eq!(verdicts, [Verdict::Written]);
    assert!(bench.health.is_ready());
}

#[tokio::test]
async fn a_stop_ends_the_waiting_and_says_of_every_document_that_it_was_not_written() {
    let server = Scripted::start().await;
    server.locked(true);
    let bench = bench(sink(&server));
    bench.shutdown.cancel();
    let verdicts = bench.writer.write(&documents(&["甲", "乙"])).await;
    assert_eq!(verdicts, [Verdict::Stopped, Verdict::Stopped]);
}

#[tokio::test]
async fn the_index_is_made_once_and_its_settings_are_sent_only_when_they_differ() {
    let server = Scripted::start().await;
    let sink = sink(&server);
    assert_eq!(sink.look().await, Ok(Look::Gone));
    let changed = sink.prepare().await.unwrap();
    assert!(changed.iter().any(|drift| drift.setting == "rankingRules"), "{changed:?}");
    assert_eq!(sink.prepare().await.unwrap(), []);
    assert_eq!(server.settings_updates(), 1);
    assert_eq!(sink.look().await, Ok(Look::There(vec![])));
    server.tamper("rankingRules", json!(["words"]));
    assert!(matches!(sink.look().await, Ok(Look::There(drifts)) if drifts.len() == 1));
    assert_eq!(sink.prepare().await.unwrap().len(), 1);
    assert_eq!(server.settings_updates(), 2);
}

#[tokio::test]
async fn documents_of_an_issue_are_counted_by_revision() {
    let server = Scripted::start().await;
    let sink = sink(&server);
    sink.write(&documents(&["甲", "乙"])).await.unwrap();
    let issue = issue("fixture");
    assert_eq!(sink.count(&issue, Which::Of(7)).await, Ok(2));
    assert_eq!(sink.count(&issue, Which::Of(6)).await, Ok(0));
    assert_eq!(sink.count(&issue, Which::Before(7)).await, Ok(0));
    assert_eq!(sink.count(&issue, Which::Before(8)).await, Ok(2));
}

#[tokio::test]
async fn what_has_to_leave_leaves_by_id_by_article_and_by_issue_whatever_the_server_does_meanwhile() {
    let server = Scripted::start().await;
    let bench = bench(sink(&server));
    let documents = documents(&["甲", "乙", "丙"]);
    bench.writer.write(&documents).await;
    server.locked(true);
    let ids = [documents[0].id.clone()];
    let (out, ()) = tokio::join!(bench.writer.delete(&ids), async {
        testkit::eventually("unready", || async { bench.health.parts()[WRITES].eq(&false) }).await;
        server.locked(false);
    });
    assert!(out && bench.health.is_ready());
    assert_eq!(server.headlines(), ["丙", "乙"]);
    assert!(bench.writer.purge(&Purge::Article(documents[1].article.clone())).await);
    assert_eq!(server.headlines(), ["丙"]);
    assert!(bench.writer.purge(&Purge::Before(issue("fixture"), 7)).await);
    assert_eq!(server.headlines(), ["丙"]);
    assert!(bench.writer.purge(&Purge::Issue(issue("fixture"))).await);
    assert!(server.headlines().is_empty());
}

#[tokio::test]
async fn many_documents_go_in_few_batches_and_everyone_is_answered_once() {
    let server = Scripted::start().await;
    let (jobs, received) = mpsc::channel(10);
    let limits = Limits { count: 20, bytes: 1 << 20, wait: Duration::from_millis(20) };
    let Bench { writer, shutdown, .. } = bench(sink(&server));
    let writer = Arc::new(Fenced::new(Arc::new(writer), Open, Metrics::new().0, shutdown));
    let batches = tokio::spawn(batcher::run(received, writer, limits, 2, Metrics::new().0));
    let mut headlines = vec!["好稿"; 200];
    headlines[63] = BAD;
    let mut answers = Vec::new();
    for document in documents(&headlines) {
        let (answer, verdict) = oneshot::channel();
        jobs.send(Job { document, answer }).await.unwrap();
        answers.push(verdict);
    }
    drop(jobs);
    let mut refused = Vec::new();
    for (place, answer) in answers.into_iter().enumerate() {
        if let Err(failure) = answer.await.unwrap() {
            assert!(matches!(failure, bus::Failure::Permanent(_)), "{failure:?}");
            refused.push(place);
        }
    }
    assert_eq!(refused, [63]);
    assert_eq!(server.headlines().len(), 199);
    assert!(server.pushes().iter().all(|documents| *documents <= 20));
    batches.await.unwrap();
}
