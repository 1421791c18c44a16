//! What belongs to a notice besides its text: its heading's first line, where it sends its readers, and who signs it when.

use super::context::speaker;
use super::features::{Feature as F, Features};
use super::grammar::{marks, simplified};
use super::lines::Line;
use super::observe::is_text;
use super::signs::Signs;
use super::text::{is_blank, is_comma, is_han, is_stop, wider_than};

/// Words of a line that tells readers where to turn, and words that only the page's own lines have.
const CONTACT: [&str; 16] = [
    "联系人",
    "联系电话",
    "联系方式",
    "咨询",
    "报名",
    "面试",
    "地址",
    "地点",
    "时间:",
    "时间：",
    "截止",
    "截稿",
    "投稿邮箱",
    "来稿",
    "监督电话",
    "有效期",
];
const PAGES_OWN: [&str; 20] = [
    "刊登",
    "登报",
    "读者服务",
    "督印",
    "承印",
    "天气",
    "责编",
    "责任编辑",
    "编辑",
    "校对",
    "版式",
    "美编",
    "印刷",
    "零售",
    "广告",
    "订阅",
    "发行",
    "社址",
    "新闻热线",
    "主编",
];

/// Words of which two, or one beside other signs, make a line the page's own.
const OWN: [&str; 10] = ["零售", "印刷", "承印", "社址", "责编", "责任编辑", "广告热线", "广告专线", "邮编", "订阅"];

/// Most characters of a label that says where to turn: 服务热线.
const TURN: usize = 5;

/// Only a day: 2025年6月5日.
fn is_day(text: &str) -> bool {
    let in_days = |c: char| {
        c.is_ascii_digit()
            || is_blank(c)
            || matches!(
                c,
                '年' | '月'
                    | '日'
                    | '〇'
                    | '零'
                    | '一'
                    | '二'
                    | '三'
                    | '四'
                    | '五'
                    | '六'
                    | '七'
                    | '八'
                    | '九'
                    | '十'
            )
    };
    text.starts_with(in_days)
        && !wider_than(text, 32)
        && (marks::names_a_day(text) || text.contains('年') && text.contains('月'))
        && text.contains(['日', '号'])
        && text.chars().all(in_days)
}

/// Lines at the end of a notice.
pub(super) fn mark(lines: &[Line], all: &mut [Features]) {
    // Whether a notice's heading stands above with only text between.
    let mut notice = false;
    for at in 0..lines.len() {
        let text = lines[at].text.as_str();
        let f = all[at];
        if lines[at].opens_page {
            notice = false;
        }
        let before = at.checked_sub(1).filter(|_| !lines[at].opens_page).map(|before| all[before]);
        let after_text = before.is_some_and(|p| {
            is_text(p) && !p.has(F::Lead)
                || p.has(F::Contact)
                || p.has(F::BeginsClause)
                || p.has(F::EndsMark)
                || p.has(F::Row)
                || notice && p.has(F::EndsColon)
                || p.has(F::Speaker)
                || p.has(F::SignOff)
        });
        let day = is_day(text);
        let (signs, width) = (lines[at].signs, lines[at].width);
        if after_text && width <= 48 && !is_text(f) && !f.has(F::Credit) && !f.has(F::Jump) {
            let plain = !text.chars().any(|c| is_stop(c) || is_comma(c) || matches!(c, ':' | '：'));
            let day_below = lines.get(at + 1).is_some_and(|next| !next.opens_page && is_day(&next.text));
            let body = f.has(F::NamesBody) || text.ends_with(['组', '社', '庭', '会', '部', '启', '啟']);
            let signs = plain && !f.has(F::NoticeHead) && lines[at].heading == 0;
            let below = before.is_some_and(|p| p.has(F::SignOff));
            // 云城市自来水公司 2025年6月5日
            let both = text.rsplit_once(is_blank).is_some_and(|(body, day)| is_day(day) && marks::names_a_body(body));
            // 云城市职工律师团 / （陈小禾 整理）
            let credited = all.get(at + 1).is_some_and(|next| next.has(F::Byline))
                && lines[at + 1].text.starts_with(['（', '('])
                && (body || text.ends_with(['团', '队', '隊', '室']));
            all[at]
                .set(F::SignOff, signs && (day_below || both || credited || notice && (body || day) || day && below));
        }
        let says = |words: &[&str]| {
            let folded = simplified(text);
            words.iter().any(|word| folded.contains(word))
        };
        let near = notice || lines[at].gap == 0;
        if lines[at].heading == 0 && width <= 140 && signs.any(Signs::OWNED) && !signs.any(Signs::STOP) {
            let folded = simplified(text);
            let owned = OWN.iter().filter(|word| folded.contains(*word)).count();
            all[at].set(F::Furniture, owned > 1 || owned > 0 && f.has(F::FurnitureMaybe));
        }
        let named = || text.trim_start_matches(['●', '■', '◆', '·', '•']).starts_with("本报");
        let pages_own = || says(&PAGES_OWN) || named() || before.is_some_and(|p| p.has(F::CreditAtEnd));
        let heads = all.get(at + 1).is_some_and(|next| next.has(F::Lead)) && !notice;
        let contact =
            signs.any(Signs::CONTACT) && !lines[at].bold && after_text && near && !heads && width <= 140 && !is_text(f);
        // 采购人：…: notices say so label by label.
        let labelled = notice
            && after_text
            && width <= 140
            && lines[at].heading == 0
            && !is_text(f)
            && signs.any(Signs::COLON)
            && speaker(text).is_some_and(|label| {
                label.chars().all(is_han) && (label.chars().count() <= TURN || !f.has(F::Furniture))
            });
        if (contact && says(&CONTACT) || labelled) && !pages_own() {
            all[at].set(F::Contact, true);
            all[at].clear(F::Furniture);
            all[at].clear(F::FurnitureMaybe);
        }
        // 云城市公路局养护工程采购项目 / 竞争性磋商公告: the first of two lines.
        let tenders = all.get(at + 1).is_some_and(|next| next.has(F::NoticeHead)) && !lines[at + 1].opens_page;
        let first = ["项目", "工程", "采购", "服务", "招标"].iter().any(|word| text.ends_with(word));
        if tenders && first && f.headingish() && !f.has(F::NoticeHead) {
            all[at].set(F::NoticeHead, true);
        }
        if all[at].has(F::NoticeHead) && !f.has(F::Furniture) {
            notice = true;
        } else if f.has(F::Lead) || f.has(F::Byline) || f.has(F::Credit) || f.has(F::Jump) {
            notice = false;
        } else if notice && !all[at].has(F::SignOff) && !all[at].has(F::Contact) {
            notice = after_text || is_text(f) || before.is_some_and(|p| p.has(F::NoticeHead));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layouts::articles;

    #[test]
    fn the_papers_own_address_below_a_notice_is_no_part_of_it() {
        let page = "减资公告\n\n云城市桥工有限公司经股东会决议，拟将注册资本由二千万元减至一千万元，请债权人自公告之日起提出要求。\n\n●本报地址:云城市桥头路18号 ●邮政编码:321700";
        let found = articles(page);
        assert_eq!((found.len(), found[0].body.len()), (1, 1), "{found:?}");
    }

    #[test]
    fn what_a_notice_says_label_by_label_and_who_signs_it_with_the_day_are_its_own() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n云城市渡口候船亭修缮工程项目\n\n竞争性磋商公告\n\n项目编号：YC2025-0613；预算金额：87.6万元，工期六十天。\n\n获取文件：6月20日至6月26日，每日9时至17时，到市公共资源交易中心领取。\n\n采购人：云城市渡口管理所\n\n联系人：陈女士 电话：0579-6620318\n\n停水通知\n\n因渡口水管改造，定于6月27日22时至28日6时停水，请各户提前储水。\n\n云城市自来水有限公司 2025年6月20日";
        let found = articles(page);
        let read: Vec<_> = found[1..].iter().map(|a| (a.headline.as_deref().unwrap(), a.body.len())).collect();
        assert_eq!(read, [("云城市渡口候船亭修缮工程项目 竞争性磋商公告", 4), ("停水通知", 2)]);
    }
}
