//! Headings that are built alike: the subheads of one article.

use super::features::{Feature as F, Features};
use super::lines::Line;
use super::observe::is_text;
use super::text::columns;

/// Lines between two headings of one article at most.
const REACH: usize = 16;

/// Marks headings inside text that are built like the heading inside text before or after them.
pub(crate) fn mark(lines: &[Line], all: &mut [Features]) {
    let mut last: Option<usize> = None;
    // How wide the headings inside the text so far are, if all are equally wide, and how many there are.
    let mut even: Option<(usize, usize)> = None;
    for at in 1..lines.len() {
        if lines[at].opens_page || all[at].has(F::Lead) || all[at].has(F::Byline) || all[at].has(F::Credit) {
            last = None;
            even = None;
        }
        let inside = all[at].headingish()
            && is_text(all[at - 1])
            && lines.get(at + 1).is_some_and(|next| !next.opens_page)
            && all.get(at + 1).is_some_and(|next| is_text(*next) && !next.has(F::Lead));
        if !inside {
            continue;
        }
        if let Some(before) = last.filter(|before| at - before <= REACH)
            && lines[before].heading == lines[at].heading
            && alike(&lines[before].text, &lines[at].text)
        {
            all[before].set(F::Parallel, true);
            all[at].set(F::Parallel, true);
        }
        last = Some(at);
        let wide = columns(&lines[at].text);
        even = match even {
            Some((width, count)) if width == wide => Some((width, count + 1)),
            Some((width, count)) if count >= EVEN && lines[at].heading == 0 => {
                all[at].set(F::Unlike, wide * 2 >= width * 3);
                None
            }
            _ => Some((wide, 1)),
        };
    }
}

/// Headings of one width from which on another width says that another article begins.
const EVEN: usize = 2;

/// Characters that build a phrase rather than fill it.
const FRAME: &str = "从到由向让把为以靠变既又更“”‘’「」：，、？！";

/// Widest question, in half-width columns, that heads a part of an article.
const ASKED: usize = 20;

/// Whether two headings are built alike: both ask, or have the same frame, the same words that build a phrase at nearly the same places.
fn alike(a: &str, b: &str) -> bool {
    let frame = |text: &str| text.chars().filter(|c| FRAME.contains(*c)).collect::<String>();
    let asks = |text: &str| text.ends_with(['？', '?']) && columns(text) <= ASKED;
    if asks(a) && asks(b) {
        return true;
    }
    let (x, y) = (frame(a), frame(b));
    let first = |text: &str| text.chars().next().filter(|c| FRAME.contains(*c));
    let marked = x.chars().filter(|c| c.is_alphabetic()).count();
    marked >= 2 && x == y && first(a) == first(b) && columns(a).abs_diff(columns(b)) <= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_with_one_frame_are_alike() {
        assert!(alike("从“摇橹人”到“掌舵人”", "从“一条船”到“一支队”"));
        assert!(alike("让老桥更稳", "让新桥更美"));
        assert!(alike("什么时候停航？", "票钱怎么退？"));
        assert!(!alike("从渡口到桥头", "渡船今日停航"));
        assert!(!alike("新桥通车", "老桥停用"));
    }
}
