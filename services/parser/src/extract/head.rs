//! The heading of an article: which of its lines is label, kicker, headline and deck, also where one line holds two.

use super::grammar::{jump, labels};
use super::lines::Line;
use super::model::Role;
use super::text::{close_heading, columns, is_blank};
use super::{phrases, stack};

/// A part of a heading as it stood on the page.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// What the model took it for: section, kicker, headline or deck.
    pub role: Role,
    /// Its line in the file.
    pub line: u32,
    /// Its text.
    pub text: String,
    /// Markdown heading level, 0 for none.
    pub heading: u8,
    /// Set in bold type.
    pub bold: bool,
    /// Its characters stood one to a line.
    pub vertical: bool,
    /// It belongs to the line before, from which no blank line parts it.
    pub tight: bool,
}

impl Part {
    /// The part that a line makes.
    pub fn of(role: Role, line: &Line) -> Self {
        Self {
            role,
            line: line.first,
            text: line.text.clone(),
            heading: line.heading,
            bold: line.bold,
            vertical: line.vertical,
            tight: line.tight,
        }
    }
}

/// The parts of a heading in page order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// The parts.
    pub parts: Vec<Part>,
}

/// A heading told apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Headings {
    /// 栏题
    pub section: Option<String>,
    /// 引题
    pub kicker: Option<String>,
    /// 主题
    pub headline: Option<String>,
    /// 副题
    pub deck: Option<String>,
    /// How far this reading of several lines leads the next with another headline; nothing where there is one only.
    pub lead: Option<f32>,
}

/// Half-width columns beyond which a line in two parts holds two headings.
const ONE_HEADING: usize = 52;
/// The same where its first part tells what happened, as kickers do.
const TELLS: usize = 44;
/// Widest label, in half-width columns.
const LABEL: usize = 28;

impl Head {
    /// Whether it has a part of this role.
    pub fn has(&self, role: Role) -> bool {
        self.parts.iter().any(|part| part.role == role)
    }

    /// The parts without the jumps that stood in them, and those.
    fn without_jumps(&self) -> (Vec<Part>, Vec<(jump::Jump, String)>) {
        let mut jumps = Vec::new();
        let mut parts = self.parts.clone();
        for part in &mut parts {
            while let Some(found) = jump::find(&part.text) {
                let words = part.text[found.span.clone()].to_owned();
                part.text.replace_range(found.span.clone(), "");
                jumps.push((found, words));
            }
        }
        (parts, jumps)
    }

    /// The jumps that stand in the heading.
    pub fn jumps(&self) -> Vec<(jump::Jump, String)> {
        let any = self.parts.iter().any(|part| jump::find(&part.text).is_some());
        if any { self.without_jumps().1 } else { Vec::new() }
    }

    /// The parts that are to be told apart, without jumps, and those.
    fn bare(&self) -> (Vec<Part>, Vec<(jump::Jump, String)>) {
        let (mut parts, jumps) = self.without_jumps();
        parts.retain(|part| !part.text.trim_matches(is_blank).is_empty());
        promote(&mut parts);
        (parts, jumps)
    }

    /// What tells the parts apart.
    #[cfg(feature = "fitting")]
    pub fn seen(&self) -> Option<stack::Seen> {
        stack::seen(&mut self.bare().0)
    }

    /// Tells the parts apart. Jumps that stood in them come back beside the headings.
    pub fn read(&self) -> (Headings, Vec<(jump::Jump, String)>) {
        let (mut parts, jumps) = self.bare();
        let lead = stack::settle(&mut parts);
        let mut found = Headings { lead, ..Headings::default() };
        let all = |role: Role| parts.iter().filter(move |part| part.role == role).map(|part| part.text.as_str());
        let joined = |texts: Vec<&str>| {
            (!texts.is_empty()).then(|| texts.iter().map(|text| close_heading(text)).collect::<Vec<_>>().join(" "))
        };
        let bracketed = |label: &str| Some(label.strip_prefix('[')?.strip_suffix(']')?.to_owned());
        let unmarked = |label: String| {
            let label = bracketed(&label).unwrap_or(label);
            label
                .trim_matches(['【', '】', '〔', '〕', '〖', '〗', '［', '］', '■', '●', '◆', '★', '▲', ' '])
                .to_owned()
        };
        found.section = joined(all(Role::Section).collect()).map(unmarked);
        found.deck = joined(all(Role::Deck).collect());
        let mut kickers: Vec<&str> = all(Role::Kicker).collect();
        // ●短讯: the bullet is no part of it.
        const BULLETS: [char; 14] = ['▌', '▍', '●', '■', '◆', '★', '▲', '□', '◇', '▶', '►', '▼', '◎', '☆'];
        let bullet = |text: &'_ str| text.starts_with(BULLETS) && columns(text) <= 52;
        let unbulleted = |text| if bullet(text) { text.trim_start_matches(BULLETS) } else { text };
        let headlines: Vec<&str> = all(Role::Headline).map(unbulleted).collect();
        let mut headline = None;
        if headlines.len() == 1 && parts.len() == 1 && labels::labels_picture(headlines[0]) {
            found.section = Some(close_heading(headlines[0]));
            return (found, jumps);
        }
        if let [only] = headlines[..] {
            let (label, rest) = labelled(only);
            let (above, main, below) = parted(rest);
            if label.is_some() && found.section.is_none() {
                found.section = label.map(close_heading);
                headline = Some(rest);
            }
            if above.is_some() || below.is_some() {
                // The line brings its own kicker: what stood above it labels the column.
                if above.is_some() && kickers.len() == 1 && found.section.is_none() && columns(kickers[0]) <= LABEL {
                    found.section = Some(close_heading(kickers[0]));
                    kickers.clear();
                }
                if above.is_none() || kickers.is_empty() {
                    kickers.extend(above);
                    headline = Some(main);
                }
                if let Some(below) = below {
                    headline = Some(main);
                    found.deck = joined([Some(below), found.deck.as_deref()].into_iter().flatten().collect());
                }
            }
        }
        // Two lines that no blank one parts are one kicker.
        let one = parts.iter().filter(|part| part.role == Role::Kicker).nth(1).is_some_and(|part| part.tight);
        if kickers.len() > 1
            && !one
            && !phrases::hangs(kickers[0])
            && found.section.is_none()
            && columns(kickers[0]) <= 20
        {
            found.section = Some(close_heading(kickers.remove(0)));
        }
        found.kicker = joined(kickers);
        found.headline = headline.map(close_heading).or_else(|| joined(headlines));
        (found, jumps)
    }
}

/// A heading has a headline: where the model saw none, the likeliest part is it.
fn promote(parts: &mut [Part]) {
    if parts.iter().any(|part| part.role == Role::Headline) {
        return;
    }
    let last = |role: Role| parts.iter().rposition(|part| part.role == role);
    let section = last(Role::Section).filter(|at| !labels::labels_section(&parts[*at].text));
    if let Some(at) = last(Role::Kicker).or_else(|| last(Role::Deck)).or(section) {
        parts[at].role = Role::Headline;
    }
}

/// `【观察】新桥通车`, `观察丨新桥通车`: the label and the rest.
fn labelled(text: &str) -> (Option<&str>, &str) {
    if let Some((label, rest)) = text.strip_prefix('【').and_then(|rest| rest.split_once('】'))
        && !rest.is_empty()
        && columns(label) <= LABEL
    {
        return (Some(label), rest);
    }
    for bar in ['｜', '|', '丨', '│'] {
        if let Some((label, rest)) = text.split_once(bar)
            && !rest.is_empty()
            && !label.is_empty()
            && columns(label) <= 16
        {
            return (Some(label), rest);
        }
    }
    (None, text)
}

/// A line that holds kicker and headline, or headline and deck: what is above, the headline, what is below.
fn parted(text: &str) -> (Option<&str>, &str, Option<&str>) {
    let text = text.trim_matches(is_blank);
    if let Some(at) = text.find(" ——").or_else(|| text.find("\u{3000}——"))
        && let (main, deck) = (text[..at].trim_matches(is_blank), text[at..].trim_matches(is_blank))
        && columns(main) >= 8
        && columns(deck) >= 12
    {
        // The deck's dashes may follow kicker and headline both.
        return match parted(main) {
            (above @ Some(_), main, None) => (above, main, Some(deck)),
            _ => (None, main, Some(deck)),
        };
    }
    let wide = columns(text);
    let mut cuts = Vec::new();
    let mut run: Option<usize> = None;
    for (at, c) in text.char_indices() {
        match (is_blank(c), run) {
            (true, None) => run = Some(at),
            (false, Some(start)) => {
                cuts.push((start, at));
                run = None;
            }
            _ => {}
        }
    }
    // Of two parts one is much longer, or both together are too long for one headline; a kicker may have clauses.
    let best = cuts.iter().filter_map(|(end, start)| {
        let (left, right) = (&text[..*end], &text[*start..]);
        let (a, b) = (columns(left), columns(right));
        let broad = text[*end..*start].chars().count() > 1 || text[*end..*start].contains('\u{3000}');
        let uneven = a.max(b) * 2 >= a.min(b) * 3;
        let tells = wide >= TELLS && phrases::tells(left) || phrases::names_its_form(left);
        let fits = a.min(b) >= 10
            && (wide > ONE_HEADING && (uneven || wide > ONE_HEADING + 20) || broad && wide > 40 && uneven || tells);
        fits.then_some((a.abs_diff(b), broad, left, right))
    });
    match best.max_by_key(|(apart, broad, ..)| (*broad, *apart)) {
        Some((_, _, left, right)) if columns(left) >= columns(right) || phrases::tells(left) => {
            (Some(left), right, None)
        }
        Some((_, _, left, right)) => (None, left, Some(right)),
        None => (None, text, None),
    }
}

/// Whether a line holds kicker and headline both.
pub(crate) fn holds_both(text: &str) -> bool {
    columns(text) > ONE_HEADING && matches!(parted(text), (Some(_), _, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(parts: &[(Role, &str)]) -> Headings {
        let parts = parts.iter().map(|(role, text)| Part {
            role: *role,
            line: 1,
            text: (*text).to_owned(),
            heading: 0,
            bold: false,
            vertical: false,
            tight: false,
        });
        let parts = parts.collect();
        Head { parts }.read().0
    }

    #[test]
    fn two_headings_on_one_line_are_parted_by_their_length() {
        let found = head(&[
            (Role::Kicker, "家门口的变化"),
            (Role::Headline, "从一座危桥到一座新桥，两岸居民十五年来的出行路越走越宽越走越近 一座桥的十五年"),
        ]);
        assert_eq!(found.section.as_deref(), Some("家门口的变化"));
        assert_eq!(found.kicker.as_deref(), Some("从一座危桥到一座新桥，两岸居民十五年来的出行路越走越宽越走越近"));
        assert_eq!(found.headline.as_deref(), Some("一座桥的十五年"));
    }

    #[test]
    fn a_headline_in_two_equal_parts_is_one() {
        assert_eq!(
            head(&[(Role::Headline, "新桥飞架南北 两岸从此同城")]).headline.as_deref(),
            Some("新桥飞架南北 两岸从此同城")
        );
    }

    #[test]
    fn a_heading_without_headline_gets_one() {
        assert_eq!(head(&[(Role::Kicker, "新桥通车")]).headline.as_deref(), Some("新桥通车"));
        assert_eq!(head(&[]).headline, None);
    }

    #[test]
    fn a_label_before_a_bar_is_the_section() {
        let found = head(&[(Role::Headline, "热评丨一座桥该怎么修")]);
        assert_eq!((found.section.as_deref(), found.headline.as_deref()), (Some("热评"), Some("一座桥该怎么修")));
    }
}
