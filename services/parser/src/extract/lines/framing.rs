//! What stands in a file and not on its page: marks of images, comments, the fences of a code block, and what a language model
//! says before and after what it read.

use std::sync::LazyLock;

use contract::{Unplaced, UnplacedReason};
use regex::Regex;

use super::Line;
use crate::extract::grammar::{page, pattern};

/// Lines at either end of a file among which a model speaks.
const SPOKEN: usize = 2;

/// 以下是图片中的文字内容：
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:好的|当然|没问题)[，,。！!]?\s*)?(?:以下|下面|这里?|根据|按照|我)[^。]{0,30}(?:图片|图像|图中|版面|报纸|页面|扫描|PDF|截图|文件)[^。]{0,24}(?:文字|内容|文本|识别|提取|转录|整理|结果)[^。]{0,16}[：:。]?$",
    )
});

/// 以上是该版面的全部文字内容，如有模糊之处已尽量还原。 Not: 以上图片均由本报记者陈小禾摄。
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    const SEEN: &str = "版面|图片|图像|页面|扫描";
    const READ: &str = "文字|内容|文本|识别|转录|提取";
    pattern(&format!(
        "^[（(]?(?:以上|请注意|如需)[^。]{{0,24}}(?:(?:{SEEN})[^。]{{0,24}}(?:{READ})|(?:{READ})[^。]{{0,24}}(?:{SEEN}))[^。]{{0,40}}。?[）)]?$"
    ))
});

/// Takes them out of the lines of a file; what stood around them stands side by side.
pub(super) fn take(lines: &mut Vec<Line>) -> Vec<Unplaced> {
    let count = lines.len();
    let speaks =
        |at: usize, text: &str| at < SPOKEN && BEFORE.is_match(text) || at + SPOKEN >= count && BEHIND.is_match(text);
    let mut taken = Vec::new();
    let (mut gap, mut feed, mut at) = (0u16, false, 0);
    lines.retain_mut(|line| {
        let frames = is_mark(&line.text) || speaks(at, &line.text);
        at += 1;
        if frames {
            (gap, feed) = (gap.max(line.gap), feed || line.feed);
            let text = std::mem::take(&mut line.text);
            taken.push(Unplaced { line: line.first, text, reason: UnplacedReason::Furniture });
        } else {
            (line.gap, line.feed) = (line.gap.saturating_add(gap), line.feed || feed);
            (gap, feed) = (0, false);
        }
        !frames
    });
    taken
}

/// `![](p1.jpg)`, `<img src="p1.jpg">`, `<!-- … -->`, three backquotes.
fn is_mark(text: &str) -> bool {
    text.starts_with("![")
        || text.starts_with("```")
        || text.starts_with("<img") && text.ends_with('>')
        || text.starts_with("<!--") && page::page_mark(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::super::layouts::{articles, headlines, paragraphs_of};

    #[test]
    fn what_a_model_says_of_its_reading_is_no_text_of_the_page() {
        let page = "好的，以下是报纸版面图片中的全部文字：\n\n```markdown\n# 云江新桥正式通车\n\n本报讯（记者陈小禾）新桥昨天通车，两岸居民从此不必再等渡船。\n```\n\n以上是该版面识别出的全部文字，模糊之处已尽量还原。";
        assert_eq!(headlines(page), [Some("云江新桥正式通车".into())]);
        assert_eq!(paragraphs_of(page, 0), ["本报讯（记者陈小禾）新桥昨天通车，两岸居民从此不必再等渡船。"]);
    }

    #[test]
    fn a_credit_at_the_pages_end_stays() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥昨天通车，两岸居民从此不必再等渡船。\n\n以上图片均由本报记者林远摄";
        let names: Vec<_> = articles(page)[0].byline.iter().map(|by| by.name.clone()).collect();
        assert_eq!(names, ["陈小禾", "林远"]);
    }

    #[test]
    fn a_picture_does_not_part_a_paragraph() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥昨天通车，两岸居民从此不必\n\n![](images/p1_03.jpg)\n\n再等渡船，桥头的早市也跟着挪了过来。";
        let found = articles(page);
        assert_eq!(found.len(), 1);
        assert_eq!(
            paragraphs_of(page, 0),
            ["本报讯（记者陈小禾）新桥昨天通车，两岸居民从此不必再等渡船，桥头的早市也跟着挪了过来。"]
        );
    }
}
