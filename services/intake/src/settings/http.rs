//! Section `[http]`: the upload address, who may use it, and how much of it one of them may take.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use crate::tokens::{Book, TokenLines};

/// Section `[http]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSettings {
    /// Address for uploads; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The certificate (PEM, with those between it and the root) to serve TLS with, together with `tls_key_file`; both are
    /// read again when they change.
    pub tls_cert_file: Option<PathBuf>,
    /// Its private key (PEM).
    pub tls_key_file: Option<PathBuf>,
    /// Hashed bearer tokens, as the lines of `tokens_file`; in a variable of the environment they are parted by `;`.
    pub tokens: TokenLines,
    /// A file with one hashed token a line, as `pressline tokens new` prints it; read again when it changes. Empty lines and
    /// lines that begin with `#` are skipped.
    pub tokens_file: Option<PathBuf>,
    /// Lets anyone upload on an address that other machines reach.
    pub allow_anonymous: bool,
    /// How long the headers of a request (and a silent connection, and a TLS handshake) may take, in milliseconds.
    pub header_timeout_ms: u64,
    /// How long the body of a request may take, in milliseconds.
    pub body_timeout_ms: u64,
    /// Most connections at a time; more wait in the system's queue.
    pub max_connections: usize,
    /// Most connections from one address at a time; more are told to come again. All that a proxy forwards come from its one.
    pub max_connections_per_address: usize,
    /// Most bodies read at a time, one sender's at most half of them; an upload that finds no place soon is answered 503.
    pub max_uploads: usize,
    /// Most requests of one token a minute, or of one address where there is no valid token; more are answered 429.
    pub requests_per_minute: u32,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            tls_cert_file: None,
            tls_key_file: None,
            tokens: TokenLines::default(),
            tokens_file: None,
            allow_anonymous: false,
            header_timeout_ms: 10_000,
            body_timeout_ms: 60_000,
            max_connections: 256,
            max_connections_per_address: 64,
            max_uploads: 8,
            requests_per_minute: 30_000,
        }
    }
}

impl HttpSettings {
    /// Values of which each must be at least one, by key.
    pub(super) fn bounds(&self) -> [(&'static str, u64); 6] {
        [
            ("http.header_timeout_ms", self.header_timeout_ms),
            ("http.body_timeout_ms", self.body_timeout_ms),
            ("http.max_connections", self.max_connections as u64),
            ("http.max_connections_per_address", self.max_connections_per_address as u64),
            ("http.max_uploads", self.max_uploads as u64),
            ("http.requests_per_minute", u64::from(self.requests_per_minute)),
        ]
    }

    /// Certificate and key, where TLS is to be served.
    ///
    /// # Errors
    /// One without the other.
    pub fn tls_files(&self) -> Result<Option<(PathBuf, PathBuf)>, String> {
        match (&self.tls_cert_file, &self.tls_key_file) {
            (Some(certificate), Some(key)) => Ok(Some((certificate.clone(), key.clone()))),
            (None, None) => Ok(None),
            _ => Err("http.tls_cert_file and http.tls_key_file belong together; give both or none".to_owned()),
        }
    }

    /// The senders, by settings and file; read anew at each call.
    ///
    /// # Errors
    /// A file that cannot be read or holds no token, a line that is none; nobody on an address that others reach.
    pub fn senders(&self) -> Result<Book, String> {
        let mut book = Book::default();
        book.add("http.tokens", self.tokens.0.iter().map(String::as_str))?;
        if let Some(path) = &self.tokens_file {
            let text = std::fs::read_to_string(path).map_err(|error| {
                format!("http.tokens_file {} cannot be read: {error}; give intake's user the right", path.display())
            })?;
            if book.add(&format!("http.tokens_file {}", path.display()), text.lines())? == 0 {
                return Err(format!(
                    "http.tokens_file {} holds no token; add the line that `pressline tokens new` prints",
                    path.display()
                ));
            }
        }
        if book.is_empty() && !self.allow_anonymous && !self.listen.ip().is_loopback() {
            return Err(format!(
                "http.listen {} is reached by other machines and http.tokens is empty; \
                 set http.tokens or http.tokens_file, or http.allow_anonymous = true",
                self.listen
            ));
        }
        Ok(book)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Token;

    #[test]
    fn an_open_address_needs_tokens_or_an_explicit_word() {
        let open = HttpSettings { listen: "0.0.0.0:0".parse().unwrap(), ..HttpSettings::default() };
        assert!(open.senders().unwrap_err().contains("http.listen 0.0.0.0:0"));
        let tokens = TokenLines(vec![Token::new().line(&[], None)]);
        assert!(HttpSettings { tokens, ..open.clone() }.senders().is_ok());
        assert!(HttpSettings { allow_anonymous: true, ..open }.senders().is_ok());
    }

    #[test]
    fn tokens_of_list_and_file_are_joined() {
        let (one, two, three) = (Token::new(), Token::new(), Token::new());
        let daily = ["harbour-daily".parse().unwrap(), "coast-times".parse().unwrap()];
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("# the newsroom\n{}\n\n", three.line(&daily, Some("desk")))).unwrap();
        let variable = format!("\"{}; {}\"", one.line(&daily, None), two.line(&[], None));
        let settings = HttpSettings {
            tokens: serde_json::from_str(&variable).unwrap(),
            tokens_file: Some(file.path().to_owned()),
            ..HttpSettings::default()
        };
        let book = settings.senders().unwrap();
        for token in [&one, &two, &three] {
            assert!(book.find(token.secret().as_bytes()).is_some());
        }
        assert_eq!(format!("{:?}", settings.tokens), "2 tokens");
    }

    #[test]
    fn certificate_and_key_belong_together() {
        let alone = HttpSettings { tls_cert_file: Some("/c.pem".into()), ..HttpSettings::default() };
        assert!(alone.tls_files().unwrap_err().contains("http.tls_key_file"));
        let both = HttpSettings { tls_key_file: Some("/k.pem".into()), ..alone };
        assert_eq!(both.tls_files().unwrap(), Some(("/c.pem".into(), "/k.pem".into())));
    }
}
