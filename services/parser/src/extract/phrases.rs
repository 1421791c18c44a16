//! What the words of a heading's line say of its place in the heading.

use super::text::{columns, is_blank, is_han};

/// Whether blanks part a line in two.
pub(crate) fn parted(text: &str) -> bool {
    text.split(is_blank).filter(|part| columns(part) >= 4).count() >= 2
}

/// Whether a line has clauses.
pub(crate) fn clauses(text: &str) -> bool {
    text.contains(['，', ',', '；', '：', '。'])
}

/// Whether a line begins with the dashes of a deck.
pub(crate) fn dashed(text: &str) -> bool {
    text.starts_with(['—', '－']) || text.starts_with("--")
}

/// Words that leave a phrase hanging at a line's end: particles, verbs that want an object, a number of things.
pub(crate) fn hangs(text: &str) -> bool {
    const VERBS: [&str; 13] =
        ["有了", "在了", "出台", "推出", "印发", "启动", "实施", "开展", "迎来", "装上", "用上", "变成", "建成"];
    let measured = || {
        let mut last = text.chars().rev();
        let thing = last.next().is_some_and(|c| "台个名条家项座次支只件艘辆户间处所张份位".contains(c));
        thing && last.next().is_some_and(|c| c.is_ascii_digit() || "一二两三四五六七八九十百千万几余".contains(c))
    };
    VERBS.iter().any(|verb| text.ends_with(verb))
        || measured()
        || text.ends_with([
            '的', '与', '和', '在', '让', '把', '是', '向', '为', '给', '为', '與', '讓', '為', '從', '从', '被', '、',
        ])
}

/// Words that a headline's second line begins with: it goes on with what the first has begun.
pub(crate) fn carries_on(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "叫", "有了", "将", "在", "向", "为", "让", "把", "被", "列入", "获", "成", "已", "再", "最快", "从", "正式",
        "全面", "的", "將", "為", "讓", "與", "与",
    ];
    WORDS.iter().any(|word| text.starts_with(word))
}

/// Says who said what the headline brings.
pub(crate) fn announces(text: &str) -> bool {
    const WORDS: [&str; 20] = [
        "强调", "指出", "要求", "提出", "表示", "说", "强調", "強調", "說", "召开", "发布", "宣布", "显示", "顯示",
        "透露", "披露", "发现", "获悉", "：", ":",
    ];
    WORDS.iter().any(|word| text.ends_with(word))
}

/// 桥南村的船工周舟——, 市长陈小禾调研时强调: whose deeds or words the line below tells.
pub(crate) fn names_who(text: &str) -> bool {
    let Some(who) = text.strip_suffix("——") else { return text.ends_with("强调") || text.ends_with("指出") };
    let name = |chars: usize| who.char_indices().rev().nth(chars - 1).map(|(at, _)| &who[at..]);
    who.ends_with("代表")
        || who.ends_with("委员")
        || [3, 2].into_iter().filter_map(name).any(super::grammar::names::looks_like_name)
}

/// Tells what happened rather than what it means: it has clauses, or is long for half a headline.
pub(crate) fn tells(text: &str) -> bool {
    clauses(text)
        || columns(text) >= 26
        || columns(text) >= 20 && super::grammar::marks::names_a_body(text)
        || text.ends_with(['—', '…'])
        || announces(text)
        || names_its_form(text)
}

/// 论把…, 三论…: the name of a series of commentaries.
pub(crate) fn part_of_series(text: &str) -> bool {
    let rest = text.trim_start_matches(['再', '一', '二', '三', '四', '五', '六', '七', '八', '九']);
    rest.starts_with(['论', '論']) && columns(rest) >= 10 && !rest.starts_with("论坛") && !rest.starts_with("论文")
}

/// “…”: a headline that is what somebody said.
pub(crate) fn is_quotation(text: &str) -> bool {
    text.starts_with(['“', '「']) && text.ends_with(['”', '」']) && columns(text) >= 14
}

/// 东湾渔村转产见闻: what the report is about and which form it has.
pub(crate) fn names_its_form(text: &str) -> bool {
    const FORMS: [&str; 24] = [
        "变迁记",
        "突围记",
        "亲历记",
        "蹲点记",
        "直击",
        "走笔",
        "寻访",
        "见闻",
        "纪实",
        "侧记",
        "纪事",
        "掠影",
        "扫描",
        "采访记",
        "散记",
        "见聞",
        "紀實",
        "側記",
        "的故事",
        "的十年",
        "之际",
        "综述",
        "调查",
        "观察",
    ];
    columns(text) >= 14 && FORMS.iter().any(|form| text.ends_with(form))
}

/// 陈小禾主持并讲话, 陈小禾林远出席: who led or attended what the headline reports.
pub(crate) fn attends(text: &str) -> bool {
    const DEEDS: [&str; 8] = ["讲话", "出席", "致辞", "致词", "主持", "参加", "批示", "陪同"];
    let verb = ["主持", "出席", "作", "讲话", "致", "参加", "宣布", "陪同"];
    let head = |name: usize| text.char_indices().nth(name).map(|(at, _)| &text[at..]);
    if columns(text) > 36 || !crate::extract::begins_with_family(text) {
        return false;
    }
    let behind = |so: &dyn Fn(&str) -> bool| [2, 3].into_iter().filter_map(head).any(so);
    let said =
        |rest: &str| verb.iter().any(|verb| rest.starts_with(verb)) || rest.starts_with([' ', '\u{3000}', '、', '等']);
    // 陈小禾出席闭幕式
    let there = |rest: &str| columns(text) <= 20 && (rest.starts_with("出席") || rest.starts_with("陪同"));
    let alone = || ["出席", "参加"].iter().find_map(|deed| text.strip_suffix(deed)).is_some_and(are_names);
    DEEDS.iter().any(|deed| text.ends_with(deed)) && behind(&said) || behind(&there) || alone()
}

/// 陈小禾林远叶茂林: nothing but names of three or two characters, side by side.
fn are_names(text: &str) -> bool {
    let cut = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(at, _)| at);
    text.is_empty()
        || crate::extract::begins_with_family(text)
            && [3, 2].into_iter().any(|name| text.chars().count() >= name && are_names(&text[cut(name)..]))
}

/// 云江柏安, 桥南村: nothing but a place, or two.
pub(crate) fn is_place(text: &str) -> bool {
    const ENDS: [char; 10] = ['省', '市', '县', '区', '州', '盟', '旗', '镇', '乡', '村'];
    let plain: String = text.chars().filter(|c| !is_blank(*c)).collect();
    let count = plain.chars().count();
    if !(2..=PLACES).contains(&count) || !plain.chars().all(is_han) {
        return false;
    }
    let known = crate::dictionary::is_place;
    let ends = plain.char_indices().map(|(at, _)| at).skip(2);
    let two = |at: usize| known(&plain[..at]) && (known(&plain[at..]) || plain.ends_with(ENDS));
    known(&plain) || ends.take(2).any(two)
}

/// Most characters of places that stand alone.
const PLACES: usize = 8;

/// 强调…, 指出…: what was said where the line above says.
pub(crate) fn reports_words(text: &str) -> bool {
    ["强调", "指出", "強調"].iter().any(|word| text.starts_with(word)) && columns(text) >= 14
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_attended_is_told_from_what_happened() {
        for line in ["陈小禾主持并讲话", "陈小禾出席", "陈小禾林远叶茂林出席", "陈小禾出席闭幕式"]
        {
            assert!(attends(line), "{line}");
        }
        for line in ["云江新桥今天通车", "陈小禾的养蜂生意", "高校师生参加春耕", "市民代表出席听证会"]
        {
            assert!(!attends(line), "{line}");
        }
    }

    #[test]
    fn a_kicker_may_name_whom_the_headline_tells_of() {
        for line in ["桥南村的船工周舟——", "市人大代表陈小禾——", "陈小禾在桥南调研时强调"]
        {
            assert!(names_who(line), "{line}");
        }
        assert!(!names_who("品种多，价格稳——") && !names_who("船工周舟的四十年"));
    }

    #[test]
    fn places_that_stand_alone_are_places() {
        for line in ["北京", "浙江台州", "海　南", "重庆忠县"] {
            assert!(is_place(line), "{line}");
        }
        for line in ["北京通车", "大坝加固", "科技前沿", "春耕"] {
            assert!(!is_place(line), "{line}");
        }
    }
}
