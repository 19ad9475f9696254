//! What there is for programs, as OpenAPI 3.1 has it: made from the doors and the wire types, so
//! that it says what is there and nothing else.

use std::collections::BTreeMap;

use axum::routing::MethodFilter;
use base::Language;
use utoipa::{
    OpenApi, ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, OpenApiBuilder, PathItem,
        Paths, Ref, RefOr, Required, Response, ResponseBuilder, Schema, ServerBuilder,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    CaseWire, Head, ListWire, VersionWire,
    acts::{DoneWire, OpenedWire},
    certificates::KeptWire,
    changes::ChangesWire,
    credit::CreditWire,
    filing::{FileWire, ServiceLineWire},
    findings::{FindingWire, FindingsWire},
    layouts::{DraftWire, LayoutWire, LayoutsWire},
    lists::CasesWire,
    picture::PictureWire,
    problem::ProblemWire,
    risk::RiskWire,
    rows::TakenWire,
    search::Found,
    shape::{ActWire, ServiceFormWire},
    subscriptions::{MadeWire, SubscriptionWire, WantedWire},
    wire::{
        AppealWire, ChoiceWire, CorrectionWire, DetailWire, FilingWire, ObjectionWire, OpinionWire,
        RecusalWire, ResumptionWire, RulingWire, ServiceWire, SupplyWire, WithdrawalWire,
    },
};
use crate::web::{
    documents::Origin,
    fault::Fault,
    handle::days::AccountWire,
    routes::{CERTIFICATES, OfPrograms, ROWS},
};

/// Every wire type.
#[derive(OpenApi)]
#[openapi(components(schemas(
    AccountWire,
    ActWire,
    AppealWire,
    CaseWire,
    CasesWire,
    ChangesWire,
    ChoiceWire,
    CorrectionWire,
    DetailWire,
    DoneWire,
    DraftWire,
    FileWire,
    FilingWire,
    FindingWire,
    FindingsWire,
    Found,
    Head,
    KeptWire,
    LayoutWire,
    LayoutsWire,
    ListWire,
    MadeWire,
    ObjectionWire,
    OpenedWire,
    OpinionWire,
    ProblemWire,
    RecusalWire,
    RiskWire,
    ResumptionWire,
    RulingWire,
    ServiceFormWire,
    ServiceLineWire,
    ServiceWire,
    SubscriptionWire,
    SupplyWire,
    TakenWire,
    VersionWire,
    WantedWire,
    WithdrawalWire,
)))]
struct Types;

/// What goes in and out of a door.
struct Shape {
    /// What its body is.
    takes: Takes,
    /// What it answers, and with which status.
    gives: (&'static str, Gives),
    /// What its query may say, each with what it means.
    asked: &'static [Asked],
}

/// Where a licence is held against its seal: one that is not sound is told of as JSON, too.
const VERIFY: &str = "/api/licences/verify";

/// What signs a batch of rows.
const SIGNATURE: [(&str, &str); 3] = [
    ("webhook-id", "A number of the batch, the same when it is sent again."),
    ("webhook-timestamp", "The second at which it was signed, since 1970."),
    ("webhook-signature", "`v1a,` and the Ed25519 signature of id, timestamp and body in Base64."),
];

/// A part of a query, its kind and what it means.
type Asked = (&'static str, Type, &'static str);

/// What a body is.
enum Takes {
    Nothing,
    Json(String),
    Bytes,
    /// JSON objects, one a line.
    Lines,
    /// Certificates and lists of revoked ones.
    Pem,
}

/// What an answer is.
enum Gives {
    Json(String),
    List(String),
    Bytes,
    /// JSON of which nothing more is said here.
    Anything,
    Nothing,
}

/// What a day and a ledger number in a query mean.
const ON: Asked =
    ("on", Type::String, "As of which day, such as `2026-05-01`; today where nothing is said.");
const KNOWN: Asked =
    ("known", Type::Integer, "As known with which ledger number; with the last one by default.");
const AS_OF: [Asked; 2] = [ON, KNOWN];
const AFTER: Asked =
    ("after", Type::String, "Where a list goes on: what the answer before called `next`.");

fn name<T: ToSchema>() -> String {
    T::name().into_owned()
}

fn gives<T: ToSchema>(asked: &'static [Asked]) -> Shape {
    Shape { takes: Takes::Nothing, gives: ("200", Gives::Json(name::<T>())), asked }
}

fn lists<T: ToSchema>() -> Shape {
    Shape { takes: Takes::Nothing, gives: ("200", Gives::List(name::<T>())), asked: &[] }
}

fn makes<T: ToSchema, U: ToSchema>() -> Shape {
    let takes = Takes::Json(name::<T>());
    Shape { takes, gives: ("201", Gives::Json(name::<U>())), asked: &[] }
}

/// What goes in and out of each door.
fn shape(method: &str, path: &str) -> Option<Shape> {
    let after: &'static [_] = &[AFTER];
    Some(match (method, path) {
        ("GET", "/api/head") => gives::<Head>(&[]),
        ("GET", "/api/search") => gives::<Found>(&SEARCH),
        ("GET", "/api/registers/{register}") => gives::<ListWire>(&LIST),
        ("GET", "/api/registers/{register}/{key}") => gives::<VersionWire>(&AS_OF),
        ("GET", "/api/layouts") => gives::<LayoutsWire>(after),
        ("GET", "/api/layouts/{case}") => gives::<LayoutWire>(&[]),
        ("GET", "/api/layouts/{case}/drafts/{number}") => gives::<DraftWire>(&[]),
        ("POST", VERIFY) => {
            Shape { takes: Takes::Bytes, gives: ("200", Gives::Anything), asked: &[] }
        }
        ("GET", "/api/services") => lists::<ServiceLineWire>(),
        ("GET", "/api/services/{procedure}") => gives::<ServiceFormWire>(&[]),
        ("POST", "/api/services/{procedure}/cases") => makes::<FilingWire, DoneWire>(),
        ("POST", "/api/files") => Shape {
            takes: Takes::Bytes,
            gives: ("201", Gives::Json(name::<FileWire>())),
            asked: &[("name", Type::String, "What the file is called.")],
        },
        ("GET", "/api/cases") => gives::<CasesWire>(after),
        ("GET", "/api/inbox") => gives::<CasesWire>(after),
        ("GET", "/api/cases/{id}") => gives::<CaseWire>(&[]),
        ("GET", "/api/cases/{id}/days") => lists::<AccountWire>(),
        ("GET", "/api/cases/{id}/acts") => lists::<ActWire>(),
        ("GET", "/api/cases/{id}/papers/{material}") => {
            Shape { takes: Takes::Nothing, gives: ("200", Gives::Bytes), asked: &[] }
        }
        ("POST", "/api/cases/{id}/details") => Shape {
            gives: ("200", Gives::Json(name::<OpenedWire>())),
            ..makes::<DetailWire, OpenedWire>()
        },
        ("POST", path) if path.starts_with("/api/cases/{id}/acts/") => act(path)?,
        ("POST", ROWS) => Shape { takes: Takes::Lines, ..gives::<TakenWire>(&[]) },
        ("POST", CERTIFICATES) => Shape { takes: Takes::Pem, ..gives::<KeptWire>(&[]) },
        ("GET", "/api/findings") => gives::<FindingsWire>(&FINDINGS),
        ("GET", "/api/findings/{id}") => lists::<FindingWire>(),
        ("GET", "/api/risk") => gives::<RiskWire>(&RISK),
        ("GET", "/api/credit/{register}/{key}") => gives::<CreditWire>(&CREDIT),
        ("GET", "/api/pictures/{picture}/{register}/{key}") => gives::<PictureWire>(&AS_OF),
        ("GET", "/api/changes") => gives::<ChangesWire>(&FEED),
        ("GET", "/api/subscriptions") => lists::<SubscriptionWire>(),
        ("POST", "/api/subscriptions") => makes::<WantedWire, MadeWire>(),
        ("DELETE", "/api/subscriptions/{id}") => {
            Shape { takes: Takes::Nothing, gives: ("204", Gives::Nothing), asked: &[] }
        }
        _ => return None,
    })
}

const CREDIT: [Asked; 2] = [
    ("on", Type::String, "As of which day; today by default."),
    ("known", Type::Integer, "As known with which entry of the ledger; all by default."),
];

const RISK: [Asked; 4] = [
    ("register", Type::String, "Which register's entries; the first that is rated by default."),
    (
        "division",
        Type::String,
        "In which division: its code, `all`, or `none` where none is known.",
    ),
    ("level", Type::String, "Of which level."),
    AFTER,
];

const FINDINGS: [Asked; 10] = [
    ("rule", Type::String, "By which rule."),
    ("kind", Type::String, "By rules whose findings are gathered by this."),
    ("board", Type::String, "By rules that a board shows."),
    ("verdict", Type::String, "By rules whose findings are `clear` or `suspect`."),
    ("register", Type::String, "By rules whose findings are about entries of a register."),
    ("subject", Type::String, "About which entry, by its key."),
    ("division", Type::String, "In which division, by its code; `none` where none is known."),
    ("since", Type::String, "Of events from which day on."),
    ("new", Type::String, "`yes` for those found since yesterday."),
    AFTER,
];

const SEARCH: [Asked; 8] = [
    ("q", Type::String, "What is sought: names, codes, addresses, pinyin."),
    ("register", Type::String, "In which register; may be said several times."),
    ("force", Type::String, "`in` or `out` of force."),
    ("district", Type::String, "In which division, by its code."),
    ("near", Type::String, "Near which place: latitude and longitude."),
    AFTER,
    ON,
    KNOWN,
];
const LIST: [Asked; 4] =
    [("q", Type::String, "Part of what an entry is known by."), AFTER, ON, KNOWN];
const FEED: [Asked; 2] = [
    ("after", Type::Integer, "The ledger number after which the feed goes on; 0 by default."),
    ("wait", Type::Integer, "For how many seconds an answer may wait for a change; 30 at most."),
];

/// What is sent to have something done to a case.
fn act(path: &str) -> Option<Shape> {
    Some(match path.rsplit('/').next()? {
        "choose" => makes::<ChoiceWire, DoneWire>(),
        "answer" => makes::<OpinionWire, DoneWire>(),
        "resume" => makes::<ResumptionWire, DoneWire>(),
        "supply" => makes::<SupplyWire, DoneWire>(),
        "withdraw" => makes::<WithdrawalWire, DoneWire>(),
        "appeal" => makes::<AppealWire, DoneWire>(),
        "rule" => makes::<RulingWire, DoneWire>(),
        "correct" => makes::<CorrectionWire, DoneWire>(),
        "serve" => makes::<ServiceWire, DoneWire>(),
        "ask-recusal" => makes::<ObjectionWire, DoneWire>(),
        "recuse" => makes::<RecusalWire, DoneWire>(),
        _ => return None,
    })
}

fn refers(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

fn bytes() -> RefOr<Schema> {
    let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
    let schema = ObjectBuilder::new().schema_type(Type::String).format(Some(binary));
    RefOr::T(Schema::Object(schema.build()))
}

fn answer(gives: &Gives) -> Response {
    let answer = ResponseBuilder::new().description("Done.");
    let content = |schema| ContentBuilder::new().schema(Some(schema)).build();
    match gives {
        Gives::Json(name) => answer.content("application/json", content(refers(name))),
        Gives::List(name) => {
            let list = ArrayBuilder::new().items(refers(name)).build();
            answer.content("application/json", content(RefOr::T(Schema::Array(list))))
        }
        Gives::Bytes => answer.content("*/*", content(bytes())),
        Gives::Anything => {
            let schema = RefOr::T(Schema::Object(ObjectBuilder::new().build()));
            answer.content("application/json", content(schema))
        }
        Gives::Nothing => answer,
    }
    .build()
}

fn parameter(name: &str, place: ParameterIn, kind: Type, means: &str, required: bool) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(kind).build();
    let required = if required { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(means))
        .schema(Some(schema))
        .build()
}

/// The parts of an address that stand for something.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Whether whoever comes need not say who they are.
fn for_everybody(path: &str) -> bool {
    const OPEN: [&str; 3] = ["/api/head", "/api/search", "/api/services"];
    let below = ["/api/layouts", "/api/licences", "/api/registers"];
    OPEN.contains(&path) || below.iter().any(|open| path.starts_with(open))
}

fn operation(door: &OfPrograms, shape: &Shape) -> Operation {
    let method = door.method_word();
    let mut operation = OperationBuilder::new()
        .summary(Some(door.action.title().to(Language::En)))
        .description(Some(door.action.title().to(Language::Zh)))
        .operation_id(Some(door.id()))
        .response(shape.gives.0, answer(&shape.gives.1))
        .response("default", problem());
    if door.path == VERIFY {
        operation = operation.response("422", answer(&Gives::Anything));
    }
    for part in parts(door.path) {
        let part =
            parameter(part, ParameterIn::Path, Type::String, "As lists and answers say it.", true);
        operation = operation.parameter(part);
    }
    for (name, kind, means) in shape.asked {
        let asked = parameter(name, ParameterIn::Query, kind.clone(), means, false);
        operation = operation.parameter(asked);
    }
    let body = |kind: &str, schema| {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        RequestBodyBuilder::new().content(kind, content).required(Some(Required::True)).build()
    };
    operation = match &shape.takes {
        Takes::Nothing => operation,
        Takes::Json(name) => operation.request_body(Some(body("application/json", refers(name)))),
        Takes::Bytes => operation.request_body(Some(body("application/octet-stream", bytes()))),
        Takes::Lines => operation.request_body(Some(body("application/x-ndjson", bytes()))),
        Takes::Pem => {
            operation.request_body(Some(body("application/pem-certificate-chain", bytes())))
        }
    };
    let makes = shape.gives.0 == "201" && matches!(shape.takes, Takes::Json(_));
    if makes {
        let key = "The same for the same thing sent again, new for each other; 1 to 60 characters.";
        let once = parameter("Idempotency-Key", ParameterIn::Header, Type::String, key, true);
        operation = operation.parameter(once);
    }
    if makes && door.path.contains("/acts/") {
        let means = "The tag of the case as it was read: where it has moved on, nothing is done.";
        let seen = parameter("If-Match", ParameterIn::Header, Type::String, means, false);
        operation = operation.parameter(seen);
    }
    let of_sources = [ROWS, CERTIFICATES].contains(&door.path);
    if of_sources {
        for (name, means) in SIGNATURE {
            let header = parameter(name, ParameterIn::Header, Type::String, means, true);
            operation = operation.parameter(header);
        }
    }
    if method == "GET" && for_everybody(door.path)
        || door.path.starts_with("/api/licences")
        || of_sources
    {
        operation = operation.security(SecurityRequirement::default());
    }
    operation.build()
}

fn problem() -> Response {
    let content = ContentBuilder::new().schema(Some(refers(&name::<ProblemWire>()))).build();
    ResponseBuilder::new()
        .description("Why not (RFC 9457); nothing has changed.")
        .content("application/problem+json", content)
        .build()
}

/// The document.
///
/// # Errors
/// [`Fault::Broken`] where a door is not described here.
pub(crate) fn document(
    doors: &[OfPrograms],
    origin: &Origin,
) -> Result<utoipa::openapi::OpenApi, Fault> {
    let mut items: BTreeMap<&str, PathItem> = BTreeMap::new();
    for door in doors {
        let shape = shape(door.method_word(), door.path).ok_or(Fault::Broken)?;
        let operation = operation(door, &shape);
        let item = PathItem::new(verb(door.method), operation);
        match items.get_mut(door.path) {
            Some(known) => known.merge_operations(item),
            None => drop(items.insert(door.path, item)),
        }
    }
    let mut paths = Paths::new();
    paths.paths.extend(items.into_iter().map(|(path, item)| (path.to_owned(), item)));
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    let token = token.description(Some("A token of an account, made at /account/tokens."));
    let types = Types::openapi().components.unwrap_or_default();
    let components = ComponentsBuilder::from(types)
        .security_scheme("token", SecurityScheme::Http(token.build()));
    let info =
        InfoBuilder::new().title("yiyang 医养").version(env!("CARGO_PKG_VERSION")).description(
            Some("What people do on the pages, for programs. 与网页同样的办理，供程序使用。"),
        );
    Ok(OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url(origin.to("")).build()]))
        .paths(paths)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new("token", Vec::<String>::new())]))
        .build())
}

fn verb(method: MethodFilter) -> HttpMethod {
    match method {
        MethodFilter::POST => HttpMethod::Post,
        MethodFilter::DELETE => HttpMethod::Delete,
        MethodFilter::PATCH => HttpMethod::Patch,
        MethodFilter::HEAD => HttpMethod::Head,
        MethodFilter::OPTIONS => HttpMethod::Options,
        _ => HttpMethod::Get,
    }
}
