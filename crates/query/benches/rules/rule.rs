//! The rules as they lie beside the bench: SQL with a header that says what they read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use crate::Failed;

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
    fn read(path: &Path) -> Result<Self, Failed> {
        let sql = fs::read_to_string(path)?;
        let said = |name: &str| {
            let begins = format!("-- {name}:");
            sql.lines().find_map(|line| line.strip_prefix(&begins)).unwrap_or_default().trim()
        };
        let words = |name: &str| -> Vec<String> {
            said(name).split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let key = words("key");
        let key = key.iter().filter_map(|pair| pair.split_once(' '));
        let key = key.map(|(feed, column)| (feed.to_owned(), column.to_owned())).collect();
        let title = sql.strip_prefix("-- Rule ").unwrap_or_default();
        let number = title.split(',').next().unwrap_or_default().parse()?;
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let (feed, reads, reach_days) =
            (said("feed").to_owned(), words("reads"), said("reach").parse().ok());
        Ok(Self { name, number, feed, reads, key, reach_days, sql })
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

/// All rules in a folder, by number.
pub(crate) fn rules(folder: &Path) -> Result<Vec<Rule>, Failed> {
    let mut rules = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|own| own == "sql") {
            rules.push(Rule::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    rules.sort_by_key(|rule| rule.number);
    Ok(rules)
}
