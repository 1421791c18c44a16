//! Settings: defaults in the code, then a TOML file, then the environment; the last one that says a thing wins.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use config::{Config, Environment, File, FileFormat};
use serde::de::DeserializeOwned;

/// Begins the name of every environment variable that is a setting: `PRESSLINE__HTTP__LISTEN` is `http.listen`.
pub const PREFIX: &str = "PRESSLINE";
const SEPARATOR: &str = "__";

/// Why settings are refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("settings file {} cannot be read: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A key is unknown or a value is not what the key wants.
    #[error("settings are not valid: {0}")]
    Invalid(String),
}

/// The settings `S` from `file` (optional) and this process's environment.
///
/// # Errors
/// When the file cannot be read, a key is unknown, or a value does not fit.
pub fn load<S: DeserializeOwned>(file: Option<&Path>) -> Result<S, SettingsError> {
    load_from(file, std::env::vars().collect())
}

/// As [`load`], with the environment passed in.
///
/// # Errors
/// As [`load`].
pub fn load_from<S: DeserializeOwned>(
    file: Option<&Path>,
    environment: HashMap<String, String>,
) -> Result<S, SettingsError> {
    let mut builder = Config::builder();
    if let Some(path) = file {
        let text = std::fs::read_to_string(path)
            .map_err(|error| SettingsError::File { path: path.to_owned(), reason: error.to_string() })?;
        well_formed(path, &text)?;
        builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
    }
    let environment = Environment::with_prefix(PREFIX)
        .prefix_separator(SEPARATOR)
        .separator(SEPARATOR)
        .try_parsing(true)
        .source(Some(environment));
    builder
        .add_source(environment)
        .build()
        .and_then(Config::try_deserialize)
        .map_err(|error| SettingsError::Invalid(error.to_string()))
}

/// Says where a file is no TOML, but not what stands there: it may be a secret whose quotes were forgotten.
fn well_formed(path: &Path, text: &str) -> Result<(), SettingsError> {
    let Err(error) = toml::from_str::<toml::Table>(text) else { return Ok(()) };
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let reason = error.message();
    Err(SettingsError::Invalid(format!("{} line {line} is no TOML: {reason}", path.display())))
}

/// Refuses a value out of its bounds, by key.
///
/// # Errors
/// Key, value and bounds.
pub fn bounded(key: &str, value: u64, least: u64, most: u64) -> Result<(), String> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(format!("{key} is {value}, give {least} to {most}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, default)]
    struct Sample {
        http: Http,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, default)]
    struct Http {
        port: u16,
        name: String,
    }

    fn sample(text: &str, environment: &[(&str, &str)]) -> Result<Sample, SettingsError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        load_from(Some(file.path()), environment)
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_defaults() {
        let got = sample("[http]\nport = 1\nname = \"file\"", &[("PRESSLINE__HTTP__PORT", "2"), ("OTHER", "3")]);
        assert_eq!(got.unwrap().http, Http { port: 2, name: "file".into() });
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = sample("[http]\nprot = 1", &[]).unwrap_err().to_string();
        assert!(error.contains("prot"), "{error}");
        let error = sample("", &[("PRESSLINE__HTTP__PROT", "1")]).unwrap_err().to_string();
        assert!(error.contains("prot"), "{error}");
    }

    #[test]
    fn a_secret_whose_quotes_were_forgotten_is_not_shown() {
        let error = sample("[http]\nport = 1\nname = s3cret-word", &[]).unwrap_err().to_string();
        assert!(error.contains("line 3") && !error.contains("s3cret"), "{error}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = load_from::<Sample>(Some(Path::new("/nowhere/at-all.toml")), HashMap::new()).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at-all.toml"), "{error}");
    }
}
