//! How those who had a case in a service rated it: the public entries that a pack's procedures
//! about handled cases made of that service. Of one case nothing is told, for that would tell who
//! rated.

use base::Name;
use pack::model::{Input, Procedure, Register, RegisterField};
use rules::Value;
use store::RegisterQuery;

use super::{about, certificate::now, escaped};
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::{ratings::RatingsView, register::link},
    permit::{may_search, published_on},
    visit::Visit,
};

/// So many of the newest are counted.
const COUNTED_MAX: u32 = 500;

/// The registers of ratings, each with the field of the grade: what people may write in them about
/// a handled case.
fn registers(visit: &Visit) -> Vec<(&Register, &RegisterField)> {
    let pack = visit.pack();
    let Some(handled) = pack.handled() else { return Vec::new() };
    let open = pack.procedures.values().filter(|own| own.open_to_people());
    let rates = open.filter(|own| about::asked(own, &handled.name).is_some());
    let registers = rates.filter_map(|own| pack.registers.get(&own.register));
    let public = registers.filter(|own| own.public && may_search(visit, own));
    let graded = |own: &&RegisterField| matches!(own.input, Input::Choice(_));
    public.filter_map(|own| Some((own, own.fields.iter().find(graded)?))).collect()
}

/// What people said of a service; nothing where nobody did.
pub(super) async fn of_service(
    visit: &Visit,
    procedure: &Procedure,
) -> Result<Vec<RatingsView>, Fault> {
    let as_of = now(visit).await?;
    let title = &procedure.title;
    let own = [Value::Bilingual(title.clone()), Value::Text(title.zh.clone())];
    let mut views = Vec::new();
    for (register, grade) in registers(visit) {
        let query = RegisterQuery {
            register: register.name.clone(),
            at: as_of.at,
            known: as_of.known,
            heading_contains: Some(title.zh.clone()),
            published_on: published_on(visit, register),
            after: None,
            limit: COUNTED_MAX,
        };
        let found = visit.app.store.newest(query).await?;
        let of_it = found.iter().map(|(_, version)| &version.fields);
        let of_it = of_it.filter(|fields| {
            fields.get(&register.headed).is_some_and(|heading| own.contains(heading))
        });
        let given: Vec<&Value> = of_it.filter_map(|fields| fields.get(&grade.name)).collect();
        let Input::Choice(options) = &grade.input else { continue };
        if given.is_empty() {
            continue;
        }
        let shown = link(visit.shown(), register);
        let address = format!("{}?q={}", shown.href, escaped(title.to(visit.words.0)));
        let count = |name: &Name| {
            let of_it = |own: &&&Value| matches!(own, Value::Choice(given) if given == name);
            given.iter().filter(of_it).count()
        };
        views.push(RatingsView {
            register: Link { href: address, text: shown.text },
            grade: grade.title.to(visit.words.0).to_owned(),
            total: given.len(),
            rows: options
                .iter()
                .map(|(name, title)| (title.to(visit.words.0).to_owned(), count(name)))
                .collect(),
        });
    }
    Ok(views)
}
