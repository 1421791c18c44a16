//! One question to a nats-server by hand, so that this crate needs no client.

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// What a server says of itself, and its answer.
pub(crate) struct Told {
    info: Value,
    pub(crate) answer: Option<Value>,
}

impl Told {
    /// It is the server of this name, with JetStream; who answers on a port may be somebody else's.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.info["server_name"] == name && self.info["jetstream"] == true
    }
}

/// Asks on `subject`; no answer if nobody listens there or the server wants to know who asks.
pub(crate) async fn ask(port: u16, subject: &str) -> std::io::Result<Told> {
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let info = line.strip_prefix("INFO ").unwrap_or("null");
    let info: Value = serde_json::from_str(info)?;
    if info["tls_required"] == true || info["auth_required"] == true {
        return Ok(Told { info, answer: None });
    }
    let question = format!(
        "CONNECT {{\"verbose\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1}}\r\n\
         SUB _INBOX.ask 1\r\nPUB {subject} _INBOX.ask 0\r\n\r\n"
    );
    stream.write_all(question.as_bytes()).await?;
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(Told { info, answer: None });
        }
        if line.starts_with("PING") {
            stream.write_all(b"PONG\r\n").await?;
        } else if line.starts_with("MSG ") {
            let size = line.split_whitespace().last().and_then(|size| size.parse().ok()).unwrap_or(0);
            let mut answer = vec![0; size];
            stream.read_exact(&mut answer).await?;
            return Ok(Told { info, answer: serde_json::from_slice(&answer).ok() });
        } else if line.starts_with("HMSG ") || line.starts_with("-ERR") {
            return Ok(Told { info, answer: None });
        }
    }
}
