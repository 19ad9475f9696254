//! Which ways may be walked or driven, and how fast: the tables of classes with their sources.
//!
//! *Walking.* Classes as in `foot.lua` of Project OSRM (BSD-2-Clause), a profile of many years:
//! neither motorways nor trunk roads nor cycleways, unless a way says that people walk there. What
//! is closed by `access` or `foot` is left out (OpenStreetMap wiki, *Key:access*). One-way streets
//! count for vehicles only; `oneway:foot` is obeyed. Of barriers only walls and fences stop
//! anybody.
//!
//! *Driving.* Classes and speeds as in `car.lua` of Project OSRM; `maxspeed` goes before the class
//! where it is a number. Closed is what `motorcar`, `motor_vehicle`, `vehicle` or `access`, the
//! most particular first, closes; one way is what says so, a roundabout, and a motorway (wiki,
//! *Key:oneway*). Traffic, lights and the time to park are not counted, so times are those of empty
//! streets.
//!
//! Left out: ferries and trains, hours and conditions (`:conditional`), heights and weights, and
//! *destination* and *customers*, which count as open.

use crate::fault::Fault;

/// How somebody travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// On foot.
    Walk,
    /// By car, on foot to and from it.
    Car,
}

/// What is assumed besides the tables; it is part of the digest of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumed {
    /// How many metres are walked in a minute, 1 to 1,000. In both modes the way between a place
    /// and its street is walked.
    pub walk_metres_a_minute: u32,
    /// How many metres a place may lie from its street, 1 to 5,000.
    pub street_metres_max: u32,
    /// How many points a part of the network must have for places to lie on it, 1 to 1,000,000: a
    /// footpath within a courtyard that nothing leads to is no street to begin at.
    pub part_points_min: u32,
}

impl Default for Assumed {
    /// 75 metres a minute, 4.5 km/h; within 500 metres of a street; any part will do.
    fn default() -> Self {
        Self { walk_metres_a_minute: 75, street_metres_max: 500, part_points_min: 1 }
    }
}

impl Assumed {
    /// Whether all are within what they may be.
    ///
    /// # Errors
    /// [`Fault::NotAssumable`] with the figure that is not.
    pub fn sound(&self) -> Result<(), Fault> {
        let within = |value: u32, most: u32| match value {
            value if (1..=most).contains(&value) => Ok(()),
            value => Err(Fault::NotAssumable { value, most }),
        };
        within(self.walk_metres_a_minute, 1_000)?;
        within(self.street_metres_max, 5_000)?;
        within(self.part_points_min, 1_000_000)
    }

    pub(crate) fn walk_pace(&self) -> Pace {
        Pace(self.walk_metres_a_minute * 60)
    }
}

/// Metres an hour, never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace(u32);

impl Pace {
    /// Milliseconds that so many millimetres take, to the nearest.
    pub(crate) fn milliseconds(self, millimetres: u64) -> u64 {
        let hour = u64::from(self.0.max(1));
        (millimetres.saturating_mul(3_600) + hour / 2) / hour
    }
}

/// How a way may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    /// The pace as the way is drawn, where it may be used so.
    pub(crate) ahead: Option<Pace>,
    /// The pace against it.
    pub(crate) back: Option<Pace>,
    /// Whether a place can lie on it: nobody stops on a motorway.
    pub(crate) stops: bool,
}

/// What something says of itself, as keys and values.
pub(crate) type Tags<'a> = [(&'a str, &'a str)];

/// Where people walk (`foot.lua`).
const WALKED: [&str; 18] = [
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "road",
    "living_street",
    "service",
    "track",
    "path",
    "steps",
    "pedestrian",
    "footway",
    "pier",
    "platform",
];
/// Where people walk only if the way says so.
const WALKED_IF_SAID: [&str; 8] = [
    "trunk",
    "trunk_link",
    "cycleway",
    "bridleway",
    "corridor",
    "busway",
    "motorway",
    "motorway_link",
];
/// Kilometres an hour by class (`car.lua`).
const DRIVEN: [(&str, u32); 14] = [
    ("motorway", 90),
    ("motorway_link", 45),
    ("trunk", 85),
    ("trunk_link", 40),
    ("primary", 65),
    ("primary_link", 30),
    ("secondary", 55),
    ("secondary_link", 25),
    ("tertiary", 40),
    ("tertiary_link", 20),
    ("unclassified", 25),
    ("residential", 25),
    ("living_street", 10),
    ("service", 15),
];
/// What closes a way (`foot.lua`, `car.lua`; wiki, *Key:access*).
const CLOSED: [&str; 8] =
    ["no", "private", "agricultural", "forestry", "emergency", "psv", "bus", "military"];
/// What closes a way to people on foot who have another beside it.
const BESIDE: &str = "use_sidepath";
/// What opens a way.
const OPEN: [&str; 5] = ["yes", "designated", "permissive", "official", "destination"];
/// Barriers that let cars through (`car.lua`).
const DRIVEN_THROUGH: [&str; 9] = [
    "cattle_grid",
    "border_control",
    "toll_booth",
    "sally_port",
    "gate",
    "lift_gate",
    "no",
    "entrance",
    "height_restrictor",
];
/// Barriers that stop people on foot (wiki, *Key:barrier*: those that run along something).
const NOT_WALKED_THROUGH: [&str; 6] =
    ["wall", "fence", "hedge", "city_wall", "retaining_wall", "ditch"];
/// Kilometres an hour that a sign can say.
const SIGNED: std::ops::RangeInclusive<u32> = 1..=200;

impl Mode {
    /// The word under which it is known.
    pub fn word(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Car => "car",
        }
    }

    /// The mode of a word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Walk, Self::Car].into_iter().find(|own| own.word() == word)
    }

    /// How a way may be used; none where it may not.
    pub(crate) fn way(self, tags: &Tags<'_>, assumed: &Assumed) -> Option<Use> {
        let class = said(tags, "highway").or_else(|| {
            said(tags, "public_transport")
                .or(said(tags, "railway"))
                .filter(|own| *own == "platform")
        })?;
        match self {
            Self::Walk => walked(class, tags, assumed.walk_pace()),
            Self::Car => driven(class, tags),
        }
    }

    /// Whether nobody gets past a point.
    pub(crate) fn stopped(self, tags: &Tags<'_>) -> bool {
        let barrier = said(tags, "barrier");
        match (self.access(tags), barrier) {
            (Some(access), _) => self.closed(access),
            (None, None) => false,
            (None, Some(own)) if self == Self::Walk => NOT_WALKED_THROUGH.contains(&own),
            (None, Some("bollard")) => said(tags, "bollard") != Some("rising"),
            (None, Some(own)) => !DRIVEN_THROUGH.contains(&own),
        }
    }

    /// Whether a rule of turning that excepts these does not hold.
    pub(crate) fn excepted(self, except: &str) -> bool {
        let ours = ["motorcar", "motor_vehicle", "vehicle"];
        self == Self::Walk || except.split(';').any(|own| ours.contains(&own.trim()))
    }

    /// What is said of access, the most particular first.
    fn access<'a>(self, tags: &Tags<'a>) -> Option<&'a str> {
        let keys: &[&str] = match self {
            Self::Walk => &["foot", "access"],
            Self::Car => &["motorcar", "motor_vehicle", "vehicle", "access"],
        };
        keys.iter().find_map(|key| said(tags, key))
    }

    fn closed(self, access: &str) -> bool {
        CLOSED.contains(&access) || self == Self::Walk && access == BESIDE
    }
}

fn said<'a>(tags: &Tags<'a>, key: &str) -> Option<&'a str> {
    tags.iter().find(|(own, _)| *own == key).map(|(_, value)| *value)
}

fn walked(class: &str, tags: &Tags<'_>, pace: Pace) -> Option<Use> {
    let access = Mode::Walk.access(tags);
    let beside =
        said(tags, "sidewalk").is_some_and(|own| ["both", "left", "right", "yes"].contains(&own));
    let foot = said(tags, "foot");
    let open = foot.is_some_and(|own| OPEN.contains(&own)) || beside;
    let used = WALKED.contains(&class) || WALKED_IF_SAID.contains(&class) && open;
    let shut = access.is_some_and(|own| Mode::Walk.closed(own));
    let fast = said(tags, "motorroad") == Some("yes") && !open;
    if !used || shut || fast {
        return None;
    }
    let (ahead, back) = match said(tags, "oneway:foot") {
        Some("yes" | "1" | "true") => (Some(pace), None),
        Some("-1" | "reverse") => (None, Some(pace)),
        _ => (Some(pace), Some(pace)),
    };
    Some(Use { ahead, back, stops: true })
}

fn driven(class: &str, tags: &Tags<'_>) -> Option<Use> {
    let (_, by_class) = DRIVEN.iter().find(|(own, _)| *own == class)?;
    let shut = Mode::Car.access(tags).is_some_and(|own| Mode::Car.closed(own));
    let area = said(tags, "area") == Some("yes");
    let urgent = said(tags, "service") == Some("emergency_access");
    let oneway = said(tags, "oneway").unwrap_or_default();
    if shut || area || urgent || oneway == "reversible" {
        return None;
    }
    let both = said(tags, "maxspeed").and_then(signed).unwrap_or(*by_class);
    let speed = |key: &str| Pace(1_000 * said(tags, key).and_then(signed).unwrap_or(both));
    let round = said(tags, "junction").is_some_and(|own| ["roundabout", "circular"].contains(&own));
    let (ahead, back) = match oneway {
        "yes" | "1" | "true" => (true, false),
        "-1" | "reverse" => (false, true),
        "no" | "0" | "false" => (true, true),
        _ => (true, !round && class != "motorway"),
    };
    Some(Use {
        ahead: ahead.then(|| speed("maxspeed:forward")),
        back: back.then(|| speed("maxspeed:backward")),
        stops: !class.starts_with("motorway"),
    })
}

/// The kilometres an hour of a sign, also where it counts miles; none where it says no number.
fn signed(text: &str) -> Option<u32> {
    let text = text.trim();
    let (number, miles) = match text.strip_suffix("mph") {
        Some(number) => (number.trim(), true),
        None => (text.strip_suffix("km/h").unwrap_or(text).trim(), false),
    };
    let number = number.parse::<u32>().ok().filter(|own| SIGNED.contains(own))?;
    Some(if miles { (number * 1_609 + 500) / 1_000 } else { number })
        .filter(|own| SIGNED.contains(own))
}
