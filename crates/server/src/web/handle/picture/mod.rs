//! A picture of one party: what registers and cases of several departments say of it, as of any
//! day. Nothing is kept for it, and nothing is shown that registers and cases do not say; whoever
//! may not read a register is told only how many entries there are.

mod gather;

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::Name;
use kernel::{
    PartyId,
    register::{Version, as_of},
};
use pack::model::{Picture, PicturePart, Register};
use rules::Value;

pub(in crate::web) use self::gather::{Group, Held, Lapsed, Run};
use self::gather::{cases, lapsed};
use super::{AsOf, Query, credit, escaped, findings::Which, name, naming, register, risk};
use crate::web::{
    app::Role,
    entries::{Headings, Named, named_by},
    fault::Fault,
    frame::Link,
    pages::{
        picture::{CallLine, CaseLine, EntryLine, GroupView, PartView, PicturePage},
        register::{Force, Listed, link},
    },
    permit::may_on_site,
    reading::standing,
    shown::Shown,
    visit::{SignedIn, Visit, page},
};

/// A part with what belongs to it.
pub(in crate::web) struct Part<'p> {
    pub(in crate::web) name: &'p Name,
    pub(in crate::web) part: &'p PicturePart,
    pub(in crate::web) groups: Vec<Group<'p>>,
    pub(in crate::web) runs: Vec<Run<'p>>,
}

/// A picture of the party that holds an entry.
pub(in crate::web) struct Account<'p> {
    pub(in crate::web) picture: &'p Picture,
    pub(in crate::web) register: &'p Register,
    pub(in crate::web) key: String,
    pub(in crate::web) as_of: AsOf,
    pub(in crate::web) parts: Vec<Part<'p>>,
    pub(in crate::web) lapsed: Vec<Lapsed<'p>>,
    /// The registers that anybody may read.
    open: BTreeSet<&'p str>,
    /// True where not all cases were read.
    pub(in crate::web) more: bool,
}

/// The ways from an entry to the pictures of whoever holds it, for those who may see them.
pub(in crate::web) fn links_for(
    visit: &Visit,
    register: &Register,
    (key, versions): (&str, &[Version]),
    (asked, kept): (AsOf, &str),
) -> Vec<Link> {
    let Some(person) = visit.person() else { return Vec::new() };
    if !register.public || !may_on_site(visit, Action::SeePicture) {
        return Vec::new();
    }
    let Some(party) = holder(register, versions, asked) else { return Vec::new() };
    let pictures = visit.pack().pictures.values().filter(|own| own.is_of(register));
    let seen = pictures.filter(|own| sees(visit, &person.role, own, party));
    let link = |own: &Picture| Link {
        href: visit.to(&format!("{}{kept}", address(own, register, key))),
        text: own.title.to(visit.words.0).to_owned(),
    };
    seen.map(link).collect()
}

fn address(picture: &Picture, register: &Register, key: &str) -> String {
    format!("/pictures/{}/{}/{}", picture.name, register.name, escaped(key))
}

/// Whoever held an entry on a day; where it said nothing then, who was known to hold it last.
fn holder(register: &Register, versions: &[Version], asked: AsOf) -> Option<PartyId> {
    let last = || versions.iter().rfind(|own| own.known_from <= asked.known);
    let version = as_of(versions, asked.at, asked.known).or_else(last)?;
    match version.fields.get(register.held_by.as_ref()?)? {
        Value::Party(party) => PartyId::parse(party),
        _ => None,
    }
}

/// Officers whose office takes part see the picture of everybody, a party sees its own.
fn sees(visit: &Visit, role: &Role, picture: &Picture, of: PartyId) -> bool {
    match role {
        Role::Officer { body, .. } => picture.offices(visit.pack()).contains(&body.office),
        Role::Applicant { party } => *party == of,
    }
}

impl<'p> Account<'p> {
    /// What is known of the party that holds an entry; for it and for departments that take part.
    pub(in crate::web) async fn load(
        visit: &'p Visit,
        role: &Role,
        (picture, register, key): (&str, &str, String),
        as_of: AsOf,
    ) -> Result<Self, Fault> {
        let pack = visit.pack();
        let picture = pack.pictures.get(&name(picture)?).ok_or(Fault::NoSuchPage)?;
        let register = pack.registers.get(&name(register)?).filter(|own| own.public);
        let register = register.filter(|own| picture.is_of(own)).ok_or(Fault::NoSuchPage)?;
        let versions = visit.app.store.versions(&register.name, &key).await?;
        let party = holder(register, &versions, as_of).ok_or(Fault::NoSuchPage)?;
        if !sees(visit, role, picture, party) {
            return Err(Fault::NoSuchPage);
        }
        let mut held: BTreeMap<&Name, Group<'p>> = BTreeMap::new();
        for own in picture.registers().filter_map(|own| pack.registers.get(own)) {
            let group = Group::held(visit, own, &party.to_string(), as_of).await?;
            held.insert(&own.name, group);
        }
        let lapsed = lapsed(visit, picture, &held, as_of).await?;
        let mut naming = Vec::new();
        for (_, part) in &picture.parts {
            let mut groups = Vec::new();
            for own in &part.entries {
                groups.extend(Group::naming(visit, own, &held, as_of).await?);
            }
            naming.push(groups);
        }
        let (mut runs, more) = cases(visit, (role, picture), party, as_of).await?;
        let mut parts = Vec::new();
        for ((name, part), naming) in picture.parts.iter().zip(naming) {
            let mut groups: Vec<Group<'p>> =
                part.registers.iter().filter_map(|own| held.remove(own)).collect();
            groups.extend(naming);
            let of = |run: &Run<'_>| part.procedures.contains(&run.case.procedure);
            let (own, others) = runs.into_iter().partition(of);
            runs = others;
            parts.push(Part { name, part, groups, runs: own });
        }
        let open = pack.registers.values().filter(|own| own.public);
        let open = open.map(|own| own.name.as_str()).collect();
        Ok(Self { picture, register, key, as_of, parts, lapsed, open, more })
    }

    /// Whether entries of a register may be named.
    pub(in crate::web) fn shows(&self, register: &str) -> bool {
        self.open.contains(register)
    }

    /// Every group of entries.
    pub(in crate::web) fn groups(&self) -> impl Iterator<Item = &Group<'p>> {
        self.parts.iter().flat_map(|part| &part.groups)
    }

    /// Every case.
    pub(in crate::web) fn runs(&self) -> impl Iterator<Item = &Run<'p>> {
        self.parts.iter().flat_map(|part| &part.runs)
    }

    /// The entries that are in force though their certificate has run out.
    pub(in crate::web) fn run_out(&self) -> impl Iterator<Item = (&Register, &Held)> {
        let all = self.groups().filter(|group| group.names.is_none() && group.register.public);
        let on = self.as_of.on;
        let entries =
            all.flat_map(|group| group.entries.iter().map(move |own| (group.register, own)));
        entries.filter(move |(_, own)| {
            own.force == Force::In && own.until.is_some_and(|last| last < on)
        })
    }

    /// The entries that the page names: its own, those it lists, and what these are known by.
    fn named(&self) -> BTreeSet<Named> {
        let own = (self.register.name.clone(), self.key.clone());
        let mut named = BTreeSet::from([own]);
        named.extend(self.lapsed.iter().map(|own| own.on.clone()));
        for group in self.groups().filter(|group| group.register.public) {
            for entry in &group.entries {
                named.insert((group.register.name.clone(), entry.key.clone()));
                named.extend(named_by(group.register, &entry.version.fields));
            }
        }
        named
    }
}

/// The picture as a page.
pub(in crate::web) async fn show(
    SignedIn { visit, role, .. }: SignedIn,
    Path((picture, register, key)): Path<(String, String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let as_of = query.as_of(&visit).await?;
    let account = Account::load(&visit, &role, (&picture, &register, key), as_of).await?;
    let shown = visit.shown();
    let headings = Headings::load(&visit, shown, &account.named(), (as_of.at, as_of.known)).await?;
    let view = View { visit: &visit, account: &account, headings, kept: query.kept() };
    let mut parts = Vec::new();
    for part in &account.parts {
        parts.push(view.part(part).await?);
    }
    let offices = account.picture.offices(visit.pack());
    let offices: Vec<String> = offices.into_iter().map(|own| shown.office(own)).collect();
    page(&PicturePage {
        frame: visit.frame(),
        title: account.picture.title.to(visit.words.0).to_owned(),
        entry: view.entry(&account.register.name, &account.key),
        looked: query.looked(as_of),
        offices: offices.join(visit.words.comma()),
        calls: view.calls(),
        parts,
        more: account.more,
        basis: shown.all_cited(&account.picture.basis),
        action: visit.to(&address(account.picture, account.register, &account.key)),
    })
}

/// A picture in the words of its reader.
struct View<'v> {
    visit: &'v Visit,
    account: &'v Account<'v>,
    headings: Headings,
    /// The day and number that links keep.
    kept: String,
}

impl View<'_> {
    /// An entry by what it is known by; by its register alone where nobody reads that.
    fn entry(&self, register: &Name, key: &str) -> Link {
        let visit = self.visit;
        let own = visit.pack().registers.get(register);
        if let Some(own) = own.filter(|_| !self.account.shows(register.as_str())) {
            let text = own.title.to(visit.words.0).to_owned();
            return Link { href: String::new(), text };
        }
        let link = self.headings.link(visit.shown(), register, key);
        Link { href: format!("{}{}", link.href, self.kept), ..link }
    }

    /// What calls for attention, each with what shows it.
    fn calls(&self) -> Vec<CallLine> {
        let (words, account) = (self.visit.words, self.account);
        let mut calls = Vec::new();
        for group in account.groups() {
            for own in &group.entries {
                let link = || self.entry(&group.register.name, &own.key);
                let alarms = own.derived.iter().filter(|standing| standing.alarm);
                calls.extend(alarms.map(|standing| CallLine {
                    says: words.with_both("fault-line", &standing.title, &standing.text),
                    links: vec![link()],
                }));
            }
        }
        calls.extend(account.lapsed.iter().map(|own| CallLine {
            says: words.t("picture-lapsed"),
            links: vec![self.entry(&own.register.name, &own.key), self.entry(&own.on.0, &own.on.1)],
        }));
        calls.extend(account.run_out().map(|(register, own)| {
            let last = own.until.map(|day| day.to_string()).unwrap_or_default();
            let says = words.with("picture-run-out", &last);
            CallLine { says, links: vec![self.entry(&register.name, &own.key)] }
        }));
        calls.extend(account.runs().filter(|run| run.late && !run.over()).map(|run| {
            let line = self.case(run);
            let says = words.with_both("picture-late", &line.who, &line.due);
            CallLine { says, links: vec![line.link] }
        }));
        calls
    }

    async fn part(&self, part: &Part<'_>) -> Result<PartView, Fault> {
        let mut groups = Vec::new();
        for group in &part.groups {
            groups.push(self.group(group).await?);
        }
        let (over, open): (Vec<&Run<'_>>, Vec<&Run<'_>>) =
            part.runs.iter().partition(|run| run.over());
        Ok(PartView {
            title: part.part.title.to(self.visit.words.0).to_owned(),
            groups,
            asked_for: !part.part.procedures.is_empty(),
            open: open.into_iter().map(|run| self.case(run)).collect(),
            over: over.into_iter().map(|run| self.case(run)).collect(),
        })
    }

    async fn group(&self, group: &Group<'_>) -> Result<GroupView, Fault> {
        let (visit, register) = (self.visit, group.register);
        let title = |own: &Name| register.field(own).map(|own| own.title.to(visit.words.0));
        let out = group.entries.iter().filter(|own| own.force.out()).count();
        let mut entries = Vec::new();
        for own in group.entries.iter().filter(|_| register.public) {
            entries.push(self.held(group, own).await?);
        }
        let link = link(visit.shown(), register);
        Ok(GroupView {
            register: match register.public {
                true => Link { href: format!("{}{}", link.href, self.kept), ..link },
                false => Link { href: String::new(), ..link },
            },
            field: group.names.and_then(title).unwrap_or_default().to_owned(),
            total: group.entries.len(),
            standing: group.entries.len() - out,
            closed: !register.public,
            entries,
            more: group.more,
        })
    }

    async fn held(&self, group: &Group<'_>, own: &Held) -> Result<EntryLine, Fault> {
        let (visit, register, asked) = (self.visit, group.register, self.account.as_of);
        let row = (own.key.clone(), own.version.clone());
        let kept = (self.kept.as_str(), asked.on);
        let listed = Listed {
            standings: own.derived.clone(),
            ..Listed::of(visit.shown(), register, &row, kept, &self.headings)
        };
        let mut links = Vec::new();
        if group.names.is_none() {
            let versions = visit.app.store.versions(&register.name, &own.key).await?;
            links =
                register::certificates_of(visit, (register, &own.key), &versions, asked).await?;
            links.extend(credit::link_for(visit, register, &own.key, &versions));
            links.extend(risk::link_for(visit, &register.name, &own.key));
            links.extend(self.findings(register, own));
        }
        let by = group.names.unwrap_or(&register.headed);
        Ok(EntryLine {
            short: naming::in_short(visit, register, by, &own.version),
            until: own.until.map(|day| day.to_string()).unwrap_or_default(),
            listed,
            links,
        })
    }

    /// The findings about an entry that stand, where there are any and the reader may see them.
    fn findings(&self, register: &Register, own: &Held) -> Option<Link> {
        let count = own.findings.filter(|count| *count > 0)?;
        let which = Which::of_entry(&register.name, &own.key);
        let text = self.visit.words.n("picture-findings", &count);
        Some(Link { href: self.visit.to(&which.address()), text })
    }

    fn case(&self, run: &Run<'_>) -> CaseLine {
        let visit = self.visit;
        let shown = Shown { pack: run.pack, day: self.account.as_of.on, ..visit.shown() };
        let bodies: BTreeSet<String> =
            run.awaited.iter().map(|own| shown.body(&own.body)).collect();
        let bodies: Vec<String> = bodies.into_iter().collect();
        let href = visit.to(&format!("/cases/{}", run.case.id));
        CaseLine {
            link: Link {
                href: if run.open_to_reader { href } else { String::new() },
                text: run.procedure.title.to(visit.words.0).to_owned(),
            },
            id: run.case.id.to_string(),
            standing: standing(shown, run.procedure, &run.case.standing),
            who: match bodies.is_empty() {
                true => visit.words.t("picture-party"),
                false => bodies.join(visit.words.comma()),
            },
            due: run.due.map(|day| day.to_string()).unwrap_or_default(),
            late: run.late,
            filed_on: shown.day_of(run.case.filed_at),
        }
    }
}
