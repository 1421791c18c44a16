//! Several search servers: issues are spread over them, each stands whole on one, and one that is down holds up only its own.

use contract::event::encode;
use contract::{Article, IssueWithdrawn, Route};
use indexer::Settings;
use indexer::meilisearch::Meilisearch;
use indexer::settings::{Search, ServerSettings};
use indexer::sink::{Sink, Which};
use testkit::{Engine, Nats, eventually};

use crate::fixtures::{article, envelope, issue, settings};
use crate::service::Line;

const NAMES: [&str; 2] = ["east", "west"];

/// Two engines, and who keeps what.
struct Pair {
    engines: [Engine; 2],
    index: String,
    route: Route,
}

impl Pair {
    async fn start(index: &str) -> Self {
        let (east, west) = tokio::join!(testkit::engine(), testkit::engine());
        Self { engines: [east, west], index: index.to_owned(), route: Route::new(NAMES).unwrap() }
    }

    fn settings(&self, nats: &Nats) -> Settings {
        let one = settings(&nats.url(), String::new(), None, &self.index);
        let servers = NAMES.iter().zip(&self.engines).map(|(name, engine)| ServerSettings {
            name: (*name).into(),
            url: engine.url(),
            key: Some(engine.key()),
            key_file: None,
        });
        let search = Search { url: Search::default().url, servers: servers.collect(), ..one.search };
        Settings { search, ..one }
    }

    /// How many articles of the issue stand at each of the two.
    async fn counts(&self, name: &str) -> [u64; 2] {
        let mut counts = [0; 2];
        for (count, engine) in counts.iter_mut().zip(&self.engines) {
            let search = Search { url: engine.url(), index: self.index.clone(), ..Search::default() };
            let sink = Meilisearch::new(&search, Some(&engine.key())).unwrap();
            *count = sink.count(&issue(name), Which::Of(7)).await.unwrap();
        }
        counts
    }

    /// Names of issues that this server keeps.
    fn issues_of(&self, place: usize) -> impl Iterator<Item = String> {
        let names = (0..).map(|number| format!("several-{number}"));
        names.filter(move |name| self.route.place(&issue(name)) == place)
    }
}

fn articles(issue: &str, count: u32) -> Vec<Article> {
    (1..=count).map(|number| article(issue, number, "渡船复航")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_spread_each_stands_whole_on_its_own_server_and_leaves_every_server() {
    let pair = Pair::start("spread").await;
    let line = Line::start(|nats| pair.settings(nats)).await;
    for number in 0..12 {
        line.publish(&articles(&format!("spread-{number}"), 5), "").await;
    }
    line.settled().await;
    let mut kept = [0; 2];
    for number in 0..12 {
        let name = format!("spread-{number}");
        assert_eq!(line.indexed(&issue(&name)).await, (5, 0));
        let own = pair.route.place(&issue(&name));
        let mut wanted = [0; 2];
        wanted[own] = 5;
        assert_eq!(pair.counts(&name).await, wanted, "{name}");
        kept[own] += 1;
    }
    assert!(kept.iter().all(|count| *count > 0), "{kept:?}");

    // One that stands on both, as after a change of servers.
    let moved = articles("spread-0", 5);
    let other = 1 - pair.route.place(&issue("spread-0"));
    let engine = &pair.engines[other];
    let search = Search { url: engine.url(), index: pair.index.clone(), ..Search::default() };
    let documents: Vec<_> =
        moved.iter().map(|article| indexer::document::from_article(article, 1 << 20).unwrap()).collect();
    Meilisearch::new(&search, Some(&engine.key())).unwrap().write(&documents).await.unwrap();
    assert_eq!(pair.counts("spread-0").await, [5, 5]);
    let event = IssueWithdrawn { issue: issue("spread-0"), reason: "wrong edition".into() };
    line.send(encode(&event, &envelope()).unwrap(), "").await;
    line.settled().await;
    assert_eq!(pair.counts("spread-0").await, [0, 0]);
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_holds_up_only_its_own_issues_and_loses_none() {
    let mut pair = Pair::start("down").await;
    // Fewer hands than articles of the server that is away: if those took the hands, nothing else would come through.
    let line = Line::start(|nats| {
        let mut settings = pair.settings(nats);
        (settings.batch.count, settings.batch.in_flight) = (5, 1);
        settings
    })
    .await;
    let [here, away] = [0, 1].map(|place| pair.issues_of(place).take(8).collect::<Vec<_>>());
    line.publish(&articles(&away[0], 5), "").await;
    assert_eq!(line.indexed(&issue(&away[0])).await, (5, 0));

    pair.engines[1].kill();
    for name in &away[1..] {
        line.publish(&articles(name, 20), "").await;
    }
    for name in &here {
        line.publish(&articles(name, 5), "").await;
    }
    for name in &here {
        assert_eq!(line.indexed(&issue(name)).await, (5, 0), "{name}");
    }
    let parts = line.parts();
    assert_eq!((parts["search/east"], parts["writes/east"]), (true, true), "{parts:?}");
    for name in &away[1..] {
        assert_eq!(line.receipts.read(&issue(name)).await.unwrap().unwrap().indexed, None, "{name}");
    }
    eventually("the server that is away is named", async || line.parts()["search/west"].eq(&false)).await;

    pair.engines[1].restart().await;
    for name in &away[1..] {
        assert_eq!(line.indexed(&issue(name)).await, (20, 0), "{name}");
    }
    for name in here.iter().chain(&away) {
        assert_eq!(line.receipts.failures(&issue(name)).await.unwrap().first(), None, "{name}");
    }
    line.stop().await;
}
