//! Which findings a list shows, as its address says it. Whoever counts findings makes the address
//! of what is counted here as well, so that a figure and the list behind it ask the same.

use base::{Date, Division, Instant, Name};
use pack::model::{Board, Risk, RiskFindings, Rule, RuleVerdict};
use serde::Deserialize;
use store::{
    finding::{FindingId, FindingQuery},
    taken_up::finding_id,
};

use crate::web::{
    fault::Fault,
    handle::{district::NOWHERE, escaped},
    visit::Visit,
};

/// Which findings are asked for: everything that is said must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Which {
    /// By this rule.
    rule: String,
    /// By rules whose findings are gathered by this.
    kind: String,
    /// By rules that a board shows.
    board: String,
    /// By rules whose findings mean this.
    verdict: String,
    /// By rules whose findings are about entries of this register.
    register: String,
    /// About this entry.
    pub(super) subject: String,
    /// In this division or one that lies in it; or in none that is known.
    division: String,
    /// Of events from this day on.
    since: String,
    /// `yes` for those found since yesterday.
    new: String,
    /// After this one.
    after: String,
}

impl Which {
    /// What a rule found.
    pub(in crate::web) fn of_rule(rule: &Rule) -> Self {
        Self { rule: rule.name.to_string(), ..Self::default() }
    }

    /// What rules found about an entry.
    pub(in crate::web) fn of_entry(register: &Name, key: &str) -> Self {
        Self { register: register.to_string(), subject: key.to_owned(), ..Self::default() }
    }

    /// What a board shows.
    pub(in crate::web) fn of_board(board: &Board) -> Self {
        Self { board: board.name.to_string(), ..Self::default() }
    }

    /// What gives an entry points by a line of its rating.
    pub(in crate::web) fn of_line(
        risk: &Risk,
        findings: &RiskFindings,
        (subject, since): (&str, Date),
    ) -> Self {
        let text = |name: &Option<Name>| name.as_ref().map(Name::to_string).unwrap_or_default();
        Self {
            rule: text(&findings.rule),
            kind: text(&findings.kind),
            verdict: findings.verdict.map_or("", RuleVerdict::word).to_owned(),
            register: risk.register.to_string(),
            subject: subject.to_owned(),
            since: since.to_string(),
            ..Self::default()
        }
    }

    /// The same where only what is new is asked for.
    pub(in crate::web) fn only_new(self) -> Self {
        Self { new: "yes".to_owned(), ..self }
    }

    /// The same in a division, as an address names it; anywhere where it is empty.
    pub(in crate::web) fn within(self, division: &str) -> Self {
        Self { division: division.to_owned(), ..self }
    }

    /// The same from where a page ends.
    pub(super) fn going_on(&self, after: String) -> Self {
        Self { after, ..self.clone() }
    }

    fn pairs(&self) -> [(&'static str, &String); 9] {
        [
            ("rule", &self.rule),
            ("kind", &self.kind),
            ("board", &self.board),
            ("verdict", &self.verdict),
            ("register", &self.register),
            ("subject", &self.subject),
            ("division", &self.division),
            ("since", &self.since),
            ("new", &self.new),
        ]
    }

    pub(super) fn is_any(&self) -> bool {
        self.pairs().into_iter().all(|(_, value)| value.is_empty())
    }

    /// The address of the list, behind the language.
    pub(in crate::web) fn address(&self) -> String {
        let said = self.pairs().into_iter().chain([("after", &self.after)]);
        let said = said.filter(|(_, value)| !value.is_empty());
        let said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        if said.is_empty() {
            return "/findings".to_owned();
        }
        format!("/findings?{}", said.join("&"))
    }

    fn has(&self, visit: &Visit, rule: &Rule) -> bool {
        let is = |asked: &str, own: &str| asked.is_empty() || asked == own;
        let board = Name::new(&self.board).ok().and_then(|name| visit.pack().boards.get(&name));
        is(&self.rule, rule.name.as_str())
            && is(&self.kind, rule.kind.as_str())
            && is(&self.verdict, rule.verdict.word())
            && is(&self.register, rule.subject_of.as_str())
            && (self.board.is_empty() || board.is_some_and(|board| board.shows(rule)))
    }

    /// The same as what the database is asked.
    pub(in crate::web) fn query(&self, visit: &Visit, limit: u32) -> Result<FindingQuery, Fault> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let after = match self.after.as_str() {
            "" => None,
            text => Some(cursor(text).ok_or(Fault::NoSuchPage)?),
        };
        let by = [&self.rule, &self.kind, &self.board, &self.verdict, &self.register];
        let narrowed = !by.into_iter().all(String::is_empty);
        let rules = visit.pack().rules.values().filter(|rule| self.has(visit, rule));
        let at_since = match self.since.as_str() {
            "" => None,
            text => Some(visit.pack().zone.start_of(Date::parse(text).map_err(Fault::BadAddress)?)),
        };
        Ok(FindingQuery {
            rules: narrowed.then(|| rules.map(|rule| rule.name.clone()).collect()),
            subject: some(&self.subject),
            among: None,
            division: match self.division.as_str() {
                NOWHERE => Some(String::new()),
                text => some(text),
            },
            at_since,
            found_since: (self.new == "yes").then(|| since_yesterday(visit)),
            standing: true,
            after,
            limit,
        })
    }

    /// What is asked for, in words.
    pub(super) fn says(&self, visit: &Visit) -> Vec<String> {
        let (words, pack) = (visit.words, visit.pack());
        let title = |text: &base::Text| text.to(words.0).to_owned();
        let own = Name::new(&self.rule).ok().and_then(|name| pack.rules.get(&name));
        let rule = own.map(|rule| title(&rule.title));
        let own = Name::new(&self.kind).ok().and_then(|name| pack.finding_kinds.get(&name));
        let kind = own.map(title);
        let own = Name::new(&self.board).ok().and_then(|name| pack.boards.get(&name));
        let board = own.map(|board| title(&board.title));
        let own = Name::new(&self.register).ok().and_then(|name| pack.registers.get(&name));
        let register = own.map(|register| title(&register.title));
        let verdict = RuleVerdict::ALL.iter().find(|own| own.word() == self.verdict);
        let says = self.pairs().into_iter().filter(|(_, value)| !value.is_empty());
        let says = says.map(|(name, value)| match name {
            "rule" => rule.clone().unwrap_or_else(|| value.clone()),
            "kind" => kind.clone().unwrap_or_else(|| value.clone()),
            "board" => board.clone().unwrap_or_else(|| value.clone()),
            "register" => register.clone().unwrap_or_else(|| value.clone()),
            "verdict" => verdict.map_or_else(|| value.clone(), |own| super::verdict(visit, *own)),
            "division" if value == NOWHERE => words.t("district-nowhere"),
            "division" => place(visit, value),
            "since" => words.with("findings-since", value),
            "new" => words.t("findings-new-only"),
            _ => value.clone(),
        });
        says.collect()
    }
}

/// The beginning of the day before: what was found from then on is new.
pub(in crate::web) fn since_yesterday(visit: &Visit) -> Instant {
    let day = visit.today().plus_days(-1).unwrap_or(visit.today());
    visit.pack().zone.start_of(day)
}

/// What a division is called, by its code.
pub(super) fn place(visit: &Visit, code: &str) -> String {
    let division = Division::parse(code);
    division.map_or_else(|_| code.to_owned(), |own| visit.shown().place(&own))
}

/// Where a list goes on: moment and finding.
fn cursor(text: &str) -> Option<(Instant, FindingId)> {
    let (at, id) = text.split_once('_')?;
    Some((Instant::from_micros(at.parse().ok()?), finding_id(id)?))
}
