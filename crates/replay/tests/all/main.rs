//! Every story of every shipped pack comes out as it says, on each stage; together they make every
//! move; and random traffic agrees with a slow model that was written from the law's words.

#[cfg(test)]
mod days;
#[cfg(test)]
mod law;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod traffic;
