//! Stand-in for `tokenizers`: see `../README.md`.

use std::{error::Error, path::Path};

/// A type without values.
#[derive(Debug)]
enum Never {}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How texts of a batch get one length.
#[derive(Debug, Clone, Default)]
pub enum PaddingStrategy {
    /// As long as the longest.
    #[default]
    BatchLongest,
}

/// Padding of a batch.
#[derive(Debug, Clone, Default)]
pub struct PaddingParams {
    /// How.
    pub strategy: PaddingStrategy,
}

/// A model's tokenizer: cannot exist.
#[derive(Debug)]
pub struct Tokenizer(Never);

impl Tokenizer {
    /// Always an error.
    pub fn from_file(_file: impl AsRef<Path>) -> Result<Self> {
        Err("this build has no local models".into())
    }

    /// Unreachable.
    pub fn get_padding_mut(&mut self) -> Option<&mut PaddingParams> {
        match self.0 {}
    }

    /// Unreachable.
    pub fn with_padding(&mut self, _padding: Option<PaddingParams>) -> &mut Self {
        match self.0 {}
    }

    /// Unreachable.
    pub fn encode(&self, _text: &str, _special: bool) -> Result<Encoding> {
        match self.0 {}
    }
}

/// A tokenized text: cannot exist.
#[derive(Debug)]
pub struct Encoding(Never);

impl Encoding {
    /// Unreachable.
    pub fn get_ids(&self) -> &[u32] {
        match self.0 {}
    }
}
