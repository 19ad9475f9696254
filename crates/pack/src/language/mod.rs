//! The pack language, edition 1: what each kind of file may say.
//!
//! One definition per record gives its type, its reader (every fault at once) and its place in the
//! JSON Schema that editors complete from. Nothing here links or proves: see [`crate::link`] and
//! [`crate::prove`].

/// A word of the language that the ledger records: by its text, so that a reader of the bytes needs
/// no table and a new word never renumbers an old one.
macro_rules! recorded {
    ($name:ident) => {
        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(self.word())?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let written = d.str()?;
                let found = Self::ALL.iter().find(|known| known.word() == written);
                found.copied().ok_or_else(|| minicbor::decode::Error::message("unknown word"))
            }
        }
    };
}

mod authority;
mod commitment;
mod credit;
mod draw;
mod example;
mod feed;
mod fhir;
mod field;
mod figure;
mod knowledge;
mod layout;
mod life_event;
mod manifest;
mod migration;
mod picture;
mod procedure;
mod register;
mod review;
mod risk;
pub mod scenario;
mod service;
mod step;
mod supervision;
mod table;

pub use authority::{
    Authorities, Body, BodyCode, Competent, Delegation, LevelRule, Office, PowerSource,
};
pub use commitment::Commitment;
pub use credit::{CreditBound, CreditEdition, CreditFile, CreditPoints};
pub use draw::{Draw, DrawConflicts, DrawObjects, DrawOfficers, DrawOrders, DrawTold};
pub use example::{ExampleFile, ExampleFinding, ExampleVersion};
pub use feed::{ColumnType, FeedColumn, FeedFile, FeedSigned, FeedTrust, FeedWithin};
pub use fhir::{FhirCode, FhirElements, FhirSource, FhirSources};
pub use field::{Field, FieldType, Need, Section};
pub use figure::{DatedValue, FigureFile, FigureSource};
pub use knowledge::KnowledgeFile;
pub use layout::{
    Layout, LayoutAreas, LayoutCandidates, LayoutChange, LayoutExisting, LayoutNeed, LayoutSites,
    LayoutSize, LayoutStandard, LayoutTravel,
};
pub use life_event::{LifeEvent, LifeEventFile};
pub use manifest::{CodeList, Manifest};
pub use migration::{Carried, MigrationFile};
pub use picture::{PictureEntries, PictureFile, PicturePart};
pub use procedure::{
    Applicant, Clock, Exits, Fee, LooksUp, Material, Mode, ProcedureFile, ProcedureKind,
    Requirement, RequirementFile, Timed,
};
pub use register::{Certificate, Derived, DerivedCase, Forecast, RegisterField, RegisterFile};
pub use review::{Answer, Branches, Counts, Ground, Join, Part, Review, Stop, Uncounted};
pub use risk::{
    BoardFile, EntriesLine, EntriesOf, FindingsLine, FindingsOf, RiskFile, RiskLevel, RiskLine,
};
pub use service::{PortalService, ServiceFile, Way};
pub use step::{
    Appeal, Course, Decision, Effect, End, Enters, Extend, Level, Otherwise, Outcome, Remedies,
    Remedy, Silence, Stage, Step, Supplement, Turn,
};
pub use supervision::{
    FindingKindsFile, KnowledgeLook, RegisterLook, RuleLook, RuleStage, RuleVerdict,
    SupervisionFile,
};
pub use table::TableFile;
