//! What one can search by (FHIR R4, section 3.1.1; IHE mCSD, ITI-90): the parameters of each
//! resource, how a criterion is read, and whether a resource meets it.

mod read;
mod when;

use base::{Point, Zone};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{
    structure::ResourceType,
    value::{Fields, Resource, Value},
};
pub use read::{Unread, criterion};
pub use when::{Prefix, Span};

/// Something one can search by.
#[derive(Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What is compared.
    pub kind: ParameterKind,
    /// The resources that it is asked of; every one where none is named.
    pub of: &'static [ResourceType],
    /// The elements that are looked at.
    pub paths: &'static [&'static str],
    /// What a reference leads to.
    pub leads_to: &'static [ResourceType],
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// A code, an identifier, yes or no.
    Token,
    /// A text.
    String,
    /// A reference.
    Reference,
    /// A moment or a period.
    Date,
    /// How far something is from a place.
    Special,
}

impl ParameterKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::String => "string",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::Special => "special",
        }
    }
}

macro_rules! parameters {
    ($($name:literal $kind:ident: $($of:ident)*, $($path:literal)* $(=> $($to:ident)*)?;)*) => {
        &[$(Parameter {
            name: $name,
            kind: ParameterKind::$kind,
            of: &[$(ResourceType::$of),*],
            paths: &[$($path),*],
            leads_to: &[$($(ResourceType::$to),*)?],
        }),*]
    };
}

/// What every resource can be searched by.
pub static COMMON: &[Parameter] = parameters! {
    "_id" Token: , "id";
    "_lastUpdated" Date: , "meta.lastUpdated";
};

/// What some can: the name, the kind, the resources, the elements and what they lead to.
static PARAMETERS: &[Parameter] = parameters! {
    "active" Token: Organization Practitioner PractitionerRole HealthcareService, "active";
    "address" String: Organization Location, "address";
    "characteristic" Token: HealthcareService, "characteristic";
    "communication" Token: Practitioner, "communication";
    "connection-type" Token: Endpoint, "connectionType";
    "coverage-area" Reference: HealthcareService, "coverageArea" => Location;
    "date" Date: PractitionerRole, "period";
    "endpoint" Reference: Organization Location PractitionerRole HealthcareService,
        "endpoint" => Endpoint;
    "family" String: Practitioner, "name.family";
    "given" String: Practitioner, "name.given";
    "identifier" Token: Organization Location Practitioner PractitionerRole HealthcareService
        Endpoint, "identifier";
    "location" Reference: PractitionerRole HealthcareService, "location" => Location;
    "name" String: Organization Location, "name" "alias";
    "name" String: Practitioner HealthcareService Endpoint, "name";
    "near" Special: Location, "position";
    "organization" Reference: Location Endpoint, "managingOrganization" => Organization;
    "organization" Reference: PractitionerRole, "organization" => Organization;
    "organization" Reference: HealthcareService, "providedBy" => Organization;
    "partof" Reference: Organization, "partOf" => Organization;
    "partof" Reference: Location, "partOf" => Location;
    "payload-type" Token: Endpoint, "payloadType";
    "practitioner" Reference: PractitionerRole, "practitioner" => Practitioner;
    "program" Token: HealthcareService, "program";
    "role" Token: PractitionerRole, "code";
    "service" Reference: PractitionerRole, "healthcareService" => HealthcareService;
    "service-category" Token: HealthcareService, "category";
    "service-type" Token: HealthcareService, "type";
    "specialty" Token: PractitionerRole HealthcareService, "specialty";
    "status" Token: Location Endpoint, "status";
    "type" Token: Organization Location, "type";
};

/// What a resource can be searched by, besides what all can.
pub fn parameters(of: ResourceType) -> impl Iterator<Item = &'static Parameter> {
    PARAMETERS.iter().filter(move |own| own.of.contains(&of))
}

/// The parameter of that name.
pub fn parameter(of: ResourceType, name: &str) -> Option<&'static Parameter> {
    COMMON.iter().chain(parameters(of)).find(|own| own.name == name)
}

/// One thing that must hold of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// What is looked at.
    pub parameter: &'static Parameter,
    /// What is asked of it.
    pub asked: Asked,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// That nothing is said, or that something is.
    Missing(bool),
    /// One of these codes; or none of them.
    Token {
        /// The codes.
        any: Vec<Token>,
        /// Whether none of them is meant.
        none: bool,
    },
    /// One of these texts.
    Text {
        /// The texts.
        any: Vec<String>,
        /// How they are compared.
        how: How,
    },
    /// One of these resources, each as `Type/id`.
    Reference(Vec<String>),
    /// One of these times.
    Date(Vec<(Prefix, Span)>),
    /// Within so many metres of one of these places.
    Near(Vec<(Point, u64)>),
    /// That a resource referred to meets a criterion in its turn.
    Chained {
        /// Which.
        to: ResourceType,
        /// The criterion.
        then: Box<Criterion>,
    },
}

/// A code that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its system; empty where only codes of no system are meant, none where any is.
    pub system: Option<String>,
    /// The code; none where any of the system is.
    pub code: Option<String>,
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// From the beginning, whatever the case and marks of letters.
    Begins,
    /// Anywhere, whatever the case and marks of letters.
    Contains,
    /// The whole, letter by letter.
    Exact,
}

impl Criterion {
    /// What is asked of the resources referred to, each as `Type/id`; none where nothing is.
    pub fn references(&self) -> Option<&[String]> {
        match &self.asked {
            Asked::Reference(any) => Some(any),
            _ => None,
        }
    }

    /// What a resource says where the criterion looks.
    pub fn values<'r>(&self, resource: &'r Resource) -> Vec<&'r Value> {
        self.parameter.paths.iter().flat_map(|path| resource.at(path)).collect()
    }

    /// Whether a resource meets it. Of a chain only that it refers to something is told.
    pub fn met_by(&self, resource: &Resource, zone: &Zone) -> bool {
        let values = self.values(resource);
        match &self.asked {
            Asked::Missing(missing) => values.is_empty() == *missing,
            Asked::Token { any, none } => {
                let found = values.iter().any(|value| any.iter().any(|one| one.is(value)));
                found != *none
            }
            Asked::Text { any, how } => {
                let mut said = Vec::new();
                values.iter().for_each(|value| texts(value, &mut said));
                said.iter().any(|said| any.iter().any(|one| how.compare(said, one)))
            }
            Asked::Reference(any) => {
                let said = values.iter().filter_map(|value| value.group()?.text("reference"));
                said.into_iter().any(|said| any.iter().any(|one| one == said))
            }
            Asked::Date(any) => {
                let spans = values.iter().filter_map(|value| when::span_of(value, zone));
                spans
                    .into_iter()
                    .any(|own| any.iter().any(|(prefix, asked)| prefix.holds(own, *asked)))
            }
            Asked::Near(any) => {
                let points = values.iter().filter_map(|value| point(value.group()?));
                points
                    .into_iter()
                    .any(|own| any.iter().any(|(to, most)| own.metres_to(*to) <= *most))
            }
            Asked::Chained { .. } => !values.is_empty(),
        }
    }
}

impl Token {
    fn is(&self, value: &Value) -> bool {
        let coded = |system: Option<&str>, code: &str| {
            let system_fits = match self.system.as_deref() {
                None => true,
                Some("") => system.is_none(),
                Some(own) => system == Some(own),
            };
            system_fits && self.code.as_deref().is_none_or(|own| own == code)
        };
        match value {
            Value::Group(fields) => {
                let of = |fields: &Fields, name: &str| {
                    fields.text(name).is_some_and(|code| coded(fields.text("system"), code))
                };
                let codings = fields.get("coding").iter().filter_map(Value::group);
                of(fields, "code")
                    || of(fields, "value")
                    || codings.into_iter().any(|coding| of(coding, "code"))
            }
            single => single.word().is_some_and(|word| {
                // A code of the standard has its system by where it stands.
                self.code.as_deref().is_none_or(|own| own == word)
            }),
        }
    }
}

impl How {
    fn compare(self, said: &str, asked: &str) -> bool {
        match self {
            Self::Exact => said == asked,
            Self::Begins => bare(said).starts_with(&bare(asked)),
            Self::Contains => bare(said).contains(&bare(asked)),
        }
    }
}

/// A text without the case and the marks of its letters.
fn bare(text: &str) -> String {
    let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    plain.flat_map(char::to_lowercase).collect()
}

/// Every text that a value says, in both languages.
fn texts<'v>(value: &'v Value, said: &mut Vec<&'v str>) {
    match value {
        Value::Text { text, english } => {
            said.push(text);
            said.extend(english.as_deref());
        }
        Value::Group(fields) => {
            let told = fields.names().filter(|name| !matches!(*name, "use" | "type"));
            for name in told {
                fields.get(name).iter().for_each(|value| texts(value, said));
            }
        }
        _ => {}
    }
}

/// The place that a position says.
fn point(fields: &Fields) -> Option<Point> {
    let degrees = |name: &str| fields.get(name).first().and_then(Value::word);
    Point::parse(&format!("{}, {}", degrees("longitude")?, degrees("latitude")?)).ok()
}
