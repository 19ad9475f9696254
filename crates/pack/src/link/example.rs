//! Examples of rules: each names a rule of the pack, its rows are such as the feeds take, and what
//! is found rests on rows that are there. Whether it is found, another crate tells.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Instant, Name, Text};
use rules::Value;
use serde_json::{Map, Value as Json};

use super::{Kind, Linker, knowledge};
use crate::{
    fault::Fault,
    language::{ExampleFile, ExampleFinding as Written, ExampleVersion as Said},
    model::{
        ColumnKind, Example, ExampleFinding, ExampleVersion, Feed, FeedColumn, Pack, Register, Rule,
    },
    node::Node,
    read::{Read as _, Spanned},
};

impl Linker<'_> {
    /// An example; `None` where a name that the rest depends on is not known.
    pub(crate) fn example(&mut self, pack: &Pack, file: &ExampleFile) -> Option<Example> {
        self.check_example_name(file);
        self.must_know(Kind::Rule, &file.rule, pack.rules.keys().map(Name::as_str));
        let rule = pack.rules.get(&file.rule.value)?;
        if file.rows.is_empty() {
            let at = self.first_line(file.at);
            let zh = "示例须用 rows 给出数据行";
            self.fault("example-without-rows", at, zh, "say under `rows` what was sent");
        }
        let rows = self.example_rows(pack, rule, file);
        let versions = self.example_versions(pack, rule, file);
        let finds = file.finds.iter().map(|found| self.example_finding(rule, &rows, found));
        Some(Example {
            name: file.example.clone(),
            title: file.title.clone(),
            rule: rule.name.clone(),
            finds: finds.collect(),
            versions,
            rows,
            undetermined: file.undetermined.map_or(0, |count| count.value.into()),
        })
    }

    fn check_example_name(&mut self, file: &ExampleFile) {
        let path = self.sources.path(file.at.file).rsplit('/').next().unwrap_or("");
        let stem = path.strip_suffix(".yaml").unwrap_or(path).to_owned();
        self.must_be_named(file.at, &file.example, &stem);
    }

    /// A feed that the rule reads.
    fn feed_of_rule<'p>(
        &mut self,
        pack: &'p Pack,
        rule: &Rule,
        name: &Spanned<Name>,
    ) -> Option<&'p Feed> {
        let known: Vec<&str> = rule.feeds().map(Name::as_str).collect();
        self.must_know(Kind::Feed, name, known).then(|| pack.feeds.get(&name.value)).flatten()
    }

    fn example_rows(
        &mut self,
        pack: &Pack,
        rule: &Rule,
        file: &ExampleFile,
    ) -> BTreeMap<Name, Vec<String>> {
        for (name, usual) in file.usual.iter() {
            let Some(feed) = self.feed_of_rule(pack, rule, name) else { continue };
            self.check_columns(feed, usual);
        }
        let mut all = BTreeMap::new();
        for (name, rows) in file.rows.iter() {
            let Some(feed) = self.feed_of_rule(pack, rule, name) else { continue };
            let usual = file.usual.get(name.value.as_str());
            let lines = rows.iter().map(|row| self.example_row(pack, feed, (usual, row)));
            all.insert(name.value.clone(), lines.collect());
        }
        all
    }

    fn check_columns(&mut self, feed: &Feed, row: &Node) {
        for (key, _) in row.entries() {
            let known = feed.columns.iter().map(|column| column.name.as_str());
            self.must_know(Kind::Column, key, known);
        }
    }

    /// A row as a line of JSON.
    fn example_row(
        &mut self,
        pack: &Pack,
        feed: &Feed,
        (usual, row): (Option<&Node>, &Node),
    ) -> String {
        self.check_columns(feed, row);
        let mut line = Map::new();
        for column in &feed.columns {
            let name = column.name.as_str();
            let said = row.get(name).or_else(|| usual.and_then(|usual| usual.get(name)));
            let said = said.filter(|node| node.text() != Some(""));
            match said {
                Some(node) => {
                    let value = self.example_value(pack, column, node);
                    line.extend(value.map(|value| (name.to_owned(), value)));
                }
                None if column.optional => {}
                None => self.faults.push(missing_column(row, name)),
            }
        }
        Json::Object(line).to_string()
    }

    /// A value as a source writes it.
    fn example_value(&mut self, pack: &Pack, column: &FeedColumn, node: &Node) -> Option<Json> {
        match &column.kind {
            ColumnKind::Boolean => bool::read(node, self.faults).map(Json::Bool),
            ColumnKind::Texts | ColumnKind::Codes(_) => {
                let texts = Vec::<String>::read(node, self.faults)?;
                Some(Json::Array(texts.into_iter().map(Json::String).collect()))
            }
            kind => {
                let text = String::read(node, self.faults)?;
                match kind {
                    // What a list or a register lacks is taken in; it is for rules to judge.
                    ColumnKind::Code(_) | ColumnKind::Person => {}
                    ColumnKind::Moment => {
                        self.reasoned("not-a-moment", node.at, Instant::parse(&text))?;
                    }
                    kind => self.must_read(pack, kind, &Spanned { value: &text, at: node.at }),
                }
                Some(Json::String(text))
            }
        }
    }

    fn must_read(&mut self, pack: &Pack, kind: &ColumnKind, written: &Spanned<&String>) {
        if let Err((says, near)) = knowledge::value(pack, kind, written.value) {
            self.faults.push(Fault::new("example-value", written.at, says).near(near.as_deref()));
        }
    }

    fn example_versions(
        &mut self,
        pack: &Pack,
        rule: &Rule,
        file: &ExampleFile,
    ) -> Vec<ExampleVersion> {
        let mut all = Vec::new();
        for (name, versions) in file.registers.iter() {
            let known: Vec<&str> = rule.registers().into_iter().map(Name::as_str).collect();
            self.must_know(Kind::Register, name, known);
            let Some(register) = pack.registers.get(&name.value) else { continue };
            all.extend(versions.iter().filter_map(|own| self.example_version(pack, register, own)));
        }
        all
    }

    fn example_version(
        &mut self,
        pack: &Pack,
        register: &Register,
        said: &Said,
    ) -> Option<ExampleVersion> {
        let from = self.moment(pack, &said.from);
        let until = said.until.as_ref().map(|until| self.moment(pack, until));
        let fields = self.example_fields(pack, register, &said.says);
        let (from, until) = (from?, until.map_or(Some(None), |until| until.map(Some))?);
        if until.is_some_and(|until| until <= from) {
            self.fault("ends-before-start", said.at, "止于起始之前", "it ends before it begins");
        }
        let (register, key) = (register.name.clone(), said.key.clone());
        Some(ExampleVersion { register, key, from, until, fields })
    }

    fn example_fields(
        &mut self,
        pack: &Pack,
        register: &Register,
        says: &Node,
    ) -> BTreeMap<Name, Value> {
        let mut values = BTreeMap::new();
        for (key, node) in says.entries() {
            let known = register.fields.iter().map(|field| field.name.as_str());
            self.must_know(Kind::RegisterField, key, known);
            let field = register.fields.iter().find(|field| field.name.as_str() == key.value);
            let Some(field) = field else { continue };
            let value = self.value(pack, &field.input, node);
            values.extend(value.map(|value| (field.name.clone(), value)));
        }
        values
    }

    /// A day, at its beginning, or a minute of it in the pack's zone.
    fn moment(&mut self, pack: &Pack, written: &Spanned<String>) -> Option<Instant> {
        let (day, time) = written.value.split_once(' ').unwrap_or((&written.value, "00:00"));
        let day = self.reasoned("not-a-date", written.at, Date::parse(day))?;
        let clock = time.split_once(':').and_then(|(hour, minute)| {
            let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
            (hour < 24 && minute < 60).then_some((hour, minute))
        });
        let Some((hour, minute)) = clock else {
            let zh = "时刻写作 `2030-01-31 08:30`";
            self.fault("not-a-moment", written.at, zh, "a moment is written `2030-01-31 08:30`");
            return None;
        };
        Some(pack.zone.at(day, hour, minute))
    }

    fn example_finding(
        &mut self,
        rule: &Rule,
        rows: &BTreeMap<Name, Vec<String>>,
        found: &Written,
    ) -> ExampleFinding {
        let mut rests = BTreeSet::new();
        for (feed, numbers) in found.rows.iter() {
            self.must_know(Kind::Feed, feed, rows.keys().map(Name::as_str));
            let there = rows.get(&feed.value).map_or(0, Vec::len);
            for number in numbers {
                let place = usize::try_from(number.value).unwrap_or(usize::MAX);
                if there > 0 && !(1..=there).contains(&place) {
                    let zh = format!("`rows` 中该数据源只有 {there} 行，从 1 数起");
                    let en = format!("the feed has {there} rows under `rows`, counted from 1");
                    self.fault("example-row", number.at, &zh, &en);
                }
                rests.insert((feed.value.clone(), place));
            }
        }
        if !rests.iter().any(|(feed, _)| *feed == rule.feed) {
            let at = self.first_line(found.at);
            let feed = &rule.feed;
            let (zh, en) = (format!("发现须依据 `{feed}` 的行"), format!("name a row of `{feed}`"));
            self.fault("example-row", at, &zh, &en);
        }
        for (path, _) in found.shows.iter() {
            self.must_know(Kind::Fact, path, rule.shows.iter().map(String::as_str));
        }
        let shows = found.shows.iter().map(|(path, text)| (path.value.clone(), text.clone()));
        ExampleFinding { rows: rests, subject: found.subject.clone(), shows: shows.collect() }
    }
}

fn missing_column(row: &Node, name: &str) -> Fault {
    let says = Text::new(
        format!("缺少 `{name}`：每行都须有，也可写在 usual 中"),
        format!("`{name}` is missing: every row has it; it may stand under `usual`"),
    );
    Fault::new("missing-column", row.head(), says)
}
