//! What programs read of a licence: 电子证照元数据 (GB/T 36903-2018), kept as the custom data of
//! the document (GB/T 33190-2016, 7.5).
//!
//! The Chinese names of the elements are assumed. Behind them stand ours, with which anybody finds
//! the entry in the public register and the entry of the ledger that made it.

use base::{Date, Name, Text};

use super::{
    Identifier,
    xml::{Element, plain, plainly},
};

/// The metadata of a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Its identifier; none where the pack does not know the codes it is made of.
    pub identifier: Option<Identifier>,
    /// What it is called.
    pub title: Text,
    /// Its name in the pack.
    pub kind: Name,
    /// Our own number, the key of the entry.
    pub number: String,
    /// Who or what holds it, as the register calls the entry.
    pub holder: String,
    /// The body that issued it.
    pub body: Text,
    /// The same as its office and the place, `health@900101`.
    pub office: String,
    /// Its unified social credit code, where the pack knows it.
    pub body_code: Option<String>,
    /// The day of the decision.
    pub issued_on: Date,
    /// The first day on which it holds.
    pub valid_from: Date,
    /// The last day on which it holds, where it has one.
    pub valid_until: Option<Date>,
    /// The register.
    pub register: Name,
    /// The number of the ledger's entry that made what it shows.
    pub decided_by: u64,
}

const IDENTIFIER: &str = "证照标识";
const TITLE: &str = "证照名称";
const NUMBER: &str = "证照编号";
const HOLDER: &str = "持证主体";
const BODY: &str = "证照颁发机构";
const BODY_CODE: &str = "证照颁发机构代码";
const ISSUED_ON: &str = "证照颁发日期";
const VALID_FROM: &str = "证照有效期起始日期";
const VALID_UNTIL: &str = "证照有效期截止日期";
const TITLE_EN: &str = "yiyang.title.en";
const BODY_EN: &str = "yiyang.body.en";
const KIND: &str = "yiyang.kind";
const OFFICE: &str = "yiyang.office";
const REGISTER: &str = "yiyang.register";
const DECIDED_BY: &str = "yiyang.entry";

impl Metadata {
    /// The same as a file holds it: with a blank for every letter that does not show as itself.
    pub fn written(self) -> Self {
        let both = |text: &Text| Text::new(plainly(&text.zh), plainly(&text.en));
        Self {
            title: both(&self.title),
            body: both(&self.body),
            number: plainly(&self.number),
            holder: plainly(&self.holder),
            ..self
        }
    }

    /// Each element by its name, in order; what is not known is left out.
    pub(super) fn elements(&self) -> Vec<(&'static str, String)> {
        let all = [
            (IDENTIFIER, self.identifier.as_ref().map(Identifier::to_string)),
            (TITLE, Some(self.title.zh.clone())),
            (NUMBER, Some(self.number.clone())),
            (HOLDER, Some(self.holder.clone())),
            (BODY, Some(self.body.zh.clone())),
            (BODY_CODE, self.body_code.clone()),
            (ISSUED_ON, Some(self.issued_on.to_string())),
            (VALID_FROM, Some(self.valid_from.to_string())),
            (VALID_UNTIL, self.valid_until.map(|day| day.to_string())),
            (TITLE_EN, Some(self.title.en.clone())),
            (BODY_EN, Some(self.body.en.clone())),
            (KIND, Some(self.kind.to_string())),
            (OFFICE, Some(self.office.clone())),
            (REGISTER, Some(self.register.to_string())),
            (DECIDED_BY, Some(self.decided_by.to_string())),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Reads `OFD.xml`; none where an element is missing, does not say what it should, or holds a
    /// letter that does not show as itself and that no licence has.
    pub(super) fn read(ofd: &[u8]) -> Option<Self> {
        let root = Element::read(ofd)?;
        let custom = root.child("DocBody")?.child("DocInfo")?.child("CustomDatas")?;
        let said = |name: &str| {
            let found = custom.children.iter().find(|data| data.get("Name") == name);
            found.map(|data| data.text.clone())
        };
        if !custom.children.iter().all(|data| data.text.chars().all(plain)) {
            return None;
        }
        let day = |name: &str| Date::parse(&said(name)?).ok();
        let identifier = match said(IDENTIFIER) {
            Some(text) => Some(Identifier::parse(&text)?),
            None => None,
        };
        let valid_until = match said(VALID_UNTIL) {
            Some(text) => Some(Date::parse(&text).ok()?),
            None => None,
        };
        Some(Self {
            identifier,
            title: Text::new(said(TITLE)?, said(TITLE_EN)?),
            kind: Name::new(&said(KIND)?).ok()?,
            number: said(NUMBER)?,
            holder: said(HOLDER)?,
            body: Text::new(said(BODY)?, said(BODY_EN)?),
            office: said(OFFICE)?,
            body_code: said(BODY_CODE),
            issued_on: day(ISSUED_ON)?,
            valid_from: day(VALID_FROM)?,
            valid_until,
            register: Name::new(&said(REGISTER)?).ok()?,
            decided_by: said(DECIDED_BY)?.parse().ok()?,
        })
    }
}
