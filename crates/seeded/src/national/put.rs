//! Puts events into the city for which a rule has a finding, or nearly has one.

use std::collections::BTreeMap;

use super::{
    RULES,
    rows::{
        Consulted, Events, NursingVisit, Online, Prescription, RevokedCertificate, SignedRecord,
    },
    said::{Practises, Profession, SMALL, Said, Standing},
};
use crate::{
    city::{DAYS, INSTITUTIONS},
    event::{Consultation, Line, Scan, Tag, at, born_on, mixed, sex_of},
    wrongs::{FIRST_PERSON, UNTIL},
};

pub(crate) const HOUR: i64 = 3_600;
/// Persons, physicians, pharmacists, nurses and certificates above all others.
const FIRST: u64 = FIRST_PERSON * 2;
/// What a line costs in the middle of its peers, in fen, so that no mean is moved.
const AMOUNT: i64 = 30_000;

/// Events that are put in, by day, and what registers say of who takes part.
#[derive(Debug)]
pub(crate) struct Put {
    pub(crate) days: BTreeMap<i32, Events>,
    pub(crate) said: Vec<Said>,
    next: u64,
    /// The first day on which most of it happens.
    from: i32,
}

/// Somebody to whom something happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who {
    pub(crate) person: u64,
    pub(crate) institution: u64,
    /// The last day of what happens.
    pub(crate) day: i32,
}

/// A violation of a rule.
pub(crate) fn tagged(rule: &str, which: u64) -> Tag {
    RULES.iter().find(|(_, name)| *name == rule).map(|(number, _)| (*number, which))
}

impl Put {
    /// Nothing yet.
    pub(crate) fn from(from: i32) -> Self {
        Self { days: BTreeMap::new(), said: Vec::new(), next: 0, from }
    }

    /// Somebody new in a small institution; one of ten on the last day.
    pub(crate) fn who(&mut self, which: u64) -> Who {
        self.next += 1;
        let lot = mixed(self.next ^ 0xFACADE);
        let days = u64::from((UNTIL - self.from).unsigned_abs()).max(1);
        let later = i32::try_from(lot % days).unwrap_or_default();
        let day = if which.is_multiple_of(10) { DAYS - 1 } else { self.from + later };
        let institution = INSTITUTIONS + (lot >> 20) % SMALL;
        Who { person: FIRST + self.next, institution, day }
    }

    pub(crate) fn serial(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn on(&mut self, day: i32) -> &mut Events {
        self.days.entry(day).or_default()
    }

    /// A line so many days before the last one.
    pub(crate) fn line(&mut self, who: Who, before: i32, item: &str, tag: Tag) -> &mut Line {
        let (serial, day) = (self.serial(), who.day - before);
        let line = Line {
            line: format!("Y{serial}"),
            settlement: format!("Y{serial}"),
            at: at(day, 12 * HOUR),
            care: "outpatient",
            institution: who.institution,
            doctor: 0,
            patient: who.person,
            item: item.to_owned(),
            kind: if item.starts_with("YS-D") { "drug" } else { "service" },
            quantity: 1,
            amount: AMOUNT,
            tag,
            ..Line::default()
        };
        self.on(day).lines.push_mut(line)
    }

    pub(crate) fn scan(
        &mut self,
        who: Who,
        code: &str,
        (before, kind): (i32, &'static str),
        tag: Tag,
    ) -> &mut Scan {
        let (serial, day) = (self.serial(), who.day - before);
        let scan = Scan {
            scan: format!("Y{serial}"),
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

    /// A consultation at noon, online where that is told.
    pub(crate) fn consultation(
        &mut self,
        who: Who,
        doctor: u64,
        online: Option<Online>,
        tag: Tag,
    ) -> &mut Consulted {
        let of = Consultation {
            consultation: format!("Y{}", self.serial()),
            at: at(who.day, 12 * HOUR),
            minutes: 8,
            institution: who.institution,
            doctor,
            patient: who.person,
            tag,
        };
        // A grown-up, where nothing else is said.
        let born_on = Some(born_on(who.person).min(10_000));
        let own = Consulted { of, born_on, online, ..Consulted::default() };
        self.on(who.day).consultations.push_mut(own)
    }

    pub(crate) fn prescription(&mut self, who: Who, doctor: u64, tag: Tag) -> &mut Prescription {
        let own = Prescription {
            prescription: format!("Y{}", self.serial()),
            at: at(who.day, 12 * HOUR),
            institution: who.institution,
            doctor,
            patient: who.person,
            drug: "D0100".to_owned(),
            tag,
            ..Prescription::default()
        };
        self.on(who.day).prescriptions.push_mut(own)
    }

    /// A visit as it should be.
    pub(crate) fn visit(&mut self, who: Who, nurse: u64, tag: Tag) -> &mut NursingVisit {
        let own = NursingVisit {
            visit: format!("Y{}", self.serial()),
            at: at(who.day, 12 * HOUR),
            minutes: Some(30),
            institution: who.institution,
            nurse,
            patient: who.person,
            service: "YS-H-WOUND",
            unassessed: false,
            checked_in: "position",
            metres_off: Some(20),
            tag,
        };
        self.on(who.day).visits.push_mut(own)
    }

    /// Something that is signed at noon, under a certificate that signs nothing else.
    pub(crate) fn record(&mut self, who: Who, doctor: u64, tag: Tag) -> &mut SignedRecord {
        let serial = self.serial();
        let own = SignedRecord {
            record: format!("Y{serial}"),
            kind: "medical-record",
            at: at(who.day, 12 * HOUR),
            institution: who.institution,
            doctor,
            certificate: FIRST + serial,
            tag,
        };
        self.on(who.day).records.push_mut(own)
    }

    /// A certificate is revoked, so many seconds into a day.
    pub(crate) fn revoke(&mut self, certificate: u64, (day, seconds): (i32, i64)) {
        let own = RevokedCertificate { certificate, at: at(day, seconds) };
        self.on(day).revoked.push(own);
    }

    /// Somebody new who practises and stands so in the register.
    pub(crate) fn practises(
        &mut self,
        profession: Profession,
        standing: Standing,
        says: impl FnOnce(&mut Practises),
    ) -> u64 {
        // None of those who are new in practice.
        let number = 1_000_000 + self.serial() * 10;
        let mut own = Practises::usual(profession, number);
        says(&mut own);
        self.said.extend(own.said(standing));
        number
    }

    /// A physician in good standing, long in practice.
    pub(crate) fn doctor(&mut self) -> u64 {
        self.practises(Profession::Doctor, Standing::Good, |_| {})
    }

    pub(crate) fn nurse(&mut self) -> u64 {
        self.practises(Profession::Nurse, Standing::Good, |_| {})
    }

    /// Somebody new of this sex.
    pub(crate) fn of_sex(&mut self, which: u64, sex: &str) -> Who {
        let who = self.who(which);
        if sex_of(who.person) == sex { who } else { self.of_sex(which, sex) }
    }
}
