//! The parts of the line on this machine: started in order, watched, stopped in reverse.

use std::path::Path;
use std::time::Duration;

use bus::BusSettings;
use runtime::RunError;
use servers::ServersError;
use servers::nats::{self, NatsServer};
use servers::search::{self, SearchServer};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::keys::{self, Frontend, LineKeys};
use super::settings::{SearchSettings, UpSettings, loopback};
use crate::place::{Addresses, Place};
use crate::report::{self, DIM, Problem, paint};

/// Where tools that were not on PATH are installed, in the folder `pressline` is run from.
pub const TOOLS: &str = ".tools";
/// A file dropped on a desk should not wait long; a network drive's folder has its own intake with its own settings.
const SCAN_MS: u64 = 500;
/// One article of a file that is all one article must fit; above 8 MiB nats-server itself warns.
const MAX_PAYLOAD: usize = 8 << 20;
/// Between two looks at child processes.
const WATCH: Duration = Duration::from_millis(500);

/// Everything that `up` started.
pub struct Line {
    addresses: Addresses,
    keys: LineKeys,
    services: JoinSet<(&'static str, Result<(), RunError>)>,
    shutdown: CancellationToken,
    engine: Engine,
    nats: NatsServer,
}

/// The search engine, by where it runs.
enum Engine {
    /// In this process, one or several.
    Embedded(Vec<embedded_search::Running>),
    /// Meilisearch, as a child process.
    Child(Box<SearchServer>),
    /// Somewhere else.
    Elsewhere,
}

impl Line {
    /// Starts everything, or nothing: what was started before a fault is stopped again.
    pub async fn start(settings: &UpSettings, place: &Place) -> Result<Self, Problem> {
        let nats = start_nats(settings, place).await?;
        let (engine, urls, master) = start_engine(&settings.search, place).await?;
        let index = indexer::Settings::default().search.index;
        let keys = match keys::of_line(&settings.search, place, &urls, &index, master).await {
            Ok(keys) => keys,
            Err(problem) => {
                engine.stop().await;
                return Err(problem);
            }
        };
        let mut line = Self {
            addresses: Addresses {
                search: urls[0].clone(),
                servers: named(&urls),
                search_key: keys.search.clone().or_else(|| keys.indexer.clone()),
                index,
                intake: String::new(),
                intake_token: None,
                metrics: Vec::new(),
                drop_folder: place.drop_folder(),
                nats: nats.url(),
            },
            keys,
            services: JoinSet::new(),
            shutdown: CancellationToken::new(),
            engine,
            nats,
        };
        match line.start_services(settings, place).await {
            Ok(()) => Ok(line),
            Err(problem) => {
                line.stop().await;
                Err(problem)
            }
        }
    }

    async fn start_services(&mut self, settings: &UpSettings, place: &Place) -> Result<(), Problem> {
        let nats = |name: &str| BusSettings { name: format!("pressline-{name}"), ..BusSettings::at(self.nats.url()) };

        let indexer = indexer::Settings {
            nats: nats("indexer"),
            topology: settings.topology.clone(),
            search: indexer::settings::Search {
                key: self.keys.indexer.clone(),
                key_file: self.keys.indexer_file.clone(),
                ..self.addresses.search_settings()
            },
            ..Default::default()
        };
        let parser = parser::Settings {
            nats: nats("parser"),
            topology: settings.topology.clone(),
            titles: settings.titles.clone(),
            ..Default::default()
        };
        let mut intake = intake::Settings {
            nats: nats("intake"),
            topology: settings.topology.clone(),
            folder: Some(intake::FolderSettings {
                scan_ms: SCAN_MS,
                ..intake::FolderSettings::at(place.drop_folder())
            }),
            file_name_patterns: settings.intake.file_name_patterns.clone(),
            ..Default::default()
        };
        intake.http.listen = settings.intake.listen;
        intake.http.tokens = settings.intake.tokens.clone();
        intake.http.tokens_file = settings.intake.tokens_file.clone();
        if !intake.http.tokens.0.is_empty() || intake.http.tokens_file.is_some() {
            // Of the senders' tokens only hashes are there; this line's own commands have one that ends with it.
            let own = intake::Token::new();
            intake.http.tokens.0.push(own.line(&[], Some("pressline-up")));
            self.addresses.intake_token = Some(own.secret().to_owned());
        }

        let indexer = indexer::start(indexer, self.shutdown.clone()).await?;
        self.metrics("indexer", indexer.ops);
        self.services.spawn(async move { ("indexer", indexer.join().await) });
        let parser = parser::start(parser, self.shutdown.clone()).await?;
        self.metrics("parser", parser.ops);
        self.services.spawn(async move { ("parser", parser.join().await) });
        let intake = intake::start(intake, self.shutdown.clone()).await?;
        self.metrics("intake", intake.ops);
        self.addresses.intake = format!("http://{}", intake.http);
        self.services.spawn(async move { ("intake", intake.join().await) });
        Ok(())
    }

    fn metrics(&mut self, service: &str, address: std::net::SocketAddr) {
        self.addresses.metrics.push((service.to_owned(), format!("http://{address}")));
    }

    /// Where everything listens.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// What a frontend of this line needs.
    pub fn frontend(&self) -> Frontend {
        Frontend {
            urls: self.addresses.engines(),
            index: self.addresses.index.clone(),
            search_key: self.keys.search.clone(),
            key_file: self.keys.search_file.clone(),
        }
    }

    /// Waits until a part ends that should not; the problem says which.
    pub async fn failed(&mut self) -> Problem {
        loop {
            tokio::select! {
                Some(ended) = self.services.join_next() => return Problem::internal(match ended {
                    Ok((service, Ok(()))) => format!("{service} stopped by itself"),
                    Ok((service, Err(error))) => format!("{service} stopped: {error}"),
                    Err(error) => format!("a service stopped: {error}"),
                }),
                () = tokio::time::sleep(WATCH) => {}
            }
            if let Some(status) = self.nats.ended() {
                return ended("nats-server", status, self.nats.log());
            }
            if let Engine::Child(engine) = &mut self.engine
                && let Some(status) = engine.ended()
            {
                return ended("meilisearch", status, engine.log());
            }
        }
    }

    /// Stops everything: the services finish what is in flight, then engine and broker.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        while let Some(ended) = self.services.join_next().await {
            if let Ok((service, Err(error))) = ended {
                report::note(format_args!("{service}: {error}"));
            }
        }
        self.engine.stop().await;
        self.nats.stop().await;
    }
}

impl Engine {
    async fn stop(self) {
        match self {
            Self::Embedded(engines) => {
                for engine in engines {
                    engine.stop().await;
                }
            }
            Self::Child(mut engine) => engine.stop().await,
            Self::Elsewhere => {}
        }
    }
}

fn ended(program: &str, status: std::process::ExitStatus, log: &Path) -> Problem {
    Problem::unavailable(format!("{program} ended ({status}); its log: {}", log.display()))
}

async fn start_nats(settings: &UpSettings, place: &Place) -> Result<NatsServer, Problem> {
    let program = settings.nats.program.clone();
    // Looks at files, runs `--version`, maybe pip: nothing for an async thread.
    let found = tokio::task::spawn_blocking(move || {
        nats::find_or_install(program.as_deref(), Path::new(TOOLS), &|line| report::note(paint(DIM, line)))
    })
    .await
    .map_err(|error| Problem::internal(error.to_string()))?
    .map_err(missing)?;
    let mut options = nats::Options::new(found.path, place.nats());
    options.port = settings.nats.port;
    options.max_payload = MAX_PAYLOAD;
    NatsServer::start(options).await.map_err(missing)
}

/// The engine, its addresses, and its master key where that is known.
async fn start_engine(
    settings: &SearchSettings,
    place: &Place,
) -> Result<(Engine, Vec<String>, Option<String>), Problem> {
    if let Some(url) = &settings.url {
        let master = settings.master_key_file.as_deref().map(crate::keys::read_master).transpose()?;
        return Ok((Engine::Elsewhere, vec![url.trim_end_matches('/').to_owned()], master));
    }
    let master = keys::master_of_own_engine(settings, place)?;
    let several = settings.engines.map_or(1, |count| usize::from(count.get()));
    let program = if settings.embedded || several > 1 { None } else { search::find_meilisearch() };
    if let Some(program) = program {
        report::note(paint(DIM, format!("search engine: {}", program.display())));
        let mut options = search::Options::new(program, place.search(0), Some(master.clone()));
        options.port = settings.port;
        let engine = SearchServer::start(options).await.map_err(missing)?;
        let url = engine.url();
        return Ok((Engine::Child(Box::new(engine)), vec![url], Some(master)));
    }
    let (mut engines, mut urls) = (Vec::new(), Vec::new());
    for number in 0..several {
        let started = embedded_search::start(embedded_search::Settings {
            // Of several only the first has the port of the settings.
            listen: loopback(if number == 0 { settings.port } else { None }),
            data_dir: place.search(number),
            master_key: Some(master.clone()),
            ..Default::default()
        });
        match started.await {
            Ok(engine) => {
                urls.push(format!("http://{}", engine.address()));
                engines.push(engine);
            }
            Err(error) => {
                Engine::Embedded(engines).stop().await;
                return Err(Problem::unavailable(error.to_string()));
            }
        }
    }
    Ok((Engine::Embedded(engines), urls, Some(master)))
}

/// Several engines by the names that issues are found under; one needs none.
fn named(urls: &[String]) -> Vec<(String, String)> {
    match urls {
        [_] => Vec::new(),
        several => (1..).zip(several).map(|(number, url)| (format!("s{number}"), url.clone())).collect(),
    }
}

fn missing(error: ServersError) -> Problem {
    Problem::unavailable(error.to_string())
}
