//! The settings of an index by name, route, method and error code.

use crate::error::Code;

/// How a setting is changed on its own route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The value is replaced.
    Put,
    /// The value is an object whose members are replaced.
    Patch,
}

/// One setting.
#[derive(Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// The end of its route.
    pub route: &'static str,
    /// How it is changed there.
    pub verb: Verb,
    /// Code of errors in it.
    pub code: Code,
}

const fn field(name: &'static str, route: &'static str, verb: Verb, code: Code) -> Field {
    Field { name, route, verb, code }
}

/// All settings, in the order in which Meilisearch shows them.
pub const FIELDS: &[Field] = &[
    field("displayedAttributes", "displayed-attributes", Verb::Put, Code::InvalidSettingsDisplayedAttributes),
    field("searchableAttributes", "searchable-attributes", Verb::Put, Code::InvalidSettingsSearchableAttributes),
    field("filterableAttributes", "filterable-attributes", Verb::Put, Code::InvalidSettingsFilterableAttributes),
    field("sortableAttributes", "sortable-attributes", Verb::Put, Code::InvalidSettingsSortableAttributes),
    field("rankingRules", "ranking-rules", Verb::Put, Code::InvalidSettingsRankingRules),
    field("stopWords", "stop-words", Verb::Put, Code::InvalidSettingsStopWords),
    field("nonSeparatorTokens", "non-separator-tokens", Verb::Put, Code::InvalidSettingsNonSeparatorTokens),
    field("separatorTokens", "separator-tokens", Verb::Put, Code::InvalidSettingsSeparatorTokens),
    field("dictionary", "dictionary", Verb::Put, Code::InvalidSettingsDictionary),
    field("synonyms", "synonyms", Verb::Put, Code::InvalidSettingsSynonyms),
    field("distinctAttribute", "distinct-attribute", Verb::Put, Code::InvalidSettingsDistinctAttribute),
    field("proximityPrecision", "proximity-precision", Verb::Put, Code::InvalidSettingsProximityPrecision),
    field("typoTolerance", "typo-tolerance", Verb::Patch, Code::InvalidSettingsTypoTolerance),
    field("faceting", "faceting", Verb::Patch, Code::InvalidSettingsFaceting),
    field("pagination", "pagination", Verb::Patch, Code::InvalidSettingsPagination),
    field("embedders", "embedders", Verb::Patch, Code::InvalidSettingsEmbedders),
    field("searchCutoffMs", "search-cutoff-ms", Verb::Put, Code::InvalidSettingsSearchCutoffMs),
    field("localizedAttributes", "localized-attributes", Verb::Put, Code::InvalidSettingsLocalizedAttributes),
    field("facetSearch", "facet-search", Verb::Put, Code::InvalidSettingsFacetSearch),
    field("prefixSearch", "prefix-search", Verb::Put, Code::InvalidSettingsPrefixSearch),
];

/// The setting with this end of a route.
pub fn by_route(route: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.route == route)
}
