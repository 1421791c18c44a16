//! Tests of whole pages in the layouts that recognisers and PDF readers leave.

use contract::{Article, BlockKind, IssueReceived};

use super::{Source, extract};

pub(super) fn articles(page: &str) -> Vec<Article> {
    let received = IssueReceived::of(page.as_bytes());
    extract(&Source { bytes: page.as_bytes(), received: &received, revision: 1 }).unwrap().articles
}

pub(super) fn headlines(page: &str) -> Vec<Option<String>> {
    articles(page).into_iter().map(|article| article.headline).collect()
}

pub(super) fn paragraphs_of(page: &str, at: usize) -> Vec<String> {
    paragraphs(&articles(page)[at]).into_iter().map(str::to_owned).collect()
}

fn paragraphs(article: &Article) -> Vec<&str> {
    article.body.iter().map(|block| block.text.as_str()).collect()
}

/// Two reports of a page that was set in lines of eighteen characters.
const BRIDGE: &str = "新桥今天上午正式通车，两岸居民从此不\n必再等渡船，往返县城的时间由两个小时\n缩短到二十分钟。桥头的早市也跟着挪了\n过来，卖菜的人比往日多了一倍。\n";
const WATER: &str = "水库大坝除险加固工程昨天完工，下游三\n个乡镇的四万亩农田可以放心春灌。管理\n所说，新装的六道闸门全部由电脑控制，\n开关一次只要三分钟。\n";

#[test]
fn a_page_without_blank_lines_falls_into_its_articles() {
    let page = format!("云江新桥正式通车\n{BRIDGE}水库大坝加固完工\n本报讯（记者陈小禾）{WATER}");
    assert_eq!(headlines(&page), [Some("云江新桥正式通车".into()), Some("水库大坝加固完工".into())]);
    assert_eq!(paragraphs(&articles(&page)[0]), [BRIDGE.replace('\n', "")]);
}

#[test]
fn a_headline_of_two_lines_below_a_kicker_is_one() {
    let page = format!("等渡船成为历史 两岸出行时间减半\n云江新桥\n正式通车\n本报记者 陈小禾\n{BRIDGE}");
    let article = &articles(&page)[0];
    assert_eq!(article.kicker.as_deref(), Some("等渡船成为历史 两岸出行时间减半"));
    assert_eq!(article.headline.as_deref(), Some("云江新桥 正式通车"));
}

#[test]
fn a_page_number_in_a_torn_paragraph_is_set_aside() {
    let torn = BRIDGE.replacen("时间由两个小时\n", "时间由两个小时\n\n14\n\n", 1);
    let page = format!("云江新桥正式通车\n\n{torn}");
    assert_eq!(paragraphs(&articles(&page)[0]), [BRIDGE.replace('\n', "")]);
}

#[test]
fn a_page_of_spaced_characters_is_read_as_any_other() {
    let spaced =
        |text: &str| text.chars().flat_map(|c| if c == '\n' { vec![c] } else { vec![c, ' '] }).collect::<String>();
    let page = format!("云江新桥正式通车\n\n{BRIDGE}\n水库大坝加固完工\n\n本报讯（记者陈小禾）{WATER}");
    assert_eq!(headlines(&spaced(&page)), headlines(&page));
    assert_eq!(paragraphs(&articles(&spaced(&page))[1]), [format!("本报讯（记者陈小禾）{}", WATER.replace('\n', ""))]);
}

#[test]
fn columns_set_in_by_blanks_keep_their_paragraphs() {
    let set = |text: &str| {
        let lines: Vec<String> = text.lines().map(|line| format!("      {line}\n")).collect();
        format!("    {}", lines.concat())
    };
    let page = format!("      云江新桥正式通车\n\n{}{}", set(BRIDGE), set(WATER));
    assert_eq!(paragraphs(&articles(&page)[0]), [BRIDGE.replace('\n', ""), WATER.replace('\n', "")]);
}

#[test]
fn vertical_headlines_at_the_pages_end_go_to_the_articles_they_speak_of() {
    let page = format!("本报记者 陈小禾\n{BRIDGE}\n本报记者 林远\n{WATER}\n新\n桥\n通\n车\n\n水\n库\n加\n固\n");
    assert_eq!(headlines(&page), [Some("新桥通车".into()), Some("水库加固".into())]);
}

#[test]
fn rows_of_a_table_are_no_headlines() {
    let page = format!(
        "积分榜\n名次    球队    胜    积分\n 1    云江队    4    12\n 2    桥南队    3    10\n水库大坝加固完工\n本报讯（记者陈小禾）{WATER}"
    );
    assert_eq!(headlines(&page), [Some("积分榜".into()), Some("水库大坝加固完工".into())]);
    assert_eq!(articles(&page)[0].body.len(), 3);
}

#[test]
fn questions_of_an_interview_are_text() {
    let page = "桥是怎样修成的\n\n本报记者 陈小禾\n\n记者：修这座桥最难的是什么？\n\n周舟：最难的是冬天下水。水冷，流得又急，一次只能干二十分钟。\n\n记者：有没有想过放弃？\n\n周舟：没有。两岸的人都在等。";
    let article = &articles(page)[0];
    assert_eq!(article.body.len(), 4);
    assert!(article.body.iter().all(|block| block.kind == BlockKind::Paragraph));
}

#[test]
fn a_notice_keeps_who_signs_it_and_whom_to_ask() {
    let page = "招聘启事\n\n本馆因工作需要招聘讲解员两名，要求口齿清楚，能上夜班，待遇从优。\n联系人：周女士　电话：0000-5550147\n云城市桥梁博物馆\n2026年3月12日";
    let article = &articles(page)[0];
    assert_eq!(article.headline.as_deref(), Some("招聘启事"));
    assert!(article.body.last().unwrap().text.ends_with("2026年3月12日"));
    assert!(article.body.iter().any(|block| block.text.starts_with("联系人")));
}

#[test]
fn a_plain_name_below_the_text_signs_it() {
    let page = format!("桥头杂感\n\n{BRIDGE}\n林 远\n\n水库大坝加固完工\n\n本报讯（记者陈小禾）{WATER}");
    let found = articles(&page);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].byline[0].name, "林远");
}

#[test]
fn the_guide_to_other_pages_is_no_article() {
    let page = format!("今日导读\n老街的新灯　5版\n茶山上的年轻人　第七版\n\n云江新桥正式通车\n\n{BRIDGE}");
    assert_eq!(headlines(&page), [Some("云江新桥正式通车".into())]);
}

/// Paragraphs with blank lines between.
const FERRY: [&str; 3] = [
    "老渡口的船工周舟今年六十岁，在江上摇了四十年橹。",
    "新桥通车以后，渡船改成了观光船，客人坐船看江景，一趟半个小时。",
    "他说，船还是那条船，江还是那条江，坐船的人不一样了。",
];

#[test]
fn headings_built_alike_are_subheads_of_one_article() {
    let [a, b, c] = FERRY;
    let page = format!(
        "江上来了新船工\n\n{a}\n\n{b}\n\n从“摇橹人”到“掌舵人”\n\n{c}\n\n{b}\n\n从“一条船”到“一支队”\n\n{a}\n\n{c}\n\n据《云江船工》杂志\n"
    );
    let found = articles(&page);
    assert_eq!(found.len(), 1);
    let subheads: Vec<&str> = found[0]
        .body
        .iter()
        .filter(|block| block.kind == BlockKind::Subhead)
        .map(|block| block.text.as_str())
        .collect();
    assert_eq!(subheads, ["从“摇橹人”到“掌舵人”", "从“一条船”到“一支队”"]);
    assert_eq!(found[0].source.as_deref(), Some("云江船工"));
}

#[test]
fn a_scrap_that_the_next_line_begins_again_is_set_aside() {
    let page = format!(
        "江上来了新船工\n\n{}\n\n渡船靠岸的地方长着一棵大樟树。树荫下有一座石头砌的老\n\n茶亭\n\n茶亭边的石阶上，每天都坐着等船的人，他们一坐就是一上午，说的都是江上的事。\n\n{}\n",
        FERRY[0], FERRY[2]
    );
    let joined = "渡船靠岸的地方长着一棵大樟树。树荫下有一座石头砌的老茶亭边的石阶上，每天都坐着等船的人，他们一坐就是一上午，说的都是江上的事。";
    assert_eq!(paragraphs(&articles(&page)[0]), [FERRY[0], joined, FERRY[2]]);
}

#[test]
fn a_picture_below_a_text_is_an_article_of_its_own() {
    let [a, b, c] = FERRY;
    let page = format!("江上来了新船工\n\n{a}\n\n{b}\n\n{c}\n\n图为周舟在渡口整理缆绳。林远 摄\n");
    let found = articles(&page);
    assert_eq!(found.len(), 2);
    assert_eq!(paragraphs(&found[1]), ["图为周舟在渡口整理缆绳。林远 摄"]);
}

#[test]
fn a_poem_of_two_parts_keeps_its_lines_and_its_inner_title() {
    let page = "新诗\n\n## 渡口的早晨（外一首）\n\n周舟\n\n船比人早醒\n把缆绳放进水里\n等第一声脚步\n\n他在船头喝茶\n茶是昨夜的\n凉得像一片月亮\n\n**夜航**\n\n舱里只剩两个人\n一个抱着灯\n一个抱着网\n灯替网看路\n\n## 江上来了新船工\n\n本报记者 林远\n\n老渡口的船工周舟今年六十岁，在江上摇了四十年橹。\n";
    let found = articles(page);
    assert_eq!(found[0].body.len(), 11);
    assert_eq!(found[0].body[6].kind, BlockKind::Subhead);
    assert_eq!(found[0].headline.as_deref(), Some("渡口的早晨（外一首）"));
}
