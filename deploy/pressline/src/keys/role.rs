//! The keys that a line needs: one for each who talks to the search engine, each with as little as it needs.

use clap::ValueEnum;
use serde::Serialize;

/// Whose key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The indexer: writes articles, makes the index and its settings.
    Indexer,
    /// Frontends: search and nothing else, so that everybody may see it.
    Search,
    /// `pressline status`: counts.
    Status,
    /// `pressline audit` and `pressline reindex`: reads and removes documents, builds an index beside the other.
    Operator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Indexer, Self::Search, Self::Status, Self::Operator];

    /// Its word on the command line and the name of its file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Indexer => "indexer",
            Self::Search => "search",
            Self::Status => "status",
            Self::Operator => "operator",
        }
    }

    /// The key's name in the engine, by which it is found again.
    pub fn name(self) -> String {
        format!("pressline {}", self.word())
    }

    /// For people who look at the engine's keys.
    pub fn description(self) -> &'static str {
        match self {
            Self::Indexer => "Pressline's indexer. Keep it secret.",
            Self::Search => "Pressline's frontends: searches only. May be shown to everybody.",
            Self::Status => "pressline status: counts documents.",
            Self::Operator => "pressline audit and reindex: reads, removes and rebuilds. Keep it secret.",
        }
    }

    /// What it allows: what the indexer calls, and no more.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Indexer => &[
                "documents.add",
                "documents.get",
                "documents.delete",
                "indexes.create",
                "settings.get",
                "settings.update",
                "tasks.get",
            ],
            Self::Search => &["search"],
            Self::Status => &["stats.get"],
            Self::Operator => &[
                "documents.add",
                "documents.get",
                "documents.delete",
                "indexes.create",
                "indexes.get",
                "indexes.delete",
                "indexes.swap",
                "settings.get",
                "settings.update",
                "stats.get",
                "tasks.get",
            ],
        }
    }

    /// The indexes that it opens, for a line whose articles are in `index`.
    pub fn indexes(self, index: &str) -> Vec<String> {
        match self {
            Self::Operator => vec![index.to_owned(), fresh_index(index)],
            Self::Indexer | Self::Search | Self::Status => vec![index.to_owned()],
        }
    }
}

/// The name of the index that `pressline reindex` builds beside `index`, and keeps the old one under.
pub fn fresh_index(index: &str) -> String {
    format!("{index}-reindex")
}
