//! The file of synonyms that an operator edits: what is wrong in it is named with its line.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

/// For each word the words that are searched with it.
pub type Synonyms = BTreeMap<String, Vec<String>>;

/// Most words in the file. The server reads all of them anew for every word of every query.
const MOST: usize = 2_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    /// Words of one group find one another.
    groups: Vec<Spanned<Vec<String>>>,
    /// A word finds others, which do not find it.
    one_way: BTreeMap<Spanned<String>, Vec<String>>,
}

/// Reads the file at `path`.
///
/// # Errors
/// The file, the line and what is wrong there.
pub fn read(path: &Path) -> Result<Synonyms, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("index.synonyms {} cannot be read: {error}", path.display()))?;
    parse(&text).map_err(|(line, wrong)| format!("index.synonyms {} line {line}: {wrong}", path.display()))
}

/// The synonyms that `text` lists, or a line and what is wrong there.
fn parse(text: &str) -> Result<Synonyms, (usize, String)> {
    let line = |at: usize| 1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(text.len(), |span| span.start);
        (line(at), error.message().replace('\n', " "))
    })?;
    let mut synonyms = Synonyms::new();
    for group in &file.groups {
        let at = line(group.span().start);
        let words = group.get_ref();
        if words.len() < 2 {
            return Err((at, format!("a group of {}, give 2 words or more", words.len())));
        }
        for word in words {
            let others = words.iter().filter(|other| *other != word);
            add(&mut synonyms, word, others, at)?;
        }
    }
    for (word, others) in &file.one_way {
        let at = line(word.span().start);
        if others.is_empty() {
            return Err((at, format!("`{}` finds nothing, give 1 word or more", word.get_ref())));
        }
        add(&mut synonyms, word.get_ref(), others.iter(), at)?;
    }
    Ok(synonyms)
}

fn add<'a>(
    synonyms: &mut Synonyms,
    word: &str,
    others: impl Iterator<Item = &'a String>,
    line: usize,
) -> Result<(), (usize, String)> {
    let known = synonyms.entry(word.to_owned()).or_default();
    for other in others {
        for text in [word, other.as_str()] {
            if text.trim().is_empty() || text.trim() != text {
                return Err((line, format!("`{text}` is empty or has spaces around it, give a word")));
            }
        }
        if !known.contains(other) {
            known.push(other.clone());
        }
    }
    if synonyms.len() > MOST {
        return Err((line, format!("more than {MOST} words, give fewer: each query reads all of them")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_group_find_one_another_and_one_way_is_one_way() {
        let text =
            "groups = [[\"渡口\", \"码头\", \"轮渡站\"], [\"码头\", \"泊位\"]]\n[one_way]\n\"市局\" = [\"市港务局\"]\n";
        let synonyms = parse(text).unwrap();
        assert_eq!(synonyms["渡口"], ["码头", "轮渡站"]);
        assert_eq!(synonyms["码头"], ["渡口", "轮渡站", "泊位"]);
        assert_eq!(synonyms["市局"], ["市港务局"]);
        assert_eq!(synonyms.get("市港务局"), None);
        assert_eq!(parse(""), Ok(Synonyms::new()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let wrong = |text: &str| parse(text).unwrap_err();
        assert_eq!(wrong("groups = [\n  [\"渡口\", \"码头\"],\n  [\"泊位\"],\n]").0, 3);
        assert_eq!(wrong("groups = [\n  [\"渡口\", \" \"],\n]").0, 2);
        assert_eq!(wrong("[one_way]\n\"市局\" = []").0, 2);
        assert_eq!(wrong("groups = [\n  [\"渡口\", \"码头\"\n  [\"泊位\"]").0, 3);
        let (line, unknown) = wrong("\ngruops = []");
        assert!(line == 2 && unknown.contains("gruops"), "{line} {unknown}");
    }

    #[test]
    fn the_shipped_file_is_sound() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/settings/synonyms.toml");
        let synonyms = read(file.as_ref()).unwrap();
        assert!(synonyms["全总"].contains(&"中华全国总工会".to_owned()));
    }
}
