//! Headlines that were read after the text they head: whose words they have.

use super::draft::Draft;
use super::lines::Line;
use super::model::Role;

/// Pairs of characters that a headline below its text has in common with it at least; below a picture's text, which is short.
const SPEAKS: usize = 3;
const CAPTIONED: usize = 2;

/// The pairs of neighbouring characters of a text.
fn pairs(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

fn known(pairs: &[String], draft: &Draft) -> usize {
    pairs.iter().filter(|pair| draft.blocks.iter().any(|block| block.text.contains(pair.as_str()))).count()
}

/// How many pairs of neighbouring characters of a headline an article's text has.
pub(crate) fn shared_pairs(headline: &str, draft: &Draft) -> usize {
    known(&pairs(headline), draft)
}

/// How many pairs of neighbouring characters of a heading's line a text has.
pub(crate) fn shared(line: &str, text: &str) -> usize {
    pairs(line).iter().filter(|pair| text.contains(pair.as_str())).count()
}

/// Whether a heading has its words from an article's text and not from the lines below it.
pub(crate) fn speaks_of<'a>(heading: &str, draft: &Draft, below: impl Iterator<Item = &'a str>) -> bool {
    let pairs = pairs(heading);
    let (above, below) = (known(&pairs, draft), below.collect::<String>());
    above >= if draft.caption { CAPTIONED } else { SPEAKS } && shared(heading, &below) * 2 < above
}

/// Most lines of a heading with a vertical headline.
const TALL: usize = 4;

/// Whether a heading with a vertical headline stands right above another heading, so that nothing is left for it to head.
pub(crate) fn above_another(lines: &[Line], roles: &[(Role, f32)], at: usize) -> bool {
    let same = |at: usize| at < lines.len() && !lines[at].opens_page;
    let heads = |at: usize| same(at) && roles[at].0.begins_heading();
    let Some(tall) = (at..at + TALL).take_while(|i| heads(*i)).find(|i| lines[*i].vertical) else { return false };
    let deck = same(tall + 1) && roles[tall + 1].0 == Role::Deck;
    let next = tall + 1 + usize::from(deck);
    heads(next) && !lines[next].vertical
}

#[cfg(test)]
mod tests {
    use super::super::layouts::headlines;

    #[test]
    fn a_headline_above_anothers_goes_to_the_text_before_it() {
        let page = "本报记者 陈小禾\n\n渡口的船工周舟今年六十岁，在江上摇了四十年橹，从没有误过一次点。\n\n“橹要顺着水走。”船工周舟说，他把渡船改成了观光船。\n\n船工周舟的四十年\n\n合龙时刻\n\n11月17日，工人在新桥上庆祝合龙。\n\n新华社记者 林远 摄";
        assert_eq!(headlines(page), [Some("船工周舟的四十年".into()), Some("合龙时刻".into())]);
    }

    #[test]
    fn a_headline_of_two_lines_above_anothers_label_goes_to_the_text_before_it() {
        let page = "合龙时刻\n\n11月17日，工人在新桥上庆祝合龙。 本报记者 周舟 摄\n\n本报讯（记者林远）渡船票价下月起调整，单程由两元降到一元，月票不变，老人照旧免票。\n\n学生凭证件乘渡船免票，渡船票价五年里第一次下调，船工的工资由县里补。\n\n开学的日子近了，学生坐船有了着落\n\n渡船票价单程降到一元\n\n渡口短波\n\n老码头添了长椅\n\n老码头昨天添了十二张长椅，等船的人有了坐处。";
        let heads = ["合龙时刻", "渡船票价单程降到一元", "老码头添了长椅"];
        assert_eq!(headlines(page), heads.map(|head| Some(head.to_owned())));
    }

    #[test]
    fn of_two_headings_the_one_that_speaks_of_the_text_above_is_its() {
        let page = "本报讯（记者陈小禾）渡口的船工周舟今年六十岁，在江上摇了四十年橹，从没有误过一次点。\n\n“橹要顺着水走。”船工周舟说，他把渡船改成了观光船。\n\n渡口的船工六十岁\n\n摇了四十年橹 没有误过点\n\n水库大坝加固完工\n\n四万亩农田可以放心春灌\n\n本报记者 林远\n\n水库大坝加固工程昨天完工，下游三个乡镇的四万亩农田可以放心春灌。";
        let found = headlines(page);
        assert_eq!(found.len(), 2);
        assert!(found[0].as_deref().is_some_and(|headline| headline.contains("没有误过点")), "{found:?}");
    }

    #[test]
    fn a_pictures_headline_between_its_text_and_its_credit_takes_its_text_along() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍。\n\n11月17日，渔民们正在水库里拉网捕鱼。水库今年第一次开捕，一网起了两万斤。\n\n鱼跃人欢\n\n林远 摄\n\n水库大坝加固完工\n\n本报讯（记者周舟）水库大坝加固工程昨天完工。";
        let heads = ["云江新桥正式通车", "鱼跃人欢", "水库大坝加固完工"];
        assert_eq!(headlines(page), heads.map(|head| Some(head.to_owned())));
        assert_eq!(super::super::layouts::paragraphs_of(page, 1).len(), 1);
    }

    #[test]
    fn a_headline_below_a_pictures_credit_takes_its_text_out_of_the_report_above() {
        let page = "水库大坝加固完工\n\n本报讯（记者陈小禾）水库大坝加固工程昨天完工，下游三个乡镇可以放心春灌。\n\n管理所说，新装的六道闸门全部由电脑控制，开关一次只要三分钟。\n\n昨日下午，市民在渡口的湿地公园观看候鸟。入秋以来已有一万只候鸟在此停歇。\n\n林远 摄\n\n候鸟来了\n\n简讯\n\n老码头添了长椅\n\n老码头昨天添了十二张长椅，等船的人有了坐处。";
        let heads = ["水库大坝加固完工", "候鸟来了", "老码头添了长椅"];
        assert_eq!(headlines(page), heads.map(|head| Some(head.to_owned())));
    }

    #[test]
    fn a_headline_below_a_pictures_credit_is_the_pictures() {
        let page = "7月16日，司法所的工作人员在夜市讲解租赁合同。今年以来，普法队走进夜市六十七次。\n\n林远 摄\n\n夜市有个“普法摊”\n\n水库大坝加固完工\n\n本报讯（记者陈小禾）水库大坝加固工程昨天完工。";
        assert_eq!(headlines(page), [Some("夜市有个“普法摊”".into()), Some("水库大坝加固完工".into())]);
    }

    #[test]
    fn what_was_taken_for_its_deck_heads_the_text_below() {
        let page = "2026年11月30日 星期一\n\n本报讯（记者陈小禾）受上游降雨影响，云江水位持续上涨，县防汛办将应急响应提升至三级。\n\n防汛办要求各渡口停航，云江沿岸转移群众两千人，水位预计明天回落。\n\n# 云江水位持续上涨 县防汛办提升应急响应\n\n### 渡船票价下月公布\n\n本报讯（记者林远）县交通局昨天说，渡船票价方案下月公布，票价只降不升。";
        let heads = ["云江水位持续上涨 县防汛办提升应急响应", "渡船票价下月公布"];
        assert_eq!(headlines(page), heads.map(|head| Some(head.to_owned())));
    }

    #[test]
    fn a_headline_between_a_pictures_credit_and_a_label_is_the_pictures() {
        let page = "10月16日，在云江边的一处晒场，村民把新收的稻谷堆起来晾晒，确保颗粒归仓。\n\n本报记者 陈小禾 摄\n\n金色晒场\n\n桥头论坛\n\n莫让“样子货”寒了人心\n\n前几天到乡下去，听一位船工说起一件事，上级要来看渡口，镇里连夜给旧船刷了漆。\n\n船刷了漆还是漏水，看的人走了，漏水的船还要接着摆渡。";
        assert_eq!(headlines(page), ["金色晒场", "莫让“样子货”寒了人心"].map(|head| Some(head.to_owned())));
    }

    #[test]
    fn a_vertical_headline_above_another_heading_goes_to_the_text_before_it() {
        let page = "本报讯（记者陈小禾）渡口的船工周舟今年六十岁，在江上摇了四十年橹。\n\n他把渡船改成了观光船，客人坐船看江景。\n\n摇\n橹\n四\n十\n年\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝加固工程昨天完工。";
        assert_eq!(headlines(page), [Some("摇橹四十年".into()), Some("水库大坝加固完工".into())]);
    }

    #[test]
    fn a_short_headline_below_a_pictures_credit_is_no_label() {
        let page = "8月18日，孩子们在修好的古戏台上练习翻跟斗。今年暑假，村里开了少儿戏曲班，五十多名孩子跟着剧团的演员学戏。\n\n林远　摄\n\n戏台上的暑假\n\n市法院发布保护渡口的案例\n\n拆老桥卖石头者获刑四年\n\n本报讯（记者陈小禾）市法院昨天发布了保护渡口老桥的八起案例。";
        assert_eq!(headlines(page)[0].as_deref(), Some("戏台上的暑假"));
    }
}
