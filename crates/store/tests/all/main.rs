//! The store on SQLite, and on PostgreSQL where `YIYANG_TEST_POSTGRES` names a server. The town,
//! its tea houses and its people are invented.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod certifying;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod crashing;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod persons;
#[cfg(test)]
mod proposals;
#[cfg(test)]
mod searching;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod story;
#[cfg(test)]
mod submitting;
#[cfg(test)]
mod taking_up;
#[cfg(test)]
mod verifying;
