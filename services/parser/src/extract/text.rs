//! What characters are: the small predicates that every later step shares.

/// A set of characters that is asked in constant time: one bit for each of the first 65,536, or of more in a wide one.
pub(crate) struct CharSet(Box<[u64]>);

impl CharSet {
    /// The characters of a text.
    pub fn of(text: &str) -> Self {
        Self::of_chars(text.chars())
    }

    /// These characters.
    pub fn of_chars(chars: impl Iterator<Item = char>) -> Self {
        Self::among(0x1_0000, chars)
    }

    /// These characters of the first four planes.
    pub fn wide(chars: impl Iterator<Item = char>) -> Self {
        Self::among(0x4_0000, chars)
    }

    fn among(most: usize, chars: impl Iterator<Item = char>) -> Self {
        let mut bits = vec![0u64; most / 64].into_boxed_slice();
        for c in chars {
            if let Some(word) = bits.get_mut(c as usize / 64) {
                *word |= 1 << (c as usize % 64);
            }
        }
        Self(bits)
    }

    /// Whether a text has any of them.
    pub fn any(&self, text: &str) -> bool {
        text.chars().any(|c| self.has(c))
    }

    /// Whether the set holds a character.
    pub fn has(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_some_and(|word| word & (1 << (c as usize % 64)) != 0)
    }
}

/// A Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇' | '々')
}

/// White space, and the characters without width that recognisers and word processors leave behind.
pub(crate) fn is_blank(c: char) -> bool {
    match c {
        ' ' | '\t'..='\r' | '\u{3000}' => true,
        '\u{3001}'..='\u{fefe}' => false,
        c if c < '\u{80}' => false,
        c => c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'),
    }
}

/// A letter or a figure; Chinese characters and marks, which most are, are told at once.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' => false,
        c => c.is_alphanumeric(),
    }
}

/// The letters and figures of a text, added to `letters`.
pub(crate) fn letters_of(text: &str, letters: &mut Vec<char>) {
    let mut end = letters.len();
    // Room for as many as there can be, so that none of them needs asking for it.
    letters.resize(end + text.len(), '\0');
    for c in text.chars() {
        if is_alphanumeric(c) {
            letters[end] = c;
            end += 1;
        }
    }
    letters.truncate(end);
}

/// Chinese punctuation and the full-width forms.
pub(crate) fn is_wide_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '\u{2014}' | '\u{2026}'
        | '\u{2018}'..='\u{201d}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{fe30}'..='\u{fe4f}')
}

/// Ends a sentence.
pub(crate) fn is_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '．' | '｡')
}

/// Closes a quotation or a bracket.
pub(crate) fn is_closer(c: char) -> bool {
    matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '】' | '》' | '〉' | ']' | '"' | '\'' | '﹂' | '﹄')
}

/// Ends a clause without ending the sentence.
pub(crate) fn is_comma(c: char) -> bool {
    matches!(c, '，' | '、' | ',' | '；' | ';')
}

/// Width of a text in half-width columns: a Chinese character counts two, a Latin letter one, a space nothing.
pub(crate) fn columns(text: &str) -> usize {
    columns_up_to(text, usize::MAX)
}

/// Whether a text is wider than so many half-width columns; looks no further than needed.
pub(crate) fn wider_than(text: &str, most: usize) -> bool {
    // No character is wider than its bytes are many.
    text.len() > most && columns_up_to(text, most) > most
}

/// Width of a text, counted until it exceeds `most`. Most characters are Chinese: their first byte says enough.
fn columns_up_to(text: &str, most: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut wide) = (0, 0);
    while at < bytes.len() && wide <= most {
        let (length, width) = match bytes[at] {
            0xe4..=0xe9 => (3, 2),
            b @ 0..0x80 => (1, usize::from(!is_blank(b as char))),
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                (c.len_utf8(), if is_blank(c) { 0 } else { 2 })
            }
        };
        at += length;
        wide += width;
    }
    wide
}

/// Whether a text has a blank; Chinese characters are passed over by their first byte.
pub(crate) fn has_blank(text: &str) -> bool {
    marks_of(text).any(|(_, c)| is_blank(c))
}

/// The characters of a text that are not among the common Chinese ones (all marks, letters, figures and blanks), and where
/// they stand: most characters are passed over by their first byte.
pub(crate) fn marks_of(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(0xe4..=0xe9) = bytes.get(at) {
            at += 3;
        }
        let start = at;
        let c = match *bytes.get(start)? {
            b @ 0..0x80 => b as char,
            _ => text[start..].chars().next()?,
        };
        at += c.len_utf8();
        Some((start, c))
    })
}

/// Trims blanks of every sort.
pub(crate) fn trim(text: &str) -> &str {
    // Most texts begin with a common Chinese character or a letter and end with one or a mark: their bytes say so.
    let [0x21..0x7f | 0xe4..=0xe9, .., lead, next, last] = text.as_bytes() else { return text.trim_matches(is_blank) };
    match (*lead, *next, *last) {
        (0xe4..=0xe9, ..) | (0xef, 0xbc, _) | (0xe3, 0x80, 0x81..) | (0xe2, 0x80, 0x90..=0x9f) => text,
        _ => text.trim_end_matches(is_blank),
    }
}

/// Whether a text ends where a sentence ends, closing quotes and brackets aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let mut rest = text.chars().rev().skip_while(|c| is_blank(*c) || is_closer(*c));
    match rest.next() {
        Some('.') => rest.next().is_some_and(|before| !before.is_ascii_digit()),
        Some(c) => is_stop(c),
        None => false,
    }
}

/// Whether a text ends in the middle of a sentence: a reader expects more.
pub(crate) fn is_unfinished(text: &str) -> bool {
    let text = trim(text);
    !text.is_empty() && !ends_sentence(text) && !text.ends_with([':', '：', '—', '；', ';'])
}

/// Whether the quotes or brackets that a text opens are left open at its end.
pub(crate) fn leaves_open(text: &str) -> bool {
    let mut open = 0i32;
    for (_, c) in marks_of(text) {
        match c {
            '“' | '「' | '『' | '（' | '(' | '《' | '【' => open += 1,
            '”' | '」' | '』' | '）' | ')' | '》' | '】' => open = (open - 1).max(0),
            _ => {}
        }
    }
    open > 0
}

/// Text of a body without the blanks that line ends and justification left between Chinese characters; a single space
/// stays between Latin words and figures.
pub(crate) fn close_spaces(text: &str) -> String {
    if !has_blank(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if is_blank(c) {
            blank = true;
            continue;
        }
        if blank && out.chars().next_back().is_some_and(|before| keeps_space(before, c)) {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

fn keeps_space(before: char, after: char) -> bool {
    let narrow = |c: char| !is_han(c) && !is_wide_punctuation(c);
    narrow(before) && narrow(after)
}

/// Pairs of Chinese characters that a page needs to be judged by.
const JUDGED: usize = 40;

/// Whether most Chinese characters of a page are parted by a blank, as some recognisers leave them: `parted` are its lines
/// with blanks, `whole` those without.
pub(crate) fn is_spaced_out(parted: &[&str], whole: &[&str]) -> bool {
    let (mut close, mut apart) = (0usize, 0usize);
    for (at, line) in parted.iter().chain(whole).enumerate() {
        // What has no blank can only speak against it.
        if at >= parted.len() && close >= apart {
            return false;
        }
        // Whether the last character that is no blank is a Chinese one, and the blanks since.
        let (mut han, mut blanks) = (false, 0usize);
        let (bytes, mut at) = (line.as_bytes(), 0);
        while let Some(first) = bytes.get(at) {
            let here = match first {
                0xe5..=0xe9 => {
                    at += 3;
                    true
                }
                _ => {
                    let c = line[at..].chars().next().unwrap_or(' ');
                    at += c.len_utf8();
                    if is_blank(c) {
                        blanks += 1;
                        continue;
                    }
                    is_han(c)
                }
            };
            if han && here {
                close += usize::from(blanks == 0);
                apart += usize::from(blanks == 1);
            }
            (han, blanks) = (here, 0);
        }
    }
    close + apart >= JUDGED && apart > close
}

/// A line of such a page without the blanks: single ones go unless they part Latin words or figures.
pub(crate) fn close_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = String::new();
    for c in text.chars() {
        if is_blank(c) {
            blanks.push(c);
            continue;
        }
        let words = out.ends_with(|before: char| before.is_ascii_alphanumeric()) && c.is_ascii_alphanumeric();
        if words || blanks.chars().nth(1).is_some() {
            out.push_str(&blanks);
        }
        blanks.clear();
        out.push(c);
    }
    out
}

/// What blanks part.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_blank).filter(|part| !part.is_empty())
}

/// Text whose blanks part words: each run of them becomes one space, those at the ends go.
pub(crate) fn close_runs(text: &str) -> String {
    parts(text).collect::<Vec<_>>().join(" ")
}

/// Text of a heading: runs of blanks become one space, and characters that were spaced out one by one are closed up.
pub(crate) fn close_heading(text: &str) -> String {
    let parts: Vec<&str> = parts(text).collect();
    let spaced_out = parts.len() >= 2 && parts.iter().all(|part| part.chars().count() == 1);
    if spaced_out { parts.concat() } else { parts.join(" ") }
}

/// The digits of a number, full-width ones included, or a small Chinese number: 八, 十二, 二十四, 一〇二.
pub(crate) fn number(text: &str) -> Option<u32> {
    let text = trim(text);
    if text.is_empty() {
        return None;
    }
    let digit = |c: char| match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        '〇' | '零' | '○' | 'Ｏ' => Some(0),
        '一' | '壹' | '元' => Some(1),
        '二' | '两' | '贰' => Some(2),
        '三' | '叁' => Some(3),
        '四' | '肆' => Some(4),
        '五' | '伍' => Some(5),
        '六' | '陆' => Some(6),
        '七' | '柒' => Some(7),
        '八' | '捌' => Some(8),
        '九' | '玖' => Some(9),
        _ => None,
    };
    if text.contains(['十', '拾', '百', '廿', '卅']) {
        let (mut total, mut last) = (0u32, 0u32);
        for c in text.chars() {
            match c {
                '十' | '拾' => {
                    total = total.checked_add(last.max(1).checked_mul(10)?)?;
                    last = 0;
                }
                '百' => {
                    total = total.checked_add(last.max(1).checked_mul(100)?)?;
                    last = 0;
                }
                '廿' => total = total.checked_add(20)?,
                '卅' => total = total.checked_add(30)?,
                c => last = digit(c)?,
            }
        }
        return total.checked_add(last);
    }
    let mut total = 0u32;
    for c in text.chars().filter(|c| !matches!(c, ',' | '，')) {
        total = total.checked_mul(10)?.checked_add(digit(c)?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_between_chinese_characters_are_closed_and_latin_words_keep_theirs() {
        assert_eq!(close_spaces("桥 面铺设 3 公里,采用 open source 方案"), "桥面铺设3公里,采用open source方案");
        assert_eq!(close_heading("春 雨 入 城"), "春雨入城");
        assert_eq!(close_heading("新桥通车　两岸同城"), "新桥通车 两岸同城");
    }

    #[test]
    fn what_is_told_at_once_is_what_unicode_says() {
        let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_blank(c), blank(c), "{c:?}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_their_letters_found_whatever_they_begin_and_end_with() {
        for c in '\0'..=char::MAX {
            for text in [format!("{c}"), format!("桥{c}"), format!("{c}桥"), format!("桥 {c}"), format!("a{c}b{c}")]
            {
                assert_eq!(trim(&text), text.trim_matches(is_blank), "{c:?}");
                let mut letters = Vec::new();
                letters_of(&text, &mut letters);
                assert_eq!(letters, text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>(), "{c:?}");
            }
        }
    }

    #[test]
    fn numbers_are_read_in_digits_and_in_characters() {
        assert_eq!(number("22"), Some(22));
        assert_eq!(number("１２"), Some(12));
        assert_eq!(number("八"), Some(8));
        assert_eq!(number("十二"), Some(12));
        assert_eq!(number("二十四"), Some(24));
        assert_eq!(number("廿九"), Some(29));
        assert_eq!(number("二〇二六"), Some(2026));
        assert_eq!(number("99999999999"), None);
        assert_eq!(number("版"), None);
    }

    #[test]
    fn a_sentence_ends_inside_its_quotes_and_a_decimal_does_not_end_one() {
        assert!(ends_sentence("他说：“好。”"));
        assert!(!ends_sentence("全长3."));
        assert!(is_unfinished("桥面宽"));
        assert!(!is_unfinished("包括："));
    }
}
