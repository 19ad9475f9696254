//! Rules asked of rows: what they find, and as of when.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod example;
#[cfg(test)]
mod lakeside;
#[cfg(test)]
mod risk;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod seeded;
#[cfg(test)]
mod set;
#[cfg(test)]
mod steps;
