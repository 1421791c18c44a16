//! Names of people: a family name, what may follow it as a given name, and neighbours that speak of a person.

use super::tokens::{Kind, Token, Words};
use super::words::{CALLED, COMMON, DOUBLED, FUNCTION, POST, PREPOSITION, SAYS, SELDOM, SLIPPERY, STOP, TITLE};
use super::{Counted, Span};
use crate::extract::is_han;

/// What form and neighbours must add up to.
const ENOUGH: i32 = 3;

/// What a post before a name counts.
const POST_SCORE: i32 = 3;

/// Ends of words for those who do something: 老船工, 铺路匠.
const DOERS: &str = "长员师工手匠士民商户友";

/// Characters that names of other languages are written with.
const SOUNDS: &str = "阿卜埃艾爱安奥巴白班鲍贝本比彼别波伯布查茨达大戴丹德登迪蒂丁杜多俄厄恩尔法菲费芬弗佛福夫盖甘冈戈格根贡古圭哈海汉赫亨侯胡华怀霍\
基吉加贾江杰金津卡凯坎康考柯科克肯孔库夸拉腊莱赖兰朗劳勒雷里丽利莉力梁列林琳刘龙娄卢鲁路露伦罗洛吕马玛买迈麦曼梅门蒙米密明莫墨姆木穆那纳娜南内尼妮涅宁纽努诺\
欧帕潘佩彭皮珀普奇齐恰钱乔切钦琴青琼丘曲然让热仁日荣茹瑞若萨塞赛桑瑟沙莎森山珊舍申生圣施史舒顺斯丝松苏素索塔泰坦汤唐特提廷图吐托瓦万汪旺威韦维魏温文翁沃乌\
吾武西希锡夏香肖谢辛欣雄逊休许旭雅亚延央扬杨耶叶伊衣依因英尤于宇约赞泽扎詹珍芝治智朱卓兹宗祖佐措顿珠次孜罕江甫合";

/// Most characters of one part of such a name.
const LONGEST_PART: usize = 7;

/// Ends of words that the dictionary takes for names: 龙舟赛, 祁连山.
const NO_GIVEN: [char; 13] = ['赛', '节', '山', '河', '湖', '村', '路', '桥', '馆', '厂', '店', '机', '队'];

struct Candidate {
    span: Span,
    score: i32,
}

/// The people of a text, and how often each is named; `known` are names that are certain.
pub(super) fn find(tokens: &[Token<'_>], text: &str, words: &Words, known: &[String]) -> Counted {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut sure: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut last = 0;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        if !token.is_han() {
            if matches!(token.word, "·" | "•" | "・" | "‧")
                && let Some(span) = foreign(tokens, at, text)
            {
                last = span.end;
                while candidates.last().is_some_and(|candidate| candidate.span.end > span.start) {
                    candidates.pop();
                }
                candidates.push(Candidate { span, score: ENOUGH });
            }
            continue;
        }
        if token.at < last {
            continue;
        }
        if let Some(found) = best(tokens, at, words) {
            if found.score >= ENOUGH {
                last = found.span.end;
            }
            candidates.push(found);
        }
    }
    sure.extend(candidates.iter().filter(|c| c.score >= ENOUGH).map(|c| &text[c.span.start..c.span.end]));
    sure.sort_unstable();
    let mut people = Counted::default();
    let mut last = 0;
    for candidate in candidates {
        let span = candidate.span;
        if span.start >= last && sure.binary_search(&&text[span.start..span.end]).is_ok() {
            last = span.end;
            people.add(span);
        }
    }
    people
}

/// How many words a name may take, and what speaks for each of these forms.
#[derive(Default)]
struct Forms {
    forms: [(usize, i32); 3],
    count: usize,
}

impl Forms {
    fn push(&mut self, form: (usize, i32)) {
        self.forms[self.count] = form;
        self.count += 1;
    }

    fn all(self) -> impl Iterator<Item = (usize, i32)> {
        self.forms.into_iter().take(self.count)
    }
}

/// The likeliest name that begins with a word.
fn best(tokens: &[Token<'_>], at: usize, words: &Words) -> Option<Candidate> {
    let token = &tokens[at];
    if token.named && token.kind == Kind::Person {
        return Some(Candidate { span: Span { start: token.at, end: token.end() }, score: ENOUGH * 2 });
    }
    let doubled =
        token.is(DOUBLED) || token.chars == 4 && token.kind == Kind::Person && words.is_double_family(token.word);
    if !doubled && !words.is_family(token.word.chars().next()?) || token.is(POST | SAYS | TITLE) && token.chars > 1 {
        return None;
    }
    let given = |ahead: usize| tokens.get(at + ahead).filter(|next| may_be_given(next));
    let mut forms = Forms::default();
    let mut base = 0;
    match token.chars {
        1 => {
            if token.is(SLIPPERY) {
                base -= 1;
                base -= i32::from(token.kind == Kind::Function) + i32::from(token.is(PREPOSITION));
            }
            match given(1) {
                Some(next) if next.chars == 1 => {
                    forms.push((2, -seldom(next)));
                    if let Some(last) = given(2).filter(|last| last.chars == 1) {
                        forms.push((3, 1 - seldom(next) - seldom(last)));
                    }
                }
                Some(next) if next.chars == 2 => {
                    let plain = matches!(next.kind, Kind::Person | Kind::Proper | Kind::Place | Kind::Other);
                    forms.push((2, if plain { 1 } else { -i32::from(token.is(SLIPPERY) || next.kind != Kind::Noun) }));
                }
                _ => {}
            }
        }
        2 if doubled || !token.is(STOP) => {
            let person = token.kind == Kind::Person;
            base -= i32::from(token.is(COMMON));
            if !doubled && !token.is(COMMON) && token.kind != Kind::Function {
                forms.push((1, if person { 1 } else { -2 }));
            }
            match given(1) {
                Some(next) if next.chars == 1 => {
                    forms.push((2, if person || doubled { 1 } else { -1 } - seldom(next)));
                    if doubled && given(2).is_some_and(|last| last.chars == 1) {
                        forms.push((3, 2));
                    }
                }
                Some(next) if next.chars == 2 && doubled => forms.push((2, 2)),
                _ => {}
            }
        }
        3 if token.kind == Kind::Person && !token.is(COMMON | STOP) => {
            forms.push((1, if token.word.ends_with(NO_GIVEN) { 0 } else { 1 }));
        }
        4 if token.kind == Kind::Person && doubled => forms.push((1, 2)),
        _ => {}
    }
    let before = before(at.checked_sub(1).map(|before| &tokens[before]));
    let scored = forms.all().map(|(length, form)| {
        let end = at + length;
        let after = after(tokens.get(end), tokens.get(end + 1));
        // Behind a post any word may follow a name.
        // A word of two characters that is a name to the dictionary is often another thing: 白鹭, 丛林.
        let form = form - i32::from(length == 1 && token.chars == 2 && before.max(after) < 2);
        let score = base + form + before + if before >= POST_SCORE { after.max(0) } else { after };
        Candidate { span: Span { start: token.at, end: tokens[end - 1].end() }, score }
    });
    scored.max_by_key(|candidate| (candidate.score, candidate.span.end))
}

fn may_be_given(token: &Token<'_>) -> bool {
    token.is_han()
        && !token.named
        && !token.is(FUNCTION | SAYS | POST | TITLE)
        && (token.chars == 1 || token.chars == 2 && !token.is(STOP))
        && !(token.chars > 1 && matches!(token.kind, Kind::Number | Kind::Time))
}

/// What a character takes from a name that is seldom a part of one.
fn seldom(token: &Token<'_>) -> i32 {
    if token.is(SELDOM) { 2 } else { i32::from(token.kind == Kind::Function) }
}

fn before(token: Option<&Token<'_>>) -> i32 {
    let Some(token) = token else { return 1 };
    match () {
        () if token.is(POST) => POST_SCORE,
        () if token.is(CALLED) => 1 + i32::from(token.chars > 1 || token.word == "叫"),
        () if token.kind == Kind::Mark => 1,
        () if token.kind == Kind::Noun && token.chars > 1 && token.word.ends_with(|c| DOERS.contains(c)) => 2,
        () if token.word == "人" => 1,
        () if token.chars == 1 && token.is_han() && token.kind != Kind::Function && token.kind != Kind::Verb => -1,
        () => 0,
    }
}

fn after(token: Option<&Token<'_>>, next: Option<&Token<'_>>) -> i32 {
    let Some(token) = token else { return 1 };
    match () {
        () if token.is(SAYS) => 3,
        () if token.is(TITLE) => 2,
        () if matches!(token.word, "（" | "(")
            && next.is_some_and(|next| matches!(next.word, "男" | "女" | "左" | "右" | "中")) =>
        {
            3
        }
        () if token.kind == Kind::Mark => 1,
        () if matches!(token.kind, Kind::Verb | Kind::Function | Kind::Time | Kind::Latin) => 1,
        () if token.kind == Kind::Number && token.chars > 1 => 1,
        () => -1,
    }
}

/// 买买提·吐尔逊: sounds on both sides of the dot.
fn foreign(tokens: &[Token<'_>], dot: usize, text: &str) -> Option<Span> {
    let sounds = |token: &&Token<'_>| token.is_han() && token.word.chars().all(|c| is_han(c) && SOUNDS.contains(c));
    let mut start = tokens[dot].at;
    let mut chars = 0;
    for token in tokens[..dot].iter().rev().take_while(sounds) {
        chars += token.chars;
        if chars > LONGEST_PART || token.chars > 1 && token.is(POST) {
            break;
        }
        start = token.at;
    }
    let mut end = tokens[dot].end();
    chars = 0;
    for token in tokens[dot + 1..].iter().take_while(sounds) {
        chars += token.chars;
        if chars > LONGEST_PART || token.chars > 1 && token.is(SAYS | TITLE) {
            break;
        }
        end = token.end();
    }
    // 约翰·保罗·琼斯: the next dot takes up what this one leaves.
    let parts = &text[start..tokens[dot].at];
    (!parts.is_empty() && end > tokens[dot].end()).then_some(Span { start, end })
}
