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
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Indexer, Self::Search, Self::Status];

    /// Its word on the command line and the name of its file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Indexer => "indexer",
            Self::Search => "search",
            Self::Status => "status",
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
        }
    }
}
