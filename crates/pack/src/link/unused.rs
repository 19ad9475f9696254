//! What a pack defines and nothing uses: most often a name misspelt somewhere else.
//!
//! Only the pack's own things count, and only once it has procedures: a national pack defines what
//! others use. Offices are left out, for officers of any office may look at a register.

use std::collections::BTreeSet;

use base::{Name, Text};

use super::Linker;
use crate::{
    fault::Fault,
    language::{
        ColumnType, FieldType, Layout, Manifest, PictureFile, ProcedureFile, RequirementFile,
        RiskFile, RiskLine, RuleLook, Step, SupervisionFile,
    },
    node::Span,
    read::Spanned,
};

/// Names in use, each with the kind of thing it names.
type Used<'p> = BTreeSet<(Thing, &'p str)>;

/// What may lie unused, as an author calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    CodeList,
    Figure,
    Section,
    Register,
    Certificate,
    Table,
    Remedy,
    Requirement,
    Knowledge,
}

impl Thing {
    fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::CodeList => ("代码表", "code list"),
            Self::Figure => ("数值", "figure"),
            Self::Section => ("表单节", "form section"),
            Self::Register => ("登记簿", "register"),
            Self::Certificate => ("证书", "certificate"),
            Self::Table => ("数据表", "table"),
            Self::Remedy => ("救济途径", "remedy"),
            Self::Requirement => ("共用条件", "shared condition"),
            Self::Knowledge => ("知识表", "knowledge table"),
        }
    }
}

impl<'p> Linker<'p> {
    /// Looks for each of the pack's own definitions among the names in use.
    pub(super) fn check_unused(&mut self, own: &Manifest) {
        let parsed = self.parsed;
        let files = parsed.procedures.iter();
        let files: Vec<_> = files.filter(|file| self.is_of(own, file.at)).collect();
        if files.is_empty() {
            return;
        }
        let mut used = self.lists_asked_for();
        for file in files {
            used.extend(named(file));
            let figures = expressions(file).into_iter().flat_map(figures);
            used.extend(figures.map(|figure| (Thing::Figure, figure)));
        }
        used.extend(parsed.requirements.iter().flat_map(shared_by));
        let handled = parsed.manifests.iter().filter_map(|manifest| manifest.handled.as_ref());
        used.extend(handled.map(|register| (Thing::Register, register.value.as_str())));
        let looked = parsed.registers.iter().flat_map(|file| file.looks_up.values());
        used.extend(looked.map(|look| (Thing::Register, look.register.value.as_str())));
        used.extend(parsed.supervision.iter().flat_map(read_by));
        used.extend(parsed.risks.iter().flat_map(rated_by));
        let counted =
            parsed.credits.iter().flat_map(|file| [&file.register, &file.points.register]);
        used.extend(counted.map(|register| (Thing::Register, register.value.as_str())));
        used.extend(parsed.pictures.iter().flat_map(shown_by));
        for (thing, name, at) in self.defined() {
            if self.is_of(own, at) && !used.contains(&(thing, name.as_str())) {
                let says = nobody_uses(thing, name);
                self.faults.push(Fault::new("unused", self.first_line(at), says));
            }
        }
    }

    /// Everything that may lie unused, with its place.
    fn defined(&self) -> Vec<(Thing, &'p Name, Span)> {
        let parsed = self.parsed;
        let codes = parsed.manifests.iter().flat_map(|m| m.codes.names());
        let figures = parsed.figures.iter().flat_map(|file| file.figures.names());
        let certificates = parsed.registers.iter().flat_map(|file| file.certificates.names());
        let remedies = parsed.remedies.iter().flat_map(|file| file.remedies.names());
        let named = |thing: Thing| move |name: &'p Spanned<Name>| (thing, &name.value, name.at);
        let sections = parsed.sections.iter().map(|f| (Thing::Section, &f.section, f.at));
        let registers = parsed.registers.iter().map(|f| (Thing::Register, &f.register, f.at));
        let tables = parsed.tables.iter().map(|f| (Thing::Table, &f.table, f.at));
        let shared = parsed.requirements.iter();
        let shared = shared.map(|f| (Thing::Requirement, &f.requirement, f.at));
        codes
            .map(named(Thing::CodeList))
            .chain(figures.map(named(Thing::Figure)))
            .chain(certificates.map(named(Thing::Certificate)))
            .chain(remedies.map(named(Thing::Remedy)))
            .chain(sections)
            .chain(registers)
            .chain(tables)
            .chain(shared)
            .chain(parsed.knowledge.iter().map(|f| (Thing::Knowledge, &f.knowledge, f.at)))
            .collect()
    }

    /// The code lists of questions and of registers.
    fn lists_asked_for(&self) -> Used<'p> {
        let questions = self.parsed.sections.iter().flat_map(|file| file.fields.values());
        let columns = self.parsed.registers.iter().flat_map(|file| file.fields.values());
        let kinds = questions.map(|field| &field.r#type).chain(columns.map(|field| &field.r#type));
        let asked = kinds.filter_map(|kind| match kind {
            FieldType::Code(list) | FieldType::Codes(list) => {
                Some((Thing::CodeList, list.value.as_str()))
            }
            _ => None,
        });
        let columns = self.parsed.feeds.iter().flat_map(|file| file.columns.values());
        let tables = self.parsed.knowledge.iter().flat_map(|file| file.columns.values());
        let columns = columns.chain(tables);
        let sent = columns.filter_map(|column| match &column.r#type {
            ColumnType::Code(list) | ColumnType::Codes(list) => {
                Some((Thing::CodeList, list.value.as_str()))
            }
            ColumnType::Entry(register) => Some((Thing::Register, register.value.as_str())),
            _ => None,
        });
        let trusted = self.parsed.feeds.iter().filter_map(|file| file.signed.as_ref());
        let trusted = trusted.map(|own| (Thing::Register, own.trusts.register.value.as_str()));
        asked.chain(sent).chain(trusted).collect()
    }
}

/// The knowledge tables and registers that a rule reads.
fn read_by(file: &SupervisionFile) -> Used<'_> {
    let looks = file.looks_up.values().map(|look| match look {
        RuleLook::Knowledge(look) => (Thing::Knowledge, look.knowledge.value.as_str()),
        RuleLook::Register(look) => (Thing::Register, look.register.value.as_str()),
    });
    let tables = file.knowledge.iter().map(|name| (Thing::Knowledge, name.value.as_str()));
    let registers = file.registers.iter().map(|name| (Thing::Register, name.value.as_str()));
    looks.chain(tables).chain(registers).collect()
}

/// The figures that a shared condition rests on, and the registers in which it looks.
fn shared_by(file: &RequirementFile) -> Used<'_> {
    let looks = || file.looks_up.values();
    let written = looks().flat_map(|look| look.r#where.values().chain(&look.that));
    let figures = written.chain([&file.that]).flat_map(|own| figures(&own.value));
    let figures = figures.map(|figure| (Thing::Figure, figure));
    let registers = looks().map(|look| (Thing::Register, look.register.value.as_str()));
    figures.chain(registers).collect()
}

/// The registers that a picture shows entries of.
fn shown_by(file: &PictureFile) -> Used<'_> {
    let parts = || file.parts.values();
    let naming = parts().flat_map(|part| part.entries.iter().map(|own| &own.register));
    let registers = parts().flat_map(|part| &part.registers).chain(naming);
    registers.map(|name| (Thing::Register, name.value.as_str())).collect()
}

/// The registers that a rating rates and counts in.
fn rated_by(file: &RiskFile) -> Used<'_> {
    let lines = file.points.values().filter_map(|line| match line {
        RiskLine::Entries(own) => Some(&own.entries.register),
        RiskLine::Findings(_) => None,
    });
    let registers = lines.chain([&file.register]);
    registers.map(|name| (Thing::Register, name.value.as_str())).collect()
}

/// What a procedure names outside its conditions.
fn named(file: &ProcedureFile) -> Used<'_> {
    let mut used = Used::from([(Thing::Register, file.register.value.as_str())]);
    let decisions = file.steps.values().filter_map(|step| match step {
        Step::Decision(decision) => Some(decision),
        Step::Stage(_) | Step::Review(_) | Step::Turn(_) => None,
    });
    let others = decisions.flat_map(|decision| decision.records.names());
    let others = others.chain(file.looks_up.values().map(|look| &look.register));
    let others = others.chain(file.draw.iter().map(|draw| &draw.orders.register));
    let others = others.chain(file.layout.iter().map(|layout| &layout.sites.register));
    used.extend(others.map(|register| (Thing::Register, register.value.as_str())));
    let asked = file.steps.values().flat_map(asks);
    let sections = file.form.iter().chain(asked);
    used.extend(sections.map(|section| (Thing::Section, section.value.as_str())));
    used.extend(file.shares.iter().map(|name| (Thing::Requirement, name.value.as_str())));
    for step in file.steps.values() {
        let Step::Decision(decision) = step else { continue };
        let remedies = decision.appeal.iter().flat_map(|appeal| &appeal.remedies);
        used.extend(remedies.map(|remedy| (Thing::Remedy, remedy.value.as_str())));
        let rows = decision.enters.iter().filter_map(|enters| enters.rows.as_ref());
        used.extend(rows.map(|rows| (Thing::Table, rows.value.as_str())));
        used.extend(decision.issues.iter().map(|name| (Thing::Certificate, name.value.as_str())));
    }
    used
}

/// The sections that a step asks its outcomes and answers for.
fn asks(step: &Step) -> Vec<&Spanned<Name>> {
    match step {
        Step::Stage(stage) => stage.outcomes.values().flat_map(|o| &o.asks).collect(),
        Step::Review(review) => {
            let answers = review.answers.values().flat_map(|answer| &answer.asks);
            answers.chain(review.outcomes.values().flat_map(|o| &o.asks)).collect()
        }
        Step::Turn(_) | Step::Decision(_) => Vec::new(),
    }
}

/// Every condition of a procedure, and all that fills an entry.
fn expressions(file: &ProcedureFile) -> Vec<&str> {
    let conditions = file.admits.values().chain(file.requires.values());
    let mut found: Vec<_> = conditions.map(|required| &required.that).collect();
    found.extend(file.levels.values().map(|rule| &rule.county));
    let open_to = file.commitments.values().filter_map(|promise| promise.open_to.as_ref());
    found.extend(open_to.map(|required| &required.that));
    let looks = file.looks_up.values();
    found.extend(looks.flat_map(|look| look.r#where.values().chain(&look.that)));
    found.extend(file.fees.values().map(|fee| &fee.amount));
    let waived = file.fees.values().filter_map(|fee| fee.waived.as_ref());
    found.extend(waived.map(|required| &required.that));
    if let Some(draw) = &file.draw {
        found.extend(draw.shares.values().chain(draw.crews.values()));
        found.extend(draw.orders.fields.values());
    }
    found.extend(file.layout.iter().flat_map(laid_out));
    for step in file.steps.values() {
        if let Step::Stage(stage) = step {
            found.extend(&stage.until);
        }
        if let Step::Turn(turn) = step {
            found.extend(turn.turns.values().map(|course| &course.that));
        }
        let Step::Decision(decision) = step else { continue };
        found.extend(decision.amends.values());
        found.extend(decision.changes.iter().flat_map(|(_, fields)| fields.values()));
        let entries = decision.enters.iter().chain(decision.records.values());
        found.extend(entries.flat_map(|enters| enters.fields.values()));
    }
    found.into_iter().map(|written| written.value.as_str()).collect()
}

/// What a layout plan says by expressions.
fn laid_out(layout: &Layout) -> Vec<&Spanned<String>> {
    let sizes = layout.sizes.values().flat_map(|own| [&own.places, &own.area, &own.cost]);
    let changes = layout.changes.values().flat_map(|own| own.adds.iter().chain([&own.cost]));
    let needs = layout.needs.values().map(|need| &need.that);
    let travel = [&layout.travel.detour, &layout.travel.speed, &layout.travel.reach];
    let standards = layout.standards.values();
    let standards = standards.flat_map(|own| own.within.iter().chain([&own.least]));
    let found = sizes.chain(changes).chain(needs).chain(travel).chain(standards);
    found.chain([&layout.norm]).chain(layout.sites.fields.values()).collect()
}

/// The figures a condition names, by its words: one that does not compile uses them too.
fn figures(written: &str) -> impl Iterator<Item = &str> {
    let within = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    written.split(move |c| !within(c)).filter_map(|word| word.strip_prefix("figure."))
}

fn nobody_uses(thing: Thing, name: &Name) -> Text {
    let (zh, en) = thing.titles();
    Text::new(
        format!("没有任何地方用到{zh} `{name}`：请使用或删去"),
        format!("nothing uses the {en} `{name}`; use it or take it out"),
    )
}
