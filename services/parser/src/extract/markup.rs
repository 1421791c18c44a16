//! What HTML leaves in a text, where a model or an export wrote some: tags say how a text is set and go, those that Markdown
//! has marks for become these; entities become their characters. Lines stay the file's.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::grammar::pattern;

/// Tags that begin and end a block, or part two.
const BLOCKS: &str = "p|br|hr|div|section|article|header|footer|main|center|blockquote|ul|ol|li|dl|dt|dd|figure|figcaption|\
table|caption|thead|tbody|tfoot|tr|td|th|h[1-6]";

/// Tags within a line.
const INLINE: &str = "i|em|u|s|a|span|font|small|big|mark|sup|sub|ins|del|nobr";

/// What a tag says beside its name.
const REST: &str = r"(?:\s[^<>\n]*)?/?>";

/// `<strong>`, `<h2>`, `<span style="…">`.
static SET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?i)</?(?P<bold>b|strong){REST}|<h(?P<level>[1-6]){REST}|</?(?:{INLINE}){REST}"))
});

/// `<p align="center">`, `<br/>`, `</td><td>`.
static PARTS: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:</?(?:{BLOCKS}){REST}[ \t]*)+")));

/// `&nbsp;`, `&#8220;`, `&#x3000;`.
static ENTITY: LazyLock<Regex> = LazyLock::new(|| pattern(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});"));

/// A text without them.
pub(crate) fn plain(mut text: String) -> String {
    if text.contains('<') {
        text = SET.replace_all(&text, mark).into_owned();
        let parted = |tags: &Captures<'_>| blank(&text, tags);
        text = PARTS.replace_all(&text, parted).into_owned();
    }
    if text.contains('&') {
        text = ENTITY.replace_all(&text, character).into_owned();
    }
    text
}

/// What Markdown has for a tag.
fn mark(tag: &Captures<'_>) -> String {
    let level = tag.name("level").and_then(|level| level.as_str().parse().ok());
    match level {
        Some(level) => "#".repeat(level) + " ",
        None if tag.name("bold").is_some() => "**".to_owned(),
        None => String::new(),
    }
}

/// A blank where tags part what stands in one line.
fn blank(text: &str, tags: &Captures<'_>) -> &'static str {
    let Some(tags) = tags.get(0) else { return "" };
    let ends = |c: Option<char>| c.is_none_or(|c| c == '\n' || c == '\r');
    if ends(text[..tags.start()].chars().next_back()) || ends(text[tags.end()..].chars().next()) { "" } else { " " }
}

/// The character of an entity; one that HTML does not know stays, and one that would move lines is a blank.
fn character(entity: &Captures<'_>) -> String {
    let found = html_escape::decode_html_entities(&entity[0]);
    if found.chars().any(char::is_control) { " ".to_owned() } else { found.into_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::layouts::articles;
    use super::*;

    #[test]
    fn tags_of_a_page_go_and_its_lines_stay() {
        let page = "<div align=\"center\"><h2>云江新桥<br/>正式通车</h2></div>\n<p>　　新桥<b>昨天</b>通车，往返时间缩短<span>一半</span>。</p>\r\n";
        assert_eq!(plain(page.to_owned()), "## 云江新桥 正式通车\n　　新桥**昨天**通车，往返时间缩短一半。\r\n");
        assert_eq!(plain("<table><tr><td>云江</td><td>3</td></tr></table>\n".to_owned()), "云江 3\n");
    }

    #[test]
    fn entities_are_their_characters() {
        assert_eq!(
            plain("&ldquo;新桥&#8221;&nbsp;A&amp;B&#10;R&D &桥; &nosuch;".to_owned()),
            "“新桥”\u{a0}A&B R&D &桥; &nosuch;"
        );
    }

    #[test]
    fn what_is_no_tag_stays() {
        let text = "<图一> a < b > c <bridge> 3<5 <!-- 第3版 -->";
        assert_eq!(plain(text.to_owned()), text);
    }

    #[test]
    fn a_page_in_tags_is_read_as_without_them() {
        let page = "<h1>云江新桥正式通车</h1>\n<p>本报记者&nbsp;陈小禾</p>\n<p>新桥昨天通车，两岸居民从此不必再等渡船。</p>\n<p>据介绍，新桥全长三百米。</p>\n";
        let found = articles(page);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].headline.as_deref(), Some("云江新桥正式通车"));
        assert_eq!(found[0].byline[0].name, "陈小禾");
        assert_eq!(found[0].body[1].text, "据介绍，新桥全长三百米。");
    }

    proptest! {
        #[test]
        fn lines_are_as_many_as_before(text in "([一-龥]|</?(p|b|br|h2|td|span x)>|&(nbsp|lt|#10|#xA|quot);|[ <>&\n]){0,40}") {
            prop_assert_eq!(plain(text.clone()).matches('\n').count(), text.matches('\n').count());
        }
    }
}
