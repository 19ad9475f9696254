//! Rules: every feed, column, register, knowledge table and shown fact is known, every condition
//! typed, and a query says on which rows a finding of it rests.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text};
use rules::{Scope, Type};

use super::{Kind, Linker, expression};
use crate::{
    fault::Fault,
    language::{KnowledgeLook, RegisterLook, RuleLook as Look, SupervisionFile},
    model::{
        ColumnKind, FactFrom, Feed, FeedColumn, Finds, Needed, Pack, Query, RowRule, Rule, RuleLook,
    },
    node::Span,
    read::Spanned,
};

/// The day of the event in the pack's zone, as a condition names it; no column is called so.
const EVENT_DAY: &str = "event-day";
/// What a query yields besides what is shown.
const YIELDED: [&str; 3] = ["finding-at", "subject", "evidence"];

/// What the condition of one rule may use.
struct Words {
    scope: Scope,
    facts: BTreeMap<String, (FactFrom, Type)>,
}

impl Words {
    /// The columns of a feed and the day of the event.
    fn of(pack: &Pack, feed: &Feed) -> Self {
        let mut words = Self { scope: expression::lists(&pack.codes), facts: BTreeMap::new() };
        for column in &feed.columns {
            let from = FactFrom::Column(column.name.clone());
            words.say(column.name.to_string(), from, column.kind.value_type());
        }
        words.say(EVENT_DAY.to_owned(), FactFrom::EventDay, Type::Date);
        words
    }

    fn say(&mut self, path: String, from: FactFrom, kind: Type) {
        self.scope.fact(&path, kind.clone());
        self.facts.insert(path, (from, kind));
    }

    fn look(&mut self, look: &Name, field: &Name, kind: Type) {
        let from = FactFrom::Look { look: look.clone(), field: field.clone() };
        self.say(format!("{look}.{field}"), from, kind);
    }

    fn needed(&self, path: &str) -> Option<Needed> {
        let (from, kind) = self.facts.get(path)?;
        Some(Needed { path: path.to_owned(), from: from.clone(), kind: kind.clone() })
    }
}

impl Linker<'_> {
    /// What the kinds of findings are called.
    pub(super) fn finding_kinds(&mut self) -> BTreeMap<Name, Text> {
        let parsed = self.parsed;
        let kinds = parsed.finding_kinds.iter().flat_map(|file| file.finding_kinds.iter());
        let kinds: Vec<_> =
            kinds.map(|(name, title)| (name.value.clone(), name.at, title.clone())).collect();
        self.unique(kinds)
    }

    /// The rules of a pack.
    pub(super) fn rules(&mut self, pack: &Pack) -> BTreeMap<Name, Rule> {
        let parsed = self.parsed;
        let rules: Vec<_> = parsed
            .supervision
            .iter()
            .filter_map(|file| Some((file.rule.clone(), file.at, self.rule(pack, file)?)))
            .collect();
        self.unique(rules)
    }

    fn rule(&mut self, pack: &Pack, file: &SupervisionFile) -> Option<Rule> {
        self.check_rule(file);
        let kinds = pack.finding_kinds.keys().map(Name::as_str);
        self.must_know(Kind::Finding, &file.kind, kinds);
        let feed = self.feed_named(pack, &file.feed);
        let subject_of = feed.and_then(|feed| self.subject(feed, &file.subject));
        let finds = match (&file.finds, &file.sql) {
            (Some(finds), None) => feed.and_then(|feed| self.by_row(pack, file, feed, finds)),
            (None, Some(sql)) => self.by_query(pack, file, sql),
            _ => {
                let at = self.first_line(file.at);
                let zh = "规则须有 `finds` 或 `sql`，且只有一个";
                self.fault("finds-or-sql", at, zh, "a rule has `finds` or `sql`, one of the two");
                None
            }
        };
        Some(Rule {
            name: file.rule.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            version: file.version.value,
            from: file.from,
            until: file.until,
            verdict: file.verdict,
            stage: file.stage,
            kind: file.kind.value.clone(),
            feed: file.feed.value.clone(),
            subject: file.subject.value.clone(),
            subject_of: subject_of?,
            shows: file.shows.iter().map(|shown| shown.value.clone()).collect(),
            finds: finds?,
        })
    }

    /// What holds of every rule, however it finds.
    fn check_rule(&mut self, file: &SupervisionFile) {
        let first = self.first_line(file.at);
        self.must_run_forward(first, file.from, file.until);
        if file.version.value == 0 {
            self.fault("rule-version", file.version.at, "版本从 1 起", "versions begin with 1");
        }
        if file.shows.is_empty() {
            let zh = "规则须用 shows 写明发现载明什么";
            self.fault("shows-nothing", first, zh, "say under `shows` what a finding says");
        }
        let mut shown = BTreeSet::new();
        for own in file.shows.iter().filter(|own| !shown.insert(own.value.as_str())) {
            self.fault("shown-twice", own.at, "重复列出", "it is shown already");
        }
    }

    fn feed_named<'p>(&mut self, pack: &'p Pack, feed: &Spanned<Name>) -> Option<&'p Feed> {
        self.must_know(Kind::Feed, feed, pack.feeds.keys().map(Name::as_str));
        pack.feeds.get(&feed.value)
    }

    fn column<'f>(&mut self, feed: &'f Feed, name: &Spanned<Name>) -> Option<&'f FeedColumn> {
        let known: Vec<&str> = feed.columns.iter().map(|column| column.name.as_str()).collect();
        self.must_know(Kind::Column, name, known);
        feed.column(&name.value)
    }

    /// The register whose entries findings are about.
    fn subject(&mut self, feed: &Feed, name: &Spanned<Name>) -> Option<Name> {
        match &self.column(feed, name)?.kind {
            ColumnKind::Entry(register) => Some(register.clone()),
            _ => {
                let zh = "发现所指须为 `entry` 列";
                let en = "a finding is about an entry: name a column of type `entry`";
                self.fault("subject", name.at, zh, en);
                None
            }
        }
    }

    fn by_row(
        &mut self,
        pack: &Pack,
        file: &SupervisionFile,
        feed: &Feed,
        finds: &Spanned<String>,
    ) -> Option<Finds> {
        for at in of_queries(file) {
            let zh = "只有带 `sql` 的规则才能写这一项";
            self.fault("only-with-sql", at, zh, "only a rule with `sql` says this");
        }
        let mut words = Words::of(pack, feed);
        let mut looks_up = Vec::new();
        for (name, look) in file.looks_up.iter() {
            let linked = match look {
                Look::Knowledge(look) => self.knowledge_look(pack, feed, name, look, &mut words),
                Look::Register(look) => self.register_look(pack, feed, name, look, &mut words),
            };
            looks_up.extend(linked.map(|look| (name.value.clone(), look)));
        }
        // What was not found would only echo as unknown facts.
        if looks_up.len() < file.looks_up.len() {
            return None;
        }
        let that = self.expression(finds, &words.scope, &Type::Boolean);
        for shown in &file.shows {
            let known: Vec<&str> = words.facts.keys().map(String::as_str).collect();
            self.must_know(Kind::Fact, shown, known);
        }
        let that = that?;
        let shown = file.shows.iter().map(|shown| shown.value.as_str());
        let paths: BTreeSet<&str> = that.facts_used().chain(shown).collect();
        let needs: Vec<Needed> = paths.into_iter().filter_map(|path| words.needed(path)).collect();
        self.check_looks_used(file, &needs);
        Some(Finds::Row(RowRule { looks_up, that, needs }))
    }

    fn check_looks_used(&mut self, file: &SupervisionFile, needs: &[Needed]) {
        for name in file.looks_up.names() {
            if !needs.iter().any(|own| own.from.look() == Some(&name.value)) {
                let zh = "查得的内容没有用到";
                self.fault("idle-look-up", name.at, zh, "nothing uses what is looked up here");
            }
        }
    }

    fn knowledge_look(
        &mut self,
        pack: &Pack,
        feed: &Feed,
        name: &Spanned<Name>,
        look: &KnowledgeLook,
        words: &mut Words,
    ) -> Option<RuleLook> {
        self.must_know_table(&look.knowledge);
        let table = pack.knowledge.get(&look.knowledge.value)?;
        let mut found = true;
        for (key, own) in look.by.iter() {
            found &= self.must_know(Kind::Column, key, table.key.iter().map(Name::as_str));
            let Some(column) = self.column(feed, own) else {
                found = false;
                continue;
            };
            let kind = table.column(&key.value).map(|column| column.kind.value_type());
            let kind = kind.filter(|kind| !agree(kind, &column.kind.value_type()));
            if let Some(kind) = kind {
                self.faults.push(disagree(
                    "look-up-type",
                    own.at,
                    &kind,
                    &column.kind.value_type(),
                ));
            }
        }
        let by = |key: &Name| look.by.get(key.as_str()).map(|own| own.value.clone());
        let by = table.key.iter().map(by).collect::<Option<Vec<Name>>>();
        if by.is_none() && found {
            let zh = "`by` 须给出知识表的每一个键列";
            let en = "`by` names every key column of the table";
            self.fault("look-up-key", look.knowledge.at, zh, en);
        }
        for column in &table.columns {
            words.look(&name.value, &column.name, column.kind.value_type());
        }
        Some(RuleLook::Knowledge { table: table.name.clone(), by: by.filter(|_| found)? })
    }

    fn register_look(
        &mut self,
        pack: &Pack,
        feed: &Feed,
        name: &Spanned<Name>,
        look: &RegisterLook,
        words: &mut Words,
    ) -> Option<RuleLook> {
        let known = pack.registers.keys().map(Name::as_str);
        self.must_know(Kind::Register, &look.register, known);
        let column = self.column(feed, &look.by);
        let register = pack.registers.get(&look.register.value)?;
        let wanted = Type::Entry(register.name.clone());
        let found = column?.kind.value_type();
        if found != wanted {
            self.faults.push(disagree("look-up-type", look.by.at, &wanted, &found));
        }
        for field in &register.fields {
            words.look(&name.value, &field.name, field.input.value_type());
        }
        Some(RuleLook::Register { register: register.name.clone(), by: look.by.value.clone() })
    }

    /// A knowledge table by its name, whether or not its rows were read.
    fn must_know_table(&mut self, name: &Spanned<Name>) -> bool {
        let parsed = self.parsed;
        let known = parsed.knowledge.iter().map(|file| file.knowledge.as_str());
        self.must_know(Kind::Knowledge, name, known)
    }

    fn by_query(
        &mut self,
        pack: &Pack,
        file: &SupervisionFile,
        sql: &Spanned<String>,
    ) -> Option<Finds> {
        if let Some(name) = file.looks_up.names().next() {
            let zh = "只有带 `finds` 的规则才能写 `looks_up`";
            self.fault("only-with-finds", name.at, zh, "only a rule with `finds` looks up");
        }
        for shown in &file.shows {
            self.check_yielded(shown);
        }
        for register in &file.registers {
            self.must_know(Kind::Register, register, pack.registers.keys().map(Name::as_str));
        }
        for table in &file.knowledge {
            self.must_know_table(table);
        }
        self.check_read(pack, file);
        self.check_rule_key(pack, file);
        if file.reach.is_some_and(|reach| reach.value == 0) {
            let at = file.reach.map_or(file.at, |reach| reach.at);
            self.fault("rule-reach", at, "至少一天", "it is one day at least");
        }
        let names = |list: &[Spanned<Name>]| list.iter().map(|name| name.value.clone()).collect();
        Some(Finds::Query(Query {
            reads: names(&file.reads),
            registers: names(&file.registers),
            knowledge: names(&file.knowledge),
            key: file.key.iter().map(|(f, own)| (f.value.clone(), own.value.clone())).collect(),
            reach: file.reach.map(|reach| reach.value),
            sql: sql.value.clone(),
        }))
    }

    /// What a query shows has a name of its own.
    fn check_yielded(&mut self, shown: &Spanned<String>) {
        if let Err(refused) = Name::new(&shown.value) {
            self.faults.push(Fault::new("not-a-name", shown.at, refused.says()));
        }
        if YIELDED.contains(&shown.value.as_str()) || shown.value.starts_with("evidence-") {
            let zh = "每个查询都给出这一列，不能列入 shows";
            let en = "every query yields a column of that name; it is not shown";
            self.fault("shows-taken", shown.at, zh, en);
        }
    }

    /// Each further feed is known and read once.
    fn check_read(&mut self, pack: &Pack, file: &SupervisionFile) {
        let mut read = BTreeSet::from([&file.feed.value]);
        for feed in &file.reads {
            self.feed_named(pack, feed);
            if !read.insert(&feed.value) {
                self.fault("read-twice", feed.at, "已经读取", "it is read already");
            }
        }
    }

    /// The key names a column of every feed that is read, all of one type; where there is none, a
    /// finding rests on rows of all.
    fn check_rule_key(&mut self, pack: &Pack, file: &SupervisionFile) {
        let read: Vec<&Spanned<Name>> = std::iter::once(&file.feed).chain(&file.reads).collect();
        let mut first: Option<Type> = None;
        for (name, own) in file.key.iter() {
            let known: Vec<&str> = read.iter().map(|feed| feed.value.as_str()).collect();
            self.must_know(Kind::Feed, name, known);
            let Some(feed) = pack.feeds.get(&name.value) else { continue };
            let Some(column) = self.column(feed, own) else { continue };
            let kind = column.kind.value_type();
            if let Some(first) = first.as_ref().filter(|first| !agree(first, &kind)) {
                self.faults.push(disagree("key-type", own.at, first, &kind));
            }
            first.get_or_insert(kind);
        }
        if file.key.is_empty() {
            return;
        }
        for feed in read.into_iter().filter(|feed| file.key.get(feed.value.as_str()).is_none()) {
            let zh = "`key` 须给出每个所读数据源的一列";
            let en = "`key` names a column of every feed that is read";
            self.fault("rule-without-key", feed.at, zh, en);
        }
    }
}

/// What only a query says, at the places where it stands.
fn of_queries(file: &SupervisionFile) -> impl Iterator<Item = Span> {
    let lists = [&file.reads, &file.registers, &file.knowledge];
    let lists = lists.into_iter().filter_map(|list| list.first()).map(|name| name.at);
    let key = file.key.names().next().map(|name| name.at);
    lists.chain(key).chain(file.reach.map(|reach| reach.at))
}

/// Whether values of two types can be equal.
fn agree(one: &Type, other: &Type) -> bool {
    one == other || matches!((one, other), (Type::Choice(_), Type::Choice(_)))
}

fn disagree(word: &'static str, at: Span, wanted: &Type, found: &Type) -> Fault {
    let (wanted, found) = (wanted.title(), found.title());
    let zh = format!("此处应为{}，却是{}", wanted.zh, found.zh);
    let en = format!("{} is wanted here, but this is {}", wanted.en, found.en);
    Fault::new(word, at, Text::new(zh, en))
}
