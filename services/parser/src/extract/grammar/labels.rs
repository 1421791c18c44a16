//! Labels of columns (栏题), and headlines that name whose news they are.

use std::sync::LazyLock;

use regex::Regex;

use super::{last_of, pattern};
use crate::extract::text::{CharSet, is_han, trim, wider_than};

const SECTIONS: &str = "特稿|专栏|聚焦|观察|视点|关注|评论|时评|短评|社论|调查|纪实|速递|快讯|简讯|速览|资讯|导读|链接|进行时|走基层|直播间|访谈|对话|系列报道|编者按|编后|随笔|副刊|故事汇|热点|焦点|话题|追踪|纵深|特别报道|报道|视窗|人物|一线|之窗|之声|广角|看台|论坛|讲堂|课堂|连线|现场|见闻|手记|札记|述评|综述|快评|锐评|记者观察|特写|专题|专访|人物|身边事|新时代|新征程|巡礼|风采|短波|播报|一句话新闻|短论|微评|热评|点评|微言|新诗|诗页|小议|杂谈|今日谈|漫谈|街谈|夜话|夜谈|来论|来信|社评|漫笔|集纳|简报|短讯|要闻|问答|来稿|絮语|微播报|播报|影像志|手札|茶座|编读往来|信箱|周记|人物志|文摘|直通车|热线|前沿|书评|新书|书架|来信|照登|回音壁|群言堂|建言|传真|动态|速读|数读|快递|快语|直击|以案说法|有话说|一线行|基层行|办实事|在行动|科普|提醒台|曝光台|光荣榜|公告栏|听民声|读者之声|资料库|小知识|小贴士|图片新闻|图片报道|新闻图片|图说新闻";
static SECTION: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?:{SECTIONS})$")));
static SECTION_ENDS: LazyLock<CharSet> = LazyLock::new(|| last_of(SECTIONS));

/// Widest column label, in half-width columns.
pub(crate) const LABEL: usize = 28;

/// Whether a short line uses words that label columns.
pub(crate) fn labels_section(line: &str) -> bool {
    let text = trim(line);
    let bracketed = text.starts_with(['【', '［', '〖', '[', '〔']) && text.ends_with(['】', '］', '〗', ']', '〕']);
    !wider_than(text, LABEL)
        && (bracketed
            || text.split_whitespace().any(|part| part.ends_with(|c| SECTION_ENDS.has(c)) && SECTION.is_match(part)))
}

/// Whether a line is the label of a picture that has no other heading.
pub(crate) fn labels_picture(text: &str) -> bool {
    ["图片新闻", "图片报道", "新闻图片", "图说新闻", "影像新闻"].contains(&super::simplified(trim(text)).as_ref())
}

/// Whether a heading names a house and, behind a colon, what it does: 云城供电：把电送上桥头.
pub(crate) fn heads_house_news(text: &str) -> bool {
    const HOUSES: &str = "建行|农行|工行|中行|支行|农商行|银行|邮政|烟草|供电|电力|电网|公司|集团|海关|税务|公安|大学|中学|小学|\
                          学校|中心|局|厅|委|工会|县|市|区|镇|乡|村|州|街道|社区|厂|矿|站|院|馆|油田|石化|铁路|地铁|车间";
    let Some((house, deed)) = text.split_once(['：', ':']) else { return false };
    let han = house.chars().all(is_han);
    han && (3..=12).contains(&house.chars().count())
        && deed.chars().count() >= 4
        && HOUSES.split('|').any(|word| house.ends_with(word))
}
