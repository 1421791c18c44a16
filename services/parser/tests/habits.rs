//! The annotated pages as other papers set them and other recognisers print them: as many of their articles come out right as
//! of the pages themselves, or nearly.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests; clippy does not see that helpers belong to them"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use parser::evaluate;
use serde_json::Value;

/// A page: its gold, and its lines.
type Page = (Value, Vec<String>);

/// Half-width columns of a narrow column, and what begins no line of it.
const NARROW: usize = 36;
const HANGS: &str = "，。、；：？！”）》,.;:?!)";

/// Holds what share of the articles is right when every page has a habit.
fn hold(name: &str, held: f64, habit: impl Fn(Page) -> Page) {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let made = tempfile::tempdir().unwrap();
    let (gold, issues) = (made.path().join("gold"), made.path().join("issues"));
    [&gold, &issues].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
    for issue in fs::read_dir(pages.join("issues")).unwrap().map(|entry| entry.unwrap().path()) {
        // The habits are told of characters; pages in other charsets have them in UTF-8, too.
        let Ok(text) = fs::read_to_string(&issue) else { continue };
        let stem = issue.file_stem().unwrap().to_string_lossy().into_owned();
        let json = fs::read_to_string(pages.join("gold").join(format!("{stem}.json"))).unwrap();
        let lines = text.split('\n').map(str::to_owned).collect();
        let (page, lines) = habit((serde_json::from_str(&json).unwrap(), lines));
        fs::write(gold.join(format!("{stem}.json")), page.to_string()).unwrap();
        fs::write(issues.join(format!("{stem}.txt")), lines.join("\n")).unwrap();
    }
    let report = evaluate::folder(&gold, &issues).unwrap();
    let reached = report.total().get("perfect").unwrap();
    assert!(reached >= held, "{name}: {reached:.4} of the articles right, held {held}\n{report}");
}

/// The same of every text of a page.
fn each(page: Page, form: impl Fn(&str) -> String) -> Page {
    fn texts(value: &mut Value, form: &dyn Fn(&str) -> String) {
        match value {
            Value::String(text) => *text = form(text),
            Value::Array(values) => values.iter_mut().for_each(|value| texts(value, form)),
            Value::Object(fields) => fields.values_mut().for_each(|value| texts(value, form)),
            _ => {}
        }
    }
    let (mut gold, lines) = page;
    texts(&mut gold, &form);
    (gold, lines.iter().map(|line| form(line)).collect())
}

/// A page some of whose lines became several: `parts` says of each what it becomes.
fn parted((mut gold, lines): Page, parts: impl Fn(usize, &str) -> Option<Vec<String>>) -> Page {
    // By its old number, from 1, the new ones of each line.
    let (mut made, mut numbers) = (Vec::new(), vec![std::ops::Range::default()]);
    for (at, line) in lines.into_iter().enumerate() {
        let first = made.len() + 1;
        match parts(at + 1, &line) {
            Some(parts) => made.extend(parts),
            None => made.push(line),
        }
        numbers.push(first..made.len() + 1);
    }
    let filled = |n: &usize| !made[*n - 1].is_empty();
    let moved = |value: &mut Value| {
        let all = numbers_of(value).into_iter().flat_map(|n| numbers[n].clone().filter(filled)).collect::<Vec<_>>();
        *value = all.into();
    };
    moved(&mut gold["furniture"]);
    for article in gold["articles"].as_array_mut().unwrap() {
        for key in ["head_lines", "body", "subheads", "repeats"] {
            article.get_mut(key).into_iter().for_each(moved);
        }
        for join in article.get_mut("joins").and_then(Value::as_array_mut).into_iter().flatten() {
            let ends = numbers_of(join);
            *join = vec![numbers[ends[0]].end - 1, numbers[ends[1]].start].into();
        }
    }
    (gold, made)
}

fn numbers_of(value: &Value) -> Vec<usize> {
    value.as_array().into_iter().flatten().map(|n| usize::try_from(n.as_u64().unwrap()).unwrap()).collect()
}

fn lines_of(gold: &Value, key: &str) -> BTreeSet<usize> {
    gold["articles"].as_array().unwrap().iter().flat_map(|article| numbers_of(&article[key])).collect()
}

/// A text in lines as a narrow column breaks it: figures and Latin words stay whole.
fn broken(text: &str) -> Vec<String> {
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let (mut lines, mut rest) = (vec![String::new()], text);
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '%'))).unwrap_or(rest.len());
        let (token, behind) = rest.split_at(word.max(first.len_utf8()));
        let last = lines.last_mut().unwrap();
        if !last.is_empty() && width(last) + width(token) > NARROW && !HANGS.contains(token) {
            lines.push(token.to_owned());
        } else {
            last.push_str(token);
        }
        rest = behind;
    }
    lines
}

#[test]
fn traditional_pages_are_read_as_well_as_simplified_ones() {
    let script = OpenCC::from_config(BuiltinConfig::S2hk).unwrap();
    hold("Hong Kong's script", 0.90, |page| each(page, |text| script.convert(text)));
}

#[test]
fn a_point_for_every_full_stop_changes_little() {
    hold("points", 0.90, |page| each(page, |text| text.replace('。', ".")));
}

#[test]
fn full_width_figures_and_letters_change_nothing() {
    let wide = |c: char| if c.is_ascii_alphanumeric() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c };
    hold("full-width figures", 0.90, |(gold, lines)| {
        (gold, lines.iter().map(|line| line.chars().map(wide).collect()).collect())
    });
}

#[test]
fn texts_in_narrow_columns_with_their_line_ends_are_mostly_right() {
    hold("narrow columns", 0.87, |(gold, lines)| {
        let texts: BTreeSet<usize> = &lines_of(&gold, "body") - &lines_of(&gold, "subheads");
        parted((gold, lines), |n, line| (texts.contains(&n) && line.chars().count() > NARROW).then(|| broken(line)))
    });
}

#[test]
fn letter_spaced_headings_are_read_as_others() {
    let plain = |c: char| !c.is_ascii() && !c.is_whitespace();
    hold("letter-spaced headings", 0.90, |(gold, lines)| {
        let headings = lines_of(&gold, "head_lines");
        let apart = |line: &str| line.chars().map(String::from).collect::<Vec<_>>().join(" ");
        let spaced = |(at, line): (usize, &String)| {
            let fits =
                headings.contains(&(at + 1)) && (5..=16).contains(&line.chars().count()) && line.chars().all(plain);
            if fits { apart(line) } else { line.clone() }
        };
        let lines = lines.iter().enumerate().map(spaced).collect();
        (gold, lines)
    });
}

#[test]
fn headlines_set_vertically_are_headlines() {
    let plain = |line: &str| {
        let length = line.chars().count();
        (4..=14).contains(&length)
            && !line.contains(|c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "#*".contains(c))
    };
    hold("vertical headlines", 0.90, |(gold, lines)| {
        let alone =
            |article: &&Value| article["kicker"].is_null() && article["deck"].is_null() && article["kind"] != "notice";
        let articles = gold["articles"].as_array().unwrap().iter().step_by(3).filter(alone);
        let heads: BTreeSet<usize> = articles
            .map(|article| numbers_of(&article["head_lines"]))
            .filter(|lines| lines.len() == 1)
            .flatten()
            .collect();
        parted((gold, lines), |n, line| {
            let stands = heads.contains(&n) && plain(line);
            stands.then(|| {
                let characters = line.chars().map(String::from);
                std::iter::once(String::new()).chain(characters).chain([String::new()]).collect()
            })
        })
    });
}
