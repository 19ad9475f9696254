//! Papers as people and programs read them: their letters, their code, their bytes.

#[cfg(test)]
mod desk;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod papers;
