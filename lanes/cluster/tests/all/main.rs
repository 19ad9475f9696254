//! The same rules over the same rows, asked of one machine and of a scheduler with two executors,
//! each a process of its own: the findings are the same, byte for byte.

#[cfg(test)]
mod city;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod gone;
#[cfg(test)]
mod processes;
