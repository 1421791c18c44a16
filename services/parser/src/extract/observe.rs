//! Lines to features: what a line is by itself, and what its neighbours say of it.

mod pairs;
mod wide;

use pairs::{closes_first, kicks, titled, twins, wider, words};

use super::content::Content;
use super::features::{Feature, Features};
use super::grammar::marks;
use super::grammar::{byline, jump, masthead, names, needs};
use super::lines::Line;
use super::signs::Signs;
use super::text::ends_sentence;
use super::{alone, briefs, context, parallel, penned, pictures, scraps, seams, starts, topics};

/// Features of every line.
pub(crate) fn of(lines: &[Line], content: &Content) -> Vec<Features> {
    let widths: Vec<usize> = lines.iter().map(|line| line.width).collect();
    let mut all: Vec<Features> = lines.iter().map(alone::features).collect();
    context::mark(lines, &mut all);
    marked(lines, &mut all);
    wide::mark(lines, &mut all);
    among(lines, &widths, &mut all);
    penned::mark(lines, &mut all);
    pictures::mark(lines, &mut all);
    context::habits(lines, &mut all);
    parallel::mark(lines, &mut all);
    words(lines, &widths, &mut all);
    scraps::mark(lines, &mut all);
    briefs::mark(lines, &mut all);
    subjects(lines, content, &mut all);
    all
}

/// Markdown levels mean something only beside the file's other levels.
fn marked(lines: &[Line], all: &mut [Features]) {
    use Feature as F;
    let own = |f: &Features| f.has(F::PageName) || f.has(F::Furniture);
    let mut levels: Vec<u8> = lines
        .iter()
        .zip(all.iter())
        .filter(|(line, f)| line.heading > 0 && !own(f))
        .map(|(line, _)| line.heading)
        .collect();
    let plenty = levels.len() >= 2;
    levels.sort_unstable();
    levels.dedup();
    for (line, f) in lines.iter().zip(all) {
        match levels.iter().position(|level| *level == line.heading) {
            None => f.set(F::Unmarked, plenty),
            Some(_) if levels.len() == 1 => f.set(F::HeadingOnly, true),
            Some(0) => f.set(F::Heading1, true),
            Some(1) if levels.len() > 2 => f.set(F::Heading2, true),
            Some(_) => f.set(F::HeadingDeep, true),
        }
    }
}

/// How far ahead a photo credit is looked for, in lines.
const CREDIT_REACH: usize = 5;

fn among(lines: &[Line], widths: &[usize], all: &mut [Features]) {
    use Feature as F;
    let usual = usual_gap(lines);
    let heading: Vec<bool> = all.iter().map(|f| f.headingish()).collect();
    let opens = |f: Features| f.has(F::Lead) || f.has(F::Byline);
    let mut top = 0;
    // Whether the article so far has said who wrote it.
    let mut signed = false;
    let seen: Vec<Features> = all.to_vec();
    // The same since the last heading.
    let mut authored = false;
    // Whether the last line is a scrap of something else.
    let mut scrap = false;
    // Whether the table so far stands apart.
    let mut apart = false;
    // The last line of running text: what a torn line continues, whatever stands between.
    let mut text_before: Option<usize> = None;
    // The same where a picture's heading came between.
    let mut interrupted: Option<usize> = None;
    // What stands at or near a line's end, looked for once.
    let tails: Vec<bool> = lines.iter().map(|line| byline::tail(&line.text).is_some()).collect();
    let jump = |line: &Line| needs::jump(line.signs).then(|| jump::find(&line.text)).flatten();
    let jumps: Vec<Option<jump::Jump>> = lines.iter().map(jump).collect();
    let closed_below = context::signed_below(lines, all, &heading, &tails);
    // Whether the article so far says by a label who wrote it, so that another says who made its pictures: 文/A.
    let mut wrote = false;
    let labelled = |at: usize, labels: &[&str]| labels.iter().any(|label| lines[at].text.starts_with(label));
    // 本报讯 opens a report and names nobody.
    let names = |at: usize| {
        seen[at].has(F::Byline) || seen[at].has(F::Lead) && lines[at].lead().is_none_or(|lead| !lead.byline.is_empty())
    };
    for at in 0..lines.len() {
        let (prev, next) = (at.checked_sub(1), (at + 1 < lines.len()).then_some(at + 1));
        if lines[at].opens_page {
            top = at;
            (text_before, interrupted) = (None, None);
        }
        // A table that nothing heads, apart from the text before it, is the page's: weather, prices.
        let wide = lines[at].gap > usual && prev.is_some_and(|prev| is_text(seen[prev]));
        apart = lines[at].row && (apart && prev.is_some_and(|prev| lines[prev].row) || wide);
        let f = &mut all[at];
        let here = seen[at];
        f.set(F::Furniture, apart);
        f.set(F::AfterScrap, scrap && is_text(here) && !lines[at].opens_page);
        scrap = scrap && lines[at].folio;
        f.set(F::NearTop, at < top + 8);
        f.set(F::GapBefore, lines[at].gap > usual && at > 0);
        f.set(F::GapAfter, next.is_some_and(|next| lines[next].gap > usual));
        if let Some(prev) = prev.filter(|_| !lines[at].opens_page) {
            let p = seen[prev];
            let signature = tails[prev];
            f.set(F::PrevSigned, signature && is_text(p) && is_text(here));
            let closes = [F::Credit, F::CreditAtEnd, F::Source, F::AuthorNote].iter().any(|sign| p.has(*sign));
            f.set(F::PrevClosed, closes || signature);
            f.set(
                F::PrevJump,
                p.has(F::Jump)
                    || jumps[prev].as_ref().is_some_and(|j| !j.from && j.span.end + 4 >= lines[prev].text.len()),
            );
            f.set(F::PrevHeading, heading[prev]);
            let signed_head = prev > 0 && !lines[prev].opens_page && heading[prev - 1];
            f.set(F::BelowByline, p.has(F::Byline) && signed_head);
            f.set(
                F::StubBelow,
                heading[prev] && heading[at] && widths[at] <= 12 && here.has(F::EndsPlain) && !here.has(F::Vertical),
            );
            f.set(
                F::PrevShallower,
                heading[prev]
                    && lines[prev].heading > 0
                    && (lines[at].heading == 0 || lines[at].heading > lines[prev].heading),
            );
            f.set(F::PrevPlain, is_text(p) && ends_sentence(&lines[prev].text) || lines[prev].verse && lines[at].bold);
            let (a, b) = (widths[prev], widths[at]);
            let close = lines[prev].heading == lines[at].heading && lines[at].gap <= usual;
            let twin = heading[prev] && heading[at] && close && twins((seen[prev], a), (here, b));
            let kicked = prev.checked_sub(1).filter(|_| !lines[prev].opens_page);
            let kicked =
                kicked.is_some_and(|above| heading[above] && kicks((seen[above], widths[above]), seen[prev], a, b));
            f.set(F::TwinBefore, twin || kicked && heading[prev] && heading[at] && close && titled(here));
            f.set(F::WiderThanPrev, heading[prev] && heading[at] && wider(&lines[prev], &lines[at]));
            f.set(F::PrevHangs, p.has(F::Hangs) && heading[prev] && heading[at]);
        }
        if let Some(before) = text_before {
            let text = &lines[before].text;
            f.set(
                F::PrevUnfinished,
                super::text::is_unfinished(text)
                    && jumps[before].is_none()
                    && !tails[before]
                    && !seen[before].has(F::CreditAtEnd),
            );
        }
        if let Some(next) = next.filter(|next| !lines[*next].opens_page) {
            let n = seen[next];
            f.set(F::NextLead, opens(n) || heading[at] && n.has(F::BareName) && !n.has(F::SectionWords));
            f.set(F::NextHeading, heading[next] && !n.has(F::BareName));
            f.set(
                F::NextDeeper,
                heading[next]
                    && lines[at].heading > 0
                    && (lines[next].heading == 0 || lines[next].heading > lines[at].heading),
            );
            f.set(F::NextFrom, n.has(F::Jump) && jumps[next].as_ref().is_none_or(|jump| jump.from));
            f.set(F::NextPlain, (is_text(n) || lines[next].verse && lines[at].bold) && !opens(n));
            let report = seen.get(next + 1).is_some_and(|below| opens(*below));
            let parted = here.has(F::Parted) && !n.has(F::Parted) && widths[next] <= widths[at] + 4;
            f.set(F::PartedAbove, report && parted && heading[at] && heading[next] && lines[at].heading == 0);
            f.set(F::NextRow, n.has(F::Row) && !here.has(F::Row));
            let talked = prev.is_some_and(|prev| seen[prev].has(F::Speech) || seen[prev].has(F::Speaker));
            f.set(F::OpensTalk, heading[at] && n.has(F::Speech) && marks::begins_talk(&lines[next].text) && !talked);
            let label = widths[at] <= LABEL && heading[at] && !here.has(F::EndsMark) && !here.has(F::Vertical);
            f.set(F::LabelAbove, label && heading[next] && widths[next] * 2 >= widths[at] * 3 && !n.has(F::BeginsDash));
            f.set(
                F::NextTorn,
                n.has(F::BeginsTorn)
                    || is_text(n)
                        && here.has(F::EndsPlain)
                        && (n.has(F::BeginsParticle) || seams::is_stub(&lines[next].text)),
            );
            let left = text_before.is_some_and(|before| seen[before].has(F::LeftOpen));
            scrap |= text_before.is_none_or(|before| !super::text::is_unfinished(&lines[before].text))
                && heading[at]
                && lines[at].heading == 0
                && !here.has(F::Parted)
                && (here.has(F::Wide4) || here.has(F::Wide8))
                && !here.has(F::EndsMark)
                && (f.has(F::NextTorn) || here.has(F::BeginsParticle) && f.has(F::PrevJump));
            f.set(F::Intrudes, left && heading[at] && lines[at].heading == 0 && closes_first(&lines[next].text));
            let begins = widths[at] <= BEGUN
                && here.has(F::Comma)
                && prev.is_none_or(|prev| jumps[prev].is_some() || ended(&lines[prev], seen[prev]));
            f.set(F::BrokenHead, (here.has(F::Short) || begins) && here.has(F::EndsComma) && heading[next]);
            // Below a title stands its Latin form.
            let latin = here.has(F::Wide4) || here.has(F::Wide8);
            f.set(
                F::FurnitureMaybe,
                here.has(F::FurnitureMaybe) || latin && masthead::is_latin_title(&lines[next].text),
            );
            f.set(F::NextMarked, lines[next].heading > 0 && lines[at].heading == 0 && heading[next]);
            let dated = lines[next].signs.any(Signs::DAYS);
            f.set(F::NextDay, is_text(n) && dated && begins_with_day(&lines[next].text));
            let (a, b) = (widths[next], widths[at]);
            let close = lines[next].heading == lines[at].heading && lines[next].gap <= usual;
            let twin = heading[next] && heading[at] && close && twins((here, b), (n, a));
            let kicked = prev.filter(|_| !lines[at].opens_page);
            let kicked = kicked.is_some_and(|above| heading[above] && kicks((seen[above], widths[above]), here, b, a));
            f.set(F::TwinAfter, twin || kicked && heading[next] && heading[at] && close && titled(n));
            f.set(
                F::WiderNext,
                heading[at] && heading[next] && wider(&lines[at], &lines[next]) && !n.has(F::PartedWide),
            );
        }
        if heading[at] {
            let ahead = at + 1..lines.len().min(at + 1 + CREDIT_REACH);
            // Text below a heading, and then another that begins with its day: the credit is the other's.
            let other =
                |i: usize| i > at + 1 && (seen[i].has(F::Caption) || seen[i].has(F::BeginsDay) && is_text(seen[i]));
            let stops = |i: usize| heading[i] && i > at + 1 || opens(seen[i]) || other(i);
            let end = ahead.clone().find(|i| stops(*i)).unwrap_or(ahead.end);
            // Who lent a report's pictures made none.
            let lent = |i: usize| lines[i].text.contains("受访者") || lines[i].text.contains("受訪者");
            let own = |i: usize| wrote && labelled(i, &["图/", "图／", "圖/", "圖／"]);
            let credit = |i: usize| (seen[i].has(F::Credit) || seen[i].has(F::CreditAtEnd)) && !lent(i) && !own(i);
            f.set(F::CreditAhead, (at + 1..end).any(credit));
            let below = next.is_some_and(|next| is_text(seen[next]));
            f.set(F::Pictured, below && f.has(F::CreditAhead) && !f.has(F::FurnitureMaybe));
            f.set(F::SignedAhead, signed && closed_below[at]);
        }
        let open =
            signed && f.has(F::PrevPlain) && !f.has(F::PrevClosed) && !f.has(F::PrevJump) && !f.has(F::GapBefore);
        let own =
            [F::NextLead, F::CreditAhead, F::SignedAhead, F::NextItem, F::NextRow, F::NoticeHead, F::SectionWords];
        f.set(F::Unsigned, heading[at] && open && f.has(F::NextPlain) && !own.iter().any(|x| f.has(*x)));
        let from = jumps[at].as_ref().is_some_and(|jump| jump.from && jump.span.start == 0);
        f.set(F::OpensFrom, from && is_text(here) && prev.is_some_and(|prev| is_text(seen[prev])));
        // Below a heading of two lines another article begins.
        let anew = lines[at].opens_page || heading[at] && prev.is_some_and(|prev| heading[prev]);
        signed = (signed || opens(here)) && !anew && !here.has(F::Credit) && !tails[at];
        let says_what = here.has(F::Byline) && labelled(at, &["文/", "文／"]);
        wrote = (wrote || says_what) && !anew && !here.has(F::Credit);
        let titled = |prev: usize| {
            heading[prev]
                || seen[prev].has(F::Wide2) && seen[prev].has(F::EndsPlain)
                || marks::is_editors_note(&lines[prev].text)
        };
        let label = |next: usize| seen[next].has(F::SectionWords) && seen.get(next + 1).is_some_and(|f| is_text(*f));
        let below = next.is_some_and(|n| is_text(seen[n]) || lines[n].verse || label(n)) && prev.is_some_and(titled);
        // 本报记者 A 摄影报道: who wrote as well, where a text begins below.
        let writes = |by: &contract::Byline| by.role != contract::Role::Photographer;
        if below && here.has(F::Credit) && lines[at].byline().is_some_and(|by| by.iter().any(writes)) {
            f.clear(F::Credit);
            f.clear(F::CreditAtEnd);
            f.set(F::Byline, true);
        }
        // A pen name needs a heading above it that cannot be anything else.
        let plain = prev.is_some_and(|prev| !seen[prev].has(F::Wide50) && !seen[prev].has(F::PartedWide));
        // 何 雨: set so right below a heading, whatever stands below.
        let set = || prev.is_some_and(|prev| heading[prev]) && names::is_set_apart(&lines[at].text);
        let below = here.has(F::BareName)
            && (below || set())
            && byline::bare_name(&lines[at].text)
                .is_some_and(|names| plain || names.iter().all(|by| crate::extract::begins_with_family(&by.name)));
        // A plain name below the text signs it, where nobody has yet.
        let unsigned = !authored
            && prev.is_some_and(|prev| seen[prev].has(F::AuthorNote) || is_text(seen[prev]))
            && !lines[at].opens_page;
        let ends = next.is_none_or(|next| {
            let n = seen[next];
            heading[next]
                || lines[next].opens_page
                || [F::Furniture, F::BeginsDay, F::NoticeHead].iter().any(|x| n.has(*x))
        });
        let spaced = lines[at].signs.any(Signs::BLANK) && here.has(F::Wide2);
        let signature = unsigned
            && here.has(F::BareName)
            && (ends || spaced || byline::is_letters(&lines[at].text))
            && !here.has(F::SectionWords)
            && lines[at].heading == 0
            && prev.is_some_and(|prev| ends_sentence(&lines[prev].text) || seen[prev].has(F::AuthorNote));
        f.set(F::Signature, signature);
        authored =
            !heading[at] && !lines[at].opens_page && (authored || names(at) || tails[at] || here.has(F::CreditAtEnd));
        if !below && !signature {
            f.clear(F::BareName);
        }
        if is_text(here) {
            text_before = Some(at);
            if here.has(F::CreditAtEnd) {
                text_before = interrupted.take().or(text_before);
            }
        } else if here.has(F::Credit) {
            text_before = interrupted.take().or(text_before);
        } else if heading[at] || here.has(F::Byline) {
            interrupted = text_before.filter(|before| super::text::is_unfinished(&lines[*before].text));
            text_before = text_before.filter(|_| {
                !heading[at]
                    || lines[at].heading == 0 && here.has(F::Wide16) && here.has(F::EndsPlain) && here.has(F::Comma)
            });
        }
    }
}

/// Widest line, in half-width columns, that a label above a heading takes.
const LABEL: usize = 12;

/// Widest line, in half-width columns, that begins a heading and ends in a comma.
const BEGUN: usize = 32;

/// Whether nothing of a line goes on in the next.
fn ended(line: &Line, f: Features) -> bool {
    use Feature as F;
    ends_sentence(&line.text) || f.headingish() || [F::Furniture, F::Credit, F::Jump].iter().any(|own| f.has(*own))
}

/// Characters within which a report names its day.
const DAY_REACH: usize = 34;

fn begins_with_day(text: &str) -> bool {
    let end = text.char_indices().nth(DAY_REACH).map_or(text.len(), |(at, _)| at);
    marks::names_day_of_month(&text[..end])
        || ["近日", "日前", "连日来", "連日來", "昨日", "昨天"].iter().any(|word| text[..end].contains(word))
}

/// Shares of common words below which two texts differ in subject, and above which they have it in common; measured on
/// pages of our own and on real ones: 0 to 0.04 between articles of different subject, 0.02 to 0.3 inside one.
const DIFFERENT: f32 = 0.022;
const COMMON: f32 = 0.085;
/// Inside a stretch of text only next to nothing in common is a sign.
const NOTHING: f32 = 0.006;

/// What the text around a line has in common.
fn subjects(lines: &[Line], content: &Content, all: &mut [Features]) {
    use Feature as F;
    let text: Vec<bool> = all.iter().map(|f| is_text(*f)).collect();
    let breaks: Vec<bool> = all
        .iter()
        .zip(lines)
        .map(|(f, line)| {
            line.opens_page
                || f.headingish() && !f.has(F::WordGoesOn) && !f.has(F::WordContinues)
                || f.has(F::Credit)
                || f.has(F::Source)
                || f.has(F::Byline)
        })
        .collect();
    for (at, shared) in topics::shared(content, &text, &breaks).into_iter().enumerate() {
        let f = &mut all[at];
        if let Some(share) = shared.across_heading {
            f.set(F::TopicBreaks, share < DIFFERENT);
            f.set(F::TopicHolds, share > COMMON);
        }
        if let Some(share) = shared.hint {
            f.set(F::Aside, share < NOTHING);
            f.set(F::Apart, (NOTHING..DIFFERENT).contains(&share));
            f.set(F::Akin, share > COMMON);
        }
        let fresh = f.has(F::PrevPlain) && !f.has(F::Lead);
        let share = shared.hint.filter(|_| fresh && !f.has(F::PrevUnfinished) && !lines[at].verse);
        if let Some(adrift) = share.and_then(|share| starts::adrift(&lines[at].text, share)) {
            f.set(adrift, true);
        }
        let rest = f.has(F::BeginsRest);
        let least = if rest { DIFFERENT } else { NOTHING };
        let hinted = (rest || f.has(F::GapBefore)) && shared.hint.is_some_and(|share| share < least);
        f.set(F::BeginsRest, rest && !f.has(F::PrevUnfinished));
        f.set(F::NewTopic, fresh && (hinted || shared.within.is_some_and(|share| share < NOTHING)));
    }
}

/// Looks like running text.
pub(crate) fn is_text(f: Features) -> bool {
    use Feature as F;
    !f.has(F::Furniture)
        && !f.has(F::Credit)
        && (f.has(F::Lead)
            || f.has(F::Speaker)
            || f.has(F::EndsStop)
            || f.has(F::StopInside)
            || f.has(F::Wide50)
            || f.has(F::WideMore)
            || f.has(F::LeftOpen)
            || f.has(F::EndsComma))
        && !f.has(F::PartedWide)
}

/// The number of blank lines that usually stand between two lines of this file.
fn usual_gap(lines: &[Line]) -> u16 {
    let mut counts = [0usize; 4];
    for line in lines.iter().skip(1) {
        counts[usize::from(line.gap.min(3))] += 1;
    }
    (0u16..4).max_by_key(|gap| counts[usize::from(*gap)]).unwrap_or(0)
}
