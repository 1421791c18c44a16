//! The lines of a heading told apart together: label, kicker, headline and deck stand in this order, and each may take more
//! than one line. Of all ways to cut the lines into the four the likeliest is taken: by the clues of the lines, of each two
//! of them and of the whole ([`looks`]), whose weights are fitted to annotated headings.

mod looks;
mod weights;

use looks::{Look, figure};
use weights::{Hear, ROLES, step_at};

use super::head::Part;
use super::model::Role;

/// More lines than this are no one heading.
const MOST: usize = 7;
/// What the sequence model's own word for a line counts for: it sees the lines around the heading, and knows less of its words.
const MODEL: f32 = 0.5;

/// A way to cut a heading's lines: where the kicker begins, where the headline, where the deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    kicker: usize,
    headline: usize,
    deck: usize,
    lines: usize,
}

impl Cut {
    /// Every way to cut so many lines: the headline has one at least.
    fn all(lines: usize) -> impl Iterator<Item = Self> {
        (0..lines).flat_map(move |kicker| {
            (kicker..lines).flat_map(move |headline| {
                (headline + 1..=lines).map(move |deck| Self { kicker, headline, deck, lines })
            })
        })
    }

    /// The place of a line's role among [`ROLES`].
    fn place(self, at: usize) -> usize {
        [self.kicker, self.headline, self.deck].iter().filter(|from| at >= **from).count()
    }

    fn role(self, at: usize) -> Role {
        [Role::Section, Role::Kicker, Role::Headline, Role::Deck][self.place(at)]
    }

    /// A letter a line: `KHH`.
    fn name(self) -> String {
        (0..self.lines).map(|at| ROLES[self.place(at)]).collect()
    }

    /// Says what is true of the whole: how wide kicker and deck are beside the headline.
    fn clues(self, looks: &[Look<'_>], to: &mut impl Hear) {
        let widths = |from: usize, end: usize| looks[from..end].iter().map(|look| look.width);
        let headline = widths(self.headline, self.deck);
        let (widest, whole) = (headline.clone().max().unwrap_or(1).max(1), headline.sum::<usize>().max(1));
        to.clue(&self.name(), "");
        for (line, all, from, end) in
            [("K-line", "K-all", self.kicker, self.headline), ("D-line", "D-all", self.deck, self.lines)]
        {
            if from < end {
                let wide = widths(from, end).sum::<usize>() * 4;
                to.clue(line, figure(wide / widest, 6));
                to.clue(all, figure(wide / whole, 6));
            }
        }
    }

    /// What the sequence model's word for the lines counts for.
    fn trust(self, looks: &[Look<'_>]) -> f32 {
        looks.iter().enumerate().filter(|(at, look)| look.part.role == self.role(*at)).map(|_| MODEL).sum()
    }
}

/// Gives the parts of a heading their roles. Returns how far this way to cut them leads the best one with another headline
/// (in log units; small means unsure, nothing where there is only one way).
pub(crate) fn settle(parts: &mut [Part]) -> Option<f32> {
    let parts = stacked(parts)?;
    let looks: Vec<Look<'_>> = parts.iter().map(Look::of).collect();
    let lines: Vec<_> = looks.iter().map(|look| heard(weights::of_line(), |to| look.clues(to))).collect();
    let steps: Vec<_> =
        looks.windows(2).map(|two| heard(weights::of_step(), |to| two[0].clues_with(&two[1], to))).collect();
    let score = |cut: Cut| {
        let roles = lines.iter().enumerate().map(|(at, sums)| sums.of[cut.place(at)]);
        let pairs = steps.iter().enumerate().map(|(at, sums)| sums.of[step_at(cut.place(at), cut.place(at + 1))]);
        let whole = heard(weights::of_cut(), |to| cut.clues(&looks, to)).of[0];
        roles.chain(pairs).sum::<f32>() + whole + cut.trust(&looks)
    };
    let ways: Vec<(f32, Cut)> = Cut::all(parts.len()).map(|cut| (score(cut), cut)).collect();
    let (most, cut) = ways.iter().copied().reduce(|best, way| if way.0 > best.0 { way } else { best })?;
    let other = |way: &&(f32, Cut)| (way.1.headline, way.1.deck) != (cut.headline, cut.deck);
    let rival = ways.iter().filter(other).map(|(score, _)| *score).fold(f32::NEG_INFINITY, f32::max);
    drop(looks);
    for (at, part) in parts.iter_mut().enumerate() {
        part.role = cut.role(at);
    }
    Some(most - rival)
}

/// What hears clues, once they are all said.
fn heard<H: Hear>(mut to: H, say: impl FnOnce(&mut H)) -> H {
    say(&mut to);
    to
}

/// The parts that are to be told apart, if they can be: a label may stand below its headline.
fn stacked(parts: &mut [Part]) -> Option<&mut [Part]> {
    let labels = parts.iter().rev().take_while(|part| part.role == Role::Section).count();
    let above = parts.len() - labels;
    let labels = if parts[..above].iter().any(|part| part.role == Role::Headline) { labels } else { 0 };
    let lines = parts.len() - labels;
    (2..=MOST).contains(&lines).then(|| &mut parts[..lines])
}

/// A heading's lines with the clues for each way to cut them, to fit their weights.
#[cfg(feature = "fitting")]
#[derive(Debug, Clone, serde::Serialize)]
pub struct Seen {
    /// The texts of its lines.
    pub texts: Vec<String>,
    /// What is true of each.
    pub lines: Vec<Vec<String>>,
    /// What is true of each two.
    pub steps: Vec<Vec<String>>,
    /// The ways to cut them: a letter a line, what is true of each, and what the sequence model's word counts for.
    pub cuts: Vec<(String, Vec<String>, f32)>,
}

/// What [`settle`] sees.
#[cfg(feature = "fitting")]
pub(crate) fn seen(parts: &mut [Part]) -> Option<Seen> {
    let parts = stacked(parts)?;
    let looks: Vec<Look<'_>> = parts.iter().map(Look::of).collect();
    let cuts = Cut::all(parts.len()).map(|cut| {
        let clues = heard(Vec::new(), |to| cut.clues(&looks, to));
        (cut.name(), clues, cut.trust(&looks))
    });
    Some(Seen {
        texts: parts.iter().map(|part| part.text.clone()).collect(),
        lines: looks.iter().map(|look| heard(Vec::new(), |to| look.clues(to))).collect(),
        steps: looks.windows(2).map(|two| heard(Vec::new(), |to| two[0].clues_with(&two[1], to))).collect(),
        cuts: cuts.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::lines::Line;

    /// The roles that lines are given, each with whether no blank line parts it from the one above.
    fn told(lines: &[(&str, bool)]) -> Vec<Role> {
        let part = |(at, (text, tight)): (usize, &(&str, bool))| Part {
            tight: *tight,
            ..Part::of(Role::Furniture, &Line::of(at as u32 + 1, text))
        };
        let mut parts: Vec<Part> = lines.iter().enumerate().map(part).collect();
        settle(&mut parts);
        parts.into_iter().map(|part| part.role).collect()
    }

    fn roles(lines: &[&str]) -> Vec<Role> {
        told(&lines.iter().map(|text| (*text, false)).collect::<Vec<_>>())
    }

    #[test]
    fn lines_without_a_blank_one_between_stay_together() {
        use Role::{Headline, Kicker};
        let heads = [("全市交通工作会议在云城召开", false), ("修好路 架好桥", false), ("让山里人早日坐上公交车", true)];
        assert_eq!(told(&heads), [Kicker, Headline, Headline]);
        let kickers = [("云江上第一条", false), ("水上公交线开通试运行", true), ("“上班再不用绕远路了”", false)];
        assert_eq!(told(&kickers), [Kicker, Kicker, Headline]);
    }

    #[test]
    fn the_form_of_a_report_stands_in_its_deck() {
        use Role::{Deck, Headline};
        assert_eq!(roles(&["渡口来了新船 老船工当教练", "云江渡口改造见闻"]), [Headline, Deck]);
    }

    #[test]
    fn a_headline_over_two_lines_is_one() {
        use Role::{Deck, Headline, Kicker, Section};
        assert_eq!(roles(&["老码头的新渡船", "将在节后启航"]), [Headline, Headline]);
        assert_eq!(roles(&["给夜归人的", "一盏灯"]), [Headline, Headline]);
        assert_eq!(roles(&["一边连着田头 一边连着灶头", "全市首座", "社区菜窖开张"]), [Kicker, Headline, Headline]);
        assert_eq!(roles(&["桥修到村口", "路通到心头", "——云城乡村道路调查"]), [Headline, Headline, Deck]);
        assert_eq!(roles(&["抢晴天抢农时", "全县十万亩水稻", "开机收割"]), [Kicker, Headline, Headline]);
        assert_eq!(roles(&["市交通工作会议强调", "把每座桥都当自己的桥来管"]), [Kicker, Headline]);
        assert_eq!(roles(&["读者来信", "请给桥头装一盏灯"]), [Section, Headline]);
        let both = "从一座危桥到一座新桥，两岸居民十五年来的出行路越走越宽越走越近 一座桥的十五年";
        assert_eq!(roles(&["家门口的新变化 走访", both]), [Section, Headline]);
        assert_eq!(roles(&["有了新渡船以后，", "老码头热闹起来"]), [Headline, Headline]);
        assert_eq!(roles(&["全市桥梁工作会议在云城召开", "强调把每座桥都当自己的桥来管"]), [Headline, Deck]);
        assert_eq!(roles(&["云江大桥合龙", "两岸居民过江时间将由一小时缩短到十分钟"]), [Headline, Deck]);
    }
}
