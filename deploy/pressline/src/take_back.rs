//! `pressline withdraw` and `pressline kill`: an issue or an article out of the index, for good.

use std::process::ExitCode;

use contract::{ArticleId, IssueId};

use crate::cli::{Intake, KillOptions, WithdrawOptions};
use crate::intake_client::IntakeClient;
use crate::place::Place;
use crate::report::{self, Problem};

/// Runs `pressline withdraw`.
pub async fn withdraw(options: WithdrawOptions) -> Result<ExitCode, Problem> {
    let id: IssueId = options.issue.parse().map_err(Problem::settings)?;
    take_back(options.intake, &format!("issues/{id}"), &options.reason).await?;
    report::note(format!("issue {id} is withdrawn; it leaves the index now and does not come back"));
    Ok(ExitCode::SUCCESS)
}

/// Runs `pressline kill`.
pub async fn kill(options: KillOptions) -> Result<ExitCode, Problem> {
    let id: ArticleId = options.article.parse().map_err(Problem::settings)?;
    take_back(options.intake, &format!("articles/{id}"), &options.reason).await?;
    report::note(format!("article {id} is killed; it leaves the index now and does not come back"));
    Ok(ExitCode::SUCCESS)
}

async fn take_back(intake: Intake, what: &str, reason: &str) -> Result<(), Problem> {
    let (url, token) = match intake.to {
        Some(url) => (url, intake.token),
        None => {
            let addresses = Place::at(&intake.place.data).addresses()?;
            (addresses.intake, intake.token.or(addresses.intake_token))
        }
    };
    IntakeClient::new(&url, token)?.take_back(what, reason).await
}
