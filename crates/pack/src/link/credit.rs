//! Points tables: every register and field is known and of its kind, and the table is sound.

use std::collections::BTreeMap;

use base::{Name, Text};
use credit::{Bound, Counts, Edition, Lasts, Period, Table, Unsound};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{self, CreditFile},
    model::{Credit, CreditEdition, CreditPoints, Input, Pack, Register},
    node::Span,
    read::Spanned,
};

impl Linker<'_> {
    /// The points tables of a pack.
    pub(super) fn credits(&mut self, pack: &Pack) -> BTreeMap<Name, Credit> {
        let parsed = self.parsed;
        let linked: Vec<_> = parsed
            .credits
            .iter()
            .filter_map(|file| Some((file.credit.clone(), file.at, self.credit(pack, file)?)))
            .collect();
        self.unique(linked)
    }

    fn credit(&mut self, pack: &Pack, file: &CreditFile) -> Option<Credit> {
        if pack.divisions.name(&file.place.value).is_none() {
            let (zh, en) = ("没有这个区划", "there is no such division");
            self.fault("credit-place", file.place.at, zh, en);
        }
        self.must_know(Kind::Register, &file.register, pack.registers.keys().map(Name::as_str));
        let points = self.credit_points(pack, file);
        let register = pack.registers.get(&file.register.value)?;
        if let Some(began) = &file.began {
            self.credit_field(register, began, &Input::Date);
        }
        let table = self.credit_table(file)?;
        let words = |own: &language::CreditEdition| CreditEdition {
            from: own.from,
            basis: own.basis.clone(),
            effects: own
                .bounds
                .iter()
                .map(|(name, bound)| (name.value.clone(), bound.title.clone()))
                .collect(),
        };
        Some(Credit {
            name: file.credit.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            place: file.place.value.clone(),
            register: register.name.clone(),
            points: points?,
            began: file.began.as_ref().map(|field| field.value.clone()),
            table,
            editions: file.editions.iter().map(words).collect(),
        })
    }

    fn credit_points(&mut self, pack: &Pack, file: &CreditFile) -> Option<CreditPoints> {
        let written = &file.points;
        let known = pack.registers.keys().map(Name::as_str);
        self.must_know(Kind::Register, &written.register, known);
        let register = pack.registers.get(&written.register.value)?;
        self.credit_field(register, &written.names, &Input::Entry(file.register.value.clone()));
        self.credit_field(register, &written.points, &Input::Integer);
        self.credit_field(register, &written.day, &Input::Date);
        Some(CreditPoints {
            register: register.name.clone(),
            names: written.names.value.clone(),
            points: written.points.value.clone(),
            day: written.day.value.clone(),
        })
    }

    /// A field of a register that must be of a kind.
    fn credit_field(&mut self, register: &Register, name: &Spanned<Name>, kind: &Input) {
        let known: Vec<&str> = register.fields.iter().map(|own| own.name.as_str()).collect();
        self.must_know(Kind::RegisterField, name, known);
        let of_another = |own: &Input| own != kind;
        if register.field(&name.value).is_some_and(|field| of_another(&field.input)) {
            let (zh, en) = match kind {
                Input::Date => ("该登记项须为日期", "it must be a day"),
                Input::Integer => ("该登记项须为整数", "it must be a whole number"),
                _ => ("该登记项须指向被记分的登记", "it must name the entry that has the points"),
            };
            self.fault("credit-field", name.at, zh, en);
        }
    }

    fn credit_table(&mut self, file: &CreditFile) -> Option<Table> {
        if file.editions.is_empty() {
            let at = self.first_line(file.at);
            let (zh, en) =
                ("须用 editions 写明从哪天起怎样计算", "say under `editions` what holds from when");
            self.fault("credit-editions", at, zh, en);
            return None;
        }
        let mut editions = Vec::new();
        for own in &file.editions {
            let over = own.bounds.values().any(|bound| bound.over_months.is_some());
            if (own.months.is_some() || over) && file.began.is_none() {
                let zh = "按周期计分的，须用 began 写明周期从哪一天起";
                let en = "where points count from a beginning, say under `began` which day that is";
                self.fault("credit-began", self.first_line(own.at), zh, en);
            }
            editions.push(self.credit_edition(own));
        }
        let place = |day| {
            let found = file.editions.iter().rfind(|own| own.from == day);
            found.map_or(file.at, |own| own.at)
        };
        let named = |name: &Name| {
            let names = file.editions.iter().flat_map(|own| own.bounds.names());
            names.filter(|own| own.value == *name).last().map_or(file.at, |own| own.at)
        };
        match Table::new(editions) {
            Ok(table) => Some(table),
            Err(unsound) => {
                let (at, says) = match &unsound {
                    Unsound::Days(day) | Unsound::Nothing(day) => {
                        (self.first_line(place(*day)), unsound_says(&unsound))
                    }
                    Unsound::Twice(name) => (named(name), unsound_says(&unsound)),
                    Unsound::NoEffect(name) => (while_of(file, name), unsound_says(&unsound)),
                };
                self.faults.push(Fault::new("credit-table", at, says));
                None
            }
        }
    }

    fn credit_edition(&mut self, own: &language::CreditEdition) -> Edition {
        if own.bounds.is_empty() {
            let at = self.first_line(own.at);
            let (zh, en) = (
                "须用 bounds 写明分值和后果",
                "say under `bounds` what follows from how many points",
            );
            self.fault("credit-bounds", at, zh, en);
        }
        let mut bounds = Vec::new();
        for (name, bound) in own.bounds.iter() {
            bounds.push(self.credit_bound(name, bound));
        }
        let period = own.months.map_or(Period::CalendarYear, Period::Months);
        Edition { from: own.from, until: own.until, period, bounds }
    }

    fn credit_bound(&mut self, name: &Spanned<Name>, bound: &language::CreditBound) -> Bound {
        let once = bound.once.unwrap_or(false);
        let counted = [once, bound.over_months.is_some(), bound.r#while.is_some()];
        let open = bound.lasts_open.unwrap_or(false);
        if counted.iter().filter(|own| **own).count() > 1 || (open && bound.lasts_months.is_some())
        {
            let zh = "计分方式和后果期限各写一种";
            let en = "say one way of counting and one end of what follows";
            self.fault("credit-two-ways", name.at, zh, en);
        }
        let counts = match (once, bound.over_months, &bound.r#while) {
            (true, _, _) => Counts::Once,
            (_, Some(months), _) => Counts::Months(months),
            (_, _, Some(other)) => Counts::While(other.value.clone()),
            (false, None, None) => Counts::Period,
        };
        let lasts = match (open, bound.lasts_months) {
            (true, _) => Lasts::Open,
            (_, Some(months)) => Lasts::Months(months),
            (false, None) => Lasts::Period,
        };
        Bound { effect: name.value.clone(), counts, points: bound.points, lasts }
    }
}

/// Where another bound is named.
fn while_of(file: &CreditFile, name: &Name) -> Span {
    let bounds = file.editions.iter().flat_map(|own| own.bounds.values());
    let mut named = bounds.filter_map(|own| own.r#while.as_ref());
    named.find(|own| own.value == *name).map_or(file.at, |own| own.at)
}

fn unsound_says(unsound: &Unsound) -> Text {
    match unsound {
        Unsound::Days(_) => Text::new(
            "各版须按日期先后、互不重叠，且止于起始之后",
            "editions follow one another by their days, and each ends after it begins",
        ),
        Unsound::Nothing(_) => Text::new(
            "周期、计算期、后果期限和分值都须至少为一",
            "a period, a count, a time and the points of a bound are one at least",
        ),
        Unsound::Twice(name) => Text::new(
            format!("`{name}` 在一版中重复"),
            format!("`{name}` comes twice in an edition"),
        ),
        Unsound::NoEffect(name) => Text::new(
            format!("前面没有 `{name}` 这一后果"),
            format!("there is no bound `{name}` before this one"),
        ),
    }
}
