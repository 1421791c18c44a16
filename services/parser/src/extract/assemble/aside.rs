//! Lines that stand in no article: scraps, loops and the page's own.

use contract::{Unplaced, UnplacedReason, WarningCode};

use super::Work;
use crate::extract::draft::{Draft, beginning};
use crate::extract::grammar::byline;
use crate::extract::model::Role;

impl Work<'_> {
    pub(super) fn fragment(&mut self, at: usize) {
        let line = &self.lines[at];
        // A word between a headline and its text: who else would stand there.
        let heads =
            |draft: &Draft| draft.blocks.is_empty() && draft.byline.is_empty() && draft.head.has(Role::Headline);
        let people = || byline::bare_name(&line.text).or_else(|| byline::unmarked(&line.text));
        if self.current.as_ref().is_some_and(heads)
            && self.text_follows(at)
            && let Some(people) = people()
        {
            let draft = self.draft(at);
            draft.sign(people);
            draft.consumed.push(line.text.clone());
            return;
        }
        if let Some(draft) = &mut self.current {
            draft.warn(WarningCode::FragmentSetAside, format!("line {}: `{}`", line.first, beginning(&line.text)));
        }
        self.set_aside(at, UnplacedReason::Fragment);
    }

    pub(super) fn repeat(&mut self, at: usize) {
        let line = &self.lines[at];
        if let Some(draft) = &mut self.current {
            draft.warn(WarningCode::RepeatsRemoved, format!("line {}: `{}`", line.first, beginning(&line.text)));
        }
        self.set_aside(at, UnplacedReason::Repeat);
    }

    pub(super) fn set_aside(&mut self, at: usize, reason: UnplacedReason) {
        let line = &self.lines[at];
        self.out.unplaced.push(Unplaced { line: line.first, text: line.text.clone(), reason });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::layouts::articles;

    #[test]
    fn a_word_between_a_headline_and_verse_is_the_authors_name() {
        let page = "云江潮\n\n渡口（外一首）\n\n苏木\n\n船靠了岸，灯就一盏一盏亮起来\n\n江水把一天的话，都收进了桨声里\n\n我在桥上等你，等成了一块石头\n\n风从对岸来，带着新麦的香气";
        let names: Vec<_> =
            articles(page).iter().flat_map(|article| article.byline.iter().map(|by| by.name.clone())).collect();
        assert_eq!(names, ["苏木"]);
    }
}
