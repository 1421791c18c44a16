//! Runs a search and builds its answer.

use super::format::Formatter;
use super::read::load;
use crate::error::{Code, Failure, Result};
use crate::query::SearchQuery;
use milli_core::heed::{RoTxn, WithoutTls};
use milli_core::score_details::{ScoreDetails, ScoringStrategy};
use milli_core::tokenizer::TokenizerBuilder;
use milli_core::{
    AscDesc, DEFAULT_VALUES_PER_FACET, Filter, Index, MatcherBuilder, Search, SearchResult, SortError, TimeBudget,
    UserError,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Meilisearch's bound on hits when `pagination.maxTotalHits` is not set.
pub const DEFAULT_MAX_TOTAL_HITS: usize = 1000;

/// Which hits, after paging and the bound on hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Hits to leave out.
    pub offset: usize,
    /// Hits to give.
    pub limit: usize,
}

/// Runs the search; the answer is Meilisearch's JSON.
pub fn search(index: &Index, query: &SearchQuery) -> Result<Map<String, Value>> {
    let started = Instant::now();
    let rtxn = index.read_txn()?;
    let max_total_hits = index
        .pagination_max_total_hits(&rtxn)?
        .map_or(DEFAULT_MAX_TOTAL_HITS, |hits| usize::try_from(hits).unwrap_or(usize::MAX));
    let window = window(query, max_total_hits);
    let result = prepare(index, &rtxn, query, window)?.execute()?;
    let total = usize::try_from(result.candidates.len()).unwrap_or(usize::MAX).min(max_total_hits);

    let mut answer = Map::new();
    let facets = match &query.facets {
        None => None,
        Some(names) => Some(facets(index, &rtxn, names, &result)?),
    };
    answer.insert("hits".into(), hits(index, &rtxn, query, result)?.into());
    answer.insert("query".into(), query.q.clone().unwrap_or_default().into());
    // Formatting and facets count too, as on the server.
    let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    answer.insert("processingTimeMs".into(), elapsed.into());
    if query.wants_pages() {
        let hits_per_page = query.hits_per_page.unwrap_or(20);
        let pages = total.div_ceil(hits_per_page.max(1)) * usize::from(hits_per_page > 0);
        answer.insert("hitsPerPage".into(), hits_per_page.into());
        answer.insert("page".into(), query.page.unwrap_or(1).into());
        answer.insert("totalPages".into(), pages.into());
        answer.insert("totalHits".into(), total.into());
    } else {
        answer.insert("limit".into(), query.limit.into());
        answer.insert("offset".into(), window.offset.into());
        answer.insert("estimatedTotalHits".into(), total.into());
    }
    if let Some((distribution, stats)) = facets {
        answer.insert("facetDistribution".into(), distribution);
        answer.insert("facetStats".into(), stats);
    }
    Ok(answer)
}

fn window(query: &SearchQuery, max_total_hits: usize) -> Window {
    let (offset, limit) = if query.wants_pages() {
        let limit = query.hits_per_page.unwrap_or(20);
        match query.page.unwrap_or(1).checked_sub(1) {
            None => (0, 0),
            Some(before) => (limit.saturating_mul(before), limit),
        }
    } else {
        (query.offset, query.limit)
    };
    let offset = offset.min(max_total_hits);
    Window { offset, limit: limit.min(max_total_hits - offset) }
}

/// The search as the engine takes it.
pub fn prepare<'s>(
    index: &'s Index,
    rtxn: &'s RoTxn<'s, WithoutTls>,
    query: &'s SearchQuery,
    window: Window,
) -> Result<Search<'s>> {
    let mut search = index.search(rtxn);
    let cutoff = index.search_cutoff(rtxn)?;
    search.time_budget(
        cutoff.map_or_else(TimeBudget::default, |milliseconds| TimeBudget::new(Duration::from_millis(milliseconds))),
    );
    if let Some(q) = &query.q {
        search.query(q);
    }
    search.offset(window.offset).limit(window.limit);
    search.terms_matching_strategy(query.matching_strategy);
    search.exhaustive_number_hits(query.wants_pages());
    if let Some(value) = &query.filter
        && let Some(filter) = Filter::from_json(value)?
    {
        search.filter(filter);
    }
    if let Some(sort) = &query.sort {
        search.sort_criteria(sort_criteria(sort)?);
    }
    if let Some(distinct) = &query.distinct {
        search.distinct(distinct.clone());
    }
    if let Some(searchable) = &query.attributes_to_search_on {
        search.searchable_attributes(searchable);
    }
    if let Some(locales) = &query.locales {
        search.locales(locales.clone());
    }
    let scored =
        query.show_ranking_score || query.show_ranking_score_details || query.ranking_score_threshold.is_some();
    if scored {
        search.scoring_strategy(ScoringStrategy::Detailed);
    }
    if let Some(threshold) = query.ranking_score_threshold {
        search.ranking_score_threshold(threshold);
    }
    Ok(search)
}

fn sort_criteria(sort: &[String]) -> Result<Vec<AscDesc>> {
    sort.iter()
        .map(|criterion| {
            AscDesc::from_str(criterion).map_err(|error| {
                let error = UserError::SortError(SortError::from(error));
                Failure::new(Code::InvalidSearchSort, error.to_string())
            })
        })
        .collect()
}

/// What the client sees of the hits.
pub fn hits(
    index: &Index,
    rtxn: &RoTxn<'_, WithoutTls>,
    query: &SearchQuery,
    result: SearchResult,
) -> Result<Vec<Value>> {
    let names = index.fields_ids_map(rtxn)?;
    let formatter = Formatter::new(index, rtxn, &names, query)?;
    let stop_words = index.stop_words(rtxn)?;
    let separators = index.allowed_separators(rtxn)?;
    let separators: Option<Vec<&str>> = separators.as_ref().map(words);
    let dictionary = index.dictionary(rtxn)?;
    let dictionary: Option<Vec<&str>> = dictionary.as_ref().map(words);
    // Texts must be cut into words as they were when they were indexed, or matches are not found in them.
    let mut tokenizer = TokenizerBuilder::new();
    tokenizer.create_char_map(true);
    if let Some(stop_words) = &stop_words {
        tokenizer.stop_words(stop_words);
    }
    if let Some(separators) = &separators {
        tokenizer.separators(separators);
    }
    if let Some(dictionary) = &dictionary {
        tokenizer.words_dict(dictionary);
    }
    let mut builder = MatcherBuilder::new(result.matching_words, tokenizer.into_tokenizer());
    builder.crop_marker(query.crop_marker.clone());
    builder.highlight_prefix(query.highlight_pre_tag.clone());
    builder.highlight_suffix(query.highlight_post_tag.clone());

    let mut hits = Vec::with_capacity(result.documents_ids.len());
    for (&id, scores) in result.documents_ids.iter().zip(&result.document_scores) {
        let document = load(index, rtxn, &names, id)?;
        let mut hit = formatter.retrieve(&document);
        if query.retrieve_vectors {
            hit.insert("_vectors".into(), Value::Object(Map::new()));
        }
        if formatter.is_needed() {
            let (formatted, positions) = formatter.format(document, &builder);
            if !formatted.is_empty() {
                hit.insert("_formatted".into(), formatted.into());
            }
            if let Some(positions) = positions {
                hit.insert("_matchesPosition".into(), serde_json::to_value(positions)?);
            }
        }
        if query.show_ranking_score {
            let score = ScoreDetails::global_score(scores.iter());
            hit.insert("_rankingScore".into(), score.into());
        }
        if query.show_ranking_score_details {
            let details = ScoreDetails::to_json_map(scores.iter());
            hit.insert("_rankingScoreDetails".into(), details.into());
        }
        hits.push(Value::Object(hit));
    }
    Ok(hits)
}

/// How many of the found documents have each value of these fields, and the bounds of their numbers.
pub fn facets(
    index: &Index,
    rtxn: &RoTxn<'_, WithoutTls>,
    names: &[String],
    result: &SearchResult,
) -> Result<(Value, Value)> {
    let mut distribution = index.facets_distribution(rtxn);
    let most = index.max_values_per_facet(rtxn)?;
    let most = most.map_or(DEFAULT_VALUES_PER_FACET, |values| usize::try_from(values).unwrap_or(usize::MAX));
    let order = index.sort_facet_values_by(rtxn)?;
    distribution.max_values_per_facet(most);
    distribution.default_order_by(order.get("*"));
    if !names.iter().any(|name| name == "*") {
        distribution.facets(names.iter().map(|name| (name, order.get(name))));
    }
    distribution.candidates(result.candidates.clone());
    let counts = serde_json::to_value(distribution.execute()?)?;
    let stats: Map<String, Value> = distribution
        .compute_stats()?
        .into_iter()
        .map(|(name, (min, max))| (name, json!({"min": min, "max": max})))
        .collect();
    Ok((counts, Value::Object(stats)))
}

fn words(words: &BTreeSet<String>) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_stay_within_the_bound() {
        let paged = |page, hits_per_page| SearchQuery {
            page: Some(page),
            hits_per_page: Some(hits_per_page),
            ..SearchQuery::default()
        };
        assert_eq!(window(&paged(1, 7), 100), Window { offset: 0, limit: 7 });
        assert_eq!(window(&paged(3, 7), 16), Window { offset: 14, limit: 2 });
        assert_eq!(window(&paged(9, 7), 16), Window { offset: 16, limit: 0 });
        assert_eq!(window(&paged(0, 7), 16), Window { offset: 0, limit: 0 });
        assert_eq!(window(&paged(usize::MAX, usize::MAX), 16), Window { offset: 16, limit: 0 });
    }
}
