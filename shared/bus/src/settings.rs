//! How the server is reached: the section `[nats]` of every service's settings.

use std::{fmt, path::PathBuf, time::Duration};

use serde::Deserialize;

use crate::BusError;

/// Address, identity and deadlines of the connection. Unknown keys are refused.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BusSettings {
    /// `nats://host:port`, several separated by commas; `tls://` asks for TLS.
    pub url: String,
    /// What the server's operator sees in its connection list.
    pub name: String,
    /// User name, together with `password`.
    pub user: Option<String>,
    /// Password of `user`.
    pub password: Option<String>,
    /// A file with the password of `user` instead.
    pub password_file: Option<PathBuf>,
    /// Token instead of user and password.
    pub token: Option<String>,
    /// A `.creds` file with JWT and seed instead of the above.
    pub credentials_file: Option<PathBuf>,
    /// How long the first connect is tried, in milliseconds.
    pub connect_timeout_ms: u64,
    /// How long one question to the server may take, in milliseconds.
    pub request_timeout_ms: u64,
    /// How long one try of a publish waits for JetStream's ack, in milliseconds.
    pub publish_timeout_ms: u64,
    /// How often a publish is tried, with the same message id, before it counts as failed.
    pub publish_attempts: u32,
    /// First part of reply subjects, where the account allows only some (`_INBOX` if absent).
    pub inbox_prefix: Option<String>,
    /// Root certificates (PEM) beside the system's.
    pub tls_ca_file: Option<PathBuf>,
    /// The certificate (PEM) by which the server knows us, where it asks for one; together with `tls_key_file`.
    pub tls_cert_file: Option<PathBuf>,
    /// Its private key (PEM).
    pub tls_key_file: Option<PathBuf>,
    /// Refuse a connection without TLS.
    pub tls_required: bool,
}

impl Default for BusSettings {
    fn default() -> Self {
        Self {
            url: "nats://127.0.0.1:4222".into(),
            name: "pressline".into(),
            user: None,
            password: None,
            password_file: None,
            token: None,
            credentials_file: None,
            connect_timeout_ms: 10_000,
            request_timeout_ms: 5_000,
            publish_timeout_ms: 5_000,
            publish_attempts: 5,
            inbox_prefix: None,
            tls_ca_file: None,
            tls_cert_file: None,
            tls_key_file: None,
            tls_required: false,
        }
    }
}

/// Secrets stay out of logs: they are shown as present or absent.
impl fmt::Debug for BusSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusSettings")
            .field("url", &self.shown_url())
            .field("name", &self.name)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .field("password_file", &self.password_file)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("credentials_file", &self.credentials_file)
            .field("connect_timeout_ms", &self.connect_timeout_ms)
            .field("request_timeout_ms", &self.request_timeout_ms)
            .field("publish_timeout_ms", &self.publish_timeout_ms)
            .field("publish_attempts", &self.publish_attempts)
            .field("inbox_prefix", &self.inbox_prefix)
            .field("tls_ca_file", &self.tls_ca_file)
            .field("tls_cert_file", &self.tls_cert_file)
            .field("tls_key_file", &self.tls_key_file)
            .field("tls_required", &self.tls_required)
            .finish()
    }
}

impl BusSettings {
    /// Settings for one address, the rest as by default.
    pub fn at(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// Refuses what can never work, before any connection.
    pub fn check(&self) -> Result<(), BusError> {
        let bad = |key: &'static str, reason: &str| Err(BusError::Settings { key, reason: reason.into() });
        if self.url.trim().is_empty() {
            return bad("nats.url", "is empty, give nats://host:port");
        }
        // The client would not use it, and shows addresses in its own logs.
        if self.shown_url() != self.url {
            return bad("nats.url", "holds a user, give nats.user and nats.password_file instead");
        }
        for (key, value) in [
            ("nats.connect_timeout_ms", self.connect_timeout_ms),
            ("nats.request_timeout_ms", self.request_timeout_ms),
            ("nats.publish_timeout_ms", self.publish_timeout_ms),
            ("nats.publish_attempts", u64::from(self.publish_attempts)),
        ] {
            if value == 0 {
                return bad(key, "is 0, the least is 1");
            }
        }
        if self.password.is_some() && self.password_file.is_some() {
            return bad("nats.password_file", "give only one of password, password_file");
        }
        if (self.password.is_some() || self.password_file.is_some()) != self.user.is_some() {
            return bad("nats.password", "user and password belong together");
        }
        if self.tls_cert_file.is_some() != self.tls_key_file.is_some() {
            return bad("nats.tls_cert_file", "certificate and key belong together");
        }
        let identities = [self.user.is_some(), self.token.is_some(), self.credentials_file.is_some()];
        if identities.iter().filter(|given| **given).count() > 1 {
            return bad("nats.user", "give only one of user with password, token, credentials_file");
        }
        Ok(())
    }

    /// The password of `user`, from wherever it stands.
    pub(crate) fn password(&self) -> Result<Option<String>, BusError> {
        let Some(path) = &self.password_file else { return Ok(self.password.clone()) };
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text.trim_end().to_owned())),
            Err(error) => Err(BusError::Settings {
                key: "nats.password_file",
                reason: format!("{} cannot be read: {error}", path.display()),
            }),
        }
    }

    /// The address without any user information in it.
    pub(crate) fn shown_url(&self) -> String {
        self.url
            .split(',')
            .map(|one| match (one.find("://"), one.rfind('@')) {
                (Some(scheme), Some(at)) if at > scheme => {
                    format!("{}{}", &one[..scheme + 3], &one[at + 1..])
                }
                (None, Some(at)) => one[at + 1..].to_owned(),
                _ => one.to_owned(),
            })
            .collect::<Vec<_>>()
            .join(",")
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    pub(crate) fn publish_timeout(&self) -> Duration {
        Duration::from_millis(self.publish_timeout_ms)
    }
}

/// How failures are met and how long a stop may take: the section `[consume]` of services that consume.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsumeSettings {
    /// Tries of a message over which something fails that may mend, before it becomes a dead letter.
    pub attempts: u32,
    /// Pause after the first of them, in milliseconds; doubles.
    pub retry_base_ms: u64,
    /// Longest pause between them, in milliseconds.
    pub retry_max_ms: u64,
    /// How long, when asked to stop, what is in flight may take to finish, in milliseconds.
    pub drain_ms: u64,
}

impl Default for ConsumeSettings {
    fn default() -> Self {
        Self { attempts: 5, retry_base_ms: 1_000, retry_max_ms: 60_000, drain_ms: 20_000 }
    }
}

impl ConsumeSettings {
    /// Refuses what can never work, before any connection.
    pub fn check(&self) -> Result<(), BusError> {
        for (key, value, least, most) in [
            ("consume.attempts", u64::from(self.attempts), 1, 1_000),
            ("consume.retry_max_ms", self.retry_max_ms, 1, 86_400_000),
            ("consume.retry_base_ms", self.retry_base_ms, 1, self.retry_max_ms),
            ("consume.drain_ms", self.drain_ms, 1, 3_600_000),
        ] {
            if !(least..=most).contains(&value) {
                return Err(BusError::Settings { key, reason: format!("is {value}, give {least} to {most}") });
            }
        }
        Ok(())
    }

    /// How long what is in flight may take to finish.
    pub fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_never_shown() {
        let settings = BusSettings {
            url: "nats://joe:hidden@a:4222,nats://b:4222".into(),
            password: Some("hidden".into()),
            token: Some("hidden".into()),
            ..BusSettings::default()
        };
        let shown = format!("{settings:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert_eq!(settings.shown_url(), "nats://a:4222,nats://b:4222");
    }

    #[test]
    fn settings_that_cannot_work_are_refused_by_key() {
        assert!(BusSettings::default().check().is_ok());
        let zero = BusSettings { publish_attempts: 0, ..BusSettings::default() };
        let error = zero.check().unwrap_err().to_string();
        assert!(error.contains("nats.publish_attempts"), "{error}");
        let two = BusSettings {
            user: Some("a".into()),
            password: Some("b".into()),
            token: Some("c".into()),
            ..BusSettings::default()
        };
        assert!(two.check().is_err());
        let named = BusSettings { url: "nats://joe:hidden@a:4222".into(), ..BusSettings::default() };
        let error = named.check().unwrap_err().to_string();
        assert!(error.contains("nats.user") && !error.contains("hidden"), "{error}");
    }
}
