//! Makes the engine change the settings of an index.
//!
//! Typo lengths: the server counts characters, this version of the engine counts bytes, of which a Chinese character has
//! three; so a word of two characters would be granted a typo. The server cuts Chinese into words of three characters at
//! most: from ten bytes on a word is Latin, and the lengths are the user's own. Shorter ones are given to the engine times
//! three, and ten at most. Users see their own lengths. The price: a Latin word of five letters is granted no typo.

use super::change::{Change, Faceting, Member, Typo, check_typo_lengths};
use crate::engine::meta::DEFAULT_TYPO_LENGTHS;
use crate::engine::slot::{Trouble, Work};
use milli_core::Index;
use milli_core::update::{IndexerConfig, Settings};

/// Bytes of a Chinese character in UTF-8, and from how many on a word is none of those that Chinese is cut into.
const BYTES_PER_CHARACTER: u8 = 3;
const NOT_CHINESE: u8 = 10;

/// Gives a new index its typo lengths and, if known, its primary key.
pub fn initialize(index: &Index, config: &IndexerConfig, primary_key: Option<&str>) -> Work<()> {
    let mut wtxn = index.write_txn()?;
    let mut settings = Settings::new(&mut wtxn, index, config);
    set_typo_lengths(&mut settings, DEFAULT_TYPO_LENGTHS);
    if let Some(primary_key) = primary_key {
        settings.set_primary_key(primary_key.to_owned());
    }
    settings.execute(|_| (), || false)?;
    wtxn.commit()?;
    Ok(())
}

/// Sets the primary key of an index that has no documents.
pub fn set_primary_key(index: &Index, config: &IndexerConfig, primary_key: &str) -> Work<()> {
    let mut wtxn = index.write_txn()?;
    let mut settings = Settings::new(&mut wtxn, index, config);
    settings.set_primary_key(primary_key.to_owned());
    settings.execute(|_| (), || false)?;
    wtxn.commit()?;
    Ok(())
}

/// Applies the changes in one transaction; documents are indexed again where needed. Says the typo lengths that hold
/// afterwards.
pub fn apply(index: &Index, config: &IndexerConfig, changes: &[Change], lengths: [u8; 2]) -> Work<[u8; 2]> {
    let lengths = new_typo_lengths(changes, lengths)?;
    let mut wtxn = index.write_txn()?;
    let mut settings = Settings::new(&mut wtxn, index, config);
    for change in changes {
        set(&mut settings, change.clone());
    }
    set_typo_lengths(&mut settings, lengths);
    settings.execute(|_| (), || false)?;
    wtxn.commit()?;
    Ok(lengths)
}

fn new_typo_lengths(changes: &[Change], [one, two]: [u8; 2]) -> Work<[u8; 2]> {
    let mut lengths = [one, two];
    for change in changes {
        let typo = match change {
            Change::Typo(None) => Typo { one: Some(None), two: Some(None), ..Typo::default() },
            Change::Typo(Some(typo)) => typo.clone(),
            _ => continue,
        };
        for (at, member) in [typo.one, typo.two].into_iter().enumerate() {
            if let Some(length) = member {
                lengths[at] = length.unwrap_or(DEFAULT_TYPO_LENGTHS[at]);
            }
        }
    }
    check_typo_lengths(lengths[0], lengths[1]).map_err(Trouble::Refused)?;
    Ok(lengths)
}

fn set_typo_lengths(settings: &mut Settings<'_, '_, '_>, [one, two]: [u8; 2]) {
    let bytes = |characters: u8| characters.saturating_mul(BYTES_PER_CHARACTER).min(characters.max(NOT_CHINESE));
    settings.set_min_word_len_one_typo(bytes(one));
    settings.set_min_word_len_two_typos(bytes(two));
}

/// Calls the setter, or the resetter where the value is none.
macro_rules! set_or_reset {
    ($settings:ident, $value:expr, $set:ident, $reset:ident) => {
        match $value {
            Some(value) => $settings.$set(value),
            None => $settings.$reset(),
        }
    };
}

fn set(settings: &mut Settings<'_, '_, '_>, change: Change) {
    let all = |fields: &Vec<String>| !fields.iter().any(|field| field == "*");
    match change {
        Change::Displayed(fields) => {
            set_or_reset!(settings, fields.filter(all), set_displayed_fields, reset_displayed_fields);
        }
        Change::Searchable(fields) => {
            set_or_reset!(settings, fields.filter(all), set_searchable_fields, reset_searchable_fields);
        }
        Change::Filterable(rules) => {
            set_or_reset!(settings, rules, set_filterable_fields, reset_filterable_fields);
        }
        Change::Sortable(fields) => {
            let fields = fields.map(|fields| fields.into_iter().collect());
            set_or_reset!(settings, fields, set_sortable_fields, reset_sortable_fields);
        }
        Change::RankingRules(rules) => {
            set_or_reset!(settings, rules, set_criteria, reset_criteria);
        }
        Change::StopWords(words) => {
            set_or_reset!(settings, words, set_stop_words, reset_stop_words);
        }
        Change::NonSeparators(tokens) => {
            set_or_reset!(settings, tokens, set_non_separator_tokens, reset_non_separator_tokens);
        }
        Change::Separators(tokens) => {
            set_or_reset!(settings, tokens, set_separator_tokens, reset_separator_tokens);
        }
        Change::Dictionary(words) => {
            set_or_reset!(settings, words, set_dictionary, reset_dictionary);
        }
        Change::Synonyms(synonyms) => {
            set_or_reset!(settings, synonyms, set_synonyms, reset_synonyms);
        }
        Change::Distinct(field) => {
            set_or_reset!(settings, field, set_distinct_field, reset_distinct_field);
        }
        Change::Proximity(precision) => {
            set_or_reset!(settings, precision, set_proximity_precision, reset_proximity_precision);
        }
        Change::Typo(typo) => set_typo(settings, typo),
        Change::Faceting(faceting) => set_faceting(settings, faceting),
        Change::MaxTotalHits(member) => {
            if let Some(hits) = member {
                set_or_reset!(settings, hits, set_pagination_max_total_hits, reset_pagination_max_total_hits);
            }
        }
        Change::Cutoff(milliseconds) => {
            set_or_reset!(settings, milliseconds, set_search_cutoff, reset_search_cutoff);
        }
        Change::Localized(rules) => {
            set_or_reset!(settings, rules, set_localized_attributes_rules, reset_localized_attributes_rules);
        }
        Change::FacetSearch(on) => {
            set_or_reset!(settings, on, set_facet_search, reset_facet_search);
        }
        Change::PrefixSearch(kind) => {
            set_or_reset!(settings, kind, set_prefix_search, reset_prefix_search);
        }
    }
}

/// All but the lengths, which are set from what holds in the end.
fn set_typo(settings: &mut Settings<'_, '_, '_>, typo: Option<Typo>) {
    fn reset<T>() -> Member<T> {
        Some(None)
    }
    let typo = typo.unwrap_or_else(|| Typo {
        enabled: reset(),
        one: reset(),
        two: reset(),
        words: reset(),
        attributes: reset(),
        numbers: reset(),
    });
    if let Some(on) = typo.enabled {
        set_or_reset!(settings, on, set_autorize_typos, reset_authorize_typos);
    }
    if let Some(words) = typo.words {
        set_or_reset!(settings, words, set_exact_words, reset_exact_words);
    }
    if let Some(fields) = typo.attributes {
        let fields = fields.map(|fields| fields.into_iter().collect());
        set_or_reset!(settings, fields, set_exact_attributes, reset_exact_attributes);
    }
    if let Some(off) = typo.numbers {
        set_or_reset!(settings, off, set_disable_on_numbers, reset_disable_on_numbers);
    }
}

fn set_faceting(settings: &mut Settings<'_, '_, '_>, faceting: Option<Faceting>) {
    let faceting = faceting.unwrap_or(Faceting { max_values: Some(None), order: Some(None) });
    if let Some(most) = faceting.max_values {
        set_or_reset!(settings, most, set_max_values_per_facet, reset_max_values_per_facet);
    }
    if let Some(order) = faceting.order {
        let order = order.map(|order| order.into_iter().collect());
        set_or_reset!(settings, order, set_sort_facet_values_by, reset_sort_facet_values_by);
    }
}
