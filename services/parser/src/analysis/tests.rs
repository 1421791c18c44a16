//! The truth sets in `tests/names`, scripts, and the operator's dictionary.

use contract::{Article, ArticleId, IssueId};
use serde_json::json;

use super::*;

fn article(headline: Option<&str>, body: &str) -> Article {
    let issue = IssueId::of(body.as_bytes());
    serde_json::from_value(json!({
        "id": ArticleId::of(&issue, body, 0),
        "issue": { "id": issue, "publication": null, "date": null, "number": null, "pages": null, "edition": null },
        "page": null, "position": 1, "kind": "news", "section": null, "kicker": null, "headline": headline, "deck": null,
        "dateline": null, "source": null, "body": [{ "type": "paragraph", "text": body }],
        "continues_on_page": null, "continued_from_page": null, "language": null, "confidence": 1.0
    }))
    .unwrap()
}

fn analysed(analyzer: &Analyzer, body: &str) -> Article {
    let mut articles = [article(None, body)];
    analyse(analyzer, &mut articles);
    let [article] = articles;
    article
}

/// Right, found and wanted names of people, places and organizations.
fn score(analyzer: &Analyzer, truth: &str) -> [[f64; 3]; 3] {
    let mut sums = [[0f64; 3]; 3];
    for case in truth.split("\n\n") {
        let field = |name: &str| {
            let mut lines = case.lines().filter_map(|line| line.split_once(' '));
            lines.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
        };
        let found = analysed(analyzer, field("文"));
        let may: Vec<&str> = field("可").split(' ').collect();
        for (at, (key, found)) in
            [("人", &found.people), ("地", &found.places), ("机", &found.organizations)].into_iter().enumerate()
        {
            let wanted: Vec<&str> = field(key).split(' ').filter(|name| !name.is_empty()).collect();
            let right = wanted.iter().filter(|name| found.iter().any(|found| found == *name)).count() as f64;
            let wrong = found.iter().filter(|name| !wanted.contains(&name.as_str()) && !may.contains(&name.as_str()));
            sums[at][0] += right;
            sums[at][1] += right + wrong.count() as f64;
            sums[at][2] += wanted.len() as f64;
        }
    }
    sums
}

#[test]
fn names_are_found_as_often_as_they_were() {
    let analyzer = Analyzer::new();
    for (name, truth, least) in [
        ("truth.txt", include_str!("../../tests/names/truth.txt"), (0.92, 0.88)),
        ("unseen.txt", include_str!("../../tests/names/unseen.txt"), (0.95, 0.95)),
        ("third.txt", include_str!("../../tests/names/third.txt"), (0.95, 0.75)),
    ] {
        for (kind, [right, found, wanted]) in ["people", "places", "organizations"].iter().zip(score(&analyzer, truth))
        {
            let (precision, recall) = (right / found, right / wanted);
            assert!(
                precision >= least.0 && recall >= least.1,
                "{name}: {kind}: precision {precision:.2}, recall {recall:.2}"
            );
        }
    }
}

#[test]
fn keywords_are_telling_words_as_printed() {
    let analyzer = Analyzer::new();
    let mut articles = [article(
        Some("云江新桥正式通车"),
        "新桥今天通车，北京和上海的桥梁专家到场。桥梁全长三百米，桥梁采用悬索结构，2023年开工。",
    )];
    analyse(&analyzer, &mut articles);
    let words = &articles[0].keywords;
    assert!(words.iter().any(|word| word == "桥梁") && words.iter().any(|word| word == "结构"), "{words:?}");
    assert!(!words.iter().any(|word| word.contains("2023")), "{words:?}");
    let found = analysed(&analyzer, "颱風逼近，漁船回港避風。颱風過後，漁船才可以出海。");
    for word in ["颱風", "漁船"] {
        assert!(found.keywords.iter().any(|keyword| keyword == word), "{found:?}");
    }
}

#[test]
fn the_script_is_told_by_few_characters_and_against_quotations() {
    let analyzer = Analyzer::new();
    let script = |text: &str| analysed(&analyzer, text).language;
    assert_eq!(script("山水之间，一座小城的早晨开始了。"), Some(Language::Simplified));
    assert_eq!(script("山水之間，一座小城的早晨。"), Some(Language::Traditional));
    assert_eq!(script("匾额上写着“書香門第”四个字，落款已经认不出来。"), Some(Language::Simplified));
    assert_eq!(script("他把「发展」两字寫成簡體，老師說無妨，只要看得懂。"), Some(Language::Traditional));
    assert_eq!(script("乾隆年间的古桥，桥面只容一人。"), Some(Language::Simplified));
    assert_eq!(script("皇后大道上的茶餐廳，台前幕後只有三人。"), Some(Language::Traditional));
    assert_eq!(script("Ferries resume on Monday, the company said."), Some(Language::English));
    assert_eq!(script("2026"), None);
}

#[test]
fn an_article_without_telling_characters_is_in_the_script_of_its_issue() {
    let analyzer = Analyzer::new();
    let (none, other) = ("早上七点，天大亮。".replace('点', "時").replace('時', "下"), "颱風將至，漁船回港。");
    let mut articles = [article(None, &none), article(None, other)];
    analyse(&analyzer, &mut articles);
    assert_eq!(articles[0].language, Some(Language::Traditional));
    let mut alone = [article(None, &none)];
    analyse(&analyzer, &mut alone);
    assert_eq!(alone[0].language, Some(Language::Simplified));
}

#[test]
fn words_of_the_operator_are_kept_whole_and_read_by_their_tag() {
    let text = "智慧渔港昨天启用，鹿鸣到场。石门湾与云江港务签约。";
    let before = analysed(&Analyzer::new(), text);
    assert!(!before.keywords.iter().any(|word| word == "智慧渔港"), "{before:?}");
    let own = UserDictionary::parse("智慧渔港\n鹿鸣 nr\n石门湾 ns\n云江港务 nt\n").unwrap();
    let found = analysed(&Analyzer::with(&own), text);
    assert!(found.keywords.iter().any(|word| word == "智慧渔港"), "{found:?}");
    assert_eq!(found.people, ["鹿鸣"]);
    assert!(found.places.iter().any(|name| name == "石门湾"), "{found:?}");
    assert_eq!(found.organizations, ["云江港务"]);
}
