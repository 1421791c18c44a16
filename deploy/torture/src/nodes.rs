//! The broker's nodes: killed, frozen, parted from each other, and without power.

use std::path::Path;
use std::time::Duration;

use servers::nats::{Cluster, NatsServer, Options as NatsOptions};
use tokio::sync::Mutex;

use crate::Outcome;
use crate::line::{Options, free};
use crate::process::peak;
use crate::proxy::{Mode, Proxy};

/// One node, or the nodes of a cluster, each of which reaches each other one through a proxy.
#[derive(Debug)]
pub struct Nodes {
    all: Vec<Mutex<NatsServer>>,
    /// Of each the most memory, and how often it was started.
    figures: Mutex<Vec<(u64, u32)>>,
    routes: Vec<Route>,
    /// Where clients connect, past all proxies, parted by commas.
    pub url: String,
    /// The first one's port.
    pub port: u16,
}

#[derive(Debug)]
struct Route {
    from: usize,
    to: usize,
    proxy: Proxy,
}

impl Nodes {
    /// Starts them on fixed ports: whoever is killed must come back where it was.
    pub(crate) async fn start(options: &Options, program: &Path, data: &Path) -> Outcome<Self> {
        let mut ports = Vec::new();
        for _ in 0..options.nodes {
            ports.push((free()?.port(), free()?));
        }
        let mut routes = Vec::new();
        for (from, to) in (0..options.nodes).flat_map(|from| (0..options.nodes).map(move |to| (from, to))) {
            if from != to {
                routes.push(Route { from, to, proxy: Proxy::start(ports[to].1).await? });
            }
        }
        // What they tell each other of themselves must not lead past the proxies: nobody listens there.
        let nowhere = free()?.to_string();
        let nodes = ports.iter().enumerate().map(|(at, (port, route))| {
            let others = routes.iter().filter(|route| route.from == at).map(|route| route.proxy.address().port());
            let advertise = Some(nowhere.clone());
            let cluster = Cluster { name: "torture".into(), port: route.port(), others: others.collect(), advertise };
            NatsServer::start(NatsOptions {
                port: Some(*port),
                cluster: (options.nodes > 1).then_some(cluster),
                sync_interval: options.sync_interval.clone(),
                ..NatsOptions::new(program, data.join(at.to_string()))
            })
        });
        // Together: a node is ready when there is a leader, which one alone never elects.
        let all = futures::future::try_join_all(nodes).await?;
        Ok(Self {
            url: all.iter().map(NatsServer::url).collect::<Vec<_>>().join(","),
            port: all[0].port(),
            figures: Mutex::new(all.iter().map(|node| (peak(node.id()), 1)).collect()),
            all: all.into_iter().map(Mutex::new).collect(),
            routes,
        })
    }

    /// Notes their memory.
    pub async fn look(&self) {
        for (at, node) in self.all.iter().enumerate() {
            let now = peak(node.lock().await.id());
            let mut figures = self.figures.lock().await;
            figures[at].0 = figures[at].0.max(now);
        }
    }

    /// Of each the most memory in bytes, and how often it was started.
    pub async fn figures(&self) -> Vec<(u64, u32)> {
        self.look().await;
        self.figures.lock().await.clone()
    }

    /// kill -9 of a node; it is started again after a while.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn kill(&self, which: usize, down: Duration) -> Outcome<()> {
        self.kill_and(which, async {
            tokio::time::sleep(down).await;
            Ok(())
        })
        .await
    }

    /// kill -9 of a node; it is started again when `meanwhile` is done.
    ///
    /// # Errors
    /// Those of `meanwhile`, or when it does not start.
    pub async fn kill_and(&self, which: usize, meanwhile: impl Future<Output = Outcome<()>>) -> Outcome<()> {
        self.look().await;
        let at = which % self.all.len();
        let mut node = self.all[at].lock().await;
        node.kill();
        meanwhile.await?;
        node.restart().await?;
        self.figures.lock().await[at].1 += 1;
        Ok(())
    }

    /// A node stands still for a while.
    pub async fn freeze(&self, which: usize, time: Duration) {
        let node = self.all[which % self.all.len()].lock().await;
        node.pause();
        tokio::time::sleep(time).await;
        node.resume();
    }

    /// During `meanwhile` a node reaches no other one and none reaches it; its clients reach it all the time.
    ///
    /// # Errors
    /// Those of `meanwhile`.
    pub async fn part(&self, which: usize, meanwhile: impl Future<Output = Outcome<()>>) -> Outcome<()> {
        let at = which % self.all.len();
        let set = |mode: Mode| {
            for route in self.routes.iter().filter(|route| route.from == at || route.to == at) {
                route.proxy.set(mode.clone());
            }
        };
        set(Mode::Refuse);
        let ended = meanwhile.await;
        set(Mode::Open);
        ended
    }

    /// Which node leads a stream, as one that is asked says; nothing where it knows of none.
    pub async fn leader(&self, asked: usize, stream: &str) -> Option<usize> {
        let answer =
            self.all[asked % self.all.len()].lock().await.ask(&format!("$JS.API.STREAM.INFO.{stream}")).await?;
        let leader = answer["cluster"]["leader"].as_str()?;
        for (at, node) in self.all.iter().enumerate() {
            if node.lock().await.name() == leader {
                return Some(at);
            }
        }
        None
    }
}
