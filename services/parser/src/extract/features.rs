//! What can be true of a line. Facts only; what they mean for a role stands in the weights, how they are found in
//! `observe`.

use super::listed::listed;

listed! {
    /// Something that is true of a line.
    Feature {
        /// 1 to 2 characters wide.
        Wide2,
        /// 3 to 4.
        Wide4,
        /// 5 to 8.
        Wide8,
        /// 9 to 16.
        Wide16,
        /// 17 to 24.
        Wide24,
        /// 25 to 34.
        Wide34,
        /// 35 to 50.
        Wide50,
        /// More.
        WideMore,
        /// Ends with a full stop.
        EndsStop,
        /// Ends with ！, ？ or ….
        EndsMark,
        /// Ends with ， or another mark inside a sentence.
        EndsComma,
        /// Ends with a colon.
        EndsColon,
        /// Ends with a plain character.
        EndsPlain,
        /// A sentence ends inside.
        StopInside,
        /// One comma inside.
        Comma,
        /// Several commas inside.
        Commas,
        /// A quotation or bracket stays open at the end.
        LeftOpen,
        /// Begins with a mark that no text begins with.
        BeginsTorn,
        /// Begins with ——.
        BeginsDash,
        /// Begins with a bullet, or stands in 【】.
        BeginsBullet,
        /// Begins with a clause number.
        BeginsClause,
        /// Begins as running text does (据, 近日, 目前 …).
        BeginsRunning,
        /// Begins with a day.
        BeginsDay,
        /// Names a day or an hour.
        NamesDay,
        /// Blanks part it in two.
        Parted,
        /// Blanks part it in two, and it is too wide for one headline.
        PartedWide,
        /// Markdown heading of the first level.
        Heading1,
        /// Markdown heading of the second level.
        Heading2,
        /// Markdown heading of a deeper level, in a file with shallower ones.
        HeadingDeep,
        /// Markdown heading, and the file has one level only.
        HeadingOnly,
        /// Wholly in bold type.
        Bold,
        /// Unmarked in a file with Markdown headings.
        Unmarked,
        /// Its characters stood one to a line.
        Vertical,
        /// A line of verse or of a list.
        Verse,
        /// A row of a table.
        Row,
        /// Much narrower than the column that it stands in, and ends no sentence.
        Short,
        /// Begins with a speaker's name and a colon, as other lines of the file do.
        Speaker,
        /// The line after it is an item of a list.
        NextItem,
        /// Signs a notice: a body's name, or the day below it.
        SignOff,
        /// Tells readers of a notice where to turn.
        Contact,
        /// A plain name below the text of an article that nobody signed yet.
        Signature,
        /// The text before it is signed at its end.
        PrevSigned,
        /// In two parts, above a heading in one that is hardly wider and that a report follows.
        PartedAbove,
        /// The line after it is a row of a table.
        NextRow,
        /// A short line that the file has more than once, as it has column labels.
        Recurs,
        /// The line after it begins in the middle of a sentence.
        NextTorn,
        /// Stands below a scrap that begins in the middle, after text that is finished.
        AfterScrap,
        /// The text before it leaves a quotation open that the text after it closes.
        Intrudes,
        /// Ends in a comma far from its column's edge, above a heading.
        BrokenHead,
        /// Stands inside an article that is signed at its head, above text that nobody signs.
        Unsigned,
        /// Text that begins with the page that it comes from.
        OpensFrom,
        /// Says who the author is: （作者系…）.
        AuthorNote,
        /// Below a byline that stands below a heading: the text begins here.
        BelowByline,
        /// Below a heading, and no wider than a word or two.
        StubBelow,
        /// No gap before it, where gaps part the articles of the file.
        GapMissing,
        /// A question, an answer or a greeting.
        Speech,
        /// Ends in a word that leaves a phrase hanging (的, 与, 在 …), and is short.
        Hangs,
        /// The line before it is short and hangs.
        PrevHangs,
        /// First line of its page.
        OpensPage,
        /// Among the first lines of its page.
        NearTop,
        /// A wider gap than usual before it.
        GapBefore,
        /// A wider gap than usual after it.
        GapAfter,
        /// Surely the page's.
        Furniture,
        /// Perhaps the page's.
        FurnitureMaybe,
        /// A page's name.
        PageName,
        /// Opens a report: 本报讯, …电, (记者 A).
        Lead,
        /// Nothing but a byline.
        Byline,
        /// One or two plain names below a headline.
        BareName,
        /// Nothing but a photo credit.
        Credit,
        /// Ends in a photo credit.
        CreditAtEnd,
        /// Nothing but a jump.
        Jump,
        /// Nothing but a source.
        Source,
        /// Begins as only captions do: 图为, 上图.
        CaptionHead,
        /// Describes a picture.
        Caption,
        /// Begins with a day and is credited to who photographed it, below text that has ended.
        Picture,
        /// In brackets: who passed a regulation, and when.
        Enacted,
        /// Two characters above the text of a picture.
        TinyTitle,
        /// Heads a notice.
        NoticeHead,
        /// Words of a column label.
        SectionWords,
        /// Its characters are surely those of a label.
        LabelSurely,
        /// They are those of a label rather than of a headline.
        LabelLikely,
        /// They are hardly those of a label.
        LabelHardly,
        /// Ends as the name of a body that signs.
        NamesBody,
        /// The text before it is unfinished.
        PrevUnfinished,
        /// The line before it closes an article: credit, source, signature.
        PrevClosed,
        /// The line before it ends in a jump.
        PrevJump,
        /// The line before it looks like a heading.
        PrevHeading,
        /// The line before it is a heading of a shallower Markdown level.
        PrevShallower,
        /// The line after it opens a report or is a byline.
        NextLead,
        /// The line after it says from which page it comes, or points to another.
        NextFrom,
        /// The line after it looks like a heading.
        NextHeading,
        /// The line after it is a heading of a deeper Markdown level.
        NextDeeper,
        /// The line after it is body text that opens no report.
        NextPlain,
        /// The line before it is finished body text.
        PrevPlain,
        /// A photo credit comes before the next heading, within few lines.
        CreditAhead,
        /// It stands right above a text that is credited to who photographed.
        Pictured,
        /// The text so far is signed, and the text after this heading is signed at its end: two articles.
        SignedAhead,
        /// As wide as the line before it, which also looks like a heading.
        TwinBefore,
        /// As wide as the line after it, which also looks like a heading.
        TwinAfter,
        /// Much wider than the line before it, which looks like a headline; neither is marked.
        WiderThanPrev,
        /// Much narrower than the line after it, which looks like a heading; neither is marked.
        WiderNext,
        /// Begins with a word that only goes on (的, 了, 着 …).
        BeginsParticle,
        /// A word begun at its end goes on in the next line.
        WordGoesOn,
        /// It begins with the rest of a word of the line before.
        WordContinues,
        /// The line after it is a Markdown heading, and it is not.
        NextMarked,
        /// The line after it is text that begins as reports do: with the day.
        NextDay,
        /// Text before this heading and text after it have little in common.
        TopicBreaks,
        /// Text before this heading and text after it have much in common.
        TopicHolds,
        /// This text and what follows share no words with the text before.
        NewTopic,
        /// They share next to none.
        Aside,
        /// They share few.
        Apart,
        /// They share many.
        Akin,
        /// Built like another heading inside the same text: 从…到…, 从…到….
        Parallel,
        /// A blank after a comma: two lines of a column that the recogniser put together.
        Wrapped,
        /// Says where, when or for what, and after a comma what happens; or goes on after a quotation that a comma ends.
        ReadsOn,
        /// Not built like the headings inside the text before it, which are all as wide as one another.
        Unlike,
        /// A word or two that nothing begins or ends, in the middle of a sentence.
        Scrap,
        /// A telephone number, and no sentence.
        Telephone,
        /// A word or two above a heading that is half again as wide.
        LabelAbove,
        /// Above the first question of a talk.
        OpensTalk,
        /// Who wrote is marked at its end: 新桥该怎么管 □陈小禾.
        SignedHead,
        /// Begins with what nothing begins with, and no unfinished text stands before it.
        BeginsRest,
        /// Begins as lines do in the middle of a sentence, below text that has ended and has hardly a word in common with it.
        Adrift,
        /// Perhaps so.
        PerhapsAdrift,
        /// Names a house and, behind a colon, what it does: the headline of one of several short reports.
        HouseHead,
        /// Above text in a column of short items: below the label of such a column, and no long text since.
        UnderBriefs,
        /// As wide as text is, and set as a heading: nothing ends in it, and it stands above or below one. Has no other width.
        WideHead,
    }
}

/// A set of features.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Features(u128);

impl Features {
    /// Whether a feature is in the set.
    pub fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u32) != 0
    }

    /// Adds a feature where `holds`.
    pub fn set(&mut self, feature: Feature, holds: bool) {
        if holds {
            self.0 |= 1 << feature as u32;
        }
    }

    /// Takes a feature out of the set.
    pub fn clear(&mut self, feature: Feature) {
        self.0 &= !(1 << feature as u32);
    }

    /// Every feature in the set.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let at = left.trailing_zeros();
                left &= left - 1;
                Feature::ALL[at as usize]
            })
        })
    }

    /// Looks like a heading: short, no sentence, none of the fixed forms.
    pub fn headingish(self) -> bool {
        use Feature as F;
        let fixed =
            [F::Furniture, F::Lead, F::Byline, F::Credit, F::Jump, F::Source, F::Caption, F::Speech, F::AuthorNote];
        let sentence =
            (self.has(F::Comma) || self.has(F::Commas)) && (self.has(F::BeginsRunning) || self.has(F::NamesDay));
        let running = [
            F::EndsStop,
            F::EndsComma,
            F::StopInside,
            F::BeginsTorn,
            F::LeftOpen,
            F::Wide50,
            F::WideMore,
            F::Wide2,
            F::ReadsOn,
        ];
        let marked = [F::Heading1, F::Heading2, F::HeadingDeep, F::HeadingOnly].iter().any(|f| self.has(*f));
        if self.has(F::Row)
            || self.has(F::Verse)
            || self.has(F::Speaker)
            || self.has(F::SignOff)
            || self.has(F::Contact)
        {
            return false;
        }
        !fixed.iter().any(|f| self.has(*f))
            && (marked
                || self.has(F::WideHead)
                || self.has(F::PartedWide) && !self.has(F::EndsStop) && !self.has(F::StopInside)
                || !sentence && !running.iter().any(|f| self.has(*f)))
    }
}
