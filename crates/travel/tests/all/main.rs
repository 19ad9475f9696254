//! Travel along streets: as slow models count it, as an invented town has it, and whatever the
//! bytes of an extract are.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod drawn;
#[cfg(test)]
mod extracts;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod least;
#[cfg(test)]
mod places;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod streets;
