//! What the broker and the index keep, and what an operator's hand does to it.

use std::time::Duration;

use contract::Lane;
use contract::names::{ARTICLES, ISSUES, Work};
use serde_json::json;

use super::{SETTLES_WITHIN, while_sending};
use crate::Outcome;
use crate::audit;
use crate::rig::Rig;

const COUNT: usize = 12;

pub(super) async fn undisturbed(rig: &Rig) -> Outcome<()> {
    let verdict = while_sending(rig, COUNT, async { Ok(()) }).await?;
    if verdict.articles < COUNT * 3 { Err(verdict.words().into()) } else { Ok(()) }
}

pub(super) async fn durable_deleted(rig: &Rig) -> Outcome<()> {
    let breaking = async {
        for work in [Work::Parse, Work::Index, Work::Close] {
            tokio::time::sleep(Duration::from_millis(300)).await;
            rig.broker.delete_durable(work.stream(), &work.durable(Lane::Live)).await?;
        }
        Ok(())
    };
    while_sending(rig, COUNT, breaking).await.map(drop)
}

pub(super) async fn stream_full(rig: &Rig) -> Outcome<()> {
    let before = rig.ledger().retries;
    let breaking = async {
        for stream in [ISSUES, ARTICLES] {
            rig.broker.fill(stream).await?;
            tokio::time::sleep(Duration::from_secs(2)).await;
            rig.make_room(stream).await?;
        }
        Ok(())
    };
    while_sending(rig, COUNT, breaking).await?;
    if rig.ledger().retries > before { Ok(()) } else { Err("no sender was told to wait".into()) }
}

/// Whether this harness can see loss: a document is taken out of the index by hand, and put back by sending the stored
/// events again.
pub(super) async fn control(rig: &Rig) -> Outcome<()> {
    let issues = rig.fresh(1);
    rig.send_all(issues.clone()).await?;
    rig.settle(SETTLES_WITHIN).await?;
    let issue =
        rig.ledger().issues.get(&issues.start).and_then(|entry| entry.id.clone()).ok_or("it was not accepted")?;
    let mut found = audit::documents(&rig.line).await?.into_iter();
    let taken = found.find(|document| document.issue == issue.as_str()).ok_or("it is not in the index")?;
    let http = crate::line::client()?;
    let url = format!("{}/indexes/articles/documents/delete-batch", rig.line.search_url);
    let request = http.post(url).bearer_auth(rig.line.search_key()).header("content-type", "application/json");
    request.body(json!([taken.key]).to_string()).send().await?.error_for_status()?;
    crate::process::until("the document is gone", SETTLES_WITHIN, async || {
        audit::documents(&rig.line).await.is_ok_and(|found| !found.contains(&taken))
    })
    .await?;
    let verdict = rig.audit().await?;
    if verdict.lost.len() != 1 || !verdict.lost[0].contains(&taken.article) {
        return Err(format!("one document was taken away, the audit says: {}", verdict.words()).into());
    }
    rig.broker.send_stored_again(ARTICLES, 20).await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}
