"""The words from which the bench makes its partners: names, cities and telephone numbers of ten countries."""

import typing

CHINESE_BRANDS = (
    "华信 中远 金辉 宏达 天成 瑞丰 东方 长城 鼎盛 恒源 博雅 联创 新纪元 海纳 云帆 九州 万象 银河 卓越 同创 "
    "嘉禾 盛世 德邦 泰和 兴业 永安 百川 龙腾 凤鸣 启明 晨光 朝阳 远洋 蓝海 绿源 红杉 青松 紫光 白云 黄河"
).split()
CHINESE_TRADES = "科技 贸易 电子 机械 食品 纺织 化工 物流 医药 建材 能源 文化传媒 软件 农业 汽车配件".split()
CHINESE_FORMS = "有限公司 股份有限公司 有限责任公司 集团".split()
CHINESE_SURNAMES = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 欧阳 司马 诸葛".split()
CHINESE_GIVEN = (
    "伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 志强 晓明 海燕 文静 子轩 雨桐"
).split()

ENGLISH_BRANDS = (
    "Northwind Evergreen Bluewater Redstone Silverline Oakridge Summit Harbour Lakeside Ironbridge Kingsway Greenfield "
    "Whitestone Falcon Meridian Pinnacle Horizon Cascade Beacon Sterling Granite Atlas Orion Phoenix Vanguard Compass "
    "Liberty Heritage Pacific Atlantic Alpine Crescent Mercury Neptune Apex Zenith Crown Willow Maple Cedar"
).split()
ENGLISH_TRADES = (
    "Trading Logistics Engineering Foods Textiles Chemicals Electronics Consulting Software Media Motors Timber "
    "Instruments Packaging Pharma"
).split()
ENGLISH_FORMS = "Ltd Inc LLC GmbH Group Partners".split()
ENGLISH_GIVEN = (
    "Oliver Amelia George Isla Harry Ava Jack Emily Jacob Sophia Charlie Grace Thomas Lily Oscar Freya William Ella "
    "James Charlotte Henry Alice Leo Florence Arthur Daisy Muhammad Rosie Hannah Peter"
).split()
ENGLISH_SURNAMES = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green "
    "Hall Wood Jackson Clarke Müller Dubois O'Brien Nakamura"
).split()

STREETS = "Main Street|Station Road|人民路".split("|")
JOBS = "Buyer|Sales Manager|Accountant|Managing Director|Engineer|采购经理|财务主管|总经理".split("|")


class Place(typing.NamedTuple):
    """A country as the bench sees it: how often it comes up, its cities, and how its telephone numbers begin."""

    code: str
    share: int  # of 100 partners
    cities: tuple
    phone: str  # a prefix to which six digits are added to make a valid number


PLACES = (
    Place("CN", 44, ("上海", "北京", "深圳", "广州", "杭州", "成都", "武汉", "西安", "南京", "青岛"), "+86 13800"),
    Place("US", 15, ("New York", "Chicago", "Houston", "Seattle", "Boston"), "+1 2125"),
    Place("GB", 9, ("London", "Manchester", "Leeds", "Bristol"), "+44 7400"),
    Place("DE", 8, ("Berlin", "Hamburg", "München", "Köln"), "+49 15112"),
    Place("FR", 5, ("Paris", "Lyon", "Marseille"), "+33 612"),
    Place("JP", 5, ("Tokyo", "Osaka", "Nagoya"), "+81 9012"),
    Place("HK", 5, ("香港",), "+852 61"),
    Place("SG", 4, ("Singapore",), "+65 91"),
    Place("AU", 3, ("Sydney", "Melbourne"), "+61 412"),
    Place("NL", 2, ("Amsterdam", "Rotterdam"), "+31 612"),
)
