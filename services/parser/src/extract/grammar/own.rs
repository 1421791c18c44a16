//! Lines that a page has for itself: what the paper says of itself and to its readers, and the weather.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// What papers set before such lines.
const BULLETS: [char; 6] = ['●', '■', '◆', '·', '•', ' '];

/// What a paper says of itself and to its readers begins so.
const OWN: [&str; 24] = [
    "扫码关注",
    "扫一扫看",
    "扫一扫 看",
    "扫一扫关注",
    "扫描二维码",
    "扫描下方",
    "更多精彩",
    "更多内容请",
    "欢迎订阅",
    "官方微信",
    "官方微博",
    "版权所有",
    "未经授权",
    "本报常年法律顾问",
    "本报法律顾问",
    "法律顾问：",
    "法律顾问:",
    "刊头题字",
    "题图：",
    "售价：",
    "售价:",
    "本报开印",
    "昨日本报开印",
    "本报所付稿酬",
];

/// Whether a line is such words.
pub(super) fn speaks(text: &str) -> bool {
    let text = text.trim_start_matches(BULLETS);
    if text.starts_with("本版") && text.contains("仅供参考") && !text.contains('。') {
        return true;
    }
    // 今日出紙四大張 督印人 林遠
    if text.starts_with(['今', '督', '零', '社']) && text.contains("督印人") && !text.contains(['。', '，']) {
        return true;
    }
    // （除署名外，均据新华社电）
    if text.starts_with(['（', '(']) && (text.contains("除署名外") || text.contains("均据")) && !text.contains('。')
    {
        return true;
    }
    let may =
        text.starts_with(['扫', '掃', '更', '欢', '歡', '官', '版', '未', '本', '法', '刊', '题', '題', '售', '昨']);
    may && !text.contains('。') && {
        let plain = super::simplified(text);
        OWN.iter().any(|word| plain.starts_with(word))
    }
}

/// What the lines of a forecast begin with, before a colon.
const FORECASTS: [&str; 14] = [
    "天气",
    "风向",
    "风力",
    "气温",
    "温度",
    "最高温度",
    "最低温度",
    "最高气温",
    "最低气温",
    "湿度",
    "相对湿度",
    "降水概率",
    "紫外线",
    "空气质量",
];

/// Advice that a forecast gives by numbers: 穿衣指数：….
const ADVISES: [&str; 8] = ["穿衣", "洗车", "晨练", "感冒", "舒适度", "中暑", "出行", "紫外线"];
/// The days and places that a forecast's labels begin with.
const DAYS: [&str; 10] = ["今日", "今天", "今晚", "今夜", "明日", "明天", "明晚", "本市", "我市", "市区"];

/// 最低气温, 明日天气, 穿衣指数.
fn labels_forecast(label: &str) -> bool {
    let bare = DAYS.iter().find_map(|day| label.strip_prefix(day)).unwrap_or(label);
    FORECASTS.contains(&bare) || label.strip_suffix("指数").is_some_and(|what| ADVISES.contains(&what))
}

/// Nothing but words of the weather, behind the name of a town at most.
static WEATHER_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\p{Han}]{0,3}?(?:[\s\d～~—\-－–、，,：:/%．.]|今天|今日|今夜|今晚|明天|明日|明晚|后天|白天|夜间|早晨|上午|下午|傍晚|天气|预报|最高|最低|气温|温度|相对湿度|湿度|空气质量|紫外线|降水概率|指数|℃|°C?|摄氏度|度|级|[风力到至转间有晴阴云雨雪雾霾少多小中大暴阵雷东南西北偏强弱较良优]|零星|局部|微风|沙尘|浮尘|轻度污染|左右)+$",
    )
});

/// 偏南风2到3级 紫外线强, 最高气温21℃ 最低气温9℃: such words that say two things, or how the wind blows.
fn says_the_weather(text: &str) -> bool {
    if !text.contains(['℃', '°', '级', '級', '度', '线', '線']) || !WEATHER_ONLY.is_match(text) {
        return false;
    }
    let plain = super::simplified(text);
    let degrees = plain.matches(['℃', '°']).count();
    let says: [bool; 6] = [
        degrees > 0 || plain.contains("气温"),
        degrees > 1,
        plain.contains('风') && plain.contains('级'),
        plain.contains(['晴', '阴', '云', '雨', '雪', '雾', '霾']),
        plain.contains("湿度") || plain.contains("紫外线"),
        plain.contains("空气质量"),
    ];
    says[2] || says.into_iter().filter(|says| *says).count() > 1
}

/// 最低温度：11℃, or 多云到晴，东北风3~4级，气温6—15℃: a label of a forecast, or three words of the weather and its
/// temperatures, in no sentence.
pub(super) fn forecasts(text: &str) -> bool {
    const WEATHER: [&str; 13] =
        ["晴", "阴", "陰", "多云", "多雲", "雨", "雪", "风", "級", "级", "湿度", "濕度", "陽光"];
    if text.contains(['。', '“', '；']) {
        return false;
    }
    let label = text.trim_start_matches(BULLETS).split_once([':', '：']).map_or("", |(label, _)| label);
    if (1..=18).contains(&label.len()) && labels_forecast(&super::simplified(label)) || says_the_weather(text) {
        return true;
    }
    if !text.contains(['℃', '°', '度']) {
        return false;
    }
    let told = ["气温", "氣溫", "相对湿度", "相對濕度"].iter().any(|word| text.contains(word));
    let words = WEATHER.iter().filter(|word| text.contains(**word)).count();
    (text.contains(['℃', '°']) || told) && words + usize::from(told) >= 3
}

static FORECAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\p{Han}]{0,6}(?:天气|今日|今天|今晚|今夜|明天|明日)[^。]*(?:℃|°C|°)"));

/// 今日天气 多云 14℃: nothing but a forecast.
pub(super) fn opens_forecast(text: &str) -> bool {
    FORECAST.is_match(text) && !text.contains(['，', '。'])
}
