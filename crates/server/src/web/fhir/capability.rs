//! What the directory can do, as its CapabilityStatement says: read from the tables that answer, so
//! that it promises nothing else.

use fhir::{
    Fields, PROFILES, Resource, ResourceType, Value,
    search::{COMMON, Parameter, ParameterKind, parameters},
};

use super::wire::to_reader;
use crate::web::visit::Visit;

/// What a resource can be asked.
const INTERACTIONS: [&str; 5] =
    ["read", "vread", "history-instance", "history-type", "search-type"];

/// The statement.
pub(super) fn statement(visit: &Visit) -> Resource {
    let origin = visit.app.documents.origin();
    let pack = visit.pack();
    let mut statement = Resource::new(ResourceType::CapabilityStatement);
    let software = Fields::default().says("name", "yiyang");
    let software = software.says("version", env!("CARGO_PKG_VERSION"));
    let title = to_reader(visit, &pack.title);
    let implementation =
        Fields::default().says("description", &title).says("url", &origin.to(super::BASE));
    let directory = "https://profiles.ihe.net/ITI/mCSD/CapabilityStatement/IHE.mCSD.Directory";
    statement
        .fields
        .add("url", Value::text(&origin.to("/fhir/metadata")))
        .add("name", Value::text("Directory"))
        .add("title", Value::text(&title))
        .add("status", Value::text("active"))
        .add("experimental", Value::Boolean(visit.app.demo || pack.invented))
        .add("date", Value::text(&pack.in_force.to_string()))
        .add("kind", Value::text("instance"))
        .add("instantiates", Value::text(directory))
        .add("software", software.whole())
        .add("implementation", implementation.whole())
        .add("fhirVersion", Value::text(fhir::VERSION))
        .add("format", Value::text(fhir::JSON))
        .add("format", Value::text(fhir::XML))
        .add("rest", rest());
    statement
}

fn rest() -> Value {
    let mut rest = Fields::default().says("mode", "server");
    for of in ResourceType::DIRECTORY {
        rest.add("resource", resource(of));
    }
    rest.add("interaction", Fields::default().says("code", "history-system").whole());
    for own in COMMON {
        rest.add("searchParam", search_param(own));
    }
    rest.whole()
}

fn resource(of: ResourceType) -> Value {
    let word = of.word();
    let profile = Value::text(&format!("http://hl7.org/fhir/StructureDefinition/{word}"));
    let mut resource = Fields::default().says("type", word).holding("profile", profile);
    let facility = matches!(of, ResourceType::Organization | ResourceType::Location);
    let profiles = [Some(word.to_owned()), facility.then(|| format!("Facility{word}"))];
    for profile in profiles.into_iter().flatten() {
        resource.add("supportedProfile", Value::text(&format!("{PROFILES}{profile}")));
    }
    for code in INTERACTIONS {
        resource.add("interaction", Fields::default().says("code", code).whole());
    }
    resource
        .add("versioning", Value::text("versioned"))
        .add("readHistory", Value::Boolean(true))
        .add("updateCreate", Value::Boolean(false))
        .add("referencePolicy", Value::text("literal"));
    let references =
        |of: ResourceType| parameters(of).filter(|own| own.kind == ParameterKind::Reference);
    for own in references(of) {
        resource.add("searchInclude", Value::text(&format!("{word}:{}", own.name)));
    }
    for other in ResourceType::DIRECTORY {
        for own in references(other).filter(|own| own.leads_to.contains(&of)) {
            let name = format!("{}:{}", other.word(), own.name);
            resource.add("searchRevInclude", Value::text(&name));
        }
    }
    for own in COMMON.iter().chain(parameters(of)) {
        resource.add("searchParam", search_param(own));
    }
    resource.whole()
}

fn search_param(parameter: &Parameter) -> Value {
    let said = Fields::default().says("name", parameter.name);
    said.says("type", parameter.kind.word()).whole()
}
