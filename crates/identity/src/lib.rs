//! Who somebody is: accounts, and what they prove themselves with. Passwords (RFC 9106, NIST SP
//! 800-63B), one-time codes (RFC 6238), recovery codes, passkeys (Web Authentication level 2) and
//! the sign-in of another site (OpenID Connect Core 1.0).
//!
//! Everything here is decided from what it is given: a moment, random bytes and the other side's
//! answer are arguments. Nothing is kept, and nothing says what an account may do.

pub mod account;
pub mod code;
pub mod login;
pub mod passkey;
pub mod password;
pub mod proof;
pub mod provider;
pub mod session;
pub mod throttle;
pub mod totp;

pub use account::AccountId;
pub use code::OneTimeCode;
pub use login::LoginName;
pub use password::{Password, PasswordHash};
pub use proof::Proof;
pub use session::{Evidence, SessionLimits};
pub use throttle::Throttle;
pub use totp::{TotpSecret, TotpStep};
