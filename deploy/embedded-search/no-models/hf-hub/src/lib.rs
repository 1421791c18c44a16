//! Stand-in for `hf-hub`: see `../README.md`.

/// Access to the model hub.
pub mod api {
    /// Blocking access.
    pub mod sync {
        use crate::{Never, Repo};
        use std::{fmt, path::PathBuf};

        /// Why a model cannot be had.
        #[derive(Debug)]
        pub enum ApiError {
            /// Never made here; milli-core matches on it.
            RequestError(Box<ureq::Error>),
            /// The only answer of this stand-in.
            NoLocalModels,
        }

        impl fmt::Display for ApiError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::RequestError(error) => error.fmt(f),
                    Self::NoLocalModels => f.write_str("this build has no local models"),
                }
            }
        }

        impl std::error::Error for ApiError {}

        /// A connection to the hub: there is none.
        #[derive(Debug)]
        pub struct Api(Never);

        impl Api {
            /// Always an error.
            pub fn new() -> Result<Self, ApiError> {
                Err(ApiError::NoLocalModels)
            }

            /// Unreachable.
            pub fn repo(&self, _repo: Repo) -> ApiRepo {
                match self.0 {}
            }
        }

        /// A model's files: there are none.
        #[derive(Debug)]
        pub struct ApiRepo(Never);

        impl ApiRepo {
            /// Unreachable.
            pub fn get(&self, _file: &str) -> Result<PathBuf, ApiError> {
                match self.0 {}
            }
        }
    }
}

/// A type without values.
#[derive(Debug)]
enum Never {}

/// Names a model.
#[derive(Debug)]
pub struct Repo;

impl Repo {
    /// The name is not kept: nothing can be fetched.
    pub fn model(_model: String) -> Self {
        Self
    }

    /// The name is not kept: nothing can be fetched.
    pub fn with_revision(_model: String, _kind: RepoType, _revision: String) -> Self {
        Self
    }
}

/// What the hub holds.
#[derive(Debug)]
pub enum RepoType {
    /// A model.
    Model,
}
