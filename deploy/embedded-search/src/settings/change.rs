//! What a client wants changed in the settings of an index.

use super::fields::{FIELDS, Field};
use super::locale;
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known};
use milli_core::index::PrefixSearch;
use milli_core::proximity::ProximityPrecision;
use milli_core::{Criterion, FilterableAttributesRule, LocalizedAttributesRule, OrderBy};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// A value that is set, put back to its default (null), or left alone (absent).
pub type Member<T> = Option<Option<T>>;

/// One change; `None` puts the setting back to its default.
#[derive(Debug, Clone)]
pub enum Change {
    /// Fields of hits; `["*"]` means all.
    Displayed(Option<Vec<String>>),
    /// Fields that are searched, best first; `["*"]` means all.
    Searchable(Option<Vec<String>>),
    /// Fields of filters and facets.
    Filterable(Option<Vec<FilterableAttributesRule>>),
    /// Fields to sort by.
    Sortable(Option<Vec<String>>),
    /// Rules of order.
    RankingRules(Option<Vec<Criterion>>),
    /// Words that are not searched.
    StopWords(Option<BTreeSet<String>>),
    /// Separators that are none.
    NonSeparators(Option<BTreeSet<String>>),
    /// Further separators.
    Separators(Option<BTreeSet<String>>),
    /// Words that are not cut.
    Dictionary(Option<BTreeSet<String>>),
    /// Words that mean the same.
    Synonyms(Option<BTreeMap<String, Vec<String>>>),
    /// One hit per value of this field.
    Distinct(Option<String>),
    /// How exactly nearness is kept.
    Proximity(Option<ProximityPrecision>),
    /// What is forgiven.
    Typo(Option<Typo>),
    /// How many values a facet shows, in which order.
    Faceting(Option<Faceting>),
    /// How many hits there are at most.
    MaxTotalHits(Member<usize>),
    /// How long a search may take, in milliseconds.
    Cutoff(Option<u64>),
    /// Languages of fields.
    Localized(Option<Vec<LocalizedAttributesRule>>),
    /// Whether values of facets can be searched.
    FacetSearch(Option<bool>),
    /// Whether beginnings of words are found.
    PrefixSearch(Option<PrefixSearch>),
}

/// Typo tolerance, member by member.
#[derive(Debug, Clone, Default)]
pub struct Typo {
    /// On or off.
    pub enabled: Member<bool>,
    /// Characters from which one typo is forgiven.
    pub one: Member<u8>,
    /// Characters from which two typos are forgiven.
    pub two: Member<u8>,
    /// Words without typos.
    pub words: Member<BTreeSet<String>>,
    /// Fields without typos.
    pub attributes: Member<Vec<String>>,
    /// Numbers without typos.
    pub numbers: Member<bool>,
}

/// Faceting, member by member.
#[derive(Debug, Clone, Default)]
pub struct Faceting {
    /// Values shown at most.
    pub max_values: Member<usize>,
    /// Order of the values by field.
    pub order: Member<BTreeMap<String, OrderBy>>,
}

/// Reads the body of a change of all settings.
pub fn read_all(body: &Value) -> Result<Vec<Change>> {
    let object = body_object(body)?;
    let known: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    only_known(object.keys(), &known, "field")?;
    let mut changes = Vec::new();
    for field in FIELDS {
        if let Some(value) = object.get(field.name) {
            let path = format!(".{}", field.name);
            changes.extend(read(field, &Input::new(value, path, field.code))?);
        }
    }
    Ok(changes)
}

/// The change of all settings that a value on the route of one setting stands for, checked.
pub fn from_route(field: &Field, value: &Value) -> Result<Value> {
    read(field, &Input::new(value, "", field.code))?;
    let mut body = Map::new();
    body.insert(field.name.to_owned(), value.clone());
    Ok(Value::Object(body))
}

/// The change that puts everything back.
pub fn reset_all() -> Value {
    let all = FIELDS.iter().map(|field| (field.name.to_owned(), Value::Null));
    Value::Object(all.collect())
}

fn read(field: &Field, input: &Input<'_>) -> Result<Option<Change>> {
    Ok(Some(match field.name {
        "displayedAttributes" => Change::Displayed(input.optional(Input::strings)?),
        "searchableAttributes" => Change::Searchable(input.optional(Input::strings)?),
        "filterableAttributes" => Change::Filterable(input.optional(filterable)?),
        "sortableAttributes" => Change::Sortable(input.optional(Input::strings)?),
        "rankingRules" => Change::RankingRules(input.optional(ranking_rules)?),
        "stopWords" => Change::StopWords(input.optional(set)?),
        "nonSeparatorTokens" => Change::NonSeparators(input.optional(set)?),
        "separatorTokens" => Change::Separators(input.optional(set)?),
        "dictionary" => Change::Dictionary(input.optional(set)?),
        "synonyms" => Change::Synonyms(input.optional(synonyms)?),
        "distinctAttribute" => Change::Distinct(input.optional(Input::string)?),
        "proximityPrecision" => Change::Proximity(input.optional(proximity)?),
        "typoTolerance" => Change::Typo(input.optional(typo)?),
        "faceting" => Change::Faceting(input.optional(faceting)?),
        "pagination" => Change::MaxTotalHits(match input.optional(pagination)? {
            None => Some(None),
            Some(member) => member,
        }),
        "searchCutoffMs" => Change::Cutoff(input.optional(Input::count)?.map(|n| n as u64)),
        "localizedAttributes" => Change::Localized(input.optional(localized)?),
        "facetSearch" => Change::FacetSearch(input.optional(Input::boolean)?),
        "prefixSearch" => Change::PrefixSearch(input.optional(prefix_search)?),
        _ => {
            no_embedders(input)?;
            return Ok(None);
        }
    }))
}

fn set(input: &Input<'_>) -> Result<BTreeSet<String>> {
    Ok(input.strings()?.into_iter().collect())
}

fn filterable(input: &Input<'_>) -> Result<Vec<FilterableAttributesRule>> {
    let mut rules = Vec::new();
    for item in input.array()? {
        if item.value().is_object() {
            check_filterable_pattern(&item)?;
        } else {
            item.string()?;
        }
        let rule = serde_json::from_value(item.value().clone());
        rules.push(rule.map_err(|error| item.invalid(error))?);
    }
    Ok(rules)
}

fn check_filterable_pattern(item: &Input<'_>) -> Result<()> {
    let members = item.fields(&["attributePatterns", "features"])?;
    if !members.iter().any(|(name, _)| *name == "attributePatterns") {
        return Err(item.invalid("Missing field `attributePatterns`"));
    }
    for (name, value) in members {
        if name == "attributePatterns" {
            value.strings()?;
            continue;
        }
        for (name, value) in value.fields(&["facetSearch", "filter"])? {
            if name == "facetSearch" {
                value.boolean()?;
                continue;
            }
            for (_, value) in value.fields(&["equality", "comparison"])? {
                value.boolean()?;
            }
        }
    }
    Ok(())
}

fn ranking_rules(input: &Input<'_>) -> Result<Vec<Criterion>> {
    input
        .array()?
        .iter()
        .map(|item| Criterion::from_str(&item.string()?).map_err(|error| item.invalid(error)))
        .collect()
}

fn synonyms(input: &Input<'_>) -> Result<BTreeMap<String, Vec<String>>> {
    input.members()?.into_iter().map(|(word, others)| Ok((word.to_owned(), others.strings()?))).collect()
}

fn proximity(input: &Input<'_>) -> Result<ProximityPrecision> {
    match input.string()?.as_str() {
        "byWord" => Ok(ProximityPrecision::ByWord),
        "byAttribute" => Ok(ProximityPrecision::ByAttribute),
        other => Err(input.unknown_value(other, &["byWord", "byAttribute"])),
    }
}

fn prefix_search(input: &Input<'_>) -> Result<PrefixSearch> {
    match input.string()?.as_str() {
        "indexingTime" => Ok(PrefixSearch::IndexingTime),
        "disabled" => Ok(PrefixSearch::Disabled),
        other => Err(input.unknown_value(other, &["indexingTime", "disabled"])),
    }
}

fn typo(input: &Input<'_>) -> Result<Typo> {
    let mut typo = Typo::default();
    let known = ["enabled", "minWordSizeForTypos", "disableOnWords", "disableOnAttributes", "disableOnNumbers"];
    for (name, value) in input.fields(&known)? {
        match name {
            "enabled" => typo.enabled = Some(value.optional(Input::boolean)?),
            "disableOnWords" => typo.words = Some(value.optional(set)?),
            "disableOnAttributes" => typo.attributes = Some(value.optional(Input::strings)?),
            "disableOnNumbers" => typo.numbers = Some(value.optional(Input::boolean)?),
            _ if value.value().is_null() => (typo.one, typo.two) = (Some(None), Some(None)),
            _ => {
                for (name, size) in value.fields(&["oneTypo", "twoTypos"])? {
                    let size = Some(size.optional(Input::byte)?);
                    if name == "oneTypo" {
                        typo.one = size;
                    } else {
                        typo.two = size;
                    }
                }
                if let (Some(Some(one)), Some(Some(two))) = (typo.one, typo.two) {
                    check_typo_lengths(one, two).map_err(|failure| value.invalid(failure.message))?;
                }
            }
        }
    }
    Ok(typo)
}

/// One typo must be forgiven before two are.
pub fn check_typo_lengths(one: u8, two: u8) -> Result<()> {
    if one <= two {
        return Ok(());
    }
    Err(Failure::new(
        Code::InvalidSettingsTypoTolerance,
        format!(
            "`minWordSizeForTypos` setting is invalid. `oneTypo` and `twoTypos` fields should be between `0` and \
             `255`, and `twoTypos` should be greater or equals to `oneTypo` but found `oneTypo: {one}` and \
             twoTypos: {two}`."
        ),
    ))
}

fn faceting(input: &Input<'_>) -> Result<Faceting> {
    let mut faceting = Faceting::default();
    for (name, value) in input.fields(&["maxValuesPerFacet", "sortFacetValuesBy"])? {
        if name == "maxValuesPerFacet" {
            faceting.max_values = Some(value.optional(Input::count)?);
        } else {
            faceting.order = Some(value.optional(orders)?);
        }
    }
    Ok(faceting)
}

fn orders(input: &Input<'_>) -> Result<BTreeMap<String, OrderBy>> {
    input
        .members()?
        .into_iter()
        .map(|(field, order)| {
            let order = match order.string()?.as_str() {
                "alpha" => OrderBy::Lexicographic,
                "count" => OrderBy::Count,
                other => return Err(order.unknown_value(other, &["alpha", "count"])),
            };
            Ok((field.to_owned(), order))
        })
        .collect()
}

fn pagination(input: &Input<'_>) -> Result<Member<usize>> {
    let mut max_total_hits = None;
    for (_, value) in input.fields(&["maxTotalHits"])? {
        let hits = value.optional(Input::count)?;
        if hits == Some(0) {
            return Err(value
                .invalid("a non-zero integer value lower than `18446744073709551615` was expected, but found a zero"));
        }
        max_total_hits = Some(hits);
    }
    Ok(max_total_hits)
}

fn localized(input: &Input<'_>) -> Result<Vec<LocalizedAttributesRule>> {
    let mut rules = Vec::new();
    for item in input.array()? {
        let mut patterns = None;
        let mut locales = None;
        for (name, value) in item.fields(&["attributePatterns", "locales"])? {
            if name == "locales" {
                locales = Some(locale::list(&value)?);
            } else {
                patterns = Some(value.strings()?);
            }
        }
        let (Some(patterns), Some(locales)) = (patterns, locales) else {
            return Err(item.invalid("`attributePatterns` and `locales` are both needed"));
        };
        rules.push(LocalizedAttributesRule::new(patterns, locales));
    }
    Ok(rules)
}

fn no_embedders(input: &Input<'_>) -> Result<()> {
    let members = input.optional(Input::members)?.unwrap_or_default();
    match members.iter().find(|(_, value)| !value.value().is_null()) {
        None => Ok(()),
        Some((name, _)) => Err(Failure::new(
            Code::InvalidSettingsEmbedders,
            format!(
                "`.embedders.{name}`: embedded search has no embedders; use a Meilisearch server for vector search."
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fields::by_route;
    use serde_json::json;

    #[test]
    fn every_setting_can_be_put_back() {
        let changes = read_all(&reset_all()).unwrap();
        // All but embedders, of which there are none.
        assert_eq!(changes.len(), FIELDS.len() - 1);
    }

    #[test]
    fn an_error_has_the_code_of_its_setting() {
        for (body, code) in [
            (json!({"stopWords": "的"}), Code::InvalidSettingsStopWords),
            (json!({"rankingRules": ["更好"]}), Code::InvalidSettingsRankingRules),
            (json!({"pagination": {"maxTotalHits": 0}}), Code::InvalidSettingsPagination),
            (json!({"faceting": {"x": 0}}), Code::InvalidSettingsFaceting),
            (
                json!({"localizedAttributes": [{"attributePatterns": ["*"], "locales": ["xx"]}]}),
                Code::InvalidSettingsLocalizedAttributes,
            ),
            (
                json!({"typoTolerance": {"minWordSizeForTypos": {"oneTypo": 9, "twoTypos": 5}}}),
                Code::InvalidSettingsTypoTolerance,
            ),
            (json!({"filterableAttributes": [{"features": {}}]}), Code::InvalidSettingsFilterableAttributes),
            (json!({"embedders": {"甲": {"source": "huggingFace"}}}), Code::InvalidSettingsEmbedders),
            (json!({"没有": 1}), Code::BadRequest),
        ] {
            assert_eq!(read_all(&body).unwrap_err().code, code, "{body}");
        }
    }

    #[test]
    fn a_route_stands_for_a_change_of_all_settings() {
        let field = by_route("stop-words").unwrap();
        assert_eq!(from_route(field, &json!(["的"])).unwrap(), json!({"stopWords": ["的"]}));
    }
}
