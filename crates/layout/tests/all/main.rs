//! Surveys, drafts and their proofs.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod measured;
#[cfg(test)]
mod program;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod town;
#[cfg(test)]
mod verified;
