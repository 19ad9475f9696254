//! What is wrong with lists, or with a draw: numbered, in both languages, with what to do next.

use std::fmt;

use base::{Name, Text};

use crate::lists::{PLEDGES_MIN, WORD_MAX, unseen};

/// What a list has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// The share of a class.
    Share,
    /// How many a department sends.
    Crew,
    /// The pledge of a seed.
    Pledge,
    /// Who may be inspected.
    Object,
    /// Who may inspect.
    Officer,
    /// Who may not inspect whom.
    Conflict,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No frozen lists.
    NotLists,
    /// A line that says nothing, or stands where none like it may.
    NotALine(usize),
    /// A name, key or reason that is none.
    NotAWord(String),
    /// Something comes twice.
    Twice(Item, String),
    /// Something is named that is not listed.
    Unknown(Item, String),
    /// Fewer pledges than it takes.
    TooFewPledges(usize),
    /// Two pledges are the same.
    SamePledge,
    /// A department sends officers and has pledged nothing.
    NotPledged(Name),
    /// No department sends anybody.
    NobodySent,
    /// No object can be drawn.
    NothingDrawn,
    /// A class without a share.
    NoShare(Name),
    /// An officer of a department that sends nobody.
    NotSent(String),
    /// For an object there are too few officers without a conflict.
    NoCrew {
        /// The object.
        object: String,
        /// The department.
        office: Name,
        /// How many are left.
        left: usize,
        /// How many it takes.
        wanted: u16,
    },
    /// A pledged seed was not told.
    NotTold(Name),
    /// A seed is not what was pledged.
    OtherSeed(Name),
    /// No published draw.
    NotADraw,
    /// The draw is of other lists.
    OtherLists,
    /// Drawn again, it comes to something else, first at that line.
    OtherDraw(usize),
    /// What a department gives as its pledge is none.
    NotAPledge(Name),
    /// What a department tells as its seed is none.
    NotASeed(Name),
}

impl Item {
    fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::Share => ("抽查比例", "share"),
            Self::Crew => ("派出人数", "crew"),
            Self::Pledge => ("种子承诺", "pledge"),
            Self::Object => ("检查对象", "object"),
            Self::Officer => ("执法人员", "officer"),
            Self::Conflict => ("回避", "conflict"),
        }
    }
}

impl Fault {
    /// One of each, for who lists them.
    pub fn all() -> Vec<Self> {
        let (name, word) = (Name::new("health").ok(), || "…".to_owned());
        let of = |make: fn(Name) -> Self| name.clone().map(make);
        let crew = |office| Self::NoCrew { object: word(), office, left: 1, wanted: 2 };
        let all = [
            Some(Self::NotLists),
            Some(Self::NotALine(1)),
            Some(Self::NotAWord(word())),
            Some(Self::Twice(Item::Object, word())),
            Some(Self::Unknown(Item::Officer, word())),
            Some(Self::TooFewPledges(1)),
            Some(Self::SamePledge),
            of(Self::NotPledged),
            Some(Self::NobodySent),
            of(Self::NoShare),
            Some(Self::NotSent(word())),
            name.clone().map(crew),
            of(Self::NotTold),
            of(Self::OtherSeed),
            Some(Self::NotADraw),
            Some(Self::OtherLists),
            Some(Self::OtherDraw(1)),
            Some(Self::NothingDrawn),
            of(Self::NotAPledge),
            of(Self::NotASeed),
        ];
        all.into_iter().flatten().collect()
    }

    /// The word under which it is known.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotLists => "not-lists",
            Self::NotALine(_) => "not-a-line",
            Self::NotAWord(_) => "not-a-word",
            Self::Twice(..) => "twice",
            Self::Unknown(..) => "unknown",
            Self::TooFewPledges(_) => "too-few-pledges",
            Self::SamePledge => "same-pledge",
            Self::NotPledged(_) => "not-pledged",
            Self::NobodySent => "nobody-sent",
            Self::NoShare(_) => "no-share",
            Self::NotSent(_) => "not-sent",
            Self::NoCrew { .. } => "no-crew",
            Self::NotTold(_) => "not-told",
            Self::OtherSeed(_) => "other-seed",
            Self::NotADraw => "not-a-draw",
            Self::OtherLists => "other-lists",
            Self::OtherDraw(_) => "other-draw",
            Self::NothingDrawn => "nothing-drawn",
            Self::NotAPledge(_) => "not-a-pledge",
            Self::NotASeed(_) => "not-a-seed",
        }
    }

    /// Its number, the same for ever.
    pub fn number(&self) -> u16 {
        match self {
            Self::NotLists => 1521,
            Self::NotALine(_) => 1522,
            Self::NotAWord(_) => 1523,
            Self::Twice(..) => 1524,
            Self::Unknown(..) => 1525,
            Self::TooFewPledges(_) => 1526,
            Self::SamePledge => 1527,
            Self::NotPledged(_) => 1528,
            Self::NobodySent => 1529,
            Self::NoShare(_) => 1530,
            Self::NotSent(_) => 1531,
            Self::NoCrew { .. } => 1532,
            Self::NotTold(_) => 1533,
            Self::OtherSeed(_) => 1534,
            Self::NotADraw => 1535,
            Self::OtherLists => 1536,
            Self::OtherDraw(_) => 1537,
            Self::NothingDrawn => 1538,
            Self::NotAPledge(_) => 1539,
            Self::NotASeed(_) => 1540,
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
            Self::NotLists => Text::new("这不是冻结的抽查名单", "these are not frozen lists"),
            Self::NotALine(line) => Text::new(
                format!("第 {line} 行无法读取，或者次序不符合规定"),
                format!("line {line} cannot be read, or is out of order"),
            ),
            Self::NotAWord(word) => Text::new(
                format!("“{word}”不能作为名称或理由"),
                format!("`{word}` is no name, key or reason"),
            ),
            Self::Twice(item, key) => {
                let (zh, en) = item.says();
                Text::new(format!("{zh}“{key}”出现两次"), format!("the {en} `{key}` comes twice"))
            }
            Self::Unknown(item, key) => {
                let (zh, en) = item.says();
                Text::new(
                    format!("名单中没有{zh}“{key}”"),
                    format!("there is no {en} `{key}` in the lists"),
                )
            }
            Self::NotADraw => Text::new("这不是公布的抽取结果", "this is not a published draw"),
            Self::NotTold(_)
            | Self::NotASeed(_)
            | Self::OtherSeed(_)
            | Self::OtherLists
            | Self::OtherDraw(_) => self.told_of_drawing(),
            _ => self.told_of_freezing(),
        }
    }

    fn told_of_freezing(&self) -> Text {
        match self {
            Self::TooFewPledges(count) => Text::new(
                format!("种子承诺只有 {count} 份，至少须有 {PLEDGES_MIN} 份"),
                format!("too few pledges: {count}, and it takes {PLEDGES_MIN}"),
            ),
            Self::NotAPledge(by) => Text::new(
                format!("{by} 的种子承诺不是 64 位小写十六进制数"),
                format!("the pledge of `{by}` is not 64 figures of hexadecimal, in small letters"),
            ),
            Self::NotPledged(office) => Text::new(
                format!("{office} 派出人员，但未作出种子承诺"),
                format!("the department `{office}` sends officers and has pledged no seed"),
            ),
            Self::NobodySent => Text::new("没有部门派出人员", "no department sends anybody"),
            Self::NothingDrawn => Text::new("没有可以抽取的检查对象", "no object can be drawn"),
            Self::NoShare(class) => Text::new(
                format!("类别 {class} 没有抽查比例"),
                format!("the class `{class}` has no share"),
            ),
            Self::NotSent(officer) => Text::new(
                format!("执法人员“{officer}”所在部门不派员"),
                format!("the department of `{officer}` sends nobody"),
            ),
            Self::NoCrew { object, office, left, wanted } => Text::new(
                format!("检查对象“{object}”：{office} 须派 {wanted} 人，回避后只剩 {left} 人"),
                format!(
                    "for `{object}` the department `{office}` must send {wanted} and has {left} \
                     without a conflict"
                ),
            ),
            _ => Text::new("两份种子承诺相同", "two pledges are the same"),
        }
    }

    fn told_of_drawing(&self) -> Text {
        match self {
            Self::NotTold(by) => Text::new(
                format!("{by} 没有公开所承诺的种子"),
                format!("the department `{by}` has not told the seed it pledged"),
            ),
            Self::NotASeed(by) => Text::new(
                format!("{by} 公开的种子不是 64 位小写十六进制数"),
                format!("the seed of `{by}` is not 64 figures of hexadecimal, in small letters"),
            ),
            Self::OtherSeed(by) => Text::new(
                format!("{by} 公开的种子与承诺不符"),
                format!("the seed that `{by}` tells is not what it pledged"),
            ),
            Self::OtherDraw(line) => Text::new(
                format!("重新抽取的结果从第 {line} 行起与公布的不同"),
                format!("drawn again it is another draw, first at line {line}"),
            ),
            _ => Text::new("抽取所用的不是这份名单", "the draw is of other lists than these"),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NotLists | Self::NotADraw => {
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
            Self::Unknown(Item::Pledge, _) => Text::new("请去掉该种子。", "Leave that seed out."),
            Self::Unknown(..) => {
                Text::new("请补入名单，或者删去。", "Add it to the lists, or leave it out.")
            }
            Self::TooFewPledges(_) => Text::new(
                "请再由一个部门或者监督人作出种子承诺。",
                "Let one more department, or an overseer, pledge.",
            ),
            Self::SamePledge => {
                Text::new("请各自重新产生种子。", "Let each take a seed of its own.")
            }
            Self::NotPledged(_) => {
                Text::new("请先由该部门作出种子承诺。", "Let that department pledge first.")
            }
            Self::NobodySent => Text::new(
                "请至少写明一个部门的派出人数。",
                "Say for at least one how many it sends.",
            ),
            Self::NothingDrawn => Text::new(
                "请列出检查对象，并使至少一个类别的抽查比例大于零。",
                "List objects, and give at least one of their classes a share above zero.",
            ),
            Self::NoShare(_) => Text::new("请写明该类别的抽查比例。", "Say what it is."),
            Self::NotSent(_) => Text::new(
                "请写明派出人数，或者从名单中删去该人员。",
                "Say how many it sends, or leave the officer out.",
            ),
            Self::NoCrew { .. } => Text::new(
                "请增补人员，必要时从外区调派。",
                "Add officers, from another district if need be.",
            ),
            Self::NotAPledge(_) | Self::NotASeed(_) => {
                Text::new("请按产生时的原样填写，不要改动。", "Give it as it was made, unchanged.")
            }
            Self::NotTold(_) | Self::OtherSeed(_) => Text::new(
                "请该部门核对；仍不公开或者不符的，本次抽取作废并记录，另用名称重新承诺后再抽。",
                "Ask that department; where it stays so, the draw is void, that is noted, and all \
                 pledge anew under another name.",
            ),
            Self::OtherLists | Self::OtherDraw(_) => Text::new(
                "请勿采信；取得公布的原件再核对，仍不符的，请向牵头部门指出。",
                "Do not rely on it: get both files as they were published, and if it stays so, \
                 tell the department that leads.",
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
