//! Grammars: what the fixed forms of a newspaper page say. Each reads one text and knows nothing of its neighbours.

pub(crate) mod byline;
pub(crate) mod credit;
pub(crate) mod dates;
mod figures;
#[cfg(test)]
mod forms;
pub(crate) mod jump;
pub(crate) mod labels;
pub(crate) mod lead;
pub(crate) mod marks;
pub(crate) mod masthead;
pub(crate) mod names;
pub(crate) mod needs;
mod noise;
mod own;
pub(crate) mod page;
mod scan;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::text::CharSet;

/// Characters of the patterns in simplified and traditional form, side by side.
const PAIRS: &str = "报報记記讯訊电電摄攝员員华華据據转轉图圖号號页頁编編辑輯声聲启啟标標卖賣责責发發网網国國统統续續总總农農历曆闰閏腊臘评評论論\
专專栏欄观觀简簡实實习習约約导導办辦广廣东東门門间間时時气氣从從综綜众眾贴貼资資产產业業线線热熱题題记記级級团團联聯继繼对對说說\
访訪谈談话話调調查查连連进進场場现現镇鎮县縣区區层層学學书書会會协協务務银銀厂廠处處医醫开開关關闻聞问問须須则則长長满滿无無后後\
刘劉张張陈陳杨楊赵趙吴吳孙孫马馬罗羅郑鄭谢謝许許韩韓冯馮邓鄧萧蕭叶葉苏蘇吕呂卢盧钟鐘谭譚陆陸范範贾賈邹鄒闫閆龙龍贺賀顾顧龚龔万萬钱錢\
戴戴严嚴汤湯乔喬赖賴庞龐兰蘭颜顏温溫芦蘆毕畢齐齊庄莊涂塗欧歐单單宁寧车車卫衛纪紀费費项項阳陽连連晚晚临臨周週见見绘繪译譯笔筆执執画畫体體财財济濟际際数數频頻驻駐";

/// Traditional to simplified, made once.
static FOLD: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = PAIRS.chars().collect();
    chars.chunks_exact(2).filter(|pair| pair[0] != pair[1]).map(|pair| (pair[1], pair[0])).collect()
});

/// The traditional characters among them.
static FOLDED: LazyLock<CharSet> = LazyLock::new(|| CharSet::of_chars(FOLD.keys().copied()));

/// A character in its simplified form, where it is one of [`PAIRS`].
pub(crate) fn fold(c: char) -> char {
    if FOLDED.has(c) { FOLD.get(&c).copied().unwrap_or(c) } else { c }
}

/// These characters in both scripts: what one of them must stand in a text for a pattern to match is looked for first.
pub(crate) fn either_script(chars: impl Iterator<Item = char>) -> CharSet {
    CharSet::of_chars(chars.flat_map(|c| [c, other_script(c).unwrap_or(c)]))
}

/// The last characters, in both scripts, of words that bars part.
pub(crate) fn last_of(words: &str) -> CharSet {
    either_script(words.split('|').filter_map(|word| word.chars().next_back()))
}

fn other_script(c: char) -> Option<char> {
    let mut pairs = PAIRS.chars();
    while let (Some(simplified), Some(traditional)) = (pairs.next(), pairs.next()) {
        if simplified == c {
            return Some(traditional);
        }
    }
    None
}

/// A pattern written in simplified characters that also matches traditional ones.
pub(crate) fn pattern(text: &str) -> Regex {
    let mut both = String::with_capacity(text.len() * 2);
    let mut class = false;
    for c in text.chars() {
        match (c, other_script(c)) {
            (_, Some(other)) if class => both.extend([c, other]),
            (_, Some(other)) => both.extend(['[', c, other, ']']),
            (c, None) => {
                class = (class || c == '[') && c != ']';
                both.push(c);
            }
        }
    }
    Regex::new(&both).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// A short text with the traditional characters of [`PAIRS`] in their simplified form.
pub(crate) fn simplified(text: &str) -> Cow<'_, str> {
    if !FOLDED.any(text) {
        return Cow::Borrowed(text);
    }
    text.chars().map(fold).collect()
}

/// What stands between the brackets that a text begins and ends with.
pub(crate) fn within_brackets(text: &str) -> Option<&str> {
    let inner =
        text.strip_prefix(['（', '(', '【', '[', '〔', '［'])?.strip_suffix(['）', ')', '】', ']', '〕', '］'])?;
    Some(crate::extract::text::trim(inner))
}

/// What stands inside the one bracket that a text is.
pub(crate) fn unbracketed(text: &str) -> Option<&str> {
    within_brackets(text).filter(|inner| !inner.contains(['（', '(', '）', ')']))
}
