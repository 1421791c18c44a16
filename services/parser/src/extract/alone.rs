//! What a line says of itself, whatever stands around it.

use super::features::{Feature, Features};
use super::grammar::marks;
use super::grammar::{byline, credit, jump, lead, masthead, page};
use super::lines::{Line, Own};
use super::text::{close_heading, columns, ends_sentence, is_blank, is_closer, is_comma, is_stop, leaves_open};

/// Widest line that the whole-line grammars look at, in half-width columns.
const SHORT: usize = 140;

/// Features of a line alone, so many half-width columns wide.
pub(crate) fn features(line: &Line, width: usize) -> Features {
    use Feature as F;
    let text = line.text.as_str();
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
    f.set(F::EndsComma, is_comma(last) || text.ends_with('—') && wide > 24);
    f.set(F::EndsColon, matches!(last, ':' | '：'));
    f.set(F::EndsPlain, !stop && !is_comma(last) && !matches!(last, ':' | '：'));
    let (mut commas, mut inside) = (0usize, false);
    let mut pending = false;
    for c in text.chars() {
        if pending && !is_closer(c) && !is_blank(c) && !is_stop(c) {
            inside = true;
        }
        pending = c == '。' || c == '；' || (pending && (is_closer(c) || is_blank(c)));
        commas += usize::from(matches!(c, '，' | ','));
    }
    f.set(F::StopInside, inside);
    f.set(F::Comma, commas == 1);
    f.set(F::Commas, commas > 1);
    f.set(F::LeftOpen, leaves_open(text));
    let first = text.chars().next().unwrap_or(' ');
    f.set(
        F::BeginsTorn,
        is_comma(first)
            || matches!(first, '。' | '：' | '”' | '』' | '」' | '）' | ')' | '》' | '！' | '？' | '%' | '％'),
    );
    f.set(F::BeginsParticle, matches!(first, '的' | '了' | '着' | '们' | '吗' | '呢' | '吧' | '之' | '們' | '著'));
    f.set(F::BeginsDash, text.starts_with("——") || text.starts_with("--") || text.starts_with("—"));
    f.set(F::BeginsBullet, matches!(first, '●' | '■' | '◆' | '▲' | '★' | '◎' | '○') || first == '【' && last == '】');
    f.set(F::BeginsClause, marks::clause(text) > 0);
    f.set(F::BeginsDay, marks::begins_with_day(text));
    f.set(F::BeginsRunning, marks::begins_running(text));
    let short = width <= SHORT;
    f.set(F::NamesDay, short && marks::names_a_day(text));
    let parts = if short { text.split(is_blank).filter(|part| columns(part) >= 4).count() } else { 0 };
    let words = parts >= 2 && text.chars().filter(char::is_ascii_alphabetic).count() * 2 > text.chars().count();
    f.set(F::Parted, parts >= 2 && !words);
    let wrapped = short && text.split(is_blank).rev().skip(1).any(|part| part.ends_with(is_comma));
    f.set(F::PartedWide, parts == 2 && wide > 26 && !words && !full && !inside && !wrapped);
    f.set(F::Wrapped, wrapped && (21..=50).contains(&wide) && !stop && !inside);
    f.set(F::Vertical, line.vertical);
    f.set(F::Verse, line.verse);
    f.set(F::Row, line.row);
    f.set(F::Short, line.short && !stop);
    f.set(F::Speech, line.heading == 0 && (marks::speaker(text).is_some_and(marks::asks) || marks::greets(text)));
    let bracketed = text.starts_with(['（', '(']) && text.ends_with(['）', ')']) && f.has(F::NamesDay);
    let enacted = ["通过", "公布", "发布", "施行", "修订", "修正", "印发"];
    f.set(F::Enacted, bracketed && enacted.iter().any(|word| text.trim_end_matches(['）', ')']).ends_with(word)));
    f.set(F::AuthorNote, marks::is_author_note(text));
    f.set(
        F::Hangs,
        (4..=12).contains(&wide)
            && commas == 0
            && !f.has(F::BeginsParticle)
            && matches!(last, '的' | '与' | '和' | '在' | '让' | '把' | '是' | '向' | '為' | '为' | '與' | '讓'),
    );
    f.set(F::OpensPage, line.opens_page);
    f.set(F::Bold, line.bold && short);
    match masthead::furniture(text) {
        2 => f.set(F::Furniture, true),
        1 => f.set(F::FurnitureMaybe, true),
        _ => f.set(F::FurnitureMaybe, masthead::title(text).is_some()),
    }
    // Tonight's weather in rows.
    let forecast = line.row && (text.contains('℃') || text.contains("明天") && text.contains("后天"));
    f.set(F::Furniture, line.folio || forecast || line.own == Some(Own::Furniture));
    let above = ["图为", "圖為", "上图", "上圖", "下图", "下圖", "左图", "左圖", "右图", "右圖"];
    f.set(F::CaptionHead, above.iter().any(|word| text.starts_with(word)));
    f.set(F::PageName, page::is_page_name(text));
    f.set(F::Caption, marks::is_caption(text) || text.starts_with("圖為"));
    f.set(F::CreditAtEnd, credit::tail(text).is_some());
    if short {
        f.set(F::Jump, jump::whole(text).is_some() || marks::is_pointer(text));
        f.set(F::Credit, credit::whole(text).is_some());
        f.set(F::Byline, !f.has(F::Credit) && byline::whole(text).is_some());
        f.set(F::BareName, byline::signature(text).is_some());
        f.set(F::Source, marks::source(text).is_some());
        f.set(F::NoticeHead, marks::may_head_notice(text) && marks::heads_notice(&close_heading(text)));
        f.set(F::SectionWords, line.own == Some(Own::Section) || marks::labels_section(text));
        f.set(F::NamesBody, marks::names_a_body(text));
    }
    // （上接第1版）before the text opens what another page began.
    let from = jump::find(text).is_some_and(|jump| jump.from && jump.span.start == 0 && jump.span.end < text.len());
    f.set(F::Lead, !f.has(F::Byline) && !f.has(F::Credit) && (from || lead::parse(text).is_some()));
    f
}
