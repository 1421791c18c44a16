//! Names of people as bylines print them: 2 to 4 characters, spaced out, set side by side, with a middle dot, or Latin.

use std::sync::LazyLock;

use super::fold;
use crate::extract::text::{CharSet, is_blank, is_han};

/// The commonest family names of one character, enough to tell two names that stand together from one long one.
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁\
任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰\
殷施洪翟安颜倪牛温季芦葛俞申尤毕耿詹岳齐焦梅庄辛管祝左涂谷祁时舒柯阮柴蒙鲍凌柳欧欧路解甘饶单宁冉包米车涂成霍苗卞卫纪凌费\
翁涂屈符项游阳裴席吉佟曲蒲滕盛骆宫娄褚戚司连桑班封鹿臧边华尚幸简佘景黑闵仇木胥丛隋慕艾聂关应柏植古伍鞠郎晏冷岑敖储匡初\
張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇呂盧鐘譚陸範賈鄒閆閻龍賀顧龔萬錢戴嚴湯喬賴龐蘭顏溫蘆畢齊莊塗時歐單寧車衛紀費項陽裴\
傅邢鲁奚喻窦章昌廉邬湛禹狄贝穆麻刁支昝房裘缪宗宣贲郁杭诸钮嵇滑荀惠甄芮羿靳汲邴糜巫隗宓郗仲伊栾厉戎祖郜蓟薄邰鄂蔺屠池阴闻莘党贡劳逄姬\
盖辜麦仰邸墨谯敬藍辜遊麥蓋扶堵郦雍璩桂濮扈冀郏浦瞿茹习宦戈庾衡寇阙殳沃蔚夔隆巩厍訾阚沙巢蒯荆竺逯桓牟晁仉鄢雒谌冼仝亓禤迟蓝揭宿骞苑栗邝束楚粟勾淳税旷粘凤卓茅\
童虞钭咸寿鱼禄毋乜魯竇鄔貝繆貫諸鈕厲聞薊藺黨貢勞闕鞏簡關酈聶";

static FAMILIES: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(FAMILY));

/// Family names of two characters.
pub(crate) const DOUBLE: [&str; 62] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒", "宇文", "长孙",
    "申屠", "端木", "百里", "呼延", "南宫", "独孤", "万俟", "闻人", "赫连", "澹台", "公冶", "宗政", "濮阳", "淳于",
    "太叔", "仲孙", "轩辕", "钟离", "鲜于", "闾丘", "司空", "亓官", "司寇", "颛孙", "巫马", "漆雕", "乐正", "拓跋",
    "宰父", "谷梁", "段干", "东郭", "羊舌", "梁丘", "左丘", "歐陽", "司馬", "諸葛", "東方", "尉遲", "聞人", "赫連",
    "濮陽", "長孫", "公孫", "鍾離", "南宮", "鮮于",
];

/// Characters that names of other languages are written with: only of these may a name of four be made.
const SOUNDS: &str = "阿依古丽买提尔木克娜江汗甫斯拉巴扎西卓玛次仁尼格桑多吉洛旺乌其达瓦努热艾合麦迪里亚孜帕夏吐尔逊赛肯别哈萨塔那仁央金德吉平措顿珠罗布才让\
加措边朗杰措姆米沙伊布拉欣图雅高娃其木格苏日巴特尔";

/// Words that stand where a name could but are none.
const NO_NAME: [&str; 65] = [
    "记者",
    "报道",
    "摄影",
    "通讯员",
    "编辑",
    "本报",
    "新华社",
    "日前",
    "近日",
    "今天",
    "昨天",
    "昨日",
    "今日",
    "综合",
    "整理",
    "特约",
    "实习",
    "作者",
    "责编",
    "责任",
    "文图",
    "图文",
    "电",
    "讯",
    "摄",
    "本版",
    "消息",
    "公告",
    "声明",
    "启事",
    "高清",
    "时间",
    "常识",
    "方法",
    "关注",
    "文化",
    "文明",
    "成长",
    "高考",
    "安全",
    "供图",
    "摄图",
    "绘图",
    "制图",
    "现场",
    "连线",
    "独家",
    "跟踪",
    "直播",
    "采访",
    "调查",
    "走访",
    "前方",
    "随队",
    "深度",
    "特别",
    "简讯",
    "文字",
    "文摄",
    "编译",
    "综述",
    "评论员",
    "供稿",
    "供片",
    "通讯",
];

/// Common words that begin as names do: no names where nothing but the place on the page speaks for one.
const WORDS: [&str; 131] = [
    "明天", "何时", "何处", "何人", "何以", "方能", "方便", "方式", "时事", "时评", "时政", "时讯", "时代", "安心",
    "成立", "成功", "成果", "高层", "高端", "关于", "关爱", "关键", "钱包", "钱袋", "江湖", "江南", "江北", "江畔",
    "江上", "江苏", "江西", "黄河", "黄金", "黄昏", "山水", "石头", "花开", "花海", "花园", "田园", "田间", "田野",
    "水利", "水务", "白天", "白露", "温暖", "温度", "温馨", "万家", "万里", "万物", "金融", "金秋", "金色", "龙舟",
    "龙年", "马年", "马路", "方向", "方案", "方圆", "向上", "向前", "向海", "时光", "于是", "解读", "解码", "解题",
    "解决", "解析", "路上", "路口", "路线", "车间", "车站", "简介", "简报", "查询", "古城", "古镇", "包裹", "包容",
    "别样", "应急", "应对", "常态", "常见", "经济", "经验", "经典", "夏日", "夏天", "季节", "习俗", "习惯", "项目",
    "连环", "房产", "房屋", "支部", "支持", "支招", "沙漠", "沙滩", "章程", "贝壳", "党建", "党员", "党课", "党史",
    "祖国", "阴天", "计划", "步行", "通告", "池塘", "荆棘", "桂花", "戈壁", "童年", "童心", "童话", "盛会", "盛夏",
    "盛世", "盛典", "盛开", "危机", "危险",
];

/// Whether a text begins with a family name.
pub(crate) fn begins_with_family(text: &str) -> bool {
    text.chars().next().is_some_and(|first| FAMILIES.has(fold(first)))
        || DOUBLE.iter().any(|name| text.starts_with(name))
}

/// Whether the first of the names in a text, if it holds names, begins with a family name.
pub(crate) fn may_begin_with_family(text: &str) -> bool {
    begins_with_family(text.trim_start_matches(|c| is_blank(c) || divides(c)))
}

fn divides(c: char) -> bool {
    matches!(c, '、' | ',' | '，' | ';' | '；' | '/' | '／' | '|' | '｜' | '&')
}

/// What no name ends in: particles, and what the names of institutions end in.
const NO_END: [char; 20] = [
    '的', '了', '在', '与', '及', '馆', '委', '局', '站', '厅', '厂', '署', '館', '廠', '廳', '與', '处', '處', '校',
    '队',
];

/// Whether a text that no role word introduces is, taken alone, plausibly one person's name.
pub(crate) fn looks_like_name(text: &str) -> bool {
    let length = text.chars().count();
    (2..=3).contains(&length)
        && text.chars().all(is_han)
        && begins_with_family(text)
        && !text.ends_with(NO_END)
        && !NO_NAME.contains(&text)
        && !WORDS.contains(&text)
        || length == 4 && DOUBLE.iter().any(|name| text.starts_with(name)) && text.chars().all(is_han)
}

/// `□言默`, `海　棠`: a name that is none by its first character is one by how it is set.
pub(super) fn pen_name(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(super::byline::BULLETS);
    let name: String = bare.chars().filter(|c| !is_blank(*c)).collect();
    let spaced = bare.chars().next().is_some_and(is_han)
        && bare.chars().filter(|c| is_blank(*c)).count() >= 1
        && bare.split(is_blank).filter(|part| !part.is_empty()).all(|part| part.chars().count() == 1);
    let length = name.chars().count();
    let set = bare.len() < text.len() && (2..=3).contains(&length) || spaced && length == 2;
    (set && name.chars().all(is_han) && may_be_pen_name(&name)).then_some(name)
}

/// Whether a word could be somebody's pen name: none of the words that stand where names do.
pub(crate) fn may_be_pen_name(text: &str) -> bool {
    !NO_NAME.contains(&text)
        && !WORDS.contains(&text)
        && !super::marks::labels_section(text)
        && !super::marks::heads_notice(text)
        && !text.ends_with(['讯', '读', '示', '评', '闻', '版', '报', '訊', '讀', '評', '聞', '報'])
}

/// The names in a text that consists of names only; nothing where any part of it is no name.
pub(crate) fn parse(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for group in text.split(divides).flat_map(apart) {
        let tokens: Vec<&str> = group.split(is_blank).filter(|token| !token.is_empty()).collect();
        let mut at = 0;
        // 陈 小 禾: three characters spaced out.
        let spaced = tokens.len() == 3 && tokens.iter().all(|token| token.chars().count() == 1);
        if spaced && begins_with_family(tokens[0]) && is_name(&tokens.concat()) {
            names.push(tokens.concat());
            continue;
        }
        while at < tokens.len() {
            let single = |token: &&str| token.chars().count() == 1 && token.chars().all(is_han);
            if single(&tokens[at]) {
                // 王　伟: two single characters are one name; 王 小明 is one, too.
                let next = tokens.get(at + 1)?;
                let joined = format!("{}{next}", tokens[at]);
                if !is_name(&joined) {
                    return None;
                }
                names.push(joined);
                at += 2;
            } else if tokens[at].is_ascii() {
                let end = (at..tokens.len()).find(|i| !tokens[*i].is_ascii()).unwrap_or(tokens.len());
                let name = tokens[at..end].join(" ");
                if !name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | '-' | '\''))
                    || name.len() > 40
                {
                    return None;
                }
                names.push(name);
                at = end;
            } else if cut_by_a_wrap(&tokens[at..]) {
                names.push(format!("{}{}", tokens[at], tokens[at + 1]));
                at += 2;
            } else {
                split(tokens[at], &mut names)?;
                at += 1;
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

/// `陈小 禾`: a line's end cut the third character off, and what comes next is no part of another name with it.
fn cut_by_a_wrap(tokens: &[&str]) -> bool {
    let han = |token: &str, length: usize| token.chars().count() == length && token.chars().all(is_han);
    let [first, last, rest @ ..] = tokens else { return false };
    let stands_alone = match rest.first() {
        None => true,
        Some(next) => !begins_with_family(last) && !han(next, 1),
    };
    han(first, 2) && han(last, 1) && begins_with_family(first) && stands_alone
}

/// `王安和李强` is two names, `李和平` is one.
fn apart(group: &str) -> Vec<&str> {
    match group.split_once('和') {
        Some((left, right)) if left.trim().chars().count() >= 2 && right.trim().chars().count() >= 2 => {
            vec![left, right]
        }
        _ => vec![group],
    }
}

fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    !NO_NAME.contains(&text)
        && !text.ends_with("记者")
        && !text.ends_with("讯员")
        && if text.contains(['·', '•', '・', '‧']) {
            (3..=16).contains(&length) && text.chars().all(|c| is_han(c) || matches!(c, '·' | '•' | '・' | '‧'))
        } else {
            text.chars().all(is_han)
                && ((2..=3).contains(&length)
                    || length == 4
                        && (DOUBLE.iter().any(|name| text.starts_with(name))
                            || text.chars().all(|c| SOUNDS.contains(c))))
        }
}

/// One token: a name, or names that stand together without a space.
fn split(token: &str, names: &mut Vec<String>) -> Option<()> {
    let chars: Vec<char> = token.chars().collect();
    let text = |range: &[char]| range.iter().collect::<String>();
    let family = |at: usize| begins_with_family(&text(&chars[at..chars.len().min(at + 2)]));
    let double = DOUBLE.iter().any(|name| token.starts_with(name));
    if chars.len() == 4 && !double && family(0) && family(2) && chars.iter().all(|c| is_han(*c)) {
        names.push(text(&chars[..2]));
        names.push(text(&chars[2..]));
        return Some(());
    }
    if is_name(token) {
        names.push(token.to_owned());
        return Some(());
    }
    if (7..=12).contains(&chars.len()) && chars.iter().all(|c| is_han(*c)) {
        return several(&chars, names);
    }
    if !(5..=6).contains(&chars.len()) || !chars.iter().all(|c| is_han(*c)) || !family(0) {
        return None;
    }
    let cut = if chars.len() == 6 || family(3) { 3 } else { 2 };
    if !family(cut) {
        return None;
    }
    names.push(text(&chars[..cut]));
    names.push(text(&chars[cut..]));
    Some(())
}

/// Three names or more that stand together without a space: cut where family names stand, into as few as may be.
fn several(chars: &[char], names: &mut Vec<String>) -> Option<()> {
    let text = |range: &[char]| range.iter().collect::<String>();
    // For each end how few names reach it, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; chars.len() + 1];
    best[0] = Some((0, 0));
    for end in 2..=chars.len() {
        for length in [3, 2] {
            let Some((count, _)) = end.checked_sub(length).and_then(|from| best[from]) else { continue };
            let name = text(&chars[end - length..end]);
            let better = best[end].is_none_or(|(known, _)| count + 1 < known);
            if better && begins_with_family(&name) && is_name(&name) {
                best[end] = Some((count + 1, end - length));
            }
        }
    }
    let (mut end, mut found) = (chars.len(), Vec::new());
    while end > 0 {
        let (_, from) = best[end]?;
        found.push(text(&chars[from..end]));
        end = from;
    }
    names.extend(found.into_iter().rev());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_however_they_are_set() {
        let all = |text| parse(text).unwrap();
        assert_eq!(all("陈小禾 林远"), ["陈小禾", "林远"]);
        assert_eq!(all("王　伟 成露"), ["王伟", "成露"]);
        assert_eq!(all("王 伟 李 明"), ["王伟", "李明"]);
        assert_eq!(all("陈 小 禾"), ["陈小禾"]);
        assert_eq!(all("林远、陈小 禾"), ["林远", "陈小禾"]);
        assert_eq!(all("陈小 禾 林远"), ["陈小禾", "林远"]);
        assert_eq!(all("林远 王 伟"), ["林远", "王伟"]);
        assert_eq!(all("陈小禾、林远，周舟"), ["陈小禾", "林远", "周舟"]);
        assert_eq!(all("王安和李强"), ["王安", "李强"]);
        assert_eq!(all("李和平"), ["李和平"]);
        assert_eq!(all("欧阳小禾"), ["欧阳小禾"]);
        assert_eq!(all("李娜王伟"), ["李娜", "王伟"]);
        assert_eq!(all("陈小禾林远周舟"), ["陈小禾", "林远", "周舟"]);
        assert_eq!(all("阿依古丽·买买提"), ["阿依古丽·买买提"]);
        assert_eq!(all("John Smith"), ["John Smith"]);
    }

    #[test]
    fn what_holds_anything_but_names_is_refused() {
        for text in ["", "从中国铁路集团获悉", "王伟2", "报道", "王"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in ["文化馆", "林业站", "程中的"] {
            assert!(!looks_like_name(text), "{text}");
        }
    }
}
