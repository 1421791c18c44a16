//! A payload to the texts it holds: one file, or several of one issue, each in a charset of its own.

use std::collections::HashSet;

use contract::parts::{self, Bytes};

use super::Source;
use super::decode::{self, Unreadable};
use super::file_name;
use super::lines::Sheet;
use super::markup;

/// The texts, and how many characters could not be decoded.
pub(crate) fn read(source: &Source<'_>) -> Result<(Vec<Sheet>, usize), Unreadable> {
    let received = source.received;
    if !parts::is_multipart(&received.media_type) {
        let decoded = decode::decode(source.bytes, received.charset.as_deref())?;
        return Ok((vec![Sheet { text: markup::plain(decoded.text), page: None }], decoded.replaced));
    }
    let (mut sheets, mut replaced) = (Vec::new(), 0);
    for part in parts::split(&received.media_type, &Bytes::copy_from_slice(source.bytes))? {
        match decode::decode(&part.bytes, part.charset.as_deref()) {
            Ok(decoded) => {
                replaced += decoded.replaced;
                sheets.push(Sheet {
                    text: markup::plain(decoded.text),
                    page: part.name.as_deref().and_then(file_name::page),
                });
            }
            // A page without text beside others is one that was not read, no reason to lose the others.
            Err(Unreadable::Empty) => {}
            Err(other) => return Err(other),
        }
    }
    if sheets.is_empty() {
        return Err(Unreadable::Empty);
    }
    // A03 and B03 are different pages: then the order says more than the names.
    let numbers: HashSet<u32> = sheets.iter().filter_map(|sheet| sheet.page).collect();
    if numbers.len() < sheets.iter().filter(|sheet| sheet.page.is_some()).count() {
        sheets.iter_mut().for_each(|sheet| sheet.page = None);
    }
    Ok((sheets, replaced))
}

#[cfg(test)]
mod tests {
    use contract::IssueReceived;
    use contract::parts::Part;
    use encoding_rs::GB18030;

    use super::*;
    use crate::extract::{Extraction, extract};

    const FIRST: &str = "淇河日报\n2026年3月12日 星期四 丙午年正月廿四\n\n新桥正式通车\n\n本报讯(记者 林远)新桥昨天上午十时正式通车，两岸居民从此不必再等渡船，沿线的商户也\n\n(下转第3版)\n";
    const THIRD: &str = "新桥正式通车\n\n(上接第1版)开始盘算明年的生意。桥头的两家面馆已经把营业时间延到了晚上十点。\n\n菜场改造完成\n\n本报讯(记者 方宁)城西菜场的改造昨天完成，摊位宽了，地面干了，价格却没有涨。\n";

    fn issue(files: &[(&str, &[u8])]) -> Result<Extraction, Unreadable> {
        let parts: Vec<Part> = files
            .iter()
            .map(|(name, bytes)| Part {
                name: Some((*name).to_owned()),
                media_type: Some("text/plain".to_owned()),
                bytes: Bytes::copy_from_slice(bytes),
                ..Part::default()
            })
            .collect();
        let (media_type, bytes) = parts::join(&parts);
        let received = IssueReceived { media_type, ..IssueReceived::of(&bytes) };
        extract(&Source { bytes: &bytes, received: &received, revision: 1 })
    }

    #[test]
    fn files_of_one_issue_in_different_charsets_are_read_as_one() {
        let third = GB18030.encode(THIRD).0;
        let found = issue(&[("2026-03-12-01.txt", FIRST.as_bytes()), ("2026-03-12-03.txt", &third)]).unwrap();
        assert_eq!(found.manifest.pages_seen, [1, 3]);
        let pages: Vec<_> = found.articles.iter().map(|article| article.pages.clone()).collect();
        assert_eq!(pages, [vec![1, 3], vec![3]]);
        assert!(found.articles[0].body[0].text.contains("沿线的商户也开始盘算"));
        assert_eq!(found.manifest.issue.date, Some(jiff::civil::date(2026, 3, 12)));
        let first_of_second = FIRST.trim_end().lines().count() + 1;
        let heading = found.manifest.unplaced.iter().find(|item| item.text == "新桥正式通车").unwrap();
        assert_eq!(heading.line as usize, first_of_second, "lines are numbered through");
    }

    #[test]
    fn without_numbers_in_the_names_the_order_numbers_the_pages() {
        for names in [["front.txt", "next.txt"], ["A01.txt", "B01.txt"]] {
            let found = issue(&[(names[0], FIRST.as_bytes()), (names[1], THIRD.as_bytes())]).unwrap();
            assert_eq!(found.manifest.pages_seen, [1, 2], "{names:?}");
        }
    }

    #[test]
    fn a_pages_own_number_beats_its_files_name() {
        let own = format!("第04版 综合\n\n{THIRD}");
        let found = issue(&[("1.txt", FIRST.as_bytes()), ("3.txt", own.as_bytes())]).unwrap();
        assert_eq!(found.manifest.pages_seen, [1, 4]);
    }

    #[test]
    fn an_empty_page_is_passed_over_and_an_empty_issue_refused() {
        assert_eq!(issue(&[("1.txt", FIRST.as_bytes()), ("2.txt", b" \n")]).unwrap().articles.len(), 1);
        assert_eq!(issue(&[("1.txt", b""), ("2.txt", b" \n")]).unwrap_err(), Unreadable::Empty);
        assert!(matches!(issue(&[("1.txt", b"%PDF-1.7"), ("2.txt", b"x")]).unwrap_err(), Unreadable::Binary(_)));
    }
}
