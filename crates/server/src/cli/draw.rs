//! `yiyang draw`: pledging a seed, freezing lists, drawing, and drawing again what was published.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

use ::draw::{
    Conflict, Drawn, Fault, Given, Lists, Object, Officer, PROGRAM, Pledge, Seed, Share, is_word,
    verify,
};
use base::{Date, Language, Name};
use clap::{Args, Subcommand};

use super::{
    Call, Ended, Stopped, say,
    sheet::{named, of_file, sheet, tell, text},
};

/// What can be done for a draw.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take a seed at random, keep it in a file of yours, and print the pledge to give away.
    Pledge {
        /// What the draw is called.
        #[arg(long)]
        name: String,
        /// Your department.
        #[arg(long)]
        by: String,
        /// Where the seed is kept until the lists are frozen; nothing may be there.
        #[arg(long)]
        seed: PathBuf,
    },
    /// Freeze lists and print them as they are to be published.
    Freeze(Freezing),
    /// Draw from frozen lists, and print the draw as it is to be published.
    Make {
        /// The frozen lists.
        lists: PathBuf,
        /// The seed of a department and its file, such as `health=health.seed`.
        #[arg(long = "seed", value_name = "BY=FILE")]
        seeds: Vec<String>,
    },
    /// Draw again from what was published, and say whether it comes to the same.
    Verify {
        /// The frozen lists.
        lists: PathBuf,
        /// The published draw.
        draw: PathBuf,
    },
    /// Print the program that draws again without us (Python).
    Program,
}

/// What lists are frozen from.
#[derive(Debug, Args)]
pub(crate) struct Freezing {
    /// What the draw is called; no other may have that name.
    #[arg(long)]
    name: String,
    /// The day on which the lists are frozen, such as `2026-03-02`.
    #[arg(long)]
    on: String,
    /// What the objects were taken from, such as `medical-institution, entry 4521`.
    #[arg(long)]
    from: String,
    /// A class and the percentage that is drawn of it, such as `high=50.00`.
    #[arg(long = "share", value_name = "CLASS=PERCENT")]
    shares: Vec<String>,
    /// A department and how many it sends to each object, such as `health=2`.
    #[arg(long = "crew", value_name = "OFFICE=COUNT")]
    crews: Vec<String>,
    /// A department and what it pledged.
    #[arg(long = "pledge", value_name = "BY=PLEDGE")]
    pledges: Vec<String>,
    /// A sheet with the columns `object,class`.
    #[arg(long)]
    objects: PathBuf,
    /// A sheet with the columns `officer,office`.
    #[arg(long)]
    officers: PathBuf,
    /// A sheet with the columns `officer,object,reason`.
    #[arg(long)]
    conflicts: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    match command {
        Command::Pledge { name, by, seed } if is_word(&name) => {
            pledge(&name, &named(call.language, &by)?, &seed)
        }
        Command::Pledge { name, .. } => refused(call.language, &[Fault::NotAWord(name)]),
        Command::Freeze(freezing) => match Lists::frozen(given(call, &freezing)?) {
            Ok(lists) => said(&lists.text()),
            Err(faults) => refused(call.language, &faults),
        },
        Command::Make { lists, seeds } => match made(call, &text(&lists)?, &seeds)? {
            Ok(drawn) => said(&drawn.text()),
            Err(faults) => refused(call.language, &faults),
        },
        Command::Verify { lists, draw } => match verify(&text(&lists)?, &text(&draw)?) {
            Ok(drawn) => said(&same(call.language, &drawn)),
            Err(faults) => refused(call.language, &faults),
        },
        Command::Program => said(PROGRAM),
    }
}

fn said(text: &str) -> Ended {
    say(text)?;
    Ok(true)
}

fn refused(language: Language, faults: &[Fault]) -> Ended {
    Ok(tell(language, faults.iter().map(|own| (own.number(), own.says(), own.next()))))
}

fn same(language: Language, drawn: &Drawn) -> String {
    let (count, digest) = (drawn.picks().len(), drawn.of_lists());
    match language {
        Language::Zh => format!("重新抽取，结果一致：抽中 {count} 个对象\n名单摘要 {digest}\n"),
        Language::En => {
            format!(
                "drawn again, it is the same draw: {count} objects\ndigest of the lists {digest}\n"
            )
        }
    }
}

/// Takes a seed and keeps it where only its owner reads it; a file that is there is left alone.
fn pledge(name: &str, by: &Name, file: &Path) -> Ended {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Stopped(error.to_string()))?;
    let seed = Seed::new(bytes);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let kept = options.open(file).and_then(|mut kept| {
        kept.write_all(format!("{}\n", seed.written()).as_bytes())?;
        kept.sync_all()
    });
    kept.map_err(|error| of_file(file, &error))?;
    said(&format!("{}\n", seed.pledge(name, by).written()))
}

fn made(call: &Call, lists: &str, seeds: &[String]) -> Result<Result<Drawn, Vec<Fault>>, Stopped> {
    let mut told = BTreeMap::new();
    for own in seeds {
        let (by, file) = pair(own)?;
        let file = Path::new(file);
        let none = || Stopped(format!("`{}` holds no seed", file.display()));
        told.insert(named(call.language, by)?, Seed::read(text(file)?.trim()).ok_or_else(none)?);
    }
    let drawn = Lists::read(lists).and_then(|own| own.draw(told).map_err(|fault| vec![fault]));
    Ok(drawn)
}

fn given(call: &Call, freezing: &Freezing) -> Result<Given, Stopped> {
    let Freezing { name, on, from, .. } = freezing;
    let day = Date::parse(on).map_err(|no| Stopped(no.says.to(call.language).to_owned()))?;
    let mut given = Given::new(name, day, from);
    for (class, percent) in pairs(call, &freezing.shares)? {
        let none = || Stopped(format!("`{percent}` is no percentage; write it as `5.00`"));
        given.shares.push((class, Share::read(percent).ok_or_else(none)?));
    }
    for (office, count) in pairs(call, &freezing.crews)? {
        let none = |_| Stopped(format!("`{count}` is no count of officers"));
        given.crews.push((office, count.parse().map_err(none)?));
    }
    for (by, pledge) in pairs(call, &freezing.pledges)? {
        let none = || Stopped(format!("`{pledge}` is no pledge; it has 64 figures, 0 to f"));
        given.pledges.push((by, Pledge::read(pledge).ok_or_else(none)?));
    }
    for [key, class] in sheet(&freezing.objects, ["object", "class"])? {
        given.objects.push(Object { key, class: named(call.language, &class)? });
    }
    for [key, office] in sheet(&freezing.officers, ["officer", "office"])? {
        given.officers.push(Officer { key, office: named(call.language, &office)? });
    }
    let conflicts = freezing.conflicts.as_deref();
    let conflicts = conflicts.map(|file| sheet(file, ["officer", "object", "reason"]));
    for [officer, object, reason] in conflicts.transpose()?.unwrap_or_default() {
        given.conflicts.push(Conflict { officer, object, reason });
    }
    Ok(given)
}

fn pairs<'a>(call: &Call, all: &'a [String]) -> Result<Vec<(Name, &'a str)>, Stopped> {
    let mut pairs = Vec::new();
    for own in all {
        let (name, word) = pair(own)?;
        pairs.push((named(call.language, name)?, word));
    }
    Ok(pairs)
}

fn pair(own: &str) -> Result<(&str, &str), Stopped> {
    own.split_once('=').ok_or_else(|| Stopped(format!("`{own}` is not of the form `NAME=…`")))
}
