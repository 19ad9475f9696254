//! The schema against which policies are checked: the roles, the things, the actions, and the
//! words that the pack has for its offices, procedures and registers. A word that the pack does not
//! have is a fault, as is a question about a fact that a thing has not.

use base::Name;
use pack::model::Pack;

use crate::{
    action::{Action, Group},
    who::Role,
};

/// The levels on which bodies act.
pub(crate) const LEVELS: [&str; 3] = ["province", "county", "other"];

/// What is the same for every pack.
const COMMON: &str = r#"
entity Division in [Division];
entity Body = { "office": Office, "level": Level, "division": Division };
entity Anyone;
entity Applicant;
entity Agent;
entity Officer = { "body": Body };
entity Auditor;
entity Administrator;
entity System;
entity Site;
entity Service = {
    "procedure": Procedure, "people": Bool, "bodies": Bool, "office"?: Office,
};
entity Register = { "name": RegisterName, "public": Bool, "published": Bool };
entity Case = {
    "procedure": Procedure,
    "parties": Set<Applicant>,
    "agents": Set<Agent>,
    "competent": Set<Body>,
    "bodies": Set<Body>,
    "above": Set<Body>,
    "reviewing": Set<Body>,
    "hearing": Set<Body>,
    "speaking": Set<Officer>,
    "aside": Set<Officer>,
};
entity Inbox = { "body": Body };
entity Person = { "party": Applicant, "officer": Officer };
entity Ledger;
entity Proposal = { "prepared": Set<Officer> };
entity Lake;
"#;

/// The schema of a pack in Cedar's own notation.
pub fn text(pack: &Pack) -> String {
    let mut text = String::new();
    text += &words("Office", pack.offices.keys().map(Name::as_str));
    text += &words("Level", LEVELS);
    text += &words("Procedure", pack.procedures.keys().map(Name::as_str));
    text += &words("RegisterName", pack.registers.keys().map(Name::as_str));
    text += COMMON;
    for group in Group::ALL {
        text += &format!("action \"{}\";\n", group.word());
    }
    let roles = Role::ALL.map(Role::word).join(", ");
    for action in Action::ALL {
        let group = match action.group() {
            Group::Alone => String::new(),
            group => format!(" in [Action::\"{}\"]", group.word()),
        };
        text += &format!(
            "action \"{}\"{group} appliesTo {{ principal: [{roles}], resource: [{}], \
             context: {{ \"demo\": Bool, \"account\": Bool }} }};\n",
            action.word(),
            action.kind().word(),
        );
    }
    text
}

/// The words of a kind, as an entity that can be no other; any word where the pack has none.
fn words<'w>(kind: &str, words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    match words.is_empty() {
        true => format!("entity {kind};\n"),
        false => format!("entity {kind} enum [{}];\n", words.join(", ")),
    }
}
