//! The pages of accounts.

pub(crate) mod agents;
pub(crate) mod codes;
pub(crate) mod door;
pub(crate) mod form;
pub(crate) mod own;
pub(crate) mod reads;
pub(crate) mod resume;
pub(crate) mod second;
pub(crate) mod tokens;
