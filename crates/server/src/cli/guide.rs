//! The service guide as text: what an applicant must know, each point with its source.

use ::pack::model::{
    Follows, Joined, Limit, Need, Outcome, Pack, Procedure, Remedy, Review, Service, Step, Target,
    Turn,
};
use base::{Citation, Confidence, Language, Name, Text};

/// The word for how sure we are.
pub(crate) fn word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Verified => "verified",
        Confidence::Secondary => "secondary",
        Confidence::Assumed => "assumed",
    }
}

/// One thing a pack takes from a source.
pub(crate) struct Fact {
    /// Where in the pack it stands.
    pub(crate) place: String,
    /// What it says.
    pub(crate) says: String,
    /// Where it comes from.
    pub(crate) basis: Citation,
}

/// Everything a pack takes from a source.
pub(crate) fn facts(pack: &Pack, language: Language) -> Vec<Fact> {
    let figures = pack.figures.iter().flat_map(|(name, titled)| {
        titled.figure.values.iter().flat_map(move |value| {
            value.basis.iter().map(move |basis| Fact {
                place: format!("figure.{name}"),
                says: format!(
                    "{} {}: {} {}",
                    value.from,
                    titled.title.to(language),
                    value.value,
                    titled.unit.to(language)
                ),
                basis: basis.clone(),
            })
        })
    });
    let procedures = pack.procedures.values().flat_map(|p| procedure_facts(p, language));
    let bodies = pack.offices.iter().flat_map(|(name, office)| {
        office.bodies.iter().filter_map(move |body| {
            let says = format!("{} {}", body.from, body.title.to(language));
            Some(Fact { place: format!("office.{name}"), says, basis: body.basis.clone()? })
        })
    });
    let remedies = pack.remedies.iter().flat_map(|(name, own)| remedy_facts(name, own, language));
    let service = pack.service.iter().flat_map(|service| service_facts(service, language));
    let others = remedies.chain(service).chain(bulk_facts(pack, language));
    figures.chain(procedures).chain(bodies).chain(others).collect()
}

/// What obliges sources to send feeds, and what knowledge and rules rest on.
fn bulk_facts(pack: &Pack, language: Language) -> impl Iterator<Item = Fact> {
    let feeds = pack.feeds.values().map(|own| ("feed", &own.name, &own.title, &own.basis));
    let tables = pack.knowledge.values();
    let tables = tables.map(|own| ("knowledge", &own.name, &own.title, &own.basis));
    let rules = pack.rules.values().map(|own| ("rule", &own.name, &own.title, &own.basis));
    feeds.chain(tables).chain(rules).flat_map(move |(kind, name, title, basis)| {
        basis.iter().map(move |basis| Fact {
            place: format!("{kind}.{name}"),
            says: title.to(language).to_owned(),
            basis: basis.clone(),
        })
    })
}

fn timed(place: String, term: base::Term, basis: &Citation, language: Language) -> Fact {
    Fact { place, says: term.describe(language), basis: basis.clone() }
}

fn remedy_facts(name: &Name, remedy: &Remedy, language: Language) -> Vec<Fact> {
    let open = timed(format!("remedy.{name}.within"), remedy.within, &remedy.basis, language);
    let heard = remedy
        .hearing
        .as_ref()
        .map(|own| timed(format!("remedy.{name}.ruled_within"), own.within, &own.basis, language));
    std::iter::once(open).chain(heard).collect()
}

fn service_facts(service: &Service, language: Language) -> Vec<Fact> {
    let limit =
        |part: &str, own: &Limit| timed(format!("service.{part}"), own.term, &own.basis, language);
    let titled = |part: &str, title: &Text, basis: &Citation| Fact {
        place: format!("service.{part}"),
        says: title.to(language).to_owned(),
        basis: basis.clone(),
    };
    let ways = service.ways.iter();
    let ways = ways.map(|(name, way)| titled(&format!("ways.{name}"), &way.title, &way.basis));
    let own = [
        limit("within", &service.within),
        limit("burdens", &service.burdens),
        limit("published", &service.published),
        titled("portal", &service.portal.title, &service.portal.basis),
    ];
    own.into_iter().chain(ways).collect()
}

fn procedure_facts(procedure: &Procedure, language: Language) -> Vec<Fact> {
    let place = |part: &str| format!("{}.{part}", procedure.name);
    let fact = |part: &str, says: &Text, basis: &Citation| Fact {
        place: place(part),
        says: says.to(language).to_owned(),
        basis: basis.clone(),
    };
    let limit = |part: &str, limit: &Limit| Fact {
        place: place(part),
        says: limit.term.describe(language),
        basis: limit.basis.clone(),
    };
    let mut facts: Vec<Fact> =
        procedure.basis.iter().map(|basis| fact("basis", &procedure.title, basis)).collect();
    facts.push(limit("clock.statutory", &procedure.statutory));
    facts.push(limit("clock.promised", &procedure.promised));
    let materials = procedure.materials.iter();
    facts.extend(materials.map(|m| fact(&format!("materials.{}", m.name), &m.title, &m.basis)));
    let admits = procedure.admits.iter();
    facts.extend(admits.map(|r| fact(&format!("admits.{}", r.name), &r.says, &r.basis)));
    let requires = procedure.requires.iter();
    facts.extend(requires.map(|r| fact(&format!("requires.{}", r.name), &r.says, &r.basis)));
    for (name, step) in &procedure.steps {
        facts.extend(step.within().map(|within| limit(&format!("steps.{name}.within"), within)));
        facts.extend(step_facts(name.as_str(), step, language).into_iter().map(
            |(part, says, basis)| Fact {
                place: place(&format!("steps.{name}{part}")),
                says,
                basis,
            },
        ));
    }
    let promises = procedure.commitments.iter();
    facts
        .extend(promises.map(|(n, own)| fact(&format!("commitments.{n}"), &own.title, &own.basis)));
    facts.extend(procedure.commitments.iter().filter_map(|(name, own)| {
        let who = own.open_to.as_ref()?;
        Some(fact(&format!("commitments.{name}.open_to"), &who.says, &who.basis))
    }));
    let fees = procedure.fees.iter();
    facts.extend(fees.map(|(n, fee)| fact(&format!("fees.{n}"), &fee.title, &fee.basis)));
    let waived = procedure.fees.iter().filter_map(|(n, fee)| Some((n, fee.waived.as_ref()?)));
    facts.extend(waived.map(|(n, w)| fact(&format!("fees.{n}.waived"), &w.says, &w.basis)));
    let extension = procedure.extension.iter();
    facts.extend(extension.map(|extension| limit("clock.extension", extension)));
    let levels = procedure.levels.iter();
    facts.extend(levels.map(|(n, rule)| fact(&format!("levels.{n}"), &rule.title, &rule.basis)));
    facts
}

/// What a step takes from sources besides its time: part, what it says, source.
fn step_facts(name: &str, step: &Step, language: Language) -> Vec<(String, String, Citation)> {
    let mut facts = Vec::new();
    let mut note = |part: String, says: String, basis: &Citation| {
        facts.push((part, says, basis.clone()));
    };
    match step {
        Step::Stage(stage) => {
            if let Some((outcome, basis)) = &stage.silence {
                note(".silence".to_owned(), outcome.to_string(), basis);
            }
            if let Some(uncounted) = &stage.uncounted {
                let says = format!("{name}: {}", uncounted.ground.word());
                note(".uncounted".to_owned(), says, &uncounted.basis);
            }
        }
        Step::Review(review) => {
            for (body, part) in &review.parts {
                let within = part.within.term.describe(language);
                note(format!(".reviews.{body}.within"), within, &part.within.basis);
                let (answer, basis) = &part.silence;
                note(format!(".reviews.{body}.silence"), answer.to_string(), basis);
            }
        }
        Step::Turn(_) | Step::Decision(_) => {}
    }
    for (outcome, chosen) in step.outcomes() {
        let within = match &chosen.follows {
            Follows::Then(_) | Follows::Stay => continue,
            Follows::Supplement(supplement) => &supplement.within,
            Follows::Stop(stop) => &stop.within,
            Follows::Extend(extend) => &extend.by,
        };
        let says = within.term.describe(language);
        note(format!(".outcomes.{outcome}.within"), says, &within.basis);
    }
    facts
}

/// The guide of a procedure.
pub(crate) fn of(pack: &Pack, procedure: &Procedure, language: Language) -> String {
    let mut guide = Guide { pack, procedure, language, text: String::new() };
    guide.head();
    guide.times();
    guide.materials();
    guide.commitments();
    guide.conditions();
    guide.steps();
    guide.text
}

struct Guide<'p> {
    pack: &'p Pack,
    procedure: &'p Procedure,
    language: Language,
    text: String,
}

impl Guide<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn cited(&self, basis: &Citation) -> String {
        basis.describe(self.language)
    }

    fn head(&mut self) {
        let procedure = self.procedure;
        let (title, summary) = (&procedure.title, &procedure.summary);
        self.line(title.to(self.language));
        self.line(summary.to(self.language));
        self.line("");
        let basis = self.say("依据", "Basis");
        self.line(basis);
        for citation in &procedure.basis {
            let cited = self.cited(citation);
            self.line(&format!("  {cited}"));
        }
        let office = procedure.competent.office.as_ref();
        let office = office.and_then(|office| self.pack.offices.get(office));
        let named = self.say("登记所载的机关", "the body that the entry names");
        let title = office.map_or(named, |office| office.title.to(self.language));
        let by = self.say("主管机关", "Competent body");
        self.line(&format!("{by}: {title}"));
    }

    fn times(&mut self) {
        let law = self.say("法定时限", "By law");
        let promise = self.say("承诺时限", "As promised");
        let limits = [(law, &self.procedure.statutory), (promise, &self.procedure.promised)];
        for (title, limit) in limits {
            let (term, cited) = (limit.term.describe(self.language), self.cited(&limit.basis));
            self.line(&format!("{title}: {term} {cited}"));
        }
    }

    fn materials(&mut self) {
        let title = self.say("材料", "Papers");
        self.line(&format!("\n{title}"));
        for material in &self.procedure.materials {
            let need = match material.need {
                Need::Always => self.say("必需", "needed"),
                Need::Optional => self.say("可选", "optional"),
                Need::Later => self.say("事后提交", "later"),
            };
            let cited = self.cited(&material.basis);
            self.line(&format!("  {} ({need}) {cited}", material.title.to(self.language)));
        }
    }

    fn commitments(&mut self) {
        for commitment in self.procedure.commitments.values() {
            let (title, says) = (&commitment.title, &commitment.says);
            let cited = self.cited(&commitment.basis);
            self.line(&format!("\n{} {cited}", title.to(self.language)));
            self.line(&format!("  {}", says.to(self.language)));
        }
    }

    fn conditions(&mut self) {
        let title = self.say("条件", "Conditions");
        self.line(&format!("\n{title}"));
        for requirement in self.procedure.admits.iter().chain(&self.procedure.requires) {
            let cited = self.cited(&requirement.basis);
            self.line(&format!("  {} {cited}", requirement.says.to(self.language)));
        }
    }

    fn steps(&mut self) {
        let title = self.say("流程", "Steps");
        self.line(&format!("\n{title}"));
        for (name, step) in &self.procedure.steps {
            match step {
                Step::Stage(stage) => {
                    let term = stage.within.term.describe(self.language);
                    self.line(&format!("  {name}: {} ({term})", stage.title.to(self.language)));
                    self.outcomes(&stage.outcomes);
                }
                Step::Review(review) => self.review(name.as_str(), review),
                Step::Turn(turn) => self.turn(name.as_str(), turn),
                Step::Decision(decision) => {
                    let then = target(&decision.then);
                    let title = decision.title.to(self.language);
                    self.line(&format!("  {name}: {title} → {then}"));
                }
            }
        }
    }

    fn turn(&mut self, name: &str, turn: &Turn) {
        self.line(&format!("  {name}: {}", turn.title.to(self.language)));
        for (_, course) in &turn.courses {
            let title = course.title.to(self.language);
            self.line(&format!("    {title} → {}", target(&course.then)));
        }
    }

    fn review(&mut self, name: &str, review: &Review) {
        let term = review.within.term.describe(self.language);
        self.line(&format!("  {name}: {} ({term})", review.title.to(self.language)));
        let silent = self.say("不答复视为", "silence counts as");
        for (_, part) in &review.parts {
            let (title, term) = (part.title.to(self.language), part.within.term);
            let deemed = review.answer(&part.silence.0);
            let deemed = deemed.map(|answer| answer.title.to(self.language)).unwrap_or_default();
            let term = term.describe(self.language);
            self.line(&format!("    {title} ({term}; {silent}: {deemed})"));
        }
        for (joined, to) in review.results() {
            self.line(&format!("    {} → {}", self.joined(joined), target(to)));
        }
        self.outcomes(&review.outcomes);
    }

    fn joined(&self, joined: Joined) -> &'static str {
        match joined {
            Joined::Answered => self.say("全部答复后", "once all have answered"),
            Joined::Approved => self.say("全部同意", "all approve"),
            Joined::Otherwise => self.say("未全部同意", "not all approve"),
        }
    }

    fn outcomes(&mut self, outcomes: &[(Name, Outcome)]) {
        for (_, outcome) in outcomes {
            let follows = match &outcome.follows {
                Follows::Then(to) => format!("→ {}", target(to)),
                Follows::Supplement(supplement) => {
                    let term = supplement.within.term.describe(self.language);
                    let asked = self.say("补正", "supplement");
                    format!("{asked} {term}, → {}", target(&supplement.lapse))
                }
                Follows::Stop(stop) => {
                    let term = stop.within.term.describe(self.language);
                    format!("{} {term}", self.say("中止计时，最长", "the clock stops, at most"))
                }
                Follows::Extend(extend) => {
                    let term = extend.by.term.describe(self.language);
                    format!("{} {term}", self.say("延长", "the time is extended by"))
                }
                Follows::Stay => self.say("补充后继续", "added; the step goes on").to_owned(),
            };
            self.line(&format!("    {} {follows}", outcome.title.to(self.language)));
        }
    }
}

fn target(target: &Target) -> &str {
    match target {
        Target::Step(name) | Target::End(name) => name.as_str(),
    }
}
