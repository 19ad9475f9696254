//! A case as read by one of those who may: from the case, its pack and its history to the page.

mod accounts;
mod drawing;
mod history;
mod next;
mod opinions;
mod people;
mod service;

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Instant, Name, Term};
use kernel::{
    Case, Deadline, Entry, EntryNumber, Standing,
    case::{EntryKey, Held, Made, Promise, Running},
    decide::live_facts,
    form::Answers,
    ledger::Act,
};
use pack::model::{Follows, Mode, Pack, PackHash, Procedure, Requirement, Step};
use rules::{Value, Verdict};
use store::Registers;

pub(crate) use drawing::{named_in_draw, register_of};

use super::{
    app::People,
    entries::Headings,
    frame::{Frame, Link, Row},
    in_words::InWords,
    pages::{
        case::{
            CasePage, ClockView, ConditionView, DecisionView, Fact, PaperView, PromiseView, Section,
        },
        commitment::CommitmentView,
        service::mode,
        steps::{end, step},
    },
    question::title_of,
    session::hex,
    shown::Shown,
    words::Words,
};

/// A case with what its page is made from.
pub(crate) struct Reading<'a> {
    /// The pack that rules the case, in the reader's language and on this day.
    pub(crate) shown: Shown<'a>,
    /// Its procedure.
    pub(crate) procedure: &'a Procedure,
    /// The pack in force, whose authorities are read live.
    pub(crate) live: &'a Pack,
    /// What the registers say of what the case looks at.
    pub(crate) registers: &'a Registers,
    /// The case.
    pub(crate) case: &'a Case,
    /// Its entries.
    pub(crate) history: &'a [Entry],
    /// The persons whose names may be shown.
    pub(crate) people: &'a People,
    /// What the entries that it names are known by.
    pub(crate) headings: &'a Headings,
    /// From when the pack of the case is in force.
    pub(crate) in_force_from: Option<Instant>,
    /// The answers that a form of the case begins with.
    pub(crate) begun: &'a Answers,
    /// Personal details that the reader has just asked for.
    pub(crate) revealed: BTreeMap<String, String>,
}

impl<'a> Reading<'a> {
    /// The same in another language, but for what entries are known by.
    pub(crate) fn told_in(self, words: Words) -> Reading<'a> {
        Reading { shown: Shown { words, ..self.shown }, ..self }
    }

    /// The page, without anything to do.
    pub(crate) fn page(&self, frame: Frame, key: String) -> CasePage {
        let case = self.case;
        CasePage {
            id: case.id.to_string(),
            service: super::pages::services::Listed::of(self.shown, self.procedure).link,
            action: frame.to(&format!("/cases/{}", case.id)),
            frame,
            key,
            done: String::new(),
            refused: Vec::new(),
            faults: Vec::new(),
            standing: standing(self.shown, self.procedure, &case.standing),
            clock: clock(self.shown, &case.standing).into_iter().collect(),
            applicant: self.applicant(),
            through: self.through(),
            recusals: self.recusals(),
            body: self.shown.body(&case.body),
            filed_at: self.shown.moment(case.filed_at),
            edition: self.edition(),
            edition_from: self.in_force_from.map_or_else(String::new, |from| {
                self.shown.words.with("edition-from", &self.shown.day_of(from))
            }),
            ruled_by: format!("/{}/packs/{}", self.shown.words.code(), case.pack),
            party: self.party(),
            fees: self.fees(),
            extensions: self.extensions(),
            entry: self.entry(),
            touched: self.touched(),
            sections: self.sections(),
            findings: Vec::new(),
            further: String::new(),
            findings_all: String::new(),
            papers: self.papers(),
            promises: self.promises(),
            opinions: self.opinions(),
            drawing: self.drawing(),
            plan: self.layout(),
            conditions: self.conditions().into_iter().map(|(_, own)| own).collect(),
            decisions: self.case.decisions.iter().filter_map(|made| self.decision(made)).collect(),
            history: self.history.iter().map(|entry| self.event(entry)).collect(),
            next: Vec::new(),
            acts: Vec::new(),
            give: Vec::new(),
            beside: String::new(),
        }
    }

    /// What the party of the case is: who applied, or whoever a body acts against.
    fn party(&self) -> String {
        let words = self.shown.words;
        match (&self.procedure.against, &self.case.filed_by) {
            (Some(_), _) => words.t("party-against"),
            (None, Some(_)) => words.t("party-filed-by"),
            (None, None) => words.t("applicant"),
        }
    }

    /// What was charged, or that it was waived.
    fn fees(&self) -> Vec<Row> {
        let words = self.shown.words;
        let fee = |charge: &kernel::case::Charge| {
            let fee = self.procedure.fees.get(&charge.fee);
            let title = fee.map_or(charge.fee.as_str(), |fee| fee.title.to(words.0)).to_owned();
            let text = match charge.amount {
                Some(fen) => words.with("yuan", &fen.to_string()),
                None => words.t("act-waived"),
            };
            Row { title, text, href: String::new() }
        };
        self.case.charges.iter().map(fee).collect()
    }

    /// The steps whose time was made longer, each with by how much.
    fn extensions(&self) -> Vec<String> {
        let made = self.case.extensions.iter().map(|made| {
            let outcome = self.procedure.outcome(&made.step, &made.outcome);
            let by = match outcome.map(|outcome| &outcome.follows) {
                Some(Follows::Extend(extend)) => self.shown.term(extend.by.term),
                _ => String::new(),
            };
            let at = step(self.shown, self.procedure, &made.step);
            self.shown.words.with_both("extended-at", &at, &by)
        });
        made.collect()
    }

    /// The entries of others that its decisions changed.
    fn touched(&self) -> Vec<Link> {
        let touched = self.case.decisions.iter().flat_map(|made| &made.touched);
        let mut seen = BTreeSet::new();
        touched.filter(|key| seen.insert(*key)).filter_map(|key| self.entry_link(key)).collect()
    }

    /// The entries the case made, and the certificates its decisions issued.
    fn entry(&self) -> Vec<Link> {
        let code = self.shown.words.code();
        let records = self.case.decisions.iter().flat_map(|made| &made.records);
        let mut links: Vec<Link> =
            self.case.entry.iter().chain(records).filter_map(|key| self.entry_link(key)).collect();
        let Some(entry) = &self.case.entry else { return links };
        let register = self.shown.pack.registers.get(&entry.register);
        for made in &self.case.decisions {
            let decision = self.procedure.decision(made.step.as_str());
            let issued = decision.and_then(|decision| decision.issues.as_ref());
            let issued = issued
                .zip(register)
                .and_then(|(kind, register)| register.certificates.get_key_value(kind));
            links.extend(issued.map(|(name, certificate)| Link {
                href: format!("/{code}/certificates/{}/{}?kind={name}", entry.register, entry.key),
                text: certificate.title.to(self.shown.words.0).to_owned(),
            }));
        }
        links
    }

    fn entry_link(&self, entry: &EntryKey) -> Option<Link> {
        let register = self.shown.pack.registers.get(&entry.register)?;
        let Link { href, text } = self.headings.link(self.shown, &entry.register, &entry.key);
        Some(Link { href, text: format!("{} · {text}", register.title.to(self.shown.words.0)) })
    }

    /// The form as answered, then what was filled in later with the outcomes chosen.
    fn sections(&self) -> Vec<Section> {
        let section = |section: &pack::model::Section, filled: bool| Section {
            title: section.title.to(self.shown.words.0).to_owned(),
            later: filled,
            facts: section.fields.iter().filter_map(|field| self.fact(field)).collect(),
        };
        let mut seen = BTreeSet::new();
        let later = self.procedure.asked().filter(|asked| seen.insert(&asked.name));
        let form = self.procedure.form.iter().map(|asked| section(asked, false));
        self.about_applicant()
            .into_iter()
            .chain(form)
            .chain(later.map(|asked| section(asked, true)))
            .chain(self.signature())
            .collect()
    }

    fn fact(&self, field: &pack::model::Field) -> Option<Fact> {
        let value = self.case.facts.get(&field.path)?;
        let revealed = self.revealed.get(&field.path);
        let sealed = *value == Value::Sealed && revealed.is_none();
        let said = self.headings.value(self.shown, &field.input, value);
        Some(Fact {
            title: field.title.to(self.shown.words.0).to_owned(),
            text: match revealed {
                Some(text) => text.clone(),
                None => said.text,
            },
            href: said.href,
            sealed: if sealed { field.path.clone() } else { String::new() },
        })
    }

    fn papers(&self) -> Vec<PaperView> {
        let code = self.shown.words.code();
        let paper = |(name, paper): (&Name, &kernel::ledger::Paper)| PaperView {
            title: title_of(self.shown, self.procedure, name.as_str()),
            how: mode(self.shown, paper.mode),
            href: match paper.mode {
                Mode::Upload => format!("/{code}/cases/{}/papers/{name}", self.case.id),
                Mode::Shared => String::new(),
            },
            digest: hex(&paper.digest).chars().take(12).collect(),
        };
        let through = self.history.first().and_then(|entry| match &entry.act {
            Act::Filed(filed) => filed.through.shown(),
            _ => None,
        });
        let through = through.map(|(name, paper)| PaperView {
            title: self.shown.words.t("for-paper"),
            how: mode(self.shown, paper.mode),
            href: format!("/{code}/cases/{}/papers/{name}", self.case.id),
            digest: hex(&paper.digest).chars().take(12).collect(),
        });
        through.into_iter().chain(self.case.materials.iter().map(paper)).collect()
    }

    /// The conditions as they stand now. Once a case has ended they are of no use to anybody, and
    /// the entry that it made itself would count against it; so would it while the case goes on,
    /// where only what a promise stands in for is still to be looked at, and all where it is still
    /// to be judged whether they are met.
    pub(super) fn conditions(&self) -> Vec<(Name, ConditionView)> {
        if matches!(self.case.standing, Standing::Ended { .. } | Standing::Withdrawn) {
            return Vec::new();
        }
        let moment = self.registers.moment();
        let facts = live_facts(self.shown.pack, self.case, self.registers, moment);
        let words = self.shown.words;
        let condition = |requirement: &Requirement| {
            let (verdict, mark) = match requirement.verdict(&facts) {
                Verdict::True => (words.t("verdict-met"), "good"),
                Verdict::False => (words.t("verdict-not-met"), "bad"),
                Verdict::Undetermined { .. } if self.promised(&requirement.name) => {
                    (words.t("verdict-promised"), "open")
                }
                Verdict::Undetermined { missing } => {
                    let missing = missing.iter();
                    let in_words = InWords::of(self.shown, self.procedure);
                    let titles = missing.map(|item| in_words.name(item));
                    let titles = titles.collect::<Vec<_>>().join(words.comma());
                    (words.with("verdict-open", &titles), "open")
                }
            };
            let says = requirement.says.to(words.0).to_owned();
            let cited = self.shown.cited(&requirement.basis);
            (requirement.name.clone(), ConditionView { says, verdict, mark, cited })
        };
        let at = self.case.standing.step().and_then(|step| self.procedure.steps.get(step));
        let outcomes = at.map(Step::outcomes).unwrap_or_default();
        let judged = self.case.entry.is_some() && !outcomes.iter().any(|(_, own)| own.needs_met);
        let open = |own: &&Requirement| !judged || self.promised(&own.name);
        self.procedure.requires.iter().filter(open).map(condition).collect()
    }

    /// The conditions that hold by what the case states and the registers say.
    pub(super) fn met(&self) -> BTreeSet<Name> {
        let conditions = self.conditions().into_iter();
        conditions.filter(|(_, own)| own.mark == "good").map(|(name, _)| name).collect()
    }

    /// Whether a signed promise stands in for a condition that is still to be checked.
    fn promised(&self, requirement: &Name) -> bool {
        if matches!(self.case.standing, Standing::Ended { .. } | Standing::Withdrawn) {
            return false;
        }
        let mut open =
            self.case.promises.iter().filter(|(_, promise)| **promise == Promise::Signed);
        open.any(|(name, _)| {
            let commitment = self.procedure.commitments.get(name);
            commitment.is_some_and(|commitment| commitment.covers.contains(requirement))
        })
    }

    /// A decision in words; none of a step that its procedure does not have.
    pub(crate) fn decision(&self, made: &Made) -> Option<DecisionView> {
        let decision = self.procedure.decision(made.step.as_str())?;
        let (words, case) = (self.shown.words, self.case.id);
        let then = Shown { day: self.shown.pack.zone.day_of(made.at), ..self.shown };
        Some(DecisionView {
            title: decision.title.to(words.0).to_owned(),
            notice: decision.notice.to(words.0).to_owned(),
            reasons: self.reasons_for(made.number).to_owned(),
            by: then.body(&made.by),
            at: self.shown.moment(made.at),
            number: self.shown.number(made.number),
            remedies: made.remedies.iter().map(|(n, due)| self.remedy(n, *due)).collect(),
            served: self.served(made),
            paper: format!("/{}/cases/{case}/decisions/{}/notice.pdf", words.code(), made.number.0),
        })
    }

    /// The reasons given for a decision: those of the choice that led to it. A decision that time
    /// alone has made has none but its notice.
    fn reasons_for(&self, decision: EntryNumber) -> &str {
        let before = self.history.iter().rev().filter(|entry| entry.number < decision);
        let mut causes = before
            .map(|entry| &entry.act)
            .skip_while(|act| matches!(act, Act::Decided(_) | Act::Served(_) | Act::Turned(_)));
        match causes.next() {
            Some(Act::Chose(chose)) => &chose.reasons,
            Some(Act::Answered(answered)) => &answered.reasons,
            _ => "",
        }
    }

    /// The promises signed, and how each stands.
    fn promises(&self) -> Vec<PromiseView> {
        let words = self.shown.words;
        let promise = |(name, promise): (&Name, &Promise)| {
            let (standing, mark) = match promise {
                Promise::Signed => (words.t("promise-signed"), "open"),
                Promise::Kept(by) => (words.with("promise-kept", &self.shown.number(*by)), "good"),
                Promise::Broken(by) => {
                    (words.with("promise-broken", &self.shown.number(*by)), "bad")
                }
            };
            let commitment = self.procedure.commitments.get(name)?;
            let commitment = CommitmentView::of(self.shown, self.procedure, name, commitment);
            Some(PromiseView { commitment, standing, mark })
        };
        self.case.promises.iter().filter_map(promise).collect()
    }

    /// A remedy with its last day.
    pub(crate) fn remedy(&self, name: &Name, due: Deadline) -> String {
        let key = if due.provisional { "remedy-until-provisional" } else { "remedy-until" };
        let on = due.on.to_string();
        self.shown.words.with_both(key, &self.remedy_title(name), &on)
    }

    /// What a remedy is called.
    pub(crate) fn remedy_title(&self, name: &Name) -> String {
        let remedy = self.shown.pack.remedies.get(name);
        remedy.map_or_else(|| name.to_string(), |r| r.title.to(self.shown.words.0).to_owned())
    }

    /// The edition that rules the case, and since when where it was filed under another.
    fn edition(&self) -> String {
        let Shown { pack, words, .. } = self.shown;
        let edition = words.with_both("edition", pack.title.to(words.0), &short(pack.hash));
        let moved = |entry: &&Entry| matches!(entry.act, Act::Migrated(_));
        match self.history.iter().rfind(moved) {
            Some(entry) => words.with_both("edition-moved", &edition, &self.shown.moment(entry.at)),
            None => edition,
        }
    }
}

/// The beginning of a pack's hash, by which an edition can be recognised.
pub(crate) fn short(hash: PackHash) -> String {
    hash.to_string().chars().take(12).collect()
}

/// How a case stands, in words.
pub(crate) fn standing(shown: Shown<'_>, procedure: &Procedure, standing: &Standing) -> String {
    match standing {
        Standing::At { step: at, .. } | Standing::Reviewing { step: at, .. } => {
            shown.words.with("standing-at", &step(shown, procedure, at))
        }
        Standing::Stopped { step: at, .. } => {
            shown.words.with("standing-stopped", &step(shown, procedure, at))
        }
        Standing::Supplementing { .. } => shown.words.t("standing-supplementing"),
        Standing::Ended { end: at } => {
            shown.words.with("standing-ended", &end(shown, procedure, at))
        }
        Standing::Challenged { .. } => shown.words.t("standing-challenged"),
        Standing::Withdrawn => shown.words.t("standing-withdrawn"),
    }
}

fn clock(shown: Shown<'_>, standing: &Standing) -> Option<ClockView> {
    let Running { counted_from: from, term, due } = *standing.runs()?;
    let (until, stopped) = match standing {
        Standing::Supplementing { held: Held { left, .. }, .. } => {
            ("due-supplement", kept(shown, *left))
        }
        Standing::Stopped { held: Held { left, .. }, .. } => ("due-stop", kept(shown, *left)),
        _ => ("due-on", String::new()),
    };
    Some(ClockView {
        due: shown.words.with(until, &due.on.to_string()),
        left: days_left(shown, due.on),
        late: due.on < shown.day,
        account: account(shown, from, term),
        provisional: due.provisional,
        stopped,
    })
}

/// From which day the term counts, and how long it is.
fn account(shown: Shown<'_>, from: Date, term: Term) -> String {
    let from = from.to_string();
    if term == Term::on_the_spot() {
        return shown.words.with("clock-on-the-spot", &from);
    }
    shown.words.with_both("clock-account", &from, &shown.term(term))
}

fn kept(shown: Shown<'_>, left: Term) -> String {
    shown.words.with("clock-stopped", &shown.term(left))
}

/// How many days are left until a day, or how many it is past.
pub(crate) fn days_left(shown: Shown<'_>, due_on: Date) -> String {
    match shown.day.days_until(due_on) {
        0 => shown.words.t("due-today"),
        days if days > 0 => shown.words.n("days-left", &days),
        days => shown.words.n("days-over", &days.saturating_neg()),
    }
}
