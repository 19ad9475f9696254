//! What a paper says.
//!
//! A certificate and a notice differ in nothing but their blocks and a frame, so one type carries
//! both: what must be on a notice of a decision (Administrative Licensing Law art. 38,
//! Administrative Penalties Law art. 59) is its samples' business and its maker's, not the press's.

use base::{Instant, Language, Text};

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// How it looks.
    pub kind: Kind,
    /// The language that is read first; the other stands under it.
    pub language: Language,
    /// What it is called.
    pub title: Text,
    /// Its number, under what the number is called.
    pub number: Field,
    /// Who says so, for the properties of the file.
    pub author: Text,
    /// The moment it counts as made at: the date in the file, never the clock's.
    pub at: Instant,
    /// What stands above everything: that all this is invented.
    pub mark: Option<Text>,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// How a paper looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In a frame, to be hung on a wall (GB/T 36903 has no say in its looks).
    Certificate,
    /// Without one, after the looks of official documents (GB/T 9704-2012).
    Notice,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// To whom it is addressed.
    To(Text),
    /// The title of a part.
    Heading(Text),
    /// Running text.
    Paragraph(Text),
    /// Titles with what is said of each.
    Fields(Vec<Field>),
    /// A table.
    Table(Table),
    /// Lines at the right: the body, the day, where the seal is.
    Signed(Vec<Text>),
    /// Where anybody can check it.
    Check(Check),
    /// What stands small at the end.
    Note(Text),
}

/// A title and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Of what.
    pub title: Text,
    /// What.
    pub value: Text,
}

/// A table; each row has as many cells as the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What stands in each column.
    pub header: Vec<Text>,
    /// The rows.
    pub rows: Vec<Vec<Text>>,
}

/// Where a paper can be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The address, which stands as letters, as a link, and in the QR code.
    pub address: String,
    /// How to check.
    pub says: Text,
}

impl Document {
    /// One paper of each kind, invented: what a maker of papers begins from, and what tests print.
    pub fn samples(language: Language) -> [Self; 2] {
        [samples::certificate(language), samples::notice(language)]
    }
}

mod samples {
    use super::{Block, Check, Document, Field, Instant, Kind, Language, Table, Text};

    const MARK: (&str, &str) = ("演示：内容均为虚构", "Demonstration: everything here is invented");

    fn text((zh, en): (&str, &str)) -> Text {
        Text::new(zh, en)
    }

    fn field(title: (&str, &str), value: (&str, &str)) -> Field {
        Field { title: text(title), value: text(value) }
    }

    fn body() -> Text {
        text(("东柳区卫生健康委员会", "East Willow District Health Commission"))
    }

    fn check() -> Block {
        Block::Check(Check {
            address: "https://willow.example/zh/certificates/herb-room/900101-2024-7".into(),
            says: text((
                "扫码或打开网址，查看名册今天的记载。",
                "Scan the code or open the address to see what the register says today.",
            )),
        })
    }

    /// A licence of a herb room.
    pub(super) fn certificate(language: Language) -> Document {
        let fields = vec![
            field(("名称", "Name"), ("薄荷小店", "薄荷小店")),
            field(("地址", "Address"), ("柳树镇东街 7 号（虚构）", "7 East Street (invented)")),
            field(("经营者", "Keeper"), ("𠮷田㛃（虚构）", "𠮷田㛃（虚构）")),
            field(("面积", "Floor area"), ("30 平方米", "30 m²")),
            field(("有效期至", "Valid through"), ("2027年3月3日", "3 March 2027")),
        ];
        Document {
            kind: Kind::Certificate,
            language,
            title: text(("草药房许可证", "Herb room licence")),
            number: field(("编号", "Number"), ("900101-2024-7", "900101-2024-7")),
            author: body(),
            at: Instant::from_micros(1_709_514_000_000_000),
            mark: Some(text(MARK)),
            blocks: vec![
                Block::Fields(fields),
                Block::Signed(vec![
                    body(),
                    text(("2024年3月4日", "4 March 2024")),
                    text((
                        "电子印章见电子证照，本件未盖章",
                        "The seal is on the e-licence; this print bears none",
                    )),
                ]),
                check(),
                Block::Note(text((
                    "公共名册打印件：草药房 900101-2024-7，截至 2024-03-04 09:00，账目 12。",
                    "A print of the public register: “Herb rooms” 900101-2024-7, as of \
                     2024-03-04 09:00, ledger entry 12.",
                ))),
            ],
        }
    }

    /// A decision not to grant one.
    pub(super) fn notice(language: Language) -> Document {
        let remedies = Table {
            header: vec![
                text(("救济途径", "Remedy")),
                text(("向谁提出", "With whom")),
                text(("最后一日", "Last day")),
            ],
            rows: vec![
                vec![
                    text(("行政复议", "Administrative review")),
                    text(("东柳区人民政府", "East Willow District Government")),
                    text(("2024年5月6日", "6 May 2024")),
                ],
                vec![
                    text(("行政诉讼", "Administrative litigation")),
                    text(("东柳区人民法院", "East Willow District Court")),
                    text(("2024年9月4日", "4 September 2024")),
                ],
            ],
        };
        Document {
            kind: Kind::Notice,
            language,
            title: text(("不予行政许可决定书", "Decision not to grant a licence")),
            number: field(("文号", "Number"), ("东柳卫许决〔2024〕7 号", "2024/7")),
            author: body(),
            at: Instant::from_micros(1_709_514_000_000_000),
            mark: Some(text(MARK)),
            blocks: notified(remedies),
        }
    }

    fn notified(remedies: Table) -> Vec<Block> {
        vec![
            Block::To(text(("薄荷小店：", "To the herb room “薄荷小店”:"))),
            Block::Paragraph(text((
                "你于 2024 年 3 月 1 日提出草药房许可申请。经审查，决定不予许可。",
                "You applied for a herb room licence on 1 March 2024. Having examined the \
                 application, we do not grant it.",
            ))),
            Block::Heading(text(("理由", "Reasons"))),
            Block::Paragraph(text((
                "所报场所面积 9 平方米，低于规定的 20 平方米。",
                "The premises have 9 m², less than the 20 m² that are required.",
            ))),
            Block::Heading(text(("救济", "Remedies"))),
            Block::Table(remedies),
            Block::Signed(vec![body(), text(("2024年3月4日", "4 March 2024"))]),
            check(),
        ]
    }
}
