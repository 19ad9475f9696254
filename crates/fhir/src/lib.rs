//! The resources of a directory of care services in FHIR R4 (4.0.1), as IHE mCSD profiles them, and
//! those that carry them. What a resource is made of is described once ([`structure`]); JSON, XML,
//! the check of a value and the proofs of packs all read that description. What one can search by
//! is described likewise ([`search`]).
//!
//! Only elements that a public register can fill are described. What tells of a person's life,
//! such as a birth date or a home address, is no element here.

mod check;
mod json;
pub mod search;
pub mod structure;
mod value;
mod xml;

pub use check::unfit;
pub use json::{json, json_text};
pub use structure::{Element, Group, Kind, Primitive, ResourceType};
pub use value::{Fields, Resource, Value};
pub use xml::xml;

/// The version of FHIR.
pub const VERSION: &str = "4.0.1";
/// The media type of resources in JSON.
pub const JSON: &str = "application/fhir+json";
/// The media type of resources in XML.
pub const XML: &str = "application/fhir+xml";
/// Where the profiles of mCSD are.
pub const PROFILES: &str = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.";
/// The codes by which mCSD tells a facility from other organisations and places.
pub const MCSD_TYPES: &str =
    "https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types";
/// The code of a facility among them.
pub const FACILITY: &str = "facility";
