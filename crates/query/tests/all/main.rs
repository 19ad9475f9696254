//! Queries from outside: what they may say, what they read, and that their answers are the same
//! bytes however much memory, however many threads and whatever order of files there is.

#[cfg(test)]
mod columns;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod narrowed;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod same;
#[cfg(test)]
mod town;
