//! How and when decisions were served.

use kernel::{
    case::{Made, Service},
    ledger::{Act, Served},
};

use super::Reading;

impl Reading<'_> {
    /// When and how a decision was served, or until when it must be.
    pub(super) fn served(&self, made: &Made) -> String {
        let words = self.shown.words;
        match made.service {
            Service::Owed(due) => return words.with("serve-by", &due.on.to_string()),
            Service::Moot => return words.t("service-moot"),
            Service::Done(_) => {}
        }
        let served = self.history.iter().rev().find_map(|entry| match &entry.act {
            Act::Served(served) if served.decision == made.number => Some(served),
            _ => None,
        });
        served.map(|served| self.service(served)).unwrap_or_default()
    }

    pub(super) fn service(&self, served: &Served) -> String {
        let (words, on) = (self.shown.words, served.on.to_string());
        let service = self.shown.pack.service.as_ref();
        let way = served.way.as_ref().map(|name| {
            let way = service.and_then(|service| service.ways.get(name));
            let title = way.map(|way| way.title.to(words.0).to_owned());
            title.unwrap_or_else(|| name.to_string())
        });
        let portal = || service.map(|service| service.portal.title.to(words.0).to_owned());
        let way = way.or_else(portal).unwrap_or_else(|| words.t("service-portal"));
        words.with_both("served-on", &on, &way)
    }
}
