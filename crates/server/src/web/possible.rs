//! What a reader can do with a case now, read from the case and its pack. The kernel decides again
//! when a command comes; this only keeps forms off a page that would certainly be refused.

use std::collections::BTreeMap;

use base::{Name, Text};
use kernel::{
    BodyId, PartyId, Standing,
    case::{Part, Recusal, Service},
    decide::{acting, applies, concerned, is_open, keeper, stands_aside},
    ledger::Act,
    register::Version,
};
use pack::model::{Answer, By, Follows, Outcome, RegisterField, Review, Section, Step, Way};

use super::{
    app::Role,
    entries::Offers,
    pages::{
        apply::paper,
        case::{ActForm, AskedSection, ConditionView, Ground, Missing, OutcomeOffered},
    },
    question::{Before, Offered, Question, answerable, as_answer, as_question},
    reading::Reading,
};

/// An attempt that was refused, so that nothing written is lost.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    /// The act: `choose`, `supply` and so on; empty where nothing was attempted.
    pub(crate) act: &'a str,
    /// What was sent and what was wrong.
    pub(crate) before: Before<'a>,
}

impl<'a> Attempt<'a> {
    /// Nothing was attempted.
    pub(crate) fn none(answers: &'a kernel::form::Answers, offers: &'a Offers) -> Self {
        Self { act: "", before: Before { answers, faults: &[], offers } }
    }

    fn written(self, act: &str, name: &str) -> String {
        let answers = self.before.answers.get(name).filter(|_| self.act == act);
        answers.map(|answers| answers.concat()).unwrap_or_default()
    }

    fn chosen(self, act: &str, name: &str, value: &str) -> bool {
        let answers = self.before.answers.get(name).filter(|_| self.act == act);
        answers.is_some_and(|answers| answers.iter().any(|answer| answer == value))
    }
}

/// Everything the reader can do now; `version` is what the case's entry says now, if it has one.
pub(crate) fn possible(
    reading: &Reading<'_>,
    role: &Role,
    version: Option<&Version>,
    attempt: Attempt<'_>,
) -> Vec<ActForm> {
    let mut acts = Vec::new();
    acts.extend(answers(reading, role, attempt));
    acts.extend(choose(reading, role, attempt));
    acts.extend(resume(reading, role, attempt));
    if applies(reading.procedure, reading.case, &role.actor()) {
        acts.extend(supply(reading, attempt));
        acts.extend(appeals(reading, attempt));
        acts.extend(withdraw(reading, attempt));
    }
    acts.extend(rule(reading, role, attempt));
    acts.extend(serve(reading, role, attempt));
    acts.extend(recusals(reading, role, attempt));
    acts.extend(version.and_then(|version| correct(reading, role, version, attempt)));
    acts
}

/// Whether the reader is the one who acts at a step.
fn acts_at(reading: &Reading<'_>, role: &Role, by: &By) -> bool {
    match (by, role) {
        (By::Body(name), role) => acts_as(reading, role, name),
        (By::Applicant, role) => applies(reading.procedure, reading.case, &role.actor()),
        (By::Clock, _) => false,
    }
}

/// Whether the reader is an officer of the body that acts under a name of the procedure.
fn acts_as(reading: &Reading<'_>, role: &Role, name: &Name) -> bool {
    let (pack, live) = (reading.shown.pack, reading.live);
    let acting = acting(live, pack, reading.case, name, reading.shown.day);
    match role {
        Role::Officer { party, body } => {
            acting.contains(body) && !stands_aside(reading.case, *party)
        }
        Role::Applicant { .. } => false,
    }
}

fn choose(reading: &Reading<'_>, role: &Role, attempt: Attempt<'_>) -> Option<ActForm> {
    let (Standing::At { step, .. } | Standing::Reviewing { step, .. }) = &reading.case.standing
    else {
        return None;
    };
    let at = reading.procedure.steps.get(step)?;
    let by = at.by()?;
    let own = at
        .outcomes()
        .iter()
        .filter(|(_, outcome)| acts_at(reading, role, outcome.by.as_ref().unwrap_or(by)));
    let own: Vec<&(Name, Outcome)> = own.collect();
    let asks = own.iter().map(|(_, outcome)| (&outcome.title, outcome.asks.as_slice()));
    (!own.is_empty()).then(|| ActForm::Choose {
        step: step.to_string(),
        title: at.title().to(reading.shown.words.0).to_owned(),
        in_the_field: matches!(at, Step::Stage(stage) if stage.in_the_field),
        outcomes: outcomes(reading, &own, attempt),
        items: items(reading, &own, step, attempt),
        grounds: match own.iter().any(|(_, outcome)| outcome.reasons) {
            true => grounds(reading, attempt, "choose"),
            false => Vec::new(),
        },
        asked: asked(reading, asks, (attempt, "choose")),
        reasons: attempt.written("choose", "reasons"),
    })
}

/// The sections that may have to be filled in, each once, with the choices for which it is.
fn asked<'a>(
    reading: &Reading<'_>,
    choices: impl Iterator<Item = (&'a Text, &'a [Section])>,
    (attempt, act): (Attempt<'_>, &str),
) -> Vec<AskedSection> {
    let language = reading.shown.words.0;
    let before = match attempt.act == act {
        true => attempt.before,
        false => Before { answers: reading.begun, faults: &[], offers: attempt.before.offers },
    };
    let mut asked: Vec<(&Name, AskedSection)> = Vec::new();
    for (title, section) in choices.flat_map(|(t, asks)| asks.iter().map(move |s| (t, s))) {
        let needed = title.to(language);
        if let Some((_, known)) = asked.iter_mut().find(|(name, _)| **name == section.name) {
            known.needed = format!("{}{}{needed}", known.needed, reading.shown.words.comma());
            continue;
        }
        let questions = section.fields.iter();
        let shown = AskedSection {
            title: section.title.to(language).to_owned(),
            needed: needed.to_owned(),
            questions: questions.map(|f| Question::of(reading.shown, f, before)).collect(),
        };
        asked.push((&section.name, shown));
    }
    asked.into_iter().map(|(_, section)| section).collect()
}

/// The parts of a review for which the reader's body has not answered yet.
fn answers(reading: &Reading<'_>, role: &Role, attempt: Attempt<'_>) -> Vec<ActForm> {
    let Standing::Reviewing { step, parts, .. } = &reading.case.standing else {
        return Vec::new();
    };
    let Some(review) = reading.procedure.review(step.as_str()) else { return Vec::new() };
    let open = parts.iter().filter(|(_, part)| matches!(part, Part::Awaited(_)));
    let own = open.filter(|(name, _)| acts_as(reading, role, name));
    let form = |name: &Name| {
        let title = review.part(name)?.title.to(reading.shown.words.0).to_owned();
        let offered = |(value, answer): &(Name, Answer)| OutcomeOffered {
            offered: Offered {
                value: value.to_string(),
                title: answer.title.to(reading.shown.words.0).to_owned(),
                chosen: attempt.chosen("answer", "answer", value.as_str()),
            },
            needs: match answer.reasons {
                true => reading.shown.words.t("needs-reasons"),
                false => String::new(),
            },
        };
        Some(ActForm::Answer {
            step: step.to_string(),
            part: name.to_string(),
            title,
            answers: review.answers.iter().map(offered).collect(),
            grounds: match review.answers.iter().any(|(_, answer)| answer.reasons) {
                true => grounds(reading, attempt, "answer"),
                false => Vec::new(),
            },
            asked: asked(reading, asks(review), (attempt, "answer")),
            reasons: attempt.written("answer", "reasons"),
        })
    };
    own.filter_map(|(name, _)| form(name)).collect()
}

/// What each answer of a review asks to be filled in.
fn asks(review: &Review) -> impl Iterator<Item = (&Text, &[Section])> {
    review.answers.iter().map(|(_, answer)| (&answer.title, answer.asks.as_slice()))
}

fn resume(reading: &Reading<'_>, role: &Role, attempt: Attempt<'_>) -> Option<ActForm> {
    let Standing::Stopped { step, .. } = &reading.case.standing else { return None };
    let by = reading.procedure.steps.get(step)?.by()?;
    let reasons = attempt.written("resume", "reasons");
    acts_at(reading, role, by).then_some(ActForm::Resume { reasons })
}

fn outcomes(
    reading: &Reading<'_>,
    outcomes: &[&(Name, Outcome)],
    attempt: Attempt<'_>,
) -> Vec<OutcomeOffered> {
    let offered = |(name, outcome): &&(Name, Outcome)| OutcomeOffered {
        offered: Offered {
            value: name.to_string(),
            title: outcome.title.to(reading.shown.words.0).to_owned(),
            chosen: attempt.chosen("choose", "outcome", name.as_str()),
        },
        needs: needs(reading, outcome),
    };
    outcomes.iter().map(offered).collect()
}

fn needs(reading: &Reading<'_>, outcome: &Outcome) -> String {
    let words = reading.shown.words;
    let asks = matches!(outcome.follows, Follows::Supplement(_));
    let needs = [
        (outcome.needs_met && outcome.on_commitment.is_none(), "needs-met"),
        (outcome.on_commitment.is_some(), "needs-met-or-promised"),
        (outcome.reasons, "needs-reasons"),
        (asks, "needs-items"),
    ];
    let told: Vec<String> =
        needs.into_iter().filter(|(needed, _)| *needed).map(|(_, key)| words.t(key)).collect();
    told.join(words.comma())
}

/// The conditions of the procedure as reasons, those that are not met first.
fn grounds(reading: &Reading<'_>, attempt: Attempt<'_>, act: &str) -> Vec<Ground> {
    let conditions = reading.conditions().into_iter();
    let ground = |(name, own): (Name, ConditionView)| Ground {
        offered: Offered {
            value: name.to_string(),
            title: own.says,
            chosen: attempt.chosen(act, "rule", name.as_str()),
        },
        cited: own.cited,
        verdict: own.verdict,
        mark: own.mark,
        first_met: false,
    };
    let mut grounds: Vec<Ground> = conditions.map(ground).collect();
    grounds
        .sort_by_key(|ground| ["bad", "open", "good"].iter().position(|own| *own == ground.mark));
    if let Some(first) = grounds.iter_mut().find(|ground| ground.mark == "good") {
        first.first_met = true;
    }
    grounds
}

/// What a supplement may ask for: everything at first, and later only what the first notice named.
fn items(
    reading: &Reading<'_>,
    outcomes: &[&(Name, Outcome)],
    step: &Name,
    attempt: Attempt<'_>,
) -> Vec<Missing> {
    let asks = |outcome: &Outcome| matches!(outcome.follows, Follows::Supplement(_));
    if !outcomes.iter().any(|(_, outcome)| asks(outcome)) {
        return Vec::new();
    }
    let asked = reading.case.asked.get(step);
    let open = |item: &str| asked.is_none_or(|asked| asked.items.iter().any(|own| own == item));
    let offered = |value: &str, title: &base::Text| {
        let offered = Offered {
            value: value.to_owned(),
            title: title.to(reading.shown.words.0).to_owned(),
            chosen: attempt.chosen("choose", "items", value),
        };
        (offered, attempt.written("choose", &note_of(value)))
    };
    let papers = reading.procedure.materials.iter().filter(|own| open(own.name.as_str()));
    let papers = papers.map(|own| offered(own.name.as_str(), &own.title)).collect();
    let sections = reading.procedure.form.iter().map(|section| Missing {
        title: section.title.to(reading.shown.words.0).to_owned(),
        items: section
            .fields
            .iter()
            .filter(|field| open(&field.path))
            .map(|field| offered(&field.path, &field.title))
            .collect(),
    });
    let title = reading.shown.words.t("materials");
    let mut groups = vec![Missing { title, items: papers }];
    groups.extend(sections);
    groups.retain(|group| !group.items.is_empty());
    groups
}

/// The field of a form in which it is written what is wrong with an item.
pub(crate) fn note_of(item: &str) -> String {
    format!("note.{item}")
}

fn supply(reading: &Reading<'_>, attempt: Attempt<'_>) -> Option<ActForm> {
    let Standing::Supplementing { items, .. } = &reading.case.standing else { return None };
    let asked = |item: &str| items.iter().any(|own| own == item);
    let procedure = reading.procedure;
    let questions = procedure.fields().filter(|field| asked(&field.path));
    let papers = procedure.materials.iter().filter(|material| asked(material.name.as_str()));
    Some(ActForm::Supply {
        questions: questions.map(|f| Question::of(reading.shown, f, attempt.before)).collect(),
        papers: papers.map(|m| paper(reading.shown, m, attempt.before)).collect(),
    })
}

fn withdraw(reading: &Reading<'_>, attempt: Attempt<'_>) -> Option<ActForm> {
    let step = reading.case.standing.step()?;
    let reasons = attempt.written("withdraw", "reasons");
    reading.procedure.withdrawal.contains(step).then_some(ActForm::Withdraw { reasons })
}

/// The decisions that can still be challenged here.
fn appeals(reading: &Reading<'_>, attempt: Attempt<'_>) -> Vec<ActForm> {
    if !matches!(reading.case.standing, Standing::Ended { .. }) {
        return Vec::new();
    }
    let pack = reading.shown.pack;
    let heard_here = |name: &Name| pack.remedies.get(name).is_some_and(|r| r.hearing.is_some());
    let offered =
        |name: &Name, title: String| Offered { value: name.to_string(), title, chosen: true };
    let made = reading.case.decisions.iter();
    made.filter_map(|made| {
        let open = made.remedies.iter().filter(|(name, due)| {
            heard_here(name) && (due.provisional || reading.shown.day <= due.on)
        });
        let open = open.map(|(name, due)| offered(name, reading.remedy(name, *due)));
        // Who knows of a decision need not wait for it to be served.
        let step = reading.procedure.decision(made.step.as_str());
        let unserved = step.filter(|_| matches!(made.service, Service::Owed(_)));
        let unserved = unserved.and_then(|step| step.appeal.as_ref()).into_iter();
        let unserved = unserved.flat_map(|appeal| &appeal.remedies);
        let unserved = unserved.filter(|name| heard_here(name) && !made.taken.contains(*name));
        let unserved = unserved.map(|name| offered(name, reading.remedy_title(name)));
        let remedies: Vec<Offered> = open.chain(unserved).collect();
        (!remedies.is_empty()).then(|| ActForm::Appeal {
            decision: made.number.0,
            title: super::pages::steps::step(reading.shown, reading.procedure, &made.step),
            remedies,
            grounds: attempt.written("appeal", "grounds"),
        })
    })
    .collect()
}

/// Whether the reader acts for a body in this case.
fn officer_of(reading: &Reading<'_>, role: &Role, of: &BodyId) -> bool {
    matches!(
        role,
        Role::Officer { party, body } if body == of && !stands_aside(reading.case, *party)
    )
}

/// The decisions that the reader is to serve, and those whose day of service may be put right.
fn serve(reading: &Reading<'_>, role: &Role, attempt: Attempt<'_>) -> Vec<ActForm> {
    let Some(service) = &reading.shown.pack.service else { return Vec::new() };
    let shown = reading.shown;
    let way = |(name, way): (&Name, &Way)| OutcomeOffered {
        offered: Offered {
            value: name.to_string(),
            title: way.title.to(shown.words.0).to_owned(),
            chosen: false,
        },
        needs: way.proof.to(shown.words.0).to_owned(),
    };
    let decisions = reading.case.decisions.iter().filter(|_| reading.case.on_paper);
    let owed = decisions.filter_map(|made| {
        let decision = reading.procedure.decision(made.step.as_str())?;
        match made.service {
            Service::Owed(due) => Some((made, due.on.to_string(), decision)),
            // The day may have been entered too early.
            Service::Done(_) => Some((made, String::new(), decision)),
            Service::Moot => None,
        }
    });
    let own = owed.filter(|(_, _, decision)| acts_as(reading, role, &decision.by));
    own.map(|(made, due, decision)| {
        let decided_on = shown.pack.zone.day_of(made.at);
        let since = |way: &Way| way.holds_on(decided_on) || way.holds_on(shown.day);
        let attempted = attempt.chosen("serve", "decision", &made.number.0.to_string());
        let written = |name: &str| match attempted {
            true => attempt.written("serve", name),
            false => String::new(),
        };
        let mut ways: Vec<OutcomeOffered> =
            service.ways.iter().filter(|(_, way)| since(way)).map(way).collect();
        for way in &mut ways {
            way.offered.chosen = written("way") == way.offered.value;
        }
        ActForm::Serve {
            decision: made.number.0,
            title: decision.title.to(shown.words.0).to_owned(),
            due,
            ways,
            on: Some(written("on")).filter(|on| !on.is_empty()).unwrap_or(shown.day.to_string()),
            proof: written("proof"),
        }
    })
    .collect()
}

/// What the party may ask, and what officers may say, of who stands aside.
fn recusals(reading: &Reading<'_>, role: &Role, attempt: Attempt<'_>) -> Vec<ActForm> {
    let case = reading.case;
    if !is_open(case) {
        return Vec::new();
    }
    let mut acts = Vec::new();
    if applies(reading.procedure, case, &role.actor()) {
        acts.extend(ask_recusal(reading, attempt));
    }
    let Role::Officer { party, body } = role else { return acts };
    if stands_aside(case, *party) || !concerned(reading.shown.pack, case).contains(body) {
        return acts;
    }
    let recuse = |officer: PartyId, colleague: String| ActForm::Recuse {
        officer: officer.to_string(),
        grounds: match colleague.is_empty() {
            true => String::new(),
            false => reading.grounds_against(officer).to_owned(),
        },
        colleague,
        reasons: match attempt.chosen("recuse", "officer", &officer.to_string()) {
            true => attempt.written("recuse", "reasons"),
            false => String::new(),
        },
    };
    let own = case.hands.get(body).into_iter().flatten();
    let colleagues = own.filter(|officer| {
        let aside = matches!(case.recusals.get(officer), Some(Recusal::Aside(_)));
        *officer != party && !aside
    });
    acts.extend(colleagues.map(|officer| recuse(*officer, reading.officer(*officer))));
    acts.push(recuse(*party, String::new()));
    acts
}

fn ask_recusal(reading: &Reading<'_>, attempt: Attempt<'_>) -> Option<ActForm> {
    let officers = reading.case.hands.values().flatten();
    let open = officers.filter(|officer| {
        let recusal = reading.case.recusals.get(officer);
        !matches!(recusal, Some(Recusal::Asked(_) | Recusal::Aside(_)))
    });
    let officers: Vec<Offered> = open
        .map(|officer| Offered {
            value: officer.to_string(),
            title: reading.officer(*officer),
            chosen: attempt.chosen("ask-recusal", "officer", &officer.to_string()),
        })
        .collect();
    let grounds = attempt.written("ask-recusal", "grounds");
    (!officers.is_empty()).then_some(ActForm::AskRecusal { officers, grounds })
}

fn rule(reading: &Reading<'_>, role: &Role, attempt: Attempt<'_>) -> Option<ActForm> {
    let Standing::Challenged { heard_by, .. } = &reading.case.standing else { return None };
    let own = officer_of(reading, role, heard_by);
    let grounds = reading.history.iter().rev().find_map(|entry| match &entry.act {
        Act::Appealed(appealed) => Some(appealed.grounds.clone()),
        _ => None,
    });
    own.then(|| ActForm::Rule {
        grounds: grounds.unwrap_or_default(),
        reasons: attempt.written("rule", "reasons"),
    })
}

fn correct(
    reading: &Reading<'_>,
    role: &Role,
    version: &Version,
    attempt: Attempt<'_>,
) -> Option<ActForm> {
    let keeper = keeper(reading.procedure, reading.case);
    let own = officer_of(reading, role, &keeper);
    let entry = reading.case.entry.as_ref().filter(|_| own && reading.procedure.correction)?;
    let register = reading.shown.pack.registers.get(&entry.register)?;
    let said: BTreeMap<String, Vec<String>> =
        version.fields.iter().map(|(name, value)| (name.to_string(), as_answer(value))).collect();
    let attempted = attempt.act == "correct";
    let answers = if attempted { attempt.before.answers } else { &said };
    let faults = if attempted { attempt.before.faults } else { &[] };
    let before = Before { answers, faults, offers: attempt.before.offers };
    let slips = |field: &&RegisterField| {
        let decided = reading.procedure.decides_on(&field.name);
        answerable(&field.input) && !decided && !register.force_rests_on(&field.name)
    };
    let fields = register.fields.iter().filter(slips);
    Some(ActForm::Correct {
        questions: fields
            .map(|field| Question::of(reading.shown, &as_question(field), before))
            .collect(),
        reasons: attempt.written("correct", "reasons"),
    })
}
