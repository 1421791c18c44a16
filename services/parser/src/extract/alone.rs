//! What a line says of itself, whatever stands around it.

use super::features::{Feature, Features};
use super::grammar::{byline, credit, jump, labels, lead, marks, masthead, needs, page};
use super::lines::{Line, Own};
use super::signs::Signs;
use super::text::{close_heading, columns, ends_sentence, is_blank, is_closer, is_comma, is_stop, marks_of};

/// Widest line that the whole-line grammars look at, in half-width columns.
const SHORT: usize = 140;

/// Widest line, in half-width columns, that says which part of an article follows.
const PART: usize = 12;

/// What the marks of a text say, found in one walk.
struct Said {
    /// A sentence ends inside.
    inside: bool,
    /// A part of one does: of long headings, too.
    part: bool,
    commas: usize,
    /// A quotation or bracket stays open at the end.
    left_open: bool,
    /// It closes a bracket that it did not open.
    unopened: bool,
    /// Whether [`marks::reads_on`] may hold: a comma stands near the beginning, or ends a quotation.
    may_read_on: bool,
}

impl Said {
    fn of(text: &str) -> Self {
        let (mut inside, mut part, mut commas, mut open, mut may_read_on) = (false, false, 0, 0u32, false);
        let mut bracket = None;
        // Where the last comma ends.
        let mut comma = 0;
        for (at, c) in marks_of(text) {
            let end = at + c.len_utf8();
            match c {
                '。' | '；' if !inside => {
                    let next = text[end..].chars().find(|c| !is_closer(*c) && !is_blank(*c));
                    let ends = next.is_some_and(|next| !is_stop(next));
                    inside = ends && c == '。';
                    part |= ends && c == '；';
                }
                '，' | ',' => {
                    commas += 1;
                    comma = end;
                    may_read_on |= at <= marks::OPENER * 4;
                }
                '“' | '「' | '『' | '《' | '【' => open += 1,
                '（' | '(' => {
                    open += 1;
                    bracket = bracket.or(Some((at, c)));
                }
                '”' | '」' | '』' | '》' | '】' | '"' => {
                    open = open.saturating_sub(u32::from(c != '"'));
                    may_read_on |= comma == at;
                }
                '）' | ')' => {
                    open = open.saturating_sub(1);
                    bracket = bracket.or(Some((at, c)));
                }
                _ => {}
            }
        }
        let closes = bracket.filter(|(_, c)| matches!(c, '）' | ')'));
        let unopened = closes.is_some_and(|(at, _)| text[..at].chars().nth(marks::NUMBERED - 1).is_some());
        Self { inside, part, commas, left_open: open > 0, unopened, may_read_on }
    }
}

/// Features of a line alone.
pub(crate) fn features(line: &Line) -> Features {
    use Feature as F;
    let (text, signs, width) = (line.text.as_str(), line.signs, line.width);
    let wide = width.div_ceil(2);
    let mut f = Features::default();
    f.set(
        match wide {
            0..=2 => F::Wide2,
            3..=4 => F::Wide4,
            5..=8 => F::Wide8,
            9..=16 => F::Wide16,
            17..=24 => F::Wide24,
            25..=34 => F::Wide34,
            35..=50 => F::Wide50,
            _ => F::WideMore,
        },
        true,
    );
    let last = text.chars().next_back().unwrap_or(' ');
    let stop = ends_sentence(text);
    let full = stop && text.trim_end_matches(|c| is_closer(c) || is_blank(c)).ends_with(['。', '.', '｡', '．']);
    f.set(F::EndsStop, full);
    f.set(F::EndsMark, stop && !full);
    f.set(F::EndsComma, is_comma(last) || text.ends_with('—') && wide > 40);
    f.set(F::EndsColon, matches!(last, ':' | '：'));
    f.set(F::EndsPlain, !stop && !is_comma(last) && !matches!(last, ':' | '：'));
    let Said { inside, part, commas, left_open, unopened, may_read_on } = Said::of(text);
    let inside = inside || part && (stop || is_comma(last));
    // （应受访者要求，文中皆为化名）
    let bracketed = marks::is_bracketed(text);
    let note = bracketed && line.heading == 0 && commas > 0 && wide > 8 && !needs::names_a_role(text);
    // A line that is nothing but 编者按 heads the note, not an article.
    let note = note || line.heading == 0 && marks::labels_note(text);
    f.set(F::StopInside, inside || note);
    f.set(F::Comma, commas == 1);
    f.set(F::Commas, commas > 1);
    f.set(F::LeftOpen, left_open);
    let first = text.chars().next().unwrap_or(' ');
    f.set(
        F::BeginsTorn,
        is_comma(first)
            || matches!(first, '。' | '：' | '”' | '』' | '」' | '）' | ')' | '》' | '！' | '？' | '%' | '％'),
    );
    f.set(F::BeginsTorn, width <= 100 && unopened);
    f.set(F::ReadsOn, width <= 100 && commas > 0 && !full && !inside && may_read_on && marks::reads_on(text));
    f.set(F::BeginsParticle, matches!(first, '的' | '了' | '着' | '们' | '吗' | '呢' | '吧' | '之' | '們' | '著'));
    f.set(F::BeginsDash, text.starts_with("——") || text.starts_with("--") || text.starts_with("—"));
    f.set(F::BeginsBullet, matches!(first, '●' | '■' | '◆' | '▲' | '★' | '◎' | '○') || first == '【' && last == '】');
    f.set(F::BeginsClause, marks::clause(text) > 0 || width <= PART && marks::numbers_part(text));
    f.set(F::BeginsDay, marks::begins_with_day(text));
    f.set(F::BeginsRunning, marks::begins_running(text));
    let short = width <= SHORT;
    f.set(F::NamesDay, short && needs::day(signs) && marks::names_a_day(text));
    let parted = short && signs.any(Signs::BLANK);
    let parts = if parted { text.split(is_blank).filter(|part| columns(part) >= 4).count() } else { 0 };
    let words = parts >= 2 && text.chars().filter(char::is_ascii_alphabetic).count() * 2 > text.chars().count();
    f.set(F::Parted, parts >= 2 && !words);
    let wrapped = parted && text.split(is_blank).rev().skip(1).any(|part| part.ends_with(is_comma));
    f.set(F::PartedWide, parts == 2 && wide > 26 && !words && !full && !inside && !wrapped);
    f.set(F::Wrapped, wrapped && (21..=50).contains(&wide) && !stop && !inside);
    f.set(F::Vertical, line.vertical);
    f.set(F::Verse, line.verse);
    f.set(F::Row, line.row);
    f.set(F::Short, line.short && !stop);
    let speech = line.heading == 0 && signs.any(Signs::COLON);
    f.set(F::Speech, speech && (marks::speaker(text).is_some_and(marks::asks) || marks::greets(text)));
    let enacted = ["通过", "公布", "发布", "施行", "修订", "修正", "印发"];
    f.set(
        F::Enacted,
        bracketed
            && f.has(F::NamesDay)
            && enacted.iter().any(|word| text.trim_end_matches(['）', ')']).ends_with(word)),
    );
    f.set(F::AuthorNote, needs::author_note(signs) && marks::is_author_note(text));
    f.set(
        F::Hangs,
        (4..=12).contains(&wide)
            && commas == 0
            && !f.has(F::BeginsParticle)
            && matches!(last, '的' | '与' | '和' | '在' | '让' | '把' | '是' | '向' | '為' | '为' | '與' | '讓'),
    );
    let signed = short && !stop && (signs.any(Signs::BULLET) || signs.any(Signs::BLANK) && needs::names_a_role(text));
    f.set(F::SignedHead, signed && byline::signs_heading(text));
    f.set(F::HouseHead, short && !stop && signs.any(Signs::COLON) && labels::heads_house_news(text));
    f.set(F::BeginsRest, marks::begins_with_a_rest(text));
    f.set(F::OpensPage, line.opens_page);
    f.set(F::Telephone, short && !stop && !inside && signs.any(Signs::FIGURE) && needs::names_a_phone(text));
    f.set(F::Bold, line.bold && short);
    let marks_page = || line.mark.unwrap_or_else(|| page::page_mark(text)).is_some();
    match masthead::furniture_or(text, signs, width, marks_page) {
        2 => f.set(F::Furniture, true),
        1 => f.set(F::FurnitureMaybe, true),
        _ => f.set(F::FurnitureMaybe, width <= 24 && needs::title(signs) && masthead::title(text).is_some()),
    }
    // Tonight's weather in rows.
    let forecast = line.row && (text.contains('℃') || text.contains("明天") && text.contains("后天"));
    f.set(F::Furniture, line.folio || forecast || line.own == Some(Own::Furniture));
    let above = ["图为", "圖為", "上图", "上圖", "下图", "下圖", "左图", "左圖", "右图", "右圖"];
    let pictured = needs::caption(signs);
    f.set(F::CaptionHead, pictured && above.iter().any(|word| text.starts_with(word)));
    f.set(F::PageName, width <= 10 && page::is_page_name(text));
    f.set(F::Caption, pictured && (marks::is_caption(text) || text.starts_with("圖為")));
    f.set(F::CreditAtEnd, needs::credit_tail(signs) && credit::tail(text).is_some());
    if f.has(F::CreditAtEnd) && commas + usize::from(full) > 0 {
        f.clear(F::Furniture);
        f.clear(F::FurnitureMaybe);
    }
    if short {
        f.set(F::Jump, needs::pointer(signs) && (jump::whole(text).is_some() || marks::is_pointer(text)));
        f.set(F::Credit, line.credit().is_some());
        f.set(F::Byline, !f.has(F::Credit) && line.byline().is_some());
        f.set(F::BareName, width <= byline::SIGNATURE && byline::signature(text).is_some());
        f.set(F::Source, width <= marks::SOURCED && needs::source(signs) && marks::source(text).is_some());
        f.set(F::Source, bracketed && lead::closing(text).is_some());
        f.set(F::NoticeHead, marks::may_head_notice(text) && marks::heads_notice(&close_heading(text)));
        f.set(
            F::SectionWords,
            line.own == Some(Own::Section) || width <= labels::LABEL && labels::labels_section(text),
        );
        let odds = (width <= labels::LABEL && !stop && !inside).then(|| labels::score(text)).flatten();
        if let Some(score) = odds {
            f.set(F::LabelSurely, score >= labels::SURELY);
            f.set(F::LabelLikely, (labels::LIKELY..labels::SURELY).contains(&score));
            f.set(F::LabelHardly, score < labels::HARDLY);
        }
        f.set(F::NamesBody, width <= marks::SIGNED && marks::names_a_body(text));
    }
    // （上接第1版）before the text opens what another page began.
    let jump = needs::jump(signs).then(|| jump::find(text)).flatten();
    let from = jump.is_some_and(|jump| jump.from && jump.span.start == 0 && jump.span.end < text.len());
    // 记者：陈小禾 answers nobody.
    if f.has(F::Byline) {
        f.clear(F::Speech);
    }
    f.set(F::Lead, !f.has(F::Byline) && !f.has(F::Credit) && (from || line.lead().is_some()));
    f
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::extract::text::leaves_open;

    proptest! {
        #[test]
        fn one_walk_finds_what_each_mark_says(text in "[桥，,。；“”「」（）()\" 一]{0,24}") {
            let said = Said::of(&text);
            prop_assert_eq!(said.commas, text.chars().filter(|c| matches!(c, '，' | ',')).count());
            prop_assert_eq!(said.left_open, leaves_open(&text));
            prop_assert_eq!(said.unopened, marks::closes_unopened(&text));
            prop_assert!(said.may_read_on || !marks::reads_on(&text));
        }
    }
}
