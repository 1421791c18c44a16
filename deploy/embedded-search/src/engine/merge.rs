//! Merges the hits of several searches by their scores, as Meilisearch documents it for federated search: rule by
//! rule, each score multiplied by the weight of its search.

use milli_core::score_details::{ScoreDetails, WeightedScoreValue, compare_sort_values};
use serde_json::Value;
use std::cmp::Ordering;

/// A hit of one of the searches.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The document in its index.
    pub id: u32,
    /// Which search found it.
    pub position: usize,
    /// How much that search counts.
    pub weight: f64,
    /// How well it fits, rule by rule.
    pub scores: Vec<ScoreDetails>,
    /// What the client sees of it.
    pub value: Value,
}

impl Hit {
    /// How well it fits in all.
    pub fn weighted_score(&self) -> f64 {
        ScoreDetails::global_score(self.scores.iter()) * self.weight
    }

    fn rules(&self) -> impl Iterator<Item = WeightedScoreValue> + '_ {
        ScoreDetails::weighted_score_values(self.scores.iter(), self.weight)
    }

    /// Whether it goes before `other`: the better one, and among equals the one of the earlier search.
    fn goes_before(&self, other: &Self) -> bool {
        match compare(self, other) {
            Ordering::Greater => true,
            Ordering::Equal => self.position < other.position,
            Ordering::Less => false,
        }
    }
}

/// One list of lists that are in order each; it takes as many hits as are `wanted`.
pub fn merge(lists: Vec<Vec<Hit>>, mut wanted: impl FnMut(&Hit) -> bool, most: usize) -> Vec<Hit> {
    let mut heads: Vec<_> = lists.into_iter().map(|list| list.into_iter().peekable()).collect();
    let mut merged = Vec::new();
    while merged.len() < most {
        let mut best: Option<usize> = None;
        for at in 0..heads.len() {
            let (before, rest) = heads.split_at_mut(at);
            let Some(hit) = rest[0].peek() else { continue };
            let is_better = match best.and_then(|best| before[best].peek()) {
                Some(best) => hit.goes_before(best),
                None => true,
            };
            if is_better {
                best = Some(at);
            }
        }
        let Some(hit) = best.and_then(|best| heads[best].next()) else {
            break;
        };
        if wanted(&hit) {
            merged.push(hit);
        }
    }
    merged
}

/// Rule by rule; where the rules cannot be compared, who has more of them left, then the score in all.
fn compare(left: &Hit, right: &Hit) -> Ordering {
    use WeightedScoreValue::{GeoSort, Sort, VectorSort, WeightedScore};
    let in_all = || left.weighted_score().total_cmp(&right.weighted_score());
    let (mut lefts, mut rights) = (left.rules(), right.rules());
    loop {
        let order = match (lefts.next(), rights.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(WeightedScore(one) | VectorSort(one)), Some(WeightedScore(other) | VectorSort(other))) => {
                close_or(one, other)
            }
            (Some(Sort { asc, value }), Some(Sort { asc: other_asc, value: other })) => {
                if asc != other_asc {
                    return in_all();
                }
                compare_sort_values(asc, &value, &other)
            }
            (Some(GeoSort { asc, distance }), Some(GeoSort { asc: other_asc, distance: other })) => {
                match (distance, other) {
                    _ if asc != other_asc => Ordering::Equal,
                    (None, None) => Ordering::Equal,
                    (None, Some(_)) => Ordering::Less,
                    (Some(_), None) => Ordering::Greater,
                    (Some(one), Some(other)) => close_or(one, other),
                }
            }
            _ => return lefts.count().cmp(&rights.count()).then_with(in_all),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn close_or(one: f64, other: f64) -> Ordering {
    if (one - other).abs() <= f64::EPSILON { Ordering::Equal } else { one.total_cmp(&other) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use milli_core::score_details::Rank;
    use proptest::prelude::*;
    use serde_json::json;

    fn hit(id: u32, position: usize, rank: u32, weight: f64) -> Hit {
        let scores = vec![ScoreDetails::Fid(Rank { rank, max_rank: 10 })];
        Hit { id, position, weight, scores, value: json!(id) }
    }

    fn ids(hits: &[Hit]) -> Vec<u32> {
        hits.iter().map(|hit| hit.id).collect()
    }

    #[test]
    fn better_hits_go_first_and_among_equals_the_earlier_search() {
        let lists = vec![vec![hit(1, 0, 9, 1.0), hit(2, 0, 5, 1.0)], vec![hit(3, 1, 10, 1.0), hit(4, 1, 5, 1.0)]];
        assert_eq!(ids(&merge(lists, |_| true, 10)), [3, 1, 2, 4]);
    }

    #[test]
    fn a_weight_lifts_or_lowers_a_search() {
        let lists = |weight| vec![vec![hit(1, 0, 6, 1.0)], vec![hit(2, 1, 9, weight)]];
        assert_eq!(ids(&merge(lists(1.0), |_| true, 10)), [2, 1]);
        assert_eq!(ids(&merge(lists(0.5), |_| true, 10)), [1, 2]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_doubled_or_taken_out_of_order(
            ranks in proptest::collection::vec(proptest::collection::vec(1u32..=10, 0..8), 0..5), most in 0usize..30,
        ) {
            let mut next = 0;
            let lists: Vec<Vec<Hit>> = ranks.into_iter().enumerate().map(|(position, mut ranks)| {
                ranks.sort_unstable_by(|a, b| b.cmp(a));
                ranks.into_iter().map(|rank| { next += 1; hit(next, position, rank, 1.0) }).collect()
            }).collect();
            let total: usize = lists.iter().map(Vec::len).sum();
            let merged = merge(lists, |_| true, most);
            prop_assert_eq!(merged.len(), total.min(most));
            prop_assert!(merged.windows(2).all(|pair| pair[0].weighted_score() >= pair[1].weighted_score()));
            let mut seen = ids(&merged);
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), merged.len());
        }
    }
}
