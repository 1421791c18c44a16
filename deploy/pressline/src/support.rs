//! `pressline support-bundle`: one JSON file with what whoever helps wants to know, and no secrets.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::cli::Where;
use crate::keys::role::Role;
use crate::place::{Addresses, Place};
use crate::report::{self, Problem};
use crate::status::look::Looker;

/// Stands for what is left out.
const HIDDEN: &str = "…";
/// Parts of names whose values are secret, unless they name a file.
const SECRET: [&str; 6] = ["password", "token", "key", "secret", "credential", "seed"];
/// How much of the end of a log goes in.
const LOG_BYTES: usize = 1 << 20;
const LOG_LINES: usize = 2_000;

/// What goes into the bundle, and where it goes.
#[derive(Args)]
pub struct SupportOptions {
    /// Write to this file; else to standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Settings files to put in, without their secrets
    #[arg(long, value_name = "FILE")]
    pub settings: Vec<PathBuf>,
    /// Logs of which to put in the end
    #[arg(long, value_name = "FILE")]
    pub log: Vec<PathBuf>,
    #[command(flatten)]
    pub place: Where,
}

/// Runs the command. What cannot be had is named in the bundle: it is made when things are broken.
pub async fn run(options: SupportOptions) -> Result<ExitCode, Problem> {
    let place = Place::at(&options.place.data);
    let line = match place.addresses() {
        Ok(addresses) => line(&place, addresses).await,
        Err(problem) => json!({ "problem": problem.to_string() }),
    };
    let read = |files: &[PathBuf], of: fn(&Path) -> Value| -> Map<String, Value> {
        files.iter().map(|file| (file.display().to_string(), of(file))).collect()
    };
    let bundle = json!({
        "made": Timestamp::now(),
        "version": env!("CARGO_PKG_VERSION"),
        "commit": option_env!("PRESSLINE_COMMIT"),
        "system": system(),
        "settings": read(&options.settings, settings),
        "environment": environment(std::env::vars()),
        "line": line,
        "logs": read(&options.log, log_end),
    });
    let text = serde_json::to_string_pretty(&bundle).map_err(|error| Problem::internal(error.to_string()))?;
    match &options.out {
        Some(out) => {
            std::fs::write(out, text)
                .map_err(|error| Problem::unavailable(format!("{} cannot be written: {error}", out.display())))?;
            report::note(format_args!(
                "{} holds no secrets that stand in settings; read it before you send it",
                out.display()
            ));
        }
        None => report::say(text),
    }
    Ok(ExitCode::SUCCESS)
}

async fn line(place: &Place, addresses: Addresses) -> Value {
    let shown = json!({
        "search": addresses.search, "index": addresses.index, "intake": addresses.intake,
        "metrics": addresses.metrics, "nats": without_user(&addresses.nats),
    });
    let mut metrics = Map::new();
    for (service, address) in &addresses.metrics {
        let text = match reqwest::get(format!("{address}/metrics")).await {
            Ok(answer) => answer.text().await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        metrics.insert(service.clone(), text.unwrap_or_else(|error| error).into());
    }
    let key = place.keys().read(Role::Status).or_else(|| addresses.search_key.clone());
    let status = match Looker::connect(addresses, key).await {
        Ok(mut looker) => looker.look().await,
        Err(problem) => Err(problem),
    };
    let status = status.map_or_else(|problem| json!({ "problem": problem.to_string() }), |status| json!(status));
    json!({ "addresses": shown, "status": status, "metrics": metrics })
}

fn system() -> Value {
    let first = |file: &str| std::fs::read_to_string(file).ok().and_then(|text| text.lines().next().map(str::to_owned));
    json!({
        "os": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "kernel": first("/proc/sys/kernel/osrelease"),
        "memory": first("/proc/meminfo"),
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
    })
}

/// The settings file without its secrets.
fn settings(file: &Path) -> Value {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => return json!({ "problem": error.to_string() }),
    };
    match toml::from_str::<Value>(&text) {
        Ok(mut settings) => {
            hide(&mut settings, false);
            settings
        }
        // Its text may hold the line that is wrong, and that line a secret.
        Err(error) => {
            json!({ "problem": format!("not valid TOML near byte {}", error.span().map_or(0, |at| at.start)) })
        }
    }
}

/// Pressline's own variables, without their secrets.
fn environment(variables: impl Iterator<Item = (String, String)>) -> Value {
    let ours = variables.filter(|(name, _)| name.starts_with("PRESSLINE"));
    let mut ours: Value = ours.map(|(name, value)| (name, Value::from(value))).collect::<Map<_, _>>().into();
    hide(&mut ours, false);
    ours
}

/// Replaces what a secret name holds, and user and password in addresses.
fn hide(value: &mut Value, secret: bool) {
    match value {
        Value::Object(entries) => {
            for (name, entry) in entries {
                hide(entry, secret || is_secret(name));
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| hide(entry, secret)),
        Value::String(text) if !secret => *text = without_user(text),
        Value::Null | Value::Bool(_) => {}
        other if secret => *other = HIDDEN.into(),
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.ends_with("_file") && SECRET.iter().any(|part| name.contains(part))
}

/// `nats://user:password@host` without what stands before `@`, in each of several addresses.
fn without_user(text: &str) -> String {
    let one = |address: &str| match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}{HIDDEN}{}", &address[..scheme + 3], &address[at..]),
        (None, Some(at)) => format!("{HIDDEN}{}", &address[at..]),
        _ => address.to_owned(),
    };
    text.split(',').map(one).collect::<Vec<_>>().join(",")
}

fn log_end(file: &Path) -> Value {
    match std::fs::read(file) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(LOG_BYTES)..]).into_owned();
            let lines: Vec<_> = text.lines().collect();
            json!(lines[lines.len().saturating_sub(LOG_LINES)..])
        }
        Err(error) => json!({ "problem": error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_settings_or_environment_comes_through_and_file_names_do() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = "[nats]\nurl = \"nats://joe:hidden@a:1,nats://b:2,joe:hidden@c:3\"\npassword = \"hidden\"\npassword_file = \"/etc/p\"\n\
             [http]\ntokens = [\"hidden\", \"hidden\"]\nmax_uploads = 8\n[search]\nkey = \"hidden\"\n";
        std::fs::write(file.path(), text).unwrap();
        let shown = settings(file.path());
        assert!(!shown.to_string().contains("hidden"), "{shown}");
        assert_eq!(shown["nats"]["url"], "nats://…@a:1,nats://b:2,…@c:3");
        assert_eq!(shown["nats"]["password_file"], "/etc/p");
        assert_eq!((&shown["http"]["tokens"], &shown["http"]["max_uploads"]), (&json!(["…", "…"]), &json!(8)));

        let variables =
            [("PRESSLINE__SEARCH__KEY", "hidden"), ("PRESSLINE__HTTP__LISTEN", "0.0.0.0:1"), ("HOME", "hidden")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            environment(variables.into_iter()),
            json!({
                "PRESSLINE__SEARCH__KEY": "…", "PRESSLINE__HTTP__LISTEN": "0.0.0.0:1",
            })
        );

        std::fs::write(file.path(), "password = hidden").unwrap();
        assert!(!settings(file.path()).to_string().contains("hidden"));
    }
}
