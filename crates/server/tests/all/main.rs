//! The program itself, started, killed and started again. The town, its herb rooms and its people
//! are invented.

#[cfg(test)]
#[path = "../../src/broker.rs"]
mod broker;
#[cfg(test)]
mod carried;
#[cfg(test)]
mod difference;
#[cfg(test)]
mod draw;
#[cfg(test)]
mod drawing;
#[cfg(test)]
mod filling;
#[cfg(test)]
mod founding;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod killing;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod licence;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod over_nats;
#[cfg(test)]
mod program;
#[cfg(test)]
mod siting;
#[cfg(test)]
mod staging;
#[cfg(test)]
mod syncs;
#[cfg(test)]
mod takeover;
#[cfg(test)]
mod uploading;
#[cfg(test)]
mod visitor;
