//! What an editor is told of a pack's files agrees with the packs that the project ships.

use jsonschema::Validator;
use pack::{
    fault::Faults,
    language::{
        Authorities, BoardFile, CreditFile, ExampleFile, FeedFile, FigureFile, FindingKindsFile,
        KnowledgeFile, LifeEventFile, Manifest, MigrationFile, PictureFile, ProcedureFile,
        RegisterFile, Remedies, RequirementFile, RiskFile, Section, ServiceFile, SupervisionFile,
        TableFile, scenario::Scenario,
    },
    node::{FileId, Kind, Node, parse},
    schema::json_schema,
    source::{Folder, Library},
};
use serde_json::{Value, json};

use crate::shipped::{packs, shipped};

/// The schema of the files of a kind, by the folder or the name of the file.
fn schema(path: &str) -> Value {
    match path.split('/').next().unwrap_or(path) {
        "pack.yaml" => json_schema::<Manifest>(),
        "authorities.yaml" => json_schema::<Authorities>(),
        "remedies.yaml" => json_schema::<Remedies>(),
        "finding-kinds.yaml" => json_schema::<FindingKindsFile>(),
        "life-events.yaml" => json_schema::<LifeEventFile>(),
        "service.yaml" => json_schema::<ServiceFile>(),
        "figures" => json_schema::<FigureFile>(),
        "sections" => json_schema::<Section>(),
        "registers" => json_schema::<RegisterFile>(),
        "requirements" => json_schema::<RequirementFile>(),
        "tables" => json_schema::<TableFile>(),
        "procedures" => json_schema::<ProcedureFile>(),
        "migrations" => json_schema::<MigrationFile>(),
        "feeds" => json_schema::<FeedFile>(),
        "knowledge" => json_schema::<KnowledgeFile>(),
        "risk" => json_schema::<RiskFile>(),
        "credit" => json_schema::<CreditFile>(),
        "boards" => json_schema::<BoardFile>(),
        "pictures" => json_schema::<PictureFile>(),
        "supervision" => json_schema::<SupervisionFile>(),
        "examples" => json_schema::<ExampleFile>(),
        "scenarios" => json_schema::<Scenario>(),
        other => panic!("no schema for `{other}`"),
    }
}

/// A tree as an editor sees it: bare numbers and truths have a type, everything else is text.
fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, quoted: false } => match text.parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) => text.parse::<bool>().map_or_else(|_| json!(text), |truth| json!(truth)),
        },
        Kind::Scalar { text, quoted: true } => json!(text),
        Kind::List(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => entries.iter().map(|(key, v)| (key.value.clone(), json(v))).collect(),
        Kind::Refused => panic!("a shipped file has a trap"),
    }
}

/// Every YAML file of every shipped pack, as an editor sees it.
fn files() -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for pack in shipped() {
        let files = Folder(&packs()).files(&pack).expect("the pack is shipped");
        for (path, text) in files.into_iter().filter(|(path, _)| path.ends_with(".yaml")) {
            let node = parse(FileId(0), &text, &mut Faults::default()).expect(&path);
            found.push((pack.clone(), path, json(&node)));
        }
    }
    found
}

fn validator(path: &str) -> Validator {
    jsonschema::validator_for(&schema(path)).expect("the schema is one")
}

#[test]
fn every_shipped_file_has_its_shape() {
    let files = files();
    assert!(files.len() > 30, "{}", files.len());
    for (pack, path, value) in files {
        let validator = validator(&path);
        let faults: Vec<_> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{pack}/{path}: {}", faults.join("; "));
    }
}

#[test]
fn a_slip_in_any_shipped_file_is_shown() {
    for (pack, path, mut value) in files() {
        value["slip"] = json!("柳");
        assert!(!validator(&path).is_valid(&value), "{pack}/{path}");
    }
}
