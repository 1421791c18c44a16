//! Columns of short items: the label above the first is the section of all.

use contract::{Article, Kind};

use super::features::{Feature as F, Features};
use super::grammar::{labels, simplified};
use super::lines::Line;
use super::observe::is_text;
use super::text::is_alphanumeric;

/// What labels of such columns end in; so do those of a few characters that end in 讯.
const ENDS: &str =
    "简讯 短讯 快讯 短波 简报 速览 速递 快递 速读 传真 动态 集纳 播报 零讯 快览 微新闻 简明新闻 一句话新闻 一句话";

/// Most characters of a short item, and how much longer than the longest before it in its column it may be.
const SHORT: usize = 320;
const LONGER: usize = 2;

/// Whether a label is that of a column of short items.
pub(crate) fn heads_briefs(section: &str) -> bool {
    let section = simplified(section);
    let bare: String = section.chars().filter(|c| is_alphanumeric(*c)).collect();
    ENDS.split(' ').any(|word| bare.ends_with(word)) || bare.ends_with('讯') && bare.chars().count() <= WORD
}

/// Most characters of a label that is known by its last.
const WORD: usize = 5;

/// Marks the headings in such columns; after the lines' neighbours were looked at.
pub(crate) fn mark(lines: &[Line], all: &mut [Features]) {
    // Characters of text since the last heading, in a column.
    let mut since: Option<usize> = None;
    for at in 0..lines.len() {
        let here = all[at];
        if lines[at].opens_page || here.has(F::NoticeHead) {
            since = None;
        }
        let label =
            here.has(F::SectionWords) || since.is_none() && here.headingish() && lines[at].width <= labels::LABEL;
        if label && heads_briefs(&lines[at].text) {
            since = Some(0);
        } else if here.has(F::SectionWords) || here.has(F::Byline) {
            since = None;
        } else if here.headingish() {
            let heads = all.get(at + 1).is_some_and(|next| is_text(*next)) && !lines[at + 1].opens_page;
            all[at].set(F::UnderBriefs, since.is_some() && heads);
            since = since.map(|_| 0);
        } else if is_text(here) {
            since = since.map(|since| since + lines[at].width / 2).filter(|since| *since <= SHORT);
        }
    }
}

/// A column of short items.
struct Column {
    section: String,
    kind: Kind,
    page: Option<u32>,
    /// Characters of its longest item so far.
    longest: usize,
}

/// Gives the items below the first of a column its section.
pub(crate) fn share_label(articles: &mut [Article]) {
    let mut column: Option<Column> = None;
    for article in articles {
        let length = article.body.iter().map(|block| block.text.chars().count()).sum::<usize>();
        if let Some(section) = &article.section {
            let (section, kind, page) = (section.clone(), article.kind, article.page);
            column = heads_briefs(&section).then_some(Column { section, kind, page, longest: length });
            continue;
        }
        let Some(of) = &mut column else { continue };
        let item = matches!(article.kind, Kind::News | Kind::Brief)
            && article.headline.is_some()
            && article.kicker.is_none()
            && article.deck.is_none()
            && article.page == of.page
            && article.continues_on_page.is_none()
            && length <= SHORT
            && length <= LONGER * of.longest;
        if item {
            of.longest = length.max(of.longest);
            article.section = Some(of.section.clone());
            article.kind = of.kind;
        } else {
            column = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layouts::articles;

    #[test]
    fn labels_of_columns_are_told_from_headlines_with_the_same_words() {
        for label in ["简讯", "■体坛快讯", "一句话新闻", "僑訊", "渡口短波 →"] {
            assert!(super::heads_briefs(label), "{label}");
        }
        for headline in ["快递小哥的春节", "动态管理让渡船不晚点", "一句话点醒梦中人", "新桥今日通讯"]
        {
            assert!(!super::heads_briefs(headline), "{headline}");
        }
    }

    #[test]
    fn items_below_a_label_of_briefs_are_of_its_section() {
        let page = "简讯\n\n渡口添了新船\n\n云江渡口昨天添了一艘新船，可坐六十人，票价不变。\n\n桥头装了路灯\n\n新桥桥头的十二盏路灯昨晚亮了，夜班工人过桥不再摸黑。\n\n老码头的四十年\n\n本报记者 陈小禾\n\n";
        // A text of its own words: so many characters that follow one another in the code chart.
        let words: Vec<char> = (0x6000..0x6000 + 360).filter_map(char::from_u32).collect();
        let long: String = words.chunks(18).map(|words| words.iter().collect::<String>() + "，").collect();
        let long = format!("{long}他说。");
        let found = articles(&format!("{page}{long}"));
        let sections: Vec<Option<&str>> = found.iter().map(|article| article.section.as_deref()).collect();
        assert_eq!(sections, [Some("简讯"), Some("简讯"), None]);
    }
}
