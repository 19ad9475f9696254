//! A case as read by one of those who may: from the case, its pack and its history to the page.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Name, Term};
use kernel::{
    Actor, Case, Deadline, Entry, EntryNumber, PartyId, Standing,
    case::{EntryKey, Held, Made, Part, Parts, Promise, Recusal, Running, Service, Speaks},
    decide::{body_of, live_facts},
    ledger::{Act, Answered, Migrated, Served},
};
use pack::model::{Counts, Follows, Mode, Pack, PackHash, Procedure, Review};
use rules::{Value, Verdict};
use store::Registers;

use super::{
    app::People,
    entries::Headings,
    frame::{Frame, Link, Row},
    handle::behalf::SEALED,
    in_words::InWords,
    pages::{
        case::{
            CasePage, ClockView, ConditionView, DecisionView, Event, Fact, OpinionView, PaperView,
            PromiseView, RecusalView, Section,
        },
        commitment::CommitmentView,
        service::mode,
        steps::{end, step},
    },
    question::title_of,
    session::hex,
    shown::Shown,
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
    /// Personal details that the reader has just asked for.
    pub(crate) revealed: BTreeMap<String, String>,
}

impl Reading<'_> {
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
            party: self.party(),
            fees: self.fees(),
            extensions: self.extensions(),
            entry: self.entry(),
            touched: self.touched(),
            sections: self.sections(),
            papers: self.papers(),
            promises: self.promises(),
            opinions: self.opinions(),
            conditions: self.conditions(),
            decisions: self.decisions(),
            history: self.history.iter().map(|entry| self.event(entry)).collect(),
            acts: Vec::new(),
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

    fn applicant(&self) -> String {
        self.named(self.case.applicant).unwrap_or_else(|| self.shown.words.t("who-applicant"))
    }

    /// The name of somebody who may be named.
    fn named(&self, of: PartyId) -> Option<String> {
        let own = |person: &&super::app::Person| match &person.role {
            super::app::Role::Applicant { party } => *party == of,
            super::app::Role::Officer { party, .. } => *party == of,
        };
        let person = self.people.0.iter().find(own);
        person.map(|person| person.name.to(self.shown.words.0).to_owned())
    }

    /// Who speaks for the applicant.
    fn through(&self) -> String {
        let words = self.shown.words;
        let by = |key: &str, person| {
            words.with(key, &self.named(person).unwrap_or_else(|| words.t("who-somebody")))
        };
        match &self.case.speaks {
            Speaks::Nobody => String::new(),
            Speaks::Agent(person) => by("through-agent", *person),
            Speaks::Guardian(person) => by("through-guardian", *person),
            Speaks::Counter(body) => words.with("through-counter", &self.shown.body(body)),
        }
    }

    /// An officer of the case: the name where it may be shown, and the body.
    pub(crate) fn officer(&self, officer: PartyId) -> String {
        let mut hands = self.case.hands.iter();
        let body = hands.find(|(_, officers)| officers.contains(&officer)).map(|(body, _)| body);
        let body = body.map(|body| self.shown.body(body)).unwrap_or_default();
        let name = self.named(officer).unwrap_or_else(|| {
            // Who has no name here is told from colleagues by the first entry.
            let acted = |entry: &&Entry| matches!(entry.by, Actor::Officer(by, _) if by == officer);
            let first = self.history.iter().find(acted);
            first.map(|entry| self.shown.number(entry.number)).unwrap_or_default()
        });
        self.shown.words.with_both("officer-of", &body, &name)
    }

    /// What the party says against an officer; empty where it said nothing.
    pub(crate) fn grounds_against(&self, officer: PartyId) -> &str {
        let grounds = self.history.iter().rev().find_map(|entry| match &entry.act {
            Act::RecusalAsked(asked) if asked.officer == officer => Some(asked.grounds.as_str()),
            _ => None,
        });
        grounds.unwrap_or_default()
    }

    fn recusals(&self) -> Vec<RecusalView> {
        let words = self.shown.words;
        let view = |(officer, recusal): (&PartyId, &Recusal)| {
            let (key, mark, number) = match recusal {
                Recusal::Asked(number) => ("recusal-asked", "open", number),
                Recusal::Aside(number) => ("recusal-aside", "bad", number),
                Recusal::Stays(number) => ("recusal-stays", "good", number),
            };
            let entry = self.history.iter().find(|entry| entry.number == *number);
            RecusalView {
                officer: self.officer(*officer),
                standing: words.t(key),
                mark,
                reasons: entry.map(|entry| reasons(&entry.act)).unwrap_or_default().to_owned(),
            }
        };
        self.case.recusals.iter().map(view).collect()
    }

    /// When and how a decision was served, or until when it must be.
    fn served(&self, made: &Made) -> String {
        let words = self.shown.words;
        if let Service::Owed(due) = made.service {
            return words.with("serve-by", &due.on.to_string());
        }
        let served = self.history.iter().find_map(|entry| match &entry.act {
            Act::Served(served) if served.decision == made.number => Some(served),
            _ => None,
        });
        served.map(|served| self.service(served)).unwrap_or_default()
    }

    fn service(&self, served: &Served) -> String {
        let (words, on) = (self.shown.words, served.on.to_string());
        let service = self.shown.pack.service.as_ref();
        let way = served.way.as_ref().map(|name| {
            let way = service.and_then(|service| service.ways.get(name));
            let title = way.map(|way| way.title.to(words.0).to_owned());
            title.unwrap_or_else(|| name.to_string())
        });
        let portal = || service.map(|service| service.portal.title.to(words.0).to_owned());
        let way = way.or_else(portal).unwrap_or_else(|| words.t("service-portal"));
        words.with_both("served-on", &on, &way)
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
            .collect()
    }

    /// What the vault keeps of an applicant for whom somebody else filed.
    fn about_applicant(&self) -> Option<Section> {
        let words = self.shown.words;
        let fact = |(path, title): &(&str, &str)| Fact {
            title: words.t(title),
            text: self.revealed.get(*path).cloned().unwrap_or_default(),
            href: String::new(),
            sealed: match self.revealed.contains_key(*path) {
                true => String::new(),
                false => (*path).to_owned(),
            },
        };
        let facts = SEALED.iter().map(fact).collect();
        let title = words.t("applicant");
        let told = self.case.speaks != Speaks::Nobody;
        told.then_some(Section { title, later: false, facts })
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

    fn conditions(&self) -> Vec<ConditionView> {
        let moment = self.registers.moment();
        let facts = live_facts(self.shown.pack, self.case, self.registers, moment);
        let words = self.shown.words;
        let condition = |requirement: &pack::model::Requirement| {
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
            ConditionView { says, verdict, mark, cited: self.shown.cited(&requirement.basis) }
        };
        self.procedure.requires.iter().map(condition).collect()
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

    fn decisions(&self) -> Vec<DecisionView> {
        let made = self.case.decisions.iter().filter_map(|made| {
            let decision = self.procedure.decision(made.step.as_str())?;
            let then = Shown { day: self.shown.pack.zone.day_of(made.at), ..self.shown };
            Some(DecisionView {
                title: decision.title.to(self.shown.words.0).to_owned(),
                notice: decision.notice.to(self.shown.words.0).to_owned(),
                reasons: self.reasons_for(made.number).to_owned(),
                by: then.body(&made.by),
                at: self.shown.moment(made.at),
                number: self.shown.number(made.number),
                remedies: made.remedies.iter().map(|(n, due)| self.remedy(n, *due)).collect(),
                served: self.served(made),
            })
        });
        made.collect()
    }

    /// The reasons given for a decision: those of the choice that led to it. A decision that time
    /// alone has made has none but its notice.
    fn reasons_for(&self, decision: EntryNumber) -> &str {
        let before = self.history.iter().rev().filter(|entry| entry.number < decision);
        let mut causes = before
            .map(|entry| &entry.act)
            .skip_while(|act| matches!(act, Act::Decided(_) | Act::Served(_)));
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

    /// What the bodies asked in reviews have answered, and who has not answered yet.
    fn opinions(&self) -> Vec<OpinionView> {
        let steps = self.procedure.steps.keys();
        let reviews = steps.filter_map(|name| Some((name, self.procedure.review(name.as_str())?)));
        reviews.flat_map(|(name, review)| self.opinions_in(name, review)).collect()
    }

    fn opinions_in(&self, step: &Name, review: &Review) -> Vec<OpinionView> {
        let open = self.open_parts(step);
        let opinion = |name: &Name, part: &pack::model::Part| {
            let given = self.history.iter().rev().find_map(|entry| match &entry.act {
                Act::Answered(given) if given.step == *step && given.part == *name => {
                    Some((entry, given))
                }
                _ => None,
            });
            let waits = open.get(name);
            let (answer, mark, when, reasons) = match (waits, given) {
                (Some(when), _) => (self.shown.words.t("opinion-open"), "open", when.clone(), ""),
                (None, Some((entry, given))) => {
                    let answer = review.answer(&given.answer);
                    let title = answer.map(|answer| answer.title.to(self.shown.words.0));
                    let title = title.unwrap_or(given.answer.as_str()).to_owned();
                    let mark = mark(answer.map(|answer| answer.counts));
                    (title, mark, self.shown.moment(entry.at), given.reasons.as_str())
                }
                (None, None) => return None,
            };
            // Who has answered is who answered, whoever would be asked today.
            let answered_by = given.filter(|_| waits.is_none()).map(|(entry, _)| &entry.by);
            let body = match answered_by {
                Some(Actor::Officer(_, body)) => Some(body.clone()),
                _ => body_of(self.shown.pack, self.case, name),
            };
            Some(OpinionView {
                part: part.title.to(self.shown.words.0).to_owned(),
                body: body.map(|body| self.shown.body(&body)).unwrap_or_default(),
                answer,
                mark,
                when,
                reasons: reasons.to_owned(),
                filled: given
                    .filter(|_| waits.is_none())
                    .map(|(_, given)| self.filled(review, given))
                    .unwrap_or_default(),
            })
        };
        review.parts.iter().filter_map(|(name, part)| opinion(name, part)).collect()
    }

    /// What who answered filled in.
    fn filled(&self, review: &Review, given: &Answered) -> Vec<Row> {
        let answer = review.answer(&given.answer);
        let sections = answer.into_iter().flat_map(|answer| &answer.asks);
        let fields = sections.flat_map(|section| &section.fields);
        let row = |field: &pack::model::Field| {
            let said = given.facts.get(&field.path)?;
            let value = self.headings.value(self.shown, &field.input, said);
            let title = field.title.to(self.shown.words.0).to_owned();
            Some(Row { title, text: value.text, href: value.href })
        };
        fields.filter_map(row).collect()
    }

    /// The parts of a review that are still open, each with when it is due, or what is left of its
    /// time while the clock stands still.
    fn open_parts(&self, at: &Name) -> BTreeMap<Name, String> {
        fn open<T>(parts: &Parts<T>, time: impl Fn(&T) -> String) -> BTreeMap<Name, String> {
            let open = parts.iter().filter_map(|(name, part)| match part {
                Part::Awaited(kept) => Some((name.clone(), time(kept))),
                Part::Answered { .. } => None,
            });
            open.collect()
        }
        match &self.case.standing {
            Standing::Reviewing { step, parts, .. } if step == at => {
                let due = |runs: &Running| runs.due.on.to_string();
                open(parts, |runs| self.shown.words.with("due-on", &due(runs)))
            }
            Standing::Supplementing { step, held, .. } | Standing::Stopped { step, held, .. }
                if step == at =>
            {
                open(&held.parts, |left| kept(self.shown, *left))
            }
            _ => BTreeMap::new(),
        }
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

    fn event(&self, entry: &Entry) -> Event {
        let then = Shown { day: self.shown.pack.zone.day_of(entry.at), ..self.shown };
        Event {
            number: entry.number.0,
            at: self.shown.moment(entry.at),
            who: self.who(then, &entry.by),
            what: self.what(then, &entry.act, &entry.by),
            reasons: reasons(&entry.act).to_owned(),
        }
    }

    fn who(&self, then: Shown<'_>, actor: &Actor) -> String {
        let speaks = match (actor, &self.case.speaks) {
            (Actor::Party(party), Speaks::Agent(person)) if party == person => "who-agent",
            (Actor::Party(party), Speaks::Guardian(person)) if party == person => "who-guardian",
            _ => "",
        };
        match actor {
            Actor::Party(_) if !speaks.is_empty() => then.words.t(speaks),
            Actor::Party(_) if self.procedure.against.is_some() => then.words.t("party-against"),
            Actor::Party(_) => then.words.t("who-applicant"),
            Actor::Officer(_, body) => then.body(body),
            Actor::Clock => then.words.t("who-clock"),
        }
    }

    fn what(&self, then: Shown<'_>, act: &Act, by: &Actor) -> String {
        let words = then.words;
        match act {
            Act::Filed(_) => words.t("act-filed"),
            Act::Chose(chose) => {
                let key = if *by == Actor::Clock { "act-deemed" } else { "act-chose" };
                let outcome = self.outcome(&chose.step, &chose.outcome);
                words.with_both(key, &step(then, self.procedure, &chose.step), &outcome)
            }
            Act::Answered(given) => {
                let key = if *by == Actor::Clock { "act-deemed" } else { "act-chose" };
                let (part, answer) = self.opinion_titles(&given.step, &given.part, &given.answer);
                words.with_both(key, &part, &answer)
            }
            Act::Stopped(stopped) => words.with("act-stopped", &then.ground(stopped.ground)),
            Act::Resumed(_) if *by == Actor::Clock => words.t("act-stop-over"),
            Act::Resumed(_) => words.t("act-resumed"),
            Act::Extended(_) => words.t("act-extended"),
            Act::Charged(charged) => match charged.amount {
                Some(fen) => words.with("act-charged", &fen.to_string()),
                None => words.t("act-waived"),
            },
            Act::SupplementAsked(asked) => words.with("act-asked", &self.items(&asked.items)),
            Act::Supplied(supplied) => {
                let papers = supplied.materials.keys().map(Name::to_string);
                let items: Vec<String> = supplied.facts.keys().cloned().chain(papers).collect();
                words.with("act-supplied", &self.items(&items))
            }
            Act::RanOut(stage) => words.with("act-ran-out", &step(then, self.procedure, stage)),
            Act::Decided(decided) => {
                words.with("act-decided", &step(then, self.procedure, &decided.step))
            }
            Act::Served(served) => {
                let number = served.decision.0.to_string();
                words.with_both("act-served", &number, &self.service(served))
            }
            Act::RecusalAsked(asked) => {
                words.with("act-recusal-asked", &self.officer(asked.officer))
            }
            Act::Recused(recused) => {
                let key = if recused.aside { "act-recused" } else { "act-not-recused" };
                words.with(key, &self.officer(recused.officer))
            }
            Act::Withdrew(_) => words.t("act-withdrew"),
            Act::Appealed(appealed) => words.with_both(
                "act-appealed",
                &self.remedy_title(&appealed.remedy),
                &then.body(&appealed.heard_by),
            ),
            Act::Ruled(ruled) if ruled.upheld => words.t("act-ruled-for"),
            Act::Ruled(_) => words.t("act-ruled-against"),
            Act::Corrected(_) => words.t("act-corrected"),
            Act::Redated(due) => words.with("act-redated", &due.on.to_string()),
            Act::CalendarAdopted(_) => words.t("act-calendar"),
            Act::PackAdopted(_) => words.t("act-pack"),
            Act::Migrated(migrated) => {
                words.with_both("act-migrated", &short(migrated.pack), &self.plan(migrated))
            }
        }
    }

    /// What the plan is called by which the case moved.
    fn plan(&self, migrated: &Migrated) -> String {
        let pack = self.shown.pack;
        let plan = pack.migrations.get(&migrated.migration).filter(|_| pack.hash == migrated.pack);
        let title = plan.map(|plan| plan.title.to(self.shown.words.0).to_owned());
        title.unwrap_or_else(|| migrated.migration.to_string())
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

    fn outcome(&self, step: &Name, outcome: &Name) -> String {
        let found = self.procedure.outcome(step, outcome);
        let title = found.map(|outcome| outcome.title.to(self.shown.words.0).to_owned());
        title.unwrap_or_else(|| outcome.to_string())
    }

    /// What a part of a review, and an answer to it, are called.
    fn opinion_titles(&self, step: &Name, part: &Name, answer: &Name) -> (String, String) {
        let language = self.shown.words.0;
        let review = self.procedure.review(step.as_str());
        let asked = review.and_then(|review| review.part(part)).map(|p| p.title.to(language));
        let given = review.and_then(|review| review.answer(answer)).map(|a| a.title.to(language));
        (asked.unwrap_or(part.as_str()).to_owned(), given.unwrap_or(answer.as_str()).to_owned())
    }

    fn items(&self, items: &[String]) -> String {
        let titles = items.iter().map(|item| title_of(self.shown, self.procedure, item));
        titles.collect::<Vec<_>>().join(self.shown.words.comma())
    }
}

/// The beginning of a pack's hash, by which an edition can be recognised.
fn short(hash: PackHash) -> String {
    hash.to_string().chars().take(12).collect()
}

fn reasons(act: &Act) -> &str {
    match act {
        Act::Chose(chose) => &chose.reasons,
        Act::Answered(given) => &given.reasons,
        Act::Stopped(stopped) => &stopped.reasons,
        Act::Extended(extended) => &extended.reasons,
        Act::SupplementAsked(asked) => &asked.reasons,
        Act::Withdrew(reasons) | Act::Resumed(reasons) => reasons,
        Act::Appealed(appealed) => &appealed.grounds,
        Act::Ruled(ruled) => &ruled.reasons,
        Act::Corrected(corrected) => &corrected.reasons,
        Act::Served(served) => &served.proof,
        Act::RecusalAsked(asked) => &asked.grounds,
        Act::Recused(recused) => &recused.reasons,
        Act::Filed(_)
        | Act::Supplied(_)
        | Act::RanOut(_)
        | Act::Decided(_)
        | Act::CalendarAdopted(_)
        | Act::Redated(_)
        | Act::Charged(_)
        | Act::Migrated(_)
        | Act::PackAdopted(_) => "",
    }
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

/// What an answer counts as, as a style.
fn mark(counts: Option<Counts>) -> &'static str {
    match counts {
        Some(Counts::Approves) => "good",
        Some(Counts::Refuses) => "bad",
        Some(Counts::Abstains) | None => "open",
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
