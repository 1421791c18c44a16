//! Features to roles: Viterbi over a table of weights, fitted to annotated pages (`fit/fit.py`).
//!
//! `weights.tsv` says what each feature of a line, of the line above it and of the line below it speaks for and against, and
//! which role follows which; log-like units: 1 is a hint, 3 strong, 6 nearly certain.

use std::ops::Range;

use super::features::{Feature, Features};
use super::lines::Line;
use super::listed::listed;

listed! {
    /// What a line is for.
    Role {
        /// The page's own: masthead, folio, telephone numbers.
        Furniture,
        /// The label of a column (栏题).
        Section,
        /// The line above the headline (引题).
        Kicker,
        /// The headline (主题).
        Headline,
        /// The line below the headline (副题).
        Deck,
        /// Who wrote.
        Byline,
        /// A paragraph that opens a report.
        Lead,
        /// Running text.
        Body,
        /// Running text that begins an article whose heading is lost.
        Opening,
        /// A heading inside an article (小标题).
        Subhead,
        /// Describes a picture.
        Caption,
        /// Who photographed.
        Credit,
        /// 下转第N版.
        Jump,
        /// 据《X》.
        Source,
        /// The heading of a notice.
        Notice,
        /// The text of a notice.
        Terms,
        /// A scrap.
        Fragment,
    }
}

impl Role {
    /// A line of the headline and of what goes with it.
    pub fn titles(self) -> bool {
        matches!(self, Self::Kicker | Self::Headline | Self::Deck)
    }

    /// A line with which the heading of an article or of a notice begins.
    pub fn begins_heading(self) -> bool {
        matches!(self, Self::Section | Self::Kicker | Self::Headline | Self::Notice)
    }
}

const ROLES: usize = Role::ALL.len();

/// Room for the roles in steps of what a processor adds at once.
const LANES: usize = ROLES.next_multiple_of(4);

/// What speaks for each role; what stands behind the last of them is never read.
type Scores = [f32; LANES];

const WEIGHTS: &str = include_str!("weights.tsv");

/// What speaks against a role that a line never has.
const NEVER: f32 = 20.0;

/// Whether a line is surely not the page's own: it is made of sentences or clauses or ends one, and nothing says that they are;
/// of 43,000 annotated ones two were.
fn is_said(features: Features) -> bool {
    use Feature as F;
    let any = |all: &[F]| all.iter().any(|own| features.has(*own));
    let told = [F::Furniture, F::FurnitureMaybe, F::PageName, F::Telephone, F::Contact, F::Row, F::Verse];
    let clauses = any(&[F::Comma, F::Commas]) && !any(&[F::Wide2, F::Wide4, F::Wide8]);
    (clauses || features.has(F::EndsStop) && any(&[F::StopInside, F::PrevUnfinished])) && !any(&told)
}

/// The table as numbers, made once.
pub(crate) struct Model {
    bias: Scores,
    /// By feature: of the line itself, of the line above, of the line below.
    here: Vec<Scores>,
    above: Vec<Scores>,
    below: Vec<Scores>,
    /// From a role to the next.
    transitions: [Scores; ROLES],
    start: Scores,
    finish: Scores,
}

impl Model {
    /// Reads the table.
    ///
    /// # Panics
    /// Where the table that is built in names a place, feature or role that there is not.
    pub fn new() -> Self {
        let none = || vec![[0.0; LANES]; Feature::ALL.len()];
        let mut model = Self {
            bias: [0.0; LANES],
            here: none(),
            above: none(),
            below: none(),
            transitions: [[0.0; LANES]; ROLES],
            start: [0.0; LANES],
            finish: [0.0; LANES],
        };
        let mut rows = WEIGHTS.lines().map(|row| row.split('\t'));
        let columns: Vec<usize> = rows.next().into_iter().flatten().skip(2).map(role).collect();
        for mut row in rows {
            let (place, name) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
            let scores = match place {
                "bias" => &mut model.bias,
                "start" => &mut model.start,
                "finish" => &mut model.finish,
                "from" => &mut model.transitions[role(name)],
                "here" => &mut model.here[feature(name)],
                "above" => &mut model.above[feature(name)],
                "below" => &mut model.below[feature(name)],
                _ => unreachable!("weights.tsv has no place {place}"),
            };
            for (column, cell) in columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                scores[*column] = cell.parse().unwrap_or_else(|_| unreachable!("weights.tsv: {name}: {cell}"));
            }
        }
        model
    }

    /// What speaks for each role of a line.
    fn emission(&self, lines: &[Line], all: &[Features], at: usize) -> Scores {
        let mut scores = self.bias;
        let mut add = |table: &[Scores], features: Features| {
            for feature in features.iter() {
                for (score, weight) in scores.iter_mut().zip(&table[feature as usize]) {
                    *score += weight;
                }
            }
        };
        add(&self.here, all[at]);
        if at > 0 && !lines[at].opens_page {
            add(&self.above, all[at - 1]);
        }
        if lines.get(at + 1).is_some_and(|next| !next.opens_page) {
            add(&self.below, all[at + 1]);
        }
        if is_said(all[at]) {
            scores[Role::Furniture as usize] -= NEVER;
        }
        scores
    }

    /// The likeliest roles, each among those allowed, of a stretch of lines between the roles of the lines around it, and their
    /// score: only its difference from that of other roles of the same lines means something.
    pub fn best<'r>(
        &self,
        lines: &[Line],
        all: &[Features],
        roles: &[(Role, f32)],
        stretch: Range<usize>,
        allowed: impl Fn(usize) -> &'r [Role],
    ) -> (f32, Vec<Role>) {
        let (start, end) = (stretch.start, stretch.end);
        let before = start.checked_sub(1).map_or(&self.start, |above| &self.transitions[roles[above].0 as usize]);
        // For each role that is allowed its best score so far, and the roles that lead to it.
        let mut best: Vec<(f32, Vec<Role>)> = Vec::new();
        for at in stretch {
            let emission = self.emission(lines, all, at);
            let reach = |role: Role| -> (f32, Vec<Role>) {
                let own = emission[role as usize];
                if at == start {
                    return (own + before[role as usize], vec![role]);
                }
                let total = |(score, path): &(f32, Vec<Role>)| {
                    score + path.last().map_or(0.0, |last| self.transitions[*last as usize][role as usize])
                };
                let from = best.iter().max_by(|a, b| total(a).total_cmp(&total(b)));
                from.map_or((own, vec![role]), |from| (own + total(from), [from.1.as_slice(), &[role]].concat()))
            };
            best = allowed(at).iter().map(|role| reach(*role)).collect();
        }
        let after = |role: Role| match roles.get(end) {
            Some((next, _)) => self.transitions[role as usize][*next as usize],
            None => self.finish[role as usize],
        };
        let ends = best.into_iter().map(|(score, path)| (score + path.last().map_or(0.0, |last| after(*last)), path));
        ends.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
    }

    /// The likeliest roles of a sequence of lines, and for each line how far its role leads the runner-up at that place
    /// (in log units; small means unsure).
    pub fn decode(&self, lines: &[Line], all: &[Features]) -> Vec<(Role, f32)> {
        if lines.is_empty() {
            return Vec::new();
        }
        let mut back: Vec<[u8; LANES]> = Vec::with_capacity(lines.len());
        let mut forward: Vec<Scores> = Vec::with_capacity(lines.len());
        let mut best = self.emission(lines, all, 0);
        for (score, start) in best.iter_mut().zip(&self.start) {
            *score += start;
        }
        forward.push(best);
        for at in 1..lines.len() {
            let emission = self.emission(lines, all, at);
            let mut from = [0u8; LANES];
            let mut next = [f32::NEG_INFINITY; LANES];
            for (role, (score, row)) in best.iter().zip(&self.transitions).enumerate() {
                for (to, weight) in row.iter().enumerate() {
                    let total = score + weight;
                    if total > next[to] {
                        (next[to], from[to]) = (total, role as u8);
                    }
                }
            }
            for (score, emission) in next.iter_mut().zip(&emission) {
                *score += emission;
            }
            back.push(from);
            best = next;
            forward.push(best);
        }
        for (score, finish) in best.iter_mut().zip(&self.finish) {
            *score += finish;
        }
        let top = |scores: &Scores| (0..ROLES).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
        let mut path = vec![(Role::Body, 0.0); lines.len()];
        let mut at = top(&best);
        for i in (0..lines.len()).rev() {
            let rival =
                (0..ROLES).filter(|role| *role != at).map(|role| forward[i][role]).fold(f32::NEG_INFINITY, f32::max);
            path[i] = (Role::ALL[at], forward[i][at] - rival);
            if i > 0 {
                at = back[i - 1][at].into();
            }
        }
        path
    }
}

fn role(name: &str) -> usize {
    Role::place(name).unwrap_or_else(|| unreachable!("weights.tsv has no role {name}"))
}

fn feature(name: &str) -> usize {
    Feature::place(name).unwrap_or_else(|| unreachable!("weights.tsv has no feature {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{content::Content, lines, observe};

    fn roles(text: &str) -> Vec<Role> {
        let lines = lines::split(text);
        Model::new()
            .decode(&lines, &observe::of(&lines, &Content::of(&lines)))
            .into_iter()
            .map(|(role, _)| role)
            .collect()
    }

    #[test]
    fn a_plain_report_is_told_apart_line_by_line() {
        use Role::{Body, Headline, Kicker, Lead};
        let page = "两岸居民出行时间缩短一半，等渡船成为历史\n\n云江新桥正式通车\n\n本报讯(记者陈小禾)新桥今天通车，两岸居民从此不必再等渡船，往返时间缩短一半。\n\n据介绍，新桥全长三百米，双向四车道，两侧设有人行步道。";
        assert_eq!(roles(page), [Kicker, Headline, Lead, Body]);
    }

    #[test]
    fn no_lines_have_no_roles() {
        assert!(roles("").is_empty());
    }
}
