//! Several searches with one list of hits.

use super::merge::{Hit, merge};
use super::search::{Window, facets, hits, prepare};
use crate::error::{Code, Failure, Result};
use crate::query::SearchQuery;
use milli_core::score_details::ScoringStrategy;
use milli_core::{Index, OrderBy};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

/// One of the searches.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which of the request's searches.
    pub position: usize,
    /// The search.
    pub query: SearchQuery,
    /// How much its hits count.
    pub weight: f64,
}

/// What the searches have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Federation {
    /// Hits to leave out.
    pub offset: usize,
    /// Hits to give.
    pub limit: usize,
    /// Fields whose values are counted, by index.
    pub facets_by_index: BTreeMap<String, Option<Vec<String>>>,
    /// Whether the counts are added up over the indexes, and how many values each field then keeps.
    pub merge_facets: Option<Option<usize>>,
}

impl Federation {
    /// Hits that must be found in each index.
    fn reach(&self) -> usize {
        self.offset.saturating_add(self.limit)
    }
}

/// What was found in one index.
#[derive(Debug)]
pub struct Found {
    uid: String,
    hits: Vec<Hit>,
    total: u64,
    facets: Option<(Value, Value)>,
    /// How the values of each counted field are ordered.
    orders: Vec<(String, OrderBy)>,
}

/// Runs the searches of one index, on one state of it. A document that several find is found once, by the search that
/// it fits best. An error names the search.
pub fn in_index(uid: &str, index: &Index, parts: &[Part], federation: &Federation) -> Result<Found> {
    let rtxn = index.read_txn()?;
    let window = Window { offset: 0, limit: federation.reach() };
    let mut results = Vec::new();
    for part in parts {
        let run = || -> Result<_> {
            let mut search = prepare(index, &rtxn, &part.query, window)?;
            search.scoring_strategy(ScoringStrategy::Detailed);
            Ok(search.execute()?)
        };
        results.push(run().map_err(|failure| failure.in_index(uid).inside(part.position))?);
    }
    let mut total = 0;
    if let Some((first, rest)) = results.split_first_mut() {
        for result in rest.iter() {
            first.candidates |= &result.candidates;
        }
        total = first.candidates.len();
    }
    let mut orders = Vec::new();
    let counted = match (federation.facets_by_index.get(uid), results.first()) {
        (Some(Some(names)), Some(all)) => {
            let at_facets = |failure: Failure| {
                let message = format!("Inside `.federation.facetsByIndex.{uid}`: {}", failure.message);
                Failure::new(failure.code, message)
            };
            let order = index.sort_facet_values_by(&rtxn)?;
            orders.extend(names.iter().map(|name| (name.clone(), order.get(name))));
            Some(facets(index, &rtxn, names, all).map_err(at_facets)?)
        }
        _ => None,
    };
    let mut lists = Vec::new();
    for (part, result) in parts.iter().zip(results) {
        let ids = result.documents_ids.clone();
        let scores = result.document_scores.clone();
        let values = hits(index, &rtxn, &part.query, result)?;
        let list = ids.into_iter().zip(scores).zip(values);
        lists.push(
            list.map(|((id, scores), value)| Hit { id, position: part.position, weight: part.weight, scores, value })
                .collect(),
        );
    }
    let mut seen = HashSet::new();
    let hits = merge(lists, |hit| seen.insert(hit.id), federation.reach());
    let hits = hits.into_iter().map(|hit| signed(uid, hit)).collect();
    Ok(Found { uid: uid.to_owned(), hits, total, facets: counted, orders })
}

/// A hit that says where it comes from.
fn signed(uid: &str, mut hit: Hit) -> Hit {
    let federation = json!({
        "indexUid": uid, "queriesPosition": hit.position, "weightedRankingScore": hit.weighted_score(),
    });
    if let Some(value) = hit.value.as_object_mut() {
        value.insert("_federation".to_owned(), federation);
    }
    hit
}

/// One answer of what was found in each index; Meilisearch's JSON, but for the time.
pub fn answer(found: Vec<Found>, federation: &Federation) -> Result<Map<String, Value>> {
    let total: u64 = found.iter().map(|found| found.total).sum();
    let mut lists = Vec::new();
    let mut by_index = Map::new();
    let mut orders: BTreeMap<String, (String, OrderBy)> = BTreeMap::new();
    for found in found {
        lists.push(found.hits);
        if let Some((distribution, stats)) = found.facets {
            by_index.insert(found.uid.clone(), json!({"distribution": distribution, "stats": stats}));
        }
        for (name, order) in found.orders {
            let (first, known) = orders.entry(name.clone()).or_insert_with(|| (found.uid.clone(), order));
            if federation.merge_facets.is_some() && *known != order {
                return Err(inconsistent(&name, (first.as_str(), *known), (&found.uid, order)));
            }
        }
    }
    let merged = merge(lists, |_| true, federation.reach());
    let hits: Vec<Value> = merged.into_iter().skip(federation.offset).map(|hit| hit.value).collect();
    let mut answer = Map::new();
    answer.insert("hits".into(), hits.into());
    answer.insert("limit".into(), federation.limit.into());
    answer.insert("offset".into(), federation.offset.into());
    answer.insert("estimatedTotalHits".into(), total.into());
    match federation.merge_facets {
        _ if by_index.is_empty() => {}
        Some(most) => {
            let orders = |name: &str| orders.get(name).map_or(OrderBy::Lexicographic, |(_, order)| *order);
            let (distribution, stats) = added_up(&by_index, orders, most);
            answer.insert("facetDistribution".into(), distribution.into());
            answer.insert("facetStats".into(), stats.into());
        }
        None => {
            answer.insert("facetsByIndex".into(), by_index.into());
        }
    }
    Ok(answer)
}

fn inconsistent(facet: &str, (first, order): (&str, OrderBy), (second, other): (&str, OrderBy)) -> Failure {
    let word = |order| match order {
        OrderBy::Lexicographic => "alphabetically",
        OrderBy::Count => "by count",
    };
    Failure::new(
        Code::InvalidMultiSearchFacetOrder,
        format!(
            "Inside `.federation.facetsByIndex.{second}`: Inconsistent order for values in facet `{facet}`: index \
             `{first}` orders {}, but index `{second}` orders {}.\n - Hint: Remove `federation.mergeFacets` or change \
             `faceting.sortFacetValuesBy` to be consistent in settings.",
            word(order),
            word(other)
        ),
    )
}

type Merged = (Map<String, Value>, Map<String, Value>);

/// Counts and bounds over all indexes.
fn added_up(by_index: &Map<String, Value>, order: impl Fn(&str) -> OrderBy, most: Option<usize>) -> Merged {
    let mut counts: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    let mut bounds: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for facets in by_index.values() {
        for (name, values) in facets["distribution"].as_object().into_iter().flatten() {
            let sums = counts.entry(name).or_default();
            for (value, count) in values.as_object().into_iter().flatten() {
                *sums.entry(value).or_default() += count.as_u64().unwrap_or_default();
            }
        }
        for (name, stats) in facets["stats"].as_object().into_iter().flatten() {
            if let (Some(min), Some(max)) = (stats["min"].as_f64(), stats["max"].as_f64()) {
                let known = bounds.entry(name).or_insert((min, max));
                *known = (known.0.min(min), known.1.max(max));
            }
        }
    }
    let distribution = counts.into_iter().map(|(name, sums)| {
        let mut sums: Vec<_> = sums.into_iter().collect();
        if order(name) == OrderBy::Count {
            // Stable: among equals the order of the alphabet stays.
            sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        }
        sums.truncate(most.unwrap_or(usize::MAX));
        let sums: Map<_, _> = sums.into_iter().map(|(value, count)| (value.to_owned(), count.into())).collect();
        (name.to_owned(), Value::Object(sums))
    });
    let stats = bounds.into_iter().map(|(name, (min, max))| (name.to_owned(), json!({"min": min, "max": max})));
    (distribution.collect(), stats.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_added_up_ordered_and_cut() {
        let facets = |distribution: Value, min, max| json!({"distribution": {"版": distribution}, "stats": {"版": {"min": min, "max": max}}});
        let by_index = Map::from_iter([
            ("甲".to_owned(), facets(json!({"1": 2, "2": 1}), 1.0, 2.0)),
            ("乙".to_owned(), facets(json!({"2": 4, "8": 1}), 2.0, 8.0)),
        ]);
        let (distribution, stats) = added_up(&by_index, |_| OrderBy::Count, Some(2));
        assert_eq!(Value::Object(distribution).to_string(), r#"{"版":{"2":5,"1":2}}"#);
        assert_eq!(Value::Object(stats), json!({"版": {"min": 1.0, "max": 8.0}}));
    }
}
