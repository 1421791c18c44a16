//! TLS between all parts, and secrets in all the places where settings take them: none of them is ever shown.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use contract::names::{self, TopologyOptions};
use testkit::eventually_within;

use crate::broker::Broker;
use crate::pressline::{command, err, json_lines, out, run, seeds};

const BOUND: std::time::Duration = std::time::Duration::from_secs(90);

/// A service as a process of its own, killed when dropped.
struct Service {
    child: Child,
    log: PathBuf,
}

impl Service {
    /// With these settings, and what else its environment says.
    fn start(folder: &Path, name: &str, settings: &str, environment: &[(&str, &str)]) -> Self {
        let (file, log) = (folder.join(format!("{name}.toml")), folder.join(format!("{name}.log")));
        std::fs::write(&file, settings).unwrap();
        let mut command = command(&["run-part", name, file.to_str().unwrap()]);
        command.envs(environment.iter().copied()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        Self { child: command.spawn().unwrap(), log }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    async fn is_ready(&self, ops: u16) {
        eventually_within(BOUND, "the service is ready", async || {
            let answer = reqwest::get(format!("http://127.0.0.1:{ops}/health/ready")).await;
            if answer.is_ok_and(|answer| answer.status() == 200) { Ok(()) } else { Err(self.log()) }
        })
        .await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_parts_speak_tls_and_nobody_shows_a_secret() {
    let broker = Broker::start().await;
    let operator = broker.connect("operator").await;
    operator.ensure(&names::topology(&TopologyOptions::default())).await.unwrap();
    let engine = testkit::engine().await;
    let front = testkit::tls_front(&broker.certificates, engine.url().trim_start_matches("http://")).await;
    let folder = broker.folder.path();
    let file = |name: &str| folder.join(name);
    let [ca, certificate, key] =
        [&broker.certificates.ca_file, &broker.certificates.cert_file, &broker.certificates.key_file];

    let tokens = file("tokens");
    let add =
        ["tokens", "new", "--title", "yanchuan-daily", "--name", "desk", "--json", "--file", tokens.to_str().unwrap()];
    let made = run(&add).await;
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let token = json_lines(&made)[0]["token"].as_str().unwrap().to_owned();
    assert!(!std::fs::read_to_string(&tokens).unwrap().contains(&token));

    let [intake_ops, parser_ops, indexer_ops, http] = [(); 4].map(|()| testkit::free_port());
    let port = broker.nats.port();
    let common = |user: &str, ops: u16| {
        format!(
            "[ops]\nlisten = \"127.0.0.1:{ops}\"\n[telemetry]\nlevel = \"trace\"\n\
             [nats]\nurl = \"tls://127.0.0.1:{port}\"\ninbox_prefix = \"_INBOX.{user}\"\ntls_ca_file = {ca:?}\ntls_required = true\n"
        )
    };
    // A password in the settings, one in a file, one in the environment beside the engine's key.
    let intake = common("intake", intake_ops)
        + &format!(
            "user = \"intake\"\npassword = \"secret-of-intake\"\n[http]\nlisten = \"127.0.0.1:{http}\"\n\
             tokens_file = {tokens:?}\ntls_cert_file = {certificate:?}\ntls_key_file = {key:?}\n"
        );
    let parser = common("parser", parser_ops) + &format!("user = \"parser\"\npassword_file = {:?}\n", file("parser"));
    let indexer = common("indexer", indexer_ops)
        + &format!("user = \"indexer\"\n[search]\nurl = {:?}\ntls_ca_file = {ca:?}\n", front.url());
    let services = [
        (Service::start(folder, "intake", &intake, &[]), intake_ops),
        (Service::start(folder, "parser", &parser, &[]), parser_ops),
        (
            Service::start(
                folder,
                "indexer",
                &indexer,
                &[("PRESSLINE__SEARCH__KEY", &engine.key()), ("PRESSLINE__NATS__PASSWORD", "secret-of-indexer")],
            ),
            indexer_ops,
        ),
    ];
    for (service, ops) in &services {
        service.is_ready(*ops).await;
    }

    let (to, ca) = (format!("https://127.0.0.1:{http}"), ca.to_str().unwrap());
    let page = seeds().join("issues/full-masthead.txt");
    let page = page.to_str().unwrap();
    let publish = |token: &str, trusted: &[&str], more: &[&str]| {
        let all = [&["publish", page, "--to", &to, "--token", token], trusted, more].concat();
        let all: Vec<_> = all.into_iter().map(str::to_owned).collect();
        async move { run(&all.iter().map(String::as_str).collect::<Vec<_>>()).await }
    };
    let sent = publish(&token, &["--ca-file", ca], &["--wait", "--timeout", "90"]).await;
    assert_eq!(sent.status.code(), Some(0), "{}{}", out(&sent), err(&sent));
    let untrusted = publish(&token, &[], &[]).await;
    assert_eq!(untrusted.status.code(), Some(69), "{}", err(&untrusted));
    let foreign = publish(&token, &["--ca-file", ca], &["--publication", "harbour-daily"]).await;
    assert_eq!(foreign.status.code(), Some(64));
    assert!(err(&foreign).contains("this token is for yanchuan-daily"), "{}", err(&foreign));
    let guessed = publish("pressline_secret-that-nobody-gave", &["--ca-file", ca], &[]).await;
    assert_eq!(guessed.status.code(), Some(64), "{}", err(&guessed));
    let found = run(&["search", "水库", "--url", &front.url(), "--key", &engine.key(), "--ca-file", ca]).await;
    assert!(out(&found).contains("水库"), "{}{}", out(&found), err(&found));
    let text = std::fs::read_to_string(broker.file()).unwrap()
        + &format!("[search]\nurl = {:?}\nkey = {:?}\ntls_ca_file = {ca:?}\n", front.url(), engine.key());
    let settings = file("operator.toml");
    std::fs::write(&settings, text).unwrap();
    let audit = run(&["audit", "--config", settings.to_str().unwrap()]).await;
    assert_eq!(audit.status.code(), Some(0), "{}{}", out(&audit), err(&audit));

    // What cannot start says why, and no more: refused by the broker, a token in the open, a mistake in the file.
    let (mut refused, mut texts) = (Vec::new(), Vec::new());
    for (number, settings) in [
        intake.replace("secret-of-intake", "secret-that-is-wrong"),
        intake.replace("tokens_file", "tokens = [\"secret-in-the-open\"]\ntokens_file"),
        intake.replace("\"secret-of-intake\"", "secret-of-intake"),
        intake.replace("password = ", "pasword = "),
        intake.replace("tls_cert_file = ", "tls_key_file = \"secret-twice\"\ntls_cert_file = "),
    ]
    .into_iter()
    .enumerate()
    {
        let settings = settings.replace(&intake_ops.to_string(), "0").replace(&http.to_string(), "0");
        let name = file(&format!("refused-{number}"));
        std::fs::create_dir(&name).unwrap();
        let settings = settings + "\n[topology]\n";
        refused.push(Service::start(
            &name,
            "intake",
            &settings.replace("[nats]\n", "[nats]\nconnect_timeout_ms = 2000\n"),
            &[],
        ));
    }
    for service in &mut refused {
        eventually_within(BOUND, "it ends or keeps trying", || {
            let ended = service.child.try_wait().unwrap().is_some_and(|status| !status.success());
            let tries = service.log().contains("refuse") || service.log().contains("authorization");
            std::future::ready(if ended || tries { Ok(()) } else { Err(service.log()) })
        })
        .await;
        texts.push(service.log());
    }

    let mut bundle = vec!["support-bundle".to_owned(), "--data".to_owned(), folder.to_str().unwrap().to_owned()];
    for name in ["intake", "parser", "indexer", "operator"] {
        bundle.extend(["--settings".to_owned(), file(&format!("{name}.toml")).to_str().unwrap().to_owned()]);
    }
    for (service, _) in &services {
        bundle.extend(["--log".to_owned(), service.log.to_str().unwrap().to_owned()]);
    }
    let mut bundled = command(&bundle.iter().map(String::as_str).collect::<Vec<_>>());
    bundled.envs([("PRESSLINE_TOKEN", token.as_str()), ("PRESSLINE__NATS__URL", "intake:secret-of-intake@127.0.0.1")]);
    let bundled = tokio::task::spawn_blocking(move || bundled.output().unwrap()).await.unwrap();
    assert_eq!(bundled.status.code(), Some(0), "{}", err(&bundled));
    // Logs at this level are longer than what goes in of them: the end of each is there.
    let shown: serde_json::Value = serde_json::from_slice(&bundled.stdout).unwrap();
    for (service, _) in &services {
        let log = shown["logs"][service.log.to_str().unwrap()].as_array().unwrap();
        let written = service.log();
        let shows =
            |line: &serde_json::Value| line.as_str().is_some_and(|line| line.len() > 20 && written.contains(line));
        assert!(log.iter().any(shows), "{log:?}");
    }
    assert!(out(&bundled).contains("intake.toml"));

    texts.extend(services.iter().map(|(service, _)| service.log()));
    for output in [&sent, &untrusted, &foreign, &guessed, &found, &audit, &bundled] {
        texts.extend([out(output), err(output)]);
    }
    assert!(texts.iter().any(|text| text.contains("sender\":\"desk")), "senders are named");
    let private = std::fs::read_to_string(&broker.certificates.key_file).unwrap();
    let (master, private) = (engine.key(), private.lines().nth(1).unwrap().to_owned());
    // Every password begins like this, and every token in the open.
    for secret in ["secret-", &token, &token[10..], &master, &private] {
        for text in &texts {
            let shown = text.lines().find(|line| line.contains(secret));
            assert_eq!(shown, None, "{secret} is shown");
        }
    }
}
