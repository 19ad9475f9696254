//! What a condition rests on: whoever looks something up for it need not ask it at all where
//! nothing was found and it could not hold without.

use crate::{
    check::{Code, Expression, parts},
    syntax::Sign,
};

impl Expression {
    /// Whether it holds only where some fact below a name is there: `limit.sex != sex` rests on
    /// `limit`. False where that cannot be told, never true wrongly.
    pub fn rests_on(&self, name: &str) -> bool {
        true_rests(self.code(), name)
    }
}

fn below(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether the part is true only where such a fact is there.
fn true_rests(code: &Code, name: &str) -> bool {
    match code {
        Code::Not(inner) => false_rests(inner, name),
        Code::Two(Sign::And, left, right) => true_rests(left, name) || true_rests(right, name),
        Code::Two(Sign::Or, left, right) => true_rests(left, name) && true_rests(right, name),
        Code::Known(path, known) => *known && below(path, name),
        other => known_rests(other, name),
    }
}

/// Whether the part is false only where such a fact is there.
fn false_rests(code: &Code, name: &str) -> bool {
    match code {
        Code::Not(inner) => true_rests(inner, name),
        Code::Two(Sign::And, left, right) => false_rests(left, name) && false_rests(right, name),
        Code::Two(Sign::Or, left, right) => false_rests(left, name) || false_rests(right, name),
        Code::Known(path, known) => !*known && below(path, name),
        other => known_rests(other, name),
    }
}

/// Whether the part yields anything only where such a fact is there.
fn known_rests(code: &Code, name: &str) -> bool {
    match code {
        Code::Fact(path, _) => below(path, name),
        Code::Value(_) | Code::Known(..) => false,
        Code::Not(inner) => known_rests(inner, name),
        Code::Two(Sign::And | Sign::Or, ..) => true_rests(code, name) && false_rests(code, name),
        Code::If(condition, then, otherwise) => {
            known_rests(condition, name)
                || (known_rests(then, name) && known_rests(otherwise, name))
        }
        // One option that is equal is enough, but the left side is always asked.
        Code::In(left, _) => known_rests(left, name),
        Code::Two(..) | Code::Call(..) => {
            parts(code).into_iter().any(|part| known_rests(part, name))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::{Scope, Type, Value, compile};

    /// A condition and whether it rests on `a`.
    const ROWS: &[(&str, bool)] = &[
        ("a.x > 3", true),
        ("b > 3", false),
        ("a.x > 3 and b > 3", true),
        ("a.x > 3 or b > 3", false),
        ("a.x > 3 or a.y > 3", true),
        ("not (a.x > 3)", true),
        ("not (a.x > 3 and b > 3)", false),
        ("not (a.x > 3 or b > 3)", true),
        ("a.x is known", true),
        ("a.x is missing", false),
        ("not (a.x is missing)", true),
        ("a.x is missing or a.x > 3", false),
        ("a.x in (1, 2)", true),
        ("b in (a.x, 2)", false),
        ("if a.x > 3 then b > 1 else b > 2", true),
        ("if b > 3 then a.x > 1 else a.y > 2", true),
        ("if b > 3 then a.x > 1 else b > 2", false),
        ("max(a.x, b) > 3", true),
        ("ab.x > 3", false),
    ];

    #[test]
    fn a_condition_that_rests_on_what_was_not_found_never_holds() {
        let mut scope = Scope::default();
        for fact in ["a.x", "a.y", "ab.x", "b"] {
            scope.fact(fact, Type::Integer);
        }
        for (text, rests) in ROWS {
            let condition = compile(text, &scope, &Type::Boolean).unwrap();
            assert_eq!(condition.rests_on("a"), *rests, "{text}");
            // Where it rests on it, no value of the others makes it true.
            for b in -1..5 {
                let facts = BTreeMap::from([
                    ("b".to_owned(), Value::Integer(b)),
                    ("ab.x".to_owned(), Value::Integer(4)),
                ]);
                let holds = condition.value(&facts) == Some(Value::Boolean(true));
                assert!(!(*rests && holds), "{text} with {b}");
            }
        }
    }
}
