//! The officers of a body as they know each other: by name, and who stands in for whom.

use base::Date;
use kernel::{BodyId, PartyId, ledger::Spell};

use super::{app::Role, fault::Fault, visit::Visit};

/// An officer of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Colleague {
    /// The person's reference.
    pub(crate) party: PartyId,
    /// The name.
    pub(crate) name: String,
    /// The absence that was last said of the officer.
    pub(crate) away: Option<Spell>,
}

/// The officers of a body today, by name.
pub(crate) struct Colleagues(Vec<Colleague>);

impl Colleagues {
    /// Those of a body.
    pub(crate) async fn of(visit: &Visit, body: &BodyId) -> Result<Self, Fault> {
        let (store, today) = (&visit.app.store, visit.today());
        let away = store.absences(body).await?;
        let away = |party: PartyId| away.iter().find(|(one, _)| *one == party).map(|(_, own)| *own);
        let mut found = Vec::new();
        for person in &visit.app.people.0 {
            if let Role::Officer { party, body: own } = &person.role
                && own == body
            {
                let name = person.name.to(visit.words.0).to_owned();
                found.push(Colleague { party: *party, name, away: away(*party) });
            }
        }
        for (party, name) in store.accounts().officers_of(body, today).await? {
            found.push(Colleague { party, name, away: away(party) });
        }
        found.sort_by(|one, other| (&one.name, one.party).cmp(&(&other.name, other.party)));
        found.dedup_by_key(|own| own.party);
        Ok(Self(found))
    }

    /// Each of them.
    pub(crate) fn all(&self) -> &[Colleague] {
        &self.0
    }

    /// The one of that reference.
    pub(crate) fn get(&self, party: PartyId) -> Option<&Colleague> {
        self.0.iter().find(|own| own.party == party)
    }

    /// Those for whom somebody stands in on a day, and until when.
    pub(crate) fn covered_by(
        &self,
        party: PartyId,
        day: Date,
    ) -> impl Iterator<Item = (&Colleague, Spell)> {
        let now = self.0.iter().filter_map(move |own| Some((own, own.away?)));
        now.filter(move |(_, spell)| spell.cover == party && spell.holds(day))
    }
}
