//! What is wrong with an extract, with what is assumed, or with places that are to be reached:
//! numbered, in both languages, with what to do next.

use std::fmt;

use base::Text;

use crate::mode::Mode;

/// Something an extract may need of its reader, and that is not read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feature {
    /// What the streets were once, besides what they are.
    History,
    /// Another compression than zlib.
    Compression,
    /// What the extract calls so.
    Other(String),
}

/// One of the places that were given, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// Among those that ways begin at.
    From(usize),
    /// Among those that ways lead to.
    To(usize),
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Neither a PBF nor an XML file of OpenStreetMap.
    NotAnExtract,
    /// It ends in the middle, after so many bytes.
    CutShort(u64),
    /// It cannot be read from about that byte on.
    Broken(u64),
    /// It needs what is not read here.
    NotRead(Feature),
    /// A point, way or relation of that number comes twice and says two things.
    Twice(i64),
    /// A point of that number lies nowhere on the earth.
    OffTheEarth(i64),
    /// No way in it may be used so.
    NoStreets(Mode),
    /// A block, a street or the whole is larger than is computed with.
    TooLarge,
    /// The bytes do not come, for that reason.
    NoBytes(String),
    /// A figure that is assumed is none of 1 to the most.
    NotAssumable {
        /// What was given.
        value: u32,
        /// The most it may be.
        most: u32,
    },
    /// There is nothing to begin at, or nothing to reach.
    NoPlaces,
    /// Places outside of the area of the extract.
    Outside(Vec<Given>),
    /// Places farther than that from any street.
    FarFromStreets {
        /// Which.
        places: Vec<Given>,
        /// How many metres they may lie from one.
        metres: u32,
    },
    /// Places on streets that do not hang together with the largest part of the network.
    Apart(Vec<Given>),
    /// No way leads from one place to another, for streets are one way.
    NoWay {
        /// From which.
        from: Given,
        /// To which.
        to: Given,
        /// Between how many pairs of places none leads, this one counted.
        pairs: usize,
    },
}

/// How many places are named.
const NAMED_MAX: usize = 10;
/// The longest text that is quoted, in letters.
const QUOTED_MAX: usize = 40;

impl Fault {
    /// One of each, for who lists them.
    pub fn all() -> Vec<Self> {
        let places = || vec![Given::From(3), Given::To(7)];
        vec![
            Self::NotAnExtract,
            Self::CutShort(9_000),
            Self::Broken(9_000),
            Self::NotRead(Feature::Other("…".to_owned())),
            Self::Twice(7),
            Self::OffTheEarth(7),
            Self::NoStreets(Mode::Walk),
            Self::TooLarge,
            Self::NoBytes("…".to_owned()),
            Self::NotAssumable { value: 0, most: 1_000 },
            Self::NoPlaces,
            Self::Outside(places()),
            Self::FarFromStreets { places: places(), metres: 500 },
            Self::Apart(places()),
            Self::NoWay { from: Given::From(3), to: Given::To(7), pairs: 1 },
        ]
    }

    /// The word under which it is known.
    pub fn word(&self) -> &'static str {
        self.known().1
    }

    /// Its number, the same for ever.
    pub fn number(&self) -> u16 {
        self.known().0
    }

    fn known(&self) -> (u16, &'static str) {
        match self {
            Self::NotAnExtract => (1671, "not-an-extract"),
            Self::CutShort(_) => (1672, "cut-short"),
            Self::Broken(_) => (1673, "broken"),
            Self::NotRead(_) => (1674, "not-read"),
            Self::Twice(_) => (1675, "twice"),
            Self::OffTheEarth(_) => (1676, "off-the-earth"),
            Self::NoStreets(_) => (1677, "no-streets"),
            Self::TooLarge => (1678, "too-large"),
            Self::NoBytes(_) => (1679, "no-bytes"),
            Self::NotAssumable { .. } => (1680, "not-assumable"),
            Self::NoPlaces => (1681, "no-places"),
            Self::Outside(_) => (1682, "outside"),
            Self::FarFromStreets { .. } => (1683, "far-from-streets"),
            Self::Apart(_) => (1684, "apart"),
            Self::NoWay { .. } => (1685, "no-way"),
        }
    }

    /// What is wrong. What is quoted shows all of its letters, and not more than some.
    pub fn says(&self) -> Text {
        match self {
            _ if self.number() > 1680 => self.says_of_places(),
            Self::NotAnExtract => Text::new(
                "这不是 OpenStreetMap 的数据提取文件（PBF 或者 XML）",
                "this is no extract of OpenStreetMap, neither PBF nor XML",
            ),
            Self::CutShort(byte) => Text::new(
                format!("文件不完整，在第 {byte} 字节之后中断"),
                format!("the file ends in the middle, after byte {byte}"),
            ),
            Self::Broken(byte) => Text::new(
                format!("文件已损坏，约从第 {byte} 字节起无法读取"),
                format!("the file is damaged and cannot be read from about byte {byte} on"),
            ),
            Self::NotRead(feature) => {
                let Text { zh, en } = feature.says();
                Text::new(format!("本系统不读取{zh}"), format!("{en} is not read here"))
            }
            Self::NoBytes(cause) => Text::new(
                format!("无法读取文件：{}", quoted(cause)),
                format!("the file cannot be read: {}", quoted(cause)),
            ),
            Self::NotAssumable { value, most } => Text::new(
                format!("假定值 {value} 不在 1 至 {most} 之间"),
                format!("the assumed figure {value} is none of 1 to {most}"),
            ),
            _ => self.says_of_streets(),
        }
    }

    fn says_of_streets(&self) -> Text {
        match self {
            Self::Twice(id) => Text::new(
                format!("编号 {id} 出现两次，内容不同"),
                format!("the number {id} comes twice and says two things"),
            ),
            Self::OffTheEarth(id) => Text::new(
                format!("点 {id} 的坐标不在地球上"),
                format!("the point {id} lies nowhere on the earth"),
            ),
            Self::NoStreets(Mode::Walk) => {
                Text::new("文件中没有可以步行的道路", "there is no street in it to walk on")
            }
            Self::NoStreets(Mode::Car) => {
                Text::new("文件中没有可以行车的道路", "there is no street in it to drive on")
            }
            _ => Text::new(
                "文件或者其中一段道路过大，超出计算范围",
                "the file, or a street in it, is larger than is computed with",
            ),
        }
    }

    fn says_of_places(&self) -> Text {
        match self {
            Self::Outside(places) => {
                let (zh, en) = named(places);
                Text::new(
                    format!("{zh}在道路数据范围之外"),
                    format!("outside of the area of the streets: {en}"),
                )
            }
            Self::FarFromStreets { places, metres } => {
                let (zh, en) = named(places);
                Text::new(
                    format!("{zh}距最近的道路超过 {metres} 米"),
                    format!("more than {metres} m from any street: {en}"),
                )
            }
            Self::Apart(places) => {
                let (zh, en) = named(places);
                Text::new(
                    format!("{zh}所在的道路与主要路网不相连"),
                    format!("on streets that do not hang together with the others: {en}"),
                )
            }
            Self::NoWay { from, to, pairs } => {
                let ((from_zh, from), (to_zh, to)) = (from.says(), to.says());
                let (zh, en) = match pairs {
                    0 | 1 => (String::new(), String::new()),
                    pairs => (format!("，共 {pairs} 对"), format!("; {pairs} such pairs in all")),
                };
                Text::new(
                    format!("因单行道，{from_zh}到{to_zh}无路可走{zh}"),
                    format!("no way leads from {from} to {to}, for streets are one way{en}"),
                )
            }
            _ => Text::new("没有起点或者终点", "there is nothing to begin at or nothing to reach"),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NotAnExtract => Text::new(
                "请选择扩展名为 .osm.pbf 或者 .osm 的数据提取文件。",
                "Choose an extract whose name ends in .osm.pbf or .osm.",
            ),
            Self::CutShort(_) | Self::Broken(_) => {
                Text::new("请重新取得该文件。", "Get the file again.")
            }
            Self::NotRead(_) => Text::new(
                "请用 osmium 等工具转换为不含历史、以 zlib 压缩的普通 PBF 文件。",
                "Turn it into a plain PBF file without history, compressed by zlib, for instance \
                 with osmium.",
            ),
            Self::Twice(_) => Text::new(
                "请用 osmium 等工具合并并去重后再试。",
                "Merge it without doubles, for instance with osmium, and try again.",
            ),
            Self::OffTheEarth(_) => Text::new("请核对该点的坐标。", "Check where the point lies."),
            Self::NoStreets(_) => Text::new(
                "请选择含有道路的数据提取文件，或者换一种出行方式。",
                "Choose an extract with streets, or another way to travel.",
            ),
            Self::TooLarge => Text::new(
                "请只提取所需要的区域。",
                "Take an extract of the area that is needed, and no more.",
            ),
            Self::NoBytes(_) => Text::new("请检查文件是否可读。", "See whether it can be read."),
            _ => self.next_of_places(),
        }
    }

    fn next_of_places(&self) -> Text {
        match self {
            Self::NotAssumable { .. } => {
                Text::new("请填写范围之内的整数。", "Give a whole number within the range.")
            }
            Self::Outside(_) => Text::new(
                "请核对经纬度，或者使用覆盖该地的道路数据。",
                "Check longitude and latitude, or take streets that cover the place.",
            ),
            Self::FarFromStreets { .. } => Text::new(
                "请核对位置，或者放宽到道路的距离。",
                "Check where it lies, or allow it to lie farther from a street.",
            ),
            Self::Apart(_) => Text::new(
                "请核对位置；也可以略去不相连的小路段后重算。",
                "Check where it lies, or leave small parts out and measure again.",
            ),
            Self::NoWay { .. } => Text::new(
                "请核对该处道路的单行方向。",
                "Check the directions of the streets there.",
            ),
            _ => Text::new("请至少给出一个起点和一个终点。", "Give at least one of each."),
        }
    }
}

impl Feature {
    fn says(&self) -> Text {
        match self {
            Self::History => Text::new("历史数据", "the history of streets"),
            Self::Compression => Text::new("zlib 以外的压缩方式", "a compression other than zlib"),
            Self::Other(name) => {
                let name = quoted(name);
                Text::new(format!("“{name}”"), format!("`{name}`"))
            }
        }
    }
}

impl Given {
    fn says(self) -> (String, String) {
        match self {
            Self::From(number) => (format!("起点 {number}"), format!("start {number}")),
            Self::To(number) => (format!("终点 {number}"), format!("end {number}")),
        }
    }
}

/// The first places by their numbers, and how many there are.
fn named(places: &[Given]) -> (String, String) {
    let said: Vec<(String, String)> = places.iter().take(NAMED_MAX).map(|own| own.says()).collect();
    let listed = |of: fn(&(String, String)) -> &str, by: &str| {
        said.iter().map(of).collect::<Vec<_>>().join(by)
    };
    let (mut zh, mut en) = (listed(|own| &own.0, "、"), listed(|own| &own.1, ", "));
    if places.len() > NAMED_MAX {
        zh.push_str(&format!("等 {} 处", places.len()));
        en.push_str(&format!(" and others, {} in all", places.len()));
    }
    (zh, en)
}

/// The beginning of a text, with all of its letters to be seen.
fn quoted(text: &str) -> String {
    let shown = |letter: char| {
        let hidden = matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if letter.is_control() || hidden { '\u{fffd}' } else { letter }
    };
    text.chars().take(QUOTED_MAX).map(shown).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.says().en)
    }
}

impl std::error::Error for Fault {}
