//! What is right in the invented city under the national pack: its items as the pack's tables name
//! them, each limited item where it may be charged, consultations online as they should be, and
//! what is prescribed, signed and done at home.

use base::Date;
use lake::batch::day_of_number;

use super::{
    rows::{Consulted, Events, LATER, NursingVisit, Online, Prescription, SignedRecord},
    said::{Practises, Profession, SUBJECTS, Said, Standing, institutions},
};
use crate::{
    city::{DRUGS, INSTITUTIONS, drug},
    event::{FIRST_DAY, Line, MICROS, born_on, mixed, sex_of},
};

/// Items of the city and of the tables of the pack.
const ITEMS: [(&str, &str); 17] = [
    ("BED0", "YS-S-BED"),
    ("NUR0", "YS-S-NURSING"),
    ("D0000", "YS-D-BOX1"),
    ("D0001", "YS-D-BOX2"),
    // Bought in one visit, the one before the other.
    ("D0002", "YS-D-FIRST"),
    ("D0003", "YS-D-SECOND"),
    ("D0004", "YS-D-DAILY"),
    ("D0005", "YS-D-DOUBLE"),
    ("S0000", "YS-S-PHYSIO"),
    ("S0001", "YS-S-OPERATION"),
    ("S0002", "YS-S-DRESSING"),
    ("S0600", "YS-S-PANEL-A"),
    ("S0601", "YS-S-PANEL-B"),
    ("D9301", "YS-D-DOUBLE"),
    ("D9302", "YS-D-DAILY"),
    ("8100000", "YS00001"),
    ("8100001", "YS00002"),
];
/// Second-line drugs and those of the first line, by how the city's names begin.
const LINES: [(&str, &str); 2] = [("D90", "YS-D-SECOND"), ("D91", "YS-D-FIRST2")];
/// The youngest that may be seen online without a guardian.
const GUARDED_BELOW: i32 = 6;
/// Pharmacists and nurses of each institution.
const PHARMACISTS: u64 = 3;
const NURSES: u64 = 5;

/// An item as the tables of the pack name it.
pub(crate) fn named(item: &str) -> Option<&'static str> {
    let whole = ITEMS.iter().find(|(own, _)| *own == item);
    let begins = || LINES.iter().find(|(own, _)| item.len() == 5 && item.starts_with(own));
    whole.or_else(begins).map(|(_, named)| *named)
}

/// Events with items and codes as the pack names them.
pub(crate) fn renamed(mut events: Events) -> Events {
    for line in &mut events.lines {
        if let Some(named) = named(&line.item) {
            named.clone_into(&mut line.item);
        }
    }
    for scan in &mut events.scans {
        if let Some(named) = scan.item.as_deref().and_then(named) {
            scan.item = Some(named.to_owned());
        }
        if let Some((named, rest)) = scan
            .code
            .split_at_checked(7)
            .and_then(|(product, rest)| Some((named(product)?, rest.to_owned())))
        {
            scan.code = format!("{named}{rest}");
        }
    }
    events
}

/// More that happens on a day of the city, all of it right.
pub(crate) fn more(day: i32, mut events: Events) -> Events {
    let on = day_of_number(FIRST_DAY + LATER + day);
    let first = |line: &&Line| line.care == "outpatient" && line.kind == "service";
    let limited: Vec<Line> =
        events.lines.iter().filter(first).filter_map(|line| limited(on, line)).collect();
    events.lines.extend(limited);
    for own in &mut events.consultations {
        consulted(on, own);
        let lot = lot(own.of.patient, own.of.at);
        events.prescriptions.push(prescribed(own, lot));
        if lot % 12 == 5 {
            events.visits.push(visited(own, lot));
        }
        if lot % 24 == 7 {
            events.records.push(signed(own, lot));
        }
    }
    events
}

fn lot(patient: u64, at: i64) -> u64 {
    mixed(patient ^ at.unsigned_abs())
}

fn age(on: Date, person: u64) -> i32 {
    day_of_number(born_on(person)).years_until(on)
}

/// A line with an item that is limited, where it may be charged.
fn limited(on: Date, line: &Line) -> Option<Line> {
    let (female, age) = (sex_of(line.patient) == "female", age(on, line.patient));
    let lot = lot(line.patient, line.at);
    let item = match lot % 16 {
        0 if female && lot & 16 == 0 => "YS-S-HER",
        0 => {
            if female {
                "YS-D-HER"
            } else {
                "YS-D-HIS"
            }
        }
        1 if age < 7 => "YS-S-KID",
        1 if age < 14 => "YS-D-KID",
        1 if age < 18 => "YS-D-SYRUP",
        2 if line.institution < INSTITUTIONS / 2 => "YS-S-ROBOT",
        2 => "YS-D-STRONG",
        3 => "YS-D-ASTHMA",
        _ => return None,
    };
    Some(Line {
        line: format!("U{}", line.line),
        at: line.at + 5 * MICROS,
        item: item.to_owned(),
        kind: if item.starts_with("YS-D") { "drug" } else { "service" },
        ..line.clone()
    })
}

/// A consultation, one of eight online, with all that is asked of it.
fn consulted(on: Date, own: &mut Consulted) {
    let lot = lot(own.of.patient, own.of.at);
    let place = usize::try_from(own.of.doctor % 4).unwrap_or_default();
    let subject = SUBJECTS.get(place).map(|(_, subject)| *subject);
    own.subject = subject.filter(|_| !(lot >> 8).is_multiple_of(3));
    let young = age(on, own.of.patient) < GUARDED_BELOW;
    // Those who are new see nobody online.
    if lot.is_multiple_of(8) && own.of.doctor % 10 != 9 {
        own.online = Some(online(young.then_some(true)));
    }
    own.first_visit = own.online.is_none() && own.of.patient.is_multiple_of(3);
}

/// A consultation online as it should be.
pub(crate) fn online(accompanied: Option<bool>) -> Online {
    Online {
        identity_checked: true,
        earlier_diagnosis: true,
        guardian: accompanied,
        paediatrician: accompanied,
    }
}

fn prescribed(own: &Consulted, lot: u64) -> Prescription {
    let barred = own.online.is_none() && (lot >> 8).is_multiple_of(32);
    Prescription {
        prescription: format!("R{}", own.of.consultation),
        at: own.of.at + 300 * MICROS,
        consultation: Some(own.of.consultation.clone()),
        online: own.online.is_some(),
        institution: own.of.institution,
        doctor: own.of.doctor,
        pharmacist: Some(own.of.institution * 10 + lot % PHARMACISTS),
        patient: own.of.patient,
        drug: if barred { "YS-D-SLEEP".to_owned() } else { drug(lot % DRUGS) },
        tag: None,
    }
}

fn visited(own: &Consulted, lot: u64) -> NursingVisit {
    let beacon = lot & 4096 == 0;
    NursingVisit {
        visit: format!("V{}", own.of.consultation),
        at: own.of.at + 4 * 3_600 * MICROS,
        minutes: Some(20 + i64::try_from(lot % 40).unwrap_or_default()),
        institution: own.of.institution,
        nurse: own.of.institution * 10 + lot % NURSES,
        patient: own.of.patient,
        service: if lot & 256 == 0 { "YS-H-WOUND" } else { "YS-H-CATHETER" },
        unassessed: false,
        checked_in: if beacon { "beacon" } else { "position" },
        metres_off: (!beacon).then(|| i64::try_from((lot >> 16) % 201).unwrap_or_default()),
        tag: None,
    }
}

/// A record of a consultation. A physician signs everything under one certificate.
fn signed(own: &Consulted, lot: u64) -> SignedRecord {
    SignedRecord {
        record: format!("E{}", own.of.consultation),
        kind: if lot & 256 == 0 { "prescription" } else { "medical-record" },
        at: own.of.at + 360 * MICROS,
        institution: own.of.institution,
        doctor: own.of.doctor,
        certificate: own.of.doctor,
        tag: None,
    }
}

/// What registers say of institutions and of those who practise there as they should.
pub(crate) fn said(doctors: impl Iterator<Item = u64>) -> Vec<Said> {
    let of = |each: u64| {
        (0..INSTITUTIONS).flat_map(move |own| (0..each).map(move |place| own * 10 + place))
    };
    let doctors = doctors.map(|number| Practises::usual(Profession::Doctor, number));
    let pharmacists =
        of(PHARMACISTS).map(|number| Practises::usual(Profession::Pharmacist, number));
    let nurses = of(NURSES).map(|number| Practises::usual(Profession::Nurse, number));
    let all = doctors.chain(pharmacists).chain(nurses);
    institutions().into_iter().chain(all.flat_map(|own| own.said(Standing::Good))).collect()
}
