//! What must hold of the two editions of the procedure, wherever a case stands.

use base::Name;
use rules::Type;

use super::{Hindrance, Plan, hindrance, side};
use crate::model::{Field, LevelOf, Need, Section};

pub(super) fn check(plan: &Plan<'_>, found: &mut Vec<Hindrance>) {
    parties(plan, found);
    register(plan, found);
    answers(plan, found);
    which(plan, found);
    promises(plan, found);
}

/// The parties of a case stay who they are, and the body that took it in goes on with it.
fn parties(plan: &Plan<'_>, found: &mut Vec<Hindrance>) {
    let (old, new) = (plan.old.procedure, plan.new.procedure);
    if old.against != new.against || old.applicant.iter().any(|kind| !new.applicant.contains(kind))
    {
        let zh = "新版本不再由同样的当事人办理";
        let en = "the new edition is not open to everybody who is a party under the earlier one";
        found.push(hindrance("other-parties", None, zh, en));
    }
    let (taking, taken) = (&old.competent, &new.competent);
    let ruled = matches!(taken.level, LevelOf::Ruled(_));
    if taking.office != taken.office || !ruled && taking.level != taken.level {
        let zh = "受理机关不同：案件由受理它的机关办到底";
        let en = "another body takes cases in; a case stays with the one that took it in";
        found.push(hindrance("other-body", None, zh, en));
    }
    let recorded = plan.old.places();
    let mut missing = plan.new.places().into_iter().filter(|place| !recorded.contains(place));
    // What the form itself must say is asked for like every other answer.
    let asked = |path: &str| new.fields().any(|f| f.path == path && f.need == Need::Always);
    if let Some(place) = missing.find(|place| !asked(place) && !side::always_there(place)) {
        let zh = format!("谁来办理取决于 `{place}`，已有案件没有记下它");
        let en = format!("who acts rests on `{place}`, which no case that is filed has recorded");
        found.push(hindrance("place-unrecorded", None, &zh, &en));
    }
}

/// The entry that a case has made is one that the new edition's register could hold.
fn register(plan: &Plan<'_>, found: &mut Vec<Hindrance>) {
    let (old, new) = (plan.old.procedure, plan.new.procedure);
    let registers = (plan.old.pack.registers.get(&old.register), &new.register);
    let (Some(before), true) = (registers.0, old.register == new.register) else {
        let en = "the procedure changes another register";
        found.push(hindrance("other-register", None, "程序所变更的登记簿不同", en));
        return;
    };
    let fields = plan.new.pack.registers.get(registers.1).into_iter().flat_map(|r| &r.fields);
    for field in fields {
        let same = match before.field(&field.name) {
            Some(old) => {
                let reads = reads(&old.input.value_type(), &field.input.value_type());
                reads && (field.optional || !old.optional)
            }
            None => field.optional,
        };
        if !same {
            let zh = format!("已有登记没有符合新版本的 `{}`", field.name);
            let en = format!("an entry made before does not have `{}` as it is now", field.name);
            found.push(hindrance("other-entry", None, &zh, &en));
        }
    }
}

/// An answer that was given reads as the same kind of answer.
fn answers(plan: &Plan<'_>, found: &mut Vec<Hindrance>) {
    let new = plan.new.procedure;
    let after: Vec<&Field> = new.fields().chain(fields(new.asked())).collect();
    let old = plan.old.procedure;
    for field in old.fields().chain(fields(old.asked())) {
        let now = after.iter().find(|now| now.path == field.path);
        if now.is_some_and(|now| !reads(&field.scoped(), &now.scoped())) {
            let zh = format!("`{}` 的答案在新版本中是另一种类", field.path);
            let en = format!("an answer to `{}` is of another kind in the new edition", field.path);
            found.push(hindrance("other-answer", None, &zh, &en));
        }
    }
}

fn fields<'s>(sections: impl Iterator<Item = &'s Section>) -> impl Iterator<Item = &'s Field> {
    sections.flat_map(|section| &section.fields)
}

/// Whether a value of one type is one of the other.
fn reads(before: &Type, after: &Type) -> bool {
    match (before, after) {
        (Type::Choice(before), Type::Choice(after)) => {
            before.iter().all(|option| after.contains(option))
        }
        _ => before == after,
    }
}

/// Which cases move is told by what the earlier form asks.
fn which(plan: &Plan<'_>, found: &mut Vec<Hindrance>) {
    let Some(which) = &plan.migration.which else { return };
    let (old, new) = (plan.old.procedure, plan.new.procedure);
    let asked = |path: &str| old.fields().any(|field| field.path == path);
    let only_new = |path: &&str| new.fields().any(|field| field.path == **path) && !asked(path);
    if let Some(path) = which.facts_used().find(only_new) {
        let zh = format!("`which` 用到 `{path}`，较早版本没有问过");
        let en = format!("`which` rests on `{path}`, which the earlier edition never asked");
        found.push(hindrance("which-unasked", None, &zh, &en));
    }
}

/// A promise that is signed is there under its name.
fn promises(plan: &Plan<'_>, found: &mut Vec<Hindrance>) {
    let (old, new) = (&plan.old.procedure.commitments, &plan.new.procedure.commitments);
    let lost: Vec<&Name> = old.keys().filter(|name| !new.contains_key(*name)).collect();
    for name in lost {
        let zh = format!("新版本中没有承诺 `{name}`");
        let en = format!("the new edition has no promise `{name}`, which applicants have signed");
        found.push(hindrance("promise-lost", None, &zh, &en));
    }
}
