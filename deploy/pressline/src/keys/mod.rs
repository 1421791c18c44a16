//! `pressline keys`: who may talk to the search engine, and what they may do there.
//!
//! With the engine's master key this makes one key for each role, scoped to the articles' index, so that no service
//! and no frontend ever has the master key. Keys are found again by their names, so that everything here can be done
//! twice. For the line that `pressline up` runs they are kept as files in its data folder; its indexer and its search
//! page read them anew, so a rotation needs no restart. For an engine elsewhere they are printed.
//!
//! | module | holds |
//! | --- | --- |
//! | [`options`] | the command line |
//! | [`role`] | which keys there are and what each allows |
//! | [`server`] | the engine's key routes |
//! | [`files`] | keys in the data folder |
//! | [`token`] | tenant tokens |

pub mod files;
pub mod options;
pub mod role;
pub mod server;
pub mod token;

use std::process::ExitCode;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use self::files::{KeyFiles, read_key};
use self::options::{KeysCommand, KeysOptions};
use self::role::Role;
use self::server::{Key, KeyServer, addresses};
use crate::place::Place;
use crate::report::{self, DIM, Problem, paint};

/// The master key in the environment. No option: what stands on a command line, everybody on the machine can read.
const MASTER_KEY: &str = "PRESSLINE_MASTER_KEY";

/// Runs the command.
pub async fn run(options: KeysOptions) -> Result<ExitCode, Problem> {
    let place = Place::at(&options.data);
    // Keys are kept where the line that uses them looks for them.
    let (url, files) = match &options.url {
        Some(url) => (url.clone(), None),
        None => (place.addresses()?.engines().join(","), Some(place.keys())),
    };
    let server = KeyServer::new(&url, master_key(&options, files.as_ref())?)?;
    let index = options.index.as_str();
    match options.command {
        KeysCommand::List { json } => list(&server, json).await?,
        KeysCommand::Setup { out, page_config, page_url, wait, json } => {
            let files = out.map(KeyFiles::at).or(files);
            let keys = set_up_within(Duration::from_secs(wait), &server, index, files.as_ref()).await?;
            for (role, key) in &keys {
                show(*role, key, files.as_ref(), json);
            }
            let search = keys.iter().find(|(role, _)| *role == Role::Search);
            if let (Some(file), Some(url), Some((_, key))) = (page_config, page_url, search) {
                let config = page_config_of(&addresses(&url).collect::<Vec<_>>(), index, Some(&key.key));
                std::fs::write(&file, config.to_string())
                    .map_err(|error| Problem::unavailable(format!("{} cannot be written: {error}", file.display())))?;
            }
        }
        KeysCommand::Rotate { only, grace, json } => {
            let now = Timestamp::now();
            let grace = from(now, grace)?.duration_since(now).try_into().unwrap_or(Duration::ZERO);
            return rotate(&server, index, files.as_ref(), only, grace, json).await;
        }
        KeysCommand::TenantToken { publication, expires } => {
            let known = server.list().await?;
            let key = server.ensure(&known, Role::Search, index).await?;
            let expires = expires.map(|span| from(Timestamp::now(), span)).transpose()?;
            let token = token::for_publications(&key, index, &publication, expires);
            report::say(token.ok_or_else(|| Problem::internal("the token could not be signed"))?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The keys of all roles, those that are missing made, kept in `files` where there are such.
pub async fn set_up(server: &KeyServer, index: &str, files: Option<&KeyFiles>) -> Result<Vec<(Role, Key)>, Problem> {
    let known = server.list().await?;
    let mut keys = Vec::new();
    for role in Role::ALL {
        let key = server.ensure(&known, role, index).await?;
        if let Some(files) = files {
            files.write(role, &key.key)?;
        }
        keys.push((role, key));
    }
    Ok(keys)
}

/// As [`set_up`], for an engine that may still be starting.
async fn set_up_within(
    wait: Duration,
    server: &KeyServer,
    index: &str,
    files: Option<&KeyFiles>,
) -> Result<Vec<(Role, Key)>, Problem> {
    const PAUSE: Duration = Duration::from_millis(500);
    let end = tokio::time::Instant::now() + wait;
    loop {
        match set_up(server, index, files).await {
            Err(problem) if problem.is_unavailable() && tokio::time::Instant::now() + PAUSE < end => {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

async fn rotate(
    server: &KeyServer,
    index: &str,
    files: Option<&KeyFiles>,
    only: Option<Role>,
    grace: Duration,
    as_json: bool,
) -> Result<ExitCode, Problem> {
    let mut fresh = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| only.is_none_or(|only| only == *role)) {
        let key = server.create(role, index).await?;
        if let Some(files) = files {
            files.write(role, &key.key)?;
        }
        show(role, &key, files, as_json);
        fresh.push((role, key.uid));
    }
    if !grace.is_zero() {
        report::note(paint(DIM, format!("the old keys open for {} s more; Ctrl-C leaves them", grace.as_secs())));
        tokio::select! {
            () = tokio::time::sleep(grace) => {}
            () = runtime::stop_signal() => {
                report::note("the old keys still open; the next `pressline keys rotate` deletes them");
                return Ok(ExitCode::from(130));
            }
        }
    }
    let mut deleted = 0;
    for (role, uid) in &fresh {
        deleted += server.delete_others(*role, index, uid).await?;
    }
    report::note(paint(DIM, format!("{} deleted", report::count(deleted, "old key"))));
    Ok(ExitCode::SUCCESS)
}

async fn list(server: &KeyServer, as_json: bool) -> Result<(), Problem> {
    let keys = server.list().await?;
    if as_json {
        for key in &keys {
            report::say(serde_json::to_value(key).map_err(|error| Problem::internal(error.to_string()))?);
        }
        return Ok(());
    }
    let mut table = report::table(&["name", "uid", "actions", "indexes", "until"]);
    for key in &keys {
        let name = key.name.as_deref().unwrap_or("–");
        let until = key.expires_at.as_deref().unwrap_or("–");
        table.add_row([name, &key.uid, &key.actions.join(" "), &key.indexes.join(" "), until]);
    }
    report::say(report::rows(&table));
    Ok(())
}

/// What the search page is told of where it searches: one engine, or several with the same key.
pub fn page_config_of(urls: &[String], index: &str, key: Option<&str>) -> Value {
    let mut config = match urls {
        [url] => json!({ "url": url, "index": index }),
        several => json!({ "urls": several, "index": index }),
    };
    if let Some(key) = key {
        config["key"] = key.into();
    }
    config
}

/// A key that is kept in a file is not shown, but for the one that everybody may see.
fn show(role: Role, key: &Key, files: Option<&KeyFiles>, as_json: bool) {
    let file = files.map(|files| files.path(role).display().to_string());
    let text = (file.is_none() || role == Role::Search).then_some(&key.key);
    if as_json {
        report::say(json!({"role": role, "uid": key.uid, "key": text, "file": file}));
        return;
    }
    let shown: Vec<_> = [text.cloned(), file].into_iter().flatten().collect();
    report::say(format!("{:<8} {}", role.word(), shown.join("  ")));
}

fn master_key(options: &KeysOptions, files: Option<&KeyFiles>) -> Result<String, Problem> {
    if let Some(path) = &options.master_key_file {
        return read_master(path);
    }
    let given = std::env::var(MASTER_KEY).ok().filter(|key| !key.is_empty());
    given.or_else(|| files?.master()).ok_or_else(|| {
        Problem::settings(format!("the master key is needed: give --master-key-file FILE, or {MASTER_KEY}"))
    })
}

/// The master key in a file that the user named.
pub fn read_master(path: &std::path::Path) -> Result<String, Problem> {
    read_key(path)
        .map_err(|error| Problem::settings(format!("master key file {} cannot be read: {error}", path.display())))
}

/// The moment that lies `span` after `now`; days are days of 24 hours.
fn from(now: Timestamp, span: Span) -> Result<Timestamp, Problem> {
    let then = now.to_zoned(TimeZone::UTC).checked_add(span).map(|then| then.timestamp());
    match then {
        Ok(then) if then >= now => Ok(then),
        _ => Err(Problem::settings(format!("time {span:#} cannot be used: give one to come, e.g. 30m, 2h or 30d"))),
    }
}
