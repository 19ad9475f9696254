//! Administrative divisions by code: GB/T 2260 as far as the county, and the statistics bureau's
//! nine and twelve digits for townships and communities.
//!
//! A code is written without the zeros that fill it up (`110000` is `11`), so that one division has
//! one code and lies within another exactly when its code begins with the other's.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::{
    Language, Reason, Text,
    sheet::{Row, Sheet, line_reason},
};

/// How deep a division lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum DivisionLevel {
    /// 省、自治区、直辖市: 2 digits.
    #[n(0)]
    Province,
    /// 地级市、自治州、市辖区 of a municipality: 4 digits.
    #[n(1)]
    City,
    /// 县、区: 6 digits.
    #[n(2)]
    County,
    /// 乡镇、街道: 9 digits.
    #[n(3)]
    Township,
    /// 村、社区: 12 digits.
    #[n(4)]
    Community,
}

impl DivisionLevel {
    /// Every level, the highest first.
    pub const ALL: [Self; 5] =
        [Self::Province, Self::City, Self::County, Self::Township, Self::Community];

    /// How many digits a code of this level has.
    pub fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::City => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Community => 12,
        }
    }

    fn of_length(digits: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.digits() == digits)
    }
}

/// A division's code without filling zeros. Codes sort as text: a division stands before those
/// within it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Division(Arc<str>);

impl Division {
    /// Reads a code of 2, 4, 6, 9 or 12 digits and drops the zeros that fill it up: `110100` is
    /// `1101`, `110101000000` is `110101`.
    ///
    /// # Errors
    /// `empty`, `character`, `length`, or `division` when the province's digits are `00`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let fault = if text.is_empty() {
            Some("empty")
        } else if !text.bytes().all(|b| b.is_ascii_digit()) {
            Some("character")
        } else if DivisionLevel::of_length(text.len()).is_none() {
            Some("length")
        } else {
            None
        };
        let bare = unfilled(text);
        match fault.or(bare.is_empty().then_some("division")) {
            Some(word) => Err(not_a_division(text, word)),
            None => Ok(Self(bare.into())),
        }
    }

    /// The code without filling zeros.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How deep it lies.
    pub fn level(&self) -> DivisionLevel {
        // INVARIANT: the length is that of a level, so the alternative is never taken.
        DivisionLevel::of_length(self.0.len()).unwrap_or(DivisionLevel::Community)
    }

    /// The division it lies in; a province lies in none. A township directly under a city has that
    /// city as its parent.
    pub fn parent(&self) -> Option<Self> {
        let above = DivisionLevel::ALL.into_iter().rev().find(|level| *level < self.level())?;
        let bare = unfilled(self.0.get(..above.digits())?);
        (!bare.is_empty()).then(|| Self(bare.into()))
    }

    /// The division of `level` that it is or lies in, if there is one.
    pub fn at(&self, level: DivisionLevel) -> Option<Self> {
        let cut = self.0.get(..level.digits())?;
        (unfilled(cut) == cut).then(|| Self(cut.into()))
    }

    /// True when it is `other` or lies in it.
    pub fn within(&self, other: &Self) -> bool {
        self.0.starts_with(&*other.0)
    }
}

/// The code without the groups of zeros at its end.
fn unfilled(code: &str) -> &str {
    let mut bare = code;
    for level in DivisionLevel::ALL.into_iter().rev().filter(|level| level.digits() <= code.len()) {
        let above = DivisionLevel::ALL.into_iter().rev().find(|above| *above < level);
        let kept = above.map_or(0, DivisionLevel::digits);
        match bare.split_at_checked(kept) {
            Some((rest, group)) if group.bytes().all(|b| b == b'0') => bare = rest,
            _ => break,
        }
    }
    bare
}

fn not_a_division(text: &str, word: &'static str) -> Reason {
    Reason {
        word,
        says: Text::new(
            format!("`{text}` 不是行政区划代码；请写 2、4、6、9 或 12 位数字，如 `900101`"),
            format!(
                "`{text}` is not a division code; write 2, 4, 6, 9 or 12 digits such as `900101`"
            ),
        ),
    }
}

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Division {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<C> Encode<C> for Division {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Division {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Self::parse(d.str()?).map_err(|_| decode::Error::message("not a division code"))
    }
}

/// What a division is called; far from every one has an English name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivisionName {
    /// 中文。
    pub zh: String,
    /// English, where there is one.
    pub en: Option<String>,
}

impl DivisionName {
    /// The name for a reader of `language`: the Chinese one where there is no English.
    pub fn to(&self, language: Language) -> &str {
        match (language, &self.en) {
            (Language::En, Some(en)) => en,
            _ => &self.zh,
        }
    }
}

/// The names of divisions, in code order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Divisions {
    names: BTreeMap<Division, DivisionName>,
    children: BTreeMap<Division, Vec<Division>>,
    levels: BTreeMap<DivisionLevel, BTreeSet<Division>>,
}

impl Divisions {
    /// Reads tables with the columns `code`, `name_zh` (or `name`) and, if there is one,
    /// `name_en`. A later table's names replace an earlier one's; a missing English name keeps it.
    ///
    /// # Errors
    /// `column`, or `row` with its line: a bad code, an empty name, or two names in one table.
    pub fn from_csv(tables: &[&str]) -> Result<Self, Reason> {
        let mut names = BTreeMap::new();
        for table in tables {
            for (division, mut name) in read_table(table)? {
                if name.en.is_none() {
                    name.en = names.remove(&division).and_then(|known: DivisionName| known.en);
                }
                names.insert(division, name);
            }
        }
        let mut children = BTreeMap::<_, Vec<_>>::new();
        let mut levels = BTreeMap::<_, BTreeSet<_>>::new();
        for division in names.keys() {
            levels.entry(division.level()).or_default().insert(division.clone());
            if let Some(parent) = division.parent() {
                children.entry(parent).or_default().push(division.clone());
            }
        }
        Ok(Self { names, children, levels })
    }

    /// What the division is called, if it is known.
    pub fn name(&self, division: &Division) -> Option<&DivisionName> {
        self.names.get(division)
    }

    /// The division and those it lies in, the province first, with their names.
    ///
    /// # Errors
    /// `division` when one of them is unknown.
    pub fn path(&self, division: &Division) -> Result<Vec<(Division, &DivisionName)>, Reason> {
        let upwards = std::iter::successors(Some(division.clone()), Division::parent);
        let mut path = upwards
            .map(|step| match self.names.get(&step) {
                Some(name) => Ok((step, name)),
                None => Err(unknown(&step)),
            })
            .collect::<Result<Vec<_>, _>>()?;
        path.reverse();
        Ok(path)
    }

    /// The divisions that lie directly in one, in code order.
    pub fn children(&self, division: &Division) -> &[Division] {
        self.children.get(division).map_or(&[], Vec::as_slice)
    }

    /// The provinces, in code order.
    pub fn provinces(&self) -> impl Iterator<Item = &Division> {
        self.names.keys().filter(|division| division.level() == DivisionLevel::Province)
    }

    /// A division and everything in it that is known, in code order.
    pub fn all_within<'a>(&'a self, division: &'a Division) -> impl Iterator<Item = &'a Division> {
        self.names
            .range::<Division, _>(division..)
            .map(|(found, _)| found)
            .take_while(|found| found.within(division))
    }

    /// The divisions of a level that lie in one, itself if it is of that level, in code order.
    pub fn of_level<'a>(
        &'a self,
        level: DivisionLevel,
        division: &'a Division,
    ) -> impl Iterator<Item = &'a Division> {
        let all = self.levels.get(&level).into_iter();
        all.flat_map(move |all| all.range::<Division, _>(division..))
            .take_while(|found| found.within(division))
    }
}

fn read_table(text: &str) -> Result<BTreeMap<Division, DivisionName>, Reason> {
    let sheet = Sheet::read(text)?;
    let code = sheet.needed(&["code"])?;
    let zh = sheet.needed(&["name_zh", "name"])?;
    let en = sheet.column(&["name_en"]);
    let mut names = BTreeMap::<Division, DivisionName>::new();
    for row in &sheet.rows {
        let division = Division::parse(row.cell(code))
            .map_err(|reason| line_reason(row.line, &reason.says.zh, &reason.says.en))?;
        let name = read_name(row, zh, en)?;
        // A city without counties is listed as its own county, under the same name.
        if names.get(&division).is_some_and(|known| known.zh != name.zh) {
            let zh = format!("`{division}` 已有另一个名称");
            let en = format!("`{division}` has another name already");
            return Err(line_reason(row.line, &zh, &en));
        }
        names.insert(division, name);
    }
    Ok(names)
}

fn read_name(row: &Row, zh: usize, en: Option<usize>) -> Result<DivisionName, Reason> {
    let en = en.map(|column| row.cell(column)).filter(|en| !en.is_empty());
    match row.cell(zh) {
        "" => Err(line_reason(row.line, "没有中文名称", "it has no Chinese name")),
        zh => Ok(DivisionName { zh: zh.to_owned(), en: en.map(str::to_owned) }),
    }
}

fn unknown(division: &Division) -> Reason {
    Reason {
        word: "division",
        says: Text::new(
            format!("区划表中没有 `{division}`；请补上或改用表中的代码"),
            format!("the table has no division `{division}`; add it or use a code it has"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(code: &str) -> Division {
        Division::parse(code).unwrap()
    }

    #[test]
    fn a_division_has_one_code() {
        let check = |text: &str, code: &str, level: DivisionLevel, parent: Option<&str>| {
            let found = division(text);
            assert_eq!((found.as_str(), found.level()), (code, level), "{text}");
            assert_eq!(found.parent().as_ref().map(Division::as_str), parent, "{text}");
            let bytes = minicbor::to_vec(&found).unwrap();
            assert_eq!(minicbor::decode::<Division>(&bytes).unwrap(), found);
        };
        use DivisionLevel::{City, Community, County, Province, Township};
        check("90", "90", Province, None);
        check("9000", "90", Province, None);
        check("900000", "90", Province, None);
        check("900100", "9001", City, Some("90"));
        check("9010", "9010", City, Some("90"));
        check("900101", "900101", County, Some("9001"));
        check("900110", "900110", County, Some("9001"));
        check("900101000", "900101", County, Some("9001"));
        check("900101000000", "900101", County, Some("9001"));
        check("900101001", "900101001", Township, Some("900101"));
        check("900101100", "900101100", Township, Some("900101"));
        check("900101001000", "900101001", Township, Some("900101"));
        check("900101001010", "900101001010", Community, Some("900101001"));
        // Townships directly under a city, and counties directly under a province.
        check("900200003", "900200003", Township, Some("9002"));
        check("900001", "900001", County, Some("90"));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let check = |text: &str, word: &str| {
            assert_eq!(Division::parse(text).unwrap_err().word, word, "{text}");
        };
        check("", "empty");
        check("9", "length");
        check("90010", "length");
        check("9001010010011", "length");
        check("9001a1", "character");
        check("９０", "character");
        check("00", "division");
        check("000000", "division");
    }

    #[test]
    fn a_division_lies_within_what_its_code_begins_with() {
        let community = division("900101001010");
        let check = |level: DivisionLevel, code: &str| {
            let found = community.at(level).unwrap();
            assert_eq!(found.as_str(), code);
            assert!(community.within(&found));
            assert_eq!(found.within(&community), found == community);
        };
        check(DivisionLevel::Province, "90");
        check(DivisionLevel::City, "9001");
        check(DivisionLevel::County, "900101");
        check(DivisionLevel::Township, "900101001");
        check(DivisionLevel::Community, "900101001010");
        assert_eq!(division("9001").at(DivisionLevel::County), None);
        assert_eq!(division("900200003").at(DivisionLevel::County), None);
        assert!(!division("9002").within(&division("9001")));
    }

    const NATION: &str = "code,name,name_en\n90,柳省,Willow Province\n9001,市辖区,\n\
                          900101,东柳区,Dongliu\n900102,西柳区,Xiliu\n";
    const TOWN: &str = "name_en,code,name_zh,note\nEast Willow,900101,东柳区,\n\
                        ,900102,西柳区,\n,900101002,柳岸街道,\n,900101001,柳镇,\n";

    #[test]
    fn tables_name_divisions() {
        let divisions = Divisions::from_csv(&[NATION, TOWN]).unwrap();
        let path = divisions.path(&division("900101001")).unwrap();
        let shown = |language: Language| {
            path.iter()
                .map(|(code, name)| format!("{code} {}", name.to(language)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(shown(Language::Zh), "90 柳省, 9001 市辖区, 900101 东柳区, 900101001 柳镇");
        assert_eq!(
            shown(Language::En),
            "90 Willow Province, 9001 市辖区, 900101 East Willow, 900101001 柳镇"
        );
        let west = divisions.name(&division("900102")).unwrap();
        assert_eq!(west.en.as_deref(), Some("Xiliu"));
        let children = |code: &str| {
            let children = divisions.children(&division(code)).iter();
            children.map(Division::to_string).collect::<Vec<_>>()
        };
        assert_eq!(children("90"), ["9001"]);
        assert_eq!(children("9001"), ["900101", "900102"]);
        assert_eq!(children("900101"), ["900101001", "900101002"]);
        assert!(children("900102").is_empty());
        assert_eq!(divisions.provinces().collect::<Vec<_>>(), [&division("90")]);
        assert_eq!(divisions.all_within(&division("900101")).count(), 3);
        for level in [DivisionLevel::City, DivisionLevel::County, DivisionLevel::Township] {
            let whole = division("90");
            let slow = divisions.all_within(&whole).filter(|own| own.level() == level);
            assert!(slow.eq(divisions.of_level(level, &whole)), "{level:?}");
        }
        let stray = divisions.path(&division("900103001")).unwrap_err();
        assert_eq!(stray.word, "division");
    }

    #[test]
    fn a_broken_table_is_refused_by_line() {
        let check = |table: &str, word: &str, part: &str| {
            let reason = Divisions::from_csv(&[NATION, table]).unwrap_err();
            assert_eq!(reason.word, word, "{table}");
            assert!(reason.says.en.contains(part), "{}", reason.says.en);
        };
        check("name\n柳镇\n", "column", "`code` is missing");
        check("code\n90\n", "column", "`name_zh` is missing");
        check("code,name\n90,柳省\n90x,柳市\n", "row", "line 3: `90x` is not a division code");
        check("code,name\n90,\n", "row", "line 2: it has no Chinese name");
        check("code,name\n90,柳省\n900000,杨省\n", "row", "line 3: `90` has another name");
        assert!(Divisions::from_csv(&["code,name\n9002,柳市\n900200,柳市\n"]).is_ok());
        assert_eq!(Divisions::from_csv(&[]), Ok(Divisions::default()));
    }
}
