//! Tests of what goes out in standard formats.

#[cfg(test)]
mod bpmn;
#[cfg(test)]
mod choices;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod drawn;
#[cfg(test)]
mod forging;
#[cfg(test)]
mod identifiers;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod openssl;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod tree;
