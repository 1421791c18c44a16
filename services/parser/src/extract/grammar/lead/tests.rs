use super::*;

#[test]
fn a_dated_lead_gives_place_day_and_names() {
    let text = "本报云城11月17日电(记者陈小禾)新桥今天通车。";
    let lead = parse(text).unwrap();
    assert_eq!((lead.place.as_deref(), lead.month, lead.day), (Some("云城"), Some(11), Some(17)));
    assert_eq!(lead.byline.len(), 1);
    assert_eq!(&text[lead.length..], "新桥今天通车。");
    assert_eq!(lead.source, None);
}

#[test]
fn an_agency_is_the_source_and_the_paper_is_not() {
    let lead = parse("据新华社云城4月17日电 (记者陈小禾 林远)新桥通车。").unwrap();
    assert_eq!(lead.source.as_deref(), Some("新华社"));
    assert_eq!(lead.byline.len(), 2);
    let lead = parse("本报讯 (记者陈小禾 通讯员林远)新桥通车。").unwrap();
    assert_eq!((lead.source, lead.dated, lead.byline.len()), (None, false, 2));
    assert_eq!(parse("云城日报讯（记者/陈小禾）新桥通车。").unwrap().byline.len(), 1);
}

#[test]
fn reporters_are_read_from_every_form_of_lead() {
    for text in [
        "本報訊 記者陈小禾報道：新橋通車。",
        "〔記者陈小禾／云城報導〕新橋通車。",
        "【本报讯】（记者 陈小禾）新桥通车。",
        "记者陈小禾报道：新桥通车。",
        "【本报讯 记者 陈小禾】新桥通车。",
        "〔本报讯　记者陈小禾〕新桥通车。",
        "讯（记者 陈小禾）新桥通车。",
    ] {
        let names: Vec<_> = parse(text).unwrap_or_default().byline.into_iter().map(|b| b.name).collect();
        assert_eq!(names, ["陈小禾"], "{text}");
    }
}

#[test]
fn running_text_has_no_opening() {
    for text in [
        "记者从市交通局获悉，新桥通车。",
        "本报讯息中心成立了。",
        "海报讯息很多",
        "(一)新桥通车。",
        "11月17日,新桥通车。",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn houses_and_blanks_of_every_sort_open_a_report() {
    let names = |text: &str| {
        let lead = parse(text).unwrap_or_else(|| panic!("{text}"));
        lead.byline.into_iter().map(|by| by.name).collect::<Vec<_>>()
    };
    assert_eq!(names("■本报讯（通讯员 陈小禾）临江街道举办邻里节。"), ["陈小禾"]);
    assert_eq!(names("商报讯（记者 陈小禾 实习生 林远）新政满月。"), ["陈小禾", "林远"]);
    assert_eq!(names("本报讯　陈小禾、特约记者林远报道：警报骤响。"), ["陈小禾", "林远"]);
    assert_eq!(names("云川晚报记者陈小禾报道：今起执行夏季时刻表。"), ["陈小禾"]);
    assert_eq!(names("本报讯 通讯员陈小禾 记者叶茂林报道 “别怕，马上就好。”"), ["陈小禾", "叶茂林"]);
    assert_eq!(names("本报讯(记 者 陈 小禾 通讯 员 林 远)昨日通车。"), ["陈小禾", "林远"]);
    assert_eq!(names("（本报记者 欧明 通讯员 区司宣）一起纠纷近日画上句号。"), ["欧明", "区司宣"]);
    let lead = parse("新华社 北 京 4月 6日电 (记者 严 冬 )林草局通报火情。").unwrap();
    assert_eq!((lead.place.as_deref(), lead.month, lead.day), (Some("北京"), Some(4), Some(6)));
}

#[test]
fn whom_and_whose_report_a_first_sentence_names_is_read() {
    let names = |text: &str| reporters(text).unwrap_or_default().into_iter().map(|by| by.name).collect::<Vec<_>>();
    assert_eq!(names("记者陈小禾从省教育厅获悉，体育分值保持不变。"), ["陈小禾"]);
    assert_eq!(names("记者 陈小禾 昨从市气象台获悉，气温将降。"), ["陈小禾"]);
    assert_eq!(names("记者从省教育厅获悉，体育分值保持不变。"), [""; 0]);
    assert_eq!(retold("据共同社报道，九州发生地震。").as_deref(), Some("共同社"));
    assert_eq!(retold("据《江浦晚报》报道，一名男子捡到提包。").as_deref(), Some("江浦晚报"));
    assert_eq!(retold("据报道，九州发生地震。"), None);
}
