//! A JetStream cluster of one's own: three nats-servers that hold three copies of what is asked for.

use std::path::Path;

use servers::{
    ServersError,
    nats::{Cluster, NatsServer, Options},
};
use tempfile::TempDir;

const NODES: usize = 3;

/// Three running nats-servers. Dropping it kills them and removes their data.
#[derive(Debug)]
pub struct NatsCluster {
    nodes: Vec<NatsServer>,
    // After the servers, so that it is dropped when nobody writes to it any more.
    _folder: TempDir,
}

/// Starts three nats-servers on free ports that form a cluster, and waits until JetStream has a leader in it.
pub async fn nats_cluster() -> NatsCluster {
    let program = crate::nats::program().await;
    let folder = tempfile::tempdir().expect("no temporary folder for a nats cluster");
    let mut tries = 0;
    loop {
        tries += 1;
        // Between finding the ports and using them somebody else may: then others are tried.
        match start(&program, &folder.path().join(tries.to_string())).await {
            Ok(nodes) => return NatsCluster { nodes, _folder: folder },
            Err(error) if tries < 3 => crate::say(&format!("a nats cluster did not start, trying again: {error}")),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn start(program: &Path, folder: &Path) -> Result<Vec<NatsServer>, ServersError> {
    let ports: Vec<u16> = (0..NODES).map(|_| crate::free_port()).collect();
    let start = |node: usize| {
        let mut options = Options::new(program, folder.join(format!("node-{node}")));
        options.cluster = Some(Cluster {
            name: "testkit".into(),
            port: ports[node],
            others: ports.iter().copied().filter(|port| *port != ports[node]).collect(),
            advertise: None,
        });
        NatsServer::start(options)
    };
    // Together: a node is ready when JetStream has a leader, which one alone never elects.
    let (first, second, third) = tokio::try_join!(start(0), start(1), start(2))?;
    Ok(vec![first, second, third])
}

impl NatsCluster {
    /// The addresses of all nodes, separated by commas, as the setting `nats.url` takes them.
    pub fn url(&self) -> String {
        self.nodes.iter().map(NatsServer::url).collect::<Vec<_>>().join(",")
    }

    /// The address of one node, 0 to 2.
    pub fn node_url(&self, node: usize) -> String {
        self.nodes[node].url()
    }

    /// The nodes' numbers.
    pub fn nodes(&self) -> std::ops::Range<usize> {
        0..self.nodes.len()
    }

    /// Which node leads the stream at this moment, as the nodes that answer see it; nothing while there is none.
    pub async fn leader_of(&self, stream: &str) -> Option<usize> {
        let subject = format!("$JS.API.STREAM.INFO.{stream}");
        for node in &self.nodes {
            if let Some(answer) = node.ask(&subject).await
                && let Some(leader) = answer["cluster"]["leader"].as_str()
            {
                return self.nodes.iter().position(|node| node.name() == leader);
            }
        }
        None
    }

    /// Kills a node, as a crash would.
    pub fn kill(&mut self, node: usize) {
        self.nodes[node].kill();
    }

    /// Cuts a node off without its connections breaking, as a machine that hangs would.
    pub fn pause(&self, node: usize) {
        self.nodes[node].pause();
    }

    /// Lets a paused node go on.
    pub fn resume(&self, node: usize) {
        self.nodes[node].resume();
    }

    /// Starts a node again on the same port with the same data; stops it before if it still runs. Waits until JetStream
    /// answers there, for which two nodes have to run.
    pub async fn restart(&mut self, node: usize) {
        self.nodes[node].restart().await.unwrap_or_else(|error| panic!("{error}"));
    }
}
