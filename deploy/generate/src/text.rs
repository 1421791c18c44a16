//! Sentences to paragraphs.

use crate::chance::Chance;
use crate::fill::{Scope, fill};
use crate::issue::sentence;
use crate::words::phrases;

/// Paragraphs of one article, none of whose sentences comes twice on the page.
pub struct Text<'a> {
    scope: &'a Scope,
    /// What is drawn.
    pub chance: &'a mut Chance,
}

impl<'a> Text<'a> {
    /// About something.
    pub fn new(scope: &'a Scope, chance: &'a mut Chance) -> Self {
        Self { scope, chance }
    }

    fn sentence(&mut self) -> String {
        let template = match self.chance.weighted(&[40, 20, 40]) {
            0 => self.chance.fresh(self.scope.topic.facts),
            1 => self.chance.fresh(phrases::GENERAL),
            _ => None,
        };
        match template {
            Some(template) => fill(template, self.scope, self.chance),
            None => sentence::sentence(self.scope, self.chance),
        }
    }

    fn quotation(&mut self) -> Option<String> {
        let says = fill(self.chance.fresh(self.scope.topic.says)?, self.scope, self.chance);
        let who = fill(self.chance.word(phrases::SPEAKERS), self.scope, self.chance);
        Some(match self.chance.between(0, 2) {
            0 => format!("“{says}。”{who}。"),
            1 => format!("{who}：“{says}。”"),
            _ => match says.split_once('，') {
                Some((first, rest)) => format!("“{first}，”{who}，“{rest}。”"),
                None => format!("“{says}。”{who}。"),
            },
        })
    }

    /// A paragraph of so many sentences; the first one of an article says what happened.
    pub fn paragraph(&mut self, first: bool, least: usize, most: usize) -> String {
        let mut out = String::new();
        if first {
            out.push_str(&match self.chance.fresh(self.scope.topic.leads) {
                Some(lead) => fill(lead, self.scope, self.chance),
                None => sentence::sentence(self.scope, self.chance),
            });
        }
        let quotes = self.chance.percent(40);
        let count = self.chance.between(least, most);
        for at in 0..count {
            if quotes
                && (at == 0 && !first || at + 1 == count)
                && self.chance.percent(60)
                && let Some(quotation) = self.quotation()
            {
                out.push_str(&quotation);
                continue;
            }
            let sentence = self.sentence();
            out.push_str(&sentence);
        }
        out
    }
}
