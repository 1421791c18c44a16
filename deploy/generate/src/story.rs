//! What an article says, before anybody sets it: the truth that an extractor has to find again.

use crate::chance::Chance;
use crate::fill::{Scope, fill, han, past};
use crate::issue::sentence;
use crate::text::Text;
use crate::words::topic::{TOPICS, Topic};
use crate::words::{people, phrases};
use jiff::civil::Date;

/// What sort of item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A report of several paragraphs.
    Report,
    /// A long report with subheads.
    Feature,
    /// One paragraph.
    Brief,
    /// A picture with its caption.
    Photo,
    /// An opinion.
    Commentary,
    /// Questions and answers.
    Interview,
    /// An announcement or advertisement.
    Notice,
    /// Several short items under one label.
    Briefs,
}

/// Who signs, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Nobody.
    None,
    /// A line of its own below the heading.
    Line(String),
    /// Inside the first paragraph, before its text: `本报讯（记者X）`.
    Lead(String),
    /// At the end of the last paragraph, in brackets.
    End(String),
    /// A line of its own after the text.
    Below(String),
}

/// One piece of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Running text.
    Paragraph(String),
    /// A heading inside.
    Subhead(String),
}

/// An article.
#[derive(Debug, Clone)]
pub struct Story {
    /// What sort.
    pub kind: Kind,
    /// 栏题
    pub section: Option<String>,
    /// 引题
    pub kicker: Option<String>,
    /// 主题, in one or two lines.
    pub headline: Vec<String>,
    /// 副题
    pub deck: Option<String>,
    /// Who signs.
    pub signature: Signature,
    /// Those who wrote.
    pub authors: Vec<String>,
    /// Those who photographed.
    pub photographers: Vec<String>,
    /// Where and when it was filed.
    pub dateline: Option<(String, Date)>,
    /// The text.
    pub body: Vec<Piece>,
    /// The newspaper it was taken from, as a line after the text.
    pub source: Option<String>,
    /// The page it goes on.
    pub jump: Option<u32>,
}

/// What the articles of a page have in common.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Where the paper appears.
    pub city: String,
    /// Its day.
    pub day: Date,
    /// How many lines below a heading a byline may begin with: □, ■ or nothing.
    pub mark: &'static str,
    /// How names are put side by side.
    pub between: &'static str,
}

impl Story {
    /// An article of a kind.
    pub fn new(kind: Kind, desk: &Desk, chance: &mut Chance) -> Self {
        let topic: &'static Topic = TOPICS[chance.between(0, TOPICS.len() - 1)];
        let city = if chance.percent(75) { desk.city.clone() } else { people::city(chance) };
        let scope = Scope::new(topic, city, desk.day, chance);
        let mut story = Self {
            kind,
            section: None,
            kicker: None,
            headline: Vec::new(),
            deck: None,
            signature: Signature::None,
            authors: Vec::new(),
            photographers: Vec::new(),
            dateline: None,
            body: Vec::new(),
            source: None,
            jump: None,
        };
        match kind {
            Kind::Report | Kind::Feature | Kind::Brief => story.report(&scope, desk, chance),
            Kind::Photo => story.photo(&scope, chance),
            Kind::Commentary => story.commentary(&scope, desk, chance),
            Kind::Interview => story.interview(&scope, desk, chance),
            Kind::Notice => story.notice(&scope, chance),
            Kind::Briefs => story.briefs(&scope, chance),
        }
        story
    }

    fn report(&mut self, scope: &Scope, desk: &Desk, chance: &mut Chance) {
        let topic = scope.topic;
        self.head(scope, chance);
        let mut text = Text::new(scope, chance);
        match self.kind {
            Kind::Brief => self.body.push(Piece::Paragraph(text.paragraph(true, 2, 4))),
            Kind::Feature => {
                for _ in 0..text.chance.between(2, 3) {
                    let first = self.body.is_empty();
                    self.body.push(Piece::Paragraph(text.paragraph(first, 2, 4)));
                }
                let mut subs: Vec<&str> = topic.subs.to_vec();
                text.chance.shuffle(&mut subs);
                let count = text.chance.between(2, 3);
                for sub in &subs[..count] {
                    self.body.push(Piece::Subhead((*sub).to_owned()));
                    for _ in 0..text.chance.between(2, 4) {
                        self.body.push(Piece::Paragraph(text.paragraph(false, 2, 4)));
                    }
                }
                if text.chance.percent(20) {
                    for item in (0..3).filter_map(|_| text.chance.fresh(phrases::ITEMS)).collect::<Vec<_>>() {
                        self.body.push(Piece::Paragraph(format!("——{}", fill(item, scope, text.chance))));
                    }
                }
            }
            _ => {
                for at in 0..text.chance.between(3, 7) {
                    self.body.push(Piece::Paragraph(text.paragraph(at == 0, 2, 4)));
                }
            }
        }
        if self.kind != Kind::Brief {
            let last = text.paragraph(false, 1, 2);
            let end = text.chance.fresh(phrases::ENDS).map(|end| fill(end, scope, text.chance));
            self.body.push(Piece::Paragraph(last + &end.unwrap_or_default()));
        }
        self.sign(scope, desk, chance);
        if self.kind == Kind::Feature
            && matches!(self.signature, Signature::Line(_))
            && chance.percent(15)
            && let Some(note) = chance.fresh(phrases::EDITORS)
        {
            let note = fill(note, scope, chance);
            self.body.insert(0, Piece::Paragraph(format!("编者按：{note}")));
        }
    }

    fn head(&mut self, scope: &Scope, chance: &mut Chance) {
        let topic = scope.topic;
        let mut lines: Vec<&str> = topic.lines.to_vec();
        chance.shuffle(&mut lines);
        let line = |at: usize, chance: &mut Chance| fill(lines[at], scope, chance);
        self.headline.push(match chance.fresh(topic.heads) {
            Some(head) => fill(head, scope, chance),
            None => sentence::headline(scope, chance),
        });
        if self.kind == Kind::Brief {
            return;
        }
        if chance.percent(25) {
            self.section = Some(chance.word(topic.sections).to_owned());
        }
        match chance.weighted(&[40, 22, 18, 8, 12]) {
            1 => self.kicker = Some(line(0, chance)),
            2 => self.deck = Some(line(0, chance)),
            3 => (self.kicker, self.deck) = (Some(line(0, chance)), Some(line(1, chance))),
            4 => {
                if let Some(at) = chance.fresh_place(phrases::COUPLETS) {
                    let (first, second) = phrases::COUPLETS[at];
                    self.headline = vec![fill(first, scope, chance), fill(second, scope, chance)];
                }
            }
            _ => {}
        }
    }

    fn sign(&mut self, scope: &Scope, desk: &Desk, chance: &mut Chance) {
        let count = chance.weighted(&[0, 60, 30, 10]);
        let names = people::names(count, chance);
        let all = names.join(desk.between);
        let filed = past(desk.day, 2, chance);
        let when = format!("{}月{}日", filed.month(), filed.day());
        let second = people::names(1, chance);
        let other = second[0].clone();
        self.authors = names.clone();
        let first = &names[0];
        let short = self.kind == Kind::Brief;
        let form =
            chance.weighted(if short { &[50, 8, 18, 10, 0, 0, 0, 0, 14] } else { &[18, 8, 16, 6, 26, 8, 6, 6, 6] });
        let mark = desk.mark;
        self.signature = match form {
            0 => Signature::Lead(format!("本报讯（记者{}）", names.join("、"))),
            1 => {
                self.authors.push(other.clone());
                Signature::Lead(format!("本报讯（记者{} 通讯员{other}）", names.join("、")))
            }
            2 => {
                let (agency, place) = match chance.between(0, 2) {
                    0 => ("本报", scope.city.clone()),
                    1 => ("新华社", scope.city.clone()),
                    _ => ("据新华社", scope.city.clone()),
                };
                self.dateline = Some((place.clone(), filed));
                Signature::Lead(format!("{agency}{place}{when}电（记者{}）", names.join("、")))
            }
            3 => Signature::Lead(format!("本报讯 记者{}报道 ", names.join("、"))),
            4 => Signature::Line(format!("{mark}本报记者 {all}")),
            5 => {
                self.authors.push(other.clone());
                Signature::Line(format!("{mark}本报记者 {all} 通讯员 {other}"))
            }
            6 => {
                self.authors.truncate(1);
                self.photographers.push(other.clone());
                Signature::Line(format!("{mark}本报记者 {first} 文 {other} 图"))
            }
            7 => Signature::Line(format!("{mark}新华社记者 {}", names.join("、"))),
            _ => Signature::End(format!("（记者 {}）", names.join("、"))),
        };
        if !short && chance.percent(6) && matches!(self.signature, Signature::End(_)) {
            self.authors.clear();
            self.signature = Signature::None;
            self.source = Some(format!("据《{}》", people::paper(&people::city(chance), chance)));
        }
    }

    fn photo(&mut self, scope: &Scope, chance: &mut Chance) {
        if chance.percent(70) {
            self.headline.extend(chance.fresh(phrases::PHOTO_HEADS).map(str::to_owned));
        }
        let mut caption = match chance.fresh(scope.topic.captions) {
            Some(caption) => fill(caption, scope, chance),
            None => fill("{day}，", scope, chance) + &sentence::scene(scope, chance),
        };
        for _ in 0..chance.between(0, 2) {
            let end = chance.fresh(phrases::CAPTION_ENDS).map(|end| fill(end, scope, chance));
            caption.push_str(&end.unwrap_or_default());
        }
        self.photographers = people::names(1, chance);
        let name = self.photographers[0].clone();
        self.body.push(Piece::Paragraph(caption));
        let credit = match chance.between(0, 6) {
            0 => format!("新华社发（{name} 摄）"),
            1 => format!("本报记者 {name} 摄"),
            2 => format!("新华社记者 {name} 摄"),
            3 => format!("{name} 摄"),
            4 => format!("本报记者 {name}/摄"),
            5 => format!("通讯员 {name} 摄影报道"),
            _ => format!("记者 {name} 摄"),
        };
        self.signature =
            if chance.percent(45) { Signature::End(format!(" {credit}")) } else { Signature::Below(credit) };
    }

    fn commentary(&mut self, scope: &Scope, desk: &Desk, chance: &mut Chance) {
        self.section = chance.percent(65).then(|| chance.word(phrases::OPINION_SECTIONS).to_owned());
        let head = chance.fresh(phrases::OPINION_HEADS).unwrap_or("再说{thing}");
        self.headline.push(fill(head, scope, chance));
        let mut text = Text::new(scope, chance);
        let first = text.paragraph(true, 1, 2);
        self.body.push(Piece::Paragraph(first));
        for _ in 0..text.chance.between(3, 4) {
            let mut paragraph = String::new();
            for _ in 0..text.chance.between(2, 3) {
                paragraph.push_str(&match text.chance.fresh(phrases::OPINIONS) {
                    Some(opinion) => fill(opinion, scope, text.chance),
                    None => sentence::sentence(scope, text.chance),
                });
            }
            self.body.push(Piece::Paragraph(paragraph));
        }
        self.authors = people::names(1, chance);
        let name = &self.authors[0];
        self.signature = match chance.between(0, 2) {
            0 => Signature::Line(format!("{}{name}", if desk.mark.is_empty() { "□ " } else { desk.mark })),
            1 => Signature::End(format!("（{name}）")),
            _ => Signature::Below(format!("（{name}）")),
        };
    }

    fn interview(&mut self, scope: &Scope, desk: &Desk, chance: &mut Chance) {
        self.head(scope, chance);
        let mut text = Text::new(scope, chance);
        let lead = text.paragraph(true, 2, 3);
        self.body.push(Piece::Paragraph(lead));
        let (asks, answers) = match text.chance.between(0, 2) {
            0 => ("记者：".to_owned(), format!("{}：", scope.person(0))),
            1 => ("问：".to_owned(), "答：".to_owned()),
            _ => (format!("《{}》：", people::paper(&desk.city, text.chance)), format!("{}：", scope.person(0))),
        };
        for _ in 0..text.chance.between(3, 4) {
            let Some(question) = text.chance.fresh(phrases::QUESTIONS) else { break };
            let question = fill(question, scope, text.chance);
            self.body.push(Piece::Paragraph(format!("{asks}{question}")));
            let answer = text.paragraph(false, 2, 3);
            self.body.push(Piece::Paragraph(format!("{answers}{answer}")));
        }
        self.authors = people::names(1, chance);
        self.signature = Signature::Line(format!("{}本报记者 {}", desk.mark, self.authors[0]));
    }

    /// Short items, each with its own place, under the label they share.
    fn briefs(&mut self, scope: &Scope, chance: &mut Chance) {
        self.headline.push(chance.fresh(phrases::BRIEFS).unwrap_or("短波").to_owned());
        let mark = chance.word(&["●", "■", "◆", "▲", "○"]);
        for _ in 0..chance.between(3, 5) {
            let item = sentence::sentence(scope, chance) + &sentence::sentence(scope, chance);
            self.body.push(Piece::Paragraph(format!("{mark}{item}")));
        }
    }

    fn notice(&mut self, scope: &Scope, chance: &mut Chance) {
        let at = chance.fresh_place(phrases::NOTICES).unwrap_or_default();
        let (heading, opening, terms, signed) = &phrases::NOTICES[at];
        let numbered = chance.word(&["{}、", "{}、", "（{}）", "#.", "#、"]);
        self.headline.push((*heading).to_owned());
        self.body.push(Piece::Paragraph(fill(opening, scope, chance)));
        for (at, term) in terms.iter().enumerate() {
            let term = fill(term, scope, chance);
            let number = if signed.is_empty() { String::new() } else { number(numbered, at + 1) };
            self.body.push(Piece::Paragraph(format!("{number}{term}")));
        }
        if !signed.is_empty() {
            self.body.push(Piece::Paragraph(fill(signed, scope, chance)));
        }
    }
}

/// The number of an item in one of the ways items are numbered: `{}` a Chinese numeral, `#` an Arabic one.
pub fn number(form: &str, at: usize) -> String {
    form.replace("{}", &han(at)).replace('#', &at.to_string())
}
