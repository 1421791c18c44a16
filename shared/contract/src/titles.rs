//! The registry of titles: what an operator knows of the newspapers that come in, in one TOML file.
//!
//! It works empty. Filled, it gives a title its id and canonical name, says how many pages an issue should have and which
//! lines belong to the page, and on which days and by when an issue should be there.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Time;
use serde::Deserialize;

use crate::ids::PublicationId;

/// Most pages that an issue can have.
const PAGES: u32 = 400;

/// Why a registry is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TitlesError {
    /// The file cannot be read.
    #[error("titles file {file} cannot be read: {reason}")]
    File {
        /// The file as it was named.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// It is not TOML, a key is unknown, or a value does not fit.
    #[error("titles are not valid: {0}")]
    Invalid(String),
}

/// All titles that an operator has registered.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Titles {
    #[serde(rename = "title")]
    all: Vec<Title>,
}

/// One title.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Its id in subjects and documents.
    pub id: PublicationId,
    /// Its name as it should be shown.
    pub name: String,
    /// Other names under which mastheads show it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its number in China's register of serials (`99-0001`).
    pub cn_number: Option<String>,
    /// Pages that an issue should have where its masthead does not say.
    pub pages: Option<u32>,
    /// Days on which it appears; none: not known.
    #[serde(default)]
    pub days: Vec<Weekday>,
    /// When an issue of the day should be there, by the clocks of `timezone`.
    pub deadline: Option<Time>,
    /// Where its clocks stand, by its name in the IANA database.
    #[serde(default = "beijing")]
    pub timezone: String,
    /// Lines that belong to the page; one that ends in `*` stands for all that begin so.
    #[serde(default)]
    pub furniture: Vec<String>,
    /// Labels of columns (栏题).
    #[serde(default)]
    pub sections: Vec<String>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

fn beijing() -> String {
    "Asia/Shanghai".to_owned()
}

impl Title {
    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    /// Refuses what cannot be, by key and value.
    fn check(&self) -> Result<(), String> {
        let id = &self.id;
        let blank = |text: &str| text.trim().is_empty();
        if self.names().any(blank) {
            return Err(format!("title `{id}`: name or an alias is empty; write it as the masthead shows it"));
        }
        for (key, lines) in [("furniture", &self.furniture), ("sections", &self.sections)] {
            if lines.iter().any(|line| blank(line.trim_end_matches('*'))) {
                return Err(format!("title `{id}`: {key} holds an empty line, which would match every one; remove it"));
            }
        }
        if let Some(number) = self.cn_number.as_deref().filter(|number| !is_cn_number(number)) {
            return Err(format!(
                "title `{id}`: cn_number is `{number}`; write two digits, a hyphen, four digits: 99-0001"
            ));
        }
        if let Some(pages) = self.pages.filter(|pages| !(1..=PAGES).contains(pages)) {
            return Err(format!("title `{id}`: pages is {pages}, give 1 to {PAGES}"));
        }
        let zone = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        if self.timezone.is_empty() || !self.timezone.chars().all(zone) {
            return Err(format!(
                "title `{id}`: timezone is `{}`; give an IANA name, e.g. Asia/Shanghai",
                self.timezone
            ));
        }
        Ok(())
    }
}

fn is_cn_number(text: &str) -> bool {
    text.split_once('-').is_some_and(|(place, serial)| {
        let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        digits(place, 2) && digits(serial, 4)
    })
}

impl Titles {
    /// Reads a registry.
    ///
    /// # Errors
    /// No TOML, an unknown key, a value that does not fit, or two titles with the same id, name or CN number.
    pub fn parse(text: &str) -> Result<Self, TitlesError> {
        let titles: Self = toml::from_str(text).map_err(|error| TitlesError::Invalid(error.to_string()))?;
        titles.check().map_err(TitlesError::Invalid)?;
        Ok(titles)
    }

    /// Reads a registry's file.
    ///
    /// # Errors
    /// The file cannot be read; else as [`Titles::parse`].
    pub fn load(file: &Path) -> Result<Self, TitlesError> {
        let named = || file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| TitlesError::File { file: named(), reason: error.to_string() })?;
        Self::parse(&text).map_err(|error| match error {
            TitlesError::Invalid(reason) => TitlesError::Invalid(format!("{}: {reason}", named())),
            other => other,
        })
    }

    /// Every title, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Title> {
        self.all.iter()
    }

    /// The title with this id.
    pub fn get(&self, id: &PublicationId) -> Option<&Title> {
        self.all.iter().find(|title| title.id == *id)
    }

    fn check(&self) -> Result<(), String> {
        // What a title is told by, and who has it.
        let mut taken: HashMap<(&str, &str), &PublicationId> = HashMap::new();
        for title in &self.all {
            title.check()?;
            let names = title.names().map(|name| ("name or alias", name));
            let number = title.cn_number.as_deref().map(|number| ("cn_number", number));
            for (key, value) in names.chain(number).chain([("id", title.id.as_str())]) {
                if let Some(other) = taken.insert((key, value), &title.id) {
                    return Err(format!("{key} `{value}` stands twice, at `{other}` and `{}`; remove one", title.id));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"
        [[title]]
        id = "harbour-daily"
        name = "港湾日报"
        aliases = ["港湾日报·周末"]
        cn_number = "99-0001"
        pages = 8
        days = ["mon", "fri"]
        deadline = "06:30"
        furniture = ["读报热线*"]
        sections = ["潮声"]
    "#;

    #[test]
    fn a_registry_is_read_and_an_empty_one_is_one() {
        let titles = Titles::parse(FULL).unwrap();
        let title = titles.get(&"harbour-daily".parse().unwrap()).unwrap();
        assert_eq!(title.names().collect::<Vec<_>>(), ["港湾日报", "港湾日报·周末"]);
        assert_eq!(title.days, [Weekday::Mon, Weekday::Fri]);
        assert_eq!(title.deadline, Some(jiff::civil::time(6, 30, 0, 0)));
        assert_eq!(title.timezone, "Asia/Shanghai");
        assert_eq!(Titles::parse("").unwrap(), Titles::default());
    }

    #[test]
    fn what_cannot_be_is_named_by_key_and_value() {
        let with = |line: &str| format!("[[title]]\nid = \"a\"\nname = \"甲报\"\n{line}\n");
        for (text, words) in [
            (with("colour = 1"), "colour"),
            (with("pages = 0"), "pages is 0, give 1 to 400"),
            (with("cn_number = \"9-1\""), "cn_number is `9-1`"),
            (with("days = [\"monday\"]"), "monday"),
            (with("deadline = \"25:00\""), "deadline"),
            (with("timezone = \"Asia Shanghai\""), "timezone is `Asia Shanghai`"),
            (with("aliases = [\" \"]"), "alias is empty"),
            (with("furniture = [\"*\"]"), "furniture holds an empty line"),
            (with("[[title]]\nid = \"b\"\nname = \"甲报\""), "`甲报` stands twice, at `a` and `b`"),
            ("[[title]]\nid = \"A B\"\nname = \"甲报\"".to_owned(), "publication id"),
            ("[[titles]]".to_owned(), "titles"),
        ] {
            let error = Titles::parse(&text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
        let error = Titles::load(Path::new("nowhere.toml")).unwrap_err().to_string();
        assert!(error.starts_with("titles file nowhere.toml cannot be read"), "{error}");
    }
}
