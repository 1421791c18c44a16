//! A page from a seed: its articles, what a tool made of them, and the truth.

use crate::chance::Chance;
use crate::columns;
use crate::defects::{self, Defects};
use crate::masthead::{Masthead, masthead};
use crate::script::traditional_truth;
use crate::story::{Desk, Kind, Signature, Story};
use crate::style::{Flow, Gaps, Style};
use crate::truth::{Article, Dateline, Truth};
use crate::typeset::{Heading, Line, Tag, set};
use crate::words::{people, phrases};
use jiff::civil::Date;

/// A page and the truth about it.
#[derive(Debug, Clone)]
pub struct Page {
    /// The issue file.
    pub text: String,
    /// What stands in it.
    pub truth: Truth,
    /// The tool that seems to have made it.
    pub tool: &'static str,
}

/// The page of a seed.
pub fn page(seed: u64) -> Page {
    let mut chance = Chance::new(seed);
    let chance = &mut chance;
    let style = Style::draw(chance);
    let defects = Defects::draw(chance);
    let city = people::city(chance);
    let start = Date::constant(2024, 1, 1);
    let day =
        start.checked_add(jiff::Span::new().days(i64::try_from(chance.between(0, 700)).unwrap_or(0))).unwrap_or(start);
    let paper = people::paper(&city, chance);
    let number = u32::try_from(chance.between(1, 8)).unwrap_or(1);
    let masthead = masthead(&paper, day, number, chance);
    let desk = Desk {
        city,
        day,
        mark: chance.word(&["", "", "", "□ ", "■ ", "□"]),
        between: chance.word(&[" ", " ", "、", "　"]),
    };
    let mut stories = stories(&desk, number, chance);
    let mut habits = vec![Vec::new(); stories.len()];
    let last = stories.len() - 1;
    if defects.truncated && defects::truncate(&mut stories[last], chance) {
        habits[last].push("truncated");
    }
    let sheet = if chance.percent(15) { stories.len().div_ceil(2) } else { usize::MAX };
    let second = number + u32::try_from(chance.between(1, 4)).unwrap_or(1);
    let overleaf = if sheet <= last { columns::overleaf(&mut stories, sheet, second) } else { None };
    if let Some(rest) = &overleaf {
        habits[rest.story].push("overleaf");
    }
    let (mut blocks, mut headings): (Vec<Vec<Line>>, Vec<Heading>) = (Vec::new(), Vec::new());
    let looped = if defects.loops { chance.between(0, last) } else { usize::MAX };
    for (at, story) in stories.iter_mut().enumerate() {
        let heading = heading(story, at == last, &style, defects, chance);
        if heading == Heading::Lost {
            (story.section, story.kicker, story.deck) = (None, None, None);
            story.headline.clear();
        }
        headings.push(heading);
        habits[at].extend(habit(story, heading));
        let mut set = set(story, at, heading, &style, defects.tear, chance);
        if at == looped && !matches!(story.kind, Kind::Photo) && defects::repeat(&mut set, story.kind, &style, chance) {
            habits[at].push("loop");
        }
        if set.iter().any(|line| line.torn) {
            habits[at].push("torn");
        }
        if style.margin {
            let margin = " ".repeat(*chance.pick(&[0, 4, 6, 30]));
            for line in set.iter_mut().filter(|line| line.tag != Tag::Blank) {
                line.text.insert_str(0, &margin);
            }
        }
        blocks.push(set);
    }
    if sheet <= last {
        let name = chance.word(phrases::PAGE_NAMES);
        let mut folio = vec![Line::of_page(format!("第{second:02}版 {name}"), Tag::Furniture)];
        folio.extend((style.gaps != Gaps::None).then(Line::blank));
        if let Some(rest) = &overleaf {
            folio.append(&mut rest.set(number, &style, defects.tear, chance));
        }
        blocks.insert(sheet, folio);
    } else if defects.interleaved
        && let Some(at) = columns::interleave(&mut blocks, &stories, &headings, &style, chance)
    {
        habits[at].push("interleaved");
        habits[at + 1].push("interleaving");
    }
    let mut lines: Vec<Line> = Vec::new();
    for (at, mut block) in blocks.into_iter().enumerate() {
        gap(&mut lines, &style, at > 0);
        lines.append(&mut block);
    }
    if defects.scraps {
        for _ in 0..chance.between(1, 3) {
            let scrap = chance.word(phrases::SCRAPS).to_owned();
            defects::between(&mut lines, scrap, Tag::Other, &style, chance);
        }
    }
    if defects.folios {
        defects::between(&mut lines, number.to_string(), Tag::Furniture, &style, chance);
    }
    defects::confuse(&mut lines, defects.confusions, chance);
    if defects.quotes {
        defects::drop_quotes(&mut lines, chance);
    }
    finish(lines, &masthead, &stories, habits, &style)
}

/// The articles of a page: a mixture as a daily has it, no two under one headline.
fn stories(desk: &Desk, number: u32, chance: &mut Chance) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    let count = chance.between(4, 9);
    while stories.len() < count {
        let kinds = [
            Kind::Report,
            Kind::Feature,
            Kind::Brief,
            Kind::Photo,
            Kind::Commentary,
            Kind::Interview,
            Kind::Notice,
            Kind::Briefs,
        ];
        let kind = kinds[chance.weighted(&[38, 16, 14, 14, 6, 4, 8, 4])];
        let mut story = Story::new(kind, desk, chance);
        let known =
            stories.iter().any(|other| !story.headline.is_empty() && other.headline.first() == story.headline.first());
        if known {
            continue;
        }
        let can_jump = matches!(story.signature, Signature::Line(_) | Signature::Lead(_)) && story.source.is_none();
        if can_jump && matches!(kind, Kind::Report | Kind::Feature) && chance.percent(12) {
            story.jump = Some(number + u32::try_from(chance.between(5, 9)).unwrap_or(5));
        }
        stories.push(story);
    }
    // Notices stand at the end, as on a printed page.
    stories.sort_by_key(|story| story.kind == Kind::Notice);
    stories
}

/// Where a heading stands. Only where the text itself shows that an article begins may a heading be elsewhere.
fn heading(story: &Story, last: bool, style: &Style, defects: Defects, chance: &mut Chance) -> Heading {
    let begins = matches!(story.signature, Signature::Line(_) | Signature::Lead(_));
    let report = matches!(story.kind, Kind::Report | Kind::Feature | Kind::Brief);
    if !(begins && report && chance.percent(defects.heading)) {
        return Heading::Above;
    }
    let short = story.headline.concat().chars().count() <= 14;
    match chance.weighted(&[30, 30, 20, 20]) {
        0 => Heading::Lost,
        1 if short && style.gaps != Gaps::None => Heading::VerticalBelow,
        2 if short => Heading::Vertical,
        3 if last && style.gaps != Gaps::None && story.jump.is_none() => Heading::Below,
        _ => Heading::Above,
    }
}

fn habit(story: &Story, heading: Heading) -> Vec<&'static str> {
    let mut habits = vec![match story.kind {
        Kind::Report => "report",
        Kind::Feature => "feature",
        Kind::Brief => "brief",
        Kind::Photo => "photo",
        Kind::Commentary => "commentary",
        Kind::Interview => "interview",
        Kind::Notice => "notice",
        Kind::Briefs => "briefs",
    }];
    let facts = [
        (story.section.is_some(), "section"),
        (story.kicker.is_some(), "kicker"),
        (story.deck.is_some(), "deck"),
        (story.headline.len() > 1, "two-line head"),
        (story.headline.is_empty(), "no head"),
        (story.jump.is_some(), "jump"),
        (story.source.is_some(), "source"),
        (heading == Heading::Vertical, "vertical head"),
        (heading == Heading::Below, "head below"),
        (heading == Heading::VerticalBelow, "vertical head below"),
        (matches!(story.signature, Signature::Line(_)), "byline"),
        (matches!(story.signature, Signature::Lead(_)), "lead byline"),
        (matches!(story.signature, Signature::End(_)), "end byline"),
        (matches!(story.signature, Signature::Below(_)), "byline below"),
    ];
    habits.extend(facts.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name));
    habits
}

/// The second of two lines, unless the first one's sentence goes on in it.
fn alternative(headline: &[String]) -> Vec<String> {
    match headline {
        [first, second] if !first.ends_with(['，', '的', '关']) => vec![second.clone()],
        _ => Vec::new(),
    }
}

/// What stands between two articles.
fn gap(lines: &mut Vec<Line>, style: &Style, inside: bool) {
    if !inside || style.gaps == Gaps::None {
        return;
    }
    if lines.last().is_some_and(|line| line.tag != Tag::Blank) {
        lines.push(Line::blank());
    }
    if style.marks.is_some_and(|marks| marks.rule) {
        lines.extend([Line::of_page("---", Tag::Other), Line::blank()]);
    } else if style.flow == Flow::Hard && style.gaps == Gaps::Blocks {
        lines.push(Line::blank());
    }
}

fn finish(
    lines: Vec<Line>,
    masthead: &Masthead,
    stories: &[Story],
    habits: Vec<Vec<&'static str>>,
    style: &Style,
) -> Page {
    let mut all: Vec<Line> = Vec::new();
    for line in &masthead.top {
        all.push(Line::of_page(line.clone(), Tag::Furniture));
        if style.gaps == Gaps::Blocks {
            all.push(Line::blank());
        }
    }
    if style.gaps != Gaps::None && !all.is_empty() {
        all.push(Line::blank());
    }
    all.extend(lines);
    if style.gaps != Gaps::None {
        all.push(Line::blank());
    }
    all.extend(masthead.foot.iter().map(|line| Line::of_page(line.clone(), Tag::Furniture)));

    let mut truth = Truth { issue: masthead.issue.clone(), ..Truth::default() };
    for (story, habits) in stories.iter().zip(habits) {
        truth.articles.push(Article {
            kind: match story.kind {
                Kind::Photo => "photo",
                Kind::Notice => "notice",
                _ => "news",
            },
            section: story.section.clone(),
            kicker: story.kicker.clone(),
            headline: (!story.headline.is_empty()).then(|| story.headline.join(" ")),
            headline_alt: alternative(&story.headline),
            deck: story.deck.clone(),
            authors: story.authors.clone(),
            photographers: story.photographers.clone(),
            dateline: story
                .dateline
                .clone()
                .map(|(place, day)| Dateline { place, date: masthead.issue.date.is_some().then(|| day.to_string()) }),
            jump: story.jump,
            habits,
            ..Article::default()
        });
    }
    let mut text = String::new();
    let mut before = vec![None; stories.len()];
    for (at, line) in all.iter().enumerate() {
        let number = at + 1;
        text.push_str(&style.line(&line.text));
        text.push('\n');
        if line.tag == Tag::Furniture {
            truth.furniture.push(number);
        }
        let Some(index) = line.article else { continue };
        let article = &mut truth.articles[index];
        match line.tag {
            Tag::Head => article.head_lines.push(number),
            Tag::Body | Tag::Subhead => {
                article.body.push(number);
                if line.tag == Tag::Subhead {
                    article.subheads.push(number);
                }
                if let (true, Some(last)) = (line.torn, before[index]) {
                    article.joins.push((last, number));
                }
                before[index] = Some(number);
            }
            Tag::Repeat(true) => article.repeats.push(number),
            Tag::Repeat(false) | Tag::Other | Tag::Furniture | Tag::Blank => {}
        }
    }
    if style.traditional {
        traditional_truth(&mut truth);
    }
    Page { text, truth, tool: style.name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_one_page_and_two_seeds_make_two() {
        assert_eq!((page(7).text, page(7).truth), (page(7).text, page(7).truth));
        let texts: std::collections::HashSet<String> = (0..200).map(|seed| page(seed).text).collect();
        assert_eq!(texts.len(), 200);
    }

    #[test]
    fn the_truth_names_lines_that_are_there_and_none_twice() {
        for seed in 0..300 {
            let Page { text, truth, .. } = page(seed);
            let lines: Vec<&str> = text.split('\n').collect();
            let articles = truth.articles.iter();
            let body =
                articles.flat_map(|article| article.body.iter().chain(&article.head_lines).chain(&article.repeats));
            let mut seen = std::collections::HashSet::new();
            for line in body.chain(&truth.furniture) {
                assert!(!lines[line - 1].trim().is_empty(), "seed {seed}, line {line}");
                assert!(seen.insert(line), "seed {seed}, line {line} twice");
            }
            assert!(truth.articles.iter().all(|article| !article.body.is_empty()), "seed {seed}");
        }
    }
}
