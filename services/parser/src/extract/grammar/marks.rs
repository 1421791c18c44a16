//! Short signs of what a line is: source lines, notices, captions, clause numbers.

use std::sync::LazyLock;

use regex::Regex;

pub(crate) use super::figures::{begins_with_day, clause, names_a_day, names_day_of_month};
use super::{either_script, fold, last_of, pattern};
use crate::extract::text::{CharSet, is_closer, is_stop, trim, wider_than};

static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[（(【\[]?\s*(?:本[报栏版组][\p{Han}]{0,4}?)?(?:[均皆])?(?:据|综合|转自|摘自|摘编自|来源\s*[:：]|来源于|原载|选自|转载自|本文来源\s*[:：]?)\s*(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日)?\s*[《“]?(?P<n>[\p{Han}A-Za-z0-9·]{2,20}?)[》”]?(?:杂志|周刊|报道|电|消息|客户端|(?P<account>(?:微信|官方)?公众号))?\s*[）)】\]]?$|^[（(]\s*(?P<agency>新华社|新华网|中新社|中新网|中国新闻网|人民网|央视新闻|央视|央广网|光明网)(?:电|专电|供稿|报道|客户端)?\s*[）)]$",
    )
});
/// One of these stands in every source line.
static FROM: LazyLock<CharSet> = LazyLock::new(|| either_script("据综转摘来选载社网视".chars()));
const NOTICES: &str = "诚聘|急聘|招生简章|讣闻|鸣谢|道歉信|致歉信|分类广告|分类信息|便民信息|便民广告|房屋出租|旺铺转让|旺铺出租|旺铺出售|征婚|失物招领|公开拍卖|停电信息|停水信息|公告|公告送达|公 告|声明|声 明|启事|启 事|通告|公示|通知书|通知|讣告|更正|致歉|敬告|须知|招标书|招聘|拍卖会|催告书|公开招租|招租|竞租";
static NOTICE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^[\p{{Han}}A-Za-z0-9（）()《》“”\s、·\-—]{{0,30}}(?:{NOTICES})$")));
static NOTICE_ENDS: LazyLock<CharSet> = LazyLock::new(|| last_of(NOTICES));
static PICTURED: LazyLock<CharSet> = LazyLock::new(|| CharSet::of("图圖▲▼△▽◀▶←→↑↓"));
static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[▲▼△▽◀▶←→↑↓]\s*\S|^(?:图为|图[①②③④⑤⑥一二三四五六1-6]\s*[为:：]|图[①②③④⑤⑥]|[上下左右]图[为:：]?|大图[为:：]?|小图[为:：]?|题图[为:：]?|题图)|(?:图为|图中为)[^。]{2,60}。?\s*$",
    )
});
static AUTHOR_NOTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[（(【]?\s*(?:本文)?作者(?:单位|简介|分别|[:：]?\s*(?P<name>[\p{Han}·]{2,4}?)(?:\s*[，,]?\s*(?:系|为|是|係|為)|\s+)|系|为|是|係|為)\s*[:：]?\s*(?P<what>[^。]{2,80}?)。?\s*[）)】]?$",
    )
});
static POINTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[（(【▶►→]*\s*(?:[\p{Han}]{0,8}(?:详见|见|刊))\s*(?:今日|本报)?\s*第?\s*[A-Z]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:\s*[、,，—至-]\s*第?[A-Z]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}))*\s*版\s*[）)】]?$",
    )
});
const BODIES: &str = "公司|局|院|会|处|中心|法院|政府|办公室|厂|厅|部|支行|分行|医院|学校|合作社|联社|集团";
static SIGNED_OFF: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:{BODIES})$")));
static BODY_ENDS: LazyLock<CharSet> = LazyLock::new(|| last_of(BODIES));

/// Widest source line and signature of a body, in half-width columns.
pub(crate) const SOURCED: usize = 44;
pub(crate) const SIGNED: usize = 60;

/// The source that a line such as 据《X》 or 来源：X names.
pub(crate) fn source(line: &str) -> Option<String> {
    let text = trim(line);
    // （原载《云江周刊》，有删节）
    let whole = ["，有删节", "，有改动", "，略有删节", "，有删减"].iter().find_map(|note| text.split_once(note));
    let plain = whole.filter(|(_, end)| matches!(*end, "）" | ")" | "")).map(|(source, end)| format!("{source}{end}"));
    let text = plain.as_deref().unwrap_or(text);
    if wider_than(text, SOURCED) || !FROM.any(text) || text.contains(['，', '。', ',']) {
        return None;
    }
    let found = SOURCE.captures(text)?;
    if let Some(agency) = found.name("agency") {
        return Some(agency.as_str().to_owned());
    }
    let name = &found["n"];
    // 据了解, 据介绍 and the like begin a sentence.
    let opens =
        ["了解", "介绍", "悉", "统计", "报道", "此", "说", "测算", "预测"].iter().any(|word| name.starts_with(word));
    let sure = text.contains(['《', '“', ':', '：', '(', '（'])
        || name.ends_with(['社', '报', '网', '端', '台', '刊'])
        || found.name("account").is_some()
        || name.starts_with("央视");
    (!opens && sure).then(|| name.to_owned())
}

/// The source in brackets at a text's end, and where it begins: …。（据新华社电）
pub(crate) fn source_at_end(text: &str) -> Option<(usize, String)> {
    let inner = text.trim_end().strip_suffix(['）', ')'])?;
    let open = inner.rfind(['（', '('])?;
    let stopped = text[..open].chars().next_back().is_some_and(|c| is_stop(c) || is_closer(c));
    let source = source(&text[open..]).filter(|_| stopped && text.len() - open <= 80)?;
    Some((open, source))
}

/// 拍卖公告（2024年第17期）: without its number.
fn numberless(text: &str) -> &str {
    let Some(inner) = text.strip_suffix(['）', ')']) else { return text };
    match inner.rsplit_once(['（', '(']) {
        Some((before, number))
            if number.ends_with(['期', '号', '次']) && number.contains(|c: char| c.is_ascii_digit()) =>
        {
            trim(before)
        }
        _ => text,
    }
}

/// Whether a line ends as the heading of a notice does.
pub(crate) fn may_head_notice(line: &str) -> bool {
    numberless(trim(line)).ends_with(|c| NOTICE_ENDS.has(c))
}

/// Whether a line heads a notice or advertisement.
pub(crate) fn heads_notice(line: &str) -> bool {
    let text = numberless(trim(line));
    may_head_notice(text)
        && !wider_than(text, 64)
        && NOTICE.is_match(text)
        && !["发布", "发出", "印发", "出台", "回应", "否认", "看懂", "读懂"].iter().any(|verb| text.contains(verb))
}

/// Whether a text begins with the bullet of a list.
pub(crate) fn begins_with_bullet(text: &str) -> bool {
    text.starts_with(['●', '■', '◆', '▲', '★', '◎', '○', '□', '◇', '•', '▪', '·', '☆'])
}

/// What stands before the colon that a line of a conversation begins with.
pub(crate) fn speaker(line: &str) -> Option<&str> {
    // No label is wider: looks no further than needed.
    let end = line.char_indices().scan(0, |wide, (at, c)| {
        *wide += usize::from(!crate::extract::text::is_blank(c));
        (*wide <= 13).then_some((at, c))
    });
    let (at, colon) = { end }.find(|(_, c)| matches!(c, ':' | '：'))?;
    let (label, said) = (trim(&line[..at]), &line[at + colon.len_utf8()..]);
    (!wider_than(label, 12) && !label.is_empty() && !trim(said).is_empty() && !label.contains(['，', '。', ' ']))
        .then_some(label)
}

/// Whether a label asks or answers, whoever it is.
pub(crate) fn asks(label: &str) -> bool {
    let label = label.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '、' | '．'));
    matches!(
        super::simplified(label).as_ref(),
        "问" | "答" | "记者" | "主持人" | "本报" | "本报记者" | "Q" | "A" | "读者问"
    ) || label.starts_with('《') && label.ends_with('》')
}

/// Whether a line is the first question of a talk: 问：…, 读者问：…
pub(crate) fn begins_talk(line: &str) -> bool {
    speaker(line).is_some_and(|label| label.ends_with(['问', '問', 'Q']) || matches!(label, "记者" | "記者" | "主持人"))
}

/// Whether a line greets those whom a letter is written to: 编辑同志：
pub(crate) fn greets(line: &str) -> bool {
    static GREETING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:尊敬的|亲爱的)?[\p{Han}]{0,8}(?:编辑|同志|同志们|先生|女士|朋友们?|读者|居民|市民|你好|您好|大家好)\s*[:：]$",
        )
    });
    line.ends_with([':', '：']) && !wider_than(line, 36) && GREETING.is_match(trim(line))
}

/// Whether a line stands in round brackets from its beginning to its end.
pub(crate) fn is_bracketed(line: &str) -> bool {
    line.starts_with(['（', '(']) && line.ends_with(['）', ')'])
}

/// Whether a line says who the author is.
pub(crate) fn is_author_note(line: &str) -> bool {
    author_note(line).is_some()
}

/// What a line such as （作者系…）, （作者：A，系…） or （作者单位：…） says of the author: the name where it is there, and where
/// he works or what he is.
pub(crate) fn author_note(line: &str) -> Option<(Option<String>, String)> {
    let found = AUTHOR_NOTE.captures(line.contains("作者").then_some(line)?)?;
    let name = found.name("name").map(|name| name.as_str()).filter(|name| super::names::looks_like_name(name));
    Some((name.map(str::to_owned), trim(&found["what"]).to_owned()))
}

/// Whether a line only points to another page: （详见3版）.
pub(crate) fn is_pointer(line: &str) -> bool {
    !wider_than(line, 32) && line.contains('版') && POINTER.is_match(line)
}

/// Whether a line describes a picture.
pub(crate) fn is_caption(line: &str) -> bool {
    PICTURED.any(line) && CAPTION.is_match(line)
}

/// An editor's note before the text.
pub(crate) fn is_editors_note(text: &str) -> bool {
    ["编者按", "【编者按", "开栏的话", "编者的话", "核心提示", "核心阅读", "阅读提示", "内容提要"]
        .iter()
        .any(|word| text.trim_start_matches(['【', '“']).starts_with(word))
}

/// Whether a line says which of several parts follows: 故事二, 镜头1：
pub(crate) fn numbers_part(line: &str) -> bool {
    let plain = super::simplified(line.trim_end_matches([':', '：']));
    let part = plain.trim_end_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十①②③④⑤⑥".contains(c));
    part.len() < plain.len()
        && ["故事", "镜头", "案例", "场景", "片段", "画面", "话题", "焦点", "看点", "亮点", "关键词", "现场", "样本"]
            .contains(&part)
}

/// Whether a line only says that a note of the editor follows.
pub(crate) fn labels_note(line: &str) -> bool {
    !wider_than(line, 12) && is_editors_note(line)
}

/// Whether a short line ends as the name of a body that signs a notice.
pub(crate) fn names_a_body(text: &str) -> bool {
    trim(text).ends_with(|c| BODY_ENDS.has(c)) && !wider_than(text, SIGNED) && SIGNED_OFF.is_match(trim(text))
}

/// Whether a text begins as only the rest of a sentence does.
pub(crate) fn begins_with_a_rest(text: &str) -> bool {
    begins_before_a_comma(text) || begins_behind_a_number(text)
}

/// Whether a text begins with one or two characters and a comma, as the rest of a sentence does and a sentence only with
/// words that are few: 日前，…
fn begins_before_a_comma(text: &str) -> bool {
    const WORDS: [&str; 34] = [
        "对", "是", "不", "好", "其实", "当然", "可是", "终于", "后来", "现在", "这天", "当晚", "当天", "当时", "会上",
        "会后", "今天", "今晚", "傍晚", "清晨", "凌晨", "中午", "上午", "下午", "夜里", "最后", "首先", "其次", "再次",
        "同样", "不料", "起初", "原来", "果然",
    ];
    let Some((at, _)) = text.char_indices().take(3).find(|(_, c)| matches!(c, '，' | ',')) else { return false };
    let word = &text[..at];
    !word.is_empty()
        && word.chars().all(crate::extract::text::is_han)
        && !word.ends_with(['后', '前', '时', '初', '日', '晨', '夜', '年', '月', '此', '来', '里'])
        && !WORDS.contains(&word)
        && !begins_running(text)
}

/// Whether a text begins with what only stands behind a number, or with the rest of a word: 项、…, 个老办法, 价每公斤….
fn begins_behind_a_number(text: &str) -> bool {
    const BEHIND: &str = "项个条名家台次辆亩吨户处批套座份件只支艘元%％℃";
    let mut chars = text.chars();
    let (Some(first), Some(second)) = (chars.next(), chars.next()) else { return false };
    if !BEHIND.contains(first) {
        return false;
    }
    let word: String = [first, second].iter().collect();
    !crate::extract::text::is_han(second) || !crate::dictionary::has_word(&word)
}

/// Words that running text begins sentences with and headings do not.
const ADVERBIALS: [&str; 51] = [
    "据",
    "近日",
    "日前",
    "连日来",
    "目前",
    "此外",
    "同时",
    "与此同时",
    "今年",
    "去年",
    "当日",
    "当天",
    "记者",
    "截至",
    "其中",
    "近年来",
    "据悉",
    "据了解",
    "据介绍",
    "其间",
    "随后",
    "如今",
    "接下来",
    "下一步",
    "不过",
    "但是",
    "然而",
    "因此",
    "为此",
    "对此",
    "另外",
    "而",
    "而且",
    "于是",
    "从",
    "他",
    "她",
    "我",
    "他们",
    "这",
    "那",
    "一位",
    "有",
    "不仅",
    "虽然",
    "如果",
    "由于",
    "早在",
    "昨天",
    "昨日",
    "在",
];

/// Whether a text begins as a sentence of running text does.
pub(crate) fn begins_running(text: &str) -> bool {
    static FIRST: LazyLock<CharSet> =
        LazyLock::new(|| CharSet::of_chars(ADVERBIALS.iter().filter_map(|word| word.chars().next())));
    if !text.starts_with(|c| FIRST.has(fold(c))) {
        return false;
    }
    let end = text.char_indices().nth(4).map_or(text.len(), |(at, _)| at);
    let head = super::simplified(&text[..end]);
    ADVERBIALS.iter().any(|word| head.starts_with(word))
}

/// Words that a sentence of running text begins with, whose comma comes soon: 针对…，, 在…，.
const OPENERS: [&str; 20] = [
    "针对",
    "随着",
    "按照",
    "根据",
    "为了",
    "对此",
    "为此",
    "与此同时",
    "今年以来",
    "去年以来",
    "连日来",
    "近日",
    "日前",
    "目前",
    "据",
    "记者",
    "截至",
    "经过",
    "其间",
    "在",
];
/// Characters within which that comma stands.
pub(crate) const OPENER: usize = 13;

/// Whether a line reads as the beginning of a sentence that a column's end broke off: where, when or for what, a comma, and
/// what happens; or a quotation that ends in a comma, and what goes on behind it.
pub(crate) fn reads_on(text: &str) -> bool {
    let quoted = ["，”", ",”", ",\"", "，」"].iter().any(|mark| text.find(mark).is_some_and(|at| at > 0));
    if quoted {
        return true;
    }
    let comma = text.char_indices().take(OPENER).find(|(_, c)| matches!(c, '，' | ','));
    let Some((at, c)) = comma else { return false };
    let rest = &text[at + c.len_utf8()..];
    let head = super::simplified(&text[..at]);
    rest.chars().count() >= 4
        && OPENERS.iter().any(|word| head.starts_with(word))
        && !text.ends_with(['！', '？', '!', '?'])
}

/// Characters before a bracket that an item's number closes, fewer than.
pub(crate) const NUMBERED: usize = 4;

/// Whether a text closes a bracket that it did not open, further on than a number of an item does.
#[cfg(test)]
pub(crate) fn closes_unopened(text: &str) -> bool {
    let first = text.chars().enumerate().find(|(_, c)| matches!(c, '（' | '(' | '）' | ')'));
    first.is_some_and(|(at, c)| matches!(c, '）' | ')') && at >= NUMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_lines_are_told_from_sentences() {
        assert_eq!(source("据《云城日报》").as_deref(), Some("云城日报"));
        assert_eq!(source("（来源：云城发布）").as_deref(), Some("云城发布"));
        assert_eq!(source("据了解，新桥已经通车。"), None);
        assert_eq!(source("据介绍"), None);
        assert_eq!(source("据《云城工人》杂志").as_deref(), Some("云城工人"));
        assert_eq!(source("（本栏消息均据云江社电）").as_deref(), Some("云江社"));
    }

    #[test]
    fn the_first_half_of_a_torn_sentence_is_told_from_a_heading() {
        for text in ["针对渡口停航的情况，两岸乡镇提前备下了", "在云江新桥，养护工陈小禾每天要走上", "“船走得慢，”林"]
        {
            assert!(reads_on(text), "{text}");
        }
        for text in ["线路怎么定，乘客说了算", "从渡口到桥头，一条路走了三十年", "“慢一点，再稳一点”", "在江上"]
        {
            assert!(!reads_on(text), "{text}");
        }
        assert!(closes_unopened("林远、陈小禾）新桥通车"));
        assert!(!closes_unopened("（三）报名") && !closes_unopened("1）报名"));
    }

    #[test]
    fn notices_are_told_from_news_about_notices() {
        assert!(heads_notice("招标公告"));
        assert!(heads_notice("遗失声明"));
        assert!(!heads_notice("市交通局发布公告"));
        assert!(!heads_notice("新桥通车"));
    }

    #[test]
    fn a_note_says_what_the_author_is() {
        let told = |line| author_note(line).unwrap();
        assert_eq!(told("（作者系云城大学教授）"), (None, "云城大学教授".into()));
        assert_eq!(told("（作者单位：云城大学）"), (None, "云城大学".into()));
        assert_eq!(told("（作者：林远，系云城大学教授）"), (Some("林远".into()), "云城大学教授".into()));
        assert_eq!(author_note("作者系着围裙走进厨房。他说，汤好了。"), None);
    }
}
