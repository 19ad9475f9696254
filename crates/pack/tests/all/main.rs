//! Whole packs: those the project ships are sound, and every way to break one is found.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod credit;
#[cfg(test)]
mod difference;
#[cfg(test)]
mod draw;
#[cfg(test)]
mod example;
#[cfg(test)]
mod founded;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod migration;
#[cfg(test)]
mod mutate;
#[cfg(test)]
mod omissions;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod risk;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod town;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod witness;
