//! Procedures added, dropped and changed.

use std::cmp::Ordering;

use base::{Language, Name, Text};

use super::{
    Pair, body, condition, draw, form, layout,
    notes::{Found, Notes, names, paired},
    step,
};
use crate::model::{Applicant, Limit, LooksUp, Procedure, ProcedureKind};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.procedures.iter().map(|(name, p)| (name.as_str(), p));
    let after = pair.after.procedures.iter().map(|(name, p)| (name.as_str(), p));
    for (name, found) in paired(before, after) {
        match found {
            Found::Added(new) => {
                begin(notes, new);
                let says = Text::new("新增办理事项", "a new procedure");
                notes.come_to(name, says, "现在可以办理", "it can now be applied for");
            }
            Found::Dropped(old) => {
                begin(notes, old);
                let says = Text::new("取消办理事项", "the procedure is dropped");
                notes.come_to(
                    name,
                    says,
                    "不能再提出；已提出的继续办理",
                    "nobody can apply any more; cases already filed go on",
                );
            }
            Found::Both(old, new) => changed(pair, old, new, notes),
        }
    }
}

fn begin(notes: &mut Notes, procedure: &Procedure) {
    let Text { zh, en } = &procedure.title;
    notes.begin(
        procedure.title.clone(),
        Text::new(format!("凡办理“{zh}”的"), format!("whoever applies for “{en}”")),
    );
}

fn changed(pair: &Pair<'_>, old: &Procedure, new: &Procedure, notes: &mut Notes) {
    let since = notes.differences.len();
    begin(notes, new);
    notes.inside(new.name.as_str());
    let who = |p: &Procedure| listed(&p.applicant);
    notes.turned("applicant", ("谁可以申请", "who may apply"), &who(old), &who(new));
    notes.turned("kind", ("事项类型", "kind of act"), &kind(old.kind), &kind(new.kind));
    notes.turned(
        "register",
        ("登记簿", "the register it changes"),
        &names([&old.register]),
        &names([&new.register]),
    );
    form::compare(old, new, notes);
    let looks = |p: &Procedure| names(p.looks_up.iter().map(looked));
    notes.turned("looks_up", ("查找", "what is looked up"), &looks(old), &looks(new));
    draw::compare(old, new, notes);
    layout::compare(old, new, notes);
    condition::requirements(pair, old, new, notes);
    form::commitments(pair, old, new, notes);
    limit(
        notes,
        "clock.statutory",
        ("法定办结时限", "the time the law allows"),
        old,
        new,
        |p| &p.statutory,
    );
    limit(notes, "clock.promised", ("承诺办结时限", "the time promised"), old, new, |p| {
        &p.promised
    });
    body::of_procedure(pair, old, new, notes);
    step::compare(pair, old, new, notes);
    let carried = |p: &Procedure| names(&p.carries_out);
    notes.turned(
        "carries_out",
        ("落实的措施", "measures carried out"),
        &carried(old),
        &carried(new),
    );
    if pair.same_pack() {
        return;
    }
    let titles = |p: &Procedure| (p.title.clone(), p.summary.clone(), p.basis.clone());
    if titles(old) != titles(new) {
        notes.say("title", Text::new("名称、说明或依据有变化", "title, summary or sources differ"));
    }
    notes.reworded("procedure", old, new, since);
}

/// What is looked up and by what, as its author wrote it.
fn looked((name, look): &(Name, LooksUp)) -> String {
    let by = look.wheres.iter().map(|(field, is)| format!("{field} = {}", is.source()));
    let by: Vec<String> = by.collect();
    let that = look.that.as_ref().map(|own| format!(" `{}`", own.source())).unwrap_or_default();
    let sum = look.sum.as_ref().map(|own| format!(" +{own}")).unwrap_or_default();
    let ended = if look.ended { " (ended, too)" } else { "" };
    format!("{name}: {}({}){that}{sum}{ended}", look.register, by.join(", "))
}

fn limit(
    notes: &mut Notes,
    place: &str,
    what: (&str, &str),
    old: &Procedure,
    new: &Procedure,
    of: impl Fn(&Procedure) -> &Limit,
) {
    let (was, is) = (of(old), of(new));
    if was.term == is.term {
        return;
    }
    let says = Text::new(
        format!("{}：{} → {}", what.0, term(was).zh, term(is).zh),
        format!("{}: {} → {}", what.1, term(was).en, term(is).en),
    );
    match was.term.count.cmp(&is.term.count) {
        _ if was.term.unit != is.term.unit => notes.say(place, says),
        Ordering::Less => notes.come_to(place, says, "等得更久", "a longer wait"),
        _ => notes.come_to(place, says, "等得更短", "a shorter wait"),
    }
}

/// A length of time in words.
pub(super) fn term(limit: &Limit) -> Text {
    Text::new(limit.term.describe(Language::Zh), limit.term.describe(Language::En))
}

fn listed(applicants: &[Applicant]) -> Text {
    let word = |who: &Applicant| match who {
        Applicant::Person => Text::new("个人", "persons"),
        Applicant::Organisation => Text::new("组织", "organisations"),
        Applicant::Body => Text::new("机关", "bodies of government"),
    };
    let words: Vec<Text> = applicants.iter().map(word).collect();
    let join = |of: fn(&Text) -> &str, with| words.iter().map(of).collect::<Vec<_>>().join(with);
    Text::new(join(|t| &t.zh, "、"), join(|t| &t.en, ", "))
}

fn kind(kind: ProcedureKind) -> Text {
    match kind {
        ProcedureKind::Filing => Text::new("备案", "filing"),
        ProcedureKind::Licence => Text::new("许可", "licence"),
        ProcedureKind::Plan => Text::new("规划", "plan"),
        ProcedureKind::Designation => Text::new("认定", "designation"),
        ProcedureKind::Benefit => Text::new("给付", "benefit"),
        ProcedureKind::Order => Text::new("监管决定", "supervisory order"),
        ProcedureKind::Registration => Text::new("登记", "registration"),
        ProcedureKind::Report => Text::new("报告", "report"),
    }
}

impl Pair<'_> {
    /// True when two days of one pack are compared.
    pub(super) fn same_pack(&self) -> bool {
        self.before.hash == self.after.hash
    }
}
