//! Searching the public registers: what was typed, which filters are set, as of which day.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::Query as Asked,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base::{Division, DivisionLevel, Name, Point, Reason, Text};
use pack::model::Register;
use store::{Hit, SearchCursor, SearchPage, SearchQuery, Wanted};

use super::{AsOf, Query, escaped};
use crate::web::{
    api::search::Found,
    entries::{Headings, named_by},
    fault::{Fault, numbered},
    pages::{
        register::Looked,
        search::{Answered, Choice, Force, Listed, SearchView},
    },
    permit::may_search,
    visit::{Visit, page},
};

/// How many hits one page shows.
const PAGE: u32 = 20;
/// How many a program gets at once.
const WIRE_PAGE: u32 = 100;

/// What an address asks to be sought.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Sought {
    q: String,
    registers: BTreeSet<String>,
    force: String,
    district: String,
    near: String,
    after: String,
    as_of: Query,
}

impl Sought {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut sought = Self::default();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            match name.as_str() {
                "q" => sought.q = value,
                "register" if !value.is_empty() => drop(sought.registers.insert(value)),
                "force" => sought.force = value,
                "district" => sought.district = value,
                "near" => sought.near = value,
                "after" => sought.after = value,
                "on" => sought.as_of.on = value,
                "known" => sought.as_of.known = value,
                _ => {}
            }
        }
        sought
    }

    fn force(&self) -> Force {
        match self.force.as_str() {
            "in" => Force::In,
            "ended" => Force::Ended,
            _ => Force::Either,
        }
    }

    /// The question for the store.
    fn query(&self, visit: &Visit, as_of: AsOf, limit: u32) -> Result<SearchQuery, Fault> {
        let district = match self.district.as_str() {
            "" => None,
            code => Some(Division::parse(code).map_err(Fault::BadAddress)?),
        };
        let after = match self.after.as_str() {
            "" => None,
            text => {
                let cursor = SearchCursor::parse(text);
                Some(cursor.ok_or_else(|| Fault::BadAddress(not_a_place(text)))?)
            }
        };
        let near = self.near(visit)?;
        let wanted = match self.q.as_str() {
            "" if near.is_some() => None,
            text => Some(Wanted::parse(text).map_err(Fault::Unsought)?),
        };
        Ok(SearchQuery {
            wanted,
            near,
            at: as_of.at,
            known: as_of.known,
            registers: self.registers(visit)?,
            in_force: self.force().wanted(),
            district: district.and_then(|own| own.at(DivisionLevel::County)),
            after,
            limit,
        })
    }

    /// The registers to search, of those that the reader may: none for all that are public.
    fn registers(&self, visit: &Visit) -> Result<BTreeSet<Name>, Fault> {
        let public = || visit.pack().registers.values().filter(|register| register.public);
        let open: BTreeSet<Name> = public()
            .filter(|register| may_search(visit, register))
            .map(|register| register.name.clone())
            .collect();
        let asked: BTreeSet<Name> =
            open.iter().filter(|name| self.registers.contains(name.as_str())).cloned().collect();
        let all = open.len() == public().count();
        match (asked.is_empty(), open.is_empty()) {
            (false, _) => Ok(asked),
            (true, _) if all => Ok(BTreeSet::new()),
            (true, false) => Ok(open),
            (true, true) => Err(Fault::NoSuchPage),
        }
    }

    /// The place near which something is sought: written out, or the middle of a district.
    fn near(&self, visit: &Visit) -> Result<Option<Point>, Fault> {
        if self.near.is_empty() {
            return Ok(None);
        }
        let district =
            Division::parse(&self.near).ok().and_then(|own| own.at(DivisionLevel::County));
        let outlines = visit.pack().outlines.as_ref();
        let centre = outlines.zip(district).and_then(|(outlines, own)| outlines.centre(&own));
        match centre {
            Some(centre) => Ok(Some(centre)),
            None => Point::parse(&self.near).map(Some).map_err(Fault::NoPlace),
        }
    }

    /// The address of the same search, with or without some of it.
    fn href(&self, visit: &Visit, after: &str) -> String {
        let registers = self.registers.iter().map(|own| ("register", own.as_str()));
        let pairs = [
            ("q", self.q.as_str()),
            ("force", self.force().word()),
            ("district", &self.district),
            ("near", &self.near),
            ("on", &self.as_of.on),
            ("known", &self.as_of.known),
            ("after", after),
        ];
        let said = pairs.into_iter().chain(registers).filter(|(_, value)| !value.is_empty());
        let said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        visit.to(&format!("/search?{}", said.join("&")))
    }
}

fn not_a_place(text: &str) -> Reason {
    Reason {
        word: "search-cursor",
        says: Text::new(
            format!("`{text}` 不是查询结果中的位置；请从第一页重新查看"),
            format!("`{text}` is no place in a list of results; begin with the first page"),
        ),
    }
}

/// The search and what it finds.
pub(in crate::web) async fn show(
    visit: Visit,
    Asked(pairs): Asked<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let sought = Sought::of(pairs);
    let as_of = sought.as_of.as_of(&visit).await?;
    if sought.q.is_empty() && sought.near.is_empty() {
        return page(&view(&visit, &sought, as_of, &SearchPage::default(), Answered::NotAsked));
    }
    let query = match sought.query(&visit, as_of, PAGE) {
        Ok(query) => query,
        Err(fault @ (Fault::Unsought(_) | Fault::NoPlace(_))) => {
            return refused(&visit, &sought, as_of, &fault);
        }
        Err(fault) => return Err(fault),
    };
    let found = visit.app.store.search(&query).await?;
    let kept = sought.as_of.kept();
    let hits = listed(&visit, &found.hits, as_of, &kept).await?;
    let meant = listed(&visit, &found.meant, as_of, &kept).await?;
    page(&view(&visit, &sought, as_of, &found, Answered::Found { hits, meant }))
}

/// The page of a search that cannot be made, with what was typed.
fn refused(visit: &Visit, sought: &Sought, as_of: AsOf, fault: &Fault) -> Result<Response, Fault> {
    let number = fault.number();
    let refused = Answered::refused(visit.words, fault);
    let shown = page(&view(visit, sought, as_of, &SearchPage::default(), refused))?;
    Ok(numbered(number, (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()))
}

fn view(
    visit: &Visit,
    sought: &Sought,
    as_of: AsOf,
    found: &SearchPage,
    answered: Answered,
) -> SearchView {
    let next = found.next.map(|next| sought.href(visit, &next.to_string())).unwrap_or_default();
    let begin = Sought { q: sought.q.clone(), as_of: sought.as_of.clone(), ..Sought::default() };
    SearchView {
        frame: visit.frame(),
        q: sought.q.clone(),
        looked: Looked {
            q: sought.q.clone(),
            on: as_of.on.to_string(),
            known: sought.as_of.known.clone(),
        },
        total: SearchView::count(visit.words, found.total),
        registers: registers(visit, sought, found),
        force: sought.force(),
        districts: districts(visit, sought),
        near: sought.near.clone(),
        filtered: !sought.registers.is_empty()
            || sought.force() != Force::Either
            || !sought.district.is_empty()
            || !sought.near.is_empty(),
        unfiltered: begin.href(visit, ""),
        answered,
        next,
    }
}

/// The registers in which something was found, and those that are asked for.
fn registers(visit: &Visit, sought: &Sought, found: &SearchPage) -> Vec<Choice> {
    let public = visit.pack().registers.values().filter(|register| register.public);
    let choice = |register: &Register| {
        let chosen = sought.registers.contains(register.name.as_str());
        // What the reader may not search is not even counted.
        let count = found.by_register.get(&register.name).filter(|_| may_search(visit, register));
        (chosen || count.is_some()).then(|| Choice {
            value: register.name.to_string(),
            title: register.title.to(visit.words.0).to_owned(),
            count: count.map_or_else(String::new, |own| SearchView::short(visit.words, *own)),
            chosen,
        })
    };
    public.filter_map(choice).collect()
}

/// The districts of the place.
fn districts(visit: &Visit, sought: &Sought) -> Vec<Choice> {
    let divisions = &visit.pack().divisions;
    let whole = visit.pack().jurisdiction.as_ref();
    let within = |whole| divisions.of_level(DivisionLevel::County, whole);
    let counties = whole.into_iter().flat_map(within);
    let choice = |own: &Division| {
        let title = divisions.name(own)?.to(visit.words.0).to_owned();
        let chosen = own.as_str() == sought.district;
        Some(Choice { value: own.as_str().to_owned(), title, count: String::new(), chosen })
    };
    counties.filter_map(choice).collect()
}

/// Hits as a reader sees them.
async fn listed(
    visit: &Visit,
    hits: &[Hit],
    as_of: AsOf,
    kept: &str,
) -> Result<Vec<Listed>, Fault> {
    let shown = visit.shown();
    let known = |hit: &Hit| visit.pack().registers.get(&hit.register);
    let named = hits.iter().filter_map(|hit| named_by(known(hit)?, &hit.version.fields)).collect();
    let headings = Headings::load(visit, shown, &named, (as_of.at, as_of.known)).await?;
    let listed =
        hits.iter().filter_map(|hit| Some(Listed::of(shown, known(hit)?, hit, kept, &headings)));
    Ok(listed.collect())
}

/// The same for programs.
pub(in crate::web) async fn answer(
    visit: Visit,
    Asked(pairs): Asked<Vec<(String, String)>>,
) -> Result<Json<Found>, Fault> {
    let sought = Sought::of(pairs);
    let as_of = sought.as_of.as_of(&visit).await?;
    let query = sought.query(&visit, as_of, WIRE_PAGE)?;
    let found = visit.app.store.search(&query).await?;
    let (on, known) = (as_of.on.to_string(), as_of.known.0);
    let open = |register: &Register| may_search(&visit, register);
    Ok(Json(Found::of(visit.pack(), on, known, &found, open)))
}
