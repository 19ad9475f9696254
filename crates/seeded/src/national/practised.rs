//! What is wrong, and nearly wrong, in who treats whom and who signs: licences at the moment,
//! scopes of practice, care online and at home, certificates.

use lake::batch::day_number;

use crate::{
    city::INSTITUTIONS,
    event::{Tag, at},
};

use super::{
    put::{HOUR, Put, Who, tagged},
    rows::Online,
    said::{NOON, Profession, SMALL, Standing, years_before},
    usual::online,
};

/// The years that a physician must have who sees patients online, and a nurse who goes to them.
const DOCTOR_YEARS: i16 = 3;
const NURSE_YEARS: i16 = 5;
/// The most consultations of a day.
const CONSULTATIONS_MOST: i64 = 150;
/// The youngest that are seen online on their own.
const ALONE_FROM: i16 = 6;

/// How somebody stands who must not practise at noon of a day.
fn barred(day: i32, which: u64) -> Standing {
    match which % 4 {
        0 => Standing::Unknown,
        1 => Standing::Suspended((day, 11 * HOUR), (day + 30, 0)),
        2 => Standing::RunsOut(day - 1),
        _ => Standing::Cancelled((day - 20, 0)),
    }
}

/// How somebody stands who may just practise at noon of a day.
fn just_allowed(day: i32) -> [Standing; 4] {
    [
        Standing::RunsOut(day),
        Standing::Suspended((day, 13 * HOUR), (day + 30, 0)),
        Standing::Suspended((day - 30, 0), (day, NOON)),
        Standing::Cancelled((day + 1, 0)),
    ]
}

impl Put {
    /// Who practises without being registered at that moment.
    pub(crate) fn licences(&mut self, which: u64) {
        self.licence(
            which,
            ("doctor-unregistered", Profession::Doctor),
            |own, who, number, tag| {
                own.consultation(who, number, None, tag);
            },
        );
        self.licence(
            which,
            ("prescriber-unregistered", Profession::Doctor),
            |own, who, number, tag| {
                own.prescription(who, number, tag);
            },
        );
        let pharmacist = ("pharmacist-unregistered", Profession::Pharmacist);
        self.licence(which, pharmacist, |own, who, number, tag| {
            let doctor = own.doctor();
            own.prescription(who, doctor, tag).pharmacist = Some(number);
        });
        self.licence(which, ("nurse-unregistered", Profession::Nurse), |own, who, number, tag| {
            own.visit(who, number, tag);
        });
    }

    fn licence(
        &mut self,
        which: u64,
        (rule, profession): (&str, Profession),
        happens: impl Fn(&mut Self, Who, u64, Tag),
    ) {
        let who = self.who(which);
        let number = self.practises(profession, barred(who.day, which), |_| {});
        happens(self, who, number, tagged(rule, which));
        let right = self.who(which);
        for standing in just_allowed(right.day) {
            let number = self.practises(profession, standing, |_| {});
            happens(self, right, number, None);
        }
    }

    /// A physician of internal medicine with a surgical case; those who are general practitioners,
    /// in their own branch or in an emergency are right.
    pub(crate) fn scopes(&mut self, which: u64) {
        let tag = tagged("doctor-out-of-scope", which);
        for (scope, subject, tag) in
            [("03", "04", tag), ("02", "04", None), ("03", "03.05", None), ("03", "20", None)]
        {
            let who = self.who(which);
            let doctor =
                self.practises(Profession::Doctor, Standing::Good, |own| own.scope = scope);
            self.consultation(who, doctor, None, tag).subject = Some(subject);
        }
    }

    /// A physician who goes from one place to the next, or is online for it, and one with as many
    /// patients as are not yet too many. Who is wrong is in the older city.
    pub(crate) fn places(&mut self, which: u64) {
        let (who, doctor, far, busy) =
            (self.who(which), self.doctor(), self.doctor(), self.doctor());
        let other = Who { institution: INSTITUTIONS + (who.institution + 1) % SMALL, ..who };
        self.consultation(who, doctor, None, None);
        let next = self.consultation(other, doctor, None, None);
        next.of.at = at(who.day, NOON + next.of.minutes * 60);
        self.consultation(who, far, None, None);
        self.consultation(other, far, Some(online(None)), None);
        for turn in 0..CONSULTATIONS_MOST {
            self.consultation(who, busy, None, None).of.at = at(who.day, 8 * HOUR + turn * 200);
        }
    }

    /// Care online.
    pub(crate) fn online(&mut self, which: u64) {
        let right = online(None);
        for (rule, wrong) in [
            ("identity-unchecked-online", Online { identity_checked: false, ..right }),
            ("undiagnosed-online", Online { earlier_diagnosis: false, ..right }),
        ] {
            let (who, doctor) = (self.who(which), self.doctor());
            self.consultation(who, doctor, Some(wrong), tagged(rule, which));
        }
        let (who, doctor) = (self.who(which), self.doctor());
        let tag = tagged("first-visit-online", which);
        self.consultation(who, doctor, Some(online(None)), tag).first_visit = true;
        let right = self.who(which);
        self.consultation(right, doctor, None, None).first_visit = true;
        self.consultation(right, doctor, Some(online(None)), None);
        let tag = tagged("doctor-too-new-online", which);
        for (days, online, tag) in
            [(1, Some(online(None)), tag), (0, Some(online(None)), None), (1, None, None)]
        {
            let who = self.who(which);
            let since = years_before(who.day, DOCTOR_YEARS, days);
            let doctor =
                self.practises(Profession::Doctor, Standing::Good, |own| own.since = since);
            self.consultation(who, doctor, online, tag);
        }
        self.small_children(which);
        let tag = tagged("barred-drug-online", which);
        let drug = if which.is_multiple_of(2) { "YS-D-POPPY" } else { "YS-D-SLEEP" };
        for (online, drug, tag) in
            [(true, drug, tag), (false, drug, None), (true, "YS-D-DAILY", None)]
        {
            let (who, doctor) = (self.who(which), self.doctor());
            let own = self.prescription(who, doctor, tag);
            (own.online, own.drug) = (online, drug.to_owned());
        }
    }

    fn small_children(&mut self, which: u64) {
        let doctor = self.doctor();
        let (both, neither) = (online(Some(true)), online(Some(false)));
        let one = if which.is_multiple_of(2) {
            Online { guardian: Some(false), ..both }
        } else {
            Online { paediatrician: Some(false), ..both }
        };
        let wrong = if which % 3 == 2 { neither } else { one };
        let tag = tagged("child-alone-online", which);
        // Six years old tomorrow, or today.
        for (days, online, tag) in [
            (1, Some(wrong), tag),
            (1, Some(both), None),
            (0, Some(neither), None),
            (1, None, None),
        ] {
            let who = self.who(which);
            let born_on = years_before(who.day, ALONE_FROM, days);
            self.consultation(who, doctor, online, tag).born_on = Some(day_number(born_on));
        }
    }

    /// Visits at home.
    pub(crate) fn home(&mut self, which: u64) {
        let nurse = self.nurse();
        let wound = which.is_multiple_of(2);
        let (service, least) = if wound { ("YS-H-WOUND", 20) } else { ("YS-H-CATHETER", 15) };
        for (minutes, tag) in [(least - 1, tagged("visit-too-short", which)), (least, None)] {
            let who = self.who(which);
            let visit = self.visit(who, nurse, tag);
            (visit.service, visit.minutes) = (service, Some(minutes));
        }
        for (metres, tag) in [(201, tagged("visit-off-site", which)), (200, None)] {
            let who = self.who(which);
            self.visit(who, nurse, tag).metres_off = Some(metres);
        }
        let who = self.who(which);
        self.visit(who, nurse, tagged("visit-unassessed", which)).unassessed = true;
        for (by, tag) in [("none", tagged("visit-unchecked", which)), ("beacon", None)] {
            let who = self.who(which);
            let visit = self.visit(who, nurse, tag);
            (visit.checked_in, visit.metres_off) = (by, None);
        }
        let tag = tagged("nurse-too-new", which);
        for (days, service, tag) in [(1, service, tag), (0, service, None), (1, "YS-H-TALK", None)]
        {
            let who = self.who(which);
            let since = years_before(who.day, NURSE_YEARS, days);
            let nurse = self.practises(Profession::Nurse, Standing::Good, |own| own.since = since);
            self.visit(who, nurse, tag).service = service;
        }
        // One that still goes on.
        let who = self.who(which);
        self.visit(who, nurse, None).minutes = None;
    }

    /// Who signs without being registered at that moment, and under a certificate that was revoked
    /// by then: at the same moment, a second or many days before.
    pub(crate) fn signed(&mut self, which: u64) {
        let unregistered = ("signed-unregistered", Profession::Doctor);
        self.licence(which, unregistered, |own, who, number, tag| {
            own.record(who, number, tag);
        });
        let tag = tagged("signed-under-revoked", which);
        let revoked = match which % 3 {
            0 => (0, NOON),
            1 => (0, NOON - 1),
            _ => (20, NOON),
        };
        // Revoked a second later, it is right, and so it is under another certificate.
        for ((before, seconds), tag) in [(revoked, tag), ((0, NOON + 1), None)] {
            let (who, doctor) = (self.who(which), self.doctor());
            let certificate = self.record(who, doctor, tag).certificate;
            self.revoke(certificate, (who.day - before, seconds));
            self.record(who, doctor, None);
        }
    }
}
