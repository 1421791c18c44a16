//! Each difference mended: what is missing is replayed, what may not be there is purged. Doing it twice does no harm.

use contract::ledger::Ledger;
use indicatif::ProgressBar;

use super::judge::{Difference, Kind};
use crate::engines::Engines;
use crate::operator::{Operator, ledger};
use crate::replay;
use crate::report::{self, Problem};

/// Mends one difference; says what was done.
pub(super) async fn one(
    operator: &Operator,
    engines: &Engines,
    difference: &Difference,
    run: &str,
    purge_unknown: bool,
) -> Result<String, Problem> {
    let index = operator.search.index.as_str();
    let issue = &difference.issue;
    match difference.kind {
        Kind::NotExtracted | Kind::NotClosed | Kind::ArticlesMissing => {
            let known = operator.receipts.ledger(issue).await.map_err(ledger)?;
            let Some(sequence) = difference.sequence.or_else(|| place(&known, difference.revision)) else {
                return Err(Problem::failed("where its file is stored is not known"));
            };
            match replay::again(operator, sequence, None, run, &ProgressBar::hidden()).await? {
                true => Ok(format!("replayed from message {sequence}")),
                false => Err(Problem::failed("its file is no longer kept: have it sent again")),
            }
        }
        Kind::Lost => Err(Problem::failed("have it sent again")),
        Kind::Unknown if !purge_unknown => Err(Problem::failed("--purge-unknown purges them")),
        Kind::Unknown | Kind::Withdrawn => {
            engines.purge(index, &format!("issue_id = \"{issue}\"")).await?;
            Ok(purged(difference))
        }
        Kind::Superseded | Kind::Doubled => {
            // The fence as it is now, not as it was found: what is newer must stay.
            let fence = operator.receipts.fence(issue).await.map_err(ledger)?.revision;
            engines.purge(index, &format!("issue_id = \"{issue}\" AND revision < {fence}")).await?;
            Ok(purged(difference))
        }
        Kind::Elsewhere => elsewhere(operator, engines, difference).await,
        Kind::Killed => {
            engines.remove(index, &difference.documents).await?;
            Ok(purged(difference))
        }
    }
}

/// Off the other servers, once their own has as many of the revision that counts as its receipt says.
async fn elsewhere(operator: &Operator, engines: &Engines, difference: &Difference) -> Result<String, Problem> {
    let (index, issue) = (operator.search.index.as_str(), &difference.issue);
    let known = operator.receipts.ledger(issue).await.map_err(ledger)?;
    let wanted = known.indexed.as_ref().map_or((0, 0), |indexed| (indexed.revision, u64::from(indexed.articles)));
    let filter = format!("issue_id = \"{issue}\" AND revision = {}", wanted.0);
    let there = engines.of(issue).count(index, Some(&filter)).await? + known.fence.killed.len() as u64;
    if there < wanted.1 {
        return Err(Problem::failed(
            "their own server does not have them yet: `pressline reindex`, or audit once more",
        ));
    }
    let names = engines.route().names();
    let own = &names[engines.route().place(issue)];
    for (_, engine) in engines.each().filter(|(name, _)| name != own) {
        engine.purge(index, &format!("issue_id = \"{issue}\"")).await?;
    }
    Ok(purged(difference))
}

/// Where the file of a revision is stored: its revision is its place.
fn place(known: &Ledger, revision: Option<u64>) -> Option<u64> {
    revision.or_else(|| known.received.as_ref().map(|received| received.revision))
}

fn purged(difference: &Difference) -> String {
    format!("{} purged", report::count(difference.count as usize, "document"))
}
