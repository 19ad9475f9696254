//! Rules asked of many machines. A query of a rule is planned by a scheduler and run by executors
//! (Ballista, which is `DataFusion` on many machines), over the same files of the lake, by the same
//! engine. So it finds the same, byte for byte; a test holds one against the other.
//!
//! Everybody sees the lake and the folder of snapshots under the same path. Reading order: who asks
//! ([`asker`]), what is sent ([`wire`]), who answers ([`serve`]).

pub mod asker;
pub mod serve;
pub mod wire;

pub use asker::Cluster;
