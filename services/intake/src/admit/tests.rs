//! What is admitted, what is refused, and what the sender is told.

use contract::IssueId;
use proptest::prelude::*;

use super::*;
use crate::refusal::RefusalCode;

const PAGE: &str = "第一版\n\n新桥通车\n\n本报讯 昨天上午，城东新桥正式通车。\n";

fn policy() -> Policy {
    Policy {
        media_types: MediaTypes::new(&["text/plain".into(), "text/markdown".into()]).unwrap(),
        patterns: vec![
            FileNamePattern::new(r"^(?<publication>[A-Za-z-]+)_(?<date>\d{8})(?:_(?<edition>[^.]+))?\.").unwrap(),
        ],
        max_bytes: 1000,
        default_publication: None,
        default_lane: Lane::Live,
    }
}

fn offer(name: Option<&str>, content_type: Option<&str>) -> Offer {
    Offer { file_name: name.map(Into::into), content_type: content_type.map(Into::into), told: Told::default() }
}

fn admit(offer: &Offer, bytes: impl Into<Bytes>) -> Result<Admitted, Refusal> {
    policy().screen(offer)?.admit(bytes.into(), Timestamp::UNIX_EPOCH)
}

fn refused(name: Option<&str>, content_type: Option<&str>, bytes: impl Into<Bytes>) -> Refusal {
    admit(&offer(name, content_type), bytes).unwrap_err()
}

fn text(bytes: impl Into<Bytes>) -> Result<Admitted, RefusalCode> {
    admit(&offer(None, Some("text/plain")), bytes).map_err(|refusal| refusal.code)
}

#[test]
fn an_admitted_file_is_an_event_with_its_content_as_id() {
    let admitted = admit(&offer(Some("page.md"), Some("text/markdown; charset=UTF-8")), PAGE).unwrap();
    assert_eq!(admitted.event.id, IssueId::of(PAGE.as_bytes()));
    assert_eq!(admitted.event.sha256, HEXLOWER.encode(&Sha256::digest(PAGE)));
    assert_eq!(admitted.event.media_type, "text/markdown");
    assert_eq!(admitted.event.charset.as_deref(), Some("utf-8"));
    assert_eq!(admitted.bytes, PAGE);
}

#[test]
fn the_media_type_is_the_declared_one_or_found_by_the_name() {
    for (name, declared, found) in [
        (None, Some("Text/Plain"), "text/plain"),
        (Some("a.md"), Some("text/plain"), "text/plain"),
        (Some("a.MD"), None, "text/markdown"),
        (Some("a.text"), Some(""), "text/plain"),
        (Some("a.b.markdown"), Some("application/octet-stream"), "text/markdown"),
    ] {
        let media = policy().media_types.judge(declared, name).unwrap();
        assert_eq!(media.essence, found, "{name:?} {declared:?}");
    }
    for (name, declared) in [
        (None, None),
        (Some("a"), None),
        (Some("a.pdf"), None),
        (Some("a.txt"), Some("application/pdf")),
        (Some("a.txt"), Some("no media type")),
        (None, Some("application/octet-stream")),
    ] {
        let refusal = policy().media_types.judge(declared, name).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::MediaType);
        assert!(refusal.advice.contains("text/plain, text/markdown"), "{refusal}");
    }
}

#[test]
fn nothing_is_no_file() {
    for blank in ["", " \r\n\t", "\u{feff}", "\u{feff}\u{3000}\n"] {
        assert_eq!(text(blank).unwrap_err(), RefusalCode::Empty, "{blank:?}");
    }
    assert_eq!(text(&b"\xFF\xFE\x20\x00"[..]).unwrap_err(), RefusalCode::Empty);
}

#[test]
fn what_is_not_text_is_named_by_what_it_seems_to_be() {
    for (bytes, named) in [
        (b"%PDF-1.7 rest".as_slice(), "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"PK\x03\x04word/", "Office"),
        (b"\x7fELF", "ELF"),
        (b"text\0text", "zero byte at offset 4"),
        (b"\xFF\xFE\0\0a\0\0\0", "UTF-32"),
        (&[1; 30], "30 control characters"),
    ] {
        let refusal = refused(Some("a.txt"), None, bytes);
        assert_eq!(refusal.code, RefusalCode::Binary);
        assert!(refusal.reason.contains(named), "{refusal}");
    }
}

#[test]
fn text_in_other_encodings_and_with_a_few_slips_is_text() {
    let gb18030 = b"\xB5\xDA\xD2\xBB\xB0\xE6\x0D\x0A\xD0\xC2\xC7\xC5\xCD\xA8\xB3\xB5";
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(PAGE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(text(&gb18030[..]).is_ok());
    assert!(text(utf16.clone()).is_ok());
    let unmarked = admit(&offer(None, Some("text/plain; charset=utf-16le")), utf16[2..].to_vec());
    assert!(unmarked.is_ok());
    assert!(text(format!("{PAGE}\u{1}\u{2}\u{c}\u{1a}")).is_ok());
}

#[test]
fn the_limit_is_the_largest_that_is_let_in() {
    assert!(text("x".repeat(1000)).is_ok());
    let refusal = refused(Some("a.txt"), None, "x".repeat(1001));
    assert_eq!(refusal.code, RefusalCode::TooLarge);
    assert!(refusal.reason.contains("1001") && refusal.reason.contains("1000"), "{refusal}");
}

fn facts(name: &str, told: Told) -> Result<Facts, Refusal> {
    Facts::gather(&told, Some(name), &policy())
}

#[test]
fn what_the_sender_says_beats_the_name_which_beats_the_settings() {
    let by_name = facts("daily_20260304_晨报.txt", Told::default()).unwrap();
    assert_eq!(by_name.publication.unwrap().as_str(), "daily");
    assert_eq!(by_name.date, Some(jiff::civil::date(2026, 3, 4)));
    assert_eq!(by_name.edition.as_deref(), Some("晨报"));
    let told = Told { date: Some("2026-03-05".into()), publication: Some(" ".into()), ..Told::default() };
    let both = facts("daily_20260304.txt", told).unwrap();
    assert_eq!(both.date, Some(jiff::civil::date(2026, 3, 5)));
    assert_eq!(both.publication.unwrap().as_str(), "daily");
    let settings = Policy { default_publication: Some("weekly".parse().unwrap()), ..policy() };
    let none = Facts::gather(&Told::default(), Some("page.txt"), &settings).unwrap();
    assert_eq!(none.publication.unwrap().as_str(), "weekly");
}

#[test]
fn a_fact_that_cannot_be_is_refused_by_key_and_value() {
    let told = |key: &str, value: &str| {
        let mut told = Told::default();
        let place = match key {
            "publication" => &mut told.publication,
            "date" => &mut told.date,
            "edition" => &mut told.edition,
            "issue" => &mut told.issue,
            _ => &mut told.lane,
        };
        *place = Some(value.to_owned());
        told
    };
    for (key, value) in [
        ("publication", "Two Words"),
        ("publication", "日报"),
        ("date", "2026-02-30"),
        ("date", "20261301"),
        ("date", "04.03.2026"),
        ("date", "2026-3-4"),
        ("edition", "a\u{7}b"),
        ("issue", "a\u{7}b"),
        ("lane", "fast"),
    ] {
        let refusal = facts("page.txt", told(key, value)).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::BadFact);
        assert!(refusal.reason.starts_with(key) && refusal.reason.contains(value.chars().next().unwrap()), "{refusal}");
    }
    let by_name = facts("daily_20260230.txt", Told::default()).unwrap_err();
    assert!(by_name.reason.contains("20260230") && by_name.reason.contains("file's name"), "{by_name}");
}

#[test]
fn folders_are_no_part_of_a_name() {
    for (given, kept) in [
        ("a.txt", Some("a.txt")),
        ("/etc/a.txt", Some("a.txt")),
        (r"C:\pages\a.txt", Some("a.txt")),
        ("..", None),
        ("a/", None),
        ("a\n.txt", Some("a.txt")),
    ] {
        assert_eq!(base_name(given).as_deref(), kept, "{given:?}");
    }
    assert!(base_name(&"工".repeat(200)).unwrap().len() <= 255);
}

proptest! {
    #[test]
    fn no_bytes_panic_and_what_is_admitted_is_what_came(
        bytes in proptest::collection::vec(any::<u8>(), 0..1200),
        charset in proptest::option::of("(utf-16|utf-16be|gb18030)"),
    ) {
        let declared = charset.map_or("text/plain".to_owned(), |charset| format!("text/plain; charset={charset}"));
        if let Ok(admitted) = admit(&offer(None, Some(&declared)), bytes.clone()) {
            prop_assert!(bytes.len() <= 1000);
            prop_assert_eq!(admitted.event.id, IssueId::of(&bytes));
            prop_assert_eq!(&admitted.bytes[..], &bytes[..]);
        }
    }

    #[test]
    fn every_text_of_letters_is_admitted_in_utf8(page in "[\\p{L}\\p{N}\\p{P}\n]{1,80}") {
        // Nobody's page begins like a PDF; a generated one might.
        prop_assume!(!page.starts_with(['%', '{', 'P', 'I', 'M', 'A', 'G', 'R', '7']));
        prop_assume!(!page.trim().is_empty());
        prop_assert!(text(page).is_ok());
    }

    #[test]
    fn no_name_type_or_fact_panics(name in ".{0,40}", declared in ".{0,40}", fact in "\\PC{0,12}") {
        let told = Told { publication: Some(fact.clone()), date: Some(fact.clone()), edition: Some(fact.clone()), issue: Some(fact.clone()), lane: None };
        let offer = Offer { file_name: Some(name), content_type: Some(declared), told };
        let _ = policy().screen(&offer);
        let _ = facts("page.txt", Told { date: Some(fact), ..Told::default() });
    }
}
