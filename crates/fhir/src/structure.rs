//! What resources and their data types are made of: names, kinds and how often, in the order of the
//! standard, which is the order of elements in XML.

/// The resources we know: those of the directory, and those that carry them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    /// A body of care: a hospital, a clinic, a home.
    Organization,
    /// A place where care is given.
    Location,
    /// Somebody who gives care.
    Practitioner,
    /// What somebody does for an organisation, and where.
    PractitionerRole,
    /// A kind of care that is offered.
    HealthcareService,
    /// An electronic address.
    Endpoint,
    /// Resources found, or versions of them.
    Bundle,
    /// Why something did not work.
    OperationOutcome,
    /// What a server can do.
    CapabilityStatement,
}

impl ResourceType {
    /// Those of the directory, in the order in which they are told.
    pub const DIRECTORY: [Self; 6] = [
        Self::Organization,
        Self::Location,
        Self::HealthcareService,
        Self::Practitioner,
        Self::PractitionerRole,
        Self::Endpoint,
    ];

    /// Its name.
    pub fn word(self) -> &'static str {
        self.structure().name
    }

    /// The resource of the directory with that name.
    pub fn named(word: &str) -> Option<Self> {
        Self::DIRECTORY.into_iter().find(|own| own.word() == word)
    }

    /// What it is made of.
    pub fn structure(self) -> &'static Group {
        match self {
            Self::Organization => &ORGANIZATION,
            Self::Location => &LOCATION,
            Self::Practitioner => &PRACTITIONER,
            Self::PractitionerRole => &PRACTITIONER_ROLE,
            Self::HealthcareService => &HEALTHCARE_SERVICE,
            Self::Endpoint => &ENDPOINT,
            Self::Bundle => &BUNDLE,
            Self::OperationOutcome => &OPERATION_OUTCOME,
            Self::CapabilityStatement => &CAPABILITY_STATEMENT,
        }
    }

    /// The element that says whether it still holds, and what it then says.
    pub fn standing(self) -> Option<Standing> {
        match self {
            Self::Location => Some(Standing::Status { holds: "active", ended: "inactive" }),
            Self::Endpoint => Some(Standing::Status { holds: "active", ended: "off" }),
            Self::Organization
            | Self::Practitioner
            | Self::PractitionerRole
            | Self::HealthcareService => Some(Standing::Active),
            Self::Bundle | Self::OperationOutcome | Self::CapabilityStatement => None,
        }
    }

    /// What mCSD asks for beyond FHIR (ITI-90, tables 3.90.4.2.2).
    pub fn demanded(self) -> &'static [&'static str] {
        match self {
            Self::Organization => &["name", "type"],
            Self::Location => &["name", "type", "physicalType"],
            Self::Practitioner => &["name"],
            Self::PractitionerRole => &["code"],
            Self::HealthcareService => &["name", "type"],
            Self::Endpoint | Self::Bundle | Self::OperationOutcome | Self::CapabilityStatement => {
                &[]
            }
        }
    }
}

/// How a resource says whether it still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// By `active`.
    Active,
    /// By a code in `status`.
    Status {
        /// While it holds.
        holds: &'static str,
        /// Afterwards.
        ended: &'static str,
    },
}

/// A resource, a data type, or a part of a resource.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// Its elements in order.
    pub elements: &'static [Element],
}

impl Group {
    /// The element of that name.
    pub fn element(&self, name: &str) -> Option<&'static Element> {
        self.elements.iter().find(|element| element.name == name)
    }
}

/// One element.
#[derive(Debug)]
pub struct Element {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub needed: bool,
    /// Whether it may come several times.
    pub many: bool,
    /// What a reference leads to.
    pub leads_to: &'static [ResourceType],
}

/// What an element holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A single value.
    Primitive(Primitive),
    /// Elements.
    Group(&'static Group),
    /// A whole resource.
    Resource,
}

impl Kind {
    /// The name of the data type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primitive(kind) => kind.word(),
            Self::Group(group) => group.name,
            Self::Resource => "Resource",
        }
    }
}

/// A single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primitive {
    /// Text.
    String,
    /// Text that may be marked up.
    Markdown,
    /// A word without spaces at its ends.
    Code,
    /// A name of a thing.
    Uri,
    /// An address.
    Url,
    /// The address of a definition.
    Canonical,
    /// A name of a resource on its server.
    Id,
    /// Yes or no.
    Boolean,
    /// A whole number from 0.
    UnsignedInt,
    /// A number.
    Decimal,
    /// A day, or more.
    DateTime,
    /// A moment.
    Instant,
}

impl Primitive {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Markdown => "markdown",
            Self::Code => "code",
            Self::Uri => "uri",
            Self::Url => "url",
            Self::Canonical => "canonical",
            Self::Id => "id",
            Self::Boolean => "boolean",
            Self::UnsignedInt => "unsignedInt",
            Self::Decimal => "decimal",
            Self::DateTime => "dateTime",
            Self::Instant => "instant",
        }
    }
}

const STRING: Kind = Kind::Primitive(Primitive::String);
const MARKDOWN: Kind = Kind::Primitive(Primitive::Markdown);
const CODE: Kind = Kind::Primitive(Primitive::Code);
const URI: Kind = Kind::Primitive(Primitive::Uri);
const URL: Kind = Kind::Primitive(Primitive::Url);
const CANONICAL: Kind = Kind::Primitive(Primitive::Canonical);
const ID: Kind = Kind::Primitive(Primitive::Id);
const BOOLEAN: Kind = Kind::Primitive(Primitive::Boolean);
const UNSIGNED: Kind = Kind::Primitive(Primitive::UnsignedInt);
const DECIMAL: Kind = Kind::Primitive(Primitive::Decimal);
const DATE_TIME: Kind = Kind::Primitive(Primitive::DateTime);
const INSTANT: Kind = Kind::Primitive(Primitive::Instant);
const CODINGS: Kind = Kind::Group(&CODING);
const CONCEPTS: Kind = Kind::Group(&CONCEPT);
const PERIODS: Kind = Kind::Group(&PERIOD);

const fn element(name: &'static str, kind: Kind, needed: bool, many: bool) -> Element {
    Element { name, kind, needed, many, leads_to: &[] }
}

/// 0..1
const fn may(name: &'static str, kind: Kind) -> Element {
    element(name, kind, false, false)
}

/// 1..1
const fn must(name: &'static str, kind: Kind) -> Element {
    element(name, kind, true, false)
}

/// 0..*
const fn many(name: &'static str, kind: Kind) -> Element {
    element(name, kind, false, true)
}

/// 1..*
const fn some(name: &'static str, kind: Kind) -> Element {
    element(name, kind, true, true)
}

const fn to(name: &'static str, many: bool, leads_to: &'static [ResourceType]) -> Element {
    Element { name, kind: Kind::Group(&REFERENCE), needed: false, many, leads_to }
}

/// The data type Coding.
pub static CODING: Group = Group {
    name: "Coding",
    elements: &[
        may("system", URI),
        may("version", STRING),
        may("code", CODE),
        may("display", STRING),
    ],
};

/// The data type CodeableConcept.
pub static CONCEPT: Group =
    Group { name: "CodeableConcept", elements: &[many("coding", CODINGS), may("text", STRING)] };

/// The data type Period.
pub static PERIOD: Group =
    Group { name: "Period", elements: &[may("start", DATE_TIME), may("end", DATE_TIME)] };

/// The data type Identifier.
pub static IDENTIFIER: Group = Group {
    name: "Identifier",
    elements: &[
        may("use", CODE),
        may("type", CONCEPTS),
        may("system", URI),
        may("value", STRING),
        may("period", PERIODS),
    ],
};

/// The data type Reference.
pub static REFERENCE: Group = Group {
    name: "Reference",
    elements: &[may("reference", STRING), may("type", URI), may("display", STRING)],
};

/// The data type HumanName.
pub static HUMAN_NAME: Group = Group {
    name: "HumanName",
    elements: &[
        may("use", CODE),
        may("text", STRING),
        may("family", STRING),
        many("given", STRING),
        many("prefix", STRING),
        many("suffix", STRING),
    ],
};

/// The data type Address.
pub static ADDRESS: Group = Group {
    name: "Address",
    elements: &[
        may("use", CODE),
        may("type", CODE),
        may("text", STRING),
        many("line", STRING),
        may("city", STRING),
        may("district", STRING),
        may("state", STRING),
        may("postalCode", STRING),
        may("country", STRING),
    ],
};

/// The data type ContactPoint.
pub static CONTACT_POINT: Group = Group {
    name: "ContactPoint",
    elements: &[may("system", CODE), may("value", STRING), may("use", CODE)],
};

/// A place on the ground.
pub static POSITION: Group = Group {
    name: "Location.position",
    elements: &[must("longitude", DECIMAL), must("latitude", DECIMAL), may("altitude", DECIMAL)],
};

static META: Group = Group {
    name: "Meta",
    elements: &[
        may("versionId", ID),
        may("lastUpdated", INSTANT),
        may("source", URI),
        many("profile", CANONICAL),
        many("security", CODINGS),
        many("tag", CODINGS),
    ],
};

static QUALIFICATION: Group = Group {
    name: "Practitioner.qualification",
    elements: &[
        many("identifier", Kind::Group(&IDENTIFIER)),
        must("code", CONCEPTS),
        may("period", PERIODS),
    ],
};

/// A resource, behind the id, the meta and the language that each has.
macro_rules! resource {
    ($name:literal: $($element:expr),* $(,)?) => {
        Group {
            name: $name,
            elements: &[
                may("id", ID),
                may("meta", Kind::Group(&META)),
                may("language", CODE),
                $($element),*
            ],
        }
    };
}

/// The same with what each resource of the directory says besides: what it is called elsewhere.
macro_rules! listed {
    ($name:literal: $($element:expr),* $(,)?) => {
        resource!($name: many("identifier", Kind::Group(&IDENTIFIER)), $($element),*)
    };
}

const ACTIVE: Element = may("active", BOOLEAN);
const ENDPOINTS: Element = to("endpoint", true, &[ResourceType::Endpoint]);
const MANAGED_BY: Element = to("managingOrganization", false, &[ResourceType::Organization]);
const LOCATIONS: Element = to("location", true, &[ResourceType::Location]);
const UNAVAILABLE: Element = may("availabilityExceptions", STRING);

static ORGANIZATION: Group = listed!("Organization":
    ACTIVE,
    many("type", CONCEPTS),
    may("name", STRING),
    many("alias", STRING),
    many("telecom", Kind::Group(&CONTACT_POINT)),
    many("address", Kind::Group(&ADDRESS)),
    to("partOf", false, &[ResourceType::Organization]),
    ENDPOINTS,
);

static LOCATION: Group = listed!("Location":
    may("status", CODE),
    may("operationalStatus", CODINGS),
    may("name", STRING),
    many("alias", STRING),
    may("description", STRING),
    may("mode", CODE),
    many("type", CONCEPTS),
    many("telecom", Kind::Group(&CONTACT_POINT)),
    may("address", Kind::Group(&ADDRESS)),
    may("physicalType", CONCEPTS),
    may("position", Kind::Group(&POSITION)),
    MANAGED_BY,
    to("partOf", false, &[ResourceType::Location]),
    UNAVAILABLE,
    ENDPOINTS,
);

static PRACTITIONER: Group = listed!("Practitioner":
    ACTIVE,
    many("name", Kind::Group(&HUMAN_NAME)),
    many("qualification", Kind::Group(&QUALIFICATION)),
    many("communication", CONCEPTS),
);

static PRACTITIONER_ROLE: Group = listed!("PractitionerRole":
    ACTIVE,
    may("period", PERIODS),
    to("practitioner", false, &[ResourceType::Practitioner]),
    to("organization", false, &[ResourceType::Organization]),
    many("code", CONCEPTS),
    many("specialty", CONCEPTS),
    LOCATIONS,
    to("healthcareService", true, &[ResourceType::HealthcareService]),
    UNAVAILABLE,
    ENDPOINTS,
);

static HEALTHCARE_SERVICE: Group = listed!("HealthcareService":
    ACTIVE,
    to("providedBy", false, &[ResourceType::Organization]),
    many("category", CONCEPTS),
    many("type", CONCEPTS),
    many("specialty", CONCEPTS),
    LOCATIONS,
    may("name", STRING),
    may("comment", STRING),
    may("extraDetails", MARKDOWN),
    many("telecom", Kind::Group(&CONTACT_POINT)),
    to("coverageArea", true, &[ResourceType::Location]),
    many("serviceProvisionCode", CONCEPTS),
    many("program", CONCEPTS),
    many("characteristic", CONCEPTS),
    may("appointmentRequired", BOOLEAN),
    UNAVAILABLE,
    ENDPOINTS,
);

static ENDPOINT: Group = listed!("Endpoint":
    must("status", CODE),
    must("connectionType", CODINGS),
    may("name", STRING),
    MANAGED_BY,
    may("period", PERIODS),
    some("payloadType", CONCEPTS),
    many("payloadMimeType", CODE),
    must("address", URL),
);

static LINK: Group =
    Group { name: "Bundle.link", elements: &[must("relation", STRING), must("url", URI)] };

static FOUND: Group = Group { name: "Bundle.entry.search", elements: &[may("mode", CODE)] };

static REQUEST: Group =
    Group { name: "Bundle.entry.request", elements: &[must("method", CODE), must("url", URI)] };

static RESPONSE: Group = Group {
    name: "Bundle.entry.response",
    elements: &[must("status", STRING), may("etag", STRING), may("lastModified", INSTANT)],
};

static ENTRY: Group = Group {
    name: "Bundle.entry",
    elements: &[
        may("fullUrl", URI),
        may("resource", Kind::Resource),
        may("search", Kind::Group(&FOUND)),
        may("request", Kind::Group(&REQUEST)),
        may("response", Kind::Group(&RESPONSE)),
    ],
};

static BUNDLE: Group = Group {
    name: "Bundle",
    elements: &[
        may("id", ID),
        may("meta", Kind::Group(&META)),
        must("type", CODE),
        may("timestamp", INSTANT),
        may("total", UNSIGNED),
        many("link", Kind::Group(&LINK)),
        many("entry", Kind::Group(&ENTRY)),
    ],
};

static ISSUE: Group = Group {
    name: "OperationOutcome.issue",
    elements: &[
        must("severity", CODE),
        must("code", CODE),
        may("details", CONCEPTS),
        may("diagnostics", STRING),
        many("expression", STRING),
    ],
};

static OPERATION_OUTCOME: Group = resource!("OperationOutcome": some("issue", Kind::Group(&ISSUE)));

static SOFTWARE: Group = Group {
    name: "CapabilityStatement.software",
    elements: &[must("name", STRING), may("version", STRING)],
};

static IMPLEMENTATION: Group = Group {
    name: "CapabilityStatement.implementation",
    elements: &[must("description", STRING), may("url", URL)],
};

static INTERACTION: Group = Group {
    name: "CapabilityStatement.rest.resource.interaction",
    elements: &[must("code", CODE)],
};

static SEARCH_PARAM: Group = Group {
    name: "CapabilityStatement.rest.resource.searchParam",
    elements: &[
        must("name", STRING),
        may("definition", CANONICAL),
        must("type", CODE),
        may("documentation", MARKDOWN),
    ],
};

static REST_RESOURCE: Group = Group {
    name: "CapabilityStatement.rest.resource",
    elements: &[
        must("type", CODE),
        may("profile", CANONICAL),
        many("supportedProfile", CANONICAL),
        may("documentation", MARKDOWN),
        many("interaction", Kind::Group(&INTERACTION)),
        may("versioning", CODE),
        may("readHistory", BOOLEAN),
        may("updateCreate", BOOLEAN),
        many("referencePolicy", CODE),
        many("searchInclude", STRING),
        many("searchRevInclude", STRING),
        many("searchParam", Kind::Group(&SEARCH_PARAM)),
    ],
};

static REST: Group = Group {
    name: "CapabilityStatement.rest",
    elements: &[
        must("mode", CODE),
        may("documentation", MARKDOWN),
        many("resource", Kind::Group(&REST_RESOURCE)),
        many("interaction", Kind::Group(&INTERACTION)),
        many("searchParam", Kind::Group(&SEARCH_PARAM)),
    ],
};

static CAPABILITY_STATEMENT: Group = resource!("CapabilityStatement":
    may("url", URI),
    may("version", STRING),
    may("name", STRING),
    may("title", STRING),
    must("status", CODE),
    may("experimental", BOOLEAN),
    must("date", DATE_TIME),
    may("publisher", STRING),
    may("description", MARKDOWN),
    must("kind", CODE),
    many("instantiates", CANONICAL),
    may("software", Kind::Group(&SOFTWARE)),
    may("implementation", Kind::Group(&IMPLEMENTATION)),
    must("fhirVersion", CODE),
    some("format", CODE),
    many("rest", Kind::Group(&REST)),
);
