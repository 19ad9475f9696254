//! The pages under test: every page with every sample, every text, and the town of Willow served
//! from memory.

mod client;
mod coverage;
mod entries;
mod journey;
mod later;
mod licences;
mod permits;
mod refusals;
mod render;
mod texts;
mod town;
