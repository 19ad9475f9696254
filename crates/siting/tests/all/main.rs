//! Where to put care, and how well people reach it: as published, as slow models compute it, and
//! whatever the bytes are.

#![allow(clippy::float_arithmetic, reason = "values are compared as they are published")]

#[cfg(test)]
mod access;
#[cfg(test)]
mod capacity;
#[cfg(test)]
mod center;
#[cfg(test)]
mod cover;
#[cfg(test)]
mod equity;
#[cfg(test)]
mod given;
#[cfg(test)]
mod instance;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod median;
#[cfg(test)]
mod shared;
