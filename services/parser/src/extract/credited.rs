//! Who wrote, where the heading's own line says it: `新桥该怎么管 □ A`.

use contract::Role as Who;

use super::draft::Draft;
use super::grammar::byline;

impl Draft {
    /// What can be said of who wrote only when the whole text is there.
    pub fn complete(&mut self) {
        self.place_note();
        self.sign_from_heading();
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
