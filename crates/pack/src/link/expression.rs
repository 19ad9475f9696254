//! Conditions inside a pack: what names they may use, and where their faults point.

use std::collections::BTreeMap;

use base::Name;
use rules::{Expression, Scope, Type};

use super::Linker;
use crate::{
    fault::Fault,
    model::{CodeTable, Section, TitledFigure},
    read::Spanned,
};

/// The names a condition may use over a form: its fields, the figures, the day of filing, the day
/// of the decision, the applicant and the division of the body that handles the case.
pub(crate) fn scope(
    codes: &BTreeMap<Name, CodeTable>,
    figures: &BTreeMap<Name, TitledFigure>,
    form: &[Section],
) -> Scope {
    let mut scope = lists(codes);
    for field in form.iter().flat_map(|section| &section.fields) {
        scope.fact(&field.path, field.scoped());
    }
    for name in figures.keys() {
        scope.fact(&format!("figure.{name}"), Type::Integer);
    }
    scope.fact("filed-on", Type::Date);
    scope.fact("decided-on", Type::Date);
    scope.fact("applicant", Type::Party);
    scope.fact("body.division", Type::Division);
    scope
}

/// A scope with the code lists alone.
pub(crate) fn lists(codes: &BTreeMap<Name, CodeTable>) -> Scope {
    let mut scope = Scope::default();
    for (name, table) in codes {
        scope.codes(name, table.codes.keys().cloned());
    }
    scope
}

impl Linker<'_> {
    /// Compiles a condition; each fault points at the words of it that are wrong.
    pub(super) fn expression(
        &mut self,
        source: &Spanned<String>,
        scope: &Scope,
        wanted: &Type,
    ) -> Option<Expression> {
        match rules::compile(&source.value, scope, wanted) {
            Ok(expression) => Some(expression),
            Err(faults) => {
                for fault in faults {
                    let (start, end) = (fault.at.start, fault.at.end);
                    let at = self.sources.part(source.at, &source.value, start, end);
                    let near = fault.near.as_deref();
                    self.faults.push(Fault::new(fault.word, at, fault.says).near(near));
                }
                None
            }
        }
    }
}
