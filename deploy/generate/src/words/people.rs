//! Names of people, places and newspapers. They are put together by chance; who is called so is so by chance.

use crate::chance::Chance;

const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const DOUBLE: [&str; 5] = ["欧阳", "司马", "诸葛", "上官", "东方"];
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅辉玲鹏飞宇浩然子轩雨涵思源嘉欣怡佳琪晓东建国志远文博立新春燕海波云帆清源若溪慧中雪松振宁希之卓然景行知夏以宁书瑶一鸣安澜";
const ETHNIC: [&str; 4] = ["阿依努尔·买买提", "巴特尔·那仁", "古丽娜·艾山", "扎西·次仁"];
const CITY: (&str, &str) = ("砚栖泽岚苇榆棠浔峒洮澧沅汜浠皋郇鄢酆岷崤麓湄滏漳", "州川江城陵浦阳原宁安山海");
const COUNTY: (&str, &str) = ("石柳桐槐枫松杏梅竹荷莲桑麦稻禾谷", "桥河溪岭坪塘湾泉渡岗店埠");
const VILLAGE: (&str, &str) =
    ("上下前后东西南北大小新老", "刘家湾 石桥头 柳树坪 杨家渡 白马岗 青石沟 黄泥塘 桃花坞 马鞍岭 河口滩 槐树庄 李家寨");
const STREET: &str = "和平路 解放街 滨河大道 学府路 建设巷 人民路 长虹街 迎宾路 胜利巷 文昌街 朝阳路 锦绣大道";
const PAPERS: [&str; 9] = ["日报", "晚报", "晨报", "都市报", "工人报", "农民报", "商报", "时报", "青年报"];

fn of(text: &str, chance: &mut Chance) -> char {
    let all: Vec<char> = text.chars().collect();
    *chance.pick(&all)
}

fn pair(parts: (&str, &str), chance: &mut Chance) -> String {
    [of(parts.0, chance), of(parts.1, chance)].iter().collect()
}

fn word(text: &str, chance: &mut Chance) -> String {
    let all: Vec<&str> = text.split(' ').collect();
    chance.word(&all).to_owned()
}

/// A full name: mostly two or three characters, seldom a double family name or one with a dot.
pub fn name(chance: &mut Chance) -> String {
    if chance.percent(1) {
        return chance.word(&ETHNIC).to_owned();
    }
    let mut name = if chance.percent(3) { chance.word(&DOUBLE).to_owned() } else { of(FAMILIES, chance).to_string() };
    name.push(of(GIVEN, chance));
    if chance.percent(68) {
        name.push(of(GIVEN, chance));
    }
    name
}

/// Several names, all different.
pub fn names(count: usize, chance: &mut Chance) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    while names.len() < count {
        let name = name(chance);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A city, without 市.
pub fn city(chance: &mut Chance) -> String {
    pair(CITY, chance)
}

/// A county, without 县.
pub fn county(chance: &mut Chance) -> String {
    pair(COUNTY, chance)
}

/// A village, with 村.
pub fn village(chance: &mut Chance) -> String {
    let which = word(VILLAGE.1, chance);
    let side = if chance.percent(40) { of(VILLAGE.0, chance).to_string() } else { String::new() };
    format!("{side}{which}村")
}

/// A street.
pub fn street(chance: &mut Chance) -> String {
    word(STREET, chance)
}

/// The title of a newspaper of a city.
pub fn paper(city: &str, chance: &mut Chance) -> String {
    format!("{city}{}", chance.word(&PAPERS))
}
