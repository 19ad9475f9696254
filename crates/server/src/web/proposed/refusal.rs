//! Why an upload is not taken, or a step of a proposal not made. Each has its number for ever.

use axum::http::StatusCode;
use base::Text;
use store::proposals::Untaken;

use crate::web::{fault::Refused, words::Words};

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unproposed {
    /// What was sent is no ZIP file with a pack in it.
    NotAPack,
    /// More, or more files, than a pack has.
    TooMuch,
    /// A file that would lie outside the folder.
    Outside(String),
    /// A file that is no text in UTF-8.
    NotText(String),
    /// The pack of another place.
    OtherPlace(String),
    /// It rules cases as the pack in force does.
    Same,
    /// The proposal does not stand where the step begins.
    NotHere,
    /// Another pack is in force than the one it was held against.
    Overtaken,
    /// Another publication waits for its day.
    OneWaits,
    /// No day, or one that has passed.
    NoDay,
}

impl From<Untaken> for Unproposed {
    fn from(untaken: Untaken) -> Self {
        match untaken {
            Untaken::NoProposal | Untaken::NotHere => Self::NotHere,
            Untaken::Overtaken => Self::Overtaken,
            Untaken::OneWaits => Self::OneWaits,
            Untaken::DayPast => Self::NoDay,
        }
    }
}

impl Unproposed {
    /// Every reason, for whoever looks a number up.
    pub(crate) fn all() -> [Self; 10] {
        let what = || "…".to_owned();
        [
            Self::NotAPack,
            Self::TooMuch,
            Self::Outside(what()),
            Self::NotText(what()),
            Self::OtherPlace(what()),
            Self::Same,
            Self::Overtaken,
            Self::NotHere,
            Self::OneWaits,
            Self::NoDay,
        ]
    }

    /// Its number.
    pub(crate) fn number(&self) -> u16 {
        match self {
            Self::NotAPack => 1323,
            Self::TooMuch => 1324,
            Self::Outside(_) => 1325,
            Self::NotText(_) => 1326,
            Self::OtherPlace(_) => 1327,
            Self::Same => 1328,
            Self::Overtaken => 1329,
            Self::NotHere => 1330,
            Self::OneWaits => 1376,
            Self::NoDay => 1377,
        }
    }

    /// The status of the answer: a conflict where another moment could have done it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Overtaken | Self::NotHere | Self::OneWaits => StatusCode::CONFLICT,
            Self::TooMuch => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn says(&self) -> Text {
        match self {
            Self::NotAPack => Text::new(
                "请选择政策包文件夹压成的 ZIP 文件，其中须有 pack.yaml",
                "choose the pack's folder as a ZIP file, with pack.yaml in it",
            ),
            Self::TooMuch => Text::new(
                "文件太大：最多 8 MB，展开后最多 32 MB、2000 个文件",
                "this is too much: at most 8 MB, and unpacked 32 MB in 2,000 files",
            ),
            Self::Outside(name) => Text::new(
                format!("压缩包中的路径 `{name}` 超出文件夹，或不是普通文件"),
                format!("the path `{name}` leads out of the folder, or is no plain file"),
            ),
            Self::NotText(name) => Text::new(
                format!("文件 `{name}` 不是 UTF-8 文本"),
                format!("the file `{name}` is no text in UTF-8"),
            ),
            Self::OtherPlace(name) => Text::new(
                format!("这是另一地方的政策包（`{name}`）"),
                format!("this is the pack of another place (`{name}`)"),
            ),
            Self::Same => Text::new(
                "与现行版本规则相同，没有可以发布的内容",
                "it rules exactly as the version in force; there is nothing to publish",
            ),
            Self::NotHere => Text::new(
                "该政策包目前不在这一步",
                "the pack does not stand where this step begins",
            ),
            Self::Overtaken => Text::new(
                "试行之后，现行版本已经更换，对照的是旧版本",
                "another version came into force since it was staged, so it was held against an \
                 older one",
            ),
            Self::OneWaits => Text::new(
                "已有一个政策包发布，正等待启用",
                "another pack is published already and waits for its day",
            ),
            Self::NoDay => {
                Text::new("启用日须为今天或以后的日期", "the day must be today or a later one")
            }
        }
    }

    fn next(&self) -> Text {
        match self {
            Self::Overtaken => Text::new("请重新试行。", "Stage it again."),
            Self::NotHere => Text::new("请看下面目前的状态。", "See below where it stands."),
            Self::OneWaits => Text::new(
                "请等它启用，或先放弃它。",
                "Wait until it is in force, or give it up first.",
            ),
            Self::NoDay => Text::new("请另定日期。", "Name another day."),
            Self::Same => Text::new("请核对上传的文件。", "Check which files you have sent."),
            _ => Text::new("请改正后重新上传。", "Mend it and upload it again."),
        }
    }

    /// It in a reader's language.
    pub(crate) fn refused(&self, words: Words) -> Refused {
        let to = |text: Text| text.to(words.0).to_owned();
        Refused { number: self.number(), says: to(self.says()), next: to(self.next()) }
    }
}
