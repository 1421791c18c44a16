//! How sure an article is to be what an editor would have typed: 0.97, less what each doubt takes. The weights are set by how
//! often articles with a doubt were wrong, on annotated and on generated pages; several doubts add up.

use contract::{BlockKind, Kind, Role as Who, WarningCode};

use super::draft::Draft;
use super::grammar::marks;
use super::head::Headings;
use super::text::{ends_sentence, is_han};

/// What nothing speaks against.
const SURE: f64 = 0.97;
const LEAST: f64 = 0.05;

/// What is said to the editor, too.
const SAID: [(WarningCode, f64); 4] = [
    (WarningCode::BeginsMidSentence, 0.12),
    (WarningCode::FragmentSetAside, 0.08),
    (WarningCode::RepeatsRemoved, 0.12),
    (WarningCode::UndecodableText, 0.25),
];
/// Breaks off below a headline. Below none it is a piece of a page, which may well be whole as a piece.
const BROKEN: f64 = 0.22;
const BROKEN_PIECE: f64 = 0.08;
/// No headline; the same where nobody signed either; and that on a page where nearly everybody did.
const HEADLESS: f64 = 0.15;
const NAMELESS: f64 = 0.22;
const NAMELESS_ALONE: f64 = 0.45;
/// Lines were put elsewhere; or may belong elsewhere.
const MOVED: f64 = 0.20;
const ENTANGLED: f64 = 0.30;
/// Signed once more after its text had begun.
const SIGNED_AGAIN: f64 = 0.50;
/// A headline that reads as running text, or as a piece of it.
const NO_HEADLINE: f64 = 0.45;
/// A subhead that reads as the beginning of a sentence, or a paragraph inside that ends none.
const SEAM: f64 = 0.25;
/// Nobody signed, on a page where nearly everybody did; in one paragraph.
const UNSIGNED: f64 = 0.15;
const UNSIGNED_SHORT: f64 = 0.24;
/// Very little text.
const TINY: f64 = 0.15;
/// Leads of the reading of a heading below which its headline is as likely another line, or may be, and what they take.
const HEADING_OPEN: (f32, f64) = (0.6, 0.22);
const HEADING_UNSURE: (f32, f64) = (1.2, 0.12);
/// Each line whose role was nearly another, up to four.
const LINE_UNSURE: f64 = 0.04;

fn writes(draft: &Draft) -> bool {
    draft.byline.iter().any(|by| by.role != Who::Photographer)
}

/// Whether those who wrote sign nearly all reports of a file.
pub(crate) fn mostly_signed(drafts: &[Draft]) -> bool {
    let reports = || drafts.iter().filter(|draft| !draft.notice && !draft.caption && draft.blocks.len() > 1);
    let signed = reports().filter(|draft| writes(draft)).count();
    signed >= 3 && signed * 4 >= reports().count() * 3
}

/// How sure an article is. `signed`: nearly all reports of the file are.
pub(crate) fn of(draft: &Draft, head: &Headings, kind: Kind, signed: bool) -> f64 {
    let mut sure = SURE;
    for (code, doubt) in SAID {
        // A scrap beside a text without headline is what is left of that; a piece of a page begins in the middle.
        let piece = matches!(code, WarningCode::FragmentSetAside | WarningCode::BeginsMidSentence);
        let told = piece && head.headline.is_none();
        if !told && draft.warnings.iter().any(|warning| warning.code == code) {
            sure -= doubt;
        }
    }
    let report = !matches!(kind, Kind::Notice | Kind::Photo | Kind::Brief);
    let nameless = draft.byline.is_empty() && draft.source.is_none() && draft.continued.is_none();
    sure -= match &head.headline {
        // What surely begins in the middle is a piece of a page, and as such mostly whole.
        None if nameless && report && signed && !draft.torn => NAMELESS_ALONE,
        None if nameless => NAMELESS,
        None => HEADLESS,
        Some(headline) if is_piece(headline, draft) && kind != Kind::Notice => NO_HEADLINE,
        Some(_) if report && nameless && signed => {
            if draft.blocks.len() > 1 {
                UNSIGNED
            } else {
                UNSIGNED_SHORT
            }
        }
        Some(_) => 0.0,
    };
    if draft.warnings.iter().any(|warning| warning.code == WarningCode::Interleaved) {
        sure -= if draft.entangled { ENTANGLED } else { MOVED };
    }
    if draft.warnings.iter().any(|warning| warning.code == WarningCode::Truncated) {
        sure -= if head.headline.is_some() { BROKEN } else { BROKEN_PIECE };
    }
    sure -= if draft.signed_again { SIGNED_AGAIN } else { 0.0 };
    sure -= match head.lead {
        Some(lead) if lead < HEADING_OPEN.0 => HEADING_OPEN.1,
        Some(lead) if lead < HEADING_UNSURE.0 => HEADING_UNSURE.1,
        _ => 0.0,
    };
    sure -= SEAM * f64::from(seams(draft).min(2));
    let body: usize =
        draft.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph).map(|b| b.text.chars().count()).sum();
    sure -= if body < 30 { TINY } else { 0.0 };
    sure -= LINE_UNSURE * f64::from(draft.unsure.min(4));
    (sure.clamp(LEAST, 1.0) * 100.0).round() / 100.0
}

/// Whether a headline is rather a piece of running text: it begins in the middle of a phrase, ends a sentence, is the
/// beginning of one, or is a scrap of three characters with a particle.
fn is_piece(headline: &str, draft: &Draft) -> bool {
    const INSIDE: [&str; 12] = ["的", "里的", "中的", "上的", "了", "着", "和", "与", "以及", "旁", "们", "只见"];
    let text: String = headline.chars().filter(|c| !c.is_whitespace()).collect();
    let first = draft.blocks.first().map_or("", |block| block.text.as_str());
    let short = text.chars().count() <= 4 && text.chars().all(is_han);
    INSIDE.iter().any(|word| text.starts_with(word))
        || text.ends_with('。')
        || text.chars().count() >= 6 && first.starts_with(&text)
        || text.contains(['，', ',']) && marks::reads_on(&text)
        || short && text.ends_with(['的', '在', '及', '与'])
}

/// Subheads and paragraphs inside that look like halves of a sentence.
fn seams(draft: &Draft) -> u32 {
    let inside = draft.blocks.len().saturating_sub(1);
    let torn = draft.blocks.iter().take(inside).enumerate().filter(|(at, block)| {
        let text = block.text.as_str();
        match block.kind {
            BlockKind::Subhead => {
                marks::reads_on(text) || text.ends_with(['的', '在', '与', '和', '将', '把', '，', ','])
            }
            _ => {
                let above_heading = draft.blocks[at + 1].kind == BlockKind::Subhead;
                let plain = text.ends_with(is_han) && !ends_sentence(text) && text.chars().nth(24).is_some();
                plain && !above_heading && !draft.notice
            }
        }
    });
    u32::try_from(torn.count()).unwrap_or(u32::MAX)
}
