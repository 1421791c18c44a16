//! The tables of the sequence model: what each feature says for and against each role, and which role follows which.
//!
//! Log-like units: +1 is a hint, +3 strong, +6 nearly certain. Set by hand from how Chinese dailies are made, not fitted to
//! any one of them; change one number at a time and measure.

use super::features::Feature::{self, *};
use super::model::Role as R;
use super::model::Role::{self, Body, Deck, Fragment, Headline, Kicker, Notice, Opening, Section, Subhead, Terms};

/// The score of a transition that no row names.
pub(crate) const UNLIKELY: f32 = -6.0;

/// How likely a role is before anything is known: the fixed forms need their sign.
#[rustfmt::skip]
pub(crate) const BIAS: &[(Role, f32)] = &[
    (R::Byline, -4.0), (R::Credit, -5.0), (R::Jump, -6.0), (R::Source, -4.0), (R::Lead, -4.0), (R::Caption, -1.5),
    (Notice, -2.5), (R::Furniture, -1.0), (Fragment, -1.0),
];

/// What a feature says of a line's role.
#[rustfmt::skip]
pub(crate) const EMISSIONS: &[(Feature, &[(Role, f32)])] = &[
    // How wide the line is
    (Wide2, &[(Fragment, 1.5), (Section, -1.0), (Kicker, -3.0), (Headline, -2.5), (Deck, -3.0), (Subhead, -2.0), (Body, -2.0), (Terms, -1.0), (Opening, -4.0), (Notice, 0.5)]),
    (Wide4, &[(Section, 0.8), (Fragment, -0.5), (Kicker, -1.5), (Headline, -0.6), (Deck, -3.0), (Subhead, -0.6), (Body, -1.5), (Terms, -0.5), (Opening, -3.0), (Notice, 0.5)]),
    (Wide8, &[(Section, 0.6), (Headline, 0.5), (Kicker, 0.0), (Deck, -1.5), (Subhead, 0.6), (Body, -1.0), (Opening, -2.0), (Fragment, -2.0), (Notice, 0.5)]),
    (Wide16, &[(Headline, 1.0), (Kicker, 0.6), (Deck, 0.3), (Subhead, 0.6), (Section, -0.6), (Body, -0.5), (Opening, -1.5), (Fragment, -3.5)]),
    (Wide24, &[(Headline, 0.7), (Kicker, 0.8), (Deck, 0.7), (Subhead, -0.5), (Section, -3.0), (Body, 0.0), (Opening, -1.0), (Fragment, -5.0)]),
    (Wide34, &[(Headline, -0.5), (Kicker, 0.5), (Deck, 0.5), (Subhead, -2.0), (Section, -5.0), (Body, 0.5), (Terms, 0.4), (Fragment, -5.0)]),
    (Wide50, &[(Headline, -2.0), (Kicker, 0.0), (Deck, -0.5), (Subhead, -4.0), (Section, -6.0), (Body, 1.2), (Terms, 1.1), (Fragment, -6.0), (Notice, -3.0)]),
    (WideMore, &[(Headline, -5.0), (Kicker, -4.0), (Deck, -4.0), (Subhead, -6.0), (Section, -6.0), (Body, 3.0), (Opening, 3.0), (R::Lead, 3.0), (Terms, 3.0), (R::Caption, 1.0), (Fragment, -6.0), (Notice, -5.0)]),
    // How it ends
    (EndsStop, &[(R::Lead, 2.5), (Headline, -3.5), (Kicker, -3.5), (Deck, -2.0), (Subhead, -2.5), (Section, -4.0), (Notice, -4.0), (Body, 2.5), (Opening, 2.0), (Terms, 2.5), (R::Caption, 1.0), (Fragment, -0.5)]),
    (EndsMark, &[(Headline, -0.2), (Kicker, -0.4), (Deck, -0.4), (Subhead, -0.2), (Section, -1.5), (Body, 0.8), (Opening, 0.3), (Terms, 0.5)]),
    (EndsComma, &[(Headline, -3.0), (Kicker, -1.8), (Deck, -2.0), (Subhead, -3.0), (Section, -3.0), (Notice, -3.0), (Body, 1.8), (Opening, 0.5), (Terms, 1.5)]),
    (EndsColon, &[(Headline, -1.5), (Kicker, -0.5), (Deck, -2.0), (Subhead, -1.0), (Body, 0.8), (Terms, 1.0)]),
    (EndsPlain, &[(Opening, -0.5), (Body, -0.6), (Kicker, 0.3), (Headline, 0.3), (Deck, 0.3)]),
    // What is inside
    (StopInside, &[(R::Lead, 2.5), (Headline, -3.5), (Kicker, -3.5), (Deck, -2.0), (Subhead, -4.0), (Section, -5.0), (Notice, -4.0), (Body, 2.5), (Opening, 2.0), (Terms, 2.0), (R::Caption, 0.5)]),
    (Comma, &[(Section, -2.0), (Kicker, 0.3), (Headline, -0.2), (Body, 0.3), (Fragment, -1.0)]),
    (Commas, &[(R::Lead, 1.0), (Section, -4.0), (Kicker, -0.4), (Headline, -1.2), (Deck, -0.4), (Subhead, -1.5), (Body, 1.0), (Terms, 0.9), (Fragment, -2.0)]),
    (LeftOpen, &[(Headline, -2.0), (Kicker, -1.5), (Deck, -1.5), (Subhead, -2.5), (Section, -3.0), (Body, 2.0), (Opening, 0.5), (Terms, 1.0)]),
    (BeginsTorn, &[(Headline, -3.0), (Kicker, -3.0), (Deck, -3.0), (Subhead, -4.0), (Section, -4.0), (Body, 2.5), (Opening, 1.0)]),
    (BeginsDash, &[(Deck, 3.0), (Headline, -2.5), (Kicker, -3.0), (Section, -3.0), (Subhead, -1.5), (Body, 0.5), (Opening, -2.0)]),
    (BeginsBullet, &[(Subhead, 1.5), (Headline, -2.0), (Kicker, -2.0), (Deck, -2.0), (Body, 0.5)]),
    (BeginsClause, &[(Terms, 1.0), (Subhead, 0.3), (Headline, -2.0), (Kicker, -2.0), (Deck, -2.0), (Section, -2.5), (Opening, -1.0)]),
    (BeginsRunning, &[(Body, 1.0), (Opening, 0.3), (Headline, -0.8), (Kicker, -0.5), (Subhead, -0.8), (Section, -1.5)]),
    (BeginsDay, &[(Body, 1.5), (R::Caption, 0.5), (Headline, -2.0), (Kicker, -1.0), (Deck, -2.0), (Subhead, -1.0), (Section, -2.0)]),
    (NamesDay, &[(Body, 1.0), (Terms, 0.8), (R::Caption, 0.3), (Headline, -0.6), (Subhead, -1.0), (Section, -1.0), (Kicker, -0.4), (Deck, -1.5)]),
    (Parted, &[(Headline, 0.8), (Subhead, -0.3), (Body, -0.5), (Section, -0.3)]),
    (PartedWide, &[(Headline, 2.8), (Kicker, -0.5), (Body, -1.5), (Deck, -0.5)]),
    // How it is marked
    (Heading1, &[(Headline, 3.5), (Kicker, 0.8), (Deck, 0.5), (Subhead, -0.5), (Section, 0.5), (Notice, 1.5), (Body, -5.0), (Terms, -5.0), (Opening, -6.0), (R::Lead, -1.0), (Fragment, -3.0)]),
    (Heading2, &[(Headline, 2.5), (Kicker, 0.8), (Deck, 1.0), (Subhead, 0.5), (Section, 1.0), (Notice, 1.5), (Body, -5.0), (Terms, -5.0), (Opening, -6.0), (Fragment, -3.0)]),
    (HeadingDeep, &[(Headline, 0.8), (Kicker, 0.8), (Deck, 1.0), (Subhead, 2.5), (Section, 1.0), (Notice, 1.0), (Body, -5.0), (Terms, -3.0), (Opening, -6.0), (Fragment, -3.0)]),
    (HeadingOnly, &[(Headline, 2.2), (Kicker, 1.0), (Deck, 1.0), (Subhead, 1.8), (Section, 1.0), (Notice, 1.5), (Body, -4.5), (Terms, -3.0), (Opening, -6.0), (Fragment, -3.0)]),
    (Bold, &[(Headline, 1.2), (Subhead, 1.5), (Kicker, 1.0), (Deck, 0.8), (Section, 1.0), (Notice, 1.0), (Body, -1.5)]),
    (Unmarked, &[(Headline, -1.0), (Subhead, -0.5), (Kicker, 0.2), (Deck, 0.1)]),
    (Vertical, &[(Headline, 3.0), (Kicker, 0.5), (Body, -4.0), (Opening, -5.0), (Fragment, -1.0), (R::Furniture, -1.0)]),
    (Verse, &[(Body, 5.0), (Terms, 1.0), (Headline, -1.5), (Kicker, -1.5), (Subhead, -1.5), (Section, -1.5), (Opening, -2.0), (Fragment, -2.0)]),
    (Row, &[(Body, 7.0), (Terms, 6.0), (Headline, -4.0), (Kicker, -4.0), (Deck, -4.0), (Subhead, -4.0), (Section, -4.0), (Opening, -3.0), (R::Furniture, 1.0), (R::Byline, -6.0)]),
    (Short, &[(Headline, 0.3), (Kicker, 0.3), (Body, -1.2), (Opening, -1.0)]),
    (Speaker, &[(Body, 6.0), (Headline, -2.0), (Kicker, -2.0), (Subhead, -2.0), (Deck, -2.0)]),
    (NextItem, &[(Headline, 1.5), (Notice, 0.5), (Subhead, -1.5)]),
    (SignOff, &[(Terms, 5.0), (Body, 5.0), (Headline, -2.0), (Kicker, -2.0), (Deck, -2.0), (Section, -2.0), (R::Furniture, -2.0)]),
    (Contact, &[(Terms, 5.0), (Body, 5.0), (Headline, -2.0), (Kicker, -2.0), (Deck, -2.0), (Section, -2.0)]),
    (Signature, &[(R::Byline, 2.0)]),
    (PrevSigned, &[(Opening, 7.0)]),
    (NextRow, &[(Headline, 1.0), (Subhead, -1.5)]),
    (Recurs, &[(Section, 3.0), (Headline, -1.5), (Kicker, -0.5)]),
    (CaptionHead, &[(R::Caption, 3.5), (Body, -0.5)]),
    (NextTorn, &[(Fragment, 4.0), (Body, 0.5), (Headline, -4.5), (Kicker, -2.0), (Subhead, -3.0), (Section, -2.0)]),
    (PartedAbove, &[(Kicker, 1.5), (Headline, -1.0)]),
    (AfterScrap, &[(Opening, 6.0)]),
    (Intrudes, &[(Fragment, 6.0), (Headline, -2.0), (Subhead, -2.0)]),
    (BrokenHead, &[(Kicker, 4.5), (Headline, 1.0), (Body, -2.0)]),
    (Unsigned, &[(Subhead, 1.2), (Headline, -0.6), (Kicker, -0.6)]),
    (OpensFrom, &[(Opening, 8.0)]),
    (AuthorNote, &[(Body, 7.0), (Opening, -4.0)]),
    (BelowByline, &[(Body, 1.0), (Headline, -3.0), (Kicker, -3.0), (Section, -3.0), (Subhead, -0.5)]),
    (StubBelow, &[(Headline, 0.5), (Body, -1.5), (Opening, -1.0)]),
    (GapMissing, &[(Headline, -1.5), (Subhead, 1.0)]),
    (Speech, &[(Body, 5.0), (Headline, -3.0), (Kicker, -3.0), (Deck, -3.0), (Subhead, -2.5), (Section, -3.0), (Opening, -1.0)]),
    (Hangs, &[(Headline, 1.5), (Section, -3.0), (Kicker, -1.0), (Subhead, -1.0)]),
    (PrevHangs, &[(Headline, 2.5), (Deck, -1.0), (Section, -1.5)]),
    // Where it stands
    (OpensPage, &[(R::Furniture, 1.5), (Section, 0.3)]),
    (NearTop, &[(R::Furniture, 0.6)]),
    (GapBefore, &[(Headline, 1.0), (Kicker, 1.0), (Section, 1.0), (Notice, 1.0), (Subhead, -1.5), (Opening, 0.8), (Body, -0.3)]),
    (GapAfter, &[(Body, 0.1)]),
    // The page's own
    (Feature::Furniture, &[(R::Furniture, 7.0)]),
    (FurnitureMaybe, &[(R::Furniture, 3.2), (Terms, 2.0)]),
    (PageName, &[(R::Furniture, 5.0), (Section, 0.5), (Headline, -3.0), (Subhead, -3.0), (Kicker, -3.0), (Deck, -3.0)]),
    // The fixed forms
    (Feature::Lead, &[(Body, -3.0), (R::Lead, 10.0), (Opening, -2.0), (Headline, -3.0), (Kicker, -3.0)]),
    (Feature::Byline, &[(R::Byline, 10.0), (Headline, -2.0), (Kicker, -2.0), (Section, -2.0)]),
    (BareName, &[(R::Byline, 8.0)]),
    (Feature::Credit, &[(R::Credit, 12.0)]),
    (CreditAtEnd, &[(R::Caption, 3.0), (Body, 0.3), (Headline, -2.0)]),
    (Feature::Jump, &[(R::Jump, 14.0)]),
    (Feature::Source, &[(R::Source, 10.0)]),
    (Feature::Caption, &[(R::Caption, 6.0)]),
    (Enacted, &[(Deck, 7.0), (Body, -2.0)]),
    (TinyTitle, &[(Headline, 7.0), (Fragment, -2.0), (R::Furniture, -1.0)]),
    (Picture, &[(R::Caption, 9.0), (Body, -2.0), (Terms, -2.0)]),
    (NoticeHead, &[(Notice, 6.0), (Headline, 0.5)]),
    (SectionWords, &[(Section, 1.5), (Subhead, -0.6)]),
    (NamesBody, &[(Terms, 1.5)]),
    // Its neighbours
    (PrevUnfinished, &[(Body, 1.2), (Opening, -0.5), (Subhead, -2.5), (Headline, 0.3), (Kicker, 0.2)]),
    (PrevClosed, &[(Headline, 1.5), (Kicker, 1.5), (Section, 1.2), (Notice, 0.8), (Subhead, -2.0), (Opening, 0.5), (Body, -0.5)]),
    (PrevJump, &[(Headline, 0.8), (Kicker, 0.8), (Section, 0.6), (Subhead, -1.5)]),
    (PrevHeading, &[(Headline, 0.3), (Deck, 0.5), (Subhead, -2.0), (R::Byline, 0.3)]),
    (PrevShallower, &[(Deck, 1.3), (Section, 2.8), (Headline, -2.0), (Kicker, -1.5)]),
    (NextLead, &[(Headline, 2.0), (Deck, 1.2), (Kicker, -1.5), (Section, 0.8), (Subhead, -2.5), (Body, -0.5)]),
    (NextFrom, &[(Headline, 3.0), (Deck, 1.0), (Subhead, -1.0), (Body, -0.5)]),
    (NextHeading, &[(Kicker, 1.0), (Section, 0.8), (Headline, -0.2), (Subhead, -1.5), (Body, -0.3), (Deck, -0.5)]),
    (NextDeeper, &[(Headline, 1.5), (Kicker, -1.0)]),
    (NextPlain, &[(Subhead, 1.0), (Kicker, -1.5), (Section, -0.5)]),
    (PrevPlain, &[(Subhead, 1.0)]),
    (CreditAhead, &[(Headline, 1.0), (Subhead, -1.2)]),
    (Pictured, &[(R::Furniture, -1.5)]),
    (SignedAhead, &[(Headline, 2.0), (Subhead, -1.0)]),
    (TwinBefore, &[(Headline, 2.2), (Deck, -1.0), (Section, -1.5)]),
    (TwinAfter, &[(Headline, 2.2), (Kicker, -1.0), (Section, -2.0)]),
    (WiderThanPrev, &[(Deck, 1.2), (Headline, -0.6)]),
    (WiderNext, &[(Headline, 1.0), (Kicker, -0.6), (Section, -0.8)]),
    (BeginsParticle, &[(Body, 0.5), (Fragment, 2.5), (Headline, -2.5), (Kicker, -2.5), (Deck, -2.5), (Subhead, -2.5), (Section, -2.5), (Opening, 0.5)]),
    (WordGoesOn, &[(Body, 2.0), (Opening, 1.0), (Terms, 1.0), (Headline, -1.5), (Kicker, -1.5), (Deck, -1.5), (Subhead, -1.5), (Section, -1.5)]),
    (WordContinues, &[(Body, 1.5), (Terms, 0.8), (Headline, -1.5), (Kicker, -1.5), (Deck, -1.5), (Subhead, -2.0), (Section, -1.5), (Opening, -2.0)]),
    (NextMarked, &[(Kicker, 1.2), (Section, 0.5), (Body, -0.5)]),
    (NextDay, &[(Headline, 0.8), (Subhead, -0.5)]),
    (TopicBreaks, &[(Headline, 1.0), (Kicker, 0.8), (Section, 0.5), (Subhead, -0.8)]),
    (TopicHolds, &[(Subhead, 0.5), (Headline, -0.3)]),
    (NewTopic, &[(Opening, 7.0)]),
    (Parallel, &[(Subhead, 3.0), (Headline, -2.0), (Kicker, -2.0)]),
    (Wrapped, &[(Body, 3.0), (Terms, 3.0), (Headline, -2.0), (Kicker, -2.0), (Deck, -2.0), (Subhead, -2.0)]),
    (ReadsOn, &[(Body, 3.0), (Opening, 0.5), (Terms, 1.0), (Headline, -2.0), (Kicker, -1.5), (Deck, -1.5), (Subhead, -3.0), (Section, -2.0)]),
    (Unlike, &[(Headline, 2.0), (Subhead, -2.0)]),
    (Scrap, &[(Fragment, 4.0), (Body, -1.0), (Terms, -2.0), (Subhead, -3.0), (Headline, -3.0), (Section, -2.0)]),
];

/// What may stand first.
#[rustfmt::skip]
pub(crate) const START: &[(Role, f32)] = &[
    (R::Furniture, 0.0), (Section, -0.5), (Kicker, -0.5), (Headline, -0.4), (Notice, -0.8), (Opening, -1.5),
    (R::Lead, -1.5), (R::Byline, -1.5), (R::Caption, -2.5), (Fragment, -2.5), (R::Jump, -3.0), (R::Credit, -3.0),
    (R::Source, -4.0),
];

/// What may stand last.
#[rustfmt::skip]
pub(crate) const FINISH: &[(Role, f32)] =
    &[(Kicker, -3.0), (Headline, -1.5), (Section, -2.0), (Subhead, -2.5), (Deck, -1.5)];

/// What follows running text of every sort.
#[rustfmt::skip]
const AFTER_TEXT: &[(Role, f32)] = &[
    (Body, -0.1), (Subhead, -1.2), (Headline, -1.2), (Kicker, -1.3), (Section, -1.5), (Notice, -1.2),
    (R::Lead, -2.0), (Opening, -4.5), (R::Byline, -2.0), (R::Jump, -0.5), (R::Credit, -0.8), (R::Source, -1.0),
    (R::Caption, -2.0), (R::Furniture, -1.5), (Fragment, -2.5),
];

/// What follows a line that closes an article.
#[rustfmt::skip]
const AFTER_END: &[(Role, f32)] = &[
    (Headline, -0.3), (Kicker, -0.3), (Section, -0.6), (Notice, -0.6), (Body, -2.0), (R::Lead, -1.2),
    (Opening, -3.0), (R::Furniture, -0.8), (R::Byline, -1.5), (R::Caption, -1.5), (R::Credit, -2.0),
    (R::Source, -2.0), (R::Jump, -2.0), (Subhead, -3.5), (Fragment, -2.0),
];

/// Which role follows which.
#[rustfmt::skip]
pub(crate) const TRANSITIONS: &[(Role, &[(Role, f32)])] = &[
    (R::Furniture, &[(R::Furniture, 0.0), (Section, -0.5), (Kicker, -0.6), (Headline, -0.5), (Notice, -0.7), (R::Lead, -1.8), (Opening, -2.0), (Body, -2.5), (R::Byline, -2.0), (R::Caption, -2.0), (R::Jump, -2.0), (R::Credit, -3.0), (Subhead, -3.5), (Fragment, -2.0), (R::Source, -3.0), (Terms, -3.0)]),
    (Section, &[(Kicker, -0.3), (Headline, -0.2), (Section, -2.0), (Notice, -2.0), (R::Byline, -2.0), (R::Lead, -1.0), (Body, -2.5), (R::Furniture, -2.5), (Deck, -4.0), (R::Jump, -3.0)]),
    (Kicker, &[(Headline, 0.0), (Kicker, -2.5), (Section, -3.0), (Notice, -2.5)]),
    (Headline, &[(Deck, -0.6), (R::Byline, -0.2), (R::Lead, -0.1), (Body, -0.5), (Headline, -2.5), (Section, -1.6), (R::Caption, -1.2), (R::Source, -2.5), (R::Credit, -2.5), (R::Jump, -2.0), (Subhead, -3.5), (R::Furniture, -3.0), (Kicker, -4.5), (Fragment, -4.0)]),
    (Deck, &[(R::Byline, -0.2), (R::Lead, -0.1), (Body, -0.4), (Deck, -1.5), (Section, -2.5), (R::Caption, -2.0), (Subhead, -3.5), (R::Source, -2.5), (R::Jump, -2.5), (R::Furniture, -3.0), (Headline, -4.0), (R::Credit, -3.0)]),
    (R::Byline, &[(Body, -0.1), (R::Lead, -0.3), (R::Byline, -1.0), (Subhead, -2.0), (Section, -2.0), (R::Source, -2.0), (Headline, -1.5), (Kicker, -1.5), (R::Furniture, -1.5), (Notice, -2.0), (R::Caption, -2.5), (R::Credit, -2.0), (R::Jump, -2.0), (Deck, -3.5)]),
    (R::Lead, AFTER_TEXT),
    (Body, AFTER_TEXT),
    (Opening, AFTER_TEXT),
    (Subhead, &[(Body, -0.1), (R::Lead, -3.5), (Subhead, -2.5), (R::Byline, -3.0), (R::Caption, -3.0), (R::Jump, -3.0), (R::Furniture, -3.0)]),
    (R::Caption, &[(R::Credit, -0.1), (Body, -1.2), (Headline, -1.0), (Kicker, -1.0), (Section, -1.2), (R::Caption, -1.0), (Notice, -1.2), (R::Lead, -2.0), (R::Furniture, -1.0), (R::Byline, -1.5), (Subhead, -2.0), (R::Jump, -2.0), (R::Source, -2.0), (Fragment, -2.5)]),
    (R::Credit, AFTER_END),
    (R::Source, AFTER_END),
    (R::Jump, &[(Headline, -0.3), (Kicker, -0.3), (Section, -0.6), (Notice, -0.6), (Body, -1.0), (R::Lead, -1.0), (Opening, -3.0), (R::Furniture, -0.8), (R::Byline, -0.8), (R::Caption, -1.2), (R::Credit, -1.5), (R::Source, -2.0), (Subhead, -2.0), (Fragment, -2.0), (R::Jump, -3.0)]),
    (Notice, &[(Terms, -0.1), (Notice, -2.5), (Headline, -3.0), (Deck, -2.0), (R::Furniture, -3.0)]),
    (Terms, &[(Terms, -0.1), (Notice, -1.0), (Headline, -2.0), (Kicker, -2.2), (Section, -2.5), (R::Furniture, -1.5), (R::Lead, -2.0), (R::Byline, -3.0), (R::Jump, -3.0), (R::Credit, -3.0), (R::Caption, -4.0), (Fragment, -2.5)]),
    (Fragment, &[(Body, -0.2), (Terms, -0.4), (Headline, -1.0), (Kicker, -1.0), (Section, -1.5), (Subhead, -2.0), (R::Lead, -1.5), (Fragment, -0.8), (R::Furniture, -1.0), (Notice, -1.5), (R::Jump, -1.5), (R::Credit, -2.0), (R::Byline, -2.0), (R::Caption, -2.0), (Opening, -1.0)]),
];
