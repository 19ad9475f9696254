//! Ratings and boards: every register, field, kind and rule is known, each finding counts once, and
//! the levels rise.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{BoardFile, EntriesOf, FindingsOf, RiskFile, RiskLevel as Level, RiskLine as Line},
    model::{
        Board, Input, Pack, Register, Risk, RiskCounts, RiskEntries, RiskFindings, RiskLevel,
        RiskLine, Rule,
    },
    node::Span,
    read::{Named, Spanned},
};

impl Linker<'_> {
    /// The ratings of a pack.
    pub(super) fn risks(&mut self, pack: &Pack) -> BTreeMap<Name, Risk> {
        let parsed = self.parsed;
        let risks: Vec<_> = parsed
            .risks
            .iter()
            .filter_map(|file| Some((file.risk.clone(), file.at, self.risk(pack, file)?)))
            .collect();
        self.check_rated_once();
        self.unique(risks)
    }

    fn risk(&mut self, pack: &Pack, file: &RiskFile) -> Option<Risk> {
        self.must_know(Kind::Register, &file.register, pack.registers.keys().map(Name::as_str));
        if file.days.value == 0 {
            self.fault("risk-days", file.days.at, "至少一天", "it is one day at least");
        }
        if file.points.is_empty() {
            let at = self.first_line(file.at);
            let zh = "须用 points 写明什么计分";
            self.fault("risk-points", at, zh, "say under `points` what gives points");
        }
        self.check_levels(file);
        let register = pack.registers.get(&file.register.value)?;
        let lines: Vec<(Name, RiskLine)> = file
            .points
            .iter()
            .filter_map(|(name, line)| {
                Some((name.value.clone(), self.risk_line(pack, register, line)?))
            })
            .collect();
        self.check_counted_once(&file.points, &lines);
        let level = |(name, own): (&Spanned<Name>, &Level)| {
            (name.value.clone(), RiskLevel { title: own.title.clone(), from: own.from.value })
        };
        Some(Risk {
            name: file.risk.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            register: register.name.clone(),
            days: file.days.value,
            lines,
            levels: file.levels.iter().map(level).collect(),
        })
    }

    fn risk_line(&mut self, pack: &Pack, rated: &Register, line: &Line) -> Option<RiskLine> {
        let (title, each, most, counts) = match line {
            Line::Findings(own) => {
                let counts = self.risk_findings(pack, rated, &own.findings);
                (&own.title, own.each, own.most, counts.map(RiskCounts::Findings))
            }
            Line::Entries(own) => {
                let counts = self.risk_entries(pack, rated, &own.entries);
                (&own.title, own.each, own.most, counts.map(RiskCounts::Entries))
            }
        };
        if each.value == 0 {
            self.fault("risk-each", each.at, "至少一分", "it is one point at least");
        }
        if most.value < each.value {
            let zh = "上限不得低于每一项的分数";
            self.fault("risk-most", most.at, zh, "it is no less than the points of each");
        }
        let counts = counts?;
        Some(RiskLine { title: title.clone(), counts, each: each.value, most: most.value })
    }

    fn risk_findings(
        &mut self,
        pack: &Pack,
        rated: &Register,
        findings: &FindingsOf,
    ) -> Option<RiskFindings> {
        let mut known = findings.kind.iter().all(|kind| self.must_know_kind(kind));
        if let Some(rule) = &findings.rule {
            known &= self.must_know(Kind::Rule, rule, pack.rules.keys().map(Name::as_str));
        }
        if !known {
            return None;
        }
        let name = |own: &Option<Spanned<Name>>| own.as_ref().map(|own| own.value.clone());
        let (kind, rule) = (name(&findings.kind), name(&findings.rule));
        let verdict = findings.verdict;
        let counts = |own: &&Rule| {
            own.subject_of == rated.name
                && kind.as_ref().is_none_or(|kind| own.kind == *kind)
                && verdict.is_none_or(|verdict| own.verdict == verdict)
                && rule.as_ref().is_none_or(|rule| own.name == *rule)
        };
        let rules: BTreeSet<Name> =
            pack.rules.values().filter(counts).map(|own| own.name.clone()).collect();
        if rules.is_empty() {
            let zh = "没有任何规则的发现计入这一项";
            let en = "no rule about this register finds what is counted here";
            self.fault("risk-counts-nothing", self.first_line(findings.at), zh, en);
        }
        Some(RiskFindings { kind, verdict, rule, rules })
    }

    /// A kind that some rule gathers its findings by, whether or not that rule is sound.
    fn must_know_kind(&mut self, kind: &Spanned<Name>) -> bool {
        let parsed = self.parsed;
        let known = parsed.supervision.iter().map(|file| file.kind.value.as_str());
        self.must_know(Kind::Finding, kind, known)
    }

    fn risk_entries(
        &mut self,
        pack: &Pack,
        rated: &Register,
        entries: &EntriesOf,
    ) -> Option<RiskEntries> {
        let known = pack.registers.keys().map(Name::as_str);
        self.must_know(Kind::Register, &entries.register, known);
        let register = pack.registers.get(&entries.register.value)?;
        let named = self.risk_field(register, &entries.names)?;
        if *named != Input::Entry(rated.name.clone()) {
            let zh = format!("该登记项须指向 `{}` 的登记", rated.name);
            let en = format!("it must name an entry of `{}`", rated.name);
            self.faults.push(Fault::new("risk-names", entries.names.at, Text::new(zh, en)));
        }
        if let Some(day) = &entries.day
            && *self.risk_field(register, day)? != Input::Date
        {
            self.fault("risk-day", day.at, "该登记项须为日期", "it must be a day");
        }
        Some(RiskEntries {
            register: register.name.clone(),
            names: entries.names.value.clone(),
            day: entries.day.as_ref().map(|day| day.value.clone()),
        })
    }

    fn risk_field<'r>(
        &mut self,
        register: &'r Register,
        name: &Spanned<Name>,
    ) -> Option<&'r Input> {
        let known: Vec<&str> = register.fields.iter().map(|own| own.name.as_str()).collect();
        self.must_know(Kind::RegisterField, name, known);
        register.field(&name.value).map(|field| &field.input)
    }

    /// The lowest level begins with no points, and each begins higher than the one before.
    fn check_levels(&mut self, file: &RiskFile) {
        let Some(first) = file.levels.values().next() else {
            let at = self.first_line(file.at);
            let zh = "须用 levels 写明分数的含义";
            self.fault("risk-levels", at, zh, "say under `levels` what a sum of points means");
            return;
        };
        if first.from.value != 0 {
            let (zh, en) = ("第一级从零分起", "the first level is from 0 points on");
            self.fault("risk-levels", first.from.at, zh, en);
        }
        let pairs = file.levels.values().zip(file.levels.values().skip(1));
        for (_, next) in pairs.filter(|(own, next)| next.from.value <= own.from.value) {
            let (zh, en) = ("须高于前一级", "it is from more points on than the level before");
            self.fault("risk-levels", next.from.at, zh, en);
        }
    }

    /// A finding gives points by one line only, so that the lines of a rating add up.
    fn check_counted_once(&mut self, written: &Named<Line>, lines: &[(Name, RiskLine)]) {
        let mut counted: BTreeSet<&Name> = BTreeSet::new();
        for (name, line) in lines {
            let RiskCounts::Findings(findings) = &line.counts else { continue };
            let twice = findings.rules.iter().find(|rule| counted.contains(rule));
            let place = written.names().find(|own| own.value == *name).map(|own| own.at);
            if let Some((rule, at)) = twice.zip(place) {
                let zh = format!("`{rule}` 的发现在前面已经计分");
                let en = format!("what `{rule}` finds gives points by a line before");
                self.faults.push(Fault::new("risk-counted-twice", at, Text::new(zh, en)));
            }
            counted.extend(&findings.rules);
        }
    }

    /// The entries of a register have one rating, so that they have one level.
    fn check_rated_once(&mut self) {
        let parsed = self.parsed;
        let mut rated: BTreeMap<&Name, Span> = BTreeMap::new();
        for register in parsed.risks.iter().map(|file| &file.register) {
            if rated.contains_key(&register.value) {
                let zh = "这个登记簿已有评分";
                self.fault("rated-twice", register.at, zh, "another rating rates its entries");
            }
            rated.entry(&register.value).or_insert(register.at);
        }
    }

    /// The boards of a pack.
    pub(super) fn boards(&mut self) -> BTreeMap<Name, Board> {
        let parsed = self.parsed;
        let boards: Vec<_> = parsed
            .boards
            .iter()
            .map(|file| (file.board.clone(), file.at, self.board(file)))
            .collect();
        self.unique(boards)
    }

    fn board(&mut self, file: &BoardFile) -> Board {
        if file.kinds.is_empty() {
            let at = self.first_line(file.at);
            let zh = "须用 kinds 写明显示哪些类别的发现";
            self.fault("board-shows-nothing", at, zh, "say under `kinds` which findings it shows");
        }
        let mut kinds = BTreeSet::new();
        for kind in &file.kinds {
            self.must_know_kind(kind);
            if !kinds.insert(kind.value.clone()) {
                self.fault("shown-twice", kind.at, "重复列出", "it is shown already");
            }
        }
        Board { name: file.board.clone(), title: file.title.clone(), kinds }
    }
}
