//! Bylines of every form.

use super::*;

fn names_of(line: &str) -> Vec<(String, Role, Option<String>)> {
    whole(line).unwrap_or_default().into_iter().map(|b| (b.name, b.role, b.organization)).collect()
}

fn plain(name: &str, role: Role, org: Option<&str>) -> (String, Role, Option<String>) {
    (name.to_owned(), role, org.map(str::to_owned))
}

#[test]
fn joint_bylines_keep_each_role_and_house() {
    use Role::{Author, Correspondent, Photographer, Reporter};
    let ours = Some("本报");
    assert_eq!(
        names_of("本报记者 陈小禾 林远 通讯员 周舟"),
        [plain("陈小禾", Reporter, ours), plain("林远", Reporter, ours), plain("周舟", Correspondent, None)]
    );
    assert_eq!(
        names_of("新华社记者 陈小禾、林远"),
        [plain("陈小禾", Reporter, Some("新华社")), plain("林远", Reporter, Some("新华社"))]
    );
    assert_eq!(names_of("周舟 本报记者 林　远"), [plain("周舟", Author, None), plain("林远", Reporter, ours)]);
    assert_eq!(names_of("文/陈小禾 图/林远"), [plain("陈小禾", Author, None), plain("林远", Photographer, None)]);
    assert_eq!(
        names_of("文/图 本报记者 陈小禾"),
        [plain("陈小禾", Reporter, ours), plain("陈小禾", Photographer, ours)]
    );
    assert_eq!(names_of("本报特派记者 陈小禾"), [plain("陈小禾", Reporter, ours)]);
    assert_eq!(names_of("本报记者 陈小禾 发自云城"), [plain("陈小禾", Reporter, ours)]);
    assert_eq!(
        names_of("□ 本报记者 陈小禾 文 林远 图"),
        [plain("陈小禾", Reporter, ours), plain("林远", Photographer, ours)]
    );
    assert_eq!(names_of("陈小禾　文/图"), [plain("陈小禾", Author, None), plain("陈小禾", Photographer, None)]);
    assert_eq!(names_of("文／陈小禾　圖／林远"), [plain("陈小禾", Author, None), plain("林远", Photographer, None)]);
    assert_eq!(names_of("文：陈小禾"), [plain("陈小禾", Author, None)]);
    assert_eq!(
        names_of("记者陈小禾、林远／云城连线報導"),
        [plain("陈小禾", Reporter, None), plain("林远", Reporter, None)]
    );
    assert_eq!(
        names_of("本报记者 陈小禾 见习记者 林远 沙城、云州报道"),
        [plain("陈小禾", Reporter, ours), plain("林远", Reporter, ours)]
    );
    assert_eq!(
        names_of("本报记者/陈小禾 摄影/林远"),
        [plain("陈小禾", Reporter, ours), plain("林远", Photographer, None)]
    );
    assert_eq!(names_of("（陈小禾）"), [plain("陈小禾", Author, None)]);
    assert_eq!(names_of("本报记者 陈小禾 云城报道"), [plain("陈小禾", Reporter, ours)]);
}

#[test]
fn an_author_may_say_where_he_works_and_a_correspondent_is_no_town() {
    assert_eq!(names_of("（林远 作者单位：云城市第二中学）"), [plain("林远", Role::Author, None)]);
    assert_eq!(in_brackets("记者陈小禾 通讯员周舟海报道").map(|people| people.len()), Some(2));
}

#[test]
fn marks_between_names_and_pen_names_are_read() {
    let names = |line: &str| names_of(line).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    assert_eq!(names("■本报记者 陈小禾 ■通讯员 林远"), ["陈小禾", "林远"]);
    assert_eq!(names("本报全媒体记者 陈小禾 本报首席记者 林远"), ["陈小禾", "林远"]);
    let bare = |line| bare_name(line).unwrap_or_default().into_iter().map(|b| b.name).collect::<Vec<_>>();
    assert_eq!(bare("□言默"), ["言默"]);
    assert_eq!(bare("海　棠"), ["海棠"]);
    assert_eq!(bare("短 讯"), [""; 0]);
}

#[test]
fn a_house_that_signs_is_a_byline_without_a_person() {
    for line in ["本报评论员", "（本报评论员）", "【綜合報導】", "云城日报编辑部"] {
        assert_eq!(whole(line), Some(Vec::new()), "{line}");
    }
}

#[test]
fn running_text_is_no_byline() {
    for line in
        ["记者从市交通局获悉", "本报记者走进车间", "图书馆", "本报记者 陈小禾 林远 来到现场，看到了桥", "文化长廊"]
    {
        assert_eq!(whole(line), None, "{line}");
    }
}

#[test]
fn a_signature_at_the_end_is_found_after_a_full_stop_only() {
    assert_eq!(tail("桥通了。（记者 陈小禾）").map(|(_, by)| by.len()), Some(1));
    assert_eq!(tail("桥通了。（陈小禾）").map(|(_, by)| by.len()), Some(1));
    assert_eq!(tail("他叫林远（林小远）"), None);
}

#[test]
fn blanks_that_a_recogniser_put_into_a_role_word_are_none() {
    let names = |words: &str| in_brackets(words).unwrap().into_iter().map(|by| by.name).collect::<Vec<_>>();
    assert_eq!(names("记者陈小禾 实习 生林远"), ["陈小禾", "林远"]);
    assert_eq!(names_of("本 报记 者 陈 小 禾"), [plain("陈小禾", Role::Reporter, Some("本报"))]);
}

#[test]
fn names_that_are_words_too_are_known_by_how_they_are_set() {
    let names = |line: &str| signature(line).unwrap().into_iter().map(|by| by.name).collect::<Vec<_>>();
    assert_eq!(names("方 圆"), ["方圆"]);
    assert_eq!(names("（水灵 甘露）"), ["水灵", "甘露"]);
    assert_eq!(signature("方圆"), None);
    assert_eq!(names_of("□主管药师 花蓉"), [plain("花蓉", Role::Author, Some("主管药师"))]);
}

#[test]
fn what_stands_beside_a_role_word_says_which_sort_it_is() {
    use Role::{Author, Photographer, Reporter};
    let ours = Some("本报");
    assert_eq!(names_of("学生记者 陈小禾 林远"), [plain("陈小禾", Reporter, None), plain("林远", Reporter, None)]);
    assert_eq!(names_of("本报赴灾区特派记者 陈小禾"), [plain("陈小禾", Reporter, ours)]);
    assert_eq!(names_of("記者　陳小禾／茄萣"), [plain("陳小禾", Reporter, None)]);
    assert_eq!(names_of("特派記者陳小禾／東京20日電"), [plain("陳小禾", Reporter, None)]);
    assert_eq!(names_of("（云江日报记者 陈小禾 漳州26日电）"), [plain("陈小禾", Reporter, Some("云江日报"))]);
    assert_eq!(names_of("陈小禾 / 文　受访者 / 供图"), [plain("陈小禾", Author, None)]);
    assert_eq!(
        names_of("报道：陈小禾　摄影：林远"),
        [plain("陈小禾", Author, None), plain("林远", Photographer, None)]
    );
    assert_eq!(names_of("本报记者 陈小禾 报道　yc@jiang.example.cn"), [plain("陈小禾", Reporter, ours)]);
    assert_eq!(names_of("——本报记者 陈小禾"), [plain("陈小禾", Reporter, ours)]);
    assert_eq!(names_of("作者　陈小禾（云城师范学院教授）")[0].0, "陈小禾");
    assert_eq!(names_of("记者牧野实习生凤小溪").len(), 2);
}

#[test]
fn names_of_other_languages_are_names() {
    let names = |line: &str| bare_name(line).unwrap_or_default().into_iter().map(|by| by.name).collect::<Vec<_>>();
    assert_eq!(names_of("本报记者 乌云其木格")[0].0, "乌云其木格");
    assert_eq!(names("［俄］伊万·彼得连科"), ["伊万·彼得连科"]);
    assert_eq!(names("[日] 佐藤健一郎"), ["佐藤健一郎"]);
}

#[test]
fn a_text_may_end_in_who_wrote_it_in_any_form() {
    let names = |text: &str| tail(text).unwrap_or_default().1.into_iter().map(|by| by.name).collect::<Vec<_>>();
    assert_eq!(names("道路已恢复通行。 记者 巴特尔"), ["巴特尔"]);
    assert_eq!(names("春天真的来了。　　　　　　鹿鸣"), ["鹿鸣"]);
    assert_eq!(names("规则才能落地生根。 ■周舟"), ["周舟"]);
    assert_eq!(names("正当其时。（作者：陈小禾，系云城市干部）"), ["陈小禾"]);
    assert_eq!(names("队员有一百人。(丛珊 孟浩天)"), ["丛珊", "孟浩天"]);
    assert_eq!(names("将继续关注。(记 者 陈小禾 通讯 员 林远)"), ["陈小禾", "林远"]);
    assert_eq!(names("市民在桥上散步。"), [""; 0]);
}
