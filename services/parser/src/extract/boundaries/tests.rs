//! Articles that only a look at both sides of their beginning tells apart.

use crate::extract::layouts::{articles, headlines};

const WATER: &str = "本报讯（记者周南）水库大坝加固工程昨天完工，库容增加三成，下游五个乡镇的灌溉用水有了保证。";
const SCHOOL: &str = "本报讯（记者叶茂）山区小学的新操场昨天铺好，孩子们一下课就跑出来跳绳，老师说体育课不怕下雨了。";
const FERRY: [&str; 4] = [
    "老渡口的船工周舟今年六十岁，在江上摇了四十年橹，两岸的人都坐过他的渡船。",
    "新桥通车以后，渡船改成了观光船，客人坐船看江景，渡口比从前还热闹，周舟带出了三个徒弟。",
    "船工们说，船还是那条船，江还是那条江，坐渡船的人不一样了，渡口的规矩没有变。",
    "周舟把渡口的老照片挂在船舱里，客人上船先看照片，再听船工讲江上的事，渡船就这样留住了人。",
];

#[test]
fn an_article_that_nobody_signed_keeps_its_headline_and_its_subheads_of_two_lines() {
    let [a, b, c, d] = FERRY;
    let page = format!(
        "2026年11月30日 星期一\n\n水库大坝加固完工\n\n{WATER}\n\n三个渡口的新日子\n\n{a}\n\n{b}\n\n\
         桥南渡口\n\n船工当起了讲解员\n\n{c}\n\n{d}\n\n桥北渡口\n\n老船有了新船工\n\n{b}\n\n{a}\n\n\
         山口渡口\n\n老照片挂进船舱里\n\n{d}\n\n{c}\n\n山区小学有了新操场\n\n{SCHOOL}\n"
    );
    let heads = ["水库大坝加固完工", "三个渡口的新日子", "山区小学有了新操场"];
    assert_eq!(headlines(&page), heads.map(|head| Some(head.to_owned())));
}

#[test]
fn one_more_report_below_a_headline_goes_on_with_it_and_names_who_wrote() {
    let page = format!(
        "2026年11月30日 星期一\n\n两岸举行新桥通车庆祝活动\n\n\
         本报云城11月29日电（记者林远）新桥通车庆祝活动今天在江北举行，桥工和两岸居民一起走过新桥，江北的锣鼓队走在最前面。\n\n\
         庆祝活动上，桥工代表讲了修桥的经过，居民代表给桥工献了花，新桥从今天起向两岸居民开放。\n\n\
         本报云城11月29日电（记者陈小禾）新桥通车庆祝活动今天同时在江南举行，江南居民从新桥走到江北，和江北居民在桥上会合，桥工们也来到江南。\n\n\
         庆祝活动以后，两岸居民一起在新桥上看了灯，桥工说修桥三年最高兴的就是今天。\n\n水库大坝加固完工\n\n{WATER}\n"
    );
    let found = articles(&page);
    assert_eq!(found.len(), 2);
    let names: Vec<&str> = found[0].byline.iter().map(|by| by.name.as_str()).collect();
    assert_eq!(names, ["林远", "陈小禾"]);
    assert_eq!(found[0].body.len(), 4);
}

#[test]
fn a_text_that_shares_nothing_with_the_one_above_is_another_article() {
    let [a, b, c, d] = FERRY;
    let game = [
        "末节还剩两分钟，主队仍落后五分，替补后卫连中两记三分球，又在底角抢断得手，助攻队友上篮反超比分。",
        "教练赛后表示，球队最近三场全靠末节逆转，说明体能储备达到预期，但开局慢热必须改，下一场对手速度更快。",
        "技术统计显示，替补席得分占全队四成，前场篮板多抢七个，罚球命中率却降到六成以下，训练馆今晚加练罚球。",
    ]
    .join("\n\n");
    let more = "江边的旧仓房也改成了客栈，住店的客人推开窗就看得见渡口，船工的家人在客栈里做饭，吃的是江里的鱼。\n\n\
        县里给三个渡口都修了候船亭，亭子里有渡船的时刻表，雨天有伞，冬天有热水，两岸的老人天天来坐一坐。";
    let page =
        format!("三个渡口的新日子\n\n{a}\n\n{b}\n\n{c}\n\n{d}\n\n{more}\n\n{game}\n\n水库大坝加固完工\n\n{WATER}\n");
    let heads = [Some("三个渡口的新日子".to_owned()), None, Some("水库大坝加固完工".to_owned())];
    assert_eq!(headlines(&page), heads);
}

#[test]
fn a_heading_that_says_from_what_to_what_is_a_subhead() {
    let [a, b, c, d] = FERRY;
    let page = format!(
        "渡船驶入新时代\n\n——云江渡口改造见闻\n\n本报记者 陈小禾\n\n{a}\n\n{b}\n\n渡口提速：从“排队等”到“掐点走”\n\n{c}\n\n{d}\n\n\
         水库大坝加固完工\n\n{WATER}\n"
    );
    let heads = ["渡船驶入新时代", "水库大坝加固完工"];
    assert_eq!(headlines(&page), heads.map(|head| Some(head.to_owned())));
}
