//! How a survey is written.

use base::{Date, Name, Point};

use crate::{
    fault::Fault,
    survey::{Area, Course, Each, Given, Refused, Site, Standard, Survey, Travel},
    text::{line, lines, number, same},
};

/// The first line.
const HEAD: &str = "layout survey 1";
/// Stands where a refused parcel has no place.
const NOWHERE: &str = "-";
/// A standard for every thousand people, and one for every area.
const THOUSAND: &str = "thousand";
const AREA: &str = "area";

impl Survey {
    /// The survey as it is published, in UTF-8.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        line(&mut text, &[&"name", &self.name()]);
        line(&mut text, &[&"on", &self.on()]);
        line(&mut text, &[&"from", &self.taken_from()]);
        line(&mut text, &[&"norm", &self.norm()]);
        match self.travel() {
            Travel::Straight { detour, speed, reach } => {
                line(&mut text, &[&"travel", &"straight", detour, speed, reach]);
            }
            Travel::Table { source, speed, reach, .. } => {
                line(&mut text, &[&"travel", &"table", source, speed, reach]);
            }
        }
        for own in self.areas() {
            line(&mut text, &[&"area", &own.key, &own.point, &own.people, &self.need(own)]);
        }
        for site in self.sites() {
            line(&mut text, &[&"site", &site.key, &site.point, &site.now]);
            for own in &site.courses {
                line(&mut text, &[&"course", &site.key, &own.name, &own.places, &own.cost]);
            }
        }
        if let Travel::Table { ways, .. } = self.travel() {
            for (area, site, metres) in ways {
                line(&mut text, &[&"way", area, site, metres]);
            }
        }
        for own in self.refused() {
            let point = own.point.map_or_else(|| NOWHERE.to_owned(), |point| point.to_string());
            line(&mut text, &[&"refused", &own.key, &point, &own.bar, &own.reason]);
        }
        for own in self.standards() {
            let each = match own.each {
                Each::Thousand => THOUSAND,
                Each::Area => AREA,
            };
            line(&mut text, &[&"standard", &own.name, &each, &own.least]);
            for (area, number) in &own.has {
                line(&mut text, &[&"has", &own.name, area, number]);
            }
        }
        text
    }

    /// A survey as it was published.
    ///
    /// # Errors
    /// [`Fault::NotALine`] with the number of the first line that is none, or everything that is
    /// wrong with the survey. One that is not written in its one order is refused at that line.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let mut lines = lines(text, HEAD, Fault::NotASurvey)?;
        let not = |number| vec![Fault::NotALine(number)];
        let mut given = begun(&mut lines).map_err(not)?;
        for (words, number) in lines {
            take(&mut given, &words).ok_or_else(|| not(number))?;
        }
        let survey = Self::freeze(given)?;
        same(&survey.text(), text)?;
        Ok(survey)
    }
}

/// What stands before the lists; the number of the line that does not say it.
fn begun<'t>(lines: &mut impl Iterator<Item = (Vec<&'t str>, usize)>) -> Result<Given, usize> {
    let mut own = |what: &str, expected: usize| {
        let (words, number) = lines.next().ok_or(expected)?;
        match words.split_first() {
            Some((first, rest)) if *first == what => Ok(rest.to_vec()),
            _ => Err(number),
        }
    };
    let mut one = |what: &str, at: usize| match *own(what, at)? {
        [word] => Ok(word.to_owned()),
        _ => Err(at),
    };
    let (name, day, taken_from) = (one("name", 2)?, one("on", 3)?, one("from", 4)?);
    let norm = number(&one("norm", 5)?).ok_or(5_usize)?;
    Ok(Given {
        name,
        on: Date::parse(&day).map_err(|_| 3_usize)?,
        taken_from,
        norm,
        travel: travel(&own("travel", 6)?).ok_or(6_usize)?,
        areas: Vec::new(),
        sites: Vec::new(),
        refused: Vec::new(),
        standards: Vec::new(),
    })
}

fn travel(words: &[&str]) -> Option<Travel> {
    match *words {
        ["straight", detour, speed, reach] => Some(Travel::Straight {
            detour: number(detour)?,
            speed: number(speed)?,
            reach: number(reach)?,
        }),
        ["table", source, speed, reach] => Some(Travel::Table {
            source: source.to_owned(),
            speed: number(speed)?,
            reach: number(reach)?,
            ways: Vec::new(),
        }),
        _ => None,
    }
}

/// What one line says; none where it says nothing that is known.
fn take(given: &mut Given, words: &[&str]) -> Option<()> {
    match *words {
        ["area", key, point, people, _] => given.areas.push(Area {
            key: key.to_owned(),
            point: Point::parse(point).ok()?,
            people: number(people)?,
        }),
        ["site", key, point, now] => given.sites.push(Site {
            key: key.to_owned(),
            point: Point::parse(point).ok()?,
            now: number(now)?,
            courses: Vec::new(),
        }),
        ["course", key, name, places, cost] => {
            let site = given.sites.last_mut().filter(|own| own.key == key)?;
            let name = Name::new(name).ok()?;
            site.courses.push(Course { name, places: number(places)?, cost: number(cost)? });
        }
        ["way", area, site, metres] => match &mut given.travel {
            Travel::Table { ways, .. } => {
                ways.push((area.to_owned(), site.to_owned(), number(metres)?));
            }
            Travel::Straight { .. } => return None,
        },
        ["refused", key, point, bar, reason] => given.refused.push(Refused {
            key: key.to_owned(),
            point: if point == NOWHERE { None } else { Some(Point::parse(point).ok()?) },
            bar: Name::new(bar).ok()?,
            reason: reason.to_owned(),
        }),
        ["standard", name, each, least] => given.standards.push(Standard {
            name: Name::new(name).ok()?,
            each: match each {
                THOUSAND => Each::Thousand,
                AREA => Each::Area,
                _ => return None,
            },
            least: number(least)?,
            has: Vec::new(),
        }),
        ["has", name, area, own] => {
            let standard = given.standards.last_mut().filter(|own| own.name.as_str() == name)?;
            standard.has.push((area.to_owned(), number(own)?));
        }
        _ => return None,
    }
    Some(())
}
