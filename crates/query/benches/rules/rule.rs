//! The rules in SQL as the national pack has them; they exist once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use pack::{
    compile,
    model::{Finds, Pack},
    source::Folder,
};

use crate::Failed;

/// Those that the city has violations of, with the numbers by which these are told.
const RULES: [(u8, &str); 20] = [
    (8, "second-line"),
    (9, "quantity-limit"),
    (10, "bed-days"),
    (11, "included-item"),
    (12, "split-item"),
    (13, "overlapping-stays"),
    (14, "outpatient-in-stay"),
    (15, "readmission"),
    (16, "idle-stay"),
    (17, "light-admission"),
    (18, "purchases"),
    (19, "early-refill"),
    (20, "after-death"),
    (21, "code-twice"),
    (22, "code-product"),
    (23, "code-order"),
    (24, "scans-short"),
    (26, "doctor-places"),
    (27, "shared-contact"),
    (28, "mean-cost"),
];

/// A rule in SQL.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// Its number in the list of rules.
    pub(crate) number: u8,
    pub(crate) sql: String,
    pub(crate) feed: String,
    pub(crate) reads: Vec<String>,
    /// By feed the column such that a finding rests on rows of one key.
    pub(crate) key: BTreeMap<String, String>,
    pub(crate) reach_days: Option<i32>,
}

impl Rule {
    fn of(pack: &Pack, (number, name): (u8, &str)) -> Result<Self, Failed> {
        let rule = pack.rules.get(name).ok_or_else(|| format!("no rule `{name}`"))?;
        let Finds::Query(query) = &rule.finds else {
            return Err(format!("`{name}` is no query").into());
        };
        let key = query.key.iter().map(|(feed, column)| (feed.to_string(), view(column.as_str())));
        Ok(Self {
            name: name.to_owned(),
            number,
            sql: query.sql.clone(),
            feed: rule.feed.to_string(),
            reads: query.reads.iter().map(ToString::to_string).collect(),
            key: key.collect(),
            reach_days: query.reach.map(i32::try_from).transpose()?,
        })
    }

    /// The feeds that it reads.
    pub(crate) fn feeds(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.feed).chain(&self.reads)
    }

    /// The words that stand in it.
    pub(crate) fn words(&self) -> BTreeSet<&str> {
        let word = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        self.sql.split(word).collect()
    }
}

fn view(name: &str) -> String {
    name.replace('-', "_")
}

/// All rules, by number.
pub(crate) fn rules() -> Result<Vec<Rule>, Failed> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let compiled = compile(&Folder(&packs), "cn");
    let pack = compiled.map_err(|_| "the pack is not sound; `yiyang pack check` says why")?.pack;
    RULES.into_iter().map(|rule| Rule::of(&pack, rule)).collect()
}

/// Writes the queries of rules into a folder, where the second opinion reads them.
pub(crate) fn written(rules: &[Rule], folder: &Path) -> Result<(), Failed> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for rule in rules {
        fs::write(folder.join(format!("{}.sql", rule.name)), &rule.sql)?;
    }
    Ok(())
}
