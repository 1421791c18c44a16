//! Revisions, withdrawals and kills between a real nats-server and a search server: what may not stand in the index does
//! not, in whatever order things come.

use contract::event::encode;
use contract::names;
use contract::{Article, ArticleKilled, Envelope, IssueWithdrawn};
use indexer::Settings;
use indexer::document::id_of;
use serde_json::{Value, json};
use testkit::{Engine, Nats};
use tokio_util::sync::CancellationToken;

use crate::fixtures::{article, envelope, issue, manifest, settings};
use crate::scripted::Scripted;
use crate::service::Line;

/// A revision of the issue of this name, with the articles of these numbers.
fn revision(name: &str, revision: u64, numbers: &[u32]) -> Vec<Article> {
    numbers.iter().map(|number| Article { revision, ..article(name, *number, "渡船复航") }).collect()
}

fn ids(articles: &[Article]) -> Vec<String> {
    let mut ids: Vec<_> = articles.iter().map(|article| id_of(&article.id, article.revision)).collect();
    ids.sort();
    ids
}

fn withdrawal(name: &str) -> bus::Outgoing {
    encode(&IssueWithdrawn { issue: issue(name), reason: "wrong edition".into() }, &envelope()).unwrap()
}

/// Ids of an issue's documents in the real engine.
async fn in_engine(engine: &Engine, index: &str, name: &str) -> Vec<String> {
    let answer: Value = reqwest::Client::new()
        .post(format!("{}/indexes/{index}/documents/fetch", engine.url()))
        .bearer_auth(engine.key())
        .json(&json!({ "filter": format!("issue_id = {}", issue(name)), "fields": ["id"], "limit": 1000 }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut ids: Vec<_> =
        answer["results"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_revisions_in_any_order_at_two_indexers_exactly_the_newest_stays() {
    let engine = testkit::engine().await;
    let index = format!("revisions-{}", std::process::id());
    let at = |nats: &Nats| -> Settings { settings(&nats.url(), engine.url(), Some(engine.key()), &index) };
    let line = Line::start(at).await;
    let shutdown = CancellationToken::new();
    let second = indexer::start(at(&line.nats), shutdown.clone()).await.unwrap();
    // The first article never changes, some vanish, some are new.
    let numbers: [&[u32]; 3] = [&[1, 2, 3, 4], &[1, 3, 5, 6, 7], &[1, 2, 8]];
    let orders = [[3, 2, 1], [1, 2, 3], [2, 3, 1], [3, 1, 2]];
    let name = |order: &[u64; 3]| format!("order-{order:?}");
    for order in &orders {
        for number in order {
            line.publish(&revision(&name(order), *number, numbers[*number as usize - 1]), "").await;
        }
    }
    line.settled().await;
    for order in &orders {
        let newest = revision(&name(order), 3, numbers[2]);
        assert_eq!(in_engine(&engine, &index, &name(order)).await, ids(&newest), "{order:?}");
        let receipt = line.receipts.read(&issue(&name(order))).await.unwrap().unwrap();
        assert_eq!(
            (receipt.indexed.map(|done| (done.revision, done.articles)), receipt.fence.revision),
            (Some((3, 3)), 3)
        );
    }
    // An old one delivered once more, and the newest.
    line.publish(&revision(&name(&orders[0]), 2, numbers[1]), "again").await;
    line.publish(&revision(&name(&orders[0]), 3, numbers[2]), "again").await;
    line.settled().await;
    assert_eq!(in_engine(&engine, &index, &name(&orders[0])).await, ids(&revision(&name(&orders[0]), 3, numbers[2])));
    assert_eq!(line.messages(names::DEAD).await, 0);
    shutdown.cancel();
    second.join().await.unwrap();
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_revision_stays_until_the_new_one_is_whole() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    let (old, new) = (revision("whole", 1, &[1, 2]), revision("whole", 2, &[1, 3]));
    line.publish(&old, "").await;
    assert_eq!(line.indexed(&issue("whole")).await, (2, 0));
    // Read, and not yet all there.
    line.receipts.change_fence(&issue("whole"), |fence| fence.raise(2)).await.unwrap();
    line.send(encode(&new[0], &envelope()).unwrap(), "").await;
    line.settled().await;
    assert_eq!(server.ids(), ids(&[&old[..], &new[..1]].concat()));
    line.publish(&new, "").await;
    line.settled().await;
    assert_eq!(server.ids(), ids(&new));
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_withdrawn_or_killed_does_not_come_back_by_delivery_or_by_a_later_revision() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    let gone = revision("gone", 1, &[1, 2, 3]);
    line.publish(&gone, "").await;
    assert_eq!(line.indexed(&issue("gone")).await, (3, 0));
    // Straight to the broker: nobody has put a tombstone up.
    line.send(withdrawal("gone"), "").await;
    line.settled().await;
    assert!(server.ids().is_empty());
    line.publish(&gone, "again").await;
    line.publish(&revision("gone", 2, &[4]), "").await;
    line.settled().await;
    assert!(server.ids().is_empty());
    let receipt = line.receipts.read(&issue("gone")).await.unwrap().unwrap();
    assert_eq!(receipt.fence.withdrawn.unwrap().reason, "wrong edition");

    let (old, new) = (revision("kill", 1, &[1, 2]), revision("kill", 2, &[1, 2, 3]));
    line.publish(&old, "").await;
    assert_eq!(line.indexed(&issue("kill")).await, (2, 0));
    let event = ArticleKilled { article: old[1].id.clone(), issue: issue("kill"), reason: "court order".into() };
    line.send(encode(&event, &envelope()).unwrap(), "").await;
    line.settled().await;
    assert_eq!(server.ids(), ids(&old[..1]));
    line.publish(&new, "").await;
    line.settled().await;
    assert_eq!(server.ids(), ids(&[&new[..1], &new[2..]].concat()));
    let receipt = line.receipts.read(&issue("kill")).await.unwrap().unwrap();
    assert_eq!(receipt.indexed.map(|done| (done.revision, done.articles, done.failed)), Some((2, 2, 1)));
    assert_eq!(line.messages(names::DEAD).await, 0);
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_in_which_a_newer_parser_finds_other_articles_leaves_those_and_no_others() {
    let engine = testkit::engine().await;
    let index = format!("replayed-{}", std::process::id());
    let line = Line::start(|nats| settings(&nats.url(), engine.url(), Some(engine.key()), &index)).await;
    let (first, again) = (revision("replayed", 1, &[1, 2, 3]), revision("replayed", 1, &[1, 4, 5]));
    line.publish(&first, "").await;
    assert_eq!(line.indexed(&issue("replayed")).await, (3, 0));
    let replay = Envelope { replay: Some("r1".into()), ..envelope() };
    // The manifest first: what the older parser found is not taken for what it names.
    line.send(encode(&manifest(&again), &replay).unwrap(), "").await;
    for article in &again {
        line.send(encode(article, &replay).unwrap(), "").await;
    }
    line.settled().await;
    assert_eq!(in_engine(&engine, &index, "replayed").await, ids(&again));
    // The older manifest, delivered once more, finds its revision closed and waits for nothing.
    line.send(encode(&manifest(&first), &envelope()).unwrap(), "again").await;
    line.settled().await;
    assert_eq!(in_engine(&engine, &index, "replayed").await, ids(&again));
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_that_meets_its_issue_on_the_way_wins() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    for number in 0..20 {
        let name = format!("race-{number}");
        let articles = revision(&name, 1, &(1..=10).collect::<Vec<_>>());
        tokio::join!(line.publish(&articles, ""), line.send(withdrawal(&name), ""));
    }
    line.settled().await;
    assert!(server.ids().is_empty(), "{:?}", server.ids());
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_indexer_had_sent_leaves_the_index_again_when_it_comes_in_after_all_was_settled() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    let (old, new) = (revision("late", 1, &[1, 2]), revision("late", 2, &[1, 2, 3]));
    line.publish(&old, "").await;
    line.publish(&new, "").await;
    let killed = revision("late-kill", 1, &[1, 2]);
    line.publish(&killed, "").await;
    let event =
        ArticleKilled { article: killed[0].id.clone(), issue: issue("late-kill"), reason: "court order".into() };
    line.send(encode(&event, &envelope()).unwrap(), "").await;
    let gone = revision("late-gone", 1, &[1]);
    line.publish(&gone, "").await;
    line.send(withdrawal("late-gone"), "").await;
    line.settled().await;
    let wanted = ids(&[&new[..], &killed[1..]].concat());
    assert_eq!(server.ids(), wanted);
    server.insert(&[&old[..], &killed[..1], &gone].concat());
    assert_ne!(server.ids(), wanted);
    testkit::eventually("what came in late is out again", async || {
        let ids = server.ids();
        if ids == wanted { Ok(()) } else { Err(format!("{ids:?}")) }
    })
    .await;
    line.stop().await;
}
