//! What conditions mean: tables of good and broken ones, and an independent slow evaluator that
//! random conditions are compared with.

#[cfg(test)]
mod compared;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod language;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod willow;
