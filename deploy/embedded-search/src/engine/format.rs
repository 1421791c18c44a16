//! What a hit shows: which fields, where the matches are, highlighted and cropped.

use super::select::{Document, for_each_leaf, pick};
use crate::error::Result;
use crate::query::SearchQuery;
use milli_core::heed::{RoTxn, WithoutTls};
use milli_core::{
    FieldsIdsMap, FormatOptions, Index, LocalizedAttributesRule, MatchBounds, MatcherBuilder, PatternMatch,
    is_faceted_by,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where the matches are, in bytes, by field.
pub type Positions = BTreeMap<String, Vec<MatchBounds>>;

/// Knows what hits of one search show.
pub struct Formatter<'i> {
    query: &'i SearchQuery,
    /// None: every field.
    displayed: Option<Vec<String>>,
    /// Formatting by field; a field without any is shown in `_formatted` as it is.
    formats: BTreeMap<String, FormatOptions>,
    localized: Vec<LocalizedAttributesRule>,
}

impl<'i> Formatter<'i> {
    /// Reads the settings that formatting depends on.
    pub fn new(
        index: &Index,
        rtxn: &RoTxn<'_, WithoutTls>,
        names: &FieldsIdsMap,
        query: &'i SearchQuery,
    ) -> Result<Self> {
        let displayed = index.displayed_fields(rtxn)?;
        let displayed: Option<Vec<String>> = displayed.map(|fields| fields.into_iter().map(str::to_owned).collect());
        let all: Vec<String> = match &displayed {
            Some(fields) => fields.clone(),
            None => names.names().map(str::to_owned).collect(),
        };
        // A field counts if a document ever had it.
        let known = |name: &str| names.id(name).is_some() && all.iter().any(|field| field == name);
        let mut formatter = Self {
            query,
            displayed,
            formats: formats(query, &all, known),
            localized: index.localized_attributes_rules(rtxn)?.unwrap_or_default(),
        };
        if !formatter.formats.is_empty() {
            let shown = match &query.attributes_to_retrieve {
                Some(fields) if !fields.iter().any(|field| field == "*") => {
                    fields.iter().filter(|field| known(field)).cloned().collect()
                }
                _ => all,
            };
            for name in shown {
                formatter.formats.entry(name).or_default();
            }
        }
        Ok(formatter)
    }

    /// The fields of a hit.
    pub fn retrieve(&self, document: &Document) -> Document {
        let shown = match &self.displayed {
            Some(fields) => pick(document, fields),
            None => document.clone(),
        };
        match &self.query.attributes_to_retrieve {
            Some(fields) if !fields.iter().any(|field| field == "*") => pick(&shown, fields),
            _ => shown,
        }
    }

    /// Whether hits have `_formatted` or `_matchesPosition`.
    pub fn is_needed(&self) -> bool {
        self.query.show_matches_position || !self.formats.is_empty()
    }

    /// `_formatted`, and where the matches are if that is asked for.
    pub fn format(&self, mut document: Document, builder: &MatcherBuilder<'_>) -> (Document, Option<Positions>) {
        if let Some(fields) = &self.displayed {
            document = pick(&document, fields);
        }
        let mut positions = self.query.show_matches_position.then(Positions::new);
        for_each_leaf(&mut document, &mut |name, at, value| {
            let matches = self.format_leaf(name, at, value, builder);
            if let Some(positions) = &mut positions
                && !matches.is_empty()
            {
                positions.entry(name.to_owned()).or_default().extend(matches);
            }
        });
        let shown: Vec<&String> = self.formats.keys().collect();
        (pick(&document, &shown), positions)
    }

    fn format_leaf(
        &self,
        name: &str,
        at: &[usize],
        value: &mut Value,
        builder: &MatcherBuilder<'_>,
    ) -> Vec<MatchBounds> {
        let text = match value {
            Value::String(text) => std::mem::take(text),
            Value::Number(number) => number.to_string(),
            _ => return Vec::new(),
        };
        let locales = self.query.locales.as_deref().or_else(|| {
            let rule = self.localized.iter().find(|rule| rule.match_str(name) == PatternMatch::Match)?;
            Some(rule.locales())
        });
        let options = self.options_of(name);
        let mut matcher = builder.build(&text, locales);
        let matches = if self.query.show_matches_position { matcher.matches(at) } else { Vec::new() };
        let formatted = match options {
            Some(options) => matcher.format(options).into_owned(),
            None => text,
        };
        *value = Value::String(formatted);
        matches
    }

    /// All formatting that applies to a leaf: of the field itself, of what it is part of, and of its parts.
    fn options_of(&self, leaf: &str) -> Option<FormatOptions> {
        self.formats
            .iter()
            .filter(|(_, options)| options.should_format())
            .filter(|(name, _)| is_faceted_by(name, leaf) || is_faceted_by(leaf, name))
            .map(|(_, options)| *options)
            .reduce(FormatOptions::merge)
    }
}

fn formats(query: &SearchQuery, all: &[String], known: impl Fn(&str) -> bool) -> BTreeMap<String, FormatOptions> {
    let mut formats: BTreeMap<String, FormatOptions> = BTreeMap::new();
    let expand = |name: &str| -> Vec<String> {
        match name {
            "*" => all.to_vec(),
            name if known(name) => vec![name.to_owned()],
            _ => Vec::new(),
        }
    };
    for name in &query.attributes_to_highlight {
        for field in expand(name) {
            formats.entry(field).or_default().highlight = true;
        }
    }
    for attribute in &query.attributes_to_crop {
        let (name, length) = match attribute.rsplit_once(':') {
            Some((name, length)) => (name, length.parse().unwrap_or(query.crop_length)),
            None => (attribute.as_str(), query.crop_length),
        };
        for field in expand(name) {
            formats.entry(field).or_default().crop = Some(length);
        }
    }
    formats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crop_lengths_may_stand_beside_a_name() {
        let query = SearchQuery {
            attributes_to_crop: vec!["正文:5".into(), "标题".into(), "没有:3".into()],
            attributes_to_highlight: vec!["标题".into()],
            ..SearchQuery::default()
        };
        let all = ["标题".to_owned(), "正文".to_owned()];
        let formats = formats(&query, &all, |name| all.iter().any(|field| field == name));
        assert_eq!(formats.len(), 2);
        assert_eq!(formats["正文"].crop, Some(5));
        assert_eq!(formats["标题"].crop, Some(10));
        assert!(formats["标题"].highlight && !formats["正文"].highlight);
    }
}
