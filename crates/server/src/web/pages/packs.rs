//! Packs as people read them: those that are and were in force, those proposed, and what differs.

use askama::Template;

use super::services::Listed;
use crate::web::{
    fault::Refused,
    frame::{Cited, Frame, Link},
};

/// Every pack that is or was in force, and those proposed.
#[derive(Debug, Template)]
#[template(path = "packs.html")]
pub(crate) struct PacksPage {
    pub(crate) frame: Frame,
    /// Why an upload was not taken.
    pub(crate) refused: Vec<Refused>,
    /// Each adoption, the latest first; the first is in force.
    pub(crate) adopted: Vec<Adopted>,
    /// The proposals that the reader may see; nothing where they may see none.
    pub(crate) proposed: Option<Vec<Proposed>>,
    /// True where the reader may upload one.
    pub(crate) may_upload: bool,
    /// The number of the form.
    pub(crate) key: String,
}

/// An adoption of a pack.
#[derive(Debug)]
pub(crate) struct Adopted {
    /// The pack, with the beginning of its hash.
    pub(crate) link: Link,
    /// Its ledger entry.
    pub(crate) number: String,
    /// From when it was in force.
    pub(crate) at: String,
    /// Who put it in force.
    pub(crate) by: String,
    /// True where it is in force now.
    pub(crate) current: bool,
}

/// A proposal in a list.
#[derive(Debug)]
pub(crate) struct Proposed {
    /// The proposal.
    pub(crate) link: Link,
    /// The beginning of its hash.
    pub(crate) edition: String,
    /// Where it stands, and the tone of that.
    pub(crate) stage: (&'static str, String),
    /// When it was uploaded.
    pub(crate) at: String,
}

/// A pack as people read it.
#[derive(Debug, Template)]
#[template(path = "pack.html")]
pub(crate) struct PackPage {
    pub(crate) frame: Frame,
    /// The way up.
    pub(crate) up: Link,
    /// What it is called.
    pub(crate) title: String,
    /// Where it stands: in force, was in force, proposed.
    pub(crate) lead: String,
    /// Its hash, whole.
    pub(crate) hash: String,
    /// Lines of what it has.
    pub(crate) counts: Vec<(String, String)>,
    /// What it takes from sources that nobody has read there.
    pub(crate) facts: Link,
    /// Its services.
    pub(crate) services: Vec<Listed>,
    /// Its registers, each with how much it says and whether everybody may read it.
    pub(crate) registers: Vec<(String, String)>,
    /// What arrives in bulk, each with how much a row says and what obliges its sources.
    pub(crate) feeds: Vec<(String, String)>,
    /// What rules look things up in, each with how much it says.
    pub(crate) knowledge: Vec<(String, String)>,
    /// The rules by which rows become findings, each with its first day and what it reads.
    pub(crate) rules: Vec<(String, String)>,
}

/// What a pack takes from sources.
#[derive(Debug, Template)]
#[template(path = "pack-facts.html")]
pub(crate) struct FactsPage {
    pub(crate) frame: Frame,
    /// The way up.
    pub(crate) up: Link,
    /// The list with everything, or with what is unverified.
    pub(crate) other: Link,
    /// How many there are.
    pub(crate) total: usize,
    /// The next page; empty on the last.
    pub(crate) next: String,
    /// Each: where, what, and the citation.
    pub(crate) facts: Vec<(String, String, Cited)>,
}

/// A proposal.
#[derive(Debug, Template)]
#[template(path = "proposal.html")]
pub(crate) struct ProposalPage {
    pub(crate) frame: Frame,
    /// What it is called.
    pub(crate) title: String,
    /// Its address.
    pub(crate) href: String,
    /// Why a step was not taken.
    pub(crate) refused: Vec<Refused>,
    /// Where it stands, and the tone of that.
    pub(crate) stage: (&'static str, String),
    /// What that means and what is next.
    pub(crate) says: String,
    /// The beginning of its hash.
    pub(crate) edition: String,
    /// The pack that it was held against; empty before.
    pub(crate) base: String,
    /// The day it is to be in force from; empty before.
    pub(crate) day: String,
    /// Its faults; none where it is sound.
    pub(crate) faults: Vec<FaultView>,
    /// True where it is sound.
    pub(crate) sound: bool,
    /// True where its rules can be tried here.
    pub(crate) rules: bool,
    /// Its stories with what came of each; none before they are played.
    pub(crate) stories: Vec<StoryView>,
    /// How many came out, in a sentence; empty before.
    pub(crate) stories_says: String,
    /// The plans by which running cases move.
    pub(crate) plans: Vec<PlanView>,
    /// Every step, by whom and when.
    pub(crate) steps: Vec<(String, String, String)>,
    /// The steps that the reader may take now.
    pub(crate) may: May,
    /// The day that the form names.
    pub(crate) today: String,
    /// The number of the form.
    pub(crate) key: String,
}

/// What the reader may do with a proposal where it stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct May {
    /// Stage it.
    pub(crate) stage: bool,
    /// Name its day.
    pub(crate) date: bool,
    /// Publish it.
    pub(crate) publish: bool,
    /// It waits for somebody else to publish it.
    pub(crate) wait: bool,
    /// Give it up.
    pub(crate) discard: bool,
}

/// A fault of a pack.
#[derive(Debug)]
pub(crate) struct FaultView {
    /// File and line.
    pub(crate) place: String,
    /// The line itself.
    pub(crate) line: String,
    /// Its word.
    pub(crate) word: &'static str,
    /// What is wrong.
    pub(crate) says: String,
    /// What was probably meant; empty where nobody can say.
    pub(crate) near: String,
}

/// A story with what came of it.
#[derive(Debug)]
pub(crate) struct StoryView {
    /// What it tells.
    pub(crate) title: String,
    /// Where it is written.
    pub(crate) place: String,
    /// Why it did not come out; empty where it did.
    pub(crate) wrong: String,
}

/// A plan by which running cases move.
#[derive(Debug)]
pub(crate) struct PlanView {
    /// What it is called.
    pub(crate) title: String,
    /// How many steps move and stay, and from which edition.
    pub(crate) says: String,
    /// What hinders it.
    pub(crate) hindered: Vec<String>,
}

/// What differs between a proposal and the pack in force.
#[derive(Debug, Template)]
#[template(path = "pack-diff.html")]
pub(crate) struct DiffPage {
    pub(crate) frame: Frame,
    /// The way up.
    pub(crate) up: Link,
    /// The edition in force, and the proposed one.
    pub(crate) sides: (String, String),
    /// The differences by what they belong to.
    pub(crate) parts: Vec<PartView>,
    /// How sure the comparison is.
    pub(crate) standing: Vec<String>,
}

/// What differs in one procedure, register or other part.
#[derive(Debug)]
pub(crate) struct PartView {
    /// The part.
    pub(crate) title: String,
    /// Its differences.
    pub(crate) differences: Vec<DifferenceView>,
}

/// A difference.
#[derive(Debug)]
pub(crate) struct DifferenceView {
    /// What differs.
    pub(crate) says: String,
    /// For whom.
    pub(crate) whom: String,
    /// Who gains and who loses: the tone, the word, and who it is.
    pub(crate) effects: Vec<(&'static str, String, String)>,
    /// What was not searched out; empty where everything was.
    pub(crate) caution: String,
}

#[cfg(test)]
mod samples {
    use super::super::{Sample, cited, link};
    use super::*;

    impl Sample for PacksPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let refused = Refused { number: 1323, says: "no <pack>".into(), next: "Again.".into() };
            let adopted = |current| Adopted {
                link: link(),
                number: "7".into(),
                at: "2030-01-31 00:00".into(),
                by: "A body".into(),
                current,
            };
            let proposed = Proposed {
                link: link(),
                edition: "0123456789ab".into(),
                stage: ("plain", "staged".into()),
                at: "2030-01-31 09:00".into(),
            };
            let page = |refused, proposed, may_upload| Self {
                frame: frame.clone(),
                refused,
                adopted: vec![adopted(true), adopted(false)],
                proposed,
                may_upload,
                key: "k".into(),
            };
            let some = Some(vec![proposed]);
            vec![
                page(Vec::new(), None, false),
                page(Vec::new(), Some(Vec::new()), true),
                page(vec![refused], some, true),
            ]
        }
    }

    impl Sample for PackPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let listed = Listed {
                link: link(),
                summary: "For <people>".into(),
                kind: "licence".into(),
                applicants: "persons".into(),
                promised: "20 working days".into(),
            };
            let page = |services, bulk: Vec<(String, String)>| Self {
                frame: frame.clone(),
                up: link(),
                title: "Willow".into(),
                lead: "In force".into(),
                hash: "0123".into(),
                counts: vec![("services".into(), "3".into())],
                facts: link(),
                services,
                registers: vec![("A register".into(), "3 fields".into())],
                feeds: bulk.clone(),
                knowledge: bulk.clone(),
                rules: bulk,
            };
            let feed = ("A <feed>".into(), "3 columns".into());
            vec![page(Vec::new(), Vec::new()), page(vec![listed], vec![feed])]
        }
    }

    impl Sample for FactsPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |facts: Vec<_>| Self {
                frame: frame.clone(),
                up: link(),
                other: link(),
                total: facts.len(),
                next: "/zh/packs".into(),
                facts,
            };
            let fact = ("figure.rate".to_owned(), "20 <days>".to_owned(), cited());
            vec![page(Vec::new()), page(vec![fact])]
        }
    }

    impl Sample for ProposalPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = || Self {
                frame: frame.clone(),
                title: "Proposal 3".into(),
                href: "/en/proposals/3".into(),
                refused: Vec::new(),
                stage: ("bad", "with faults".into()),
                says: "Mend it".into(),
                edition: "0123456789ab".into(),
                base: String::new(),
                day: String::new(),
                faults: Vec::new(),
                sound: true,
                rules: true,
                stories: Vec::new(),
                stories_says: String::new(),
                plans: Vec::new(),
                steps: vec![("uploaded".into(), "An officer".into(), "2030-01-31".into())],
                may: May::default(),
                today: "2030-01-31".into(),
                key: "k".into(),
            };
            let fault = FaultView {
                place: "willow/pack.yaml:3".into(),
                line: "jurisdiction: <x>".into(),
                word: "unknown-field",
                says: "no such field".into(),
                near: "jurisdiction".into(),
            };
            let story = |wrong: &str| StoryView {
                title: "A story".into(),
                place: "willow/scenarios/a.yaml:9".into(),
                wrong: wrong.into(),
            };
            let plan = PlanView {
                title: "A plan".into(),
                says: "1 step moves".into(),
                hindered: vec!["no <way>".into()],
            };
            let all = May { stage: true, date: true, publish: true, wait: true, discard: true };
            let refused = Refused { number: 1329, says: "overtaken".into(), next: "Again.".into() };
            vec![
                page(),
                Self { faults: vec![fault], sound: false, ..page() },
                Self {
                    refused: vec![refused],
                    base: "ba9876543210".into(),
                    day: "2030-02-01".into(),
                    stories: vec![story(""), story("beat 2: <no>")],
                    stories_says: "1 of 2".into(),
                    plans: vec![plan],
                    may: all,
                    ..page()
                },
            ]
        }
    }

    impl Sample for DiffPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let difference = |effects, caution: &str| DifferenceView {
                says: "a paper <more>".into(),
                whom: "everybody".into(),
                effects,
                caution: caution.into(),
            };
            let effect = ("bad", "loses".to_owned(), "who waits".to_owned());
            let part = PartView {
                title: "A service".into(),
                differences: vec![
                    difference(vec![effect], "examples only"),
                    difference(Vec::new(), ""),
                ],
            };
            let page = |parts| Self {
                frame: frame.clone(),
                up: link(),
                sides: ("old".into(), "new".into()),
                parts,
                standing: vec!["exact".into()],
            };
            vec![page(Vec::new()), page(vec![part])]
        }
    }
}
