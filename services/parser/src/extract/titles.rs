//! Which registered title a file belongs to, and which of its lines the registry knows.

use std::collections::HashSet;

use contract::{IssueReceived, Title, Titles};

use super::grammar::{dates, masthead};
use super::lines::{Line, Own};
use super::text::{is_blank, is_han, wider_than};
use crate::script::SCRIPTS;

/// A registered title and what it was told by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known<'a> {
    /// The title.
    pub title: &'a Title,
    /// What told it.
    pub by: By,
}

/// What a title is told by, the surest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// The sender's publication id.
    Sender,
    /// Its CN number or its name on the page.
    Page,
    /// Its name on the page, with one character misread: what was read.
    Alike(String),
    /// Its name in the file's name.
    FileName,
}

/// Widest line that names a title, in half-width columns.
const WIDE: usize = 120;
/// Fewest characters of a name that is known with one of them wrong.
const ALIKE: usize = 4;
/// Lines of a page's top where a misread name is looked for.
const TOP: usize = 14;

/// Finds the title. Nothing where the registry is empty, or where two titles are named equally surely.
pub(crate) fn find<'a>(lines: &[Line], received: &IssueReceived, titles: &'a Titles) -> Option<Known<'a>> {
    titles.iter().next()?;
    if let Some(title) = received.publication.as_ref().and_then(|id| titles.get(id)) {
        return Some(Known { title, by: By::Sender });
    }
    let narrow: Vec<&Line> = lines.iter().filter(|line| !wider_than(&line.text, WIDE)).collect();
    let numbers: HashSet<String> = narrow.iter().filter_map(|line| masthead::cn_number(&line.text)).collect();
    let by_number = |title: &&Title| title.cn_number.as_ref().is_some_and(|number| numbers.contains(number));
    let named: Vec<String> = narrow.iter().flat_map(|line| names_in(&line.text)).collect();
    let by_name = |title: &&Title| title.names().any(|name| named.contains(&bare(name)));
    if let Some(title) = only(titles.iter().filter(by_number)).or_else(|| only(titles.iter().filter(by_name))) {
        return Some(Known { title, by: By::Page });
    }
    let tops = narrow.iter().scan(0usize, |from_top, line| {
        *from_top = if line.opens_page { 0 } else { *from_top + 1 };
        Some((*from_top, *line))
    });
    let read: Vec<String> = tops.filter(|(at, _)| *at < TOP).flat_map(|(_, line)| names_in(&line.text)).collect();
    let alike = |title: &'a Title| {
        let found = read.iter().find(|read| title.names().any(|name| is_misread(read, &bare(name))))?;
        Some(Known { title, by: By::Alike(found.clone()) })
    };
    let mut alike = titles.iter().filter_map(alike);
    if let Some(known) = alike.next() {
        return alike.next().is_none().then_some(known);
    }
    let file = bare(received.file_name.as_deref()?);
    only(titles.iter().filter(|title| title.names().any(|name| file.contains(&bare(name)))))
        .map(|title| Known { title, by: By::FileName })
}

fn only<'a>(mut titles: impl Iterator<Item = &'a Title>) -> Option<&'a Title> {
    let first = titles.next()?;
    titles.next().is_none().then_some(first)
}

/// A text as names are compared: without blanks, in simplified characters.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).map(|c| SCRIPTS.simple(c)).collect()
}

/// What may be a name in a line: the line, its parts, and, where it holds a date, what stands before that.
fn names_in(line: &str) -> Vec<String> {
    let parts = |c: char| is_blank(c) || matches!(c, '·' | '|' | '｜' | '《' | '》' | '—' | '/');
    let mut names: Vec<String> = line.split(parts).filter(|part| !part.is_empty()).map(bare).collect();
    names.push(bare(line));
    if line.contains(['年', '.', '/', '-'])
        && let Some((_, words)) = dates::solar(line)
        && let Some((before, _)) = line.split_once(words.as_str())
    {
        names.push(bare(before));
    }
    names
}

/// Characters that recognisers take for one another.
const ALIKES: &str = "日曰目白田 未末 己已巳 人入八 大太犬 土士 千干于 天夭无 王玉主 报扱服 市巿布 城域诚坡 晨展 晚挽 商啇 时吋 工丄 农衣 州洲 东车乐 \
西酉 南甫 北比 海悔 河何 山出 方万 法洁 治冶 经径 济挤 青责 年午 华毕 都部 新析 闻间问 周用 民氏 解触 放故 光兆 明朋 文丈 \
江汪 羊芊 刊刋 育肓 体休 技枝 科料 妇归 儿几 老考 信倍 健建 康庚 消清 息惠";

/// Whether a name was read with one character in place of another that looks like it, or of none at all.
fn is_misread(read: &str, name: &str) -> bool {
    let (read, name): (Vec<char>, Vec<char>) = (read.chars().collect(), name.chars().collect());
    if read.len() != name.len() || name.len() < ALIKE {
        return false;
    }
    let mut wrong = read.iter().zip(&name).filter(|(read, name)| read != name);
    let (Some((read, name)), None) = (wrong.next(), wrong.next()) else { return false };
    !is_han(*read) && !read.is_alphanumeric()
        || ALIKES.split_whitespace().any(|group| group.contains(*read) && group.contains(*name))
}

/// Marks the lines that the registry knows as the page's own or as labels of columns.
pub(crate) fn mark(lines: &mut [Line], title: &Title) {
    let whole = |entries: &[String]| -> HashSet<String> {
        entries.iter().filter(|entry| !entry.ends_with('*')).map(|entry| bare(entry)).collect()
    };
    let furniture: HashSet<String> = title.names().map(bare).chain(whole(&title.furniture)).collect();
    let begin: Vec<String> = title.furniture.iter().filter_map(|entry| entry.strip_suffix('*')).map(bare).collect();
    let sections = whole(&title.sections);
    for line in lines.iter_mut().filter(|line| !wider_than(&line.text, WIDE)) {
        let text = bare(&line.text);
        if furniture.contains(&text) || begin.iter().any(|entry| text.starts_with(entry.as_str())) {
            line.own = Some(Own::Furniture);
        } else if sections.contains(text.trim_matches(|c: char| !c.is_alphanumeric())) {
            line.own = Some(Own::Section);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::lines;

    const REGISTRY: &str = r#"
        [[title]]
        id = "harbour-daily"
        name = "港湾日报"
        aliases = ["港湾日报海外版"]
        cn_number = "99-0001"

        [[title]]
        id = "harbour-voice"
        name = "港湾之声"
    "#;

    fn found(page: &str, file: &str, sender: Option<&str>) -> Option<(String, By)> {
        let received = IssueReceived {
            file_name: Some(file.to_owned()),
            publication: sender.map(|id| id.parse().unwrap()),
            ..IssueReceived::of(page.as_bytes())
        };
        let titles = Titles::parse(REGISTRY).unwrap();
        find(&lines::split(page), &received, &titles).map(|known| (known.title.id.to_string(), known.by))
    }

    #[test]
    fn a_title_is_known_by_sender_number_name_and_file() {
        let is = |found: Option<(String, By)>, id: &str, by: By| assert_eq!(found, Some((id.to_owned(), by)));
        is(found("新桥通车", "a.txt", Some("harbour-voice")), "harbour-voice", By::Sender);
        is(found("国内统一刊号CN 99－0001", "a.txt", None), "harbour-daily", By::Page);
        is(found("港 湾 日 報\n新橋通車", "a.txt", None), "harbour-daily", By::Page);
        is(found("2版 要闻 港湾之声 2025年11月18日", "a.txt", None), "harbour-voice", By::Page);
        is(found("港湾曰报\n新桥通车", "a.txt", None), "harbour-daily", By::Alike("港湾曰报".to_owned()));
        is(found("新桥通车", "港湾日报20251118.txt", None), "harbour-daily", By::FileName);
    }

    #[test]
    fn another_title_is_not_taken_for_a_registered_one() {
        for page in ["港湾晚报", "海湾日报", "港湾", "据港湾日报社消息，新桥通车。", "港湾日报\n港湾之声"]
        {
            assert_eq!(found(page, "a.txt", None), None, "{page}");
        }
    }

    #[test]
    fn lines_that_the_registry_knows_are_marked() {
        let titles = Titles::parse(
            "[[title]]\nid = \"a\"\nname = \"港湾之声\"\nfurniture = [\"读报热线*\", \"天天好心情\"]\nsections = [\"潮声\"]",
        )
        .unwrap();
        let mut lines = lines::split("港湾之声\n读报热线: 1234\n天 天 好 心 情\n【潮声】\n潮声依旧");
        mark(&mut lines, titles.iter().next().unwrap());
        let own: Vec<_> = lines.iter().map(|line| line.own).collect();
        let furniture = Some(Own::Furniture);
        assert_eq!(own, [furniture, furniture, furniture, Some(Own::Section), None]);
    }
}
