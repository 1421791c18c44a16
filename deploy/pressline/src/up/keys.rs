//! The keys of the line that `up` runs: a master key for its engine, and a key for each who talks to it.

use std::path::PathBuf;

use super::settings::SearchSettings;
use crate::keys::files::KeyFiles;
use crate::keys::role::Role;
use crate::keys::server::KeyServer;
use crate::keys::{read_master, set_up};
use crate::place::Place;
use crate::report::Problem;

/// What a frontend needs to search; everybody may see it.
#[derive(Debug, Clone)]
pub struct Frontend {
    /// Meilisearch's address; several are asked all.
    pub urls: Vec<String>,
    /// The index that the articles are in.
    pub index: String,
    /// A key that can only search, where the engine wants one.
    pub search_key: Option<String>,
    /// Where that key is kept, if it is; `pressline keys rotate` writes it anew.
    pub key_file: Option<PathBuf>,
}

impl Frontend {
    /// The search-only key as it is now.
    pub fn current_key(&self) -> Option<String> {
        let kept = self.key_file.as_deref().and_then(|file| crate::keys::files::read_key(file).ok());
        kept.or_else(|| self.search_key.clone())
    }
}

/// Who talks to the engine with what.
pub struct LineKeys {
    /// For the indexer, as itself.
    pub indexer: Option<String>,
    /// For the indexer, as a file that it reads again when the key is refused.
    pub indexer_file: Option<PathBuf>,
    /// For frontends.
    pub search: Option<String>,
    /// The same as a file.
    pub search_file: Option<PathBuf>,
}

/// The master key of an engine that is started here: the user's, or one made for this data folder.
pub fn master_of_own_engine(settings: &SearchSettings, place: &Place) -> Result<String, Problem> {
    match (&settings.master_key_file, &settings.key) {
        (Some(path), _) => read_master(path),
        (None, Some(key)) => Ok(key.clone()),
        (None, None) => place.keys().make_master(),
    }
}

/// The keys of the line; with a master key they are made where they are missing. Without one (an engine elsewhere),
/// they are what the settings say.
pub async fn of_line(
    settings: &SearchSettings,
    place: &Place,
    urls: &[String],
    index: &str,
    master: Option<String>,
) -> Result<LineKeys, Problem> {
    let Some(master) = master else {
        return Ok(LineKeys {
            indexer: settings.key.clone(),
            indexer_file: None,
            search: settings.search_key.clone(),
            search_file: None,
        });
    };
    let files: KeyFiles = place.keys();
    let keys = set_up(&KeyServer::new(&urls.join(","), master)?, index, Some(&files)).await?;
    let search = keys.into_iter().find(|(role, _)| *role == Role::Search).map(|(_, key)| key.key);
    Ok(LineKeys {
        indexer: None,
        indexer_file: Some(files.path(Role::Indexer)),
        search,
        search_file: Some(files.path(Role::Search)),
    })
}
