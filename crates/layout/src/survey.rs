//! What a plan is made from, frozen: areas with their people, sites with their courses, how far
//! they are from each other, and the parcels that are no sites.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Name, Point};

use crate::{
    fault::{Fault, Item},
    text::{WORD_MAX, digest, is_word},
};

/// The most people of an area, and places of a site.
pub const COUNT_MAX: u64 = 10_000_000;
/// The most that a course costs or releases, in yuan.
pub const COST_MAX: i64 = 10_000_000_000_000;
/// The most areas, sites, and refused parcels each.
pub const LIST_MAX: usize = 20_000;
/// The most courses of a site, and phases of a draft.
pub const FEW_MAX: usize = 20;
/// The most pairs of an area and a site within reach of each other.
pub const WAYS_MAX: usize = 4_000_000;
/// The farthest reach, in metres.
pub const REACH_MAX: u64 = 1_000_000;

/// A survey as somebody gives it, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What the plan is called.
    pub name: String,
    /// The day of which it is.
    pub on: Date,
    /// What it was taken from, in words: registers, and the entry of the ledger up to which they
    /// were read.
    pub taken_from: String,
    /// Places for a thousand people: the norm, 1 to 1000.
    pub norm: u64,
    /// How far it is.
    pub travel: Travel,
    /// Parts of the city.
    pub areas: Vec<Area>,
    /// Where something stands or can.
    pub sites: Vec<Site>,
    /// Parcels that are no sites; nothing is reckoned from them.
    pub refused: Vec<Refused>,
    /// What areas should have today, and have; nothing is reckoned from it either.
    pub standards: Vec<Standard>,
}

/// How far areas are from sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Travel {
    /// As the crow flies, times a detour.
    Straight {
        /// The detour in permille, 1000 to 10,000.
        detour: u64,
        /// Metres a minute, for showing minutes.
        speed: u64,
        /// Pairs farther apart, in metres, are not looked at.
        reach: u64,
    },
    /// As a table has it.
    Table {
        /// Where the table came from, in words.
        source: String,
        /// Metres a minute, for showing minutes.
        speed: u64,
        /// Pairs farther apart, in metres, are not looked at.
        reach: u64,
        /// Area, site and metres.
        ways: Vec<(String, String, u64)>,
    },
}

/// A part of the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// What it is known by.
    pub key: String,
    /// Where its people are taken to be.
    pub point: Point,
    /// The old people counted there.
    pub people: u64,
}

/// Where something stands or can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// What it is known by.
    pub key: String,
    /// Where it is.
    pub point: Point,
    /// Places today; 0 where nothing stands.
    pub now: u64,
    /// How it can be used otherwise than it is.
    pub courses: Vec<Course>,
}

/// A way a site can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// What it is called, one for each of a site.
    pub name: Name,
    /// Places afterwards.
    pub places: u64,
    /// What it costs, in whole yuan; below zero where money is released.
    pub cost: i64,
}

/// A parcel that is no site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What it is known by.
    pub key: String,
    /// Where it is, if that is known.
    pub point: Option<Point>,
    /// What it does not meet.
    pub bar: Name,
    /// Why, in words.
    pub reason: String,
}

/// What every area should have today by a norm, and what each has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// What it is called.
    pub name: Name,
    /// For whom it is.
    pub each: Each,
    /// How many there should be at least.
    pub least: u64,
    /// Areas and how many they have; those that have none need not be there.
    pub has: Vec<(String, u64)>,
}

/// For whom there should be so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// For every thousand people of an area.
    Thousand,
    /// For every area.
    Area,
}

/// An area within reach of a site, both by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// The site, from 0 in the order of keys.
    pub site: usize,
    /// The area, from 0 in the order of keys.
    pub area: usize,
    /// How far it is.
    pub metres: u64,
}

/// A frozen survey. INVARIANT: all lists are in the order of their keys, each key stands once, and
/// no number is beyond what is reckoned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    given: Given,
    ways: Vec<Way>,
}

impl Travel {
    /// Metres a minute, for showing minutes.
    pub fn speed(&self) -> u64 {
        match self {
            Self::Straight { speed, .. } | Self::Table { speed, .. } => *speed,
        }
    }

    /// How far is looked, in metres.
    pub fn reach(&self) -> u64 {
        match self {
            Self::Straight { reach, .. } | Self::Table { reach, .. } => *reach,
        }
    }

    fn sound(&self) -> bool {
        let detour = match self {
            Self::Straight { detour, .. } => *detour,
            Self::Table { .. } => 1_000,
        };
        (1_000..=10_000).contains(&detour)
            && (1..=10_000).contains(&self.speed())
            && (1..=REACH_MAX).contains(&self.reach())
    }
}

impl Survey {
    /// Freezes a survey.
    ///
    /// # Errors
    /// Everything that is wrong with it, in order.
    pub fn freeze(mut given: Given) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        check_words(&given, &mut faults);
        check_numbers(&given, &mut faults);
        sort(&mut given);
        check_once(&given, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut survey = Self { given, ways: Vec::new() };
        survey.measure()?;
        Ok(survey)
    }

    /// Finds the ways within reach.
    fn measure(&mut self) -> Result<(), Vec<Fault>> {
        let too_many = || vec![Fault::TooMany(Item::Way, WAYS_MAX)];
        let ways = match &mut self.given.travel {
            Travel::Straight { detour, reach, .. } => {
                straight(&self.given.areas, &self.given.sites, *detour, *reach)
            }
            Travel::Table { reach, ways, .. } => {
                ways.retain(|(.., metres)| metres <= reach);
                let named = |all: &mut dyn Iterator<Item = String>| {
                    all.zip(0..).collect::<BTreeMap<String, usize>>()
                };
                let areas = named(&mut self.given.areas.iter().map(|own| own.key.clone()));
                let sites = named(&mut self.given.sites.iter().map(|own| own.key.clone()));
                table(ways, &areas, &sites)?
            }
        };
        self.ways = ways.ok_or_else(too_many)?;
        Ok(())
    }

    /// What the plan is called.
    pub fn name(&self) -> &str {
        &self.given.name
    }

    /// The day of which it is.
    pub fn on(&self) -> Date {
        self.given.on
    }

    /// What it was taken from, in words.
    pub fn taken_from(&self) -> &str {
        &self.given.taken_from
    }

    /// Places for a thousand people.
    pub fn norm(&self) -> u64 {
        self.given.norm
    }

    /// How far it is; a table holds no pair beyond reach.
    pub fn travel(&self) -> &Travel {
        &self.given.travel
    }

    /// Parts of the city, in the order of their keys.
    pub fn areas(&self) -> &[Area] {
        &self.given.areas
    }

    /// Where something stands or can, in the order of keys.
    pub fn sites(&self) -> &[Site] {
        &self.given.sites
    }

    /// Parcels that are no sites, in the order of their keys.
    pub fn refused(&self) -> &[Refused] {
        &self.given.refused
    }

    /// What areas should have today and have, in the order of names.
    pub fn standards(&self) -> &[Standard] {
        &self.given.standards
    }

    /// Places that an area should have: its people times the norm, rounded up.
    pub fn need(&self, area: &Area) -> u64 {
        area.people.saturating_mul(self.given.norm).div_ceil(1_000)
    }

    /// All that are within reach of each other, by site and then by area.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The number of an area, from 0 in the order of keys.
    pub fn area(&self, key: &str) -> Option<usize> {
        self.given.areas.binary_search_by(|own| own.key.as_str().cmp(key)).ok()
    }

    /// The number of a site, from 0 in the order of keys.
    pub fn site(&self, key: &str) -> Option<usize> {
        self.given.sites.binary_search_by(|own| own.key.as_str().cmp(key)).ok()
    }

    /// The SHA-256 of the survey as it is written, in hexadecimal: whoever changes a letter changes
    /// it.
    pub fn digest(&self) -> String {
        digest(&self.text())
    }
}

impl Site {
    /// The number of a course, from 0 in the order of names.
    pub fn course(&self, name: &Name) -> Option<usize> {
        self.courses.iter().position(|own| own.name == *name)
    }
}

fn check_words(given: &Given, faults: &mut Vec<Fault>) {
    let areas = given.areas.iter().map(|own| &own.key);
    let sites = given.sites.iter().map(|own| &own.key);
    let refused = given.refused.iter().flat_map(|own| [&own.key, &own.reason]);
    let source = match &given.travel {
        Travel::Straight { .. } => None,
        Travel::Table { source, .. } => Some(source),
    };
    let own = [&given.name, &given.taken_from].into_iter().chain(source);
    for word in own.chain(areas).chain(sites).chain(refused) {
        if !is_word(word) {
            faults.push(Fault::NotAWord(word.chars().take(WORD_MAX).collect()));
        }
    }
}

fn check_numbers(given: &Given, faults: &mut Vec<Fault>) {
    if given.areas.is_empty() {
        faults.push(Fault::NoAreas);
    }
    if !(1..=1_000).contains(&given.norm) {
        faults.push(Fault::NotANorm(given.norm));
    }
    if !given.travel.sound() {
        faults.push(Fault::NotTravel);
    }
    let lists = [
        (Item::Area, given.areas.len()),
        (Item::Site, given.sites.len()),
        (Item::Refused, given.refused.len()),
    ];
    let long = lists.into_iter().filter(|(_, count)| *count > LIST_MAX);
    faults.extend(long.map(|(item, _)| Fault::TooMany(item, LIST_MAX)));
    if given.sites.iter().any(|own| own.courses.len() > FEW_MAX) {
        faults.push(Fault::TooMany(Item::Course, FEW_MAX));
    }
    if given.standards.len() > FEW_MAX {
        faults.push(Fault::TooMany(Item::Standard, FEW_MAX));
    }
    let areas = given.areas.iter().map(|own| (&own.key, own.people));
    let sites = given.sites.iter().flat_map(|own| {
        let places = own.courses.iter().map(|course| course.places);
        places.chain([own.now]).map(move |places| (&own.key, places))
    });
    let names: Vec<String> = given.standards.iter().map(|own| own.name.to_string()).collect();
    let standards = given.standards.iter().zip(&names).flat_map(|(own, name)| {
        let has = own.has.iter().map(|(area, number)| (area, *number));
        has.chain([(name, own.least)])
    });
    let most = i64::try_from(COUNT_MAX).unwrap_or(i64::MAX);
    let counts = areas.chain(sites).chain(standards);
    for (key, number) in counts.filter(|(_, number)| *number > COUNT_MAX) {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        faults.push(Fault::TooLarge { at: key.clone(), number, most });
    }
    for site in &given.sites {
        let dear =
            site.courses.iter().filter(|own| own.cost.unsigned_abs() > COST_MAX.unsigned_abs());
        faults.extend(dear.map(|own| Fault::TooLarge {
            at: format!("{} {}", site.key, own.name),
            number: own.cost,
            most: COST_MAX,
        }));
    }
}

fn sort(given: &mut Given) {
    given.areas.sort_by(|one, other| one.key.cmp(&other.key));
    given.sites.sort_by(|one, other| one.key.cmp(&other.key));
    for site in &mut given.sites {
        site.courses.sort_by(|one, other| one.name.cmp(&other.name));
    }
    given.refused.sort_by(|one, other| (&one.key, &one.bar).cmp(&(&other.key, &other.bar)));
    given.standards.sort_by(|one, other| one.name.cmp(&other.name));
    for standard in &mut given.standards {
        standard.has.retain(|(_, number)| *number > 0);
        standard.has.sort();
    }
    if let Travel::Table { ways, .. } = &mut given.travel {
        ways.sort();
    }
}

/// Nothing stands twice in the sorted lists.
fn check_once(given: &Given, faults: &mut Vec<Fault>) {
    let areas = twice(given.areas.iter().map(|own| own.key.clone()));
    faults.extend(areas.into_iter().map(|key| Fault::Twice(Item::Area, key)));
    let sites = twice(given.sites.iter().map(|own| own.key.clone()));
    faults.extend(sites.into_iter().map(|key| Fault::Twice(Item::Site, key)));
    for site in &given.sites {
        let courses = twice(site.courses.iter().map(|own| format!("{} {}", site.key, own.name)));
        faults.extend(courses.into_iter().map(|key| Fault::Twice(Item::Course, key)));
    }
    let refused = twice(given.refused.iter().map(|own| format!("{} {}", own.key, own.bar)));
    faults.extend(refused.into_iter().map(|key| Fault::Twice(Item::Refused, key)));
    let standards = twice(given.standards.iter().map(|own| own.name.to_string()));
    faults.extend(standards.into_iter().map(|key| Fault::Twice(Item::Standard, key)));
    let areas: BTreeSet<&String> = given.areas.iter().map(|own| &own.key).collect();
    for standard in &given.standards {
        let counted = twice(standard.has.iter().map(|(area, _)| area.clone()));
        faults.extend(counted.into_iter().map(|key| Fault::Twice(Item::Area, key)));
        let unknown = standard.has.iter().filter(|(area, _)| !areas.contains(area));
        faults.extend(unknown.map(|(area, _)| Fault::Unknown(Item::Area, area.clone())));
    }
    let sites: BTreeSet<&String> = given.sites.iter().map(|own| &own.key).collect();
    let both = given.refused.iter().filter(|own| sites.contains(&own.key));
    faults.extend(both.map(|own| Fault::RefusedSite(own.key.clone())));
}

/// What stands twice in a sorted list.
fn twice(mut keys: impl Iterator<Item = String>) -> Vec<String> {
    let mut twice = Vec::new();
    let Some(mut last) = keys.next() else { return twice };
    for key in keys {
        if key == last {
            twice.push(key);
        } else {
            last = key;
        }
    }
    twice
}

/// Metres of a degree along a meridian, as [`Point`] counts them.
const DEGREE: u64 = 111_195;

/// How many metres it is to go as the crow flies, with a detour in permille.
pub fn straight_way(from: Point, to: Point, detour: u64) -> u64 {
    from.metres_to(to).saturating_mul(detour) / 1_000
}

/// All pairs within reach as the crow flies, or none where there are too many. Only areas in the
/// same band of latitude are looked at.
fn straight(areas: &[Area], sites: &[Site], detour: u64, reach: u64) -> Option<Vec<Way>> {
    let mut south: Vec<(i64, usize, Point)> =
        areas.iter().zip(0..).map(|(own, at)| (own.point.latitude(), at, own.point)).collect();
    south.sort_unstable();
    // Two metres more than the farthest, for what is rounded.
    let band = ((reach + 1) * 1_000 / detour + 2) * 1_000_000 / DEGREE + 1;
    let band = i64::try_from(band).unwrap_or(i64::MAX);
    let mut ways = Vec::new();
    for (site, own) in sites.iter().enumerate() {
        let latitude = own.point.latitude();
        let from = south.partition_point(|(other, ..)| *other < latitude - band);
        let near = south.iter().skip(from).take_while(|(other, ..)| *other <= latitude + band);
        let first = ways.len();
        for (_, area, point) in near {
            let metres = straight_way(*point, own.point, detour);
            if metres <= reach {
                ways.push(Way { site, area: *area, metres });
            }
        }
        if ways.len() > WAYS_MAX {
            return None;
        }
        if let Some(own) = ways.get_mut(first..) {
            own.sort_unstable();
        }
    }
    Some(ways)
}

/// All pairs of a table, or none where there are too many.
fn table(
    rows: &[(String, String, u64)],
    areas: &BTreeMap<String, usize>,
    sites: &BTreeMap<String, usize>,
) -> Result<Option<Vec<Way>>, Vec<Fault>> {
    if rows.len() > WAYS_MAX {
        return Ok(None);
    }
    let mut unknown = BTreeSet::new();
    let mut ways = Vec::new();
    for (area, site, metres) in rows {
        match (areas.get(area), sites.get(site)) {
            (Some(area), Some(site)) => {
                ways.push(Way { site: *site, area: *area, metres: *metres });
            }
            (None, _) => drop(unknown.insert((false, area))),
            (_, None) => drop(unknown.insert((true, site))),
        }
    }
    let item = |site| if site { Item::Site } else { Item::Area };
    let mut faults: Vec<Fault> =
        unknown.into_iter().map(|(site, key)| Fault::Unknown(item(site), key.clone())).collect();
    ways.sort_unstable();
    let pairs = ways.iter().zip(ways.iter().skip(1));
    let same = pairs.filter(|(one, two)| (one.site, one.area) == (two.site, two.area));
    let named = |way: &Way| {
        let area = areas.iter().find(|(_, own)| **own == way.area).map(|(key, _)| key.as_str());
        let site = sites.iter().find(|(_, own)| **own == way.site).map(|(key, _)| key.as_str());
        format!("{} {}", area.unwrap_or_default(), site.unwrap_or_default())
    };
    let twice = same.map(|(one, _)| named(one));
    faults.extend(twice.map(|key| Fault::Twice(Item::Way, key)));
    if faults.is_empty() { Ok(Some(ways)) } else { Err(faults) }
}
