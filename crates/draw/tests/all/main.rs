//! Draws: fair, free of conflicts, the same again, and given away by any change.

#[cfg(test)]
mod again;
#[cfg(test)]
mod fair;
#[cfg(test)]
mod frozen;
#[cfg(test)]
mod town;
