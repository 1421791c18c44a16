//! Names whose end or beginning the server joined to the next or the previous word: 刘三 in 刘/三发, 服务站 in 服务/站点.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::Added;
use super::cut::{Cut, is_han, lemma};
use super::small::is_small;

/// The surnames that nine in ten people have, without those that are mostly another word.
static SURNAMES: LazyLock<FxHashSet<char>> = LazyLock::new(|| {
    characters(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余于杜叶程苏魏吕丁\
                        任沈姚卢姜崔钟谭陆汪范廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙陶黎贺顾毛郝龚邵万钱严戴莫孔向汤",
    )
});

/// What places and houses end in.
static ENDINGS: LazyLock<FxHashSet<char>> =
    LazyLock::new(|| characters("桥站港湾岛村镇乡县区市省州路街巷河湖江山寺园馆院厂店楼校局厅所团队塔坝"));

fn characters(text: &str) -> FxHashSet<char> {
    text.chars().filter(|c| is_han(*c)).collect()
}

/// Adds what the words of `cut` hide.
pub fn add(cut: &Cut, added: &mut Added) {
    for (number, word) in cut.words.iter().enumerate() {
        if word.len() < 2 || !cut.chars[word.start..word.end].iter().all(|c| is_han(*c)) {
            continue;
        }
        let (head, tail) = (cut.chars[word.start], cut.chars[word.end - 1]);
        end_of_name(cut, number, head, added);
        beginning_of_name(cut, number, tail, added);
    }
}

/// 刘/三发 → 刘 三; 珠江/桥牌 → 珠江 桥.
fn end_of_name(cut: &Cut, number: usize, head: char, added: &mut Added) {
    let before = cut.before(number, 2);
    let Some(last) = before.last().filter(|last| last.end == cut.words[number].start) else { return };
    let surname = |at: &super::cut::Word| at.len() == 1 && SURNAMES.contains(&cut.chars[at.start]);
    let from = match before {
        [first, last] if surname(first) && last.len() == 1 && first.end == last.start => 0,
        _ if surname(last) => before.len() - 1,
        _ if ENDINGS.contains(&head) && last.len() > 1 && !is_small(&cut.chars[last.start..last.end]) => {
            before.len() - 1
        }
        _ => return,
    };
    let head = lemma(&[head]);
    let lemmas: Vec<&str> = before[from..].iter().map(|word| &*word.lemma).chain([&*head]).collect();
    added.run(&lemmas);
}

/// 由于/洋 → 于 洋.
fn beginning_of_name(cut: &Cut, number: usize, tail: char, added: &mut Added) {
    if !SURNAMES.contains(&tail) {
        return;
    }
    let behind = cut.behind(number, 2);
    let single = |word: &super::cut::Word| {
        word.len() == 1 && is_han(cut.chars[word.start]) && !is_small(&cut.chars[word.start..word.end])
    };
    let given = behind.iter().take_while(|word| single(word)).count();
    if given > 0 && behind[0].start == cut.words[number].end {
        let tail = lemma(&[tail]);
        let lemmas: Vec<&str> = [&*tail].into_iter().chain(behind[..given].iter().map(|word| &*word.lemma)).collect();
        added.run(&lemmas);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_whose_first_character_another_word_took_is_added() {
        for (text, name) in [("二粗毛芹", "毛 芹"), ("由于洋主持", "于 洋")] {
            assert!(crate::findable::words_to_add([text]).split(';').any(|run| run == name), "{text}");
        }
    }
}
