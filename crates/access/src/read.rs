//! From the texts of a pack and its parents to policies, or to everything that is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use base::{Citation, Confidence, Date, Name, Text, near::near_miss};
use cedar_policy::{PolicyId, PolicySet, Schema, ValidationMode, Validator};
use pack::{
    Rejected,
    fault::{Fault, Faults, Sources},
    model::Pack,
    node::Span,
};

use crate::{
    fault,
    index::{self, Index},
    known::Known,
    policy::{Effect, Policy},
    schema, split,
};

/// Every policy of a pack, ready to decide.
#[derive(Debug)]
pub struct Policies {
    /// In the order of the files, parents first.
    pub(crate) all: Vec<Policy>,
    /// Which can speak of what on which day.
    pub(crate) index: Index,
    /// What was decided before for anybody.
    pub(crate) known: Known,
}

impl Policies {
    /// Every policy, parents' first, in the order written; those of other days among them.
    pub fn all(&self) -> &[Policy] {
        &self.all
    }
}

/// What may and must be said before a policy.
const ANNOTATIONS: [&str; 8] =
    ["id", "title_zh", "title_en", "act", "article", "confidence", "from", "until"];
const NEEDED: [&str; 5] = ["id", "title_zh", "title_en", "act", "confidence"];

/// Reads and checks the policies of a pack and of those it extends.
///
/// # Errors
/// Every fault in them, each at its place; whether somebody may do each action is asked when there
/// is no other.
pub fn read(pack: &Pack) -> Result<Policies, Box<Rejected>> {
    let mut reading = Reading::default();
    for file in &pack.access {
        let id = reading.sources.add(file.path.clone(), file.text.clone());
        for place in split::policies(&file.text) {
            let at = Span { file: id, start: place.start, end: place.end };
            let text = file.text.get(place).unwrap_or_default();
            let policy = reading.policy(at, text, &file.path);
            reading.all.extend(policy);
        }
    }
    reading.unlike();
    match Schema::from_cedarschema_str(&schema::text(pack)) {
        Ok((schema, _)) => reading.checked(pack, &schema),
        // INVARIANT: names of packs are small letters, digits and hyphens, so the schema reads.
        Err(error) => reading.rejected(pack, &error.to_string()),
    }
}

#[derive(Default)]
struct Reading {
    all: Vec<Policy>,
    faults: Faults,
    sources: Sources,
}

impl Reading {
    /// One policy; none where it does not read.
    fn policy(&mut self, at: Span, text: &str, path: &str) -> Option<Policy> {
        let cedar = match cedar_policy::Policy::parse(None, text) {
            Ok(cedar) => cedar,
            Err(error) => {
                self.faults.push(fault::unread(&error, at));
                return None;
            }
        };
        let said: BTreeMap<&str, &str> = cedar.annotations().collect();
        for (name, _) in said.iter().filter(|(name, _)| !ANNOTATIONS.contains(name)) {
            let near = near_miss(name, ANNOTATIONS);
            let at = fault::part(&self.sources, at, &format!("@{name}"));
            self.faults.push(fault::unknown_annotation(at, name).near(near));
        }
        for name in NEEDED {
            if said.get(name).is_none_or(|text| text.trim().is_empty()) {
                self.faults.push(fault::missing_annotation(at, name));
            }
        }
        let id = self.name(at, said.get("id")?)?;
        let day = |reading: &mut Self, name| match said.get(name) {
            Some(text) => reading.day(at, text),
            None => None,
        };
        let (from, until) = (day(self, "from"), day(self, "until"));
        let confidence = self.confidence(at, said.get("confidence")?)?;
        let article = said.get("article").map(|&article| article.to_owned());
        Some(Policy {
            title: Text::new(*said.get("title_zh")?, *said.get("title_en")?),
            basis: Citation { act: (*said.get("act")?).to_owned(), article, confidence },
            effect: match cedar.effect() {
                cedar_policy::Effect::Permit => Effect::Permit,
                cedar_policy::Effect::Forbid => Effect::Forbid,
            },
            from,
            until,
            speaks_of: BTreeSet::new(),
            path: path.to_owned(),
            at,
            cedar: cedar.new_id(PolicyId::new(&id)),
            id,
        })
    }

    fn name(&mut self, at: Span, text: &str) -> Option<String> {
        match Name::new(text) {
            Ok(name) => Some(name.to_string()),
            Err(not) => {
                let at = fault::part(&self.sources, at, &format!("\"{text}\""));
                self.faults.push(Fault::new("not-a-name", at, not.says()));
                None
            }
        }
    }

    fn day(&mut self, at: Span, text: &str) -> Option<Date> {
        let read = Date::parse(text);
        if let Err(reason) = &read {
            let at = fault::part(&self.sources, at, &format!("\"{text}\""));
            self.faults.push(Fault::new("not-a-day", at, reason.says.clone()));
        }
        read.ok()
    }

    fn confidence(&mut self, at: Span, text: &str) -> Option<Confidence> {
        let known = [
            ("verified", Confidence::Verified),
            ("secondary", Confidence::Secondary),
            ("assumed", Confidence::Assumed),
        ];
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, own)| *own);
        if found.is_none() {
            let near = near_miss(text, known.map(|(word, _)| word));
            let at = fault::part(&self.sources, at, &format!("\"{text}\""));
            self.faults.push(fault::unknown_confidence(at, text).near(near));
        }
        found
    }

    /// Each policy has a name of its own, and a day on which it holds.
    fn unlike(&mut self) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for policy in &self.all {
            if let Some(earlier) = seen.insert(&policy.id, policy.at) {
                let fault = fault::same_id(policy.at, &policy.id);
                self.faults.push(fault.also(earlier, Text::new("这里已有", "here it is already")));
            }
            if policy.from.zip(policy.until).is_some_and(|(from, until)| until <= from) {
                self.faults.push(fault::never(policy.at, &policy.id));
            }
        }
    }

    /// Holds the policies against the schema.
    fn checked(mut self, pack: &Pack, schema: &Schema) -> Result<Policies, Box<Rejected>> {
        if self.faults.is_empty() {
            self.validate(pack, schema);
        }
        for policy in &mut self.all {
            policy.speaks_of = index::reach(&policy.cedar, schema);
        }
        let index = Index::of(&self.all);
        if self.faults.is_empty() {
            self.nobody(pack, &index);
        }
        match self.faults.is_empty() {
            true => Ok(Policies { all: self.all, index, known: Known::default() }),
            false => Err(Box::new(Rejected { faults: self.faults, sources: self.sources })),
        }
    }

    fn validate(&mut self, pack: &Pack, schema: &Schema) {
        let validator = Validator::new(schema.clone());
        for policy in &self.all {
            let words = fault::unknown_words(pack, policy, &self.sources);
            let mut set = PolicySet::new();
            if words.is_empty() && set.add(policy.cedar.clone()).is_ok() {
                let held = validator.validate(&set, ValidationMode::Strict);
                let errors = held.validation_errors().map(|error| fault::of_error(error, policy));
                // What is wrong never applies either, which would only echo the fault.
                let warned = held.validation_warnings().filter(|_| held.validation_passed());
                let warned = warned.map(|warning| fault::of_warning(warning, policy));
                errors.chain(warned).for_each(|fault| self.faults.push(fault));
            }
            words.into_iter().for_each(|fault| self.faults.push(fault));
        }
    }

    /// Every action may be done by somebody on every day from the pack's first.
    fn nobody(&mut self, pack: &Pack, index: &Index) {
        let at = match self.all.last() {
            Some(last) => last.at,
            None => self.nowhere(pack),
        };
        for day in index.days_from(pack.in_force) {
            for action in fault::barred(index, day, &self.all) {
                // The policy that ceases then is where the author looks first.
                let ceased = self.all.iter().find(|policy| policy.until == Some(day));
                let at = ceased.map_or(at, |policy| policy.at);
                self.faults.push(fault::nobody(at, action, day));
            }
        }
    }

    fn nowhere(&mut self, pack: &Pack) -> Span {
        let file = self.sources.add(format!("{}/{}", pack.name, pack::source::ACCESS), "");
        Span { file, start: 0, end: 0 }
    }

    fn rejected(mut self, pack: &Pack, says: &str) -> Result<Policies, Box<Rejected>> {
        let at = self.nowhere(pack);
        self.faults.push(fault::cedar(at, says));
        Err(Box::new(Rejected { faults: self.faults, sources: self.sources }))
    }
}
