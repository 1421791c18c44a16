//! The lines of a heading told apart together: label, kicker, headline and deck stand in this order, and each may take more
//! than one line. Of all ways to cut the lines into the four the likeliest is taken.

use super::grammar::labels;
use super::head::{self, Part};
use super::model::Role;
use super::phrases::{
    announces, attends, carries_on, clauses, dashed, hangs, is_quotation, names_its_form, part_of_series, parted,
    reports_words,
};
use super::text::{columns, is_blank, is_comma, is_han, leaves_open};

/// More lines than this are no one heading.
const MOST: usize = 7;
/// What the sequence model's own word counts for.
const MODEL: f32 = 2.0;
/// The same where it saw headline and deck in two lines that nothing but their width tells apart.
const MODEL_UNSURE: f32 = 0.4;
const MODEL_APART: f32 = 1.5;
/// What a deck without dashes costs.
const DECK_BARE: f32 = 0.8;
/// What telling apart two lines without a blank one between costs, where the file parts its lines.
const TIGHT: f32 = 2.0;

/// Gives the parts of a heading their roles. Returns how far this way to cut them leads the best one with another headline
/// (in log units; small means unsure, nothing where there is only one way).
pub(crate) fn settle(parts: &mut [Part]) -> Option<f32> {
    // A label may stand below its headline.
    let labels = parts.iter().rev().take_while(|part| part.role == Role::Section).count();
    let above = parts.len() - labels;
    let labels = if parts[..above].iter().any(|part| part.role == Role::Headline) { labels } else { 0 };
    let lines = parts.len() - labels;
    let parts = &mut parts[..lines];
    if !(2..=MOST).contains(&lines) {
        return None;
    }
    let looks = Look::all(parts);
    let mut ways: Vec<(f32, [usize; 3])> = Vec::new();
    for kicker in 0..lines {
        for headline in kicker..lines {
            for deck in headline + 1..=lines {
                let cuts = [kicker, headline, deck];
                ways.push((score(&looks, cuts), cuts));
            }
        }
    }
    let (most, cuts) = ways.iter().copied().reduce(|best, way| if way.0 > best.0 { way } else { best })?;
    let rival = ways.iter().filter(|(_, other)| other[1..] != cuts[1..]).map(|(score, _)| *score);
    let rival = rival.fold(f32::NEG_INFINITY, f32::max);
    drop(looks);
    for (at, part) in parts.iter_mut().enumerate() {
        part.role = role(at, cuts);
    }
    Some(most - rival)
}

/// A line of a heading with all that is asked of it for each way to cut, looked at once.
struct Look<'a> {
    part: &'a Part,
    /// Its width in half-width columns.
    width: usize,
    clauses: bool,
    parted: bool,
    dashed: bool,
    hangs: bool,
    announces: bool,
    labels: bool,
    /// The log odds that it is a label.
    odds: f32,
    forms: bool,
    reports: bool,
    attends: bool,
    ends_comma: bool,
    /// A blank parts a word or two from it, as where a label's sign was read with it: 家门口的变化 走访.
    signed: bool,
    /// It holds kicker and headline both.
    holds_both: bool,
    /// What it scores as a label, and as the first line of a headline.
    label: f32,
    leads: f32,
    /// What it scores as the next line of the headline, or of the kicker, that the line before it belongs to.
    joins: f32,
    goes_on: f32,
}

impl<'a> Look<'a> {
    /// Every line of a heading.
    fn all(parts: &'a [Part]) -> Vec<Self> {
        let mut looks: Vec<Self> = Vec::with_capacity(parts.len());
        for part in parts {
            let mut look = Self::of(part);
            look.label = label(&look);
            look.leads = leads(&look);
            if let Some(before) = looks.last() {
                look.joins = joins(before, &look);
                look.goes_on = goes_on(before, &look);
            }
            looks.push(look);
        }
        looks
    }

    fn of(part: &'a Part) -> Self {
        let text = part.text.as_str();
        Self {
            part,
            width: columns(text),
            clauses: clauses(text),
            parted: parted(text),
            dashed: dashed(text),
            hangs: hangs(text),
            announces: announces(text),
            labels: labels::labels_section(text),
            odds: labels::score(text).map_or(-BALANCE, |odds| odds.clamp(-ODDS, ODDS)),
            forms: names_its_form(text),
            reports: reports_words(text),
            attends: attends(text),
            ends_comma: text.ends_with(is_comma),
            signed: has_sign(text),
            holds_both: head::holds_both(text),
            label: 0.0,
            leads: 0.0,
            joins: 0.0,
            goes_on: 0.0,
        }
    }
}

/// `家门口的变化 走访`: a phrase, and after a blank a word of two characters.
fn has_sign(text: &str) -> bool {
    let Some((label, sign)) = text.trim().rsplit_once(is_blank) else { return false };
    let han = |text: &str| text.chars().all(is_han);
    sign.chars().count() == 2 && han(sign) && label.chars().count() >= 4 && han(label)
}

fn role(at: usize, [kicker, headline, deck]: [usize; 3]) -> Role {
    match at {
        at if at < kicker => Role::Section,
        at if at < headline => Role::Kicker,
        at if at < deck => Role::Headline,
        _ => Role::Deck,
    }
}

fn score(looks: &[Look<'_>], cuts: [usize; 3]) -> f32 {
    let [kicker, headline, deck] = cuts;
    let main = looks[headline].part;
    let width = looks[headline..deck].iter().map(|look| look.width).max().unwrap_or(0);
    let mut total = 0.0;
    for (at, look) in looks.iter().enumerate() {
        let part = look.part;
        let role = role(at, cuts);
        total += trust(looks, at, role, (at > 0).then(|| self::role(at - 1, cuts)));
        if at > 0 && part.tight && looks[at - 1].part.line + 1 == part.line {
            total += if role == self::role(at - 1, cuts) { 0.0 } else { -TIGHT };
        }
        total += match role {
            Role::Section => look.label - if at > 0 { 2.0 } else { 0.0 },
            // Above a line that brings its own kicker stand labels.
            Role::Kicker if looks[headline].holds_both => -2.5,
            Role::Kicker => {
                above(look, together(looks, at, headline), at + 1 < headline, main, width)
                    - if at > kicker && !part.tight { look.goes_on } else { 0.0 }
            }
            Role::Headline if at == headline => look.leads,
            Role::Headline => look.joins,
            _ => below(look, main, width) - if at > deck { 0.8 } else { 0.0 },
        };
    }
    total - if deck - headline > 2 { 3.0 } else { 0.0 }
}

/// What the sequence model's word for a part counts for. Where it saw headline and deck in two lines that nothing but their
/// width tells apart, it knows that they are two, not which is which.
fn trust(looks: &[Look<'_>], at: usize, role: Role, before: Option<Role>) -> f32 {
    let part = looks[at].part;
    let bare = |look: &Look<'_>| look.part.role == Role::Deck && !look.dashed && !look.forms;
    let same = |other: &Look<'_>| part.heading == other.part.heading && part.bold == other.part.bold;
    let unsure_below = looks.get(at + 1).is_some_and(|next| bare(next) && same(next));
    let unsure = bare(&looks[at]) && at > 0 && same(&looks[at - 1]);
    let mut sum = 0.0;
    if part.role == role {
        sum += if unsure || unsure_below && role == Role::Headline { MODEL_UNSURE } else { MODEL };
    }
    sum + if unsure && before != Some(role) { MODEL_APART } else { 0.0 }
}

/// Log odds that a line is a label at which they say nothing more than its width does, how far they count, and what each
/// counts for.
const BALANCE: f32 = 1.5;
const ODDS: f32 = 4.0;
const WORTH: f32 = 0.7;
/// What it counts against one headline of two lines that the first is the likelier label.
const UNLIKE: f32 = 0.9;

/// A label of a column.
fn label(look: &Look<'_>) -> f32 {
    let text = look.part.text.as_str();
    let mut score = match look.width {
        0..=10 => -0.1,
        11..=14 => -0.4,
        15..=20 => -0.5,
        21..=28 => -1.5,
        _ => -6.0,
    };
    score += if look.labels { 1.8 } else { 0.0 };
    score += (look.odds + BALANCE) * WORTH;
    score += if text.starts_with('【') { 2.0 } else { 0.0 };
    score += if look.signed { 0.5 } else { 0.0 };
    score
        - if look.clauses || look.parted && !look.signed || look.hangs || text.ends_with(['？', '！', '?', '!']) {
            1.5
        } else {
            0.0
        }
}

/// How wide a line is with those that it hangs together with: no blank line parts them, or the first is no whole phrase.
fn together(looks: &[Look<'_>], at: usize, end: usize) -> usize {
    let holds = |at: usize| looks[at].part.tight || at < end && looks[at - 1].hangs;
    let first = (1..=at).rev().find(|at| !holds(*at)).unwrap_or(0);
    let after = (at + 1..looks.len()).take_while(|at| holds(*at)).count();
    looks[first..=at + after].iter().map(|look| look.width).sum()
}

fn above(look: &Look<'_>, own: usize, goes_on: bool, main: &Part, width: usize) -> f32 {
    let text = look.part.text.as_str();
    let mut score = -0.2;
    score += if look.clauses || look.parted && own >= 12 { 1.6 } else { 0.0 };
    score += if look.announces { 2.0 } else { 0.0 };
    score += if part_of_series(text) { 4.2 } else { 0.0 };
    score += if own * 5 >= width * 6 { 0.6 } else { 0.0 };
    score -= if own <= 10 {
        1.8
    } else if own < 12 {
        0.8
    } else {
        0.0
    };
    score -= if width <= 10 && !look.clauses && !look.parted && !look.announces { 1.5 } else { 0.0 };
    // A clause that its comma leaves open goes on in the headline.
    score -= if look.ends_comma && !goes_on { 2.5 } else { 0.0 };
    score -= if look.hangs && !goes_on || look.dashed || look.labels { 2.0 } else { 0.0 };
    score + rank(look.part, main)
}

/// What a line that is set less prominently than the headline gains, and one that is set more prominently loses.
fn rank(part: &Part, main: &Part) -> f32 {
    match (part.heading, main.heading) {
        (a, b) if a == b && part.bold == main.bold => 0.0,
        (a, b) if a == b => {
            if main.bold {
                0.8
            } else {
                -0.5
            }
        }
        (0, _) => 1.2,
        (a, b) if b > 0 && a > b => 1.0,
        _ => -2.5,
    }
}

fn leads(look: &Look<'_>) -> f32 {
    let mut score = 0.5;
    score -= if look.dashed { 5.0 } else { 0.0 };
    score -= if look.labels { 1.0 } else { 0.0 };
    score -= if look.forms { 1.5 } else { 0.0 };
    score -= if look.reports || look.attends { 2.5 } else { 0.0 };
    // What brings its own kicker is the headline.
    score += if look.holds_both { 3.0 } else { 0.0 };
    score - if look.ends_comma && look.part.heading == 0 || look.announces { 1.0 } else { 0.0 }
}

/// Whether two lines are one headline.
fn joins(above: &Look<'_>, look: &Look<'_>) -> f32 {
    let (before, part) = (above.part, look.part);
    let (a, b) = (before.text.as_str(), part.text.as_str());
    let (wide, other) = (above.width, look.width);
    let mut score = -1.0;
    score -= if before.heading != part.heading || before.bold != part.bold { 3.0 } else { 0.0 };
    score += if above.hangs { 2.5 } else { 0.0 };
    score += if carries_on(b) { 1.2 } else { 0.0 };
    score += if b.starts_with(['让', '讓']) && wide >= 16 && !above.parted { 0.8 } else { 0.0 };
    score += if leaves_open(a) && !leaves_open(&format!("{a}{b}")) { 3.0 } else { 0.0 };
    let even = wide.max(other) * 10 <= wide.min(other) * 16;
    score += match (wide.max(other) <= 24, even) {
        (true, true) => 1.8,
        (true, false) if wide.min(other) <= 10 => 0.9,
        (true, false) => 0.0,
        (false, _) => -1.0,
    };
    score -= if above.parted != look.parted && !part.tight { 1.8 } else { 0.0 };
    // A comma at the line's end goes on in the next line, most surely where both are marked as one heading.
    let open = above.ends_comma && before.heading == part.heading && !clauses(a.trim_end_matches(is_comma));
    score += if open { 3.0 } else { 0.0 };
    score -= if above.clauses && !open || look.dashed { 2.0 } else { 0.0 };
    score -= if look.clauses { 1.0 } else { 0.0 };
    score -= if is_quotation(b) && !part.tight && !above.hangs { 1.5 } else { 0.0 };
    score -= if above.announces || above.labels { 1.5 } else { 0.0 };
    score -= if look.attends { 4.0 } else { 0.0 };
    score -= (above.odds - look.odds - 1.0).clamp(0.0, ODDS) * UNLIKE;
    score - if a.ends_with(['！', '!', '？', '?', '：', ':']) { 1.0 } else { 0.0 }
}

/// A kicker's second line is one where the first has not ended.
fn goes_on(above: &Look<'_>, look: &Look<'_>) -> f32 {
    if above.ends_comma || above.hangs && !look.dashed { -1.0 } else { 1.2 }
}

fn below(look: &Look<'_>, main: &Part, width: usize) -> f32 {
    let own = look.width;
    let mut score = -0.6;
    score += if look.dashed { 4.0 } else { 0.0 };
    score -= if own <= 12 && !look.dashed { 2.0 } else { 0.0 };
    score += if own * 10 >= width * 16 { 1.4 } else { 0.0 };
    score += if look.clauses || look.parted { 0.8 } else { 0.0 };
    score += if look.forms { 4.5 } else { 0.0 };
    // 强调…: what the meeting that the headline names said.
    score += if look.reports { 3.5 } else { 0.0 };
    score += if look.attends { 6.0 } else { 0.0 };
    // Without its dashes a deck is rarer than a kicker.
    score -= if look.dashed { 0.0 } else { DECK_BARE };
    score += rank(look.part, main);
    score - if look.labels && !look.dashed { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(lines: &[&str]) -> Vec<Role> {
        let mut parts: Vec<Part> = lines
            .iter()
            .map(|text| Part {
                role: Role::Furniture,
                line: 1,
                text: (*text).to_owned(),
                heading: 0,
                bold: false,
                tight: false,
            })
            .collect();
        settle(&mut parts);
        parts.into_iter().map(|part| part.role).collect()
    }

    #[test]
    fn lines_without_a_blank_one_between_stay_together() {
        use Role::{Headline, Kicker};
        let told = |lines: &[(&str, bool)]| {
            let part = |(at, (text, tight)): (usize, &(&str, bool))| Part {
                role: Role::Furniture,
                line: at as u32 + 1,
                text: (*text).to_owned(),
                heading: 0,
                bold: false,
                tight: *tight,
            };
            let mut parts: Vec<Part> = lines.iter().enumerate().map(part).collect();
            settle(&mut parts);
            parts.into_iter().map(|part| part.role).collect::<Vec<_>>()
        };
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
