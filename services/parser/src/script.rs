//! Which script a text is printed in, and the simplified form of it, character by character, so that every place in the
//! one is the same place in the other.

use std::borrow::Cow;
use std::sync::LazyLock;

use contract::{Article, Language};
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::extract::is_han;

/// The characters that OpenCC is asked about: those of the standard's first blocks, all of three bytes in UTF-8.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// Characters of simplified texts that OpenCC has another traditional form for, though traditional texts print them too,
/// and the other way round: they say nothing.
const BOTH: &str = "后里面只台云干余表系于占制松姜别卷丑几斗谷划伙克夸范钟采发征冲症志咨吁向周回围家尸布幸当御扎托折择据曲朱朴札极杰板杯沈沾注泛洒涂涌淀溪\
炼烟熏秋种签籍累线胡胜腊致舍芸苏荐药获蔑虫蜡制见谥谷赞辟达迹郁酸采锤闲雇饥体党价优仿偷佑余仆并从价卜凶出升厘参台叶吃合吊吴周咸咽唇啖哗嘱噪坛夫夹奸姊娘\
家将巨师席幕床广庄座弦弥彩御愈愿戚扣捆撑昆晒晾暗札杆栗柜梁棱欲沉浚涌游溜潜灾烛焰燕猫玩珊琅瑶疏疱痒皂皋盂眯睾碱磷秃穗窑筑策筒篱糊纤绣罐群翻耻背胄脚膻臀艳菇萱葱蒂蒙虱蚁蜂裙裤角谦豆跖踊踪\
辣迹遁遍邮醋醉采钩铲鉴锅镰闹阴雕雾霉靴韭饼髻魂鲜鳄麻么乾著瞭藉昇喆甦祂妳她牠裏裡峯羣綫佔週採週併佈併係繫託託誌";

/// Both, made once.
pub(crate) static SCRIPTS: LazyLock<Scripts> = LazyLock::new(Scripts::new);

/// The two scripts.
#[derive(Debug)]
pub(crate) struct Scripts {
    /// The simplified form of each character from [`FIRST`] on.
    simplified: Vec<char>,
    /// One bit for a character that only traditional texts have, two for one that only simplified ones have.
    telling: Vec<u8>,
}

/// How many characters of a text are Chinese, how many Latin, and how many only texts in one of the scripts have.
#[derive(Debug, Default)]
struct Told {
    han: usize,
    latin: usize,
    traditional: usize,
    simplified: usize,
}

const TRADITIONAL_ONLY: u8 = 1;
const SIMPLIFIED_ONLY: u8 = 2;

fn form(by: &Option<OpenCC>, c: char) -> char {
    let Some(by) = by else { return c };
    let form = by.convert(c.encode_utf8(&mut [0; 4]));
    let mut chars = form.chars();
    match (chars.next(), chars.next()) {
        (Some(form), None) if (FIRST..=LAST).contains(&(form as u32)) => form,
        _ => c,
    }
}

impl Scripts {
    fn new() -> Self {
        let to_simplified = OpenCC::from_config(BuiltinConfig::T2s).ok();
        let to_traditional = OpenCC::from_config(BuiltinConfig::S2t).ok();
        let chars = || (FIRST..=LAST).filter_map(char::from_u32);
        let simplified: Vec<char> = chars().map(|c| form(&to_simplified, c)).collect();
        let telling = chars()
            .zip(&simplified)
            .map(|(c, simple)| match () {
                () if BOTH.contains(c) => 0,
                () if *simple != c => TRADITIONAL_ONLY,
                () if form(&to_traditional, c) != c => SIMPLIFIED_ONLY,
                () => 0,
            })
            .collect();
        Self { simplified, telling }
    }

    fn at(c: char) -> Option<usize> {
        (c as u32).checked_sub(FIRST).filter(|at| *at <= LAST - FIRST).map(|at| at as usize)
    }

    /// The simplified form of a character, of as many bytes.
    pub fn simple(&self, c: char) -> char {
        Self::at(c).map_or(c, |at| self.simplified[at])
    }

    /// The simplified form of a text: as many bytes, and each character at its place.
    pub fn simplify<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let other = |c: char| self.simple(c);
        if text.chars().all(|c| other(c) == c) { Cow::Borrowed(text) } else { text.chars().map(other).collect() }
    }

    /// Whether most characters of a text that tell are traditional, and many are.
    pub fn is_traditional(&self, text: &str) -> bool {
        let mut told = Told::default();
        self.count(text, &mut told);
        told.traditional > told.simplified * 2 && told.traditional * 20 > told.han
    }

    /// Adds the characters of a text that tell.
    fn count(&self, text: &str, told: &mut Told) {
        let (bytes, mut at) = (text.as_bytes(), 0);
        while at < bytes.len() {
            // Nearly all characters that tell are known by their first byte.
            let known = if let [a @ 0xe4..=0xe9, b, c, ..] = &bytes[at..] {
                at += 3;
                let code = u32::from(a & 0x0f) << 12 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f);
                (code - FIRST) as usize
            } else {
                let Some(c) = text[at..].chars().next() else { break };
                at += c.len_utf8();
                let Some(known) = Self::at(c) else {
                    told.latin += usize::from(c.is_ascii_alphabetic());
                    told.han += usize::from(is_han(c));
                    continue;
                };
                known
            };
            told.han += 1;
            told.traditional += usize::from(self.telling[known] == TRADITIONAL_ONLY);
            told.simplified += usize::from(self.telling[known] == SIMPLIFIED_ONLY);
        }
    }

    /// The script of an article; nothing where no character of it tells.
    pub fn of(&self, article: &Article) -> Option<Language> {
        let mut told = Told::default();
        let heading = [&article.kicker, &article.headline, &article.deck];
        let parts = heading.into_iter().flatten().chain(article.body.iter().map(|block| &block.text));
        parts.for_each(|part| self.count(part, &mut told));
        let Told { han, latin, traditional, simplified } = told;
        match () {
            () if latin > han * 4 => Some(Language::English),
            () if traditional > simplified => Some(Language::Traditional),
            () if simplified > 0 => Some(Language::Simplified),
            () => None,
        }
    }

    /// Whether an article holds any Chinese.
    pub fn is_chinese(article: &Article) -> bool {
        let heading = [&article.kicker, &article.headline, &article.deck];
        let mut parts = heading.into_iter().flatten().chain(article.body.iter().map(|block| &block.text));
        parts.any(|part| part.chars().any(is_han))
    }
}
