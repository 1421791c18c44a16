//! How the settings of an index stand, as Meilisearch shows them.

use crate::engine::search::DEFAULT_MAX_TOTAL_HITS;
use crate::error::Result;
use milli_core::index::PrefixSearch;
use milli_core::proximity::ProximityPrecision;
use milli_core::{DEFAULT_VALUES_PER_FACET, Index, OrderBy};
use serde_json::{Map, Value, json};

/// All settings. The typo lengths are the user's own, which the index does not hold.
pub fn show(index: &Index, [one_typo, two_typos]: [u8; 2]) -> Result<Map<String, Value>> {
    let rtxn = index.read_txn()?;
    let mut sortable: Vec<_> = index.sortable_fields(&rtxn)?.into_iter().collect();
    sortable.sort();
    let stop_words = match index.stop_words(&rtxn)? {
        None => Vec::new(),
        Some(words) => words.stream().into_strs().map_err(crate::error::Failure::internal)?,
    };
    let exact_words = match index.exact_words(&rtxn)? {
        None => Vec::new(),
        Some(words) => words.stream().into_strs().map_err(crate::error::Failure::internal)?,
    };
    let mut exact_attributes = index.exact_attributes(&rtxn)?;
    exact_attributes.sort_unstable();
    let rules: Vec<String> = index.criteria(&rtxn)?.iter().map(ToString::to_string).collect();
    let order: Map<String, Value> = index
        .sort_facet_values_by(&rtxn)?
        .into_iter()
        .map(|(field, order)| (field, order_name(order).into()))
        .collect();
    let localized = index.localized_attributes_rules(&rtxn)?.map(|rules| {
        let rules = rules.iter().map(|rule| {
            let locales: Vec<_> = rule.locales().iter().map(|locale| locale.code()).collect();
            json!({"attributePatterns": rule.attribute_patterns.patterns, "locales": locales})
        });
        rules.collect::<Vec<_>>()
    });
    let proximity = match index.proximity_precision(&rtxn)?.unwrap_or_default() {
        ProximityPrecision::ByWord => "byWord",
        ProximityPrecision::ByAttribute => "byAttribute",
    };
    let prefix_search = match index.prefix_search(&rtxn)?.unwrap_or_default() {
        PrefixSearch::IndexingTime => "indexingTime",
        PrefixSearch::Disabled => "disabled",
    };
    let max_values = index.max_values_per_facet(&rtxn)?;
    let max_total_hits = index.pagination_max_total_hits(&rtxn)?;

    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    put("displayedAttributes", json!(index.displayed_fields(&rtxn)?.unwrap_or_else(|| vec!["*"])));
    put("searchableAttributes", json!(index.user_defined_searchable_fields(&rtxn)?.unwrap_or_else(|| vec!["*"])));
    put("filterableAttributes", json!(index.filterable_attributes_rules(&rtxn)?));
    put("sortableAttributes", json!(sortable));
    put("rankingRules", json!(rules));
    put("stopWords", json!(stop_words));
    put("nonSeparatorTokens", json!(index.non_separator_tokens(&rtxn)?.unwrap_or_default()));
    put("separatorTokens", json!(index.separator_tokens(&rtxn)?.unwrap_or_default()));
    put("dictionary", json!(index.dictionary(&rtxn)?.unwrap_or_default()));
    put("synonyms", json!(index.user_defined_synonyms(&rtxn)?));
    put("distinctAttribute", json!(index.distinct_field(&rtxn)?));
    put("proximityPrecision", json!(proximity));
    put(
        "typoTolerance",
        json!({
            "enabled": index.authorize_typos(&rtxn)?,
            "minWordSizeForTypos": {"oneTypo": one_typo, "twoTypos": two_typos},
            "disableOnWords": exact_words,
            "disableOnAttributes": exact_attributes,
            "disableOnNumbers": index.disabled_typos_terms(&rtxn)?.disable_on_numbers,
        }),
    );
    put(
        "faceting",
        json!({
            "maxValuesPerFacet": max_values.unwrap_or(DEFAULT_VALUES_PER_FACET as u64),
            "sortFacetValuesBy": order,
        }),
    );
    put("pagination", json!({"maxTotalHits": max_total_hits.unwrap_or(DEFAULT_MAX_TOTAL_HITS as u64)}));
    put("embedders", json!({}));
    put("searchCutoffMs", json!(index.search_cutoff(&rtxn)?));
    put("localizedAttributes", json!(localized));
    put("facetSearch", json!(index.facet_search(&rtxn)?));
    put("prefixSearch", json!(prefix_search));
    Ok(shown)
}

fn order_name(order: OrderBy) -> &'static str {
    match order {
        OrderBy::Lexicographic => "alpha",
        OrderBy::Count => "count",
    }
}
