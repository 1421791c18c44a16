//! An article while it is being put together.

use std::borrow::Cow;

use contract::{Block, BlockKind, Byline, Role as Who, Warning, WarningCode};

use super::grammar::lead::Lead;
use super::grammar::{byline, credit, jump, lead, marks, needs};
use super::head::Head;
use super::lines::Line;
use super::repeats;
use super::seams::{begins_torn, goes_on, join};
use super::signs::Signs;
use super::text::{close_runs, close_spaces, is_unfinished, trim};

/// An article while it is being put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Its first line in the file, from 1.
    pub line: u32,
    /// The page it stands on.
    pub page: Option<u32>,
    /// Its heading.
    pub head: Head,
    /// Who wrote and photographed.
    pub byline: Vec<Byline>,
    /// Where and when, the first found.
    pub lead: Option<Lead>,
    /// Agency or paper it was taken from.
    pub source: Option<String>,
    /// Paragraphs and subheads.
    pub blocks: Vec<Block>,
    /// 下转.
    pub continues: Option<u32>,
    /// 上接.
    pub continued: Option<u32>,
    /// 下转 whose continuation has not become part of it.
    pub open: Option<u32>,
    /// The pages of all its parts.
    pub pages: Vec<u32>,
    /// It is a notice.
    pub notice: bool,
    /// It was begun by a caption.
    pub caption: bool,
    /// A credit, source or signature has closed it.
    pub closed: bool,
    /// Its last paragraph is a line of verse or of a table, or says at its end who made it: nothing goes on with it.
    pub sealed: bool,
    /// A name below its text has signed it.
    pub signed_off: bool,
    /// What a note says of the author, as printed and without its brackets.
    pub note: Option<(String, String)>,
    /// Its headline was read after its text.
    pub late: bool,
    /// The Markdown level of its first marked subhead, 0 for none.
    pub subheads: u8,
    /// Its first words continue something.
    pub torn: bool,
    /// What an editor should look at.
    pub warnings: Vec<Warning>,
    /// Words read into other fields than text: bylines, datelines, credits, jumps, sources.
    pub consumed: Vec<String>,
    /// Looped phrases cut out of it, with the line they stood in.
    pub cut: Vec<(u32, String)>,
    /// Lines whose role was nearly another.
    pub unsure: u32,
    /// It was signed once more after its text had begun: it may be two.
    pub signed_again: bool,
    /// Other lines may go on with it, or some of its own with another.
    pub entangled: bool,
}

/// Most paragraphs of a note of the editor, its label among them.
const PREFACE: usize = 4;

impl Draft {
    /// A draft that begins at a line.
    pub fn at(line: u32, page: Option<u32>) -> Self {
        Self { line, page, ..Self::default() }
    }

    /// Has text, or someone who made it: what comes next that heads an article heads another one.
    pub fn has_content(&self) -> bool {
        !self.blocks.is_empty() || !self.byline.is_empty() || self.source.is_some()
    }

    /// A reporter's work rather than a picture or a notice.
    pub fn is_report(&self) -> bool {
        self.lead.is_some() || self.byline.iter().any(|b| b.role != Who::Photographer) || self.blocks.len() > 4
    }

    /// Whether all of its text so far may stand before a report's opening: a note of the editor, or what matters in points.
    pub fn is_preface(&self) -> bool {
        let Some(first) = self.blocks.first() else { return false };
        let longest = if marks::labels_note(&first.text) { PREFACE } else { 1 };
        let note = marks::is_editors_note(&first.text) && self.blocks.len() <= longest;
        let points = || self.blocks.iter().all(|block| marks::begins_with_bullet(&block.text));
        note || self.lead.is_none() && !self.head.parts.is_empty() && points()
    }

    /// Whether its text stops in the middle of a sentence.
    pub fn is_unfinished(&self) -> bool {
        !self.sealed
            && self.blocks.last().is_some_and(|block| block.kind == BlockKind::Paragraph && is_unfinished(&block.text))
    }

    /// Notes something for the editor.
    pub fn warn(&mut self, code: WarningCode, detail: String) {
        self.warnings.push(Warning { code, detail });
    }

    /// Adds people, each once.
    pub fn sign(&mut self, people: Vec<Byline>) {
        let writes = |by: &Byline| by.role != Who::Photographer;
        let again = people.iter().any(|by| writes(by) && !self.byline.iter().any(|known| known.name == by.name));
        self.signed_again |= again && !self.blocks.is_empty() && self.byline.iter().any(writes);
        self.credit(people);
    }

    /// Adds to those who made the article.
    fn credit(&mut self, people: Vec<Byline>) {
        for person in people {
            if !self.byline.iter().any(|known| known.name == person.name && known.role == person.role) {
                self.byline.push(person);
            }
        }
    }

    /// Takes what a dateline below the text says; that above it was first.
    pub fn dateline_below(&mut self, mut said: Lead) {
        self.sign(std::mem::take(&mut said.byline));
        let dated = self.lead.as_ref().is_some_and(|lead| lead.dated);
        if !dated && said.dated {
            self.lead = Some(Lead { length: 0, ..said });
        }
    }

    /// Takes a jump.
    pub fn jump(&mut self, found: &jump::Jump) {
        if found.from {
            self.continued = Some(found.page);
        } else {
            self.continues = Some(found.page);
        }
    }

    /// Adds what stood on another page.
    pub fn append(&mut self, part: Self) {
        self.pages.extend(part.pages.into_iter().filter(|page| self.pages.last() != Some(page)).collect::<Vec<_>>());
        self.open = part.open;
        self.sign(part.byline);
        self.lead = self.lead.take().or(part.lead);
        self.source = self.source.take().or(part.source);
        let mut blocks = part.blocks.into_iter();
        if let (Some(last), Some(first)) = (self.blocks.last_mut(), blocks.as_slice().first())
            && last.kind == BlockKind::Paragraph
            && first.kind == BlockKind::Paragraph
            && !self.sealed
            && goes_on(&last.text, &first.text)
        {
            join(&mut last.text, &first.text);
            blocks.next();
        }
        self.blocks.extend(blocks);
        self.sealed = part.sealed;
        self.warnings.extend(part.warnings);
        self.consumed.extend(part.consumed);
        self.cut.extend(part.cut);
        self.unsure += part.unsure;
    }

    /// Adds a subhead.
    pub fn subhead(&mut self, text: &str) {
        self.blocks.push(Block { kind: BlockKind::Subhead, text: super::text::close_heading(text) });
    }

    /// Adds running text: byline, dateline, credit and source are read and stay in it as printed, a jump is taken out; it
    /// becomes a paragraph or goes on with the last one.
    pub fn text(&mut self, line: &Line, opens: bool) {
        self.running(line, opens, true);
    }

    /// Adds a line of verse or of a list, which stands for itself.
    pub fn verse(&mut self, line: &Line) {
        self.running(line, false, false);
    }

    fn running(&mut self, line: &Line, opens: bool, joins: bool) {
        let Line { first, text, .. } = line;
        let signs = line.signs;
        let noted = needs::author_note(signs);
        if noted && self.is_author_note(text) {
            return;
        }
        let mut text = Cow::Borrowed(text.as_str());
        let mut words = Words::default();
        let joins = joins && (line.lead().is_none() || !self.is_preface());
        if opens && let Some(found) = line.lead().cloned() {
            self.sign(found.byline.clone());
            self.source = self.source.take().or_else(|| found.source.clone());
            // 本报讯（记者陈小禾） at the end of a column's line is a text's first words.
            let opens = text[..found.length].contains(['讯', '訊', '电', '電']);
            let alone = trim(&text[found.length..]).is_empty() && !opens;
            words.lead = text[..found.length].to_owned();
            self.lead = self.lead.take().or(Some(found));
            if alone {
                return self.consumed.push(text.into_owned());
            }
        }
        // One more report below the same headline.
        if !opens && let Some(found) = line.lead() {
            self.credit(found.byline.clone());
        }
        if opens && self.lead.is_none() {
            self.sign(lead::reporters(&text).unwrap_or_default());
            self.source = self.source.take().or_else(|| lead::retold(&text));
        }
        while let Some(found) = needs::jump(signs).then(|| jump::find(&text)).flatten() {
            self.jump(&found);
            self.consumed.push(text[found.span.clone()].to_owned());
            text.to_mut().replace_range(found.span, "");
        }
        // Whoever made a text may stand at its end: read, and left where the page has it.
        let mut ended = noted && marks::author_note(trim(&text)).is_some();
        let shown = needs::credit_tail(signs);
        self.sign(if shown { credit::inside(&text) } else { Vec::new() });
        let shot = shown.then(|| credit::tail(&text)).flatten();
        if let Some((at, people)) = shot.filter(|(at, _)| *at > 0) {
            self.sign(people);
            words.end = text[at..].to_owned();
            self.closed = true;
            ended = true;
        } else if let Some((at, people)) = byline::tail(&text) {
            // 问：…？（读者 陈小禾）: whoever asks wrote nothing.
            let asked = marks::speaker(&text).is_some_and(|label| label.ends_with(['问', '問']));
            self.sign(if asked { Vec::new() } else { people });
            words.end = text[at..].to_owned();
            ended = true;
        }
        if let Some((_, source)) = marks::source_at_end(&text) {
            self.source = self.source.take().or(Some(source));
            ended = true;
        }
        if let Some((kept, cut)) = repeats::cut_phrases(&text) {
            for phrase in cut {
                self.warn(
                    WarningCode::RepeatsRemoved,
                    format!("line {first}: `{}` stood twice in a row", beginning(&phrase)),
                );
                self.cut.push((*first, phrase));
            }
            text = Cow::Owned(kept);
        }
        let text = trim(&text);
        if text.is_empty() {
            return;
        }
        self.torn |= self.blocks.is_empty() && begins_torn(text);
        let joins = joins && !(noted && marks::author_note(text).is_some());
        match self.blocks.last_mut() {
            Some(last) if joins && !self.sealed && last.kind == BlockKind::Paragraph && goes_on(&last.text, text) => {
                let seam = last.text.len();
                join(&mut last.text, &words.close(text, signs));
                ended |= self.torn_words(seam);
            }
            _ => self.blocks.push(Block { kind: BlockKind::Paragraph, text: words.close(text, signs) }),
        }
        self.sealed = !joins || ended;
    }
}

impl Draft {
    /// Reads who wrote from words that a column's end tore: the bracket of a lead, or the one at a text's end.
    /// Returns whether the text ends there.
    fn torn_words(&mut self, seam: usize) -> bool {
        let Some(Block { text, .. }) = self.blocks.last() else { return false };
        let unsigned = self.blocks.len() == 1 && self.lead.as_ref().is_none_or(|lead| lead.byline.is_empty());
        let lead = if unsigned { lead::parse(text) } else { None };
        let lead = lead.filter(|lead| lead.length > seam || !lead.byline.is_empty());
        let tail = byline::tail(text).filter(|(at, _)| *at < seam);
        if let Some(lead) = lead {
            self.sign(lead.byline.clone());
            self.source = self.source.take().or_else(|| lead.source.clone());
            self.lead = Some(lead);
        }
        let ends = tail.is_some();
        self.sign(tail.map(|(_, people)| people).unwrap_or_default());
        ends
    }
}

/// The words of a text that name people, whose blanks part the names.
#[derive(Debug, Default)]
struct Words {
    lead: String,
    end: String,
}

impl Words {
    /// A text without the blanks that justification left, except between names.
    fn close(&self, text: &str, signs: Signs) -> String {
        if !signs.any(Signs::BLANK) {
            return text.to_owned();
        }
        let from = if text.starts_with(&self.lead) { self.lead.len() } else { 0 };
        let to = text.len() - if text[from..].ends_with(trim(&self.end)) { trim(&self.end).len() } else { 0 };
        if from == 0 && to == text.len() {
            return close_spaces(text);
        }
        let parts = [close_runs(&text[..from]), close_spaces(&text[from..to]), close_runs(&text[to..])];
        parts.concat()
    }
}

/// The first words of a text, for a warning.
pub(crate) fn beginning(text: &str) -> String {
    let mut short: String = text.chars().take(24).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(lines: &[&str]) -> Vec<String> {
        let mut draft = Draft::default();
        for (at, line) in lines.iter().enumerate() {
            draft.text(&Line::of(at as u32 + 1, line), at == 0);
        }
        draft.blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn a_paragraph_broken_by_a_columns_end_is_joined_and_a_new_one_is_not() {
        assert_eq!(body(&["新桥今天通车，两岸居", "民不必再等渡船。"]), ["新桥今天通车，两岸居民不必再等渡船。"]);
        assert_eq!(body(&["桥长3.", "5公里。"]), ["桥长3.5公里。"]);
        assert_eq!(body(&["他说：“桥通了", "，路近了。”"]), ["他说：“桥通了，路近了。”"]);
        assert_eq!(body(&["新桥今天通车。", "据介绍，桥长三百米。"]).len(), 2);
        assert_eq!(body(&["主要措施如下：", "——加固桥墩。"]).len(), 2);
        assert_eq!(body(&["桥面已经铺好，栏杆正在安装的", "据介绍，桥长三百米。"]).len(), 2);
    }

    #[test]
    fn what_a_text_says_of_its_makers_is_read_and_stays_and_a_jump_goes() {
        let mut draft = Draft::default();
        draft.text(&Line::of(1, "本报云城11月17日电(记者陈小禾)新桥今天通车。 (下转第3版)"), true);
        draft.text(&Line::of(2, "市民在桥上散步。林远 摄"), false);
        assert_eq!(
            draft.blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>(),
            ["本报云城11月17日电(记者陈小禾)新桥今天通车。", "市民在桥上散步。林远 摄"]
        );
        assert_eq!(draft.continues, Some(3));
        assert_eq!(draft.byline.iter().map(|b| b.name.as_str()).collect::<Vec<_>>(), ["陈小禾", "林远"]);
        assert_eq!(draft.consumed, ["(下转第3版)"]);
    }
}
