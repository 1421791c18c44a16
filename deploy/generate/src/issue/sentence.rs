//! Sentences put together from parts: some 10^9 of them, with names that nobody has counted.

use crate::chance::Chance;
use crate::fill::{Scope, fill};
use crate::words::daily::{
    ACTORS, DEEDS, FIRST, HEADS, MAKES, MANNERS, OBJECTS, PLACES, RESULTS, SECOND, TIMES, VIEWS,
};
use crate::words::people;

/// One of several, the first ones more often: words of a language are not used alike.
fn common<'a>(of: &[&'a str], chance: &mut Chance) -> &'a str {
    let drawn = chance.between(0, 999);
    of[of.len() * drawn * drawn / 1_000_000]
}

fn two(chance: &mut Chance) -> String {
    let at = |text: &str, chance: &mut Chance| {
        // Every character of both lists has three bytes.
        let place = chance.between(0, text.len() / 3 - 1) * 3;
        text[place..place + 3].to_owned()
    };
    at(FIRST, chance) + &at(SECOND, chance)
}

/// A place.
pub fn place(chance: &mut Chance) -> String {
    two(chance) + common(PLACES, chance)
}

/// A make, a project.
fn make(chance: &mut Chance) -> String {
    two(chance) + common(MAKES, chance)
}

/// A headline.
pub fn headline(scope: &Scope, chance: &mut Chance) -> String {
    let template = chance.word(HEADS);
    let text = template
        .replace("{p2}", &place(chance))
        .replace("{p}", &place(chance))
        .replace("{a}", common(ACTORS, chance))
        .replace("{o}", common(OBJECTS, chance))
        .replace("{m}", &make(chance));
    fill(&text, scope, chance)
}

/// What a picture shows, as a caption says it.
pub fn scene(scope: &Scope, chance: &mut Chance) -> String {
    let deed = common(DEEDS, chance).replace("{}", common(OBJECTS, chance));
    fill(&format!("{}{}{}{deed}。", place(chance), common(ACTORS, chance), common(MANNERS, chance)), scope, chance)
}

/// A sentence.
pub fn sentence(scope: &Scope, chance: &mut Chance) -> String {
    let time = common(TIMES, chance);
    let actor = common(ACTORS, chance);
    let manner = common(MANNERS, chance);
    let object = common(OBJECTS, chance);
    let deed = common(DEEDS, chance).replace("{}", object);
    let result = common(RESULTS, chance);
    let text = match chance.between(0, 8) {
        0 => format!("{time}，{}{actor}{manner}{deed}，{result}。", place(chance)),
        1 => format!("在{}，{actor}{}{manner}{deed}，{result}。", place(chance), people::name(chance)),
        2 => {
            let view = common(VIEWS, chance).replace("{x}", object);
            format!("“{view}。”{}{actor}{}说。", place(chance), people::name(chance))
        }
        3 => format!("{time}启动的“{}”由{actor}{manner}推进，{result}。", make(chance)),
        4 => format!("{actor}{}告诉记者，{time}他们{manner}{deed}，{result}。", people::name(chance)),
        5 => format!(
            "与{}相比，{}的{object}起步晚了{{few}}年，却{manner}追了上来，{result}。",
            place(chance),
            place(chance)
        ),
        6 => format!("按照“{}”的安排，{}将在{{soon}}前{deed}，{result}。", make(chance), place(chance)),
        7 => format!("{}的{object}建于{{year}}年，{time}，{actor}{manner}{deed}。", place(chance)),
        _ => format!(
            "{time}，记者跟随{actor}{}来到{}，只见{object}旁围着{{n}}个人。",
            people::name(chance),
            place(chance)
        ),
    };
    fill(&text, scope, chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::topic::TOPICS;
    use jiff::civil::Date;
    use std::collections::HashSet;

    #[test]
    fn of_many_sentences_hardly_any_comes_twice_and_none_has_an_empty_slot() {
        let mut chance = Chance::new(3);
        let scope = Scope::new(TOPICS[0], "云州".into(), Date::constant(2025, 3, 4), &mut chance);
        let all: Vec<String> = (0..20_000).map(|_| sentence(&scope, &mut chance)).collect();
        assert!(all.iter().all(|text| !text.contains(['{', '}'])));
        assert!(all.iter().collect::<HashSet<_>>().len() > 19_980);
        assert!((0..2_000).all(|_| !headline(&scope, &mut chance).contains(['{', '}'])));
    }
}
