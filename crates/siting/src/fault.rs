//! What is wrong with an instance, a plan, or what reach is measured from: numbered, in both
//! languages, with what to do next.

use std::fmt;

use base::Text;

/// What is wrong. Lines are counted from 1, sites and customers named as in what was given.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// No instance of a kind that is known.
    UnknownFormat,
    /// A word, on a line, that is no number, or no whole one where it takes one.
    NotANumber(usize, String),
    /// There are not as many as was said.
    WrongCount {
        /// How many were said.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// Demand below zero, on a line.
    NegativeDemand(usize),
    /// A cost below zero, on a line.
    NegativeCost(usize),
    /// A network in parts: the smallest part that is cut off.
    CutOff(Vec<u32>),
    /// More sites are wanted than there are to choose from.
    TooMany {
        /// How many are wanted.
        wanted: usize,
        /// How many there are.
        sites: usize,
    },
    /// No site is wanted.
    NoneWanted,
    /// All sites together hold less than is demanded.
    TooLittle {
        /// What the sites hold together.
        capacity: f64,
        /// What is demanded.
        demand: f64,
    },
    /// A customer nobody can serve.
    Unserved(String),
    /// A floor for an area that no choice meets.
    Floor {
        /// The area.
        area: String,
        /// What it must have at least.
        floor: f64,
        /// The most any choice gives it.
        most: f64,
    },
    /// Something is named, on a line, that is not listed.
    Unknown(usize, String),
    /// Something is listed again, on a line.
    Twice(usize, String),
    /// A line without what a line of its kind has.
    NotALine(usize),
    /// Capacities are left open, and no value was given for them.
    NoCapacity,
    /// A capacity below zero, on a line.
    NegativeCapacity(usize),
    /// A number, on a line, larger than is computed with.
    TooLarge(usize, String),
    /// A table without a column of that name.
    NoColumn(String),
    /// There is nothing in it.
    Empty,
    /// A site is to be open and closed at once.
    OpenAndClosed(String),
    /// A time within which all is to be reached that is not above zero.
    NoTime(f64),
    /// Weights that do not fall with time, or are not between 0 and 1.
    NotFalling,
    /// No place supplies anything.
    NoSupply,
    /// Nobody is anywhere.
    NobodyThere,
    /// Supply below zero, on a line.
    NegativeSupply(usize),
    /// A width of weights, or a time as bad as one full crowding, that is not above zero.
    NoWidth(f64),
    /// No place of supply is reached from anywhere.
    NoWay,
    /// A time between the same two places comes twice.
    WayTwice(String, String),
    /// Lists of which each entry belongs to one of the other are not equally long.
    Lengths(usize, usize),
    /// A part of the whole that is not above 0 and at most 1.
    NotAPart(f64),
    /// No set of so many sites serves everybody.
    Unmet,
    /// How far a site covers was not said, or is not above zero.
    NoRadius,
}

/// The longest word that is quoted, in letters.
const QUOTED_MAX: usize = 40;
/// The most points of a part that is cut off that are named.
const NAMED_MAX: usize = 10;

impl Fault {
    /// One of each, for who lists them.
    pub fn all() -> Vec<Self> {
        let word = || "…".to_owned();
        vec![
            Self::UnknownFormat,
            Self::NotANumber(1, word()),
            Self::WrongCount { said: 2, found: 1 },
            Self::NegativeDemand(1),
            Self::NegativeCost(1),
            Self::CutOff(vec![7, 9]),
            Self::TooMany { wanted: 2, sites: 1 },
            Self::NoneWanted,
            Self::TooLittle { capacity: 1.0, demand: 2.0 },
            Self::Unserved(word()),
            Self::Floor { area: word(), floor: 2.0, most: 1.0 },
            Self::Unknown(1, word()),
            Self::Twice(1, word()),
            Self::NotALine(1),
            Self::NoCapacity,
            Self::NegativeCapacity(1),
            Self::TooLarge(1, word()),
            Self::NoColumn(word()),
            Self::Empty,
            Self::OpenAndClosed(word()),
            Self::NoTime(0.0),
            Self::NotFalling,
            Self::NoSupply,
            Self::NobodyThere,
            Self::NegativeSupply(1),
            Self::NoWidth(0.0),
            Self::NoWay,
            Self::WayTwice(word(), word()),
            Self::Lengths(2, 1),
            Self::NotAPart(2.0),
            Self::Unmet,
            Self::NoRadius,
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
            Self::UnknownFormat => (1541, "unknown-format"),
            Self::NotANumber(..) => (1542, "not-a-number"),
            Self::WrongCount { .. } => (1543, "wrong-count"),
            Self::NegativeDemand(_) => (1544, "negative-demand"),
            Self::NegativeCost(_) => (1545, "negative-cost"),
            Self::CutOff(_) => (1546, "cut-off"),
            Self::TooMany { .. } => (1547, "too-many"),
            Self::NoneWanted => (1548, "none-wanted"),
            Self::TooLittle { .. } => (1549, "too-little"),
            Self::Unserved(_) => (1550, "unserved"),
            Self::Floor { .. } => (1551, "floor"),
            Self::Unknown(..) => (1552, "unknown"),
            Self::Twice(..) => (1553, "twice"),
            Self::NotALine(_) => (1554, "not-a-line"),
            Self::NoCapacity => (1555, "no-capacity"),
            Self::NegativeCapacity(_) => (1556, "negative-capacity"),
            Self::TooLarge(..) => (1557, "too-large"),
            Self::NoColumn(_) => (1558, "no-column"),
            Self::Empty => (1559, "empty"),
            Self::OpenAndClosed(_) => (1560, "open-and-closed"),
            Self::NoTime(_) => (1561, "no-time"),
            Self::NotFalling => (1562, "not-falling"),
            Self::NoSupply => (1563, "no-supply"),
            Self::NobodyThere => (1564, "nobody-there"),
            Self::NegativeSupply(_) => (1565, "negative-supply"),
            Self::NoWidth(_) => (1566, "no-width"),
            Self::NoWay => (1567, "no-way"),
            Self::WayTwice(..) => (1568, "way-twice"),
            Self::Lengths(..) => (1569, "lengths"),
            Self::NotAPart(_) => (1570, "not-a-part"),
            Self::Unmet => (1576, "unmet"),
            Self::NoRadius => (1577, "no-radius"),
        }
    }

    /// What is wrong. What is quoted shows all of its letters, and not more than some.
    pub fn says(&self) -> Text {
        match self {
            Self::NotANumber(..)
            | Self::NegativeDemand(_)
            | Self::NegativeCost(_)
            | Self::Unknown(..)
            | Self::Twice(..)
            | Self::NotALine(_)
            | Self::NegativeCapacity(_)
            | Self::TooLarge(..)
            | Self::NegativeSupply(_) => self.says_of_a_line(),
            Self::NoneWanted
            | Self::TooMany { .. }
            | Self::TooLittle { .. }
            | Self::Unserved(_)
            | Self::Floor { .. }
            | Self::OpenAndClosed(_)
            | Self::Unmet
            | Self::NoRadius => self.says_of_a_plan(),
            _ if self.number() > 1560 => self.says_of_reach(),
            _ => self.says_of_an_instance(),
        }
    }

    fn says_of_a_line(&self) -> Text {
        let (line, zh, en) = match self {
            Self::NotANumber(line, word) => {
                let word = quoted(word);
                (
                    line,
                    format!("“{word}”不是所需的数"),
                    format!("`{word}` is not a number it takes"),
                )
            }
            Self::NegativeDemand(line) => {
                (line, "需求量为负".to_owned(), "the demand is below zero".to_owned())
            }
            Self::NegativeCost(line) => {
                (line, "费用或者时间为负".to_owned(), "the cost or time is below zero".to_owned())
            }
            Self::Unknown(line, id) => {
                let id = quoted(id);
                (line, format!("“{id}”没有列出"), format!("`{id}` is not listed"))
            }
            Self::Twice(line, id) => {
                let id = quoted(id);
                (line, format!("“{id}”已经列出"), format!("`{id}` is listed before"))
            }
            Self::NegativeCapacity(line) => {
                (line, "容量为负".to_owned(), "the capacity is below zero".to_owned())
            }
            Self::NegativeSupply(line) => {
                (line, "供给量为负".to_owned(), "the supply is below zero".to_owned())
            }
            Self::TooLarge(line, word) => {
                let word = quoted(word);
                (line, format!("“{word}”过大"), format!("`{word}` is too large"))
            }
            Self::NotALine(line) => {
                (line, "无法读取".to_owned(), "it has not what such a line has".to_owned())
            }
            _ => return self.says_of_an_instance(),
        };
        Text::new(format!("第 {line} 行：{zh}"), format!("line {line}: {en}"))
    }

    fn says_of_an_instance(&self) -> Text {
        match self {
            Self::WrongCount { said, found } => Text::new(
                format!("写明有 {said} 个，实有 {found} 个"),
                format!("it says that there are {said}, and there are {found}"),
            ),
            Self::CutOff(part) => {
                let named = part.iter().take(NAMED_MAX).map(u32::to_string);
                let named = named.collect::<Vec<_>>();
                let more = if part.len() > NAMED_MAX { " …" } else { "" };
                let count = part.len();
                Text::new(
                    format!("路网不连通：{count} 个点与其余各点隔断（{}{more}）", named.join("、")),
                    format!(
                        "the network falls apart: cut off from the others are {count} ({}{more})",
                        named.join(", ")
                    ),
                )
            }
            Self::NoCapacity => {
                Text::new("容量未写明，也没有给出", "the capacity is left open, and none was given")
            }
            Self::NoColumn(name) => {
                let name = quoted(name);
                Text::new(format!("表中没有“{name}”列"), format!("there is no column `{name}`"))
            }
            Self::Empty => Text::new("没有内容", "there is nothing in it"),
            _ => Text::new("这不是认识的选址数据格式", "these are no data of a kind that is known"),
        }
    }

    fn says_of_a_plan(&self) -> Text {
        match self {
            Self::TooMany { wanted, sites } => Text::new(
                format!("要选 {wanted} 处，备选只有 {sites} 处"),
                format!("{wanted} sites are wanted, and there are {sites} to choose from"),
            ),
            Self::TooLittle { capacity, demand } => Text::new(
                format!("容量合计 {capacity}，少于需求合计 {demand}"),
                format!("all capacity is {capacity}, which is below all demand, {demand}"),
            ),
            Self::Unserved(customer) => {
                let customer = quoted(customer);
                Text::new(
                    format!("需求点“{customer}”没有备选点能够服务"),
                    format!("no site can serve `{customer}`"),
                )
            }
            Self::Floor { area, floor, most } => {
                let area = quoted(area);
                Text::new(
                    format!("“{area}”须至少达到 {floor}，任何选法至多达到 {most}"),
                    format!("`{area}` must have {floor}, and no choice gives it above {most}"),
                )
            }
            Self::OpenAndClosed(site) => {
                let site = quoted(site);
                Text::new(
                    format!("备选点“{site}”既要求设置，又要求不设"),
                    format!("the site `{site}` is to be open and to be closed"),
                )
            }
            Self::Unmet => Text::new(
                "按此处数和容量，任何选法都不能服务所有需求点",
                "no set of so many sites serves everybody",
            ),
            Self::NoRadius => Text::new(
                "没有给出大于零的服务半径",
                "how far a site covers is not said, or not above zero",
            ),
            _ => Text::new("要选的处数为零", "no site is wanted"),
        }
    }

    fn says_of_reach(&self) -> Text {
        match self {
            Self::NoTime(time) => Text::new(
                format!("时限 {time} 不大于零"),
                format!("the time within which to reach is {time}, not above zero"),
            ),
            Self::NotFalling => Text::new(
                "权重没有随时间递减，或者不在 0 与 1 之间",
                "the weights do not fall with time, or are not between 0 and 1",
            ),
            Self::NoSupply => Text::new("没有任何供给", "no place supplies anything"),
            Self::NobodyThere => Text::new("没有任何人口", "there is nobody anywhere"),
            Self::NoWidth(width) => Text::new(
                format!("衰减宽度或者拥挤折算时间 {width} 不大于零"),
                format!("the width of weights, or time of crowding, is {width}, not above zero"),
            ),
            Self::NoWay => {
                Text::new("没有一处供给点可以到达", "no place of supply is reached from anywhere")
            }
            Self::WayTwice(from, to) => {
                let (from, to) = (quoted(from), quoted(to));
                Text::new(
                    format!("“{from}”到“{to}”的时间出现两次"),
                    format!("the time from `{from}` to `{to}` comes twice"),
                )
            }
            Self::Lengths(one, other) => Text::new(
                format!("两列数应当一一对应，却分别有 {one} 个和 {other} 个"),
                format!("two lists that belong together have {one} and {other} entries"),
            ),
            Self::NotAPart(part) => Text::new(
                format!("比例 {part} 不大于 0，或者大于 1"),
                format!("the part {part} is not above 0 and at most 1"),
            ),
            _ => self.says_of_a_line(),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NoneWanted
            | Self::TooMany { .. }
            | Self::TooLittle { .. }
            | Self::Unserved(_)
            | Self::Floor { .. }
            | Self::OpenAndClosed(_)
            | Self::Unmet
            | Self::NoRadius
            | Self::NoCapacity => self.next_of_a_plan(),
            _ if self.number() > 1560 => self.next_of_reach(),
            _ => self.next_of_an_instance(),
        }
    }

    fn next_of_an_instance(&self) -> Text {
        match self {
            Self::NotANumber(..) => Text::new(
                "请写阿拉伯数字，不加单位和千分号；个数和路网距离须为整数。",
                "Write figures without unit or separators; counts and lengths of ways are whole.",
            ),
            Self::WrongCount { .. } => Text::new(
                "请核对是否缺行、多行，并改正写明的个数。",
                "See whether lines are missing or too many, and correct the count.",
            ),
            Self::NegativeDemand(_) | Self::NegativeCost(_) | Self::NegativeCapacity(_) => {
                Text::new("请改为零或者正数。", "Give zero or more.")
            }
            Self::CutOff(_) => Text::new(
                "请补上连接这些点的道路，或者删去这些点。",
                "Add the way that joins them, or leave them out.",
            ),
            Self::Unknown(..) => {
                Text::new("请补入名单，或者删去该行。", "List it, or leave the line out.")
            }
            Self::Twice(..) => Text::new("请只保留一行。", "Keep one of the lines."),
            Self::NotALine(_) => Text::new(
                "请按格式说明补齐该行各项。",
                "Give the line all that its format asks for.",
            ),
            Self::TooLarge(..) => Text::new(
                "请核对该数；确有这样大的，请换用较大的单位，或者分区计算。",
                "Check it; if it is so, use a larger unit or compute by districts.",
            ),
            Self::NoColumn(_) => Text::new(
                "请在表头写明该列，或者指明所用列名。",
                "Name the column in the first line, or say which one to use.",
            ),
            Self::Empty => Text::new("请选择有内容的文件。", "Choose a file with something in it."),
            _ => Text::new(
                "请使用 OR-Library、TSPLIB 或者 CSV 格式的文件。",
                "Give a file as OR-Library, TSPLIB or CSV has it.",
            ),
        }
    }

    fn next_of_a_plan(&self) -> Text {
        match self {
            Self::NoneWanted => Text::new("请至少选 1 处。", "Ask for one at least."),
            Self::TooMany { .. } => {
                Text::new("请减少处数，或者增加备选点。", "Ask for fewer, or add sites.")
            }
            Self::TooLittle { .. } => Text::new(
                "请提高容量，或者增加备选点。",
                "Raise capacities, or add sites to choose from.",
            ),
            Self::Unserved(_) => Text::new(
                "请为其增加备选点，放宽时限，或者另行安排服务。",
                "Add a site for it, allow more time, or serve it in another way.",
            ),
            Self::Floor { .. } => Text::new(
                "请降低下限，增加处数，或者在该区增加备选点。",
                "Lower the floor, ask for more sites, or add some in that area.",
            ),
            Self::OpenAndClosed(_) => Text::new("请只保留一项要求。", "Keep one of the two."),
            Self::Unmet => Text::new(
                "请增加处数、容量或者备选点。",
                "Ask for more sites, or give more room or more to choose from.",
            ),
            Self::NoRadius => {
                Text::new("请给出服务半径（--radius）。", "Say how far a site covers (--radius).")
            }
            _ => Text::new(
                "请给出每处的容量（--capacity）。",
                "Say what each site holds (--capacity).",
            ),
        }
    }

    fn next_of_reach(&self) -> Text {
        match self {
            Self::NoTime(_) | Self::NoWidth(_) => {
                Text::new("请写大于零的分钟数。", "Give minutes above zero.")
            }
            Self::NotFalling => Text::new(
                "请按时间由短到长列出，权重由大到小，均在 0 与 1 之间。",
                "List times from short to long with weights that fall, each between 0 and 1.",
            ),
            Self::NoSupply => {
                Text::new("请补上供给量大于零的机构。", "Add a place whose supply is above zero.")
            }
            Self::NobodyThere => {
                Text::new("请补上人口大于零的地点。", "Add a place where there are people.")
            }
            Self::NegativeSupply(_) => Text::new("请改为零或者正数。", "Give zero or more."),
            Self::NoWay => {
                Text::new("请核对时间表，或者放宽时限。", "Check the times, or allow more of it.")
            }
            Self::WayTwice(..) => Text::new("请只保留一行。", "Keep one of the lines."),
            Self::Lengths(..) => {
                Text::new("请使两列一一对应。", "Give both one entry for each place.")
            }
            _ => Text::new("请写大于 0、不超过 1 的比例。", "Give a part above 0 and at most 1."),
        }
    }
}

/// A word as it may be shown: with all of its letters to be seen, and not more than some.
fn quoted(word: &str) -> String {
    let shown = |letter: char| if unseen(letter) { '\u{fffd}' } else { letter };
    let mut quoted: String = word.chars().take(QUOTED_MAX).map(shown).collect();
    if word.chars().nth(QUOTED_MAX).is_some() {
        quoted.push('…');
    }
    quoted
}

/// Letters that nobody sees, or that change where others stand.
fn unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || ('\u{200b}'..='\u{200f}').contains(&letter)
        || ('\u{2028}'..='\u{202e}').contains(&letter)
        || ('\u{2060}'..='\u{206f}').contains(&letter)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.says().en)
    }
}

impl std::error::Error for Fault {}
