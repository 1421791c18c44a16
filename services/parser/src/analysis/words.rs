//! Words that the rules for names look at, and what each of them says of its neighbours.

use rustc_hash::FxHashMap;

use crate::extract::DOUBLE_FAMILIES;

/// What a word says; a set of bits.
pub(super) type Class = u32;

/// Before a name: who holds a post is a person.
pub(super) const POST: Class = 1;
/// Behind a name: who says or does this is a person.
pub(super) const SAYS: Class = 1 << 1;
/// Behind a name: how a person is addressed.
pub(super) const TITLE: Class = 1 << 2;
/// Never a part of a given name.
pub(super) const FUNCTION: Class = 1 << 3;
/// Ends the name of an organization.
pub(super) const BODY: Class = 1 << 4;
/// Ends the name of an organization, and says nothing with a place alone before it: 上海公司.
pub(super) const BARE: Class = 1 << 5;
/// Ends the name of a place.
pub(super) const AREA: Class = 1 << 6;
/// Before a place or an organization, and no part of it.
pub(super) const PREPOSITION: Class = 1 << 7;
/// Begins the name of an organization of this or that rank: 省总工会.
pub(super) const RANK: Class = 1 << 8;
/// May stand inside the name of an organization though it is a verb.
pub(super) const TRADE: Class = 1 << 9;
/// Tagged a place or a name by the dictionary, and mostly none.
pub(super) const COMMON: Class = 1 << 10;
/// Stands in any article.
pub(super) const STOP: Class = 1 << 11;
/// Calls a person by name: 名叫.
pub(super) const CALLED: Class = 1 << 12;
/// A family name that is mostly another word.
pub(super) const SLIPPERY: Class = 1 << 13;
/// Points at a thing and begins no name: 全市, 该校.
pub(super) const POINTS: Class = 1 << 14;

/// Tagged a place by the dictionary, and mostly none.
pub(super) const NO_PLACE: Class = 1 << 17;
/// A place that the dictionary takes for something else.
pub(super) const WHERE: Class = 1 << 18;
/// An organization in one word that the dictionary takes for something else.
pub(super) const WHOLE: Class = 1 << 19;
/// May stand in a given name, though it is a word of its own far more often.
pub(super) const SELDOM: Class = 1 << 20;
/// A country; what the dictionary writes in one word with it is a place of its own: 英国伦敦.
pub(super) const COUNTRY: Class = 1 << 21;
/// A family name of two characters.
pub(super) const DOUBLED: Class = 1 << 16;

const LISTS: [(Class, &str); 20] = [
    (
        POST,
        "主席 副主席 书记 副书记 主任 副主任 局长 副局长 部长 副部长 厅长 副厅长 处长 副处长 科长 副科长 司长 市长 副市长 省长 副省长 县长 副县长 区长 副区长
        镇长 副镇长 乡长 村长 州长 校长 副校长 院长 副院长 所长 副所长 馆长 副馆长 会长 副会长 理事长 秘书长 副秘书长 行长 副行长 站长 台长 社长 总编辑 总裁
        副总裁 经理 总经理 副总经理 董事长 副董事长 负责人 队长 副队长 班长 副班长 组长 厂长 副厂长 矿长 店长 园长 护士长 船长 机长 列车长 团长 连长 排长 教练
        主教练 总工程师 工程师 高级工程师 设计师 首席 专家 教授 副教授 讲师 研究员 副研究员 院士 博士 硕士 导师 医生 医师 主任医师 副主任医师 护士 教师 老师
        班主任 辅导员 学生 研究生 村民 农民 种植户 养殖户 职工 员工 工人 技工 技师 焊工 钳工 电工 司机 驾驶员 骑手 快递员 邮递员 环卫工 保洁员 市民 居民 住户
        业主 店主 老板 摊主 游客 旅客 乘客 读者 观众 球迷 记者 通讯员 特派员 评论员 作者 作家 诗人 画家 导演 演员 歌手 主持人 编剧 摄影师 运动员 选手 球员 队员
        前锋 后卫 中场 门将 主攻手 守门员 消防员 民警 辅警 战士 士兵 法官 检察官 律师 志愿者 网格员 预报员 讲解员 管理员 护林员 调解员 安全员 代表 委员 议员
        议员 总统 总理 首相 外长 大使 发言人 被告人 原告 被告 嫌疑人 党员 干部 同志 劳模 劳动模范 传承人 创始人 合伙人 船工 船员 渔民 牧民 矿工 木工 铁匠
        木匠 工匠 钟表匠 手艺人 厨师 厨师长 师傅 徒弟 儿子 女儿 丈夫 妻子 父亲 母亲 爷爷 奶奶 爱人 战友 同事 同学 考生 家长 租客 租户 当事人 机手 采棉机手
        收银员 售货员 服务员 理发师 药师 会计师 建筑师 教练员 裁判 队医 馆员 图书管理员 老人 退休教师 老党员 老兵 职员 主管 总监 科员 工会主席 新人 学者
        组长 工长 段长 车间主任 支书 村支书 第一书记 政委 参谋长 司令员 总干事 干事 总代表 副所长 调度员 值班员 检修员 巡护员 测量员 技术员 农技员 饲养员 饭店老板",
    ),
    (
        SAYS,
        "说 说道 说起 表示 介绍 告诉 认为 坦言 回忆 回忆道 透露 指出 强调 笑着 笑着说 感慨 解释 称 补充 提醒 建议 呼吁 直言 坦承 透露说 谈到 写道 问 答 回答 喊道
        补充道 笑道 看来 希望 相信 觉得 感叹 总结 宣布 主持 出席 致辞 讲话 发言 到场 赛后 接受 获得 荣获 当选 担任 连续 带领 带着 率领 抱着 指着 拿着 抽着 拔起
        望着 看着 开始 决定 赶到 来到 冲进 退休 出生 去世 病逝 逝世 摄 撰文 报道 打趣 反问 讲述 叙述 描述 预测 预计 分析 认出 接过 站在 坐在 蹲在 正在 常说 心里 独得",
    ),
    (TITLE, "先生 女士 同志 教授 老师 院士 博士 师傅 老人 校长 院长 主任 书记 局长 医生 律师 法官 烈士 委员 代表 记者 主席 总统 总理 首相 将军 夫妇 夫妻 一家 等人 等 本人 生前 教练 队长"),
    (
        FUNCTION,
        "的 了 在 是 说 称 等 不 也 被 把 将 就 都 很 还 让 给 着 过 吗 呢 吧 啊 这 那 我 你 他 她 它 们 从 到 及 或 但 而 因 如 则 即 已 会 要 使 由 与 对 于 以 所
        又 再 只 没 该 各 每 某 几 个 位 此 其 之 者 里 后 前 下 内 外 家 村 县 市 区 局 厂 院 省 镇 乡 做 想 看 问 答 讲 找 叫 带 吃 喝 走 跑 坐 站
        住 买 卖 往 比 跟 并 地 得 且 却 便 像 第 月 日 号 岁 党 部 路 街 摄 电 讯 版 某 氏 总 副",
    ),
    (
        SELDOM,
        "有 才 可 名 上 时 间 去 来 能 当 向 同 至 两 三 四 五 六 七 八 九 十 百 千 万 亿 年 人 图 文 江 起 出 入 开 冲 独 笑 进 接 送 拿 打 又 已 曾 正 仍 共 均 皆 系 为 用 抽 望 到",
    ),
    (
        WHERE,
        "拉萨 柏林 首尔 莫斯科 石家庄 合肥 海口 银川 高雄 大连 唐山 保定 雄安 包头 嘉兴 金华 景德镇 烟台 开封 岳阳 桂林 遵义 大理 宝鸡 天水 克拉玛依 马德里 开罗 巴格达
        基辅 布拉格 布达佩斯 惠灵顿 多伦多 波士顿 利马 金边 万象 仰光 吉隆坡 马尼拉 新德里 平壤 约翰内斯堡 阿富汗 乌克兰 阿根廷 尼泊尔 哈萨克斯坦 沙特 卡塔尔 九龙 新界
        呼伦贝尔 中环 湾仔 铜锣湾 尖沙咀 沙田 元朗 屯门 离岛",
    ),
    (
        WHOLE,
        "公安部 教育部 财政部 外交部 商务部 国防部 民政部 司法部 科技部 水利部 自然资源部 生态环境部 交通运输部 农业农村部 应急管理部 卫健委 国家卫健委 发改委 国家发改委
        国资委 证监会 国务院 国台办 港澳办 最高检 最高法 新华社 人民日报 新华网 人民网 央视 立法会 联合国 安理会 世卫组织 世界卫生组织 欧盟 北约 东盟 国际奥委会 中国足协
        中国科学院 中国工程院 中国社会科学院 国家统计局 国家税务总局 全国总工会 全国妇联 全国人大 全国政协 共青团中央 中央气象台 故宫博物院 中央电视台",
    ),
    (COUNTRY, "中国 英国 法国 美国 德国 日本 韩国 俄国 印度 泰国 越南 缅甸 巴西 埃及 希腊 荷兰 瑞士 瑞典 波兰 朝鲜 伊朗 古巴 智利 秘鲁 南非 芬兰 丹麦 挪威"),
    (
        NO_PLACE,
        "庆典 南路 深度 山脉 治安 大国 新鲜 海峡 冰川 长度 长大 莫非 福临 三藏 普及 商城 古典 阴阳 高山 福利 日志 云集 青春 山河 神圣 莲蓬 中路 西门 中断 山洞 关联
        海湾 广义 大圣 上山 龙门 南门 海关 舞美 山峰 内城 石桥 北门 朝阳 下山 上台 山寨 契约 二哥 白马 入口 入市 金牙 路桥 中兴 西城 古都 诸国 重镇 山口 大山 故城 千古
        城堡 中道 深山 伦理 泉水 东城 渡江 城垣 大湖 关山 南口 治国 中和 天黑 法典 诸州 三中 四中 官山 长河 山镇 天桥 远东 加盟 登山 密封 上门 立马 海滨 莫大 湖区 沿河
        海滩 西路 牡丹 贵宾 东路 卫国 滨海 沧海 入海 嘉宾 屯田 神州 东门 北路 山林 赞美 新村 泰来 喜庆 吉利 河湖 四海 登极 台地 上路 礼拜 庙里 山羊 青竹 远洋 井口 台基
        中堂 山门 正南 深谷 朝野 山岭 白嫩 余脉 象牙 深水 中西 归国 渡河 河湾 河里 四门 象流 江流 上铺 海岛 入门 深渊 土城 中阳 如林 上岗 夕阳 河沟 远古 永固 港湾 新春
        绕城 沙湾 新桥 苏打 台站 波及 来京 绵羊 北城 冰山 旧城 江底 太极 五县 山庄 伦比 江海 广度 三鲜 江道 庙街 六中 满口 曼联 后河 堰桥 美德 欢庆 郡县 山野 乌黑 立国
        密林 天宫 上街 缅怀 开朗 上古 端庄 珍藏 松林 锦旗 黑洞 山沟 大伯 沙洲 香水 广为 上楼 四壁 后山 越野 虎口 法度 河滩 浅海 法门 入阁 大坝 山丘 新旧 北坡 佛门 苏木 湖畔
        沧桑 朝霞 大岛 海沟 西站 滑坡 小国 南城 云头 串联 青山 藩镇 美化 长脚 回城 昆曲 深藏 旁门 登门 古堡 海鲜 驻京 山崖 西街 开山 阳极 桃根 扎根 东街 蓝牙 横梁 满嘴
        博古 山城 恩典 三山 下海 贵国 龙脉 福特 加密 巴士 天街 大黑 上峰 离京 中风 列国 中古 爱美 四国 南关 马脚 鞍马 牙关 湖底 以利 黄水 广博 罗列 河港 墨水 列岛 城建 半山
        朝拜 长街 天马 湖滨 兴安 保鲜 中考 长尾 抚摩 陡坡 远非 满街 美感 渡海 南站 太阴 远山 满门 安家 古国 石山 火海 江口 塔山 山里 湖口 德甲 吉他 绥靖 复国 朝贡 铺平 深涧
        朝圣 下城 无极 山岳 匹夫 馆藏 根密 虎狼 故国 塔顶 土坡 山脚 委顿 龟甲 摩崖 上中 海马 天国 三桥 胶原 四野 仙都 长跑 瓮城 临街 银联 中上 相国 拜寿 井水 龙尾 治本 中度 万古
        蛟龙 库藏 太古 卡门 二本 中街 爪牙 龙潭 长绳 福地 深沟 山岩 仙丹 努嘴 下坡 长波 松脂 南院 山梁 大牙 黑麦 黑市 府县 馆内 庙前 山冈 东区 西区 海沙 喜乐 伦常 五城 拱桥
        古庙 七绝 山溪 日增 商港 三镇 马山 并联 峡湾 山泉 山乡 五洲 黄门 河渠 台前 冰封 井台 馆里 美美 山塘 正北 仙山 中地 上苍 河山 欢度 冰河 九尾 上宾 扬威 开春 广开 千山
        三本 长眠 大寺 叙旧 上联 下联 上坡 邦联 抚琴 吐丝 河马 朝南 宜居 天极 吐纳 中平 番邦 怀古 塞车 城邑 雅乐 洋洋 大雅 咸水 吉庆 佛国 大市 凤尾 长随 荷塘 沾边 山本 上屋 山岗
        下河 酒都 延时 惠及 多嘴 漠漠 攸关 山陵 魁首 无虞 镶边 治沙 横波 陆海 美眉 垦区 绵密 扎堆 仰角 里弄 牙根 正东 古寺 南街 驻屯 土建 四环 南河 北街 塔楼 佳丽 五绝 临门
        天安门广场 桥头堡 法西斯 上半场 下半场 中密度 三角洲 英特尔 琉璃瓦 苏维埃 大都城 伊斯兰 苏格拉底 阿弥陀佛 莎士比亚 亚历山大 得意洋洋 满头大汗 大江南北 大兴土木 大中城市
        信口开河 东南西北 高高兴兴 歇斯底里 上山下乡 文明古国 人山人海 旁门左道 崇山峻岭 科教兴国 科教兴市 兴旺发达 平平安安 百万富翁 深山老林 福尔马林 甘拜下风 半壁江山 太平盛世
        东西南北 南北方 深水港 入海口 老城区 大城市 大都市 城门洞 葡萄园 葡萄干 紫罗兰 一棵树 独木桥 大哥大 咸水湖 无人区 千里马 中立国 擂台赛 无底洞 多角度 高架桥 循环赛 灌木林
        避风港 象牙塔 珠宝店 印花布 堰塞湖 旧城区 新城区 中心区 山地区 欧元区 老旧 回国 深井 陡坡 半封建 同盟国 太阳穴 满意度 火山岛 平原区 高原区 拉下马 下马威 东道国 美食城 君主国
        奥巴马 哥伦布 苏东坡 密特朗 福楼拜 法拉利 奥运村 亚运村 抚平 中巴 新建 之日 之日起 加开班次 东奔西跑 落山 阳坡 阴坡 合龙 铅封 旁通 篙子 开埠 开班 加开 余本 回港 离港 到港 进港 出港 大港 大桥 各省 各市 各县 各区 各国 全国 全市 全省",
    ),
    (
        BODY,
        "集团 集团公司 有限公司 有限责任公司 股份有限公司 分公司 子公司 总公司 工会 总工会 大学 学院 研究院 研究所 研究会 科学院 工程院 设计院 医院 卫生院 中医院
        委员会 管委会 居委会 村委会 纪委 监委 政协 人大 人大常委会 常委会 法院 人民法院 检察院 人民检察院 政府 人民政府 党委 市委 省委 县委 区委 州委 党校 局 厅 总局 分局 管理局 公安局
        教育局 财政局 气象局 供电局 税务局 统计局 交通局 水利局 农业局 林业局 民政局 司法局 审计局 卫生局 文化局 规划局 公安厅 教育厅 财政厅 商务厅 水利厅 派出所
        事务所 协会 学会 联合会 总会 商会 商会 基金会 银行 分行 支行 出版社 电视台 电台 报社 杂志社 通讯社 合作社 联合社 供销社 支队 大队 总队 救援队 指挥部 办事处 办公室
        博物馆 图书馆 美术馆 文化馆 科技馆 档案馆 纪念馆 体育馆 科普馆 天文台 气象台 剧院 歌剧院 交响乐团 乐团 剧团 歌舞团 中学 小学 高中 幼儿园 职业技术学院 技校
        公司 企业 厂 工厂 钢厂 船厂 电厂 水厂 中心 兵团 环卫处 管理处 管理站 供电所 街道办 妇联 工商联 文联 作协 残联 团委 红十字会 书店 酒店 饭店 宾馆 俱乐部 足球队 车间
        部 署 理事会 监事会 董事会 筹委会 组委会 联盟 协调组 工作组 科 处 站 队 所 院 社",
    ),
    (BARE, "公司 企业 厂 工厂 中心 办公室 政府 集团 部 科 处 站 队 所 院 社 车间 署 俱乐部 联盟 工作组 酒店 饭店 宾馆 书店 指挥部 大队 支队 委员会 协会 学会 局 厅 人大 政协"),
    (
        AREA,
        "省 市 县 区 州 镇 乡 村 街道 社区 自治州 自治县 自治区 特区 新区 开发区 地区 盟 旗 岛 群岛 半岛 湾 山 山脉 岭 峰 河 江 湖 海 溪 水库 湿地 草原 盆地 高原
        平原 沙漠 路 街 大街 大道 巷 胡同 桥 大桥 隧道 公园 广场 机场 车站 火车站 港 码头 古城 古镇 新城 小区 景区 高速 高速公路 铁路 林场 农场 牧场 矿区 口岸 屯 寨",
    ),
    (
        PREPOSITION,
        "了 过 在 从 到 向 往 由 于 自 对 与 和 及 跟 同 为 给 被 把 将 让 经 沿 沿着 通往 前往 来自 位于 地处 来到 走进 走出 走过 抵达 途经 离开 返回 进入 驶向 驶入 落户
        赴 去 回 至 、 以及 或 是 据 按 参观 访问 捐给 家住 住在 开在 涉及 惠及 在于 转自 驻 毗邻 穿过 坐落 坐落于 飞往 开往 邻近 靠近 距 临近 判令 联系 邀请 联合 其中",
    ),
    (RANK, "省 市 县 区 州 镇 乡 村 国家 中央 中国 中华 全国 最高 国务院 国立 省级 市级 共青团 自治区 香港 澳门 世界 联合国"),
    (
        TRADE,
        "建设 管理 服务 研究 发展 投资 监督 供热 供水 供电 供销 运输 销售 建筑 出版 救援 保障 保护 保险 改革 规划 设计 检测 监测 检验 检查 纪律检查 教育 卫生 健康 统计
        审计 监察 调查 预报 应急 咨询 培训 实验 试验 勘察 勘测 测绘 开发 生产 制造 通信 融资 控股 合作 交流 发行 演出 体育 宣传 组织 指挥 协调 促进 信息化 改造 环保 环卫
        救助 救护 护理 消防 防汛 抗旱 航运 航空 航天 装备 仲裁 法律 会计 广播 旅游 康复 保健 养老 托育 创业 创新 动力 附属 附设 直属 技术 执法 治理 执行 登记 交易 调解 采购",
    ),
    (
        COMMON,
        "哥哥 英雄 太阳 美丽 王国 爱国 城市 外国 平原 大街 大桥 自治州 自治县 自治区 山区 湖泊 高原 城镇 共和国 海洋 朝廷 东西 建国 开国 上市 江湖 南北 东北 西北 西南 东南 中原
        高峰 阳光 文明 安全 和平 明天 明星 高兴 高速 高温 高考 高原 高手 高楼 高铁 方便 方便面 方才 方法 方向 方面 方圆 方言 成果 成功 成长 成年 成员 时代 时光 时节 时髦 时尚 时装
        江山 江水 江河 江畔 江边 江风 江面 黄金 黄昏 黄土 黄酒 黄瓜 黄豆 黄牛 白天 白菜 白酒 白银 白色 白领 白雪 白云 金色 金秋 金属 金牌 金钱 石头 石油 石材 石板 石榴 花园 花开
        花朵 花生 花木 花卉 花鼓 田野 田园 田间 水利 水果 水泥 水稻 马上 马路 马车 马力 龙头 龙舟 温暖 温度 温柔 温馨 温泉 常识 常见 常态 常年 甘蔗 甘甜 何时 何处 何必 何况
        关于 关键 关注 关系 关爱 于是 经常 经过 经典 任何 任务 任性 任命 任意 任期 应急 应对 应该 应聘 连续 连接 连环 车间 车站 车辆 车主 车队 车厢 毛巾 毛病 毛衣 包裹 包括 包容 包子
        章程 谷物 谷雨 谷底 麦田 麦收 雷达 雷雨 雷电 雷锋 荣誉 荣耀 强调 项目 支持 司机 司法 宝贝 宝贵 支部 计划 计算 解放 解决 利民 便民 惠民 乐观 乐园 乐曲 欢乐 孔雀 段落 齐全 齐心
        程序 程度 童年 童话 童心 倪端 向来 向往 向上 向阳 向导 安排 安静 安装 安心 安宁 安乐 易拉罐 古代 古典 古镇 古城 古老 平安 平时 平常 平台 平凡 平静 平方 万物 万家 万一 万岁
        明亮 明确 明显 明白 明媚 庄严 庄稼 梅花 桂花 桃花 梁柱 严格 严重 严肃 严寒 严冬 全家 游戏 游人 游子 巴士 路人 路灯 路口 路边 路途 景色 景区 景点 景观 管道 管理 管线 房子 房屋
        干部 干净 干燥 练习 满意 满足 终于 丁香 国王 家乡 故乡 祖国 大陆 内陆 海外 海内外 西方 东方 南方 北方 前方 后方 边疆 港口 广场 公园 城乡 城区 市区 县城 省城 都市 首都 全球
        上升 山地 山水 山川 山谷 山坡 山村 山路 山乡 水乡 老城 老区 老家 特区 景山 河流 河道 河谷 河床 河岸 江岸 大江 大河 大海 大洋 大地 大陆 深海 湖面 湖水 湿地 草原 沙漠 码头
        村庄 乡村 农村 街道 街区 街头 路段 路面 社区 小区 校区 院区 园区 厂区 矿区 库区 灾区 牧区 林区 地区 片区 城南 城北 城东 城西 城关 华人 华侨 中华 唐装 汉字 汉语 中文 中药 中医
        中式 中餐 西医 西药 西餐 西瓜 洋葱 南瓜 东风 北风 长寿 长老 长椅 富强 民主 友谊 团结 光明 幸福 胜利 和谐 兴隆 兴旺 太平 永久 长久 中秋 重阳 清明 端午 安居 乐业 康乐 康复
        云海 云雾 天山 天门 天空 高校 高中 高度 高级 高效 高等 高端 高层 尚未 尚且 路透 文物 文学 文艺 文化 文字 文件 文献 文章 文体 文旅 文创 史料 史诗 时任 冷库 冷链 冷水 冷静 冷气
        温室 温饱 农民 农业 简单 简历 简介 简易 单位 单车 单元 华灯 华丽 牛奶 牛羊 牛肉 羊肉 鱼塘 米饭 米粉 苗木 苗族 柳树 杨树 杨梅 林业 林木 林地 林果 林区 林场 森林 叶子 樱花 茶叶
        商人 商品 商场 商业 商家 强度 强化 强势 党员 党建 党委 党组 党课 区域 厚度 厚重 敬老 敬业 暴雨 别样 别致 别处 部落 边境 边关 边界 步行 步伐 水源 水田 水质 水位 水面 水乡 老百姓
        同步 同学 同伴 宁静 宁愿 盛大 盛会 盛世 盛装 盛典 粟米 松树 雪山 雪花 风景 凤凰 元宵 元旦 元素 元月 赛场 赛事 赛季 赛道 台风 宣言 宣传 后天 后来 后代 后备 秘书 秘密 危险 危房 危机
        阴天 阴雨 阴影 汗水 汗液 贝壳 池塘 池水 燕子 燕麦 蓝天 蓝图 蓝色 蓝领 辛苦 辛勤 辛劳 滕王 全民 全力 全程 全部 全国 全局 全面 全市 全省 全县 全体 全员",
    ),
    (STOP, super::stop_words::STOP_WORDS),
    (CALLED, "叫 名叫 叫做 名为 是 由 请 找到 采访 见到 遇到 遇见 寻找 任命 选举 推选 对手 击败 战胜 授予 邀请 嘉宾 歌手 主角 获奖者 姓名 像 聘请 主持人"),
    (SLIPPERY, "于 向 从 任 时 应 何 曾 连 常 方 成 经 解 别 都 和 包 计 全 安 高 明 水 关 过 白 花 钱 车 路 海 后 强 利 严 商 能 容 温 平 万 党 干 习 暴 查 洗 满 支 家 便 黄 金 石 山 江 冷 古 米 项 单 元 尚 步 边 同 老 区 种 管 燕 田 马 牛 齐 文 城 木 终 门 火 毛 宿 茅 茶 空 顿 台 南 北 东 西 阴 雪 冰 年 赛 宣 部 敬 洪 危"),
    (POINTS, "隔壁 沿线 周边 附近 本地 邻近 沿街 沿江 全 全市 全省 全县 全区 全镇 全乡 全村 全州 该 该市 该县 该省 该区 该镇 该村 本 本市 本省 本县 本区 我 我市 我省 我县 我区 各 各市 各县 各省 各区 各地 某 一 两 多 几 每 这 那 此 其 其他 一个 一家 两家 三家 几家 多家 一所 一些 不少 许多 所在 当地 外地 异地 其他 有关 相关 大型 小型 中小 新建 在建 上级 下级 基层 驻地 涉事 县市 市县 省市 乡镇"),
];

/// Most bytes of a word that the table holds: what fits a number, which is hashed and compared in one step.
const LONGEST: usize = 16;

/// The dictionary of the rules: each word with its classes.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Of each word of one character of the plane that nearly all are in.
    single: Vec<Class>,
    short: FxHashMap<u128, Class>,
    long: FxHashMap<Box<str>, Class>,
}

fn packed(word: &str) -> Option<u128> {
    let mut bytes = [0; LONGEST];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

impl Table {
    /// The words of the lists above.
    pub fn new() -> Self {
        let mut table = Self::default();
        for (class, words) in LISTS {
            words.split_whitespace().for_each(|word| table.add(word, class));
        }
        DOUBLE_FAMILIES.iter().for_each(|word| table.add(word, DOUBLED));
        table
    }

    /// Adds a class to a word.
    pub fn add(&mut self, word: &str, class: Class) {
        if let Some(at) = single(word) {
            self.single.resize(self.single.len().max(at + 1), 0);
            self.single[at] |= class;
            return;
        }
        match packed(word) {
            Some(word) => *self.short.entry(word).or_default() |= class,
            None => *self.long.entry(word.into()).or_default() |= class,
        }
    }

    /// The classes of a word.
    pub fn class(&self, word: &str) -> Class {
        if let Some(at) = single(word) {
            return self.single.get(at).copied().unwrap_or(0);
        }
        let found = match packed(word) {
            Some(word) => self.short.get(&word),
            None => self.long.get(word),
        };
        found.copied().unwrap_or(0)
    }
}

/// The number of a word that is one character of three bytes.
fn single(word: &str) -> Option<usize> {
    match word.as_bytes() {
        [a @ 0xe0..=0xef, b, c] => {
            Some(usize::from(a & 0x0f) << 12 | usize::from(b & 0x3f) << 6 | usize::from(c & 0x3f))
        }
        _ => None,
    }
}
