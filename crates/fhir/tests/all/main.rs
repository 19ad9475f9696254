//! Resources as they are described, written and searched.

#[cfg(test)]
mod examples;
#[cfg(test)]
mod searched;
#[cfg(test)]
mod written;
