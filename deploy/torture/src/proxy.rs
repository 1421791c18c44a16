//! A TCP proxy that stands between two parts and can do what networks do: cut, refuse, delay, go silent, answer nonsense.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::trap::{Side, Trap};

/// What it does with what comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Hands it on.
    Open,
    /// Cuts what is open, and whatever is opened.
    Refuse,
    /// Hands it on after a while.
    Delay(Duration),
    /// Hands on what the client says and drops what the server answers: the client does not know what was done.
    DropAnswers,
    /// Closes its side towards the server as soon as the client says something, and goes on listening to both.
    HalfClose,
    /// Takes everything and says nothing.
    Hang,
    /// Answers everything with these bytes and closes.
    Answer(Vec<u8>),
    /// Answers what begins in one way, closes, and hands on the rest.
    Tell(Arc<Told>),
    /// Hands on until the trap springs; then the connection that sprung it stands still until the mode is another.
    Trap(Arc<Trap>),
}

/// An HTTP answer.
pub fn http(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
    format!("{head}Connection: close\r\n\r\n{body}").into_bytes()
}

/// What a proxy answers to what begins so, and how often it has.
#[derive(Debug)]
pub struct Told {
    begins: &'static str,
    answer: Vec<u8>,
    times: AtomicUsize,
}

impl Told {
    /// Not told yet.
    pub fn new(begins: &'static str, answer: Vec<u8>) -> Self {
        Self { begins, answer, times: AtomicUsize::new(0) }
    }

    /// How often it was told.
    pub fn times(&self) -> usize {
        self.times.load(Ordering::Relaxed)
    }
}

impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Told {}

/// A proxy on a port of its own. Dropping it cuts everything.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    cut: watch::Sender<u64>,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// A proxy in front of `target`.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (mode, cut) = (watch::Sender::new(Mode::Open), watch::Sender::new(0));
        let (modes, cuts) = (mode.subscribe(), cut.subscribe());
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let relay = Relay {
                    mode: modes.clone(),
                    cut: cuts.clone(),
                    dirty: false,
                    held: None,
                    deaf: false,
                    owed: false,
                    tail: Vec::new(),
                };
                tokio::spawn(relay.run(client, target));
            }
        });
        Ok(Self { address, mode, cut, listening })
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Sets a trap: the connection that says `words` for the `nth` time, counted over all connections from 1, stands still.
    pub fn trap(&self, words: impl Into<String>, nth: usize, side: Side) -> Arc<Trap> {
        let trap = Arc::new(Trap::new(words.into(), nth, side));
        self.set(Mode::Trap(trap.clone()));
        trap
    }

    /// Cuts every connection that is open; new ones are welcome.
    pub fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

/// One connection.
struct Relay {
    mode: watch::Receiver<Mode>,
    cut: watch::Receiver<u64>,
    /// Bytes were withheld: it can never go on as if nothing had been.
    dirty: bool,
    /// A trap holds these bytes of the client back, and whatever it says after them.
    held: Option<Vec<u8>>,
    /// A trap holds the server's answers back.
    deaf: bool,
    /// What was held back was handed on, and its answer has not come: until then the client's end is not passed on, as a proxy
    /// would finish what it has begun.
    owed: bool,
    /// The client's last bytes, for words that come in two parts.
    tail: Vec<u8>,
}

enum Next {
    Go,
    End,
}

impl Relay {
    async fn run(mut self, client: TcpStream, target: SocketAddr) {
        self.mode.mark_unchanged();
        self.cut.mark_unchanged();
        if *self.mode.borrow() == Mode::Refuse {
            return;
        }
        let Ok(server) = TcpStream::connect(target).await else { return };
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        let (mut cut, mut mode) = (self.cut.clone(), self.mode.clone());
        tokio::select! {
            _ = cut.changed() => {}
            () = self.relay(client, server) => {}
            // Ends, too, what hangs in a write.
            _ = mode.wait_for(|mode| *mode == Mode::Refuse) => {}
        }
    }

    async fn relay(&mut self, mut client: TcpStream, mut server: TcpStream) {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let (mut up, mut down) = (vec![0; 64 << 10], vec![0; 64 << 10]);
        let (mut up_open, mut down_open) = (true, true);
        while up_open || down_open {
            let next = tokio::select! {
                changed = self.mode.changed() => {
                    if changed.is_err() || self.dirty { Next::End } else { self.release(&mut to_server).await }
                }
                read = from_client.read(&mut up), if up_open && self.held.is_none() => match read {
                    Ok(0) | Err(_) => {
                        up_open = false;
                        if !self.owed {
                            let _ = to_server.shutdown().await;
                        }
                        Next::Go
                    }
                    Ok(count) => match self.upwards(&up[..count], &mut to_server, &mut to_client).await {
                        Some(next) => next,
                        None => {
                            up_open = false;
                            Next::Go
                        }
                    },
                },
                read = from_server.read(&mut down), if down_open && !self.deaf => match read {
                    Ok(0) | Err(_) => {
                        down_open = false;
                        let _ = to_client.shutdown().await;
                        Next::Go
                    }
                    Ok(count) => {
                        if std::mem::take(&mut self.owed) && !up_open {
                            let _ = to_server.shutdown().await;
                        }
                        self.downwards(&down[..count], &mut to_client).await
                    }
                },
            };
            if matches!(next, Next::End) {
                return;
            }
        }
    }

    /// What a trap held back goes on its way.
    async fn release(&mut self, server: &mut (impl AsyncWriteExt + Unpin)) -> Next {
        self.deaf = false;
        let Some(held) = self.held.take() else { return Next::Go };
        self.owed = true;
        if server.write_all(&held).await.is_ok() { Next::Go } else { Next::End }
    }

    /// `None`: the client is not listened to any more.
    async fn upwards(
        &mut self,
        bytes: &[u8],
        server: &mut (impl AsyncWriteExt + Unpin),
        client: &mut (impl AsyncWriteExt + Unpin),
    ) -> Option<Next> {
        let mode = self.mode.borrow().clone();
        match mode {
            Mode::Open | Mode::DropAnswers => {}
            Mode::Tell(told) => {
                if bytes.starts_with(told.begins.as_bytes()) {
                    told.times.fetch_add(1, Ordering::Relaxed);
                    let _ = client.write_all(&told.answer).await;
                    let _ = client.shutdown().await;
                    return Some(Next::End);
                }
            }
            Mode::Delay(time) => tokio::time::sleep(time).await,
            Mode::Refuse => return Some(Next::End),
            Mode::HalfClose => {
                self.dirty = true;
                let _ = server.shutdown().await;
                return None;
            }
            Mode::Hang => {
                self.dirty = true;
                return Some(Next::Go);
            }
            Mode::Answer(answer) => {
                let _ = client.write_all(&answer).await;
                let _ = client.shutdown().await;
                return Some(Next::End);
            }
            Mode::Trap(trap) => {
                if let Some(at) = trap.caught(&mut self.tail, bytes) {
                    let goes = if trap.side() == Side::Before { at } else { bytes.len() };
                    let written = server.write_all(&bytes[..goes]).await;
                    match trap.side() {
                        Side::Before => self.held = Some(bytes[at..].to_vec()),
                        Side::After => self.deaf = true,
                    }
                    trap.spring();
                    return Some(if written.is_ok() { Next::Go } else { Next::End });
                }
            }
        }
        Some(if server.write_all(bytes).await.is_ok() { Next::Go } else { Next::End })
    }

    async fn downwards(&mut self, bytes: &[u8], client: &mut (impl AsyncWriteExt + Unpin)) -> Next {
        let mode = self.mode.borrow().clone();
        match mode {
            Mode::Open | Mode::HalfClose | Mode::Answer(_) | Mode::Tell(_) | Mode::Trap(_) => {}
            Mode::Delay(time) => tokio::time::sleep(time).await,
            Mode::Refuse => return Next::End,
            Mode::DropAnswers | Mode::Hang => {
                self.dirty = true;
                return Next::Go;
            }
        }
        if client.write_all(bytes).await.is_ok() { Next::Go } else { Next::End }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    let _ = tokio::io::copy(&mut read, &mut write).await;
                });
            }
        });
        address
    }

    async fn say(stream: &mut TcpStream, text: &str) -> String {
        if stream.write_all(text.as_bytes()).await.is_err() {
            return String::new();
        }
        let mut answer = vec![0; 200];
        let count = stream.read(&mut answer).await.unwrap_or(0);
        String::from_utf8_lossy(&answer[..count]).into_owned()
    }

    #[tokio::test]
    async fn each_mode_does_what_it_says() {
        let proxy = Proxy::start(echo().await).await.unwrap();
        let connect = || TcpStream::connect(proxy.address());
        let mut stream = connect().await.unwrap();
        assert_eq!(say(&mut stream, "hello").await, "hello");
        proxy.cut();
        assert_eq!(say(&mut stream, "hello").await, "");
        let mut stream = connect().await.unwrap();
        assert_eq!(say(&mut stream, "again").await, "again");
        proxy.set(Mode::Answer(http("502 Bad Gateway", "text/html", "<html>")));
        assert!(say(&mut stream, "GET").await.starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
        proxy.set(Mode::Refuse);
        assert_eq!(say(&mut connect().await.unwrap(), "hello").await, "");
        for silent in [Mode::DropAnswers, Mode::Hang] {
            proxy.set(silent);
            let mut stream = connect().await.unwrap();
            let waiting = tokio::spawn(async move { say(&mut stream, "anybody there").await });
            while !waiting.is_finished() {
                proxy.cut();
                tokio::task::yield_now().await;
            }
            assert_eq!(waiting.await.unwrap(), "");
        }
        proxy.set(Mode::HalfClose);
        assert_eq!(say(&mut connect().await.unwrap(), "hello").await, "");
        for side in [Side::Before, Side::After] {
            let trap = proxy.trap("second half", 2, side);
            let (mut first, mut second) = (connect().await.unwrap(), connect().await.unwrap());
            assert_eq!(say(&mut first, "the second half").await, "the second half");
            second.write_all(b"and the sec").await.unwrap();
            assert_eq!(say(&mut first, "others go on").await, "others go on");
            second.write_all(b"ond half").await.unwrap();
            trap.sprung().await;
            assert_eq!(say(&mut first, "second half, and on").await, "second half, and on");
            // Whoever said it is gone, and it still comes in, and is answered.
            second.shutdown().await.unwrap();
            proxy.set(Mode::Open);
            let mut answer = String::new();
            second.read_to_string(&mut answer).await.unwrap();
            assert_eq!(answer, "and the second half", "{side:?}");
        }
        proxy.set(Mode::Delay(Duration::from_millis(1)));
        assert_eq!(say(&mut connect().await.unwrap(), "late").await, "late");
    }
}
