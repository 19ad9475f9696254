//! One history under the tables of three places and under the old and the new rules of repair, and
//! every table against a slow model.

#[cfg(test)]
mod model;
#[cfg(test)]
mod places;
#[cfg(test)]
mod repair;
