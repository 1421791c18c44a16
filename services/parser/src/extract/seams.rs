//! Where a column's end broke a paragraph: whether the next text goes on with it.

use super::grammar::marks;
use super::text::{columns, is_comma, is_unfinished};

/// Whether a text begins with a mark that no text begins with.
pub(crate) fn begins_torn(text: &str) -> bool {
    text.chars().next().is_some_and(|c| {
        is_comma(c) || matches!(c, '。' | '：' | '”' | '』' | '」' | '）' | ')' | '》' | '！' | '？' | '%' | '％')
    })
}

/// Characters within which a sentence that ends was begun elsewhere. A short sentence opens many a paragraph: 转机来了。
const STUB: usize = 3;

/// Whether a text begins with the end of a sentence, or with what only follows a number: 40天。, 3.5%的….
pub(crate) fn is_stub(text: &str) -> bool {
    let figures = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let counted = figures.len() < text.len()
        && figures.starts_with(['%', '％', '万', '亿', '多', '余', '吨', '米', '户', '倍', '元']);
    let marks = |c: &char| matches!(c, '。' | '，' | ',' | '“' | '"' | '：' | ':' | '！' | '？');
    let first = text.chars().take(STUB + 1).find(marks);
    counted || first == Some('。')
}

/// Whether a text goes on with the paragraph before it, which a column's end broke.
pub(crate) fn goes_on(before: &str, text: &str) -> bool {
    if begins_torn(text) {
        return true;
    }
    let Some(last) = before.chars().next_back() else { return false };
    // 编者按: the note's own text is no part of its label.
    if !is_unfinished(before) || last == '—' || marks::labels_note(before) {
        return false;
    }
    let fresh = marks::clause(text) > 0
        || says_label_by_label(text)
        || text.starts_with(['●', '■', '◆', '▲', '★', '□', '①', '—'])
        || text.starts_with("--")
        || marks::begins_with_day(text) && (columns(text) <= 24 || !awaits_day(before))
        || opens_paragraph(text) && !is_comma(last);
    !fresh
}

/// Whether a text is one of the lines of a notice that say what is where, label by label: 联系人：….
fn says_label_by_label(text: &str) -> bool {
    const LABELS: [&str; 16] = [
        "联系人",
        "联系电话",
        "联系方式",
        "联系地址",
        "咨询电话",
        "监督电话",
        "采购人",
        "招标人",
        "代理机构",
        "委托人",
        "开标时间",
        "报名时间",
        "报名地点",
        "地址",
        "电话",
        "邮箱",
    ];
    marks::speaker(text).is_some_and(|label| LABELS.contains(&label))
}

/// Whether a text breaks off where a day comes next: 截至…, 于…
fn awaits_day(before: &str) -> bool {
    is_comma(before.chars().next_back().unwrap_or(' '))
        || before
            .ends_with(['于', '至', '自', '在', '从', '到', '截', '（', '(', '和', '与', '及', '是', '的', '定', '—'])
}

/// Words that begin a paragraph and do not go on in the middle of a sentence.
fn opens_paragraph(text: &str) -> bool {
    [
        "据",
        "近日",
        "日前",
        "目前，",
        "目前,",
        "此外",
        "与此同时",
        "记者",
        "截至",
        "“",
        "\"",
        "「",
        "下一步",
        "如今",
        "连日来",
        "近年来",
        "当天，",
        "当日，",
    ]
    .iter()
    .any(|word| text.starts_with(word))
}

/// Goes on with a text that a line's end broke: a blank parts words of Latin letters.
pub(crate) fn join(before: &mut String, text: &str) {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    if latin(before.chars().next_back()) && latin(text.chars().next()) {
        before.push(' ');
    }
    before.push_str(text);
}
