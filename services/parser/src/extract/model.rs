//! Features to roles: Viterbi over a small table of weights.

use super::features::{Feature, Features};
use super::weights::{BIAS, EMISSIONS, FINISH, START, TRANSITIONS, UNLIKELY};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What a line is for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Role { $($(#[$doc])* $name),* }

        impl Role {
            /// All of them, in order.
            pub const ALL: &[Role] = &[$(Role::$name),*];
        }
    };
}

roles! {
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

const ROLES: usize = Role::ALL.len();

/// The tables above as numbers, made once.
pub(crate) struct Model {
    bias: [f32; ROLES],
    emissions: Vec<[f32; ROLES]>,
    transitions: [[f32; ROLES]; ROLES],
    start: [f32; ROLES],
    finish: [f32; ROLES],
}

impl Model {
    /// Reads the tables.
    pub fn new() -> Self {
        let mut emissions = vec![[0.0; ROLES]; Feature::ALL.len()];
        for (feature, weights) in EMISSIONS {
            for (role, weight) in *weights {
                emissions[*feature as usize][*role as usize] += weight;
            }
        }
        let mut transitions = [[UNLIKELY; ROLES]; ROLES];
        for (from, row) in TRANSITIONS {
            for (to, weight) in *row {
                transitions[*from as usize][*to as usize] = *weight;
            }
        }
        let fill = |rows: &[(Role, f32)], default: f32| {
            let mut table = [default; ROLES];
            for (role, weight) in rows {
                table[*role as usize] = *weight;
            }
            table
        };
        Self { bias: fill(BIAS, 0.0), emissions, transitions, start: fill(START, UNLIKELY), finish: fill(FINISH, 0.0) }
    }

    fn emission(&self, features: Features) -> [f32; ROLES] {
        let mut scores = self.bias;
        for feature in features.iter() {
            for (score, weight) in scores.iter_mut().zip(&self.emissions[feature as usize]) {
                *score += weight;
            }
        }
        scores
    }

    /// The likeliest roles of a sequence of lines, and for each line how far its role leads the runner-up at that place
    /// (in log units; small means unsure).
    pub fn decode(&self, lines: &[Features]) -> Vec<(Role, f32)> {
        let Some(first) = lines.first() else { return Vec::new() };
        let mut back: Vec<[u8; ROLES]> = Vec::with_capacity(lines.len());
        let mut forward: Vec<[f32; ROLES]> = Vec::with_capacity(lines.len());
        let mut best = self.emission(*first);
        for (score, start) in best.iter_mut().zip(&self.start) {
            *score += start;
        }
        forward.push(best);
        for features in &lines[1..] {
            let emission = self.emission(*features);
            let mut from = [0u8; ROLES];
            let mut next = [f32::NEG_INFINITY; ROLES];
            for to in 0..ROLES {
                for (at, score) in best.iter().enumerate() {
                    let total = score + self.transitions[at][to];
                    if total > next[to] {
                        next[to] = total;
                        from[to] = at as u8;
                    }
                }
                next[to] += emission[to];
            }
            back.push(from);
            best = next;
            forward.push(best);
        }
        for (score, finish) in best.iter_mut().zip(&self.finish) {
            *score += finish;
        }
        let top = |scores: &[f32; ROLES]| (0..ROLES).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{lines, observe};

    fn roles(text: &str) -> Vec<Role> {
        let lines = lines::split(text);
        Model::new().decode(&observe::of(&lines)).into_iter().map(|(role, _)| role).collect()
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
