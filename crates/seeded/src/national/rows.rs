//! The further events of the national pack's feeds, and consultations with all that it asks of
//! them.

use arrow_array::ArrayRef;

use crate::{
    city::Day,
    event::{
        Consultation, Death, Event, Holds, Line, MICROS, Scan, Stay, Tag, USUAL, born_on, dates,
        decimals, digest, institution, lists, moments, owned, persons, texts, truths, wholes,
    },
};

/// The city of the national pack is the same, so many days later: in 2026 all its tables hold.
pub(crate) const LATER: i32 = 365;
const LATER_MICROS: i64 = 86_400 * MICROS * 365;

/// The events of a day.
#[derive(Debug, Default)]
pub(crate) struct Events {
    pub(crate) lines: Vec<Line>,
    pub(crate) stays: Vec<Stay>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) deaths: Vec<Death>,
    pub(crate) consultations: Vec<Consulted>,
    pub(crate) prescriptions: Vec<Prescription>,
    pub(crate) visits: Vec<NursingVisit>,
    pub(crate) records: Vec<SignedRecord>,
    pub(crate) revoked: Vec<RevokedCertificate>,
}

/// A consultation with all that the national feed says of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consulted {
    pub(crate) of: Consultation,
    pub(crate) subject: Option<&'static str>,
    /// In days since 1970, where the patient's own is not meant.
    pub(crate) born_on: Option<i32>,
    pub(crate) first_visit: bool,
    /// What is said where it was online.
    pub(crate) online: Option<Online>,
}

/// What is said of a consultation online.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Online {
    pub(crate) identity_checked: bool,
    pub(crate) earlier_diagnosis: bool,
    /// Whether guardian and paediatrician were present; nothing is said of adults.
    pub(crate) guardian: Option<bool>,
    pub(crate) paediatrician: Option<bool>,
}

/// A line of a prescription.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prescription {
    pub(crate) prescription: String,
    pub(crate) at: i64,
    pub(crate) consultation: Option<String>,
    pub(crate) online: bool,
    pub(crate) institution: u64,
    pub(crate) doctor: u64,
    pub(crate) pharmacist: Option<u64>,
    pub(crate) patient: u64,
    pub(crate) drug: String,
    pub(crate) tag: Tag,
}

/// A visit of a nurse at home.
#[derive(Debug, Clone, Default)]
pub(crate) struct NursingVisit {
    pub(crate) visit: String,
    pub(crate) at: i64,
    /// None while it goes on.
    pub(crate) minutes: Option<i64>,
    pub(crate) institution: u64,
    pub(crate) nurse: u64,
    pub(crate) patient: u64,
    pub(crate) service: &'static str,
    pub(crate) unassessed: bool,
    pub(crate) checked_in: &'static str,
    pub(crate) metres_off: Option<i64>,
    pub(crate) tag: Tag,
}

/// Something that a physician signed.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignedRecord {
    pub(crate) record: String,
    pub(crate) kind: &'static str,
    pub(crate) at: i64,
    pub(crate) institution: u64,
    pub(crate) doctor: u64,
    /// The certificate under which it is signed.
    pub(crate) certificate: u64,
    pub(crate) tag: Tag,
}

/// A certificate that was revoked. What is wrong is told of what was signed under it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RevokedCertificate {
    pub(crate) certificate: u64,
    pub(crate) at: i64,
}

impl Events {
    /// What happened on a day, with more that happened on it.
    pub(crate) fn extend(&mut self, more: Self) {
        self.lines.extend(more.lines);
        self.stays.extend(more.stays);
        self.scans.extend(more.scans);
        self.deaths.extend(more.deaths);
        self.consultations.extend(more.consultations);
        self.prescriptions.extend(more.prescriptions);
        self.visits.extend(more.visits);
        self.records.extend(more.records);
        self.revoked.extend(more.revoked);
    }

    /// The same in the year of the national city.
    pub(crate) fn later(mut self) -> Self {
        self.lines.iter_mut().for_each(|own| own.at += LATER_MICROS);
        for own in &mut self.stays {
            own.at += LATER_MICROS;
            own.discharged_at = own.discharged_at.map(|at| at + LATER_MICROS);
        }
        for own in &mut self.scans {
            own.at += LATER_MICROS;
            own.expires_on += LATER;
        }
        self.deaths.iter_mut().for_each(|own| own.at += LATER_MICROS);
        self.consultations.iter_mut().for_each(|own| own.of.at += LATER_MICROS);
        self.prescriptions.iter_mut().for_each(|own| own.at += LATER_MICROS);
        self.visits.iter_mut().for_each(|own| own.at += LATER_MICROS);
        self.records.iter_mut().for_each(|own| own.at += LATER_MICROS);
        self.revoked.iter_mut().for_each(|own| own.at += LATER_MICROS);
        self
    }
}

impl From<Day> for Events {
    fn from(day: Day) -> Self {
        let consulted = |of| Consulted { of, ..Consulted::default() };
        Self {
            lines: day.lines,
            stays: day.stays,
            scans: day.scans,
            deaths: day.deaths,
            consultations: day.consultations.into_iter().map(consulted).collect(),
            ..Self::default()
        }
    }
}

impl Event for Consulted {
    const FEED: &'static str = Consultation::FEED;
    const KEY: &'static [&'static str] = Consultation::KEY;
    const AT: &'static str = Consultation::AT;
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("consultation", Holds::Text(true)),
        ("began-at", Holds::Moment(true)),
        ("ended-at", Holds::Moment(false)),
        ("online", Holds::Truth(true)),
        ("institution", Holds::Text(true)),
        ("doctor", Holds::Text(true)),
        ("subject", Holds::Text(false)),
        ("identity-checked", Holds::Truth(false)),
        ("patient", Holds::Person(true)),
        ("born-on", Holds::Date(true)),
        ("first-visit", Holds::Truth(true)),
        ("earlier-diagnosis", Holds::Truth(false)),
        ("guardian-present", Holds::Truth(false)),
        ("paediatrician-present", Holds::Truth(false)),
        ("diagnoses", Holds::Texts),
    ];

    fn at(&self) -> i64 {
        self.of.at
    }

    fn tag(&self) -> Tag {
        self.of.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        let ended = |row: &Self| row.of.at + row.of.minutes * 60 * MICROS;
        let online = |says: fn(Online) -> Option<bool>| {
            truths(rows.iter().map(|row| row.online.and_then(says)))
        };
        vec![
            texts(rows.iter().map(|row| Some(row.of.consultation.as_str()))),
            moments(rows.iter().map(|row| Some(row.of.at))),
            moments(rows.iter().map(|row| Some(ended(row)))),
            truths(rows.iter().map(|row| Some(row.online.is_some()))),
            owned(rows.iter().map(|row| institution(row.of.institution))),
            owned(rows.iter().map(|row| doctor(row.of.doctor))),
            texts(rows.iter().map(|row| row.subject)),
            online(|own| Some(own.identity_checked)),
            persons(rows.iter().map(|row| Some(row.of.patient))),
            dates(rows.iter().map(|row| row.born_on.unwrap_or_else(|| born_on(row.of.patient)))),
            truths(rows.iter().map(|row| Some(row.first_visit))),
            online(|own| Some(own.earlier_diagnosis)),
            online(|own| own.guardian),
            online(|own| own.paediatrician),
            lists(rows.iter().map(|_| USUAL)),
        ]
    }
}

impl Event for Prescription {
    const FEED: &'static str = "prescriptions";
    const KEY: &'static [&'static str] = &["prescription", "line"];
    const AT: &'static str = "signed-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("prescription", Holds::Text(true)),
        ("line", Holds::Whole(true)),
        ("signed-at", Holds::Moment(true)),
        ("consultation", Holds::Text(false)),
        ("online", Holds::Truth(true)),
        ("institution", Holds::Text(true)),
        ("doctor", Holds::Text(true)),
        ("pharmacist", Holds::Text(false)),
        ("patient", Holds::Person(true)),
        ("born-on", Holds::Date(true)),
        ("drug", Holds::Text(true)),
        ("quantity", Holds::Decimal),
        ("days", Holds::Whole(true)),
        ("diagnoses", Holds::Texts),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        let checked: Vec<Option<String>> =
            rows.iter().map(|row| row.pharmacist.map(pharmacist)).collect();
        vec![
            texts(rows.iter().map(|row| Some(row.prescription.as_str()))),
            wholes(rows.iter().map(|_| Some(1))),
            moments(rows.iter().map(|row| Some(row.at))),
            texts(rows.iter().map(|row| row.consultation.as_deref())),
            truths(rows.iter().map(|row| Some(row.online))),
            owned(rows.iter().map(|row| institution(row.institution))),
            owned(rows.iter().map(|row| doctor(row.doctor))),
            texts(checked.iter().map(Option::as_deref)),
            persons(rows.iter().map(|row| Some(row.patient))),
            dates(rows.iter().map(|row| born_on(row.patient))),
            texts(rows.iter().map(|row| Some(row.drug.as_str()))),
            decimals(4, rows.iter().map(|_| 10_000)),
            wholes(rows.iter().map(|_| Some(7))),
            lists(rows.iter().map(|_| USUAL)),
        ]
    }
}

impl Event for NursingVisit {
    const FEED: &'static str = "nursing-visits";
    const KEY: &'static [&'static str] = &["visit"];
    const AT: &'static str = "started-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("visit", Holds::Text(true)),
        ("started-at", Holds::Moment(true)),
        ("ended-at", Holds::Moment(false)),
        ("institution", Holds::Text(true)),
        ("nurse", Holds::Text(true)),
        ("patient", Holds::Person(true)),
        ("district", Holds::Text(true)),
        ("service", Holds::Text(true)),
        ("assessed-first", Holds::Truth(false)),
        ("checked-in", Holds::Text(true)),
        ("metres-off", Holds::Whole(false)),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        let ended = |row: &Self| row.minutes.map(|minutes| row.at + minutes * 60 * MICROS);
        vec![
            texts(rows.iter().map(|row| Some(row.visit.as_str()))),
            moments(rows.iter().map(|row| Some(row.at))),
            moments(rows.iter().map(ended)),
            owned(rows.iter().map(|row| institution(row.institution))),
            owned(rows.iter().map(|row| nurse(row.nurse))),
            persons(rows.iter().map(|row| Some(row.patient))),
            owned(rows.iter().map(|row| format!("Q{}", row.institution % 16))),
            texts(rows.iter().map(|row| Some(row.service))),
            truths(rows.iter().map(|row| Some(!row.unassessed))),
            texts(rows.iter().map(|row| Some(row.checked_in))),
            wholes(rows.iter().map(|row| row.metres_off)),
        ]
    }
}

impl Event for SignedRecord {
    const FEED: &'static str = "signed-records";
    const KEY: &'static [&'static str] = &["institution", "record"];
    const AT: &'static str = "signed-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("record", Holds::Text(true)),
        ("kind", Holds::Text(true)),
        ("signed-at", Holds::Moment(true)),
        ("institution", Holds::Text(true)),
        ("doctor", Holds::Text(true)),
        ("digest", Holds::Text(true)),
        ("certificate", Holds::Text(true)),
        ("signature", Holds::Text(true)),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        let document = |row: &Self| row.at.unsigned_abs() ^ row.doctor;
        vec![
            texts(rows.iter().map(|row| Some(row.record.as_str()))),
            texts(rows.iter().map(|row| Some(row.kind))),
            moments(rows.iter().map(|row| Some(row.at))),
            owned(rows.iter().map(|row| institution(row.institution))),
            owned(rows.iter().map(|row| doctor(row.doctor))),
            owned(rows.iter().map(|row| sha256(document(row)))),
            owned(rows.iter().map(|row| sha256(row.certificate))),
            // No rule verifies it; such digits are Base64, too.
            owned(rows.iter().map(|row| sha256(document(row) ^ row.certificate))),
        ]
    }
}

impl Event for RevokedCertificate {
    const FEED: &'static str = "revoked-certificates";
    const KEY: &'static [&'static str] = &["certificate"];
    const AT: &'static str = "revoked-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("certificate", Holds::Text(true)),
        ("revoked-at", Holds::Moment(true)),
        ("reason", Holds::Text(true)),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        None
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            owned(rows.iter().map(|row| sha256(row.certificate))),
            moments(rows.iter().map(|row| Some(row.at))),
            texts(rows.iter().map(|_| Some("私钥可能泄露"))),
        ]
    }
}

/// Stands in for a digest by SHA-256, in hexadecimal digits.
fn sha256(number: u64) -> String {
    let half = |number| u128::from_be_bytes(digest(number));
    format!("{:032x}{:032x}", half(number), half(!number))
}

/// The key of a physician in the register.
pub(crate) fn doctor(number: u64) -> String {
    format!("D{number:06}")
}

/// The key of a pharmacist in the register.
pub(crate) fn pharmacist(number: u64) -> String {
    format!("P{number:06}")
}

/// The key of a nurse in the register.
pub(crate) fn nurse(number: u64) -> String {
    format!("N{number:06}")
}
