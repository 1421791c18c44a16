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
fn a_heading_set_as_prominently_as_the_headline_begins_another_article() {
    let page = "# 云城日报\n\n2025年4月9日 星期三\n\n**今日谈**\n\n## 会议少了，功夫才能下深\n\n周舟\n\n某渡口规定，每周三、周五不安排开会，把时间留给船工跑现场。半年下来，会议减了四成，群众反映的问题却多解决了一倍，船期也准了。\n\n会议本是推动工作的工具，若是以会议落实会议，便本末倒置了。减会，减掉的是形式，省下的是功夫；功夫下到船上、岸上，事情才有人办、办得成。\n\n## 云江渡口管理站任免职名单\n\n经研究决定，任命：**陈小禾**为云江渡口管理站站长（试用期一年）；**林远**为云江渡口管理站副站长。\n\n免去：**周大舟**的云江渡口管理站站长职务。";
    let heads = ["会议少了，功夫才能下深", "云江渡口管理站任免职名单"];
    assert_eq!(headlines(page), heads.map(|head| Some(head.to_owned())));
    // Where all headings have one level, what the texts have in common says it.
    assert_eq!(headlines(page.trim_start_matches("# 云城日报\n\n")), heads.map(|head| Some(head.to_owned())));
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

#[test]
fn a_headline_below_the_name_of_its_author_is_one() {
    let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n（下转第五版）\n\n本报评论员\n\n把“过江小事”办成大事\n\n桥修得好不好，走桥的人说了算，不能只看图纸画得漂不漂亮。\n\n多听一句意见，就少走一段弯路，这样的事再小也是大事。";
    assert_eq!(headlines(page)[1].as_deref(), Some("把“过江小事”办成大事"));
}

#[test]
fn the_label_of_pictures_is_no_headline() {
    let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n图片新闻\n\n11月17日，渔民们在水库里拉网捕鱼。\n\n林远 摄";
    let picture = &articles(page)[1];
    assert_eq!((picture.section.as_deref(), picture.headline.as_deref()), (Some("图片新闻"), None));
}

#[test]
fn a_label_and_a_headline_above_a_narrow_column_are_none_of_its_lines() {
    let lines = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        chars.chunks(14).map(|line| line.iter().collect::<String>() + "\n").collect::<String>()
    };
    let first = [
        "新桥今天上午正式通车，两岸居民从此不必再等渡船，往返县城二十分钟就到了。",
        "桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍，管理所说五点就开市。",
        "水库大坝加固工程昨天完工，下游三个乡镇的四万亩农田，从此可以放心春灌。",
        "新装的六道闸门由电脑控制，开关一次只要三分钟，比从前省了一半多的人手。",
        "镇上的小学添了两间教室，孩子们从下学期起，不用再轮流上课，老师也多两位。",
    ];
    let second = "渡口的船工今年六十岁在江上摇了四十年橹，从没有误过一次点，昨天他把渡船改成了观光船。";
    let first: String = first.map(lines).concat();
    let page = format!("云江新桥正式通车\n{first}渡口说事\n一张船票为何要盖章\n{}", lines(second));
    let last = articles(&page).pop().unwrap();
    assert_eq!((last.section.as_deref(), last.headline.as_deref()), (Some("渡口说事"), Some("一张船票为何要盖章")));
}

#[test]
fn whoever_made_the_pictures_of_a_labelled_author_ends_his_article() {
    let page = "老街的手艺\n\n文/本报记者 陈小禾\n\n渡口的老街有六家铺子，最老的一家开了九十年，箍桶、修伞、补锅，样样都做。\n\n手艺课：从一只木桶开始\n\n最热闹的是手艺课，孩子们轮流当学徒，一个下午能箍好一只小桶，带回家去装米。\n\n图/林远\n\n水库大坝加固完工\n\n本报讯（记者周舟）水库大坝加固工程昨天完工。";
    assert_eq!(headlines(page), [Some("老街的手艺".into()), Some("水库大坝加固完工".into())]);
}

#[test]
fn whom_a_lead_names_that_a_column_broke_is_read() {
    let page = format!(
        "云江新桥正式通车\n　　本报云城11月17日讯　记者薄云川从\n市交通局获悉，{BRIDGE}\n水库大坝加固完工\n{WATER}{WATER}"
    );
    let by = &articles(&page)[0].byline;
    assert_eq!(by.iter().map(|by| by.name.as_str()).collect::<Vec<_>>(), ["薄云川"]);
}

#[test]
fn who_led_a_meeting_stands_in_the_deck() {
    let page = format!("市委会议传达防汛工作精神\n坚决打好防汛主动仗\n陈小禾主持并讲话\n本报讯（记者林远）{BRIDGE}");
    let article = &articles(&page)[0];
    assert_eq!(article.headline.as_deref(), Some("坚决打好防汛主动仗"));
    assert_eq!(article.deck.as_deref(), Some("陈小禾主持并讲话"));
}

#[test]
fn a_part_of_an_article_with_a_label_of_its_own_stays_in_it() {
    let page = "两岸居民过桥不再等渡船\n\n本报记者 陈小禾\n\n新桥今天上午正式通车，两岸居民从此不必再等渡船，往返县城只要二十分钟。\n\n桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍。\n\n■点评\n\n修桥要有人管，管桥更要有人问，有温度也要有边界，群众才会点头。\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝加固工程昨天完工。";
    assert_eq!(headlines(page), [Some("两岸居民过桥不再等渡船".into()), Some("水库大坝加固完工".into())]);
}

#[test]
fn a_headline_right_below_a_pictures_credit_is_the_pictures() {
    let page = "云江新桥正式通车\n本报讯（记者周舟）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n11月4日，选手在比武现场检查机车走行部。这次比武有九十六对师徒参加六个工种的较量。\n陈小禾 摄\n台上比高低\n\n法院设立速裁庭\n本报讯（记者林远）从立案到拿到判决只用了十一天，工人没有想到讨薪能这么快。";
    assert_eq!(headlines(page)[1..], [Some("台上比高低".into()), Some("法院设立速裁庭".into())]);
}

#[test]
fn a_note_in_brackets_is_text() {
    let page = "学徒的一年\n\n本报记者 陈小禾\n\n烤箱“叮”的一声，小段把第一盘桃酥端出来，糊了半边，师傅没有说话。\n\n小段说，火候到了就好，手艺要一天一天练。\n\n（应受访者要求，文中小段为化名）\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝加固工程昨天完工。";
    assert_eq!(paragraphs_of(page, 0).len(), 3);
}

#[test]
fn the_first_words_of_a_report_at_a_columns_edge_stay_in_its_text() {
    let page = format!("云江新桥正式通车\n　　本报讯（记者陈小禾　通讯员林远）\n9月20日，{BRIDGE}");
    assert!(paragraphs_of(&page, 0).concat().starts_with("本报讯（记者陈小禾"));
}

#[test]
fn items_with_one_bullet_below_a_label_are_articles() {
    let page = "云江新桥正式通车\n本报讯（记者林远）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n简讯速览\n●老码头添了长椅\n老码头昨天添了十二张长椅，等船的人有了坐处，票价照旧不变。\n●渡口装了路灯\n渡口的十二盏路灯昨晚亮了，夜班工人过桥不再摸黑走路。\n●学生凭证免票\n学生凭证件乘渡船从下月起免票，老人照旧，月票不变。";
    let heads = ["云江新桥正式通车", "老码头添了长椅", "渡口装了路灯", "学生凭证免票"];
    assert_eq!(headlines(page), heads.map(|head| Some(head.to_owned())));
}

/// A report in several parts, none of them signed.
const PARTS: [&str; 3] = [
    "清晨五点，渡口的灯已经亮了。老艄公把缆绳解开，最后一次把船撑到对岸。",
    "下午三点，桥头的早市收摊。卖菜的大嫂说，往后不用赶早班船，能多睡一个小时。",
    "入夜，两岸的孩子在桥上放风筝。他们说，等到明年春天要把风筝放到江心去。",
];

#[test]
fn the_parts_that_a_report_numbers_are_its_own() {
    let [first, second, third] = PARTS;
    let page = format!(
        "云江新桥的一天\n\n本报记者 陈小禾\n\n故事一\n\n最后一班渡船\n\n{first}\n\n故事二\n\n桥头的早市\n\n{second}\n\n故事三\n\n桥上的风筝\n\n{third}\n\n\
         水库大坝加固完工\n\n本报讯（记者林远）{WATER}"
    );
    assert_eq!(headlines(&page), [Some("云江新桥的一天".into()), Some("水库大坝加固完工".into())]);
}

#[test]
fn what_matters_in_points_or_an_editors_note_stands_before_a_reports_opening() {
    let report = "本报云城1月8日电（记者陈小禾）云江新桥八日通车，两岸居民告别渡船。\n\n大桥全长一千二百米。";
    for preface in [
        "■桥是民心桥，要建好更要管好，让两岸群众走得放心。\n\n■两岸联通之后，产业要跟着桥走，日子才会越过越好。",
        "编者按\n\n江上有了桥，日子也就换了走法。本报今起推出系列报道。",
    ] {
        let page =
            format!("2026年1月9日 星期五\n\n陈小禾在新桥通车时强调\n\n建好桥更要管好桥\n\n{preface}\n\n{report}\n");
        let articles = articles(&page);
        assert_eq!(articles.len(), 1, "{preface}");
        assert_eq!(paragraphs(&articles[0]).len(), 4, "{preface}");
        assert_eq!(articles[0].headline.as_deref(), Some("建好桥更要管好桥"));
    }
}

#[test]
fn a_label_of_short_items_ends_the_report_above_it() {
    let page = format!(
        "水库大坝加固完工\n本报讯（记者林远）{WATER}简讯速览\n●渡口添了新船\n新船上月下水，每天往返八趟，可载六十人。\n\
         ●老街换了路灯\n三百盏路灯日前换新，每年省电四万度。\n"
    );
    assert_eq!(
        headlines(&page),
        [Some("水库大坝加固完工".into()), Some("渡口添了新船".into()), Some("老街换了路灯".into())]
    );
    assert!(articles(&page)[1..].iter().all(|item| item.section.as_deref() == Some("简讯速览")));
}

#[test]
fn below_the_words_that_close_an_article_another_begins() {
    let [first, second, third] = PARTS;
    let page = format!(
        "渡口的最后一天\n\n陈小禾\n\n{first}\n\n{second}\n\n（作者为云城大学教授）\n\n桥上的风筝\n\n{third}\n\n两岸的日子从此连在一起，走亲访友不必再看天色。\n"
    );
    assert_eq!(headlines(&page), [Some("渡口的最后一天".into()), Some("桥上的风筝".into())]);
}
