//! Examples of rules at the shell: each is run, and what differs is told.

use base::Language;
use supervise::example::{Came, Examples, NotRun};

use super::{Call, Stopped, scenario::is_wanted};
use crate::library::Packs;
use ::pack::model::{Example, Pack};

/// Runs the examples of a pack that are wanted: how many came out, and how many did not.
pub(crate) async fn run(
    call: &Call,
    (packs, name): (&Packs, &str),
    pack: &Pack,
    wanted: &[String],
) -> Result<(usize, usize), Stopped> {
    let examples = match ::pack::examples(packs, name, pack) {
        Ok(examples) => examples,
        Err(rejected) => {
            eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
            return Ok((0, 1));
        }
    };
    let folder = tempfile::tempdir()?;
    let mut bench = Examples::new(folder.path()).map_err(|not| Stopped(not.to_string()))?;
    let (mut passed, mut failed) = (0, 0);
    for (path, example) in examples.iter().filter(|(path, _)| is_wanted(path, wanted)) {
        match told(path, example, bench.run(pack, example).await, call.language) {
            true => passed += 1,
            false => failed += 1,
        }
    }
    Ok((passed, failed))
}

/// Prints what came of an example; whether it came out.
fn told(path: &str, example: &Example, came: Result<Came, NotRun>, language: Language) -> bool {
    let (right, wrong) = match language {
        Language::Zh => ("通过  ", "未通过"),
        Language::En => ("ok   ", "wrong"),
    };
    match came {
        Ok(came) if came.differs.is_empty() => {
            println!("{right} {path}: {}", example.title.to(language));
            true
        }
        Ok(came) => {
            println!("{wrong} {path}: {}", example.title.to(language));
            came.differs.iter().for_each(|text| println!("       {}", text.to(language)));
            false
        }
        Err(not) => {
            println!("{wrong} {path}: {not}");
            false
        }
    }
}
