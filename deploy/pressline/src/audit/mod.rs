//! `pressline audit`: do ledger, streams and index agree? Every difference is listed, and mended where that is asked for.
//!
//! Three walks, each page by page, so that memory does not grow with what is kept: the receipts (was each issue that was
//! accepted extracted, and are its articles in the index?), the stream of received files (has each a receipt?), and the
//! documents of each index (may each stand there?). What is on its way is no difference: how far each consumer has come is
//! asked before each page, so what was settled by then has left its mark.
//!
//! | module | holds |
//! | --- | --- |
//! | [`options`] | the command line |
//! | [`judge`] | what is a difference (pure) |
//! | [`flow`] | what is on its way |
//! | [`walks`] | the three walks |
//! | [`repair`] | each difference mended |

mod flow;
mod judge;
pub mod options;
mod repair;
mod walks;

use std::collections::BTreeMap;
use std::process::ExitCode;

use contract::{DeadLetter, names};
use serde_json::json;

use self::judge::{Difference, Kind};
use self::options::AuditOptions;
use self::walks::Found;
use crate::engines::Engines;
use crate::operator::{Operator, broker, run_name};
use crate::report::{self, BOLD, DIM, GREEN, Problem, RED, YELLOW, paint};

/// Runs the command: 0 where all agrees, 1 where there are differences, mended or not.
pub async fn run(options: AuditOptions) -> Result<ExitCode, Problem> {
    let operator = options.line.connect().await?;
    let engines = Engines::new(&operator.search)?;
    let mut found = Found::new(options.most);
    walks::receipts(&operator, &engines, &mut found).await?;
    walks::files(&operator, &mut found).await?;
    walks::documents(&operator, &engines, &mut found).await?;
    let dead = dead_letters(&operator).await?;
    let mut differences = found.differences();
    if options.repair {
        let run = run_name("audit");
        for difference in &mut differences {
            let mended = repair::one(&operator, &engines, difference, &run, options.purge_unknown).await;
            difference.repair = Some(match mended {
                Ok(done) => done,
                Err(problem) => format!("not mended: {problem}"),
            });
        }
    }
    operator.bus.close().await;
    show(&found, &differences, &dead, options.json);
    Ok(ExitCode::from(u8::from(!differences.is_empty())))
}

/// Dead letters by stage.
async fn dead_letters(operator: &Operator) -> Result<BTreeMap<String, u64>, Problem> {
    let mut reader = operator.bus.read(names::DEAD, bus::Reading { headers_only: true, ..bus::Reading::default() });
    let mut count = BTreeMap::new();
    loop {
        let page = reader.page(walks::PAGE).await.map_err(broker)?;
        if page.is_empty() {
            return Ok(count);
        }
        for letter in &page {
            *count.entry(DeadLetter::of(letter).stage).or_default() += 1;
        }
    }
}

fn show(found: &Found, differences: &[Difference], dead: &BTreeMap<String, u64>, as_json: bool) {
    let Found { issues, documents, on_the_way, .. } = found;
    if as_json {
        for difference in differences {
            report::say(json!({ "difference": difference }));
        }
        report::say(json!({
            "issues": issues, "documents": documents, "on_the_way": on_the_way, "dead_letters": dead,
            "differences": differences.len(), "unlisted": found.unlisted,
        }));
        return;
    }
    if !differences.is_empty() {
        let mut table = report::table(&["difference", "issue", "revision", "count", "detail", "repair"]);
        for one in differences {
            table.add_row([
                paint(if one.kind == Kind::Lost { RED } else { YELLOW }, one.kind.as_str()),
                one.issue.to_string(),
                one.revision.map_or_else(|| "–".to_owned(), |revision| revision.to_string()),
                one.count.to_string(),
                one.detail.clone(),
                one.repair.clone().unwrap_or_else(|| "–".to_owned()),
            ]);
        }
        report::say(report::rows(&table));
    }
    if found.unlisted > 0 {
        report::say(format!("{} more are not listed: raise --most", found.unlisted));
    }
    let verdict = match differences.len() {
        0 => paint(GREEN, "all agrees"),
        count => paint(YELLOW, report::count(count, "difference")),
    };
    let looked = format!("{issues} issues and {documents} documents looked at, {on_the_way} on their way");
    report::say(format!("{} {}", paint(BOLD, verdict), paint(DIM, looked)));
    for (stage, count) in dead {
        let line =
            format!("{} of {stage}: `pressline dead-letters list`", report::count(*count as usize, "dead letter"));
        report::say(paint(DIM, line));
    }
}
