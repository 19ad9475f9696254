//! What is wrong with a survey, with terms, or with a draft: numbered, in both languages, with what
//! to do next.

use std::fmt;

use base::Text;

use crate::text::{WORD_MAX, unseen};

/// What a survey or a draft has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A part of the city with its people.
    Area,
    /// A place where something stands or can.
    Site,
    /// A way a site can be used.
    Course,
    /// A parcel that is no site.
    Refused,
    /// What areas should have.
    Standard,
    /// How far an area is from a site.
    Way,
    /// A year with its money.
    Phase,
    /// A course that must be taken.
    Forced,
    /// A site that stays as it is.
    Barred,
    /// A course that is taken.
    Pick,
    /// Places of an area at a site.
    Served,
    /// A case that a proof tells apart.
    Leaf,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No frozen survey.
    NotASurvey,
    /// A line that says nothing, or stands where none like it may.
    NotALine(usize),
    /// A name, key or reason that is none.
    NotAWord(String),
    /// Something comes twice.
    Twice(Item, String),
    /// Something is named that is not there.
    Unknown(Item, String),
    /// No area.
    NoAreas,
    /// A number beyond what is reckoned with, or below zero where none may be.
    TooLarge {
        /// Where it stands: a key, or the name of what is counted.
        at: String,
        /// The number.
        number: i64,
        /// The most it may be, either side of zero.
        most: i64,
    },
    /// More of something than is reckoned with.
    TooMany(Item, usize),
    /// A norm that is none: places for a thousand people, 1 to 1000.
    NotANorm(u64),
    /// A detour, a speed or a reach that is none.
    NotTravel,
    /// A parcel is refused and is a site.
    RefusedSite(String),
    /// No draft.
    NotADraft,
    /// The draft is of another survey.
    OtherSurvey,
    /// No phase.
    NoPhases,
    /// Years that do not follow each other.
    YearsOutOfOrder,
    /// A reach of nothing, or farther than was surveyed.
    NotAReach {
        /// The reach of the terms, in metres.
        reach: u64,
        /// How far the survey goes.
        most: u64,
    },
    /// A floor above all that is needed.
    NotAFloor(u16),
    /// A site must be used and must stay as it is.
    ForcedAndBarred(String),
    /// A year that is no phase.
    NotAPhase(u16),
    /// What must be taken is not.
    NotForced(String),
    /// A site that stays as it is does not.
    NotBarred(String),
    /// More is spent than there is.
    OverBudget {
        /// Up to which year.
        year: u16,
        /// What is spent, in yuan.
        spent: i64,
        /// What there is.
        money: i64,
    },
    /// More places of an area are served than count.
    OverNeed {
        /// The year.
        year: u16,
        /// The area.
        area: String,
        /// How many are served.
        served: u64,
        /// How many count.
        need: u64,
    },
    /// A site serves more than it has places.
    OverPlaces {
        /// The year.
        year: u16,
        /// The site.
        site: String,
        /// How many are served.
        served: u64,
        /// How many there are.
        places: u64,
    },
    /// A site serves an area that is out of its reach.
    OutOfReach {
        /// The area.
        area: String,
        /// The site.
        site: String,
    },
    /// An area has less than the floor.
    BelowFloor {
        /// The area.
        area: String,
        /// How many are served in the last phase.
        served: u64,
        /// How many must be.
        wanted: u64,
    },
    /// The value is another one.
    OtherValue {
        /// What the draft says.
        said: i64,
        /// What it comes to.
        found: i64,
    },
    /// The bound is another one.
    OtherBound {
        /// What the draft says.
        said: i64,
        /// What its proof comes to.
        found: i64,
    },
    /// A proof that proves nothing, as of that case of it, from 1.
    NotAProof(usize),
    /// A day or a term as somebody writes it, that cannot be read.
    NotRead(String),
}

impl Item {
    fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::Area => ("片区", "area"),
            Self::Site => ("点位", "site"),
            Self::Course => ("用法", "course"),
            Self::Refused => ("排除地块", "refused parcel"),
            Self::Standard => ("配置标准", "standard"),
            Self::Way => ("路程", "way"),
            Self::Phase => ("阶段", "phase"),
            Self::Forced => ("必选点位", "forced site"),
            Self::Barred => ("不动点位", "barred site"),
            Self::Pick => ("选定点位", "pick"),
            Self::Served => ("服务去向", "line of what is served"),
            Self::Leaf => ("证明情形", "case of the proof"),
        }
    }
}

impl Fault {
    /// One of each, for who lists them.
    pub fn all() -> Vec<Self> {
        let word = || "…".to_owned();
        vec![
            Self::NotASurvey,
            Self::NotALine(1),
            Self::NotAWord(word()),
            Self::Twice(Item::Area, word()),
            Self::Unknown(Item::Site, word()),
            Self::NoAreas,
            Self::TooLarge { at: word(), number: 2, most: 1 },
            Self::TooMany(Item::Site, 1),
            Self::NotANorm(0),
            Self::NotTravel,
            Self::RefusedSite(word()),
            Self::NotADraft,
            Self::OtherSurvey,
            Self::NoPhases,
            Self::YearsOutOfOrder,
            Self::NotAReach { reach: 2, most: 1 },
            Self::NotAFloor(1_001),
            Self::ForcedAndBarred(word()),
            Self::NotAPhase(2020),
            Self::NotForced(word()),
            Self::NotBarred(word()),
            Self::OverBudget { year: 2020, spent: 2, money: 1 },
            Self::OverNeed { year: 2020, area: word(), served: 2, need: 1 },
            Self::OverPlaces { year: 2020, site: word(), served: 2, places: 1 },
            Self::OutOfReach { area: word(), site: word() },
            Self::BelowFloor { area: word(), served: 1, wanted: 2 },
            Self::OtherValue { said: 2, found: 1 },
            Self::OtherBound { said: 1, found: 2 },
            Self::NotAProof(1),
            Self::NotRead(word()),
        ]
    }

    /// The word under which it is known.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotASurvey => "not-a-survey",
            Self::NotALine(_) => "not-a-line",
            Self::NotAWord(_) => "not-a-word",
            Self::Twice(..) => "twice",
            Self::Unknown(..) => "unknown",
            Self::NoAreas => "no-areas",
            Self::TooLarge { .. } => "too-large",
            Self::TooMany(..) => "too-many",
            Self::NotANorm(_) => "not-a-norm",
            Self::NotTravel => "not-travel",
            Self::RefusedSite(_) => "refused-site",
            Self::NotADraft => "not-a-draft",
            Self::OtherSurvey => "other-survey",
            Self::NoPhases => "no-phases",
            Self::YearsOutOfOrder => "years-out-of-order",
            Self::NotAReach { .. } => "not-a-reach",
            Self::NotAFloor(_) => "not-a-floor",
            Self::ForcedAndBarred(_) => "forced-and-barred",
            Self::NotAPhase(_) => "not-a-phase",
            Self::NotForced(_) => "not-forced",
            Self::NotBarred(_) => "not-barred",
            Self::OverBudget { .. } => "over-budget",
            Self::OverNeed { .. } => "over-need",
            Self::OverPlaces { .. } => "over-places",
            Self::OutOfReach { .. } => "out-of-reach",
            Self::BelowFloor { .. } => "below-floor",
            Self::OtherValue { .. } => "other-value",
            Self::OtherBound { .. } => "other-bound",
            Self::NotAProof(_) => "not-a-proof",
            Self::NotRead(_) => "not-read",
        }
    }

    /// Its number, the same for ever.
    pub fn number(&self) -> u16 {
        match self {
            Self::NotASurvey => 1641,
            Self::NotALine(_) => 1642,
            Self::NotAWord(_) => 1643,
            Self::Twice(..) => 1644,
            Self::Unknown(..) => 1645,
            Self::NoAreas => 1646,
            Self::TooLarge { .. } => 1647,
            Self::TooMany(..) => 1648,
            Self::NotANorm(_) => 1649,
            Self::NotTravel => 1650,
            Self::RefusedSite(_) => 1651,
            Self::NotADraft => 1652,
            Self::OtherSurvey => 1653,
            Self::NoPhases => 1654,
            Self::YearsOutOfOrder => 1655,
            Self::NotAReach { .. } => 1656,
            Self::NotAFloor(_) => 1657,
            Self::ForcedAndBarred(_) => 1658,
            Self::NotAPhase(_) => 1659,
            Self::NotForced(_) => 1660,
            Self::NotBarred(_) => 1661,
            Self::OverBudget { .. } => 1662,
            Self::OverNeed { .. } => 1663,
            Self::OverPlaces { .. } => 1664,
            Self::OutOfReach { .. } => 1665,
            Self::BelowFloor { .. } => 1666,
            Self::OtherValue { .. } => 1667,
            Self::OtherBound { .. } => 1668,
            Self::NotAProof(_) => 1669,
            Self::NotRead(_) => 1670,
        }
    }

    /// What is wrong. What is quoted shows all of its letters.
    pub fn says(&self) -> Text {
        let shown = |text: String| text.replace(unseen, "\u{fffd}");
        let Text { zh, en } = self.told();
        Text::new(shown(zh), shown(en))
    }

    fn told(&self) -> Text {
        match self {
            Self::NotASurvey => Text::new("这不是冻结的调查底数", "this is not a frozen survey"),
            Self::NotADraft => Text::new("这不是规划草案", "this is not a draft of a layout plan"),
            Self::NotALine(line) => Text::new(
                format!("第 {line} 行无法读取，或者次序不符合规定"),
                format!("line {line} cannot be read, or is out of order"),
            ),
            Self::NotAWord(word) => Text::new(
                format!("“{word}”不能作为名称、编号或理由"),
                format!("`{word}` is no name, key or reason"),
            ),
            Self::Twice(item, key) => {
                let (zh, en) = item.says();
                Text::new(format!("{zh}“{key}”出现两次"), format!("the {en} `{key}` comes twice"))
            }
            Self::Unknown(item, key) => {
                let (zh, en) = item.says();
                Text::new(format!("没有{zh}“{key}”"), format!("there is no {en} `{key}`"))
            }
            Self::TooMany(item, most) => {
                let (zh, en) = item.says();
                Text::new(
                    format!("{zh}超过 {most} 个"),
                    format!("there are too many of the kind `{en}`: at most {most}"),
                )
            }
            Self::NotRead(word) => {
                Text::new(format!("“{word}”无法读取"), format!("`{word}` cannot be read"))
            }
            Self::TooLarge { at, number, most } if number.unsigned_abs() <= most.unsigned_abs() => {
                Text::new(
                    format!("“{at}”的数值 {number} 小于零"),
                    format!("the number {number} of `{at}` is below zero"),
                )
            }
            Self::TooLarge { at, number, most } => Text::new(
                format!("“{at}”的数值 {number} 过大，绝对值不得超过 {most}"),
                format!("the number {number} of `{at}` is beyond {most}"),
            ),
            _ => self.told_of_terms(),
        }
    }

    fn told_of_terms(&self) -> Text {
        match self {
            Self::NoAreas => Text::new("没有片区", "there is no area"),
            Self::NotANorm(norm) => Text::new(
                format!("配建标准每千人 {norm} 个，不在 1 至 1000 之间"),
                format!("the norm of {norm} places for a thousand people is not 1 to 1000"),
            ),
            Self::NotTravel => Text::new(
                "绕行系数、步行速度或者最远路程不合要求",
                "the detour, the speed or the farthest reach is none",
            ),
            Self::RefusedSite(site) => Text::new(
                format!("地块“{site}”既被排除，又列为点位"),
                format!("the parcel `{site}` is refused and is a site"),
            ),
            Self::NoPhases => Text::new("没有实施阶段", "there is no phase"),
            Self::YearsOutOfOrder => Text::new(
                "各阶段年份和截止年份没有依次递增，或者相距超过一百年",
                "the years of the phases and the year until which is counted do not follow each \
                 other within a hundred years",
            ),
            Self::NotAReach { reach, most } => Text::new(
                format!("服务半径 {reach} 米，不在 1 至 {most} 米之间"),
                format!("the reach of {reach} metres is not 1 to {most}"),
            ),
            Self::NotAFloor(floor) => Text::new(
                format!("保底比例千分之 {floor}，超过千分之一千"),
                format!("the floor of {floor} in a thousand is above a thousand"),
            ),
            Self::ForcedAndBarred(site) => Text::new(
                format!("点位“{site}”既必选，又不得变动"),
                format!("the site `{site}` must be used and must stay as it is"),
            ),
            Self::NotAPhase(year) => {
                Text::new(format!("{year} 年不是实施阶段"), format!("the year {year} is no phase"))
            }
            _ => self.told_of_draft(),
        }
    }

    fn told_of_draft(&self) -> Text {
        match self {
            Self::NotForced(site) => Text::new(
                format!("必选点位“{site}”没有按要求选定"),
                format!("the site `{site}` is not used as it must be"),
            ),
            Self::NotBarred(site) => Text::new(
                format!("点位“{site}”不得变动，却被选定"),
                format!("the site `{site}` must stay as it is and does not"),
            ),
            Self::OverBudget { year, spent, money } => Text::new(
                format!("截至 {year} 年支出 {spent} 元，资金只有 {money} 元"),
                format!("up to {year} it spends {spent} yuan of {money}"),
            ),
            Self::OverNeed { year, area, served, need } => Text::new(
                format!("{year} 年片区“{area}”服务 {served} 个，只计 {need} 个"),
                format!("in {year} the area `{area}` has {served} places served and {need} count"),
            ),
            Self::OverPlaces { year, site, served, places } => Text::new(
                format!("{year} 年点位“{site}”服务 {served} 个，只有 {places} 个"),
                format!("in {year} the site `{site}` serves {served} with {places} places"),
            ),
            Self::OutOfReach { area, site } => Text::new(
                format!("片区“{area}”不在点位“{site}”的服务半径内"),
                format!("the area `{area}` is out of reach of the site `{site}`"),
            ),
            Self::BelowFloor { area, served, wanted } => Text::new(
                format!("片区“{area}”只有 {served} 个，保底须有 {wanted} 个"),
                format!("the area `{area}` has {served} places and the floor is {wanted}"),
            ),
            Self::OtherValue { said, found } => Text::new(
                format!("草案的数值写为 {said}，核算为 {found}"),
                format!("the value is said to be {said} and comes to {found}"),
            ),
            Self::OtherBound { said, found } => Text::new(
                format!("草案的界限写为 {said}，由证明得出 {found}"),
                format!("the bound is said to be {said} and its proof comes to {found}"),
            ),
            Self::NotAProof(case) => Text::new(
                format!("证明的第 {case} 个情形不成立"),
                format!("the proof does not hold at case {case}"),
            ),
            _ => Text::new("草案所依据的不是这份调查底数", "the draft is of another survey"),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NotASurvey | Self::NotADraft => {
                Text::new("请选择公布的文件。", "Choose the file that was published.")
            }
            Self::NotALine(_) => {
                Text::new("请使用公布的原文，不要改动。", "Use the text as it was published.")
            }
            Self::NotAWord(_) => Text::new(
                format!("请写成一行，1 至 {WORD_MAX} 字，首尾无空格，不含不可见字符。"),
                format!(
                    "Write one line of 1 to {WORD_MAX} characters, all of them to be seen, without \
                     space around it."
                ),
            ),
            Self::Twice(..) => Text::new("请只保留一个。", "Keep one of them."),
            Self::Unknown(..) => {
                Text::new("请补入，或者删去。", "Add it to the survey, or leave it out.")
            }
            Self::NotRead(_) => Text::new(
                "日期写作 2026-03-02，年份和资金（元）写作 2027=50000000，点位和用法写作 \
                 DK-7=small。",
                "Write a day as 2026-03-02, a year and its yuan as 2027=50000000, a site and its \
                 course as DK-7=small.",
            ),
            Self::NoAreas => Text::new("请列出片区。", "List the areas."),
            Self::TooLarge { .. } => {
                Text::new("请核对该数值和单位。", "Look at the number and its unit.")
            }
            Self::TooMany(..) => Text::new(
                "请分区编制，或者减少数量。",
                "Plan for parts of the city, or leave some out.",
            ),
            Self::NotANorm(_) => {
                Text::new("请写 1 至 1000 的整数。", "Write a whole number from 1 to 1000.")
            }
            Self::NotTravel => Text::new(
                "绕行系数写千分之 1000 至 10000，速度每分钟 1 至 10000 米，路程至多 1000000 米。",
                "Write a detour of 1000 to 10,000 in a thousand, a speed of 1 to 10,000 metres a \
                 minute, and a reach of 1 to 1,000,000 metres.",
            ),
            Self::RefusedSite(_) => {
                Text::new("请从其中一处删去。", "Leave it out of one of the two.")
            }
            _ => self.next_of_draft(),
        }
    }

    fn next_of_draft(&self) -> Text {
        match self {
            Self::NoPhases => Text::new(
                "请至少写明一个阶段的年份和资金。",
                "Give at least one phase its year and its money.",
            ),
            Self::YearsOutOfOrder => Text::new(
                "请按先后写年份，截止年份晚于最后阶段。",
                "Write the years in order, the last one after the last phase.",
            ),
            Self::NotAReach { .. } => Text::new(
                "请写不超过调查范围的服务半径。",
                "Write a reach within what was surveyed.",
            ),
            Self::NotAFloor(_) => {
                Text::new("请写千分之 0 至 1000。", "Write 0 to 1000 in a thousand.")
            }
            Self::ForcedAndBarred(_) => {
                Text::new("请只保留其中一项要求。", "Keep one of the two demands.")
            }
            Self::NotAPhase(_) => Text::new("请写实施阶段的年份。", "Write the year of a phase."),
            Self::OtherSurvey => Text::new(
                "请依据现行调查底数重新编制草案。",
                "Make the draft again from the survey that is in force.",
            ),
            _ => Text::new(
                "请勿采信该草案；重新编制，或者取得原件再核对。",
                "Do not rely on the draft: make it again, or get it as it was made.",
            ),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.says().en)
    }
}

impl std::error::Error for Fault {}
