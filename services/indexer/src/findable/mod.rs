//! What the search server would miss in a Chinese text, as words to add beside it. Pure.
//!
//! Meilisearch cuts Chinese into words by a dictionary and then cuts long words into pairs that do not overlap: 总工会
//! becomes 总工 and 会, and 工会 is not found. Nor are a traditional form of a simplified word, a character inside a word,
//! or 5G behind Chinese text. [`words_to_add`] cuts a text exactly as the server will ([`cut`]), looks for what a
//! reader may ask for, and returns what is missing as the value of one field of low weight:
//!
//! - words inside longer words of the dictionary that the server cuts differently ([`hidden`]), with their neighbours, so
//!   that phrases across them are found: `工会 主席;`. Words that come about only across others (市长 in 南京市长江) are not.
//! - characters inside words, as [`INSIDE`] marks them
//! - a simplified reading of what is printed in traditional characters, and traditional forms of words ([`script`])
//! - names and place names whose last character the server joined to the next word ([`names`])
//! - Latin letters and digits that the server tears apart or leaves wide ([`latin`])
//! - numbers in their other writing: 2025年 and 二〇二五年 ([`numbers`])
//!
//! What nobody asks for is left out ([`small`]): each word costs the server three entries, and each neighbour more.
//!
//! The field's locale is one for which the server has no Chinese cutter (`index` sets it): its words stand between
//! spaces and are taken as they are. A semicolon keeps neighbours apart, so that they neither form phrases nor cost entries
//! in the index of word pairs. A server that cuts the field all the same finds nearly as much.

mod cut;
mod hidden;
mod latin;
mod names;
mod numbers;
mod script;
mod small;

use compact_str::CompactString;
use rustc_hash::{FxBuildHasher, FxHashSet};

use cut::Cut;
pub use cut::is_han;
pub use script::to_simplified;

/// Stands behind a character that stands inside a word: 获奖 adds `奖0`. A query's last word is taken for a word's
/// beginning, so that 奖 finds it; in any other place of a query only the word itself counts, or every article would
/// hold every name as scattered characters. A digit does not part a word, and one byte is little.
const INSIDE: char = '0';

/// Words that the server would miss in `texts`, as a field's value; empty where nothing is missing.
pub fn words_to_add<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<Text> = texts.into_iter().filter(|text| !text.is_empty()).map(Text::new).collect();
    let mut added = Added::for_words(texts.iter().map(|text| text.printed.words.len()).sum());
    for text in &texts {
        text.printed.words.iter().for_each(|word| added.finds(&word.lemma));
    }
    for text in &texts {
        if let Some(simplified) = &text.simplified {
            script::add_simplified(&text.printed, simplified, &mut added);
        }
        let reading = text.simplified.as_ref().unwrap_or(&text.printed);
        let words = reading.dictionary_words();
        hidden::add(reading, &words, &mut added);
        names::add(reading, &mut added);
        latin::add(&text.printed, &mut added);
        numbers::add(reading, &mut added);
        script::add_traditional(&text.printed, reading, &words, &mut added);
        script::add_other_way(&text.printed, &mut added);
    }
    // Last: what has been added as a word is found by its beginning already.
    for text in &texts {
        let reading = text.simplified.as_ref().unwrap_or(&text.printed);
        hidden::add_characters(reading, &mut added);
    }
    added.value
}

/// A text in the forms that are looked at.
struct Text {
    printed: Cut,
    /// Only where it differs and each character has its counterpart.
    simplified: Option<Cut>,
}

impl Text {
    fn new(text: &str) -> Self {
        let printed = Cut::new(text);
        let simplified = script::simplified(text).filter(|form| form.chars().count() == printed.chars.len());
        Self { printed, simplified: simplified.as_deref().map(Cut::new) }
    }
}

/// What is found without help, and what has been added so far.
#[derive(Default)]
struct Added {
    value: String,
    /// Words that the server finds, as it keeps them.
    found: FxHashSet<CompactString>,
    /// What they begin with.
    beginnings: FxHashSet<char>,
    runs: FxHashSet<String>,
}

impl Added {
    /// For texts of so many words, with room for them and as many again.
    fn for_words(count: usize) -> Self {
        let found = FxHashSet::with_capacity_and_hasher(2 * count, FxBuildHasher);
        Self { found, ..Self::default() }
    }

    /// Notes a word that is found without help.
    fn finds(&mut self, lemma: &str) {
        if !self.found.contains(lemma) {
            self.beginnings.extend(lemma.chars().next());
            self.found.insert(lemma.into());
        }
    }

    /// One word as the server keeps it, unless it is found already.
    fn word(&mut self, lemma: &str) {
        if !lemma.is_empty() && !self.found.contains(lemma) {
            self.finds(lemma);
            self.push(lemma);
        }
    }

    /// Words that stand side by side, for phrases; once.
    fn run(&mut self, lemmas: &[&str]) {
        let run = lemmas.join(" ");
        if !self.runs.contains(&run) {
            self.push(&run);
            for lemma in lemmas {
                self.finds(lemma);
            }
            self.runs.insert(run);
        }
    }

    /// Whether a word that is found begins with `c`.
    fn begins(&self, c: char) -> bool {
        self.beginnings.contains(&c)
    }

    fn push(&mut self, words: &str) {
        if !self.value.is_empty() {
            self.value.push(';');
        }
        self.value.push_str(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Vec<String> {
        words_to_add([text]).split(';').filter(|run| !run.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn a_word_inside_a_word_stands_with_its_neighbours() {
        let words = added("市总工会主席讲话");
        assert!(words.iter().any(|run| run.contains("工會 主席")), "{words:?}");
    }

    #[test]
    fn a_word_across_words_is_added_only_where_a_longer_one_holds_it() {
        for (text, across) in [("南京市长江大桥", "市長"), ("软件开发展示", "發展"), ("高中学生", "中學")]
        {
            assert!(!added(text).iter().any(|run| run.contains(across)), "{text}");
        }
        assert!(added("乒乓球拍卖完了").iter().any(|run| run.contains("球拍")));
    }

    #[test]
    fn what_the_server_finds_is_not_added() {
        assert_eq!(added("上海"), ["海0"]);
        assert_eq!(added("rust 2025"), Vec::<String>::new());
        assert_eq!(added(""), Vec::<String>::new());
        let words = added("推进5G基站，再推进5G基站");
        assert_eq!(words.iter().filter(|word| word.starts_with("5g")).collect::<Vec<_>>(), ["5g 基站"]);
    }

    #[test]
    fn other_scripts_and_widths_are_added() {
        assert!(added("香港論壇").iter().any(|run| run.contains("論坛")));
        assert!(added("发展").contains(&"發展".to_owned()));
        assert!(added("老人望著窗外的鐘樓").iter().any(|run| run.contains("望 着 窗外")));
        assert!(!added("顯著改善").concat().contains('着'));
        assert!(added("倉庫裡").contains(&"裏".to_owned()));
        assert!(added("热线１２Ａ３").contains(&"12a3".to_owned()));
    }
}
