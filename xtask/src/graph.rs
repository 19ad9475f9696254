//! The graph of our own crates as text. A new edge is the rarest of changes: it shows up as a
//! changed line of `docs/reference/deps.txt`, in the commit that makes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::tree;

/// Where the graph is kept, from the root.
pub(crate) const FILE: &str = "docs/reference/deps.txt";

#[derive(Default)]
struct Uses {
    built: BTreeSet<String>,
    tested: BTreeSet<String>,
}

type Graph = BTreeMap<String, Uses>;

/// Writes the graph to its file.
pub(crate) fn write() -> Result<String, String> {
    let path = tree::root().join(FILE);
    std::fs::write(&path, current()?)
        .map_err(|cause| format!("cannot write `{}`: {cause}", path.display()))?;
    Ok(format!("wrote {FILE}"))
}

/// The graph as it is now: a line for each crate, those it builds on, and after `; tests` those
/// that only its tests use. A crate comes after all it builds on.
pub(crate) fn current() -> Result<String, String> {
    let told = tree::said(
        Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
            .current_dir(tree::root()),
    )?;
    let told: Value = serde_json::from_str(&told).map_err(|cause| cause.to_string())?;
    Ok(rendered(graph(&told)))
}

fn graph(told: &Value) -> Graph {
    let packages = items(told, "packages");
    let own: BTreeSet<&str> = packages.iter().filter_map(|package| name(package)).collect();
    packages
        .iter()
        .filter_map(|package| Some((name(package)?.to_owned(), uses(package, &own))))
        .collect()
}

fn uses(package: &Value, own: &BTreeSet<&str>) -> Uses {
    let mut uses = Uses::default();
    for edge in items(package, "dependencies") {
        let Some(name) = name(edge).filter(|name| own.contains(name)) else { continue };
        let tested = edge.get("kind").and_then(Value::as_str) == Some("dev");
        let kind = if tested { &mut uses.tested } else { &mut uses.built };
        kind.insert(name.to_owned());
    }
    uses
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> Option<&str> {
    value.get("name")?.as_str()
}

fn rendered(mut graph: Graph) -> String {
    let mut text = String::new();
    let mut order: Vec<String> = Vec::new();
    while let Some(next) = ready(&graph, &order) {
        if let Some(uses) = graph.remove(&next) {
            line(&mut text, &next, &uses, &order);
        }
        order.push(next);
    }
    text
}

/// The first crate by name whose uses have all been told. Cargo allows no circle, so there is one
/// until none is left.
fn ready(graph: &Graph, told: &[String]) -> Option<String> {
    let (name, _) =
        graph.iter().find(|(_, uses)| uses.built.iter().all(|used| told.contains(used)))?;
    Some(name.clone())
}

fn line(text: &mut String, name: &str, uses: &Uses, order: &[String]) {
    let mut built: Vec<&str> =
        order.iter().map(String::as_str).filter(|used| uses.built.contains(*used)).collect();
    if built.is_empty() {
        built.push("–");
    }
    let _ = write!(text, "{name} {}", built.join(" "));
    if !uses.tested.is_empty() {
        let tested: Vec<&str> = uses.tested.iter().map(String::as_str).collect();
        let _ = write!(text, "; tests {}", tested.join(" "));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{graph, rendered};
    use serde_json::{Value, json};

    fn package(name: &str, uses: &[(&str, Value)]) -> Value {
        let uses: Vec<Value> =
            uses.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
        json!({"name": name, "dependencies": uses})
    }

    #[test]
    fn a_crate_comes_after_what_it_uses() {
        let plain = Value::Null;
        let told = json!({"packages": [
            package("attic", &[("wall", plain.clone()), ("floor", plain.clone())]),
            package("floor", &[("csv", plain.clone())]),
            package("wall", &[("floor", plain), ("attic", json!("dev"))]),
        ]});
        let expected = "floor –\nwall floor; tests attic\nattic floor wall\n";
        assert_eq!(rendered(graph(&told)), expected);
    }
}
