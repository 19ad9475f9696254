//! What breaks the proofs of what a register shows in the directory (FHIR R4, IHE mCSD).

use super::Change;

const ROOM: &str = "registers/herb-room.yaml";
const STALL: &str = "registers/stall.yaml";
const CLOSURE: &str = "registers/closure.yaml";

/// The last line of a register, and the directory after it.
const TAKINGS: &str = "type: money, optional: true }";
const LIFTED: &str = "en: Lifted on }, type: date, optional: true }";

/// A stall in the directory: its holder as its name.
const HOLDER_SHOWN: &str = "type: money, optional: true }
fhir:
  Practitioner:
    name: { field: holder }";

/// A closure that refers to its fair, which is no organisation.
const FAIR_REFERRED: &str = "en: Lifted on }, type: date, optional: true }
fhir:
  HealthcareService:
    name: { field: why }
    type: { fixed: shut, system: \"urn:willow:closures\" }
    providedBy: { field: fair }";

/// A name for each change, the changes, and the word of the proof that fails.
pub(super) const BROKEN: &[(&str, &[Change], &str)] = &[
    (
        "a register that is not public in the directory",
        &[(ROOM, "public: true", "public: false")],
        "fhir-not-public",
    ),
    (
        "a resource that the directory does not have",
        &[(ROOM, "  Endpoint:", "  Endpiont:")],
        "unknown-resource",
    ),
    (
        "an element that FHIR does not have",
        &[(ROOM, "    providedBy:", "    providdBy:")],
        "unknown-element",
    ),
    (
        "an element that tells of a person's life",
        &[(ROOM, "  Endpoint:", "  Practitioner:\n    birthDate: { field: since }\n  Endpoint:")],
        "unknown-element",
    ),
    (
        "an element filled from a field that is none",
        &[(ROOM, "position: { field: point }", "position: { field: spot }")],
        "unknown-register-field",
    ),
    (
        "a place on the ground that is a text",
        &[(ROOM, "position: { field: point }", "position: { field: name }")],
        "fhir-wrong-type",
    ),
    (
        "a name that is a code",
        &[(ROOM, "    name: { field: name }", "    name: { field: main-herb }")],
        "fhir-wrong-type",
    ),
    (
        "an address on the web that is none",
        &[(ROOM, "address: { address: true }", "address: { fixed: somewhere }")],
        "fhir-wrong-type",
    ),
    (
        "a fixed code of no system",
        &[(ROOM, "{ fixed: register-entry, system: /codes/connections }", "{ fixed: entry }")],
        "fhir-wrong-type",
    ),
    (
        "several codes where one is told",
        &[(
            ROOM,
            "connectionType: { fixed: register-entry, system: /codes/connections }",
            "connectionType: { field: herbs }",
        )],
        "fhir-wrong-type",
    ),
    (
        "an identifier of no system",
        &[(
            ROOM,
            "{ field: credit-code, system: \"urn:willow:credit-code\" }",
            "{ field: credit-code }",
        )],
        "fhir-wrong-type",
    ),
    ("a system that is no address", &[(ROOM, "\"urn:willow:kinds\"", "kinds")], "fhir-no-system"),
    ("who holds an entry is shown", &[(STALL, TAKINGS, HOLDER_SHOWN)], "fhir-shows-holder"),
    (
        "whether it holds is said by the pack",
        &[(ROOM, "  Endpoint:\n", "  Endpoint:\n    status: { fixed: active }\n")],
        "fhir-by-itself",
    ),
    (
        "what FHIR asks for is not there",
        &[(ROOM, "    address: { address: true }\n", "")],
        "fhir-not-filled",
    ),
    (
        "what mCSD asks for may be left open",
        &[(
            ROOM,
            "  name: { title: { zh: 名称, en: Name }, type: text }",
            "  name: { title: { zh: 名称, en: Name }, type: text, optional: true }",
        )],
        "fhir-not-filled",
    ),
    (
        "an option that stands for no code",
        &[(
            ROOM,
            "      - field: main-herb\n        system: urn:willow:shelves\n        map:\n          \
                  H1: { code: cool, display: { zh: 凉, en: Cool } }\n          H2: { code: cool }",
            "      - field: status\n        system: urn:willow:shelves\n        map:\n          \
             open: { code: cool }",
        )],
        "fhir-unmapped",
    ),
    (
        "a code for an option that there is not",
        &[(ROOM, "          H2: { code: cool }", "          H9: { code: cool }")],
        "unknown-row",
    ),
    (
        "an element that comes once, from two sources",
        &[(
            ROOM,
            "    position: { field: point }",
            "    position: [{ field: point }, { field: point }]",
        )],
        "fhir-once",
    ),
    (
        "a reference to another resource that is not shown",
        &[(
            ROOM,
            "  Organization:\n",
            "  Practitioner:\n    name: { field: name }\n  Organisation:\n",
        )],
        "fhir-leads-nowhere",
    ),
    (
        "a reference to an entry that is no such resource",
        &[(CLOSURE, LIFTED, FAIR_REFERRED)],
        "fhir-leads-nowhere",
    ),
];
