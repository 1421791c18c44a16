use crate::extract::lines::split;

fn texts(text: &str) -> Vec<String> {
    split(text).into_iter().map(|line| line.text).collect()
}

const COLUMN: &str = "　　据介绍，新桥全长三百米，\n宽二十四米，两侧设有步道，中\n间是双向四条车道，桥下净高八\n米，千吨的船可以通过。\n";

#[test]
fn a_kicker_that_fills_its_column_stays_a_line() {
    let page = format!("{COLUMN}\n不等渡船、不绕远路，过江更快\n\n新桥通车\n\n{COLUMN}");
    assert_eq!(texts(&page)[1..3], ["不等渡船、不绕远路，过江更快", "新桥通车"]);
}

#[test]
fn a_headline_above_a_report_stays_a_line_however_wide_it_is() {
    let report =
        "新华社云城1月14日电（记者莫寒）清\n晨六时，十辆校车驶出加氢站，没有\n轰鸣，也没有黑烟，孩子们都说稳。\n";
    let page = format!(
        "{report}据介绍，校车由两家工厂组装，单次\n加氢可跑四百公里，沿途停九站，学\n生一千一百名。\n\n云城引入首批氢能校车\n{report}"
    );
    assert!(texts(&page).contains(&"云城引入首批氢能校车".to_owned()), "{:?}", texts(&page));
}

#[test]
fn a_kicker_and_a_headline_above_who_wrote_stay_two_lines() {
    let page = format!("{COLUMN}\n从一条危船到一座不收费的新桥\n云江渡口的“退休”记\n本报记者 陈小禾\n\n{COLUMN}");
    assert_eq!(texts(&page)[1..3], ["从一条危船到一座不收费的新桥", "云江渡口的“退休”记"]);
}

#[test]
fn who_reports_may_be_cut_by_the_columns_edge() {
    let page = format!("{COLUMN}\n　　本报讯 通讯员林远 记者叶茂\n林报道 新桥今天通车。\n{COLUMN}");
    assert!(texts(&page)[1].starts_with("本报讯 通讯员林远 记者叶茂林报道 新桥"), "{:?}", texts(&page));
}

#[test]
fn a_heading_below_a_full_last_line_stays_a_line() {
    let full = COLUMN.replace("千吨的船可以通过", "千吨的船今后都可以通过");
    let page = format!("{full}云江桥头摊位招租办法公告\n{}", full.repeat(3));
    assert!(texts(&page).contains(&"云江桥头摊位招租办法公告".to_owned()), "{:?}", texts(&page));
}

#[test]
fn a_pictures_text_of_two_paragraphs_narrower_than_its_column_is_two_lines() {
    let text: Vec<char> = COLUMN.replace(['\n', '　'], "").repeat(2).chars().collect();
    let wide: String = text.chunks(22).map(|line| line.iter().collect::<String>() + "\n").collect();
    let picture = "1月5日，东站的工人正在给列车加装防\n寒垫。\n入冬以来，东站给二百列列车都加装了防\n寒的垫子，又给每个车门都包上了一层厚\n厚的棉布。\n通讯员 林远 摄\n";
    let page = format!("{wide}{wide}\n{picture}\n{wide}");
    for line in [
        "1月5日，东站的工人正在给列车加装防寒垫。",
        "入冬以来，东站给二百列列车都加装了防寒的垫子，又给每个车门都包上了一层厚厚的棉布。",
    ] {
        assert!(texts(&page).contains(&line.to_owned()), "{:?}", texts(&page));
    }
}

#[test]
fn a_notices_head_is_no_paragraphs_first_line() {
    let page = format!(
        "{}\n关于云江老桥封闭施工的通告\n因老桥换索，从四月十二日起封闭\n二十天，行人绕行新桥。\n",
        COLUMN.replace('　', "").repeat(3)
    );
    assert!(texts(&page).contains(&"关于云江老桥封闭施工的通告".to_owned()), "{:?}", texts(&page));
}

#[test]
fn a_blank_line_between_all_lines_parts_no_paragraph() {
    let page = COLUMN.repeat(6).replace('\n', "\n\n");
    assert!(texts(&page).iter().all(|text| text.ends_with("可以通过。")), "{:?}", texts(&page));
}

#[test]
fn a_caption_narrower_than_its_column_is_one_line() {
    let caption = "1月5日，东站的工人\n正在给列车加装防寒\n垫，发车二百列。\n";
    let text: Vec<char> = COLUMN.replace(['\n', '　'], "").repeat(2).chars().collect();
    let wide: String = text.chunks(22).map(|line| line.iter().collect::<String>() + "\n").collect();
    let page = format!("{wide}{wide}\n{caption}\n{wide}");
    assert!(texts(&page).contains(&caption.replace('\n', "")), "{:?}", texts(&page));
}

#[test]
fn a_credit_broken_in_its_bracket_is_one_line() {
    let page = format!("{COLUMN}　　市民在桥上散步。新华社发（陈\n小禾 摄）\n{COLUMN}");
    assert_eq!(texts(&page)[1], "市民在桥上散步。新华社发（陈小禾 摄）");
}

#[test]
fn a_heading_alone_below_a_column_that_breaks_off_goes_on_with_nothing() {
    let broken = COLUMN.replace('　', "").repeat(3) + "桥上的灯\n\n桥头开了“第二\n\n";
    let page = format!("{broken}云江新桥通车：渡口停航\n\n{}", COLUMN.replace('　', "").repeat(3));
    assert!(texts(&page).contains(&"云江新桥通车：渡口停航".to_owned()), "{:?}", texts(&page));
}
