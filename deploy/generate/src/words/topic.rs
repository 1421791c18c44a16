//! What articles are about.

use super::{topics_country, topics_town, topics_work};

/// A subject with the words of its trade. Texts are templates of [`crate::fill`].
#[derive(Debug)]
pub struct Topic {
    /// Labels of columns it may stand in (栏题).
    pub sections: &'static [&'static str],
    /// What it is about.
    pub things: &'static [&'static str],
    /// Who acts.
    pub orgs: &'static [&'static str],
    /// Headlines, 7 to 15 characters.
    pub heads: &'static [&'static str],
    /// Longer lines above or below a headline, with a comma in them.
    pub lines: &'static [&'static str],
    /// Subheads.
    pub subs: &'static [&'static str],
    /// First sentences.
    pub leads: &'static [&'static str],
    /// Sentences that go on.
    pub facts: &'static [&'static str],
    /// What people say, without quotation marks and without a stop at the end.
    pub says: &'static [&'static str],
    /// Captions of pictures.
    pub captions: &'static [&'static str],
}

/// All of them.
pub const TOPICS: &[&Topic] = &[
    &topics_town::TRANSPORT,
    &topics_town::SCHOOL,
    &topics_town::HEALTH,
    &topics_town::NEIGHBOURS,
    &topics_country::FIELDS,
    &topics_country::WATER,
    &topics_country::TRAVEL,
    &topics_work::FACTORY,
    &topics_work::POWER,
    &topics_work::WORKERS,
];
