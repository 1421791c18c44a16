//! Bylines in every form that dailies set them in: each role with each joint form, below a headline, and in the lead.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

#[path = "common/text.rs"]
mod text;

use contract::Role::{self, Author, Correspondent, Editor, Photographer, Reporter};

type Form = (&'static str, &'static [(&'static str, Role)]);

/// Lines of their own.
#[rustfmt::skip]
const LINES: &[Form] = &[
    ("本报记者 陈小禾 林远 通讯员 周舟", &[("陈小禾", Reporter), ("林远", Reporter), ("周舟", Correspondent)]),
    ("本报记者 陈小禾　通讯员 周舟 林远", &[("陈小禾", Reporter), ("周舟", Correspondent), ("林远", Correspondent)]),
    ("新华社记者 陈小禾、林远", &[("陈小禾", Reporter), ("林远", Reporter)]),
    ("周舟 本报记者 林远", &[("周舟", Author), ("林远", Reporter)]),
    ("本报特派记者 陈小禾", &[("陈小禾", Reporter)]),
    ("本报特派记者 陈小禾 林远 发自云城", &[("陈小禾", Reporter), ("林远", Reporter)]),
    ("本报首席记者 陈小禾", &[("陈小禾", Reporter)]),
    ("本报见习记者 陈小禾 通讯员 林远", &[("陈小禾", Reporter), ("林远", Correspondent)]),
    ("本报实习记者 陈小禾", &[("陈小禾", Reporter)]),
    ("本报全媒体记者 陈小禾 实习生 林远", &[("陈小禾", Reporter), ("林远", Correspondent)]),
    ("本报驻云城记者 陈小禾", &[("陈小禾", Reporter)]),
    ("云城日报记者 陈小禾", &[("陈小禾", Reporter)]),
    ("本刊记者 陈小禾", &[("陈小禾", Reporter)]),
    ("记者 陈小禾 通讯员 林远", &[("陈小禾", Reporter), ("林远", Correspondent)]),
    ("记者陈小禾 通讯员林远 周舟", &[("陈小禾", Reporter), ("林远", Correspondent), ("周舟", Correspondent)]),
    ("记者/陈小禾 通讯员/林远", &[("陈小禾", Reporter), ("林远", Correspondent)]),
    ("记者：陈小禾 摄影：林远", &[("陈小禾", Reporter), ("林远", Photographer)]),
    ("文/陈小禾 图/林远", &[("陈小禾", Author), ("林远", Photographer)]),
    ("文/陈小禾　摄/林远", &[("陈小禾", Author), ("林远", Photographer)]),
    ("陈小禾/文 林远/图", &[("陈小禾", Author), ("林远", Photographer)]),
    ("陈小禾 文 林远 图", &[("陈小禾", Author), ("林远", Photographer)]),
    ("陈小禾 文/图", &[("陈小禾", Author), ("陈小禾", Photographer)]),
    ("文/图 本报记者 陈小禾", &[("陈小禾", Reporter), ("陈小禾", Photographer)]),
    ("本报记者 陈小禾 文/图", &[("陈小禾", Reporter), ("陈小禾", Photographer)]),
    ("本报记者 陈小禾 文 林远 图", &[("陈小禾", Reporter), ("林远", Photographer)]),
    ("口述/陈小禾 整理/林远", &[("陈小禾", Author), ("林远", Editor)]),
    ("口述：陈小禾 整理：本报记者 林远", &[("陈小禾", Author), ("林远", Reporter)]),
    ("讲述/陈小禾 整理/林远", &[("陈小禾", Author), ("林远", Editor)]),
    ("陈小禾 口述 林远 整理", &[("陈小禾", Author), ("林远", Editor)]),
    ("作者：陈小禾", &[("陈小禾", Author)]),
    ("撰文/陈小禾 摄影/林远", &[("陈小禾", Author), ("林远", Photographer)]),
    ("编译/陈小禾", &[("陈小禾", Editor)]),
    ("□ 本报记者 陈小禾 林远", &[("陈小禾", Reporter), ("林远", Reporter)]),
    ("□陈小禾", &[("陈小禾", Author)]),
    ("■ 记者 陈小禾 林远", &[("陈小禾", Reporter), ("林远", Reporter)]),
    ("◎ 陈小禾", &[("陈小禾", Author)]),
    ("（本报记者 陈小禾）", &[("陈小禾", Reporter)]),
    ("【本报记者 陈小禾】", &[("陈小禾", Reporter)]),
    ("本报记者 王  伟", &[("王伟", Reporter)]),
    ("本报记者 王　伟 李　娜", &[("王伟", Reporter), ("李娜", Reporter)]),
    ("本报记者 王　伟 陈小禾 通讯员 李　娜", &[("王伟", Reporter), ("陈小禾", Reporter), ("李娜", Correspondent)]),
    ("王  伟", &[("王伟", Author)]),
    ("王  伟  李  娜", &[("王伟", Author), ("李娜", Author)]),
    ("□ 王　伟", &[("王伟", Author)]),
    ("本报记者 欧阳小禾 阿依努尔·买买提", &[("欧阳小禾", Reporter), ("阿依努尔·买买提", Reporter)]),
    ("本報記者 陳小禾 通訊員 林遠", &[("陳小禾", Reporter), ("林遠", Correspondent)]),
    ("記者陳小禾／雲城報導", &[("陳小禾", Reporter)]),
    ("本报记者 陈小禾 摄影报道", &[("陈小禾", Reporter), ("陈小禾", Photographer)]),
    ("本报记者 陈小禾 报道", &[("陈小禾", Reporter)]),
    ("通讯员 陈小禾 林远", &[("陈小禾", Correspondent), ("林远", Correspondent)]),
    ("本报通讯员 陈小禾", &[("陈小禾", Correspondent)]),
    ("特约撰稿人 陈小禾", &[("陈小禾", Author)]),
    ("本报评论员 陈小禾", &[("陈小禾", Author)]),
];

/// Words that a report's first paragraph begins with.
#[rustfmt::skip]
const LEADS: &[Form] = &[
    ("本报讯（记者 陈小禾 通讯员 林远）", &[("陈小禾", Reporter), ("林远", Correspondent)]),
    ("本报讯 (记者陈小禾)", &[("陈小禾", Reporter)]),
    ("本报讯 记者陈小禾报道：", &[("陈小禾", Reporter)]),
    ("本报讯 （见习记者 陈小禾 实习生 林远）", &[("陈小禾", Reporter), ("林远", Correspondent)]),
    ("【本报讯】（记者 陈小禾）", &[("陈小禾", Reporter)]),
    ("【记者陈小禾／云城报道】", &[("陈小禾", Reporter)]),
    ("〔記者陳小禾／雲城報導〕", &[("陳小禾", Reporter)]),
    ("本报云城11月17日电（记者 陈小禾）", &[("陈小禾", Reporter)]),
    ("据新华社云城11月17日电（记者陈小禾、林远）", &[("陈小禾", Reporter), ("林远", Reporter)]),
    ("（记者 陈小禾）", &[("陈小禾", Reporter)]),
    ("（本报记者 王　伟 通讯员 李　娜）", &[("王伟", Reporter), ("李娜", Correspondent)]),
    ("本报讯（全媒体记者 陈小禾）", &[("陈小禾", Reporter)]),
    ("本报讯（特约记者 陈小禾 通讯员 林远、周舟）", &[("陈小禾", Reporter), ("林远", Correspondent), ("周舟", Correspondent)]),
    ("本报讯（文/图 记者 陈小禾）", &[("陈小禾", Reporter), ("陈小禾", Photographer)]),
];

const FIRST: &str = "云江新桥今天上午正式通车，两岸居民从此不必再等渡船，过江只要十分钟。桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍。";
const SECOND: &str = "水位最高的那几天，渡口停航，学生要绕行三十里。";

/// What is wrong with a page that has one article with these people, if anything.
fn wrong(form: &Form, page: &str) -> Option<String> {
    let articles = text::extraction(page.as_bytes()).unwrap().articles;
    let found: Vec<(&str, Role)> =
        articles.iter().flat_map(|a| a.byline.iter().map(|by| (by.name.as_str(), by.role))).collect();
    let headed = articles.len() == 1 && articles[0].headline.as_deref() == Some("云江新桥正式通车");
    (!headed || found != form.1).then(|| format!("{}: {} articles, {found:?}", form.0, articles.len()))
}

#[test]
fn every_form_of_byline_gives_its_names_and_roles() {
    let line = |form: &Form| wrong(form, &format!("云江新桥正式通车\n\n{}\n\n{FIRST}\n\n{SECOND}", form.0));
    let lead = |form: &Form| wrong(form, &format!("云江新桥正式通车\n\n{}{FIRST}\n\n{SECOND}", form.0));
    let all: Vec<String> = LINES.iter().filter_map(line).chain(LEADS.iter().filter_map(lead)).collect();
    assert!(all.is_empty(), "{all:#?}");
}
