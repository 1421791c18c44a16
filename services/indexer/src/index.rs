//! The index' settings as code, and how to tell whether a server already has them. Pure.
//!
//! What is listed here is ours; what is not listed (embedders, dictionary …) is the operator's, and no start of an
//! indexer touches it. Synonyms are ours only where a file of them is given.
//!
//! All settings go to the server in one request. It applies them in one task and one transaction: until that commits,
//! readers search the old index with the old settings, and then the new one; never an empty or a half one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use meilisearch_sdk::settings::{
    FacetSortValue, FacetingSettings, LocalizedAttributes, MinWordSizeForTypos, PaginationSetting, Settings,
    TypoToleranceSettings,
};
use serde_json::Value;

use crate::synonyms::Synonyms;

/// Raise it with every change below; it stands in the log beside what was changed.
pub const VERSION: u32 = 3;

/// Searched, the weightiest first.
const SEARCHABLE: [&str; 15] = [
    "headline",
    "kicker",
    "deck",
    "section",
    "byline",
    "people",
    "organizations",
    "places",
    "keywords",
    "subheads",
    "body",
    "dateline_place",
    "source",
    "byline_organizations",
    FINDABLE,
];

/// Words that the server's tokenizer misses in the other fields ([`crate::findable`]).
const FINDABLE: &str = "findable";

/// What a reader is shown: everything but [`FINDABLE`].
const DISPLAYED: [&str; 40] = [
    "id",
    "article_id",
    "issue_id",
    "revision",
    "publication_id",
    "publication",
    "date",
    "date_number",
    "year",
    "month",
    "year_month",
    "issue_number",
    "edition",
    "page",
    "pages",
    "position",
    "kind",
    "section",
    "kicker",
    "headline",
    "deck",
    "byline",
    "byline_organizations",
    "bylines",
    "dateline_place",
    "dateline_date",
    "source",
    "body",
    "body_cut",
    "subheads",
    "subheads_before",
    "people",
    "places",
    "organizations",
    "keywords",
    "continues_on_page",
    "continued_from_page",
    "language",
    "confidence",
    "warnings",
];

const FILTERABLE: [&str; 29] = [
    "article_id",
    "issue_id",
    "revision",
    "publication_id",
    "publication",
    "date",
    "date_number",
    "year",
    "month",
    "year_month",
    "issue_number",
    "edition",
    "page",
    "pages",
    "kind",
    "section",
    "byline",
    "byline_organizations",
    "dateline_place",
    "source",
    "people",
    "places",
    "organizations",
    "keywords",
    "continues_on_page",
    "continued_from_page",
    "language",
    "confidence",
    "warnings",
];

const SORTABLE: [&str; 6] = ["date", "date_number", "page", "position", "confidence", "issue_number"];

/// The engine's own rules; between equals the newest first. Without words to search, only the last one decides: an empty
/// query lists the newest. `sort` stands before the finer rules: who asks for the newest first gets them in the order of
/// their days.
const RANKING: [&str; 7] = ["words", "sort", "typo", "proximity", "attribute", "exactness", "date_number:desc"];

/// Words that no one searches for. More would be missed: in phrases and names most of them mean something.
const STOP_WORDS: [&str; 5] = ["的", "了", "吗", "呢", "吧"];

/// The locale of Chinese text. Without it the server guesses the language of each text, and takes a short headline for
/// Japanese.
const CHINESE: &str = "cmn";
/// A locale without a cutter for Chinese characters: what stands between two separators is one word.
const UNCUT: &str = "eng";

/// Deepest hit a frontend can page to.
const MAX_TOTAL_HITS: usize = 10_000;
/// A year has twelve months, a daily some hundred sections.
const MAX_FACET_VALUES: usize = 300;

/// Settings whose order says something; the others are sets.
const ORDERED: [&str; 2] = ["searchableAttributes", "rankingRules"];

/// Settings that hold nothing but what we put there.
const WHOLE: [&str; 1] = ["synonyms"];

/// What an operator or a command adds to the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// For each word the words that are searched with it; none: what the server has stays.
    pub synonyms: Option<Synonyms>,
    /// Fields to show beside those of an article.
    pub displayed: Vec<String>,
}

/// What the index should be.
pub fn wanted(extras: &Extras) -> Settings {
    let by_name = ["year", "month", "year_month", "page", "issue_number"];
    let mut order = BTreeMap::from([("*".to_owned(), FacetSortValue::Count)]);
    order.extend(by_name.map(|name| (name.to_owned(), FacetSortValue::Alpha)));
    let texts = SEARCHABLE.into_iter().filter(|name| *name != FINDABLE);
    let localized = |locale: &str, names: Vec<String>| LocalizedAttributes {
        locales: vec![locale.to_owned()],
        attribute_patterns: names,
    };
    Settings {
        pagination: Some(PaginationSetting { max_total_hits: MAX_TOTAL_HITS }),
        faceting: Some(FacetingSettings { max_values_per_facet: MAX_FACET_VALUES, sort_facet_values_by: Some(order) }),
        typo_tolerance: Some(TypoToleranceSettings {
            enabled: Some(true),
            disable_on_attributes: Some(Vec::new()),
            disable_on_words: None,
            // Typos are for long Latin words: PD1728 is not PD1729, and the server cuts Chinese into words of three
            // characters at most. Servers of 1.15 count bytes, of which these have nine, later ones characters.
            min_word_size_for_typos: Some(MinWordSizeForTypos { one_typo: Some(10), two_typos: Some(20) }),
            disable_on_numbers: Some(true),
        }),
        localized_attributes: Some(vec![
            localized(CHINESE, texts.map(str::to_owned).collect()),
            localized(UNCUT, vec![FINDABLE.to_owned()]),
        ]),
        synonyms: extras.synonyms.clone().map(HashMap::from_iter),
        ..Settings::new()
            .with_searchable_attributes(SEARCHABLE)
            .with_displayed_attributes(DISPLAYED.into_iter().chain(extras.displayed.iter().map(String::as_str)))
            .with_filterable_attributes(FILTERABLE)
            .with_sortable_attributes(SORTABLE)
            .with_ranking_rules(RANKING)
            .with_stop_words(STOP_WORDS)
    }
}

/// One setting that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The setting, as in `typoTolerance.enabled`.
    pub setting: String,
    /// What the server has.
    pub found: Value,
    /// What we want.
    pub wanted: Value,
}

/// [`wanted`] for a server that answered `found` (`GET /indexes/{uid}/settings`): what that server does not know is left
/// out, and what is the operator's stays as it is.
pub fn wanted_by(found: &Value, extras: &Extras) -> Settings {
    let mut settings = wanted(extras);
    if let (Some(ours), Some(theirs)) = (settings.typo_tolerance.as_mut(), found.get("typoTolerance")) {
        // Servers before 1.15 refuse what they do not know.
        if theirs.get("disableOnNumbers").is_none() {
            ours.disable_on_numbers = None;
        }
        // The client sends an absent list as null, which would empty it.
        ours.disable_on_words =
            theirs.get("disableOnWords").and_then(|words| serde_json::from_value(words.clone()).ok());
    }
    settings
}

/// Where a server's settings (`GET /indexes/{uid}/settings`) differ from `wanted`, as JSON. Settings that `wanted` does
/// not name are not looked at.
pub fn drift(found: &Value, wanted: &Value) -> Vec<Drift> {
    let mut drifts = Vec::new();
    compare("", found, wanted, &mut drifts);
    drifts
}

fn compare(path: &str, found: &Value, wanted: &Value, drifts: &mut Vec<Drift>) {
    match wanted {
        Value::Null => {}
        // One that is no longer in the file is a difference, too.
        _ if WHOLE.contains(&path) && normal(found) == normal(wanted) => {}
        Value::Object(fields) if !WHOLE.contains(&path) => {
            for (name, wanted) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(&path, found.get(name).unwrap_or(&Value::Null), wanted, drifts);
            }
        }
        _ if same(path, found, wanted) => {}
        _ => drifts.push(Drift { setting: path.to_owned(), found: found.clone(), wanted: wanted.clone() }),
    }
}

fn same(path: &str, found: &Value, wanted: &Value) -> bool {
    if ORDERED.contains(&path) {
        return found == wanted;
    }
    match (found, wanted) {
        (Value::Array(found), Value::Array(wanted)) => as_set(found) == as_set(wanted),
        _ => found == wanted,
    }
}

/// An array as a set; inner arrays (locales, patterns) are sets, too.
fn as_set(values: &[Value]) -> BTreeSet<String> {
    values.iter().map(|value| normal(value).to_string()).collect()
}

fn normal(value: &Value) -> Value {
    match value {
        Value::Array(values) => {
            let mut values: Vec<Value> = values.iter().map(normal).collect();
            values.sort_by_key(Value::to_string);
            Value::Array(values)
        }
        Value::Object(fields) => {
            // In the order of their names: serde_json keeps the order they came in where any crate of the build asks it to.
            let ordered: BTreeMap<_, _> = fields.iter().map(|(name, value)| (name.clone(), normal(value))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wanted_json() -> Value {
        serde_json::to_value(wanted(&Extras::default())).unwrap()
    }

    /// As a server gives them back: sets sorted its own way, everything else filled in.
    fn given_back() -> Value {
        let mut found = wanted_json();
        for list in ["filterableAttributes", "sortableAttributes"] {
            found[list].as_array_mut().unwrap().sort_by_key(Value::to_string);
        }
        found["displayedAttributes"].as_array_mut().unwrap().reverse();
        found["typoTolerance"]["disableOnWords"] = json!(["渡口"]);
        found["localizedAttributes"][0]["attributePatterns"].as_array_mut().unwrap().reverse();
        found["synonyms"] = json!({ "码头": ["港口"] });
        found["embedders"] = json!({ "own": { "source": "something new" } });
        found
    }

    #[test]
    fn settings_that_came_back_in_another_order_or_with_more_in_them_are_ours() {
        let found = given_back();
        let wanted = serde_json::to_value(wanted_by(&found, &Extras::default())).unwrap();
        assert_eq!(drift(&found, &wanted), []);
        assert_eq!(wanted["typoTolerance"]["disableOnWords"], json!(["渡口"]));
    }

    #[test]
    fn the_order_of_an_objects_names_is_no_drift() {
        let ours = json!({ "localizedAttributes": [{ "locales": ["cmn"], "attributePatterns": ["body"] }] });
        let theirs = json!({ "localizedAttributes": [{ "attributePatterns": ["body"], "locales": ["cmn"] }] });
        assert_eq!(drift(&theirs, &ours), []);
    }

    #[test]
    fn each_change_is_named_with_what_was_found_and_what_is_wanted() {
        let mut found = given_back();
        found["rankingRules"].as_array_mut().unwrap().swap(0, 1);
        found["sortableAttributes"] = json!([]);
        found["typoTolerance"]["minWordSizeForTypos"]["oneTypo"] = json!(4);
        let drifts = drift(&found, &wanted_json());
        let names: Vec<_> = drifts.iter().map(|drift| drift.setting.as_str()).collect();
        assert_eq!(names, ["rankingRules", "sortableAttributes", "typoTolerance.minWordSizeForTypos.oneTypo"]);
        assert_eq!((&drifts[2].found, &drifts[2].wanted), (&json!(4), &json!(10)));
    }

    #[test]
    fn synonyms_are_compared_as_a_whole_and_only_where_there_are_some() {
        let pair = |one: &str, other: &str| BTreeMap::from([(one.to_owned(), vec![other.to_owned()])]);
        let extras = Extras { synonyms: Some(pair("码头", "港口")), ..Extras::default() };
        let ours = serde_json::to_value(wanted(&extras)).unwrap();
        let mut found = given_back();
        assert_eq!(drift(&found, &ours), []);
        found["synonyms"]["渡口"] = json!(["渡头"]);
        assert_eq!(drift(&found, &ours)[0].setting, "synonyms");
        assert_eq!(drift(&found, &wanted_json()), []);
    }

    #[test]
    fn a_server_that_does_not_know_numbers_in_typos_is_not_asked_for_them() {
        let mut found = given_back();
        found["typoTolerance"].as_object_mut().unwrap().remove("disableOnNumbers");
        assert_eq!(wanted_by(&found, &Extras::default()).typo_tolerance.unwrap().disable_on_numbers, None);
    }

    #[test]
    fn every_field_that_is_named_is_one_that_documents_have() {
        // The fields as `fields.rs` writes them; a field that is misspelt here would be searched in vain.
        let known = include_str!("fields.rs");
        let ranked = RANKING.iter().filter_map(|rule| rule.strip_suffix(":desc"));
        for name in SEARCHABLE.iter().chain(&FILTERABLE).chain(&SORTABLE).chain(&DISPLAYED).copied().chain(ranked) {
            assert!(
                [" ", " pub(crate) "].iter().any(|before| known.contains(&format!("   {before}{name}: "))),
                "{name}"
            );
        }
    }
}
