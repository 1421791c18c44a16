//! Drafts to the contract's articles: ids, dates with their year, kind.

use std::collections::HashMap;

use contract::{Article, ArticleId, Block, Dateline, IssueRef, Kind, Role as Who, Warning, WarningCode};
use jiff::civil::Date;

use super::draft::{Draft, beginning};
use super::grammar::lead::Lead;
use super::grammar::marks;
use super::printed::Printed;
use super::{briefs, confidence};

/// Turns drafts into articles, in order.
pub(crate) fn articles(drafts: Vec<Draft>, issue: &IssueRef, revision: u64, printed: Option<&Printed>) -> Vec<Article> {
    let mut copies: HashMap<ArticleId, u32> = HashMap::new();
    let signed = confidence::mostly_signed(&drafts);
    let mut articles: Vec<Article> = drafts
        .into_iter()
        .enumerate()
        .map(|(at, draft)| {
            let position = u32::try_from(at + 1).unwrap_or(u32::MAX);
            article(draft, issue, revision, (position, signed), (printed, &mut copies))
        })
        .collect();
    briefs::share_label(&mut articles);
    articles
}

fn article(
    mut draft: Draft,
    issue: &IssueRef,
    revision: u64,
    (position, signed): (u32, bool),
    (printed, copies): (Option<&Printed>, &mut HashMap<ArticleId, u32>),
) -> Article {
    let (mut head, jumps) = draft.head.read();
    // What heads a list of short items is their headline.
    if head.headline.is_none() && draft.blocks.first().is_some_and(|block| marks::begins_with_bullet(&block.text)) {
        head.headline = head.section.take();
    }
    for (jump, _) in &jumps {
        draft.jump(jump);
    }
    let kind = kind(&draft, head.section.as_deref(), head.headline.as_deref());
    if head.headline.is_none() {
        draft.warn(WarningCode::HeadlineMissing, format!("line {}: no headline stands before the text", draft.line));
    }
    if draft.torn && draft.continued.is_none() {
        draft.warn(WarningCode::BeginsMidSentence, format!("line {}: the text begins in the middle", draft.line));
    }
    if draft.is_unfinished() && draft.open.is_none() && kind != Kind::Notice {
        let last = draft.blocks.last().map(|block| block.text.as_str()).unwrap_or_default();
        let tail: String = last.chars().skip(last.chars().count().saturating_sub(12)).collect();
        draft.warn(WarningCode::Truncated, format!("the text ends in `{tail}` and no jump says where it goes on"));
    }
    let mut text = identity(head.headline.as_deref(), &draft.blocks);
    if let Some(printed) = printed {
        printed.text(&mut text);
    }
    let first = ArticleId::of(&issue.id, &text, 0);
    let copy = copies.entry(first.clone()).or_default();
    let id = if *copy == 0 { first } else { ArticleId::of(&issue.id, &text, *copy) };
    *copy += 1;
    let confidence = confidence::of(&draft, &head, kind, signed);
    Article {
        id,
        issue: issue.clone(),
        revision,
        page: draft.page,
        pages: draft.pages,
        position,
        kind,
        section: head.section,
        kicker: head.kicker,
        headline: head.headline,
        deck: head.deck,
        byline: draft.byline,
        dateline: draft.lead.as_ref().and_then(|lead| dateline(lead, issue.date)),
        // A paper that signs its reports with its own title is not a source.
        source: draft.source.filter(|source| !is_own(source, issue)),
        language: None,
        body: draft.blocks,
        continues_on_page: draft.continues,
        continued_from_page: draft.continued,
        keywords: Vec::new(),
        people: Vec::new(),
        places: Vec::new(),
        organizations: Vec::new(),
        confidence,
        warnings: merged(draft.warnings),
    }
}

fn is_own(source: &str, issue: &IssueRef) -> bool {
    issue.publication.as_ref().and_then(|publication| publication.name.as_deref()) == Some(source)
}

/// What tells an article of an issue from the others.
fn identity(headline: Option<&str>, blocks: &[Block]) -> String {
    let mut text = String::with_capacity(blocks.iter().map(|block| block.text.len() + 1).sum::<usize>() + 240);
    text.push_str(headline.unwrap_or_default());
    for block in blocks {
        text.push('\n');
        text.push_str(&block.text);
    }
    text
}

/// Repeats come in dozens; an editor needs one line that says how many.
fn merged(warnings: Vec<Warning>) -> Vec<Warning> {
    let repeats = warnings.iter().filter(|w| w.code == WarningCode::RepeatsRemoved).count();
    let mut first = true;
    warnings
        .into_iter()
        .filter_map(|mut warning| {
            if warning.code == WarningCode::RepeatsRemoved {
                if !std::mem::take(&mut first) {
                    return None;
                }
                if repeats > 1 {
                    warning.detail = format!("{} and {} more", warning.detail, repeats - 1);
                }
            }
            Some(warning)
        })
        .collect()
}

fn kind(draft: &Draft, section: Option<&str>, headline: Option<&str>) -> Kind {
    let photographers = draft.byline.iter().any(|b| b.role == Who::Photographer);
    let writers = draft.byline.iter().any(|b| b.role != Who::Photographer);
    let names =
        |words: &[&str], text: Option<&str>| text.is_some_and(|text| words.iter().any(|word| text.contains(word)));
    let opinion = ["评论", "社论", "时评", "短评", "锐评", "快评", "热评", "微评", "杂谈", "来论", "评论员"];
    let heads = || !writers && draft.lead.is_none() && headline.is_some_and(marks::heads_notice);
    if draft.notice || heads() {
        Kind::Notice
    } else if draft.caption
        || draft.closed
            && draft.lead.is_none()
            && !writers
            && draft.blocks.len() <= 5
            && (photographers || draft.source.is_none())
    {
        Kind::Photo
    } else if names(&opinion, section)
        || names(&["评论员文章", "社论"], headline)
        || draft.consumed.iter().any(|words| words.contains("评论员") || words.contains("評論員"))
    {
        Kind::Commentary
    } else if section.is_some_and(briefs::heads_briefs) {
        Kind::Brief
    } else {
        Kind::News
    }
}

/// Days after the issue's own that a dateline may name before it must be last year's.
const AHEAD: i32 = 7;

fn dateline(lead: &Lead, issue: Option<Date>) -> Option<Dateline> {
    if !lead.dated || lead.place.is_none() && lead.day.is_none() {
        return None;
    }
    let date = issue.and_then(|issue| {
        let day = i8::try_from(lead.day?).ok()?;
        let month = lead.month.and_then(|month| i8::try_from(month).ok()).unwrap_or(issue.month());
        let this_year = Date::new(issue.year(), month, day).ok();
        let last_year = || Date::new(issue.year() - 1, month, day).ok();
        match this_year {
            Some(date) if (date - issue).get_days() <= AHEAD => Some(date),
            // 31日电 in the issue of the 1st: the month before.
            Some(date) if lead.month.is_none() => date.checked_sub(jiff::Span::new().months(1)).ok(),
            _ => last_year(),
        }
    });
    Some(Dateline { place: lead.place.clone(), date })
}

/// Marks the articles whose text holds characters that could not be decoded.
pub(crate) fn mark_undecodable(articles: &mut [Article]) {
    for article in articles {
        let Some(block) = article.body.iter().find(|block| block.text.contains('\u{fffd}')) else { continue };
        let detail = format!("paragraph `{}`", beginning(&block.text));
        article.warnings.push(Warning { code: WarningCode::UndecodableText, detail });
        article.confidence = ((article.confidence - 0.25).max(0.05) * 100.0).round() / 100.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn lead(month: Option<u32>, day: u32) -> Lead {
        Lead { month, day: Some(day), dated: true, ..Lead::default() }
    }

    #[test]
    fn the_year_of_a_dateline_is_the_issues_or_the_one_before() {
        let issue = Some(date(2026, 1, 2));
        let day = |lead: &Lead| dateline(lead, issue).and_then(|d| d.date);
        assert_eq!(day(&lead(Some(1), 1)), Some(date(2026, 1, 1)));
        assert_eq!(day(&lead(Some(12), 31)), Some(date(2025, 12, 31)));
        assert_eq!(day(&lead(None, 31)), Some(date(2025, 12, 31)));
        assert_eq!(day(&lead(Some(2), 30)), None);
        assert_eq!(dateline(&lead(Some(1), 1), None).and_then(|d| d.date), None);
    }
}
