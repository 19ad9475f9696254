//! The public registers searched: by Chinese name, by how it is read, by initials, codes and
//! addresses, as of an instant and a number. An entry answers by what it said then, so that an old
//! name finds it as of then and not today (ADR 17).

mod find;
pub(crate) mod index;
mod kept;
mod near;
mod order;
mod read;
mod text;
mod wanted;
mod word;

pub(crate) use find::search;
pub use find::{Count, FOUND_MAX, Hit, SearchCursor, SearchPage, SearchQuery};
pub(crate) use kept::Kept;
pub(crate) use order::Order;
pub use wanted::{Answers, TEXT_MAX, Unsought, Wanted};
