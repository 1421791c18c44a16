//! Headlines that were read after the text they head: whose words they have.

use super::draft::Draft;

/// Pairs of characters that a headline below its text has in common with it at least.
const SPEAKS: usize = 3;

/// The pairs of neighbouring characters of a text.
fn pairs(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

fn known(pairs: &[String], draft: &Draft) -> usize {
    pairs.iter().filter(|pair| draft.blocks.iter().any(|block| block.text.contains(pair.as_str()))).count()
}

/// How many pairs of neighbouring characters of a headline an article's text has.
pub(crate) fn shared_pairs(headline: &str, draft: &Draft) -> usize {
    known(&pairs(headline), draft)
}

/// Whether a heading has its words from an article's text and not from the lines below it.
pub(crate) fn speaks_of<'a>(heading: &str, draft: &Draft, below: impl Iterator<Item = &'a str>) -> bool {
    let pairs = pairs(heading);
    let (above, below) = (known(&pairs, draft), below.collect::<String>());
    above >= SPEAKS && pairs.iter().filter(|pair| below.contains(pair.as_str())).count() * 2 < above
}

#[cfg(test)]
mod tests {
    use super::super::layouts::headlines;

    #[test]
    fn a_headline_above_anothers_goes_to_the_text_before_it() {
        let page = "本报记者 陈小禾\n\n渡口的船工周舟今年六十岁，在江上摇了四十年橹，从没有误过一次点。\n\n“橹要顺着水走。”船工周舟说，他把渡船改成了观光船。\n\n船工周舟的四十年\n\n合龙时刻\n\n11月17日，工人在新桥上庆祝合龙。\n\n新华社记者 林远 摄";
        assert_eq!(headlines(page), [Some("船工周舟的四十年".into()), Some("合龙时刻".into())]);
    }
}
