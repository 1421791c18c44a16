//! What the tool that made a text does to it: wraps, indents, spaces, marks, punctuation.

use crate::chance::Chance;
use crate::script::traditional;

/// How a paragraph becomes lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// A line each.
    Whole,
    /// A line each, a space where the column broke it.
    Soft,
    /// A line for each line of the column.
    Hard,
}

/// Where blank lines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Nowhere.
    None,
    /// Between articles.
    Articles,
    /// Between all parts.
    Blocks,
}

/// Markdown marks, the same on a whole page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Before a headline.
    pub head: &'static str,
    /// Around kickers and decks.
    pub side: (&'static str, &'static str),
    /// Around subheads.
    pub sub: (&'static str, &'static str),
    /// Around bylines.
    pub by: (&'static str, &'static str),
    /// A rule between articles.
    pub rule: bool,
}

/// The habits of a tool.
#[derive(Debug, Clone)]
pub struct Style {
    /// What it is called in notes.
    pub name: &'static str,
    /// How a paragraph becomes lines.
    pub flow: Flow,
    /// Han characters in a line of a column.
    pub width: usize,
    /// Before a paragraph.
    pub indent: &'static str,
    /// Where blank lines stand.
    pub gaps: Gaps,
    /// A space between all characters.
    pub spaced: bool,
    /// Half-width punctuation and straight quotes.
    pub half: bool,
    /// Markdown.
    pub marks: Option<Marks>,
    /// Left margins as on the printed page.
    pub margin: bool,
    /// Traditional characters.
    pub traditional: bool,
}

impl Style {
    /// The habits of one of the tools that newsrooms use.
    pub fn draw(chance: &mut Chance) -> Self {
        let half = chance.percent(50);
        let base = Self {
            name: "whole",
            flow: Flow::Whole,
            width: chance.between(14, 30),
            indent: *chance.pick(&["", "　　", "", "    "]),
            gaps: Gaps::Blocks,
            spaced: false,
            half,
            marks: None,
            margin: false,
            traditional: false,
        };
        match chance.weighted(&[18, 14, 14, 16, 8, 8, 12, 8, 5]) {
            0 => Self { indent: "", ..base },
            1 => Self {
                name: "soft",
                flow: Flow::Soft,
                indent: "",
                half: true,
                marks: chance.percent(50).then(|| marks(chance)),
                ..base
            },
            2 => Self { name: "hard-blank", flow: Flow::Hard, ..base },
            3 => {
                Self { name: "hard-tight", flow: Flow::Hard, gaps: *chance.pick(&[Gaps::None, Gaps::Articles]), ..base }
            }
            4 => Self { name: "spaced", flow: Flow::Hard, indent: "", spaced: true, ..base },
            5 => Self {
                name: "layout",
                flow: Flow::Hard,
                indent: "    ",
                gaps: *chance.pick(&[Gaps::Articles, Gaps::Blocks]),
                margin: true,
                ..base
            },
            6 => Self { name: "markdown", indent: "", marks: Some(marks(chance)), ..base },
            8 => Self { name: "traditional", indent: "", half: false, traditional: true, ..base },
            _ => Self { name: "whole-tight", gaps: *chance.pick(&[Gaps::None, Gaps::Articles]), ..base },
        }
    }

    /// A line of text as the tool would write it.
    pub fn line(&self, text: &str) -> String {
        let text = if self.traditional { &traditional(text) } else { text };
        let halved: String = if self.half { text.chars().map(half).collect() } else { text.to_owned() };
        if self.spaced { spaced(&halved) } else { halved }
    }

    /// A paragraph as lines of the column.
    pub fn wrap(&self, text: &str) -> Vec<String> {
        match self.flow {
            Flow::Whole => vec![format!("{}{text}", self.indent)],
            Flow::Soft => vec![wrapped(text, self.width, 0).join(" ")],
            Flow::Hard => {
                let first = self.indent.chars().map(columns).sum();
                let mut lines = wrapped(text, self.width, first);
                lines[0].insert_str(0, self.indent);
                lines
            }
        }
    }
}

fn marks(chance: &mut Chance) -> Marks {
    Marks {
        head: chance.word(&["# ", "## ", "### "]),
        side: *chance.pick(&[("", ""), ("", ""), ("**", "**"), ("#### ", "")]),
        sub: *chance.pick(&[("### ", ""), ("**", "**"), ("#### ", "")]),
        by: *chance.pick(&[("", ""), ("**", "**"), ("*", "*")]),
        rule: chance.percent(30),
    }
}

fn half(c: char) -> char {
    match c {
        '，' => ',',
        '：' => ':',
        '；' => ';',
        '？' => '?',
        '！' => '!',
        '（' => '(',
        '）' => ')',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        c => c,
    }
}

fn spaced(text: &str) -> String {
    let mut out = String::new();
    let mut last = ' ';
    for c in text.chars() {
        let together = last.is_ascii_alphanumeric() && (c.is_ascii_alphanumeric() || c == '.' || c == '%');
        let number = last == '.' && c.is_ascii_digit();
        if !(out.is_empty() || together || number || last == ' ' || c == ' ' || c == '\u{3000}' || last == '\u{3000}') {
            out.push(' ');
        }
        out.push(c);
        last = c;
    }
    out
}

fn columns(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

/// Marks that no line begins with.
fn closes(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '”' | '’' | '）' | '》' | ',' | '.' | '%' | ')')
}

/// Marks that no line ends with.
fn opens(c: char) -> bool {
    matches!(c, '“' | '‘' | '（' | '《' | '(')
}

fn wrapped(text: &str, width: usize, first: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut lines = vec![String::new()];
    let mut used = first;
    let mut at = 0;
    while at < chars.len() {
        let mut end = at + 1;
        // A number stays whole, a closing mark stays with what it closes, an opening one with what it opens.
        while end < chars.len()
            && ((chars[end - 1].is_ascii_alphanumeric() && chars[end].is_ascii_alphanumeric())
                || opens(chars[end - 1])
                || closes(chars[end])
                || (chars[end - 1] == '.' && chars[end].is_ascii_digit()))
        {
            end += 1;
        }
        let token: String = chars[at..end].iter().collect();
        let wide: usize = chars[at..end].iter().copied().map(columns).sum();
        if used + wide > width * 2 && lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&token);
        }
        used += wide;
        at = end;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_column_are_full_and_break_no_number() {
        let lines = wrapped("他说：“桥通了。”全长1234.5米，两岸居民出行方便多了。", 6, 4);
        assert_eq!(lines, ["他说：", "“桥通了。”", "全长1234.5", "米，两岸居民", "出行方便多", "了。"]);
    }

    #[test]
    fn spaces_stand_between_characters_and_not_in_numbers() {
        assert_eq!(spaced("全长12.5米，占3.1%。"), "全 长 12.5 米 ， 占 3.1% 。");
    }
}
