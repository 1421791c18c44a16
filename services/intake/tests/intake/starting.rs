//! What keeps intake from starting, and what it says then.

use crate::common::{settings, with_folder};
use intake::Settings;
use runtime::StartError;
use tokio_util::sync::CancellationToken;

async fn refused(settings: Settings) -> StartError {
    match intake::start(settings, CancellationToken::new()).await {
        Ok(_) => panic!("it started"),
        Err(error) => error,
    }
}

/// Settings whose broker nobody can reach: what is refused with these was refused before any connection.
fn unconnected() -> Settings {
    let mut settings = Settings::default();
    settings.nats.url = "nats://127.0.0.1:1".into();
    settings.nats.connect_timeout_ms = 200;
    settings.http.listen = ([127, 0, 0, 1], 0).into();
    settings
}

#[test]
fn the_shipped_settings_are_valid_and_say_what_the_defaults_are() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/settings/intake.toml");
    let shipped: Settings = runtime::settings::load_from(Some(file.as_ref()), Default::default()).unwrap();
    shipped.check().unwrap();
    let folder = shipped.folder.clone().unwrap();
    assert_eq!(folder, intake::FolderSettings::at(folder.path.clone()));
    let defaults = Settings { folder: shipped.folder.clone(), ..Settings::default() };
    assert_eq!(format!("{shipped:?}"), format!("{defaults:?}"));
}

#[tokio::test]
async fn bad_settings_and_folders_are_refused_before_any_connection() {
    let mut open = unconnected();
    open.http.listen = ([0, 0, 0, 0], 0).into();
    let error = refused(open).await;
    assert_eq!(error.exit_code(), 64);
    assert!(error.to_string().contains("http.tokens"), "{error}");

    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = Some(intake::FolderSettings::at(file.path()));
    let error = refused(Settings { folder, ..unconnected() }).await;
    assert_eq!(error.exit_code(), 69);
    assert!(error.to_string().contains("incoming cannot be made"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_asks_for_the_broker_and_changes_nothing_there() {
    let nats = testkit::nats().await;
    let check = async |url: String, more: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("[nats]\nurl = \"{url}\"\nconnect_timeout_ms = 500\n{more}")).unwrap();
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_intake"));
        let ended = program.arg("--config").arg(file.path()).arg("--check").output().await.unwrap();
        (ended.status.code().unwrap(), String::from_utf8(ended.stderr).unwrap())
    };
    let (code, said) = check("nats://127.0.0.1:1".into(), "").await;
    assert!(code == 69 && said.contains("127.0.0.1:1"), "{code} {said}");
    assert_eq!(check(nats.url(), "[http]\nlisten = \"0.0.0.0:0\"\n").await.0, 64);
    assert_eq!(check(nats.url(), "").await.0, 0);
    let bus = bus::Bus::connect(&bus::BusSettings::at(nats.url())).await.unwrap();
    assert!(bus.overview().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = unconnected();
    settings.http.listen = taken.local_addr().unwrap();
    let error = refused(settings.clone()).await;
    assert!(error.to_string().contains(&settings.http.listen.to_string()), "{error}");
}

#[tokio::test]
async fn a_broker_that_comes_later_is_waited_for_and_a_stop_ends_the_wait() {
    let shutdown = CancellationToken::new();
    let waiting = tokio::spawn(intake::run(unconnected(), shutdown.clone()));
    shutdown.cancel();
    waiting.await.unwrap().unwrap();

    let port = testkit::free_port();
    let mut settings = unconnected();
    settings.nats.url = format!("nats://127.0.0.1:{port}");
    let starting = tokio::spawn(intake::start(settings, CancellationToken::new()));
    let _nats = testkit::nats_with(|options| options.port = Some(port)).await;
    assert!(starting.await.unwrap().is_ok());
}

#[tokio::test]
async fn an_inline_limit_above_the_brokers_is_refused() {
    let nats = testkit::nats().await;
    let error = refused(Settings { inline_limit: 1 << 20, ..settings(&nats) }).await;
    assert_eq!(error.exit_code(), 64);
    assert!(error.to_string().contains("inline_limit is 1048576"), "{error}");
}

#[tokio::test]
async fn streams_that_differ_are_refused_and_left_as_they_are() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    crate::common::Intake::start(with_folder(&nats, root.path())).await.stop().await;
    let mut other = settings(&nats);
    other.topology.issues_max_bytes += 1;
    let error = refused(other).await;
    assert_eq!(error.exit_code(), 69);
    assert!(error.to_string().contains("max_bytes"), "{error}");
    crate::common::Intake::start(settings(&nats)).await.stop().await;
}
