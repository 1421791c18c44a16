//! A broker as deploy/settings/nats describes it.

use std::path::Path;

use bus::{Bus, BusSettings};
use servers::nats::SettingsFile;
use testkit::{Certificates, Nats};

use crate::pressline::repository;

const USERS: [&str; 6] = ["operator", "intake", "parser", "indexer", "newsroom", "system"];

/// A nats-server with the shipped settings.
pub struct Broker {
    pub nats: Nats,
    pub certificates: Certificates,
    pub folder: tempfile::TempDir,
}

impl Broker {
    /// With the shipped files as they are; what is different on every machine comes from variables, as there.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificates = testkit::certificates(folder.path());
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let mut variables = vec![
            ("NATS_STORE_DIR".to_owned(), path(&folder.path().join("store"))),
            ("NATS_MONITOR".to_owned(), format!("127.0.0.1:{}", testkit::free_port())),
            ("NATS_CERT_FILE".to_owned(), path(&certificates.cert_file)),
            ("NATS_KEY_FILE".to_owned(), path(&certificates.key_file)),
            ("NATS_CA_FILE".to_owned(), path(&certificates.ca_file)),
        ];
        for user in USERS {
            variables.push((format!("NATS_PASSWORD_{}", user.to_uppercase()), format!("secret-of-{user}")));
            std::fs::write(folder.path().join(user), format!("secret-of-{user}\n")).unwrap();
        }
        let file = SettingsFile { path: repository().join("deploy/settings/nats/one-node.conf"), variables };
        let nats = testkit::nats_with(|options| options.settings = Some(file)).await;
        Self { nats, certificates, folder }
    }

    /// A user's settings.
    pub fn settings(&self, user: &str) -> BusSettings {
        BusSettings {
            user: Some(user.to_owned()),
            password_file: Some(self.folder.path().join(user)),
            inbox_prefix: Some(format!("_INBOX.{user}")),
            tls_ca_file: Some(self.certificates.ca_file.clone()),
            tls_required: true,
            request_timeout_ms: 2_000,
            publish_timeout_ms: 2_000,
            publish_attempts: 2,
            ..BusSettings::at(format!("tls://127.0.0.1:{}", self.nats.port()))
        }
    }

    /// What the server has refused to whom, as it logs it.
    pub fn refused(&self) -> Vec<String> {
        let log = self.nats.log();
        log.lines().filter(|line| line.contains("Violation")).map(str::to_owned).collect()
    }

    /// As this user.
    pub async fn connect(&self, user: &str) -> Bus {
        Bus::connect(&self.settings(user)).await.unwrap()
    }

    /// The operator's settings file.
    pub fn file(&self) -> String {
        let file = self.folder.path().join("operator.toml");
        let text = format!(
            "[nats]\nurl = \"tls://127.0.0.1:{}\"\nuser = \"operator\"\npassword_file = {:?}\ntls_ca_file = {:?}\n",
            self.nats.port(),
            self.folder.path().join("operator"),
            self.certificates.ca_file,
        );
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }
}
