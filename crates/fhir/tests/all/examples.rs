//! The public examples of mCSD are made of elements that are described here.

use std::{fs, path::Path};

use fhir::{Group, Kind, ResourceType};
use serde_json::Value;

/// Where public examples lie beside the repository.
const EXAMPLES: &str = "../../../shared/data/fhir/mcsd_example_bundle.json";

fn told(at: &str, structure: &'static Group, value: &Value, strange: &mut Vec<String>) {
    let Some(members) = value.as_object() else {
        strange.push(format!("{at} is no group"));
        return;
    };
    for (name, value) in members.iter().filter(|(name, _)| *name != "resourceType") {
        let at = format!("{at}.{name}");
        let Some(element) = structure.element(name) else {
            strange.push(format!("{at} is not described"));
            continue;
        };
        if value.is_array() != element.many {
            strange.push(format!("{at} comes otherwise"));
        }
        let one = std::slice::from_ref(value);
        for value in value.as_array().map_or(one, Vec::as_slice) {
            match element.kind {
                Kind::Group(group) => told(&at, group, value, strange),
                Kind::Primitive(_) if value.is_object() => strange.push(format!("{at} is a group")),
                Kind::Primitive(_) | Kind::Resource => {}
            }
        }
    }
}

#[test]
fn the_examples_of_mcsd_are_described() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLES);
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: not here: the examples of mCSD");
        return;
    };
    let bundle: Value = serde_json::from_str(&text).unwrap();
    let (mut strange, mut known) = (Vec::new(), 0);
    for entry in bundle["entry"].as_array().unwrap() {
        let resource = &entry["resource"];
        let word = resource["resourceType"].as_str().unwrap();
        // Affiliations follow from no register of ours.
        let Some(of) = ResourceType::named(word) else {
            assert_eq!(word, "OrganizationAffiliation");
            continue;
        };
        known += 1;
        told(word, of.structure(), resource, &mut strange);
    }
    // Boundaries and other extensions are not shown.
    strange.retain(|own| !own.ends_with(".extension is not described"));
    assert_eq!((known, strange), (10, Vec::new()));
}
