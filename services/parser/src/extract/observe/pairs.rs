//! What two lines of a heading, one above the other, say of each other.

use crate::extract::features::{Feature, Features};
use crate::extract::lines::Line;

/// Whether a heading is so much wider than the one before it that it rather explains it than the other way round.
pub(super) fn wider(before: &Line, after: &Line) -> bool {
    let (a, b) = (before.width, after.width);
    a >= 12 && b * 2 >= a * 3 && before.heading == 0 && after.heading == 0
}

/// Two lines of one headline: nearly as wide as each other.
pub(super) fn twins(a: (Features, usize), b: (Features, usize)) -> bool {
    use Feature as F;
    let label = a.0.has(F::SectionWords) || a.0.has(F::BeginsBullet);
    let (narrow, apart) = (a.1.min(b.1), a.1.abs_diff(b.1));
    titled(a.0)
        && titled(b.0)
        && !label
        && (narrow >= 10 && apart <= 1 || narrow >= 12 && (apart <= 4 || apart * 7 <= narrow * 3))
}

/// A wide line above two narrow ones is a kicker above a headline of two lines.
pub(super) fn kicks(above: (Features, usize), first: Features, a: usize, b: usize) -> bool {
    use Feature as F;
    let (narrow, wide) = (a.min(b), a.max(b));
    let label = first.has(F::SectionWords) || first.has(F::BeginsBullet);
    titled(first)
        && !label
        && !above.0.has(F::AuthorNote)
        && !first.has(F::Recurs)
        && narrow >= 6
        && wide <= 24
        && wide <= narrow * 2
        && above.1 >= wide + 4
        && above.1 >= 16
}

/// Whether a text closes a quotation before it opens one.
pub(super) fn closes_first(text: &str) -> bool {
    text.chars().find(|c| matches!(c, '“' | '”' | '「' | '」')).is_some_and(|c| matches!(c, '”' | '」'))
}

/// Could be one of two lines of a headline.
pub(super) fn titled(f: Features) -> bool {
    use Feature as F;
    !f.has(F::Comma) && !f.has(F::Commas) && !f.has(F::NamesDay) && !f.has(F::BareName) && !f.has(F::Parted)
}

/// Widest line, in half-width columns, whose end is looked up in the dictionary: wider ones are text anyway.
const LOOKED_UP: usize = 72;

/// Words that a line's end cuts.
pub(super) fn words(lines: &[Line], widths: &[usize], all: &mut [Features]) {
    use Feature as F;
    for at in 1..lines.len() {
        let (before, here) = (all[at - 1], all[at]);
        let open =
            before.has(F::EndsPlain) && !before.has(F::Furniture) && !before.has(F::Credit) && !before.has(F::Byline);
        let plain =
            lines[at].heading == 0 && lines[at - 1].heading == 0 && !lines[at].opens_page && !here.has(F::Furniture);
        let narrow = widths[at - 1].min(widths[at]) <= LOOKED_UP;
        if open && plain && narrow && crate::dictionary::word_goes_on(&lines[at - 1].text, &lines[at].text) {
            all[at - 1].set(F::WordGoesOn, true);
            all[at].set(F::WordContinues, true);
        }
    }
}
