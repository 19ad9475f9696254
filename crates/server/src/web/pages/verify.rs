//! Verifying a certificate: a file is handed in or a print leads here, and the page says what the
//! register says of it today, and then what vouches for it: a seal, a proof, or nothing.

use askama::Template;
use base::Name;
use exchange::{
    credential,
    licence::{Metadata, Report},
};

use crate::web::{
    fault::Refused,
    frame::{Frame, Link},
    handle::escaped,
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

/// What vouches for a certificate.
#[derive(Debug)]
pub(crate) enum Proof {
    /// The seal of a body.
    Seal {
        /// When it was set.
        at: String,
        /// Whether it is a test seal.
        test: bool,
    },
    /// The proof of the city.
    Signed {
        /// Who signed.
        issuer: String,
    },
    /// Nothing: it is a print.
    Nothing,
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
    /// What vouches for it.
    pub(crate) proof: Proof,
    /// The entry, where the register has it.
    pub(crate) entry: Option<Link>,
}

impl Found {
    /// A licence that was found sound.
    pub(crate) fn of(visit: &Visit, report: &Report, today: Today) -> Self {
        let proof = Proof::Seal { at: visit.shown().moment(report.sealed_at), test: report.test };
        let ours = Ours::of_licence(visit, report);
        Self::with(visit, (&report.metadata, &report.sealed_by), ours, (today, proof))
    }

    /// A credential that was found sound.
    pub(crate) fn of_credential(visit: &Visit, report: &credential::Report, today: Today) -> Self {
        let (said, proof) = (&report.metadata, Proof::Signed { issuer: report.issuer.clone() });
        Self::with(visit, (said, &said.body.zh), Ours::of(visit, said), (today, proof))
    }

    /// A print, with what the register has of it, if it has anything.
    pub(crate) fn of_print(
        visit: &Visit,
        (register, number, kind): (&Name, &str, &Name),
        own: Option<&Metadata>,
        today: Today,
    ) -> Self {
        if let Some(own) = own {
            let ours = Ours::of(visit, own);
            return Self::with(visit, (own, &own.body.zh), ours, (today, Proof::Nothing));
        }
        let known = visit.pack().registers.get(register).filter(|own| own.public);
        let certificate = known.and_then(|own| own.certificates.get(kind));
        let title = certificate.map(|own| own.title.to(visit.words.0).to_owned());
        Self {
            today,
            title: title.unwrap_or_default(),
            number: number.to_owned(),
            identifier: String::new(),
            holder: String::new(),
            body: String::new(),
            issued_on: String::new(),
            valid_until: String::new(),
            proof: Proof::Nothing,
            entry: entry(visit, (register, number), today),
        }
    }

    fn with(
        visit: &Visit,
        (licence, vouched): (&Metadata, &str),
        ours: Ours,
        (today, proof): (Today, Proof),
    ) -> Self {
        let title = ours.title.map(|title| title.to(visit.words.0).to_owned());
        let body = ours.body.map(|body| body.to(visit.words.0).to_owned());
        Self {
            today,
            title: title.unwrap_or_else(|| licence.title.zh.clone()),
            number: licence.number.clone(),
            identifier: licence.identifier.as_ref().map(ToString::to_string).unwrap_or_default(),
            holder: licence.holder.clone(),
            body: body.unwrap_or_else(|| vouched.to_owned()),
            issued_on: licence.issued_on.to_string(),
            valid_until: licence.valid_until.map(|day| day.to_string()).unwrap_or_default(),
            proof,
            entry: entry(visit, (&licence.register, &licence.number), today),
        }
    }
}

/// The entry, where the register has it.
fn entry(visit: &Visit, (register, number): (&Name, &str), today: Today) -> Option<Link> {
    let own = visit.pack().registers.get(register).filter(|_| today != Today::Unknown)?;
    Some(Link {
        href: visit.to(&format!("/registers/{register}/{}", escaped(number))),
        text: own.title.to(visit.words.0).to_owned(),
    })
}

#[cfg(test)]
impl super::Sample for VerifyPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let found = |today, identifier: &str, entry| Found {
            today,
            valid_until: if today == Today::Expired { "2031-01-31".into() } else { String::new() },
            title: "Licence".into(),
            number: "900101-2030-7".into(),
            identifier: identifier.into(),
            holder: "A room & more".into(),
            body: "A body".into(),
            issued_on: "2030-01-31".into(),
            proof: Proof::Seal { at: "2030-01-31 09:00".into(), test: today != Today::Unknown },
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
            sound(Found {
                proof: Proof::Signed { issuer: "did:web:willow.example".into() },
                ..found(Today::InForce, "", Some(super::link()))
            }),
            sound(Found {
                proof: Proof::Nothing,
                ..found(Today::Changed, "", Some(super::link()))
            }),
            sound(Found {
                proof: Proof::Nothing,
                title: String::new(),
                holder: String::new(),
                body: String::new(),
                issued_on: String::new(),
                ..found(Today::Unknown, "", None)
            }),
        ];
        verdicts.into_iter().map(|verdict| Self { frame: frame.clone(), verdict }).collect()
    }
}
