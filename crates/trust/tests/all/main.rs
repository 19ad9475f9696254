//! Certificates: what others made is judged, what is made here others judge, and nothing else is.

#[cfg(test)]
mod agreed;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod judging;
#[cfg(test)]
mod making;
#[cfg(test)]
mod ours;
#[cfg(test)]
mod refusing;
#[cfg(test)]
mod theirs;
