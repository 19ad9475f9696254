//! The draw: it follows from the frozen lists and the seeds, and from nothing else.
//!
//! Each thing that may be drawn gets a *ticket*, the HMAC-SHA256 of its name under the seeds of all
//! departments and the digest of the lists. Of each class the objects with the lowest tickets are
//! drawn, as many as the share says. Object after object, in the order of their tickets, each
//! department sends the officers who have been sent least so far, of these those with the lowest
//! tickets for that object.

use std::collections::BTreeMap;

use base::Name;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{
    fault::{Fault, Item},
    lists::Lists,
    seed::{Seed, digest},
    text::line,
};

/// The first line of what is published.
const HEAD: &str = "draw 1";

/// An object that was drawn, with those who go there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The object.
    pub object: String,
    /// Its class.
    pub class: Name,
    /// The officers of each department, in the order in which they were drawn.
    pub crew: BTreeMap<Name, Vec<String>>,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    name: String,
    lists: String,
    seeds: BTreeMap<Name, Seed>,
    picks: Vec<Pick>,
}

impl Lists {
    /// Draws, from the seeds that were pledged.
    ///
    /// # Errors
    /// A seed that is not there, one too many, or one that is not what was pledged.
    pub fn draw(&self, seeds: BTreeMap<Name, Seed>) -> Result<Drawn, Fault> {
        if let Some(other) = seeds.keys().find(|by| !self.pledges.contains_key(*by)) {
            return Err(Fault::Unknown(Item::Pledge, other.to_string()));
        }
        for (by, pledge) in &self.pledges {
            let seed = seeds.get(by).ok_or_else(|| Fault::NotTold(by.clone()))?;
            if seed.pledge(&self.name, by) != *pledge {
                return Err(Fault::OtherSeed(by.clone()));
            }
        }
        let lists = self.digest();
        let picks = self.picks(&Tickets::of(&lists, &seeds));
        Ok(Drawn { name: self.name.clone(), lists, seeds, picks })
    }

    fn picks(&self, tickets: &Tickets) -> Vec<Pick> {
        let mut classes: BTreeMap<&Name, Vec<(Ticket, &str)>> = BTreeMap::new();
        for (object, class) in &self.objects {
            let ticket = tickets.ticket(&["object", object]);
            classes.entry(class).or_default().push((ticket, object));
        }
        let mut drawn = Vec::new();
        for (class, mut all) in classes {
            all.sort_unstable();
            let count = self.shares.get(class).map_or(0, |share| share.of(all.len()));
            drawn.extend(all.into_iter().take(count).map(|own| (own, class)));
        }
        drawn.sort_unstable();
        let mut sent = BTreeMap::new();
        let picks = drawn.into_iter().map(|((_, object), class)| Pick {
            object: object.to_owned(),
            class: class.clone(),
            crew: self.crew(object, tickets, &mut sent),
        });
        picks.collect()
    }

    /// Who goes to an object, when so many were sent before.
    fn crew<'l>(
        &'l self,
        object: &'l str,
        tickets: &Tickets,
        sent: &mut BTreeMap<&'l str, u32>,
    ) -> BTreeMap<Name, Vec<String>> {
        let mut crew = BTreeMap::new();
        for (office, wanted) in &self.crews {
            let able = self.able(object, office).map(|officer| {
                let before = sent.get(officer).copied().unwrap_or_default();
                (before, tickets.ticket(&["officer", object, officer]), officer)
            });
            let mut able: Vec<_> = able.collect();
            able.sort_unstable();
            able.truncate(usize::from(*wanted));
            for (_, _, officer) in &able {
                *sent.entry(officer).or_default() += 1;
            }
            let own = able.into_iter().map(|(_, _, officer)| officer.to_owned()).collect();
            crew.insert(office.clone(), own);
        }
        crew
    }
}

impl Drawn {
    /// The digest of the lists that it is of.
    pub fn of_lists(&self) -> &str {
        &self.lists
    }

    /// What was drawn, in the order in which it was.
    pub fn picks(&self) -> &[Pick] {
        &self.picks
    }

    /// The draw as it is published: of which lists, from which seeds, and what came of it.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        line(&mut text, &[&"name", &self.name]);
        line(&mut text, &[&"lists", &self.lists]);
        for (by, seed) in &self.seeds {
            line(&mut text, &[&"seed", by, &seed.written()]);
        }
        for Pick { object, class, crew } in &self.picks {
            line(&mut text, &[&"drawn", object, class]);
            for (office, officer) in
                crew.iter().flat_map(|(office, all)| all.iter().map(move |own| (office, own)))
            {
                line(&mut text, &[&"sent", object, office, officer]);
            }
        }
        text
    }
}

/// Draws again from what was published, and says whether it comes to the same.
///
/// # Errors
/// What is wrong with the lists, with the seeds, or where the published draw is another one.
pub fn verify(lists: &str, published: &str) -> Result<Drawn, Vec<Fault>> {
    let lists = Lists::read(lists)?;
    let mut seeds = BTreeMap::new();
    let mut lines = published.split('\n').zip(1..);
    if lines.next().map(|(first, _)| first) != Some(HEAD) {
        return Err(vec![Fault::NotADraw]);
    }
    for (own, number) in lines {
        match *own.split('\t').collect::<Vec<_>>() {
            ["lists", digest] if digest != lists.digest() => return Err(vec![Fault::OtherLists]),
            ["seed", by, seed] => {
                let told = Name::new(by).ok().zip(Seed::read(seed));
                let (by, seed) = told.ok_or_else(|| vec![Fault::OtherDraw(number)])?;
                seeds.insert(by, seed);
            }
            _ => {}
        }
    }
    let drawn = lists.draw(seeds).map_err(|fault| vec![fault])?;
    let again = drawn.text();
    if again == published {
        return Ok(drawn);
    }
    let same = again.split('\n').zip(published.split('\n')).take_while(|(one, other)| one == other);
    Err(vec![Fault::OtherDraw(same.count() + 1)])
}

/// A number by which things are put in order.
type Ticket = [u8; 32];

/// What gives tickets: the keyed function before its first word.
struct Tickets(Option<Hmac<Sha256>>);

impl Tickets {
    fn of(lists: &str, seeds: &BTreeMap<Name, Seed>) -> Self {
        let mut text = format!("draw seed 1\t{lists}");
        for (by, seed) in seeds {
            text.push_str(&format!("\t{by}\t{}", seed.written()));
        }
        // A key of any length is taken, so this is always there.
        Self(Hmac::new_from_slice(&digest(&text)).ok())
    }

    fn ticket(&self, words: &[&str]) -> Ticket {
        let Some(mut ticket) = self.0.clone() else { return Ticket::default() };
        for (place, word) in words.iter().enumerate() {
            if place > 0 {
                ticket.update(b"\t");
            }
            ticket.update(word.as_bytes());
        }
        ticket.finalize().into_bytes().into()
    }
}
