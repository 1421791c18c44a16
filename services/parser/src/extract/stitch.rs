//! A jump and its continuation become one article: the text that ends in 下转第3版 and the one on page 3 that begins with
//! 上接第1版. Which belongs to which, page numbers and headings decide; where they do not, both are left as they are.

use std::cell::OnceCell;

use contract::{Unplaced, UnplacedReason};

use super::draft::Draft;
use super::grammar::simplified;
use super::text::is_han;

/// What a draft offers for finding its other part; its words are looked at where page numbers allow it to be one.
struct Side<'a> {
    draft: &'a Draft,
    heading: OnceCell<Heading>,
}

/// A heading bare: its headline, and all that stands in it.
struct Heading {
    headline: String,
    all: Vec<String>,
}

/// Joins what belongs together; headings of continuations go to `unplaced`.
pub(crate) fn stitch(mut drafts: Vec<Draft>, unplaced: &mut Vec<Unplaced>) -> Vec<Draft> {
    for draft in &mut drafts {
        draft.head.jumps().iter().for_each(|(jump, _)| draft.jump(jump));
        draft.open = draft.continues;
        draft.pages = draft.page.into_iter().collect();
    }
    if drafts.iter().all(|draft| draft.continues.is_none()) {
        return drafts;
    }
    let sides: Vec<Side<'_>> = drafts.iter().map(|draft| Side { draft, heading: OnceCell::new() }).collect();
    let onward = pairs(&sides);
    if onward.iter().all(Option::is_none) {
        return drafts;
    }
    let mut parts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let mut whole = Vec::with_capacity(parts.len());
    for at in 0..parts.len() {
        if onward.contains(&Some(at)) {
            continue;
        }
        let Some(mut draft) = parts[at].take() else { continue };
        let mut next = onward[at];
        while let Some(part) = next.and_then(|next| parts[next].take()) {
            let reason = UnplacedReason::Continuation;
            let heading = part.head.parts.iter();
            unplaced.extend(heading.map(|part| Unplaced { line: part.line, text: part.text.clone(), reason }));
            draft.append(part);
            next = next.and_then(|next| onward[next]);
        }
        whole.push(draft);
    }
    unplaced.sort_by_key(|item| item.line);
    whole
}

impl Side<'_> {
    fn heading(&self) -> &Heading {
        self.heading.get_or_init(|| {
            let (head, _) = self.draft.head.read();
            let headline = head.headline.as_deref().map(bare).unwrap_or_default();
            let parts =
                [&head.kicker, &head.headline, &head.deck].map(|part| part.as_deref().map(bare).unwrap_or_default());
            let mut all: Vec<String> = parts.to_vec();
            all.extend([parts[..2].concat(), parts[1..].concat()]);
            all.retain(|part| !part.is_empty());
            Heading { headline, all }
        })
    }

    /// Whether its text has two neighbouring characters of a headline.
    fn speaks_of(&self, headline: &str) -> bool {
        let pairs = doubles(headline);
        let has = |text: &str| {
            let text: Vec<char> = bare(text).chars().collect();
            text.windows(2).any(|pair| pairs.iter().any(|other| other == pair))
        };
        !pairs.is_empty() && self.draft.blocks.iter().any(|block| has(&block.text))
    }
}

/// A heading as headings are compared.
fn bare(text: &str) -> String {
    simplified(&text.chars().filter(|c| is_han(*c) || c.is_alphanumeric()).collect::<String>()).into_owned()
}

fn doubles(text: &str) -> Vec<[char; 2]> {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// Fewest characters of an abridged headline.
const ABRIDGED: usize = 3;

/// Whether a continuation's headline is one of the beginning's, whole or abridged.
fn is_same(headline: &str, heading: &[String]) -> bool {
    let abridged = |whole: &String| {
        let mut rest = whole.chars();
        headline.chars().count() >= ABRIDGED && headline.chars().all(|c| rest.any(|other| other == c))
    };
    let close = |whole: &String| {
        let (a, b) = (doubles(headline), doubles(whole));
        let shared = a.iter().filter(|pair| b.contains(pair)).count();
        shared >= 2 && shared * 10 >= a.len().min(b.len()) * 6
    };
    heading.iter().any(|whole| abridged(whole) || close(whole))
}

/// How surely `b` continues `a`; nothing where it does not.
fn evidence(a: &Side<'_>, b: &Side<'_>) -> Option<u32> {
    let goes = a.draft.continues?;
    let (from, page) = (a.draft.page, b.draft.page);
    let continued = b.draft.continued;
    let there = page == Some(goes);
    let back = continued.is_some() && continued == from;
    // Without numbers of pages only headings tell.
    let unnumbered = from.is_none() && page.is_none() && continued.is_some();
    let marked = there && (back || continued.is_some() && from.is_none());
    // One of the numbers was misread or the mark is lost: the heading must be the same.
    let reports = || b.draft.lead.is_some();
    let half =
        there && continued.is_none() && !reports() && a.draft.is_unfinished() || back || there && continued.is_some();
    if !(marked || half || unnumbered) {
        return None;
    }
    let headline = b.heading().headline.as_str();
    let same = !headline.is_empty() && is_same(headline, &a.heading().all);
    if !(marked || same) {
        return None;
    }
    Some(
        4 * u32::from(marked)
            + 4 * u32::from(same)
            + u32::from(headline.is_empty() && a.draft.is_unfinished())
            + u32::from(a.speaks_of(headline)),
    )
}

/// For every side the one that continues it: both must be the other's best choice, and the only one.
fn pairs(sides: &[Side<'_>]) -> Vec<Option<usize>> {
    let begins: Vec<usize> = (0..sides.len()).filter(|at| sides[*at].draft.continues.is_some()).collect();
    let mut choices: Vec<(usize, usize, u32)> = Vec::new();
    for a in begins {
        let others = (0..sides.len()).filter(|b| *b != a);
        choices.extend(others.filter_map(|b| Some((a, b, evidence(&sides[a], &sides[b])?))));
    }
    let mut onward = vec![None; sides.len()];
    loop {
        let best = |side: &dyn Fn(&(usize, usize, u32)) -> usize, at: usize| {
            let of = |choice: &&(usize, usize, u32)| side(choice) == at;
            let most = choices.iter().filter(of).map(|choice| choice.2).max()?;
            let mut best = choices.iter().filter(of).filter(|choice| choice.2 == most);
            best.next().copied().filter(|_| best.next().is_none())
        };
        let sure = choices
            .iter()
            .copied()
            .find(|choice| best(&|c| c.0, choice.0) == Some(*choice) && best(&|c| c.1, choice.1) == Some(*choice));
        let Some((a, b, _)) = sure else { return onward };
        if !leads_to(&onward, b, a) {
            onward[a] = Some(b);
        }
        choices.retain(|choice| choice.0 != a && choice.1 != b);
    }
}

fn leads_to(onward: &[Option<usize>], from: usize, to: usize) -> bool {
    std::iter::successors(Some(from), |at| onward[*at]).any(|at| at == to)
}

#[cfg(test)]
mod tests {
    use contract::IssueReceived;

    use crate::extract::{Extraction, Source, extract};

    fn read(page: &str) -> Extraction {
        let received = IssueReceived::of(page.as_bytes());
        extract(&Source { bytes: page.as_bytes(), received: &received, revision: 1 }).unwrap()
    }

    const FIRST: &str = "第01版 要闻\n\n云江新桥正式通车\n\n本报讯(记者 林远)新桥昨天上午十时正式通车，两岸居民从此不必再等渡船，往返时间缩短了一半，沿线的商户也\n\n(下转第3版)\n\n老街夜市重新开张\n\n本报讯(记者 秦川)关了两年的老街夜市昨晚重新开张，一百二十个摊位全部租出，多数是原来的摊主。\n\n";
    const OTHER: &str = "菜场改造完成\n\n本报讯(记者 方宁)城西菜场的改造昨天完成，摊位宽了，地面干了，买菜的人说像进了超市，价格却没有涨。\n";

    #[test]
    fn a_jump_and_its_continuation_are_one_article() {
        for heading in
            ["云江新桥正式通车\n\n(上接第1版)\n\n", "新桥通车\n\n（上接第一版）", "（上接第一版）", "◀上接01版\n\n"]
        {
            let page = format!(
                "{FIRST}第03版 综合\n\n{heading}开始盘算明年的生意。桥头的两家面馆已经把营业时间延到了晚上十点。\n\n{OTHER}"
            );
            let found = read(&page);
            let headlines: Vec<_> = found.articles.iter().map(|a| a.headline.as_deref().unwrap_or_default()).collect();
            assert_eq!(headlines, ["云江新桥正式通车", "老街夜市重新开张", "菜场改造完成"], "{heading}");
            let article = &found.articles[0];
            assert_eq!(article.pages, [1, 3], "{heading}");
            assert_eq!((article.continues_on_page, article.continued_from_page), (Some(3), None));
            assert_eq!(article.body.len(), 1, "{heading}: {:?}", article.body);
            assert!(article.body[0].text.contains("沿线的商户也开始盘算"), "{heading}: {:?}", article.body);
            assert!(found.manifest.open_jumps.is_empty() && found.manifest.open_continuations.is_empty());
        }
    }

    #[test]
    fn two_continuations_that_nothing_tells_apart_stay_apart() {
        let page = format!(
            "{FIRST}第03版 综合\n\n（上接第一版）开始盘算明年的生意。桥头的两家面馆已经把营业时间延到了晚上十点。\n\n{OTHER}\n（上接第一版）也都搬回了原来的位置。夜市今后每晚开到十一点，周末开到凌晨一点。\n"
        );
        let found = read(&page);
        assert_eq!(found.articles.len(), 5);
        assert_eq!((found.manifest.open_jumps.len(), found.manifest.open_continuations.len()), (1, 2));
        let warned = found.manifest.warnings.iter().filter(|w| w.code == contract::WarningCode::JumpOpen).count();
        assert_eq!(warned, 3, "{:?}", found.manifest.warnings);
    }

    #[test]
    fn a_jump_out_of_the_file_is_open_without_a_warning() {
        let found = read(FIRST);
        assert_eq!(found.manifest.open_jumps.iter().map(|jump| jump.page).collect::<Vec<_>>(), [3]);
        assert!(!found.manifest.warnings.iter().any(|w| w.code == contract::WarningCode::JumpOpen));
        assert_eq!(found.articles[0].pages, [1]);
    }

    #[test]
    fn a_jump_of_a_jump_is_followed() {
        let page = format!(
            "{FIRST}第03版 综合\n\n云江新桥正式通车\n\n(上接第1版)开始盘算明年的生意，桥头的两家面馆已经\n\n(下转第4版)\n\n第04版 社会\n\n云江新桥正式通车\n\n(上接第3版)把营业时间延到了晚上十点。\n"
        );
        let found = read(&page);
        assert_eq!(found.articles[0].pages, [1, 3, 4]);
        assert!(found.articles[0].body[0].text.ends_with("两家面馆已经把营业时间延到了晚上十点。"));
        assert!(found.manifest.open_jumps.is_empty());
    }
}
