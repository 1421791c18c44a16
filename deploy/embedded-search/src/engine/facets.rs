//! Finds values of a facet, for frontends that let people type into a list of too many values.

use super::search::{Window, prepare};
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object};
use crate::query::SearchQuery;
use milli_core::tokenizer::Language;
use milli_core::{Index, PatternMatch, SearchForFacetValues};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// A search among the values of a facet.
#[derive(Debug, Clone)]
pub struct FacetQuery {
    /// The field.
    pub name: String,
    /// How a value begins; none: any.
    pub text: Option<String>,
    /// Which documents are counted.
    pub search: SearchQuery,
}

/// What of a search counts here; the rest of one may be sent and is passed over, as on the server.
const SEARCH_FIELDS: &[&str] = &[
    "q",
    "vector",
    "hybrid",
    "filter",
    "matchingStrategy",
    "attributesToSearchOn",
    "rankingScoreThreshold",
    "locales",
];

impl FacetQuery {
    /// From a JSON body.
    pub fn from_body(body: &Value) -> Result<Self> {
        let object = body_object(body)?;
        let at = |name: &str, code| Input::new(object.get(name).unwrap_or(&Value::Null), format!(".{name}"), code);
        if !object.contains_key("facetName") {
            return Err(Failure::new(Code::MissingFacetSearchFacetName, "Missing field `facetName`"));
        }
        let name = at("facetName", Code::InvalidFacetSearchFacetName).string()?;
        let text = at("facetQuery", Code::InvalidFacetSearchQuery).optional(Input::string)?;
        let exhaustive =
            at("exhaustiveFacetCount", Code::InvalidFacetSearchExhaustiveFacetCount).optional(Input::boolean)?;
        let fields = object.iter().filter(|(name, _)| SEARCH_FIELDS.contains(&name.as_str()));
        let fields: Map<_, _> = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut search = SearchQuery::from_object(&fields, "")?;
        if exhaustive == Some(true) {
            // No hits are wanted, but all of them are counted.
            search.page = Some(0);
        }
        Ok(Self { name, text, search })
    }
}

/// The values that begin like the query, with how many documents have them; the answer is Meilisearch's JSON.
pub fn facet_search(index: &Index, query: &FacetQuery) -> Result<Value> {
    let started = Instant::now();
    let rtxn = index.read_txn()?;
    if !index.facet_search(&rtxn)? {
        return Err(Failure::new(Code::FacetSearchDisabled, "The facet search is disabled for this index"));
    }
    let window = Window { offset: 0, limit: query.search.limit };
    let search = prepare(index, &rtxn, &query.search, window)?;
    let mut values = SearchForFacetValues::new(query.name.clone(), search, false);
    if let Some(text) = &query.text {
        values.query(text);
    }
    if let Some(most) = index.max_values_per_facet(&rtxn)? {
        values.max_values(usize::try_from(most).unwrap_or(usize::MAX));
    }
    // Values were normalized with the locales of their field, so a query's own count only where the field has them.
    let rules = index.localized_attributes_rules(&rtxn)?.unwrap_or_default();
    if let Some(rule) = rules.iter().find(|rule| rule.match_str(&query.name) == PatternMatch::Match) {
        let asked = query.search.locales.as_ref();
        let wanted = |locale: &&Language| asked.is_none_or(|asked| asked.contains(locale));
        values.locales(rule.locales().iter().filter(wanted).copied().collect());
    }
    let hits = values.execute()?;
    let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(json!({"facetHits": hits, "facetQuery": query.text, "processingTimeMs": elapsed}))
}
