//! A case as it stands after each of its entries.

use std::collections::{BTreeMap, BTreeSet};

use base::Name;
use pack::model::Settled;

use super::{
    AdoptedDraft, Asked, Case, CaseLayout, Charge, EntryKey, Given, Made, Part, Promise, Recusal,
    Service, Speaks, Standing, StopMade, TextOnFile,
};
use crate::{
    ledger::{
        Act, Actor, Answered, CaseId, Decided, Entry, EntryNumber, Filed, Migrated, Ruled, Through,
    },
    register::Change,
};

impl Case {
    /// The case that `entry` opens or carries on; `None` when the entry belongs to no case, or to
    /// another one.
    pub fn fold(case: Option<Self>, entry: &Entry) -> Option<Self> {
        let on = entry.case.as_ref()?;
        let mut case = match (&entry.act, case) {
            (Act::Filed(filed), None) => Self::opened(filed, on.id, entry, on.standing.clone()),
            (_, Some(case)) if case.id == on.id => case,
            _ => return None,
        };
        case.note(entry);
        case.note_clerk(entry);
        // Who adopts a pack has no hand in the cases that its plans move, nor who gives a case to
        // somebody in that case.
        if let Actor::Officer(officer, body) = &entry.by
            && !matches!(entry.act, Act::Migrated(_) | Act::Assigned(_))
        {
            case.hands.entry(body.clone()).or_default().insert(*officer);
        }
        case.forget_answers(&on.standing);
        case.standing = on.standing.clone();
        case.last = entry.number;
        case.last_at = entry.at;
        Some(case)
    }

    fn opened(filed: &Filed, id: CaseId, entry: &Entry, standing: Standing) -> Self {
        Self {
            id,
            procedure: filed.procedure.clone(),
            pack: filed.pack,
            applicant: filed.applicant,
            subjects: filed.subjects.clone(),
            body: filed.body.clone(),
            filed_at: entry.at,
            facts: filed.facts.clone(),
            materials: filed.materials.clone(),
            asked: BTreeMap::new(),
            decisions: Vec::new(),
            entry: None,
            standing,
            last: entry.number,
            last_at: entry.at,
            stops: Vec::new(),
            promises: filed.commitments.iter().map(|c| (c.clone(), Promise::Signed)).collect(),
            hands: BTreeMap::new(),
            answers: BTreeMap::new(),
            extensions: Vec::new(),
            charges: Vec::new(),
            settled: filed.settled.clone(),
            filed_by: match (&entry.by, &filed.through) {
                (Actor::Officer(_, body), Through::Own) => Some(body.clone()),
                _ => None,
            },
            speaks: match (&entry.by, &filed.through) {
                (Actor::Party(agent), Through::Agent(_)) => Speaks::Agent(*agent),
                (Actor::Party(guardian), Through::Guardian(_)) => Speaks::Guardian(*guardian),
                (Actor::Officer(_, body), Through::Counter) => Speaks::Counter(body.clone()),
                _ => Speaks::Nobody,
            },
            on_paper: filed.on_paper,
            recusals: BTreeMap::new(),
            clerks: BTreeSet::new(),
            handled: None,
            assigned: BTreeMap::new(),
            frozen: None,
            drawn: None,
            layout: None,
        }
    }

    /// An officer who speaks for the applicant at the counter is no longer one who decides.
    fn note_clerk(&mut self, entry: &Entry) {
        let said = match &entry.act {
            Act::Filed(_)
            | Act::Supplied(_)
            | Act::Withdrew(_)
            | Act::Appealed(_)
            | Act::RecusalAsked(_) => true,
            Act::Chose(chose) => chose.by_applicant,
            _ => false,
        };
        if let (true, Speaks::Counter(_), Actor::Officer(officer, _)) =
            (said, &self.speaks, &entry.by)
        {
            self.clerks.insert(*officer);
        }
    }

    /// A review that begins anew has no answers yet.
    fn forget_answers(&mut self, standing: &Standing) {
        if let Standing::Reviewing { step, parts, .. } = standing
            && parts.values().all(|part| matches!(part, Part::Awaited(_)))
        {
            self.answers.remove(step);
        }
    }

    fn note(&mut self, entry: &Entry) {
        match &entry.act {
            Act::SupplementAsked(asked) => self.note_asked(&asked.step, &asked.items),
            Act::Supplied(supplied) => {
                self.facts.extend(supplied.facts.clone());
                self.materials.extend(supplied.materials.clone());
                self.settled.extend(supplied.settled.clone());
            }
            Act::Stopped(stopped) => self
                .stops
                .push(StopMade { step: stopped.step.clone(), outcome: stopped.outcome.clone() }),
            Act::Decided(decided) => self.note_decided(decided, entry),
            Act::Served(served) => {
                for made in self.made(served.decision) {
                    made.remedies = served.remedies.clone();
                    made.service = Service::Done(served.on);
                }
            }
            // A remedy is taken once; a decision set aside can no longer be challenged.
            Act::Appealed(appealed) => {
                for made in self.made(appealed.decision) {
                    made.remedies.remove(&appealed.remedy);
                    made.taken.insert(appealed.remedy.clone());
                }
            }
            Act::Ruled(ruled) if ruled.upheld => self.note_set_aside(ruled),
            Act::Handled(change) => self.handled = Some(EntryKey::of(change)),
            Act::Chose(chose) => self.facts.extend(chose.facts.clone()),
            Act::Answered(answered) => self.note_answer(answered),
            Act::Drafted(drafted) => self.note_draft(&drafted.text, entry.number),
            Act::Extended(extended) => self
                .extensions
                .push(StopMade { step: extended.step.clone(), outcome: extended.outcome.clone() }),
            Act::Migrated(migrated) => self.migrate(migrated),
            Act::RecusalAsked(asked) => {
                self.recusals.insert(asked.officer, Recusal::Asked(entry.number));
            }
            Act::Recused(recused) => {
                let stands = if recused.aside { Recusal::Aside } else { Recusal::Stays };
                self.recusals.insert(recused.officer, stands(entry.number));
                if recused.aside {
                    self.assigned.retain(|_, officer| *officer != recused.officer);
                }
            }
            Act::Assigned(assigned) => {
                let body = assigned.body.clone();
                match assigned.to {
                    Some(officer) => drop(self.assigned.insert(body, officer)),
                    None => drop(self.assigned.remove(&body)),
                }
            }
            Act::Charged(charged) => self.charges.push(Charge {
                step: charged.step.clone(),
                fee: charged.fee.clone(),
                amount: charged.amount,
                number: entry.number,
            }),
            Act::Filed(_)
            | Act::Resumed(_)
            | Act::RanOut(_)
            | Act::Withdrew(_)
            | Act::Ruled(_)
            | Act::Corrected(_)
            | Act::CalendarAdopted(_)
            | Act::Redated(_)
            | Act::Turned(_)
            | Act::Away(_)
            | Act::PackAdopted(_) => {}
        }
    }

    /// The decision of that entry; none or one.
    fn made(&mut self, number: EntryNumber) -> impl Iterator<Item = &mut Made> {
        self.decisions.iter_mut().filter(move |made| made.number == number)
    }

    fn note_decided(&mut self, decided: &Decided, entry: &Entry) {
        self.note_settled(decided.settles.as_ref(), entry.number);
        self.decisions.push(Made {
            number: entry.number,
            step: decided.step.clone(),
            effect: decided.effect,
            at: entry.at,
            remedies: BTreeMap::new(),
            by: decided.by.clone(),
            records: decided.records.iter().map(EntryKey::of).collect(),
            touched: decided.touched.iter().map(EntryKey::of).collect(),
            service: Service::Owed(decided.serve_by),
            taken: BTreeSet::new(),
        });
        self.note_entry(decided.changes.first());
        self.note_draw(decided, entry.number);
        self.note_layout(decided, entry.number);
    }

    /// What was frozen and drawn stays public, also where its decision is set aside.
    fn note_draw(&mut self, decided: &Decided, number: EntryNumber) {
        let noted = |text: &String| TextOnFile { number, text: text.clone() };
        if let Some(frozen) = &decided.frozen {
            self.frozen = Some(noted(frozen));
        }
        if let Some(drawn) = &decided.drawn {
            self.drawn = Some(noted(drawn));
        }
    }

    /// Drafts are of one survey.
    fn note_layout(&mut self, decided: &Decided, number: EntryNumber) {
        if let Some(text) = &decided.surveyed {
            let survey = TextOnFile { number, text: text.clone() };
            self.layout = Some(CaseLayout { survey, drafts: Vec::new(), adopted: None });
        }
        if let (Some(layout), Some(draft)) = (&mut self.layout, decided.adopted) {
            layout.adopted = Some(AdoptedDraft { number, draft });
        }
    }

    fn note_draft(&mut self, text: &str, number: EntryNumber) {
        if let Some(layout) = &mut self.layout {
            layout.drafts.push(TextOnFile { number, text: text.to_owned() });
        }
    }

    fn note_set_aside(&mut self, ruled: &Ruled) {
        for made in self.made(ruled.decision) {
            made.remedies.clear();
            if let Service::Owed(_) = made.service {
                made.service = Service::Moot;
            }
        }
        self.unsettle(ruled.decision);
        let out = |change: &Change| change.says.is_none();
        let taken_out: Vec<EntryKey> =
            ruled.changes.iter().filter(|c| out(c)).map(EntryKey::of).collect();
        self.entry.take_if(|entry| taken_out.contains(entry));
        // What is decided anew is asked for anew.
        self.asked.clear();
        self.stops.clear();
        self.extensions.clear();
    }

    /// The case goes on under another pack: what it has done is kept under the names that its steps
    /// have there.
    fn migrate(&mut self, migrated: &Migrated) {
        self.pack = migrated.pack;
        let image = |step: Name| migrated.steps.get(&step).cloned().unwrap_or(step);
        for (step, asked) in std::mem::take(&mut self.asked) {
            self.asked
                .entry(image(step))
                .and_modify(|both| both.add(&asked))
                .or_insert_with(|| asked.clone());
        }
        for (review, given) in std::mem::take(&mut self.answers) {
            self.answers.entry(image(review)).or_default().extend(given);
        }
        for made in self.stops.iter_mut().chain(&mut self.extensions) {
            made.step = image(made.step.clone());
        }
        for charge in &mut self.charges {
            charge.step = image(charge.step.clone());
        }
    }

    fn note_asked(&mut self, step: &Name, items: &[String]) {
        self.asked
            .entry(step.clone())
            .and_modify(|asked| asked.times += 1)
            .or_insert_with(|| Asked { times: 1, items: items.to_vec() });
    }

    /// Takes in what a body answers in a review.
    pub(crate) fn note_answer(&mut self, answered: &Answered) {
        let given = Given { answer: answered.answer.clone(), facts: answered.facts.clone() };
        self.answers.entry(answered.step.clone()).or_default().insert(answered.part.clone(), given);
    }

    fn note_entry(&mut self, change: Option<&Change>) {
        if self.entry.is_none() {
            self.entry = change.map(EntryKey::of);
        }
    }

    fn note_settled(&mut self, settled: Option<&Settled>, number: EntryNumber) {
        let (name, promise) = match settled {
            Some(Settled::Kept(name)) => (name, Promise::Kept(number)),
            Some(Settled::Broken(name)) => (name, Promise::Broken(number)),
            None => return,
        };
        self.promises.insert(name.clone(), promise);
    }

    /// What a decision that is set aside had found of a promise is open again.
    fn unsettle(&mut self, decision: EntryNumber) {
        for promise in self.promises.values_mut() {
            if matches!(promise, Promise::Kept(by) | Promise::Broken(by) if *by == decision) {
                *promise = Promise::Signed;
            }
        }
    }
}
