//! All search engines of a line: each keeps the issues that [`contract::Route`] gives it.

use contract::{IssueId, Route};
use indexer::settings::Search;

use crate::engine::{Engine, Fault};
use crate::report::Problem;

/// In the order of the route's names.
#[derive(Debug, Clone)]
pub struct Engines {
    route: Route,
    engines: Vec<Engine>,
}

impl Engines {
    /// Those that the settings name.
    pub fn new(search: &Search) -> Result<Self, Problem> {
        search.check().map_err(Problem::settings)?;
        let route = search.route().map_err(Problem::settings)?;
        let engines = search.each().iter().map(Engine::new).collect::<Result<_, _>>()?;
        Ok(Self { route, engines })
    }

    /// Which keeps what.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// The one that keeps `issue`.
    pub fn of(&self, issue: &IssueId) -> &Engine {
        &self.engines[self.route.place(issue)]
    }

    /// Each with its name.
    pub fn each(&self) -> impl Iterator<Item = (&str, &Engine)> {
        self.route.names().iter().map(String::as_str).zip(&self.engines)
    }

    /// How many documents there are in an index of this name, in all together.
    pub async fn count(&self, index: &str) -> Result<u64, Fault> {
        let mut count = 0;
        for engine in &self.engines {
            count += engine.count(index, None).await?;
        }
        Ok(count)
    }

    /// Removes the documents that fit the filter from all of them.
    pub async fn purge(&self, index: &str, filter: &str) -> Result<(), Fault> {
        for engine in &self.engines {
            engine.purge(index, filter).await?;
        }
        Ok(())
    }

    /// Removes the documents with these keys from all of them.
    pub async fn remove(&self, index: &str, ids: &[String]) -> Result<(), Fault> {
        for engine in &self.engines {
            engine.remove(index, ids).await?;
        }
        Ok(())
    }
}
