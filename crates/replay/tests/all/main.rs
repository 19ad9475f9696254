//! Every story of every shipped pack comes out as it says, on each stage; together they make every
//! move; random traffic agrees with slow models that were written from the law's words; and every
//! order of a review's answers comes to what the pack checker walks. What the stories carry out is
//! computed from what they reach.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod days;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod equal;
#[cfg(test)]
mod follows;
#[cfg(test)]
mod interleaving;
#[cfg(test)]
mod joint_law;
#[cfg(test)]
mod joint_traffic;
#[cfg(test)]
mod law;
#[cfg(test)]
mod layouts;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod own_cases;
#[cfg(test)]
mod people;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod remedy;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod stalls;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod traffic;
