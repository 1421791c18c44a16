//! A search as a client asks for it: parsed from a JSON body or a query string, checked field by field.

use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known};
use crate::settings::locale;
use milli_core::TermsMatchingStrategy;
use milli_core::tokenizer::Language;
use serde_json::{Map, Value};

/// A search with Meilisearch's defaults filled in.
#[derive(Debug, Clone)]
pub struct SearchQuery {
    /// The words; none: everything.
    pub q: Option<String>,
    /// Hits to leave out.
    pub offset: usize,
    /// Hits to give.
    pub limit: usize,
    /// Page, counted from 1; with it the total is exact.
    pub page: Option<usize>,
    /// Hits on a page; with it the total is exact.
    pub hits_per_page: Option<usize>,
    /// Fields of a hit; none: all displayed ones.
    pub attributes_to_retrieve: Option<Vec<String>>,
    /// Fields to shorten around the matches: `name` or `name:words`.
    pub attributes_to_crop: Vec<String>,
    /// Words that shortening leaves.
    pub crop_length: usize,
    /// What stands where text was cut.
    pub crop_marker: String,
    /// Fields in which matches are marked.
    pub attributes_to_highlight: Vec<String>,
    /// What stands before a match.
    pub highlight_pre_tag: String,
    /// What stands after a match.
    pub highlight_post_tag: String,
    /// Whether to say where the matches are.
    pub show_matches_position: bool,
    /// Which documents are looked at.
    pub filter: Option<Value>,
    /// Order, as `field:asc` or `field:desc`.
    pub sort: Option<Vec<String>>,
    /// One hit per value of this field.
    pub distinct: Option<String>,
    /// Fields whose values are counted.
    pub facets: Option<Vec<String>>,
    /// Which words may be left out.
    pub matching_strategy: TermsMatchingStrategy,
    /// Fields that are searched.
    pub attributes_to_search_on: Option<Vec<String>>,
    /// Hits below this score are left out.
    pub ranking_score_threshold: Option<f64>,
    /// Languages of the words.
    pub locales: Option<Vec<Language>>,
    /// Whether to give the score.
    pub show_ranking_score: bool,
    /// Whether to give the score of each rule.
    pub show_ranking_score_details: bool,
    /// Whether `_vectors` is asked for: always empty here.
    pub retrieve_vectors: bool,
}

/// Names that a search may have, in Meilisearch's order.
pub const KNOWN: &[&str] = &[
    "q",
    "vector",
    "offset",
    "limit",
    "page",
    "hitsPerPage",
    "attributesToRetrieve",
    "retrieveVectors",
    "attributesToCrop",
    "cropLength",
    "attributesToHighlight",
    "showMatchesPosition",
    "showRankingScore",
    "showRankingScoreDetails",
    "filter",
    "sort",
    "distinct",
    "facets",
    "highlightPreTag",
    "highlightPostTag",
    "cropMarker",
    "matchingStrategy",
    "attributesToSearchOn",
    "hybrid",
    "rankingScoreThreshold",
    "locales",
];

impl Default for SearchQuery {
    fn default() -> Self {
        Self {
            q: None,
            offset: 0,
            limit: 20,
            page: None,
            hits_per_page: None,
            attributes_to_retrieve: None,
            attributes_to_crop: Vec::new(),
            crop_length: 10,
            crop_marker: "…".to_owned(),
            attributes_to_highlight: Vec::new(),
            highlight_pre_tag: "<em>".to_owned(),
            highlight_post_tag: "</em>".to_owned(),
            show_matches_position: false,
            filter: None,
            sort: None,
            distinct: None,
            facets: None,
            matching_strategy: TermsMatchingStrategy::Last,
            attributes_to_search_on: None,
            ranking_score_threshold: None,
            locales: None,
            show_ranking_score: false,
            show_ranking_score_details: false,
            retrieve_vectors: false,
        }
    }
}

impl SearchQuery {
    /// From a JSON body.
    pub fn from_body(body: &Value) -> Result<Self> {
        Self::from_object(body_object(body)?, "")
    }

    /// From an object that stands at `path` of a body.
    pub fn from_object(object: &Map<String, Value>, path: &str) -> Result<Self> {
        only_known(object.keys(), KNOWN, "field")?;
        let mut query = Self::default();
        for (name, value) in object {
            query.set(name, value, format!("{path}.{name}"))?;
        }
        if object.get("vector").is_some_and(|vector| !vector.is_null()) {
            return Err(Failure::new(
                Code::MissingSearchHybrid,
                "Invalid request: missing `hybrid` parameter when `vector` or `media` are present.",
            ));
        }
        Ok(query)
    }

    /// From the parameters of a query string.
    pub fn from_parameters(parameters: &[(String, String)]) -> Result<Self> {
        only_known(parameters.iter().map(|(name, _)| name), KNOWN, "parameter")?;
        let mut query = Self::default();
        for (name, text) in parameters {
            let value = parameter_value(name, text);
            query.set(name, &value, name.clone())?;
        }
        Ok(query)
    }

    /// Whether the client asks for pages, so that the total has to be exact.
    pub fn wants_pages(&self) -> bool {
        self.page.is_some() || self.hits_per_page.is_some()
    }

    fn set(&mut self, name: &str, value: &Value, path: String) -> Result<()> {
        let at = |code| Input::new(value, path.clone(), code);
        match name {
            "q" => self.q = at(Code::InvalidSearchQ).optional(Input::string)?,
            "offset" => self.offset = at(Code::InvalidSearchOffset).count()?,
            "limit" => self.limit = at(Code::InvalidSearchLimit).count()?,
            "page" => self.page = at(Code::InvalidSearchPage).optional(Input::count)?,
            "hitsPerPage" => {
                self.hits_per_page = at(Code::InvalidSearchHitsPerPage).optional(Input::count)?;
            }
            "attributesToRetrieve" => {
                self.attributes_to_retrieve = at(Code::InvalidSearchAttributesToRetrieve).optional(Input::strings)?;
            }
            "attributesToCrop" => {
                self.attributes_to_crop =
                    at(Code::InvalidSearchAttributesToCrop).optional(Input::strings)?.unwrap_or_default();
            }
            "cropLength" => self.crop_length = at(Code::InvalidSearchCropLength).count()?,
            "cropMarker" => self.crop_marker = at(Code::InvalidSearchCropMarker).string()?,
            "attributesToHighlight" => {
                self.attributes_to_highlight =
                    at(Code::InvalidSearchAttributesToHighlight).optional(Input::strings)?.unwrap_or_default();
            }
            "highlightPreTag" => {
                self.highlight_pre_tag = at(Code::InvalidSearchHighlightPreTag).string()?;
            }
            "highlightPostTag" => {
                self.highlight_post_tag = at(Code::InvalidSearchHighlightPostTag).string()?;
            }
            "showMatchesPosition" => {
                self.show_matches_position = at(Code::InvalidSearchShowMatchesPosition).boolean()?;
            }
            "showRankingScore" => {
                self.show_ranking_score = at(Code::InvalidSearchShowRankingScore).boolean()?;
            }
            "showRankingScoreDetails" => {
                self.show_ranking_score_details = at(Code::InvalidSearchShowRankingScoreDetails).boolean()?;
            }
            // Its form is the engine's business.
            "filter" => self.filter = (!value.is_null()).then(|| value.clone()),
            "sort" => self.sort = at(Code::InvalidSearchSort).optional(Input::strings)?,
            "distinct" => self.distinct = at(Code::InvalidSearchDistinct).optional(Input::string)?,
            "facets" => self.facets = at(Code::InvalidSearchFacets).optional(Input::strings)?,
            "matchingStrategy" => {
                self.matching_strategy = strategy(&at(Code::InvalidSearchMatchingStrategy))?;
            }
            "attributesToSearchOn" => {
                self.attributes_to_search_on = at(Code::InvalidSearchAttributesToSearchOn).optional(Input::strings)?;
            }
            "rankingScoreThreshold" => {
                self.ranking_score_threshold = at(Code::InvalidSearchRankingScoreThreshold).optional(threshold)?;
            }
            "locales" => {
                self.locales = at(Code::InvalidSearchLocales).optional(locale::list)?;
            }
            "retrieveVectors" => {
                self.retrieve_vectors = at(Code::InvalidSearchRetrieveVectors).boolean()?;
            }
            "hybrid" => no_embedder(&at(Code::InvalidSearchHybridQuery))?,
            // `vector` alone is judged when all fields are known.
            _ => {}
        }
        Ok(())
    }
}

fn strategy(input: &Input<'_>) -> Result<TermsMatchingStrategy> {
    match input.string()?.as_str() {
        "last" => Ok(TermsMatchingStrategy::Last),
        "all" => Ok(TermsMatchingStrategy::All),
        "frequency" => Ok(TermsMatchingStrategy::Frequency),
        other => Err(input.unknown_value(other, &["last", "all", "frequency"])),
    }
}

fn threshold(input: &Input<'_>) -> Result<f64> {
    let number = input.number()?;
    if (0.0..=1.0).contains(&number) {
        Ok(number)
    } else {
        Err(input.invalid("the value of `rankingScoreThreshold` is invalid, expected a float between `0.0` and `1.0`."))
    }
}

/// There are no embedders, so none has the name that a hybrid search asks for.
fn no_embedder(input: &Input<'_>) -> Result<()> {
    let Some(members) = input.optional(|input| input.fields(&["embedder", "semanticRatio"]))? else {
        return Ok(());
    };
    let name = members.iter().find(|(key, _)| *key == "embedder");
    let name = name.map(|(_, value)| value.string()).transpose()?;
    Err(Failure::new(
        Code::InvalidSearchEmbedder,
        format!("Cannot find embedder with name `{}`.", name.unwrap_or_default()),
    ))
}

/// The JSON that a parameter of a query string stands for. What does not parse stays a string, so that the error
/// names it.
fn parameter_value(name: &str, text: &str) -> Value {
    match name {
        "offset"
        | "limit"
        | "page"
        | "hitsPerPage"
        | "cropLength"
        | "rankingScoreThreshold"
        | "showMatchesPosition"
        | "showRankingScore"
        | "showRankingScoreDetails"
        | "retrieveVectors" => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        "attributesToRetrieve"
        | "attributesToCrop"
        | "attributesToHighlight"
        | "facets"
        | "attributesToSearchOn"
        | "locales" => Value::Array(text.split(',').map(|part| Value::String(part.to_owned())).collect()),
        "sort" => Value::Array(sort_parameter(text)),
        "filter" => filter_parameter(text),
        _ => Value::String(text.to_owned()),
    }
}

/// A filter in a query string: JSON if it is an array or string of JSON, else an expression.
pub fn filter_parameter(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::String(_) | Value::Array(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}

/// `a:asc,_geoPoint(1,2):desc`: commas inside of brackets do not separate.
fn sort_parameter(text: &str) -> Vec<Value> {
    let mut parts = vec![String::new()];
    let mut depth = 0usize;
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts.into_iter().map(Value::String).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_unknown_parameter_is_a_bad_request() {
        let error = SearchQuery::from_body(&json!({"词": "春"})).unwrap_err();
        assert_eq!(error.code, Code::BadRequest);
        assert!(error.message.starts_with("Unknown field `词`: expected one of `q`"));
    }

    #[test]
    fn a_query_string_says_the_same_as_a_body() {
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let query = SearchQuery::from_parameters(&[
            text("q", "春"),
            text("limit", "3"),
            text("facets", "版,栏"),
            text("sort", "_geoPoint(1,2):asc,日期:desc"),
            text("showRankingScore", "true"),
            text("filter", "版 = 1"),
        ])
        .unwrap();
        assert_eq!(query.limit, 3);
        assert_eq!(query.facets.unwrap(), ["版", "栏"]);
        assert_eq!(query.sort.unwrap(), ["_geoPoint(1,2):asc", "日期:desc"]);
        assert!(query.show_ranking_score);
        assert_eq!(query.filter.unwrap(), json!("版 = 1"));
    }

    #[test]
    fn a_limit_that_is_no_number_has_its_own_code() {
        let parameters = [("limit".to_owned(), "十".to_owned())];
        let error = SearchQuery::from_parameters(&parameters).unwrap_err();
        assert_eq!(error.code, Code::InvalidSearchLimit);
    }
}
