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

/// 最低温度：11℃, or 多云到晴，东北风3~4级，气温6—15℃: a label of a forecast, or three words of the weather and its
/// temperatures, in no sentence.
pub(super) fn forecasts(text: &str) -> bool {
    const WEATHER: [&str; 13] =
        ["晴", "阴", "陰", "多云", "多雲", "雨", "雪", "风", "級", "级", "湿度", "濕度", "陽光"];
    if text.contains(['。', '“', '；']) {
        return false;
    }
    let label = text.trim_start_matches(BULLETS).split_once([':', '：']).map_or("", |(label, _)| label);
    if (1..=12).contains(&label.len()) && FORECASTS.contains(&super::simplified(label).as_ref()) {
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
