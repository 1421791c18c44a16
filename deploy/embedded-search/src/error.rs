//! What can go wrong, in Meilisearch's words: code, HTTP status, type and link.
//!
//! Codes, statuses and types are Meilisearch's own (`meilisearch-types`, `error.rs`), because clients match on them.

use serde::{Deserialize, Serialize};
use std::io;

macro_rules! codes {
    ($($variant:ident $name:literal $kind:literal $status:literal;)*) => {
        /// An error code of Meilisearch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)] // each is documented by Meilisearch under its name
        pub enum Code { $($variant),* }

        impl Code {
            /// The code as clients see it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// `invalid_request`, `internal`, `auth` or `system`.
            pub fn kind(self) -> &'static str {
                match self { $(Self::$variant => $kind),* }
            }

            /// HTTP status of an answer with this code.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }
        }
    };
}

codes! {
    ApiKeyAlreadyExists "api_key_already_exists" "invalid_request" 409;
    ApiKeyNotFound "api_key_not_found" "invalid_request" 404;
    BadRequest "bad_request" "invalid_request" 400;
    DatabaseSizeLimitReached "database_size_limit_reached" "internal" 500;
    DocumentNotFound "document_not_found" "invalid_request" 404;
    FacetSearchDisabled "facet_search_disabled" "invalid_request" 400;
    ImmutableApiKeyActions "immutable_api_key_actions" "invalid_request" 400;
    ImmutableApiKeyCreatedAt "immutable_api_key_created_at" "invalid_request" 400;
    ImmutableApiKeyExpiresAt "immutable_api_key_expires_at" "invalid_request" 400;
    ImmutableApiKeyIndexes "immutable_api_key_indexes" "invalid_request" 400;
    ImmutableApiKeyUid "immutable_api_key_uid" "invalid_request" 400;
    ImmutableApiKeyUpdatedAt "immutable_api_key_updated_at" "invalid_request" 400;
    ImmutableIndexCreatedAt "immutable_index_created_at" "invalid_request" 400;
    ImmutableIndexUpdatedAt "immutable_index_updated_at" "invalid_request" 400;
    IndexAlreadyExists "index_already_exists" "invalid_request" 409;
    IndexNotFound "index_not_found" "invalid_request" 404;
    IndexPrimaryKeyAlreadyExists "index_primary_key_already_exists" "invalid_request" 400;
    IndexPrimaryKeyMultipleCandidatesFound "index_primary_key_multiple_candidates_found" "invalid_request" 400;
    IndexPrimaryKeyNoCandidateFound "index_primary_key_no_candidate_found" "invalid_request" 400;
    IndexScopedApiKeyWithGlobalAction "index_scoped_api_key_with_global_action" "invalid_request" 400;
    Internal "internal" "internal" 500;
    InvalidApiKey "invalid_api_key" "auth" 403;
    InvalidApiKeyActions "invalid_api_key_actions" "invalid_request" 400;
    InvalidApiKeyDescription "invalid_api_key_description" "invalid_request" 400;
    InvalidApiKeyExpiresAt "invalid_api_key_expires_at" "invalid_request" 400;
    InvalidApiKeyIndexes "invalid_api_key_indexes" "invalid_request" 400;
    InvalidApiKeyLimit "invalid_api_key_limit" "invalid_request" 400;
    InvalidApiKeyName "invalid_api_key_name" "invalid_request" 400;
    InvalidApiKeyOffset "invalid_api_key_offset" "invalid_request" 400;
    InvalidApiKeyUid "invalid_api_key_uid" "invalid_request" 400;
    InvalidContentType "invalid_content_type" "invalid_request" 415;
    InvalidDocumentFields "invalid_document_fields" "invalid_request" 400;
    InvalidDocumentFilter "invalid_document_filter" "invalid_request" 400;
    InvalidDocumentGeoField "invalid_document_geo_field" "invalid_request" 400;
    InvalidDocumentId "invalid_document_id" "invalid_request" 400;
    InvalidDocumentIds "invalid_document_ids" "invalid_request" 400;
    InvalidDocumentLimit "invalid_document_limit" "invalid_request" 400;
    InvalidDocumentOffset "invalid_document_offset" "invalid_request" 400;
    InvalidDocumentRetrieveVectors "invalid_document_retrieve_vectors" "invalid_request" 400;
    InvalidFacetSearchExhaustiveFacetCount "invalid_facet_search_exhaustive_facet_count" "invalid_request" 400;
    InvalidFacetSearchFacetName "invalid_facet_search_facet_name" "invalid_request" 400;
    InvalidFacetSearchQuery "invalid_facet_search_query" "invalid_request" 400;
    InvalidIndexLimit "invalid_index_limit" "invalid_request" 400;
    InvalidIndexOffset "invalid_index_offset" "invalid_request" 400;
    InvalidIndexPrimaryKey "invalid_index_primary_key" "invalid_request" 400;
    InvalidIndexUid "invalid_index_uid" "invalid_request" 400;
    InvalidMultiSearchFacetOrder "invalid_multi_search_facet_order" "invalid_request" 400;
    InvalidMultiSearchFacetsByIndex "invalid_multi_search_facets_by_index" "invalid_request" 400;
    InvalidMultiSearchMaxValuesPerFacet "invalid_multi_search_max_values_per_facet" "invalid_request" 400;
    InvalidMultiSearchMergeFacets "invalid_multi_search_merge_facets" "invalid_request" 400;
    InvalidMultiSearchQueryFacets "invalid_multi_search_query_facets" "invalid_request" 400;
    InvalidMultiSearchQueryPagination "invalid_multi_search_query_pagination" "invalid_request" 400;
    InvalidMultiSearchWeight "invalid_multi_search_weight" "invalid_request" 400;
    InvalidMultiSearchFederationOptions "invalid_multi_search_federation_options" "invalid_request" 400;
    InvalidSearchAttributesToCrop "invalid_search_attributes_to_crop" "invalid_request" 400;
    InvalidSearchAttributesToHighlight "invalid_search_attributes_to_highlight" "invalid_request" 400;
    InvalidSearchAttributesToRetrieve "invalid_search_attributes_to_retrieve" "invalid_request" 400;
    InvalidSearchAttributesToSearchOn "invalid_search_attributes_to_search_on" "invalid_request" 400;
    InvalidSearchCropLength "invalid_search_crop_length" "invalid_request" 400;
    InvalidSearchCropMarker "invalid_search_crop_marker" "invalid_request" 400;
    InvalidSearchDistinct "invalid_search_distinct" "invalid_request" 400;
    InvalidSearchEmbedder "invalid_search_embedder" "invalid_request" 400;
    InvalidSearchFacets "invalid_search_facets" "invalid_request" 400;
    InvalidSearchFilter "invalid_search_filter" "invalid_request" 400;
    InvalidSearchHighlightPostTag "invalid_search_highlight_post_tag" "invalid_request" 400;
    InvalidSearchHighlightPreTag "invalid_search_highlight_pre_tag" "invalid_request" 400;
    InvalidSearchHitsPerPage "invalid_search_hits_per_page" "invalid_request" 400;
    InvalidSearchHybridQuery "invalid_search_hybrid_query" "invalid_request" 400;
    InvalidSearchLimit "invalid_search_limit" "invalid_request" 400;
    InvalidSearchLocales "invalid_search_locales" "invalid_request" 400;
    InvalidSearchMatchingStrategy "invalid_search_matching_strategy" "invalid_request" 400;
    InvalidSearchOffset "invalid_search_offset" "invalid_request" 400;
    InvalidSearchPage "invalid_search_page" "invalid_request" 400;
    InvalidSearchQ "invalid_search_q" "invalid_request" 400;
    InvalidSearchRankingScoreThreshold "invalid_search_ranking_score_threshold" "invalid_request" 400;
    InvalidSearchRetrieveVectors "invalid_search_retrieve_vectors" "invalid_request" 400;
    InvalidSearchShowMatchesPosition "invalid_search_show_matches_position" "invalid_request" 400;
    InvalidSearchShowRankingScore "invalid_search_show_ranking_score" "invalid_request" 400;
    InvalidSearchShowRankingScoreDetails "invalid_search_show_ranking_score_details" "invalid_request" 400;
    InvalidSearchSort "invalid_search_sort" "invalid_request" 400;
    InvalidSettingsDictionary "invalid_settings_dictionary" "invalid_request" 400;
    InvalidSettingsDisplayedAttributes "invalid_settings_displayed_attributes" "invalid_request" 400;
    InvalidSettingsDistinctAttribute "invalid_settings_distinct_attribute" "invalid_request" 400;
    InvalidSettingsEmbedders "invalid_settings_embedders" "invalid_request" 400;
    InvalidSettingsFacetSearch "invalid_settings_facet_search" "invalid_request" 400;
    InvalidSettingsFaceting "invalid_settings_faceting" "invalid_request" 400;
    InvalidSettingsFilterableAttributes "invalid_settings_filterable_attributes" "invalid_request" 400;
    InvalidSettingsLocalizedAttributes "invalid_settings_localized_attributes" "invalid_request" 400;
    InvalidSettingsNonSeparatorTokens "invalid_settings_non_separator_tokens" "invalid_request" 400;
    InvalidSettingsPagination "invalid_settings_pagination" "invalid_request" 400;
    InvalidSettingsPrefixSearch "invalid_settings_prefix_search" "invalid_request" 400;
    InvalidSettingsProximityPrecision "invalid_settings_proximity_precision" "invalid_request" 400;
    InvalidSettingsRankingRules "invalid_settings_ranking_rules" "invalid_request" 400;
    InvalidSettingsSearchableAttributes "invalid_settings_searchable_attributes" "invalid_request" 400;
    InvalidSettingsSearchCutoffMs "invalid_settings_search_cutoff_ms" "invalid_request" 400;
    InvalidSettingsSeparatorTokens "invalid_settings_separator_tokens" "invalid_request" 400;
    InvalidSettingsSortableAttributes "invalid_settings_sortable_attributes" "invalid_request" 400;
    InvalidSettingsStopWords "invalid_settings_stop_words" "invalid_request" 400;
    InvalidSettingsSynonyms "invalid_settings_synonyms" "invalid_request" 400;
    InvalidSettingsTypoTolerance "invalid_settings_typo_tolerance" "invalid_request" 400;
    InvalidStoreFile "invalid_store_file" "internal" 500;
    InvalidSwapDuplicateIndexFound "invalid_swap_duplicate_index_found" "invalid_request" 400;
    InvalidSwapIndexes "invalid_swap_indexes" "invalid_request" 400;
    InvalidSwapRename "invalid_swap_rename" "invalid_request" 400;
    InvalidTaskAfterEnqueuedAt "invalid_task_after_enqueued_at" "invalid_request" 400;
    InvalidTaskAfterFinishedAt "invalid_task_after_finished_at" "invalid_request" 400;
    InvalidTaskAfterStartedAt "invalid_task_after_started_at" "invalid_request" 400;
    InvalidTaskBeforeEnqueuedAt "invalid_task_before_enqueued_at" "invalid_request" 400;
    InvalidTaskBeforeFinishedAt "invalid_task_before_finished_at" "invalid_request" 400;
    InvalidTaskBeforeStartedAt "invalid_task_before_started_at" "invalid_request" 400;
    InvalidTaskCanceledBy "invalid_task_canceled_by" "invalid_request" 400;
    InvalidTaskFrom "invalid_task_from" "invalid_request" 400;
    InvalidTaskLimit "invalid_task_limit" "invalid_request" 400;
    InvalidTaskReverse "invalid_task_reverse" "invalid_request" 400;
    InvalidTaskStatuses "invalid_task_statuses" "invalid_request" 400;
    InvalidTaskTypes "invalid_task_types" "invalid_request" 400;
    InvalidTaskUids "invalid_task_uids" "invalid_request" 400;
    InvalidBatchUids "invalid_batch_uids" "invalid_request" 400;
    IoError "io_error" "system" 422;
    MalformedPayload "malformed_payload" "invalid_request" 400;
    MaxFieldsLimitExceeded "max_fields_limit_exceeded" "invalid_request" 400;
    MissingApiKeyActions "missing_api_key_actions" "invalid_request" 400;
    MissingApiKeyExpiresAt "missing_api_key_expires_at" "invalid_request" 400;
    MissingApiKeyIndexes "missing_api_key_indexes" "invalid_request" 400;
    MissingAuthorizationHeader "missing_authorization_header" "auth" 401;
    MissingContentType "missing_content_type" "invalid_request" 415;
    MissingDocumentFilter "missing_document_filter" "invalid_request" 400;
    MissingDocumentId "missing_document_id" "invalid_request" 400;
    MissingFacetSearchFacetName "missing_facet_search_facet_name" "invalid_request" 400;
    MissingIndexUid "missing_index_uid" "invalid_request" 400;
    MissingMasterKey "missing_master_key" "auth" 401;
    MissingPayload "missing_payload" "invalid_request" 400;
    MissingSearchHybrid "missing_search_hybrid" "invalid_request" 400;
    MissingSwapIndexes "missing_swap_indexes" "invalid_request" 400;
    MissingTaskFilters "missing_task_filters" "invalid_request" 400;
    NoSpaceLeftOnDevice "no_space_left_on_device" "system" 422;
    PayloadTooLarge "payload_too_large" "invalid_request" 413;
    TaskNotFound "task_not_found" "invalid_request" 404;
    TooManyOpenFiles "too_many_open_files" "system" 422;
    FeatureNotEnabled "feature_not_enabled" "invalid_request" 400;
}

/// One failure: of a request, or of a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Which.
    pub code: Code,
    /// Meilisearch's sentence for it.
    pub message: String,
}

/// A failure as clients see it, and as a task keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureView {
    /// The sentence.
    pub message: String,
    /// The code's name.
    pub code: String,
    /// The code's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where the code is explained.
    pub link: String,
}

/// Result of this crate.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A failure with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Something that is nobody's fault but ours.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::new(Code::Internal, error.to_string())
    }

    /// The index is not there.
    pub fn index_not_found(uid: &str) -> Self {
        Self::new(Code::IndexNotFound, format!("Index `{uid}` not found."))
    }

    /// The key opens nothing, or not this.
    pub fn invalid_api_key() -> Self {
        Self::new(Code::InvalidApiKey, "The provided API key is invalid.")
    }

    /// The task is not there, or not for this key.
    pub fn task_not_found(uid: u32) -> Self {
        Self::new(Code::TaskNotFound, format!("Task `{uid}` not found."))
    }

    /// Says in which index the engine failed, as Meilisearch does.
    #[must_use]
    pub fn in_index(self, uid: &str) -> Self {
        Self::new(self.code, format!("Index `{uid}`: {}", self.message))
    }

    /// Says which of several searches failed, as Meilisearch does.
    #[must_use]
    pub fn inside(self, position: usize) -> Self {
        Self::new(self.code, format!("Inside `.queries[{position}]`: {}", self.message))
    }

    /// For clients.
    pub fn view(&self) -> FailureView {
        let name = self.code.name();
        FailureView {
            message: self.message.clone(),
            code: name.to_owned(),
            kind: self.code.kind().to_owned(),
            link: format!("https://docs.meilisearch.com/errors#{name}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // Numbers as Meilisearch reads them: EIO, EMFILE, ENOSPC.
        let code = match error.raw_os_error() {
            Some(5) => Code::IoError,
            Some(24) => Code::TooManyOpenFiles,
            Some(28) => Code::NoSpaceLeftOnDevice,
            _ => Code::Internal,
        };
        Self::new(code, error.to_string())
    }
}

impl From<milli_core::heed::Error> for Failure {
    fn from(error: milli_core::heed::Error) -> Self {
        Self::from(milli_core::Error::from(error))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<milli_core::Error> for Failure {
    fn from(error: milli_core::Error) -> Self {
        use milli_core::{Error, UserError as User};
        let code = match &error {
            Error::InternalError(_) if crate::engine::is_map_full(&error) => Code::DatabaseSizeLimitReached,
            Error::InternalError(_) => Code::Internal,
            Error::IoError(io) => match io.raw_os_error() {
                Some(5) => Code::IoError,
                Some(24) => Code::TooManyOpenFiles,
                Some(28) => Code::NoSpaceLeftOnDevice,
                _ => Code::Internal,
            },
            Error::UserError(user) => match user {
                User::InvalidStoreFile => Code::InvalidStoreFile,
                User::NoSpaceLeftOnDevice => Code::NoSpaceLeftOnDevice,
                User::MaxDatabaseSizeReached => Code::DatabaseSizeLimitReached,
                User::AttributeLimitReached => Code::MaxFieldsLimitExceeded,
                User::InvalidFilter(_) | User::InvalidFilterExpression(..) | User::FilterOperatorNotAllowed { .. } => {
                    Code::InvalidSearchFilter
                }
                User::MissingDocumentId { .. } => Code::MissingDocumentId,
                User::InvalidDocumentId { .. } | User::TooManyDocumentIds { .. } => Code::InvalidDocumentId,
                User::NoPrimaryKeyCandidateFound => Code::IndexPrimaryKeyNoCandidateFound,
                User::MultiplePrimaryKeyCandidatesFound { .. } => Code::IndexPrimaryKeyMultipleCandidatesFound,
                User::PrimaryKeyCannotBeChanged(_) => Code::IndexPrimaryKeyAlreadyExists,
                User::InvalidDistinctAttribute { .. } => Code::InvalidSearchDistinct,
                User::SortRankingRuleMissing | User::InvalidSortableAttribute { .. } | User::SortError(_) => {
                    Code::InvalidSearchSort
                }
                User::InvalidFacetsDistribution { .. } => Code::InvalidSearchFacets,
                User::InvalidFacetSearchFacetName { .. } => Code::InvalidFacetSearchFacetName,
                User::InvalidSearchableAttribute { .. } => Code::InvalidSearchAttributesToSearchOn,
                User::CriterionError(_) => Code::InvalidSettingsRankingRules,
                User::InvalidGeoField(_) => Code::InvalidDocumentGeoField,
                User::InvalidMinTypoWordLenSetting(..) => Code::InvalidSettingsTypoTolerance,
                User::InvalidSearchEmbedder(_) => Code::InvalidSearchEmbedder,
                _ => Code::Internal,
            },
        };
        Self::new(code, error.to_string())
    }
}
