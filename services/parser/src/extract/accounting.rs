//! Nothing is lost and nothing is doubled: every character of a page stands once in an article, in a field read from it, or
//! in the manifest's list of what stands nowhere. The tests and the fuzz target ask the same question.

use std::collections::BTreeMap;

use contract::IssueReceived;

use super::printed::narrow;
use super::text::is_blank;
use super::{Extraction, Source, decode, extract_accounted, markup};

/// Marks that say how a text is set and are no part of it.
fn counts(c: &char) -> bool {
    !is_blank(*c) && !"#*>_-+=【】〔〕〖〗［］[]▌▍▶►▼◎☆｜|丨│●■◆★▲□◇".contains(*c)
}

fn tally<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<char, usize> {
    let mut tally = BTreeMap::new();
    for c in texts.flat_map(str::chars).filter(counts).map(narrow) {
        *tally.entry(c).or_default() += 1;
    }
    tally
}

/// Characters whose number differs between a file and what was made of it: the character, how often the file holds it, how
/// often the extraction does. Nothing where the file is no text.
pub fn unaccounted(bytes: &[u8]) -> Vec<(char, usize, usize)> {
    let facts = IssueReceived::of(bytes);
    let Ok((Extraction { articles, manifest }, consumed)) =
        extract_accounted(&Source { bytes, received: &facts, revision: 1 }, &contract::Titles::default())
    else {
        return Vec::new();
    };
    let page = decode::decode(bytes, None).map(|decoded| markup::plain(decoded.text)).unwrap_or_default();
    let headings = |a: &'_ contract::Article| [a.section.clone(), a.kicker.clone(), a.headline.clone(), a.deck.clone()];
    let mut texts: Vec<String> = articles.iter().flat_map(headings).flatten().collect();
    texts.extend(articles.iter().flat_map(|article| article.body.iter().map(|block| block.text.clone())));
    texts.extend(manifest.unplaced.iter().map(|item| item.text.clone()));
    texts.extend(consumed);
    let (was, is) = (tally(std::iter::once(page.as_str())), tally(texts.iter().map(String::as_str)));
    let count = |tally: &BTreeMap<char, usize>, c| tally.get(c).copied().unwrap_or(0);
    let mut differ: Vec<_> = was.keys().chain(is.keys()).map(|c| (*c, count(&was, c), count(&is, c))).collect();
    differ.retain(|(_, was, is)| was != is);
    differ.dedup();
    differ
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::extract;
    use super::*;

    fn assert_accounted(bytes: &[u8]) -> Result<(), TestCaseError> {
        prop_assert_eq!(unaccounted(bytes), []);
        Ok(())
    }

    /// Pieces of pages, whole and torn.
    fn piece() -> impl Strategy<Value = String> {
        let known = [
            "云江新桥正式通车",
            "两岸居民出行时间缩短一半，等渡船成为历史",
            "——写在新桥通车之际",
            "本报讯(记者陈小禾 通讯员林远)新桥今天通车，两岸居民从此不必再等渡船。",
            "本报云城11月17日电(记者陈小禾)据介绍，新桥全长三百米，双向四车",
            "道，两侧设有人行步道。",
            "本报记者 陈小禾 林　远",
            "□ 周舟",
            "周舟",
            "新华社发(陈小禾 摄)",
            "市民在新桥上散步。本报记者 林远 摄",
            "图为新桥夜景。",
            "(下转第3版)",
            "(上接第1版)",
            "他说：“桥通了，路近了。”(下转第2版)接着他又讲了修桥的故事。",
            "据《云城日报》",
            "第02版 要闻",
            "2026年3月12日 星期四 第10234期 今日八版",
            "●热线电话:(010)12345678",
            "招标公告",
            "一、投标人须具有桥梁施工资质，近三年内无不良记录。",
            "二、投标人须具有桥梁施工资质，近三年内无不良记录。",
            "把桥修到群众家门口，把路铺到田间地头上，把桥修到群众家门口，把路铺到田间地头上，",
            "## 家门口的变化",
            "**热评丨桥该怎么修**",
            "<h2>云江新桥<br/>正式通车</h2>",
            "<p>&nbsp;&nbsp;据介绍，&ldquo;新桥&rdquo;全长三百米。</p>",
            "新 桥 今 天 通 车",
            "【观察】一座桥的十五年",
            "新",
            "桥",
            "通",
            "车",
            "度开",
            "\u{c}",
            "",
            "",
            "",
        ];
        prop_oneof![
            6 => proptest::sample::select(known.map(str::to_owned).to_vec()),
            1 => "[一-龥]{1,40}[。，]?",
            1 => "[一-龥，。“”（）()《》：；、0-9a-zA-Z #*\\-—·　]{0,60}",
            1 => "\\PC{0,30}",
        ]
    }

    fn page() -> impl Strategy<Value = String> {
        (vec(piece(), 0..40), proptest::sample::select(vec!["\n", "\n\n", "\r\n", "\n\n\n"]))
            .prop_map(|(pieces, end)| pieces.join(end))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_lost_or_doubled(page in page()) {
            assert_accounted(page.as_bytes())?;
        }

        #[test]
        fn no_bytes_panic(bytes in vec(any::<u8>(), 0..400)) {
            assert_accounted(&bytes)?;
        }

        #[test]
        fn the_same_file_gives_the_same_articles(page in page()) {
            let facts = IssueReceived::of(page.as_bytes());
            let source = Source { bytes: page.as_bytes(), received: &facts, revision: 1 };
            prop_assert_eq!(extract(&source), extract(&source));
        }

        #[test]
        fn ids_of_one_issue_differ(page in page()) {
            let facts = IssueReceived::of(page.as_bytes());
            if let Ok(found) = extract(&Source { bytes: page.as_bytes(), received: &facts, revision: 1 }) {
                let ids: std::collections::HashSet<_> = found.articles.iter().map(|article| article.id.clone()).collect();
                prop_assert_eq!(ids.len(), found.articles.len());
                prop_assert_eq!(ids.len(), found.manifest.articles.len());
            }
        }
    }
}
