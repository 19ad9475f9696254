//! Verifying an electronic licence: a file is handed in, and the page says what the register says
//! of it today and whose seal it bears.

use askama::Template;
use exchange::licence::Report;

use crate::web::{
    fault::Refused,
    frame::{Frame, Link},
    standing::{Ours, Today},
    visit::Visit,
};

/// The form, with the verdict on what was handed in.
#[derive(Debug, Template)]
#[template(path = "verify.html")]
pub(crate) struct VerifyPage {
    pub(crate) frame: Frame,
    /// What came of it.
    pub(crate) verdict: Verdict,
}

/// What came of a file.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// None was handed in yet.
    Asked,
    /// It is no sound licence.
    Refused(Refused),
    /// It is.
    Sound(Box<Found>),
}

/// A sound licence as the page shows it.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the register says today.
    pub(crate) today: Today,
    /// What the licence is called.
    pub(crate) title: String,
    /// Its number.
    pub(crate) number: String,
    /// Its national identifier; empty where it has none.
    pub(crate) identifier: String,
    /// Who holds it.
    pub(crate) holder: String,
    /// The body whose seal it bears, as the certificate of the seal or the pack calls it.
    pub(crate) body: String,
    /// The day on which it was issued.
    pub(crate) issued_on: String,
    /// The last day on which it holds; empty where it shows none.
    pub(crate) valid_until: String,
    /// When the seal was set.
    pub(crate) sealed_at: String,
    /// Whether it is a test seal.
    pub(crate) test: bool,
    /// The entry, where the register has it.
    pub(crate) entry: Option<Link>,
}

impl Found {
    /// A licence that was found sound.
    pub(crate) fn of(visit: &Visit, report: &Report, today: Today) -> Self {
        let (licence, shown) = (&report.metadata, visit.shown());
        let register = visit.pack().registers.get(&licence.register);
        let link = |title: &base::Text| Link {
            href: visit.to(&format!("/registers/{}/{}", licence.register, licence.number)),
            text: title.to(visit.words.0).to_owned(),
        };
        let ours = Ours::of(visit, report);
        let title = ours.title.map(|title| title.to(visit.words.0).to_owned());
        let body = ours.body.map(|body| body.to(visit.words.0).to_owned());
        Self {
            today,
            title: title.unwrap_or_else(|| licence.title.zh.clone()),
            number: licence.number.clone(),
            identifier: licence.identifier.as_ref().map(ToString::to_string).unwrap_or_default(),
            holder: licence.holder.clone(),
            body: body.unwrap_or_else(|| report.sealed_by.clone()),
            issued_on: licence.issued_on.to_string(),
            valid_until: licence.valid_until.map(|day| day.to_string()).unwrap_or_default(),
            sealed_at: shown.moment(report.sealed_at),
            test: report.test,
            entry: register.filter(|_| today != Today::Unknown).map(|own| link(&own.title)),
        }
    }
}

#[cfg(test)]
impl super::Sample for VerifyPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let found = |today, identifier: &str, entry| Found {
            today,
            test: today != Today::Unknown,
            valid_until: if today == Today::Expired { "2031-01-31".into() } else { String::new() },
            title: "Licence".into(),
            number: "900101-2030-7".into(),
            identifier: identifier.into(),
            holder: "A room & more".into(),
            body: "A body".into(),
            issued_on: "2030-01-31".into(),
            sealed_at: "2030-01-31 09:00".into(),
            entry,
        };
        let sound = |found| Verdict::Sound(Box::new(found));
        let verdicts = [
            Verdict::Asked,
            Verdict::Refused(super::refused()),
            sound(found(Today::InForce, "1.2.156.3005.2.X", Some(super::link()))),
            sound(found(Today::AsIssued, "", Some(super::link()))),
            sound(found(Today::Changed, "", Some(super::link()))),
            sound(found(Today::Expired, "", Some(super::link()))),
            sound(found(Today::NotIssued, "", Some(super::link()))),
            sound(found(Today::NotInForce, "", Some(super::link()))),
            sound(found(Today::Unknown, "", None)),
        ];
        verdicts.into_iter().map(|verdict| Self { frame: frame.clone(), verdict }).collect()
    }
}
