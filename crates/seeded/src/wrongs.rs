//! What is wrong in the invented city, put in on purpose and listed, and beside it what looks
//! nearly the same and is right. Persons, doctors and drugs of these events have no others.

use std::collections::BTreeMap;

use crate::{
    city::{DAYS, Day, INSTITUTIONS, SCANNED, code, drug},
    event::{Consultation, Death, FIRST_DAY, Line, Scan, Stay, Tag, at, mixed},
};

/// Persons above all others.
pub(crate) const FIRST_PERSON: u64 = 1 << 40;
/// Most of what is wrong happens between these days.
pub(crate) const FROM: i32 = 100;
pub(crate) const UNTIL: i32 = 360;
const HOUR: i64 = 3_600;

/// Events that are put in, by day.
#[derive(Debug)]
pub(crate) struct Wrongs {
    pub(crate) days: BTreeMap<i32, Day>,
    next: u64,
    /// The first day on which most of what is wrong happens.
    from: i32,
}

/// Somebody at whom something is wrong.
#[derive(Debug, Clone, Copy)]
struct Who {
    person: u64,
    institution: u64,
    /// The last day of what happens.
    day: i32,
}

impl Wrongs {
    /// So many violations of each rule, a tenth of them on the last day.
    pub(crate) fn of(each: u64) -> Self {
        let mut own = Self { days: BTreeMap::new(), next: 0, from: FROM };
        for which in 0..each {
            own.drugs(which);
            own.items(which);
            own.in_hospital(which);
            own.packs(which);
            own.doctors(which);
        }
        own
    }

    /// Those of persons: of their drugs, their stays and their physicians, from a day on.
    pub(crate) fn of_persons(each: u64, from: i32) -> Self {
        let mut own = Self { days: BTreeMap::new(), next: 0, from };
        for which in 0..each {
            own.drugs(which);
            own.in_hospital(which);
            own.doctors(which);
        }
        own
    }

    fn who(&mut self, which: u64) -> Who {
        self.next += 1;
        let lot = mixed(self.next ^ 0xC0FFEE);
        let days = u64::from((UNTIL - self.from).unsigned_abs()).max(1);
        let day = if which.is_multiple_of(10) { DAYS - 1 } else { self.from + small(lot % days) };
        Who { person: FIRST_PERSON + self.next, institution: (lot >> 20) % INSTITUTIONS, day }
    }

    fn on(&mut self, day: i32) -> &mut Day {
        self.days.entry(day).or_default()
    }

    fn serial(&mut self) -> u64 {
        self.next += 1;
        9_000_000_000_000 + self.next
    }

    /// A line at so many days before the last one.
    fn line(&mut self, who: Who, before: i32, item: &str, tag: Tag) -> &mut Line {
        let (serial, day) = (self.serial(), who.day - before);
        let line = Line {
            line: format!("W{serial}"),
            settlement: format!("W{serial}"),
            at: at(day, 12 * HOUR),
            care: "outpatient",
            institution: who.institution,
            doctor: 900_000,
            patient: who.person,
            item: item.to_owned(),
            kind: if item.starts_with('D') { "drug" } else { "service" },
            quantity: 1,
            amount: 1_000,
            tag,
            ..Line::default()
        };
        self.on(day).lines.push_mut(line)
    }

    /// A stay that began so many days before the last one and lasts so many.
    fn stay(&mut self, who: Who, (before, days): (i32, i32), tag: Tag) -> &mut Stay {
        let (serial, day) = (self.serial(), who.day - before);
        let stay = Stay {
            stay: format!("W{serial}"),
            at: at(day, 10 * HOUR),
            discharged_at: Some(at(day + days, 10 * HOUR)),
            institution: who.institution,
            patient: who.person,
            diagnosis: "J45.9",
            planned: false,
            orders: 9,
            tests: 4,
            severity: 5,
            tag,
        };
        self.on(day).stays.push_mut(stay)
    }

    fn seen(&mut self, who: Who, doctor: u64, (before, seconds): (i32, i64), tag: Tag) {
        let (serial, day) = (self.serial(), who.day - before);
        self.on(day).consultations.push(Consultation {
            consultation: format!("W{serial}"),
            at: at(day, seconds),
            minutes: 8,
            institution: who.institution,
            doctor,
            patient: who.person,
            tag,
        });
    }

    fn scan(
        &mut self,
        who: Who,
        code: &str,
        (before, kind): (i32, &'static str),
        tag: Tag,
    ) -> &mut Scan {
        let (serial, day) = (self.serial(), who.day - before);
        let scan = Scan {
            scan: format!("W{serial}"),
            at: at(day, 12 * HOUR),
            code: code.to_owned(),
            kind,
            institution: who.institution,
            lot: "B000".to_owned(),
            expires_on: DAYS,
            tag,
            ..Scan::default()
        };
        self.on(day).scans.push_mut(scan)
    }

    /// Rules 8, 18, 19 and 20.
    fn drugs(&mut self, which: u64) {
        let (second, first) = (format!("D90{:02}", which % 5), format!("D91{:02}", which % 5));
        let who = self.who(which);
        self.line(who, 0, &second, Some((8, which)));
        let right = self.who(which);
        self.line(right, 30, &first, None);
        self.line(right, 0, &second, None);
        // The month of the last day, from its first days on.
        let who =
            Who { day: if which.is_multiple_of(10) { DAYS - 1 } else { 210 }, ..self.who(which) };
        if which.is_multiple_of(2) {
            for before in [0, 5, 10, 15, 20] {
                self.line(who, before, "D9301", Some((18, which))).days_supplied = Some(1);
            }
        } else {
            let line = self.line(who, 0, "D9301", Some((18, which)));
            (line.quantity, line.days_supplied) = (20, Some(7));
        }
        let right = Who { day: who.day, ..self.who(which) };
        for before in [0, 5, 10, 15] {
            self.line(right, before, "D9301", None).days_supplied = Some(1);
        }
        let who = self.who(which);
        self.line(who, 10, "D9302", None).days_supplied = Some(30);
        self.line(who, 0, "D9302", Some((19, which))).days_supplied = Some(30);
        let right = self.who(which);
        self.line(right, 28, "D9302", None).days_supplied = Some(30);
        self.line(right, 0, "D9302", None).days_supplied = Some(30);
        let (who, right) = (self.who(which), self.who(which));
        for (who, before, tag) in [(who, 5, Some((20, which))), (right, 0, None)] {
            let died_at = at(who.day - before, 6 * HOUR);
            self.on(who.day - before).deaths.push(Death {
                person: who.person,
                at: died_at,
                tag: None,
            });
            self.line(who, 0, "S0500", tag);
        }
    }

    /// Rules 9, 11, 12 and 27.
    fn items(&mut self, which: u64) {
        let who = self.who(which);
        if which.is_multiple_of(2) {
            self.line(who, 0, "S9001", Some((9, which))).quantity = 11;
        } else {
            let monday = (FIRST_DAY + who.day + 3) % 7;
            let who = Who { day: who.day - monday + 2, ..who };
            for before in [0, 1, 2] {
                self.line(who, before, "S9001", Some((9, which))).quantity = 8;
            }
        }
        let right = self.who(which);
        self.line(right, 0, "S9001", None).quantity = 10;
        self.line(right, 7, "S9001", None).quantity = 10;
        let who = self.who(which);
        self.line(who, 0, "S9101", None);
        self.line(who, 0, "S9102", Some((11, which)));
        let right = self.who(which);
        self.line(right, 1, "S9101", None);
        self.line(right, 0, "S9102", None);
        let (who, right) = (self.who(which), self.who(which));
        for item in ["S9201", "S9202", "S9203"] {
            self.line(who, 0, item, Some((12, which)));
            if item != "S9203" {
                self.line(right, 0, item, None);
            }
        }
        let contact = FIRST_PERSON * 2 + which;
        for persons in 0..4 {
            let (who, cheap) = (self.who(which), self.who(which));
            let line = self.line(who, persons, "S0501", Some((27, which)));
            (line.amount, line.contact) = (600_000, Some(contact));
            self.line(cheap, persons, "S0501", None).contact = Some(contact + (1 << 30));
        }
    }

    /// Rules 10 and 13 to 17.
    fn in_hospital(&mut self, which: u64) {
        let who = self.who(which);
        let stay = self.stay(who, (5, 5), Some((10, which))).stay.clone();
        for before in 1..=5 {
            let line = self.line(who, before, "BED0", None);
            (line.care, line.stay) = ("inpatient", Some(stay.clone()));
            line.quantity = if before == 1 { 3 } else { 1 };
        }
        let who = self.who(which);
        self.stay(who, (8, 8), Some((13, which))).diagnosis = "K35.8";
        let other = Who { institution: (who.institution + 1) % INSTITUTIONS, ..who };
        self.stay(other, (3, 9), Some((13, which))).diagnosis = "I10.x";
        let right = self.who(which);
        self.stay(right, (8, 8), None);
        let other = Who { institution: (right.institution + 1) % INSTITUTIONS, ..right };
        self.stay(other, (0, 4), None).at = at(right.day, 2 * HOUR);
        let who = self.who(which);
        self.stay(who, (4, 9), None);
        self.line(who, 0, "S0502", Some((14, which)));
        self.line(who, 4, "S0502", None);
        let (who, planned, other, late) =
            (self.who(which), self.who(which), self.who(which), self.who(which));
        for (who, gap, diagnosis, course) in [
            (who, 8, "J45.0", false),
            (planned, 8, "J45.0", true),
            (other, 8, "K35.8", false),
            (late, 20, "J45.0", false),
        ] {
            let tag = (gap == 8 && !course && diagnosis == "J45.0").then_some((15, which));
            self.stay(who, (gap + 4, 4), tag);
            let again = self.stay(who, (0, 4), tag);
            (again.diagnosis, again.planned) = (diagnosis, course);
        }
        let (who, right) = (self.who(which), self.who(which));
        if which.is_multiple_of(2) {
            let stay = self.stay(who, (0, 5), Some((16, which)));
            (stay.orders, stay.tests) = (0, 0);
        } else {
            self.stay(who, (5, 9), Some((16, which)));
            self.elsewhere(who, 3);
        }
        self.stay(right, (5, 9), None);
        self.elsewhere(right, 2);
        let (who, right) = (self.who(which), self.who(which));
        let stay = self.stay(who, (0, 3), Some((17, which)));
        (stay.severity, stay.tests) = (1, 0);
        let stay = self.stay(right, (0, 3), None);
        (stay.severity, stay.tests) = (1, 4);
    }

    /// Seen in another hospital on so many days.
    fn elsewhere(&mut self, who: Who, days: i32) {
        let other = Who { institution: (who.institution + 7) % INSTITUTIONS, ..who };
        let doctor = 800_000 + self.next;
        (0..days).for_each(|before| self.seen(other, doctor, (before, 10 * HOUR), None));
    }

    /// Rules 21 to 24.
    fn packs(&mut self, which: u64) {
        let of = which % SCANNED;
        let pack = |own: &mut Self| code(of, own.serial());
        let who = self.who(which);
        let twice = pack(self);
        self.scan(who, &twice, (30, "received"), None);
        self.scan(who, &twice, (9, "sold"), Some((21, which)));
        self.scan(who, &twice, (0, "sold"), Some((21, which)));
        let (back, pieces) = (pack(self), pack(self));
        for (code, kind, split) in [(&back, "returned", false), (&pieces, "sold", true)] {
            self.scan(who, code, (30, "received"), None);
            self.scan(who, code, (9, "sold"), None).split = split;
            self.scan(who, code, (5, kind), None).split = split;
            self.scan(who, code, (0, "sold"), None).split = split;
        }
        let who = self.who(which);
        let other = pack(self);
        self.scan(who, &other, (30, "received"), None);
        self.scan(who, &other, (0, "sold"), Some((22, which))).item = Some(drug(of + 1));
        let who = self.who(which);
        let late = pack(self);
        match which % 4 {
            0 => {}
            1 => {
                self.scan(
                    Who { day: who.day.min(DAYS - 5) + 3, ..who },
                    &late,
                    (0, "received"),
                    None,
                );
            }
            _ => {
                self.scan(who, &late, (30, "received"), None);
            }
        }
        let who = if which % 4 == 1 { Who { day: who.day.min(DAYS - 5), ..who } } else { who };
        let sold = self.scan(who, &late, (0, "sold"), Some((23, which)));
        match which % 4 {
            2 => sold.expires_on = who.day - 1,
            3 => sold.lot = "RECALLED".to_owned(),
            _ => {}
        }
        let who = self.who(which);
        let line = self.line(who, 0, &drug(of), Some((24, which)));
        (line.quantity, line.days_supplied) = (3, Some(30));
        let line = line.line.clone();
        for _ in 0..2 {
            let pack = pack(self);
            self.scan(who, &pack, (30, "received"), None);
            let sold = self.scan(who, &pack, (0, "sold"), None);
            (sold.item, sold.line) = (Some(drug(of)), Some(line.clone()));
        }
    }

    /// Rule 26.
    fn doctors(&mut self, which: u64) {
        let (doctor, busy) = (700_000 + which, 750_000 + which);
        let who = self.who(which);
        if which.is_multiple_of(2) {
            let other = Who { institution: (who.institution + 1) % INSTITUTIONS, ..who };
            self.seen(who, doctor, (0, 9 * HOUR), Some((26, which)));
            self.seen(other, doctor, (0, 9 * HOUR + 120), Some((26, which)));
            self.seen(other, doctor, (0, 14 * HOUR), None);
        } else {
            (0..151).for_each(|turn| {
                self.seen(who, busy, (0, 8 * HOUR + turn * 200), Some((26, which)))
            });
        }
    }
}

fn small(number: u64) -> i32 {
    i32::try_from(number).unwrap_or_default()
}
