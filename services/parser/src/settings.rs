//! The service's settings: what an operator may choose, and what is refused before anything is connected.

use std::path::PathBuf;

use bus::{BusSettings, ConsumeSettings};
use contract::Titles;
use contract::backfill::BackfillSettings;
use contract::names::TopologyOptions;
use runtime::settings::bounded;
use runtime::{OpsSettings, ServiceSettings, StartError, Telemetry};
use serde::Deserialize;

use crate::UserDictionary;

/// All of it. Every key has a default; a key that is not known is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `[nats]`: the broker.
    pub nats: BusSettings,
    /// `[ops]`: health and metrics.
    pub ops: OpsSettings,
    /// `[telemetry]`: logs.
    pub telemetry: Telemetry,
    /// `[topology]`: streams; the same in every service.
    pub topology: TopologyOptions,
    /// `[language]`: words of the operator's own.
    pub language: LanguageSettings,
    /// `[work]`: how much is done at once.
    pub work: WorkSettings,
    /// `[consume]`: how messages are taken.
    pub consume: ConsumeSettings,
    /// `[backfill]`: how the lane for archives is worked on.
    pub backfill: BackfillSettings,
    /// `[titles]`: what is known of the newspapers that come in.
    pub titles: TitlesSettings,
}

/// Section `[titles]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TitlesSettings {
    /// The registry's file; absent: no title is registered.
    pub file: Option<PathBuf>,
    /// How often it is looked whether an issue is late or short.
    pub check_ms: u64,
}

impl Default for TitlesSettings {
    fn default() -> Self {
        Self { file: None, check_ms: 60_000 }
    }
}

impl TitlesSettings {
    /// The registry; an empty one without a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no registry.
    pub fn load(&self) -> Result<Titles, String> {
        let load = |file: &PathBuf| Titles::load(file).map_err(|error| format!("titles.file: {error}"));
        self.file.as_ref().map_or_else(|| Ok(Titles::default()), load)
    }
}

/// Section `[language]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LanguageSettings {
    /// A file of words and names that the shipped dictionary lacks: `word [frequency] [tag]` on each line; empty: none.
    pub dictionary: PathBuf,
}

impl LanguageSettings {
    /// The words of the dictionary file.
    ///
    /// # Errors
    /// The file, the line and what is wrong with it.
    pub fn dictionary(&self) -> Result<UserDictionary, String> {
        if self.dictionary.as_os_str().is_empty() {
            return Ok(UserDictionary::default());
        }
        UserDictionary::read(&self.dictionary).map_err(|error| error.to_string())
    }
}

/// Section `[work]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkSettings {
    /// Issues in hand at once, in each lane; as many are read at once, all lanes together.
    pub issues: usize,
    /// Articles of one issue that are on their way to the broker at once.
    pub publishing: usize,
    /// Most bytes of a file that is fetched from the object store.
    pub file_bytes: usize,
}

impl Default for WorkSettings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { issues: cores.clamp(1, 16), publishing: 32, file_bytes: 64 << 20 }
    }
}

impl Settings {
    /// Refuses what cannot work. Connects to nothing.
    ///
    /// # Errors
    /// What is wrong, by key, value and bound.
    pub fn check(&self) -> Result<(), String> {
        self.nats.check().map_err(|error| error.to_string())?;
        let work = &self.work;
        bounded("work.issues", work.issues as u64, 1, 256)?;
        bounded("work.publishing", work.publishing as u64, 1, 1_000)?;
        bounded("work.file_bytes", work.file_bytes as u64, 64 << 10, 1 << 30)?;
        bounded("titles.check_ms", self.titles.check_ms, 100, 3_600_000)?;
        self.language.dictionary()?;
        self.consume.check().map_err(|error| error.to_string())?;
        self.titles.load().map(drop)
    }
}

impl ServiceSettings for Settings {
    fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    fn ops(&self) -> &OpsSettings {
        &self.ops
    }

    fn check(&self) -> Result<(), String> {
        Settings::check(self)
    }

    async fn reach(&self) -> Result<(), StartError> {
        let bus = bus::Bus::connect(&self.nats).await.map_err(|error| StartError::Unavailable(error.to_string()))?;
        bus.close().await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_work_and_a_value_out_of_bounds_is_named() {
        assert_eq!(Settings::default().check(), Ok(()));
        let mut bad = Settings::default();
        bad.work.issues = 0;
        assert_eq!(bad.check().unwrap_err(), "work.issues is 0, give 1 to 256");
    }

    #[test]
    fn a_dictionary_is_read_before_anything_is_connected() {
        let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/settings/dictionary.txt");
        let mut settings = Settings::default();
        settings.language.dictionary = shipped.into();
        assert_eq!(settings.check(), Ok(()));
        settings.language.dictionary = "no-such-dictionary.txt".into();
        assert!(settings.check().unwrap_err().starts_with("language.dictionary: cannot read no-such-dictionary.txt"));
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"work":{"isues":2}}"#).is_err());
        assert_eq!(serde_json::from_str::<Settings>(r#"{"work":{"issues":2}}"#).unwrap().work.issues, 2);
    }

    #[test]
    fn a_registry_that_is_not_there_or_not_one_is_refused_and_the_shipped_example_is_one() {
        let with = |file: &str| Settings {
            titles: TitlesSettings { file: Some(file.into()), ..TitlesSettings::default() },
            ..Settings::default()
        };
        let error = with("nowhere.toml").check().unwrap_err();
        assert!(error.starts_with("titles.file: titles file nowhere.toml cannot be read"), "{error}");
        let settings = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/settings/");
        assert!(with(&format!("{settings}parser.toml")).check().unwrap_err().contains("titles are not valid"));
        let example = std::fs::read_to_string(format!("{settings}titles.toml")).unwrap();
        assert_eq!(Titles::parse(&example).unwrap(), Titles::default(), "the example is commented out");
        let uncommented: String = example
            .lines()
            .filter(|line| !line.starts_with("# "))
            .map(|line| format!("{}\n", line.trim_start_matches('#')))
            .collect();
        assert_eq!(Titles::parse(&uncommented).unwrap().iter().count(), 1);
    }

    #[test]
    fn the_shipped_settings_are_valid_and_say_what_the_defaults_are() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/settings/parser.toml");
        let shipped: Settings = runtime::settings::load_from(Some(file.as_ref()), Default::default()).unwrap();
        shipped.check().unwrap();
        let mut defaults = Settings::default();
        defaults.work.issues = shipped.work.issues;
        assert_eq!(format!("{shipped:?}"), format!("{defaults:?}"));
    }
}
