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
