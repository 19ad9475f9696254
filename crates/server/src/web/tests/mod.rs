//! The pages under test: every page with every sample, every text, and the town of Willow served
//! from memory.

mod accounts;
mod board;
mod bulk;
mod changeover;
mod client;
mod coverage;
mod credit;
mod days;
mod directory;
mod documents;
mod drafts;
mod entries;
mod findings;
mod heard;
mod journey;
mod later;
mod licences;
mod messages;
mod over_nats;
mod permits;
mod programs;
mod proposals;
mod publication;
mod ratings;
mod refusals;
mod render;
mod risk;
mod search;
mod sheets;
mod signatures;
mod sources;
mod texts;
mod tokens;
mod town;
mod uploads;
