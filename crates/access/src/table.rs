//! The table of who may do what: every role with every action in every situation that the facts of
//! the thing can be in. Where policies name a word of the pack (an office, a procedure), the
//! situations with that word are there besides those with any other.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Division, Name, Text};
use pack::model::Pack;

use crate::{
    action::{Action, Kind},
    policy::Effect,
    read::Policies,
    what::{CaseFacts, Circumstances, What},
    who::{Role, Seat, Who},
};

/// Somebody before a thing.
#[derive(Debug, Clone)]
pub struct Situation {
    /// How they stand to one another; stable for programs.
    pub word: &'static str,
    /// The words of the pack that policies name and that hold in it, such as `office fire`.
    pub words: BTreeSet<String>,
    /// Who asks.
    pub who: Who,
    /// Of what.
    pub what: What,
    /// In which circumstances.
    pub circumstances: Circumstances,
}

/// What came of one situation.
#[derive(Debug, Clone)]
pub struct Row {
    /// The action.
    pub action: Action,
    /// The situation.
    pub situation: Situation,
    /// True where it is permitted.
    pub permitted: bool,
    /// The ids of the policies that determined it.
    pub by: Vec<String>,
}

/// How somebody can stand to a thing, in words.
pub fn says(word: &str) -> Text {
    let (zh, en) = match word {
        "site" => ("正式运行", "in service"),
        "demonstration" => ("演示系统", "in a demonstration"),
        "with-account" => ("演示系统中有账户的", "in a demonstration, with an account"),
        "open" => ("面向个人和组织的事项", "a service for people"),
        "open-own-office" => ("面向个人和组织、由本部门主管", "for people, of one's own office"),
        "open-other-office" => ("面向个人和组织、由其他部门主管", "for people, of another office"),
        "open-any-office" => (
            "面向个人和组织、由哪个部门主管看所填条目",
            "for people, of the office that an entry says",
        ),
        "bodies" => ("由机关启动的事项", "a service that bodies start"),
        "bodies-own-office" => ("由机关启动、由本部门主管", "for bodies, of one's own office"),
        "bodies-other-office" => ("由机关启动、由其他部门主管", "for bodies, of another office"),
        "public" => ("公开的登记簿", "a public register"),
        "no-longer-published" => (
            "公开的登记簿中公示已经结束的登记",
            "an entry of a public register whose publication has ended",
        ),
        "restricted" => ("不公开的登记簿", "a restricted register"),
        "own-case" => ("自己的办件", "one's own case"),
        "spoken-for" => ("所代理的办件", "the case of whom one speaks for"),
        "others-case" => ("他人的办件", "another's case"),
        "any-case" => ("任一办件", "any case"),
        "competent" => ("主管机关", "of the competent body"),
        "hand" => ("参与办件的机关", "of a body with a hand in it"),
        "above" => ("办理机关的上级机关", "of a body above one with a hand in it"),
        "reviewing" => ("联合审查中的机关", "of a body asked in a review"),
        "hearing" => ("受理复议的机关", "of the body that hears the challenge"),
        "speaking" => ("为本机关申请或在窗口填报", "who filed it or wrote it down"),
        "aside" => ("主管机关中回避的", "of the competent body, standing aside"),
        "stranger" => ("无关的机关", "of another body"),
        "own-body" => ("本机关", "one's own body"),
        "other-body" => ("其他机关", "another body"),
        "prepared" => ("自己经办过的政策包", "a pack that one has prepared"),
        "proposed" => ("他人经办的政策包", "a pack that others have prepared"),
        "oneself" => ("本人", "oneself"),
        "somebody" => ("他人", "somebody else"),
        _ => ("平台", "the platform"),
    };
    Text::new(zh, en)
}

/// The words of the pack that policies name.
struct Named {
    offices: Vec<Name>,
    procedures: Vec<Name>,
    levels: Vec<Division>,
}

impl Named {
    /// Those named, and one that is not, which stands for all others.
    fn of(policies: &Policies, pack: &Pack) -> Option<Self> {
        let literals = policies.all.iter().flat_map(|policy| policy.cedar.entity_literals());
        let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for literal in literals {
            let kind = literal.type_name().to_string();
            said.entry(kind).or_default().insert(literal.id().unescaped().to_owned());
        }
        let of = |kind: &str, all: &mut dyn Iterator<Item = &Name>| {
            let named = said.get(kind).cloned().unwrap_or_default();
            let all: Vec<&Name> = all.collect();
            let other = all.iter().find(|name| !named.contains(name.as_str()));
            let known = all.iter().filter(|name| named.contains(name.as_str()));
            other.into_iter().chain(known).map(|&name| name.clone()).collect::<Vec<Name>>()
        };
        let offices = of("Office", &mut pack.offices.keys());
        let procedures = of("Procedure", &mut pack.procedures.keys());
        let place = pack.jurisdiction.clone()?;
        let first = pack.divisions.of_level(base::DivisionLevel::County, &place).next().cloned();
        let levels = match said.contains_key("Level") || said.contains_key("Division") {
            true => first.into_iter().chain([place]).collect(),
            false => vec![first.unwrap_or(place)],
        };
        Some(Self { offices, procedures, levels })
    }

    /// Bodies of each office and level that matter, with the words by which they differ from the
    /// first.
    fn seats(&self) -> Vec<(Seat, Words)> {
        let each = self.offices.iter().enumerate().flat_map(|(nth, office)| {
            self.levels.iter().enumerate().map(move |(level, division)| {
                let seat = Seat { office: office.clone(), division: division.clone() };
                let own = (nth > 0).then(|| format!("office {office}"));
                let level = (level > 0).then(|| "level province".to_owned());
                (seat, own.into_iter().chain(level).collect())
            })
        });
        each.collect()
    }

    /// A procedure that matters, with the word by which it differs from the first.
    fn procedure(&self, nth: usize) -> Option<(Name, Words)> {
        let procedure = self.procedures.get(nth)?.clone();
        let word = (nth > 0).then(|| format!("procedure {procedure}"));
        Some((procedure, word.into_iter().collect()))
    }
}

/// The reference of the one who asks, and of somebody else.
const ONE: &str = "one";
const OTHER: &str = "other";

/// Every situation in which somebody of a role can be before a thing of a kind.
fn situations(named: &Named, role: Role, kind: Kind) -> Vec<Situation> {
    let situation = |who: &Who, (word, words, what): Standing| {
        let holder = matches!(role, Role::Applicant | Role::Officer);
        let circumstances = Circumstances {
            demo: matches!(word, "demonstration" | "with-account"),
            // Where nobody is invented whoever is signed in has an account.
            account: word == "with-account" || word == "site" && holder,
        };
        Situation { word, words, who: who.clone(), what, circumstances }
    };
    let reference = ONE.to_owned();
    let who = match role {
        Role::Officer => {
            let each = named.seats().into_iter().flat_map(|(seat, words)| {
                let who = Who::Officer(reference.clone(), seat.clone());
                let standings = of_officer(named, &seat, kind).into_iter();
                let standings = standings.map(move |(word, more, what)| {
                    (word, words.iter().cloned().chain(more).collect(), what)
                });
                standings.map(|standing| situation(&who, standing)).collect::<Vec<_>>()
            });
            return each.collect();
        }
        Role::Anyone => Who::Anyone,
        Role::Applicant => Who::Applicant(reference),
        Role::Agent => Who::Agent(reference),
        Role::Auditor => Who::Auditor(reference),
        Role::Administrator => Who::Administrator(reference),
        Role::System => Who::System(reference),
    };
    of_others(named, role, kind).into_iter().map(|standing| situation(&who, standing)).collect()
}

type Words = BTreeSet<String>;
type Standing = (&'static str, Words, What);

/// The site, in service and in a demonstration, where some have accounts.
fn sites(role: Role) -> Vec<Standing> {
    let holder = matches!(role, Role::Applicant | Role::Officer);
    let words = ["site", "demonstration"].into_iter().chain(holder.then_some("with-account"));
    words.map(|word| (word, Words::new(), What::Site)).collect()
}

fn registers() -> Vec<Standing> {
    let register = |word, public, published| {
        let name = Name::new("register").ok()?;
        Some((word, Words::new(), What::Register { register: name, public, published }))
    };
    let kinds =
        [("public", true, true), ("no-longer-published", true, false), ("restricted", false, true)];
    kinds
        .into_iter()
        .filter_map(|(word, public, published)| register(word, public, published))
        .collect()
}

/// Services that are open to people or not, of an office or of the one that an entry says.
fn services(named: &Named, words: &[(&'static str, bool)], office: Option<&Name>) -> Vec<Standing> {
    let each = (0..named.procedures.len()).filter_map(|nth| named.procedure(nth));
    let each = each.flat_map(|(procedure, named)| {
        words.iter().map(move |&(word, people)| {
            let (procedure, office) = (procedure.clone(), office.cloned());
            let what = What::Service { procedure, people, bodies: !people, office };
            (word, named.clone(), what)
        })
    });
    each.collect()
}

/// A case for each procedure that matters, as `set` makes it.
fn cases(
    named: &Named,
    word: &'static str,
    set: impl Fn(&mut CaseFacts),
) -> impl Iterator<Item = Standing> {
    (0..named.procedures.len()).filter_map(|nth| named.procedure(nth)).map(move |(own, words)| {
        let mut facts = CaseFacts::of(own);
        set(&mut facts);
        (word, words, What::Case(Box::new(facts)))
    })
}

fn of_others(named: &Named, role: Role, kind: Kind) -> Vec<Standing> {
    let plain = |word, what| (word, Words::new(), what);
    let one = || BTreeSet::from([ONE.to_owned()]);
    match (kind, role) {
        (Kind::Site, role) => sites(role),
        (Kind::Ledger, _) => vec![plain("platform", What::Ledger)],
        (Kind::Lake, _) => vec![plain("lake", What::Lake)],
        (Kind::Register, _) => registers(),
        (Kind::Service, _) => {
            let office = named.offices.first();
            services(named, &[("open", true), ("bodies", false)], office)
        }
        (Kind::Case, Role::Applicant) => {
            let own = cases(named, "own-case", |case| case.parties = one());
            own.chain(cases(named, "others-case", |_| {})).collect()
        }
        (Kind::Case, Role::Agent) => {
            let own = cases(named, "spoken-for", |case| case.agents = one());
            own.chain(cases(named, "others-case", |_| {})).collect()
        }
        (Kind::Case, _) => cases(named, "any-case", |_| {}).collect(),
        (Kind::Inbox, _) => vec![plain("other-body", What::Inbox(None))],
        (Kind::Proposal, Role::Officer) => vec![
            plain("prepared", What::Proposal(one())),
            plain("proposed", What::Proposal(BTreeSet::new())),
        ],
        (Kind::Proposal, _) => vec![plain("proposed", What::Proposal(BTreeSet::new()))],
        (Kind::Person, Role::Applicant | Role::Officer) => vec![
            plain("oneself", What::Person(ONE.to_owned())),
            plain("somebody", What::Person(OTHER.to_owned())),
        ],
        (Kind::Person, _) => vec![plain("somebody", What::Person(OTHER.to_owned()))],
    }
}

fn of_officer(named: &Named, seat: &Seat, kind: Kind) -> Vec<Standing> {
    let plain = |word, what| (word, Words::new(), what);
    match kind {
        Kind::Service => {
            let words = [("open-own-office", true), ("bodies-own-office", false)];
            let own = services(named, &words, Some(&seat.office));
            let words = [("open-other-office", true), ("bodies-other-office", false)];
            let other = named.offices.iter().find(|office| **office != seat.office);
            let other = other.map(|other| services(named, &words, Some(other)));
            let any = services(named, &[("open-any-office", true)], None);
            own.into_iter().chain(other.into_iter().flatten()).chain(any).collect()
        }
        Kind::Case => of_body(named, seat),
        Kind::Inbox => {
            let other = Seat { office: seat.office.clone(), division: elsewhere(&seat.division) };
            vec![
                plain("own-body", What::Inbox(Some(seat.clone()))),
                plain("other-body", What::Inbox(Some(other))),
            ]
        }
        Kind::Site | Kind::Ledger | Kind::Lake | Kind::Register | Kind::Person | Kind::Proposal => {
            of_others(named, Role::Officer, kind)
        }
    }
}

/// Some other division.
fn elsewhere(division: &Division) -> Division {
    let other = if division.as_str() == "11" { "12" } else { "11" };
    Division::parse(other).unwrap_or_else(|_| division.clone())
}

/// How an officer's body can stand in a case.
fn of_body(named: &Named, seat: &Seat) -> Vec<Standing> {
    let own = || BTreeSet::from([seat.clone()]);
    let one = || BTreeSet::from([ONE.to_owned()]);
    let competent = |case: &mut CaseFacts| {
        case.competent = own();
        case.bodies = own();
    };
    cases(named, "competent", competent)
        .chain(cases(named, "hand", |case| case.bodies = own()))
        .chain(cases(named, "above", |case| case.above = own()))
        .chain(cases(named, "reviewing", |case| {
            case.bodies = own();
            case.reviewing = own();
        }))
        .chain(cases(named, "hearing", |case| {
            case.bodies = own();
            case.hearing = own();
        }))
        .chain(cases(named, "speaking", |case| {
            case.bodies = own();
            case.speaking = one();
        }))
        .chain(cases(named, "aside", |case| {
            competent(case);
            case.aside = one();
        }))
        .chain(cases(named, "stranger", |_| {}))
        .collect()
}

/// The whole table of a pack on a day: actions in their order, then roles, then situations.
pub fn rows(policies: &Policies, pack: &Pack, day: Date) -> Vec<Row> {
    let Some(named) = Named::of(policies, pack) else { return Vec::new() };
    let each = Action::ALL.iter().flat_map(|&action| {
        let named = &named;
        Role::ALL.into_iter().flat_map(move |role| {
            let situations = situations(named, role, action.kind()).into_iter();
            situations.map(move |situation| row(policies, action, situation, day))
        })
    });
    each.collect()
}

fn row(policies: &Policies, action: Action, situation: Situation, day: Date) -> Row {
    let Situation { who, what, circumstances, .. } = &situation;
    let decision = policies.decide(who, action, what, *circumstances, day);
    let by = decision.by.iter().map(|policy| policy.id.clone()).collect();
    Row { action, permitted: decision.permitted, by, situation }
}

impl Row {
    /// What came of it, with the policies: `permit party-acts-in-own-case`.
    pub fn outcome(&self, policies: &Policies) -> String {
        let forbids = |id: &String| {
            policies.all.iter().any(|own| own.id == *id && own.effect == Effect::Forbid)
        };
        match (self.permitted, self.by.is_empty()) {
            (true, _) => format!("permit {}", self.by.join(" ")),
            (false, true) => "deny".to_owned(),
            (false, false) if self.by.iter().all(forbids) => {
                format!("forbid {}", self.by.join(" "))
            }
            (false, false) => format!("deny {}", self.by.join(" ")),
        }
    }
}

/// The table as a text: for each action every outcome, and who meets it where. What is said of
/// somebody holds whatever the words of the pack, unless they are given.
pub fn document(policies: &Policies, pack: &Pack, day: Date) -> String {
    let rows = rows(policies, pack, day);
    let mut text = String::new();
    for action in Action::ALL {
        let title = action.title();
        text += &format!("\n{} · {} · {}\n", action.word(), title.zh, title.en);
        let own: Vec<&Row> = rows.iter().filter(|row| row.action == *action).collect();
        let mut outcomes: BTreeMap<(bool, String), BTreeMap<Role, Vec<String>>> = BTreeMap::new();
        for row in own.iter().filter(|row| !row.implied(&own)) {
            let roles = outcomes.entry((!row.permitted, row.outcome(policies))).or_default();
            roles.entry(row.situation.who.role()).or_default().push(row.stands());
        }
        for ((_, outcome), roles) in outcomes {
            text += &format!("  {outcome}\n");
            let lines = roles
                .iter()
                .map(|(role, stands)| format!("    {}: {}\n", role.word(), stands.join("; ")));
            text += &lines.collect::<String>();
        }
    }
    text
}

impl Row {
    /// How the role stands to the thing: `competent (office fire)`.
    pub fn stands(&self) -> String {
        let words: Vec<&str> = self.situation.words.iter().map(String::as_str).collect();
        match words.is_empty() {
            true => self.situation.word.to_owned(),
            false => format!("{} ({})", self.situation.word, words.join(", ")),
        }
    }

    /// Whether the rows of the action with fewer words say it already: as the one without words, or
    /// as those that differ from it.
    pub fn implied(&self, rows: &[&Row]) -> bool {
        let outcome = |row: &Row| (row.permitted, row.by.clone());
        let like = |row: &&&Row| {
            row.situation.word == self.situation.word
                && row.situation.who.role() == self.situation.who.role()
        };
        let fewer = rows.iter().filter(like).filter(|row| {
            let (fewer, own) = (&row.situation.words, &self.situation.words);
            fewer.len() < own.len() && fewer.is_subset(own)
        });
        let fewer: Vec<&&Row> = fewer.collect();
        let Some(general) = fewer.iter().find(|row| row.situation.words.is_empty()) else {
            return false;
        };
        let nearest =
            fewer.iter().filter(|row| row.situation.words.len() + 1 == self.situation.words.len());
        let others: BTreeSet<_> =
            nearest.map(|row| outcome(row)).filter(|one| *one != outcome(general)).collect();
        match others.len() {
            0 => outcome(self) == outcome(general),
            1 => others.contains(&outcome(self)),
            _ => false,
        }
    }
}
