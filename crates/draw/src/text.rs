//! How lists are written: one thing a line, its words set apart by tabs, in one order. There is one
//! text for the same lists, so that its digest stands for them; a spreadsheet opens it.

use std::fmt::{Display, Write as _};

use base::{Date, Name};

use crate::{
    fault::Fault,
    lists::{Conflict, Given, Lists, Object, Officer, Share},
    seed::Pledge,
};

/// The first line.
const HEAD: &str = "draw lists 1";

impl Lists {
    /// The lists as they are published, in UTF-8.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        line(&mut text, &[&"name", &self.name]);
        line(&mut text, &[&"frozen", &self.frozen_on]);
        line(&mut text, &[&"from", &self.taken_from]);
        for (class, share) in &self.shares {
            line(&mut text, &[&"share", class, share]);
        }
        for (office, count) in &self.crews {
            line(&mut text, &[&"crew", office, count]);
        }
        for (by, pledge) in &self.pledges {
            line(&mut text, &[&"pledge", by, &pledge.written()]);
        }
        for (object, class) in &self.objects {
            line(&mut text, &[&"object", object, class]);
        }
        for (officer, office) in &self.officers {
            line(&mut text, &[&"officer", officer, office]);
        }
        for (officer, objects) in &self.conflicts {
            for (object, reason) in objects {
                line(&mut text, &[&"conflict", officer, object, reason]);
            }
        }
        text
    }

    /// Lists as they were published.
    ///
    /// # Errors
    /// [`Fault::NotALine`] with the number of the first line that is none, or everything that is
    /// wrong with the lists. One that is not written in its one order is refused at that line.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let mut lines = text.split('\n').zip(1..);
        if lines.next().map(|(first, _)| first) != Some(HEAD) {
            return Err(vec![Fault::NotLists]);
        }
        let mut lines = lines.filter(|(own, _)| !own.is_empty());
        let mut given = begun(&mut lines).map_err(|number| vec![Fault::NotALine(number)])?;
        for (own, number) in lines {
            let words: Vec<&str> = own.split('\t').collect();
            take(&mut given, &words).ok_or_else(|| vec![Fault::NotALine(number)])?;
        }
        let lists = Self::frozen(given)?;
        let written = lists.text();
        if written == text {
            return Ok(lists);
        }
        let same =
            written.split('\n').zip(text.split('\n')).take_while(|(one, other)| one == other);
        Err(vec![Fault::NotALine(same.count() + 1)])
    }
}

/// What the draw is called, when its lists were frozen and what they were taken from; the number of
/// the line that does not say it.
fn begun<'t>(lines: &mut impl Iterator<Item = (&'t str, usize)>) -> Result<Given, usize> {
    let mut own = |what: &str, expected: usize| -> Result<(&'t str, usize), usize> {
        let (line, number) = lines.next().ok_or(expected)?;
        let own = line.strip_prefix(what).and_then(|own| own.strip_prefix('\t')).ok_or(number)?;
        Ok((own, number))
    };
    let ((name, _), (day, at)) = (own("name", 2)?, own("frozen", 3)?);
    let day = Date::parse(day).map_err(|_| at)?;
    Ok(Given::new(name, day, own("from", 4)?.0))
}

/// What one line says; none where it says nothing that is known.
fn take(given: &mut Given, words: &[&str]) -> Option<()> {
    let name = |text: &str| Name::new(text).ok();
    match *words {
        ["share", class, share] => given.shares.push((name(class)?, Share::read(share)?)),
        ["crew", office, count] => given.crews.push((name(office)?, count.parse().ok()?)),
        ["pledge", by, pledge] => given.pledges.push((name(by)?, Pledge::read(pledge)?)),
        ["object", key, class] => {
            given.objects.push(Object { key: key.to_owned(), class: name(class)? });
        }
        ["officer", key, office] => {
            given.officers.push(Officer { key: key.to_owned(), office: name(office)? });
        }
        ["conflict", officer, object, reason] => given.conflicts.push(Conflict {
            officer: officer.to_owned(),
            object: object.to_owned(),
            reason: reason.to_owned(),
        }),
        _ => return None,
    }
    Some(())
}

/// Adds a line.
pub(crate) fn line(text: &mut String, words: &[&dyn Display]) {
    for (place, word) in words.iter().enumerate() {
        let apart = if place == 0 { "" } else { "\t" };
        // Writing into a text cannot fail.
        let _ = write!(text, "{apart}{word}");
    }
    text.push('\n');
}
