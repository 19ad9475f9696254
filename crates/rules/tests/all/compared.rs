//! What a condition holds against what, and what each side is made of.

use rules::{Expression, Shape, Type};

use crate::willow::compiled;

/// The facts and values of a side, behind the word for its shape.
fn side(side: &Expression) -> String {
    let shape = match side.shape() {
        Shape::Fact(path) => return format!("fact {path}"),
        Shape::Count(path) => return format!("count {path}"),
        Shape::Elapsed => "elapsed",
        Shape::Other => "other",
    };
    let facts = side.facts_used().map(str::to_owned);
    let values = side.values().into_iter().map(ToString::to_string);
    let parts: Vec<String> = facts.chain(values).collect();
    format!("{shape} {}", parts.join(" "))
}

#[test]
fn comparisons_are_found_with_their_sides() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let found = compiled(source, &Type::Boolean).unwrap().comparisons();
        let found: Vec<_> = found.iter().map(|c| (side(&c.left), side(&c.right))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(found, expected, "{source}");
    };
    check("fenced", &[]);
    check("fenced or applicant is missing", &[]);
    check("beds >= 3", &[("fact beds", "other 3")]);
    check("not (3 < beds and fenced)", &[("other 3", "fact beds")]);
    check("beds + 2 > figure.beds-min", &[("other beds 2", "fact figure.beds-min")]);
    check("count(room.herbs) = 2", &[("count room.herbs", "other 2")]);
    check("herb in room.herbs", &[("fact herb", "fact room.herbs")]);
    check("herb in ('mint', 'sage')", &[("fact herb", "other mint"), ("fact herb", "other sage")]);
    check(
        "years(keeper.worked-since, filed-on) >= figure.beds-min",
        &[("elapsed filed-on keeper.worked-since", "fact figure.beds-min")],
    );
    check(
        "years(keeper.worked-since, filed-on) + 1 > 2",
        &[("other filed-on keeper.worked-since 1", "other 2")],
    );
    check(
        "beds > (if fee < 1.00 yuan then 3 else 5)",
        &[("fact beds", "other fee 1.00 3 5"), ("fact fee", "other 1.00")],
    );
}
