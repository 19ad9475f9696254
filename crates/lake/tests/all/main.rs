//! The lake from outside: what is acknowledged is kept, each row once, whatever happens in between.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod compacted;
#[cfg(test)]
mod incoming;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod torn;
