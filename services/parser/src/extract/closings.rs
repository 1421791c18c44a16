//! Tests of what closes a text on a line of its own: where and when, from whom, who helped, where its figures come from.

use contract::Role;
use jiff::civil::date;

use super::grammar::lead;
use super::layouts::articles;

/// The second of three articles, with a line that closes it.
fn closed_by(line: &str) -> contract::Article {
    let page = format!(
        "2026年1月9日 星期五\n\n云城添三条地铁线\n\n本报讯（记者林远）今年三条线路同时开工，总长八十二公里。\n\n\
         山村茶园开采\n\n陈小禾\n\n清晨薄雾未散，茶农已经背着竹篓上山，新芽一天一个样。\n\n\
         合作社统一了牌子，每斤多卖二十元。\n\n{line}\n\n\
         河边公园开放\n\n本报讯（记者叶茂）城东河边公园昨天开放，占地二十公顷。\n"
    );
    let articles = articles(&page);
    let headlines: Vec<_> = articles.iter().map(|article| article.headline.as_deref()).collect();
    assert_eq!(headlines, [Some("云城添三条地铁线"), Some("山村茶园开采"), Some("河边公园开放")], "{line}");
    assert!(articles.iter().all(|article| article.kicker.is_none() && article.section.is_none()), "{line}");
    articles.into_iter().nth(1).unwrap()
}

#[test]
fn a_dateline_in_brackets_below_a_text_is_its_own() {
    for (line, place, day) in [
        ("（本报云城1月8日电）", Some("云城"), Some(date(2026, 1, 8))),
        ("（新华社柏安12月30日电）", Some("柏安"), Some(date(2025, 12, 30))),
        ("（本报云城电）", Some("云城"), None),
    ] {
        let dateline = closed_by(line).dateline.unwrap_or_else(|| panic!("{line}"));
        assert_eq!((dateline.place.as_deref(), dateline.date), (place, day), "{line}");
    }
    let article = closed_by("（据新华社电　记者林溪）");
    assert_eq!(article.source.as_deref(), Some("新华社"));
    assert!(article.byline.iter().any(|by| by.name == "林溪"), "{:?}", article.byline);
}

#[test]
fn who_helped_and_whence_a_text_was_taken_close_it() {
    for (line, name, role) in [
        ("（林溪参与采写）", "林溪", Role::Author),
        ("（本报记者林溪、叶青参与采写）", "叶青", Role::Reporter),
        ("（综合本报记者林溪、叶青报道）", "林溪", Role::Reporter),
        ("林　溪图　叶　青文", "林溪", Role::Photographer),
        ("林　溪摄影报道（云城影像）", "林溪", Role::Photographer),
    ] {
        let article = closed_by(line);
        assert!(article.byline.iter().any(|by| by.name == name && by.role == role), "{line}: {:?}", article.byline);
        let house = |by: &contract::Byline| by.organization.as_deref().is_none_or(|house| house == "本报");
        assert!(article.byline.iter().all(house), "{line}: {:?}", article.byline);
    }
    assert_eq!(closed_by("（摘编自1月8日《云江晚报》）").source.as_deref(), Some("云江晚报"));
    closed_by("云江航空供图（新华社发）");
    closed_by("（相关报道见第十三版）");
}

#[test]
fn a_note_below_a_text_stays_in_it() {
    for line in ["（以发言先后为序）", "数据来源：云城温控设备有限公司", "资料来源：市疾控中心等", "（贺信全文另发）"]
    {
        let article = closed_by(line);
        assert_eq!(article.body.last().map(|block| block.text.as_str()), Some(line));
    }
}

#[test]
fn a_dateline_closes_a_text_in_brackets_of_every_sort() {
    for line in [
        "（本报云城1月8日电）",
        "(本报云城1月8日电)",
        "【本报云城1月8日电】",
        "[本报云城1月8日电]",
        "〔本报云城1月8日电〕",
    ] {
        assert_eq!(lead::closing(line).and_then(|said| said.place).as_deref(), Some("云城"), "{line}");
    }
    assert_eq!(lead::closing("本报云城1月8日电"), None);
}
