//! Templates to text: `{slot}` takes what the article is about or something drawn, `[a|b]` one of several.

use crate::chance::Chance;
use crate::words::{people, topic::Topic};
use jiff::civil::Date;

/// What an article is about: the same throughout it.
#[derive(Debug, Clone)]
pub struct Scope {
    /// What it deals with.
    pub topic: &'static Topic,
    /// The city.
    pub city: String,
    county: String,
    village: String,
    street: String,
    org: String,
    thing: String,
    people: Vec<String>,
    /// The day of the issue.
    pub day: Date,
}

impl Scope {
    /// Something that happens in a city, shortly before a day.
    pub fn new(topic: &'static Topic, city: String, day: Date, chance: &mut Chance) -> Self {
        let mut scope = Self {
            topic,
            city,
            county: people::county(chance),
            village: people::village(chance),
            street: people::street(chance),
            org: String::new(),
            thing: chance.word(topic.things).to_owned(),
            people: people::names(3, chance),
            day,
        };
        scope.org = fill(chance.word(topic.orgs), &scope, chance);
        scope
    }

    /// A person of the article.
    pub fn person(&self, at: usize) -> &str {
        &self.people[at]
    }
}

/// A day in words, `M月D日`, up to `back` days before the issue.
pub fn past(day: Date, back: usize, chance: &mut Chance) -> Date {
    let days = i64::try_from(chance.between(1, back)).unwrap_or(1);
    day.checked_sub(jiff::Span::new().days(days)).unwrap_or(day)
}

/// A template as text.
pub fn fill(template: &str, scope: &Scope, chance: &mut Chance) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '[']) {
        out.push_str(&rest[..at]);
        let (end, slot) = if rest[at..].starts_with('{') { ('}', true) } else { (']', false) };
        let Some(close) = rest[at..].find(end) else { break };
        let inside = &rest[at + 1..at + close];
        if slot {
            out.push_str(&value(inside, scope, chance));
        } else {
            let choices: Vec<&str> = inside.split('|').collect();
            let chosen = *chance.pick(&choices);
            out.push_str(&fill(chosen, scope, chance));
        }
        rest = &rest[at + close + 1..];
    }
    out.push_str(rest);
    out
}

fn value(slot: &str, scope: &Scope, chance: &mut Chance) -> String {
    let family = |name: &str| name.chars().next().map(String::from).unwrap_or_default();
    match slot {
        "city" => scope.city.clone(),
        "county" => scope.county.clone(),
        "village" => scope.village.clone(),
        "street" => scope.street.clone(),
        "org" => scope.org.clone(),
        "thing" => scope.thing.clone(),
        "p1" => scope.people[0].clone(),
        "p2" => scope.people[1].clone(),
        "p3" => scope.people[2].clone(),
        "s1" => format!("{}{}", family(&scope.people[0]), chance.word(&["师傅", "先生", "女士", "大姐", "老师"])),
        "s2" => format!("{}{}", family(&scope.people[1]), chance.word(&["阿姨", "大爷", "师傅", "女士"])),
        "n" => chance.between(3, 99).to_string(),
        "few" => chance.between(2, 9).to_string(),
        "nn" => (chance.between(11, 980) * 10).to_string(),
        "big" => format!("{}.{}万", chance.between(1, 96), chance.between(1, 9)),
        "pct" => format!("{}.{}%", chance.between(2, 97), chance.between(1, 9)),
        "h" => han(chance.between(2, 96)),
        "year" => (i64::from(scope.day.year()) - i64::try_from(chance.between(1, 9)).unwrap_or(1)).to_string(),
        "day" => {
            let day = past(scope.day, 20, chance);
            format!("{}月{}日", day.month(), day.day())
        }
        "age" => chance.between(26, 78).to_string(),
        "soon" => {
            let days = i64::try_from(chance.between(2, 40)).unwrap_or(2);
            let day = scope.day.checked_add(jiff::Span::new().days(days)).unwrap_or(scope.day);
            format!("{}月{}日", day.month(), day.day())
        }
        "month" => scope.day.month().to_string(),
        other => unreachable!("a template names the slot {other}"),
    }
}

/// A number below a hundred in Chinese numerals.
pub fn han(number: usize) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, 0) => "十".to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, 0) => format!("{}十", DIGITS[tens]),
        (tens, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::topic::TOPICS;

    #[test]
    fn every_template_can_be_filled() {
        let mut chance = Chance::new(1);
        for topic in TOPICS {
            let scope = Scope::new(topic, "云州".into(), Date::constant(2025, 3, 4), &mut chance);
            let all = [topic.heads, topic.lines, topic.subs, topic.leads, topic.facts, topic.says, topic.captions];
            for template in all.into_iter().flatten() {
                for _ in 0..8 {
                    let text = fill(template, &scope, &mut chance);
                    assert!(!text.is_empty() && !text.contains(['{', '}', '[', ']', '|']), "{template}: {text}");
                }
            }
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_said() {
        assert_eq!([5, 10, 13, 20, 47].map(han), ["五", "十", "十三", "二十", "四十七"]);
    }
}
