//! Papers as people and programs read them: their letters, their code, their bytes.

mod desk;
mod hostile;
mod papers;
