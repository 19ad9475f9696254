//! Electronic certification (电子认证): whether a signature of somebody outside counted when it was
//! made.
//!
//! A licensed authority (电子认证服务机构) vouches for keys by certificates and takes its word back
//! by revoking them. Here certificates are read, a path is built to an authority that was trusted
//! at an instant, and what was known of revocation is asked about that instant. Nothing is true
//! that was not shown: an authority that says nothing leaves it undetermined, which is refused.
//!
//! | part | standard |
//! | --- | --- |
//! | certificates, lists of revoked ones, paths | RFC 5280 |
//! | answers about one certificate | RFC 6960 |
//! | SM2 with SM3, the default identity | GB/T 32918, GB/T 35276 |
//! | ECDSA on P-256 and P-384; Ed25519 | FIPS 186-5; RFC 8410 |
//! | what a reliable electronic signature is | 电子签名法 (2019), article 13 |
//!
//! Reading order: keys ([`key`]), certificates ([`certificate`]), paths ([`path`]), lists
//! ([`list`]) and answers ([`response`]), all of it together ([`judged`]), why not ([`refused`]).
//! An authority for tests and demonstrations is in [`issue`].

pub mod certificate;
mod coded;
pub mod issue;
pub mod judged;
pub mod key;
pub mod list;
mod moment;
pub mod path;
pub mod refused;
pub mod response;
pub mod standing;

pub use certificate::Certificate;
pub use judged::{Evidence, Judged, Limits, judge, verify_record};
pub use key::{Algorithm, PublicKey};
pub use list::{Listed, RevocationList};
pub use path::{Anchor, Path, Trust, Use, verify, verify_authority};
pub use refused::Refused;
pub use response::{OcspResponse, Responder};
pub use standing::{Reason, Standing};
