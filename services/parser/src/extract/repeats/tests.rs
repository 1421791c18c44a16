use super::*;

fn lines(texts: &[&str]) -> Vec<Line> {
    texts.iter().map(|text| Line::of(1, text)).collect()
}

#[test]
fn a_loop_of_a_columns_lines_ends_inside_a_phrase() {
    let line = "三分。新桥通车以后两岸居民不必再等渡船，过江";
    let text = format!("桥面宽了{}只要十分钟。", line.repeat(4));
    let (kept, cut) = cut_phrases(&text).unwrap();
    assert_eq!(kept, format!("桥面宽了{line}只要十分钟。"));
    assert_eq!(cut.len(), 3);
}

#[test]
fn a_number_that_counts_up_line_by_line_is_a_loop() {
    let found = find(&lines(&[
        "云城顺达渡船行遗失营业执照副本，注册号33108260，声明作废。",
        "云城顺达渡船行遗失营业执照副本，注册号33108261，声明作废。",
        "云城顺达渡船行遗失营业执照副本，注册号33108262，声明作废。",
        "江口渡船行遗失营业执照副本，注册号33108299，声明作废。",
    ]));
    assert_eq!(found, [false, true, true, false]);
}

#[test]
fn a_line_that_comes_again_under_another_number_is_a_repeat() {
    let found = find(&lines(&[
        "一、投标人须具有桥梁施工资质。",
        "二、投标人须具有桥梁施工资质。",
        "三、投标人须具有桥梁施工资质。",
        "四、工期为二百天，自开工之日起计算。",
    ]));
    assert_eq!(found, [false, true, true, false]);
}

#[test]
fn a_loop_over_two_lines_is_a_repeat() {
    let (a, b) = ("投标人须具有桥梁施工资质。", "投标文件应当密封后送达指定地点。");
    assert_eq!(find(&lines(&[a, b, a, b])), [false, false, true, true]);
}

#[test]
fn of_lines_that_are_only_alike_two_are_kept() {
    let terms = "投标人须具有独立法人资格；近三年内没有重大违法记录；在本市有固定的办公场所和售后服务人员。";
    let texts = [
        format!("一、资格：{terms}"),
        format!("二、{terms}"),
        format!("三、资格要求：{terms}"),
        format!("四、投标人资格：{terms}"),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_eq!(find(&lines(&texts)), [false, false, true, true]);
}

#[test]
fn a_loop_that_begins_at_a_paragraphs_end_is_a_repeat() {
    let found = find(&lines(&[
        "管理所提前三个月摸底，按照意愿，分别搬到四个街口的集市和两座桥下的空地上。",
        "分别搬到五个街口的集市和两座桥下的空地上。",
        "分别搬到六个街口的集市和两座桥下的空地上。",
        "老人们说，新摊位比从前亮堂。",
    ]));
    assert_eq!(found, [false, true, true, false]);
}

#[test]
fn an_article_read_twice_is_a_repeat_with_its_headline() {
    let headline = "水库大坝除险加固工程完工";
    let text = "水库大坝除险加固工程昨天完工，下游三个乡镇的四万亩农田可以放心春灌。管理所说，新装的六道闸门全部由电脑控制，开关一次只要三分钟，比从前省了一半人手。";
    let misread = text.replace("昨天", "咋天");
    let other = "渡口的船工周舟今年六十岁，在江上摇了四十年橹，新桥通车以后他把渡船改成了观光船，客人坐船看江景，一趟半个小时，收两块钱。";
    let found = find(&lines(&[headline, text, "渡口", other, "江边", "桥头", "街角", headline, &misread]));
    assert_eq!(found, [false, false, false, false, false, false, false, true, true]);
}

#[test]
fn a_repeat_that_breaks_off_is_one() {
    let found = find(&lines(&[
        "三、方式：送交县桥梁博物馆三楼，或发至本馆信箱。",
        "四、方式：送交县桥梁博物馆三楼，或发至",
        "五、方式：送交县桥梁博物馆三楼，或发至",
    ]));
    assert_eq!(found, [false, true, true]);
}

#[test]
fn a_phrase_that_follows_itself_is_cut_once() {
    let (kept, cut) =
        cut_phrases("开头，把桥修到群众家门口，把路铺到田间地头上，把桥修到群众家门口，把路铺到田间地头上，结尾。")
            .unwrap();
    assert_eq!(kept, "开头，把桥修到群众家门口，把路铺到田间地头上，结尾。");
    assert_eq!(cut, ["把桥修到群众家门口，把路铺到田间地头上，"]);
    assert_eq!(cut_phrases("加油，加油，再加油！"), None);
    let (kept, cut) = cut_phrases("再等一班船。再等一班船。再等一班船。再等一班船。天黑以前应避开浅滩。").unwrap();
    assert_eq!((kept.as_str(), cut.len()), ("再等一班船。天黑以前应避开浅滩。", 3));
    assert_eq!(cut_phrases("我们一定要把桥修好！我们一定要把桥修好！"), None);
}

#[test]
fn a_line_of_phrases_that_the_text_above_has_is_a_repeat() {
    let above = "县管理所提醒，过渡口有三个关键：一是等船停稳再上，避免踩空；二是穿好救生衣。";
    let found = find(&lines(&[
        above,
        "县管理所提醒，过渡口有三个关键：一是等船停稳再上，一是等船停稳再上，一是等船停稳再上，",
        "一是等船停稳再上，一是等船停稳再上，一是等船停稳再上，一是等船停稳再上，",
        "目前，渡口已经添了六名安全员，过渡口的人都要穿好救生衣才能上船。",
    ]));
    assert_eq!(found, [false, true, true, false]);
    let found = find(&lines(&[above, "穿好救生衣。穿好救生衣。穿好救生衣。若已进入汛期，应避开早晚两班船。"]));
    assert_eq!(found, [false, false]);
}
