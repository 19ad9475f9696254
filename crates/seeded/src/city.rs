//! An invented city for a year: visits, stays, packs and deaths in which nothing is wrong.
//! Everything follows from numbers, so any day can be made again on its own.

use crate::event::{Consultation, Death, Line, Scan, Stay, at, mixed};

/// Days of the year that is made.
pub const DAYS: i32 = 365;
/// Hospitals; the first half is of one grade, the second of another.
pub(crate) const INSTITUTIONS: u64 = 60;
/// Drugs that are bought every day.
pub(crate) const DRUGS: u64 = 1_980;
/// Of these, the first so many must be scanned.
pub(crate) const SCANNED: u64 = 700;
/// A pack is received so many days before it is sold.
pub(crate) const RECEIVED_BEFORE: i32 = 5;
/// Spreads visits over persons; no number of persons that is used is a multiple of it.
const STRIDE: u64 = 1_000_003;
/// Institutions in whose May or September lines cost eight times as much: what rule 28 finds.
const DEAR: [(u64, i32, i32); 2] = [(3, 120, 151), (40, 243, 273)];

/// The events of a day.
#[derive(Debug, Default)]
pub(crate) struct Day {
    pub(crate) lines: Vec<Line>,
    pub(crate) stays: Vec<Stay>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) consultations: Vec<Consultation>,
    pub(crate) deaths: Vec<Death>,
}

/// How big the city is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct City {
    pub(crate) persons: u64,
    visits_day: u64,
    pub(crate) doctors: u64,
}

/// One visit.
#[derive(Debug, Clone, Copy)]
struct Visit {
    number: u64,
    /// Which of the doctor's day.
    turn: u64,
    day: i32,
    patient: u64,
    doctor: u64,
}

/// When a person is in hospital: from the first day until before the second.
#[derive(Debug, Clone, Copy)]
struct InHospital {
    from: i32,
    until: i32,
    which: u64,
}

impl City {
    pub(crate) fn of(rows: u64) -> Self {
        let visits_day = (rows * 122 / 1_000 / 365).max(1);
        let doctors = (visits_day / 20).max(INSTITUTIONS);
        Self { persons: (rows / 40).max(2_000) / 4 * 4, visits_day, doctors }
    }

    /// What happens on a day.
    pub(crate) fn day(&self, day: i32) -> Day {
        let mut made = Day::default();
        self.visits(day).for_each(|visit| visit.happens(&mut made));
        let ahead = if day == 0 {
            0..=RECEIVED_BEFORE
        } else {
            day + RECEIVED_BEFORE..=day + RECEIVED_BEFORE
        };
        for visit in ahead.flat_map(|later| self.visits(later)) {
            visit.received(day, &mut made.scans);
        }
        for patient in (0..self.persons).step_by(4) {
            stays(patient)
                .into_iter()
                .flatten()
                .for_each(|stay| stay.happens(patient, day, &mut made));
        }
        let dies = (7..self.persons).step_by(1_000).filter(|person| dies_on(*person) == Some(day));
        made.deaths.extend(dies.map(|person| Death { person, at: at(day, 43_200), tag: None }));
        made
    }

    fn visits(&self, day: i32) -> impl Iterator<Item = Visit> {
        let (persons, doctors) = (self.persons, self.doctors);
        let offset = u64::from(day.unsigned_abs()) * 7_919;
        (0..self.visits_day).filter_map(move |number| {
            let patient = (number * STRIDE + offset) % persons;
            let alive = dies_on(patient).is_none_or(|died| day < died);
            let out = stays(patient)
                .into_iter()
                .flatten()
                .all(|own| day < own.from - 1 || own.until + 1 < day);
            let (turn, doctor) = (number / doctors, number % doctors);
            (alive && out).then_some(Visit { number, turn, day, patient, doctor })
        })
    }
}

/// The day of somebody's death.
fn dies_on(person: u64) -> Option<i32> {
    (person % 1_000 == 7).then(|| whole(mixed(person) % 365))
}

/// The stays of a person: a quarter of all have one or two, far apart.
fn stays(patient: u64) -> [Option<InHospital>; 2] {
    if !patient.is_multiple_of(4) {
        return [None, None];
    }
    let lot = mixed(patient);
    let stay = |from: i32, days: u64, which| InHospital {
        from,
        until: from + 3 + whole(days % 12),
        which,
    };
    let second = lot.is_multiple_of(2).then(|| stay(180 + whole((lot >> 8) % 185), lot >> 20, 1));
    [Some(stay(whole((lot >> 32) % 150), lot >> 44, 0)), second]
}

fn whole(number: u64) -> i32 {
    i32::try_from(number).unwrap_or_default()
}

/// The name of a drug that is bought every day.
pub(crate) fn drug(number: u64) -> String {
    format!("D{number:04}")
}

/// The code of a pack of a drug.
pub(crate) fn code(drug: u64, serial: u64) -> String {
    format!("81{drug:05}{serial:013}")
}

fn dear(institution: u64, day: i32) -> Option<u64> {
    let found = DEAR
        .iter()
        .position(|(own, from, until)| *own == institution && (*from..*until).contains(&day));
    found.map(|place| place as u64)
}

/// What a line costs, and whether it is one of a dear month.
fn cost(institution: u64, day: i32, lot: u64) -> (i64, Option<(u8, u64)>) {
    let level = 80 + 40 * (institution % 30) / 29;
    let plain = i64::try_from((10_000 + mixed(lot) % 40_000) * level / 100).unwrap_or_default();
    match dear(institution, day) {
        Some(which) => (plain * 8, Some((28, which))),
        None => (plain, None),
    }
}

impl Visit {
    fn institution(&self) -> u64 {
        self.doctor % INSTITUTIONS
    }

    fn at(&self) -> i64 {
        let seconds = 28_800 + self.turn * 900 + mixed(self.number) % 200;
        at(self.day, i64::try_from(seconds).unwrap_or_default())
    }

    fn lot(&self, line: u64) -> u64 {
        u64::from(self.day.unsigned_abs()) * 100_000_000 + self.number * 10 + line
    }

    fn drugs(&self) -> [u64; 2] {
        let first = self.patient * 2 + u64::from(self.day.unsigned_abs()) * 2;
        [first % DRUGS, (first + 1) % DRUGS]
    }

    fn packs(&self, line: u64) -> u64 {
        1 + (self.patient + line + u64::from(self.day.unsigned_abs())) % 2
    }

    fn line(&self, number: u64) -> Line {
        let lot = self.lot(number);
        let (amount, tag) = cost(self.institution(), self.day, lot);
        Line {
            line: format!("L{lot:012}"),
            settlement: format!("T{:012}", self.lot(0)),
            at: self.at() + 1_000_000 * i64::try_from(number).unwrap_or_default(),
            care: "outpatient",
            institution: self.institution(),
            doctor: self.doctor,
            patient: self.patient,
            item: format!("S{:04}", (self.patient + u64::from(self.day.unsigned_abs())) % 1_000),
            kind: "service",
            quantity: 1,
            amount,
            contact: Some(self.patient / 2 + 1_000_000_000),
            tag,
            ..Line::default()
        }
    }

    fn happens(&self, made: &mut Day) {
        made.lines.push(self.line(0));
        for (place, number) in (1..).zip(self.drugs()) {
            let packs = self.packs(place);
            let own = Line {
                item: drug(number),
                kind: "drug",
                quantity: i64::try_from(packs).unwrap_or_default(),
                days_supplied: Some(7 + 7 * i64::try_from(self.patient % 3).unwrap_or_default()),
                ..self.line(place)
            };
            if number < SCANNED {
                made.scans.extend((0..packs).map(|pack| Scan {
                    item: Some(own.item.clone()),
                    line: Some(own.line.clone()),
                    ..self.scan((place, pack), number, "sold", own.at)
                }));
            }
            made.lines.push(own);
        }
        made.consultations.push(Consultation {
            consultation: format!("C{:012}", self.lot(0)),
            at: self.at(),
            minutes: 8,
            institution: self.institution(),
            doctor: self.doctor,
            patient: self.patient,
            tag: None,
        });
    }

    /// The packs that the visit will buy are received.
    fn received(&self, day: i32, scans: &mut Vec<Scan>) {
        for (place, number) in (1..).zip(self.drugs()).filter(|(_, number)| *number < SCANNED) {
            let seconds = i64::try_from(mixed(self.lot(place)) % 7_200).unwrap_or_default();
            scans.extend(
                (0..self.packs(place))
                    .map(|pack| self.scan((place, pack), number, "received", at(day, seconds))),
            );
        }
    }

    fn scan(&self, (line, pack): (u64, u64), number: u64, kind: &'static str, at: i64) -> Scan {
        let serial = self.lot(line) * 10 + pack;
        Scan {
            scan: format!("{}{serial:013}", if kind == "sold" { "X" } else { "R" }),
            at,
            code: code(number, serial),
            kind,
            institution: self.institution(),
            lot: format!("B{:03}", number % 500),
            expires_on: self.day + 400,
            ..Scan::default()
        }
    }
}

impl InHospital {
    fn happens(&self, patient: u64, day: i32, made: &mut Day) {
        if day < self.from || self.until <= day {
            return;
        }
        let lot = mixed(patient * 2 + self.which);
        let (institution, stay) = (lot % INSTITUTIONS, format!("H{patient:09}{}", self.which));
        if day == self.from {
            made.stays.push(Stay {
                stay: stay.clone(),
                at: at(day, 36_000),
                discharged_at: (self.until < DAYS).then(|| at(self.until, 36_000)),
                institution,
                patient,
                diagnosis: ["J45.9", "I10.x", "E11.9", "K35.8"]
                    .into_iter()
                    .nth(usize::try_from(lot >> 40 & 3).unwrap_or_default())
                    .unwrap_or("J45.9"),
                planned: false,
                orders: 20,
                tests: 5,
                severity: 5,
                tag: None,
            });
        }
        let items = [
            ("BED0".to_owned(), "service"),
            ("NUR0".to_owned(), "service"),
            (drug(patient * 2 % DRUGS), "drug"),
        ];
        for (place, (item, kind)) in (0..).zip(items) {
            let number =
                (patient * 2 + self.which) * 10_000 + u64::from(day.unsigned_abs()) * 10 + place;
            let (amount, tag) = cost(institution, day, number);
            made.lines.push(Line {
                line: format!("N{number:014}"),
                settlement: format!("N{stay}"),
                at: at(day, 50_000 + i64::try_from(place).unwrap_or_default()),
                care: "inpatient",
                institution,
                doctor: institution,
                patient,
                stay: Some(stay.clone()),
                item,
                kind,
                quantity: 1,
                amount,
                contact: Some(patient / 2 + 1_000_000_000),
                tag,
                ..Line::default()
            });
        }
    }
}
