//! What the standards' own vectors and independent slow models say of this crate.

#[cfg(test)]
mod calendars;
#[cfg(test)]
mod divisions;
#[cfg(test)]
mod identifiers;
#[cfg(test)]
mod vectors;
