//! Who wrote, where the heading's own line says it: `新桥该怎么管 □ A`; and what a note says of the author.

use contract::{Block, BlockKind, Byline, Role as Who};

use super::draft::Draft;
use super::grammar::{byline, marks};
use super::text::{close_spaces, trim};

impl Draft {
    /// What can be said of who wrote only when the whole text is there.
    pub fn complete(&mut self) {
        self.place_note();
        self.sign_from_heading();
    }

    /// Whether a line only says where the author works or what he is.
    pub(super) fn is_author_note(&mut self, text: &str) -> bool {
        let Some((name, what)) = marks::author_note(trim(text)).filter(|_| self.note.is_none()) else { return false };
        if let Some(name) = name {
            self.sign(vec![Byline { name, role: Who::Author, organization: None }]);
        }
        self.note = Some((text.to_owned(), what));
        true
    }

    /// A note on the author goes beside his name where there is one name, else it ends the text.
    fn place_note(&mut self) {
        let Some((printed, what)) = self.note.take() else { return };
        let mut authors = self.byline.iter_mut().filter(|by| by.role != Who::Photographer);
        match (authors.next(), authors.next()) {
            (Some(author), None) if author.organization.is_none() => {
                author.organization = Some(what);
                self.consumed.push(printed);
            }
            _ => self.blocks.push(Block { kind: BlockKind::Paragraph, text: close_spaces(trim(&printed)) }),
        }
    }

    /// Who wrote may stand at the heading's end, where nothing else says it: somebody whom the text does not speak of.
    fn sign_from_heading(&mut self) {
        if self.byline.iter().any(|by| by.role != Who::Photographer) || self.lead.is_some() || self.blocks.is_empty() {
            return;
        }
        for part in &mut self.head.parts {
            let Some((at, people, marked)) = byline::ends_heading(&part.text) else { continue };
            let spoken = self.blocks.iter().any(|block| people.iter().any(|by| block.text.contains(&by.name)));
            if marked || !spoken {
                self.consumed.push(part.text[at..].to_owned());
                part.text.truncate(at);
                return self.sign(people);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layouts::{articles, headlines};

    fn names(page: &str) -> Vec<String> {
        articles(page).into_iter().flat_map(|article| article.byline).map(|by| by.name).collect()
    }

    const TEXT: &str = "桥修得好不好，走桥的人说了算，不能只看图纸画得漂不漂亮。\n\n多听一句意见，就少走一段弯路。";

    #[test]
    fn a_name_at_a_headings_end_signs_the_text_below() {
        for head in
            ["新桥该怎么管 □陈小禾", "新桥该怎么管 □ 陈小禾", "新桥该怎么管 陈小禾", "新桥该怎么管　本报记者 陈小禾"]
        {
            let page = format!("{head}\n\n{TEXT}");
            assert_eq!(names(&page), ["陈小禾"], "{head}");
            assert_eq!(headlines(&page), [Some("新桥该怎么管".into())]);
        }
    }

    #[test]
    fn somebody_whom_the_text_speaks_of_did_not_write_it() {
        let page = format!("云江上的守桥人 陈小禾\n\n陈小禾守了三十年桥，没有误过一次班。\n\n{TEXT}");
        assert_eq!(names(&page), [""; 0]);
        let page = format!("新桥该怎么管 陈小禾\n\n本报记者 林远\n\n{TEXT}");
        assert_eq!(names(&page), ["林远"]);
    }
}
