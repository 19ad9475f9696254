//! The columns of rows as facts of a condition, read where they lie.

use arrow_array::{
    Array, ArrayRef, BooleanArray, RecordBatch, StringArray,
    cast::AsArray as _,
    types::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType},
};
use base::{Fen, Instant, Name};
use lake::batch::day_of_number;
use rules::{Type, Value};

/// A column of rows, with how it is read.
pub(crate) struct Column<'b> {
    kind: Type,
    cells: Cells<'b>,
}

enum Cells<'b> {
    Text(&'b StringArray),
    Texts(&'b ArrayRef),
    Whole(&'b [i64], &'b ArrayRef),
    Decimal(&'b [i128], &'b ArrayRef),
    Date(&'b [i32], &'b ArrayRef),
    Moment(&'b [i64], &'b ArrayRef),
    Truth(&'b BooleanArray),
    Person(&'b ArrayRef),
}

impl<'b> Column<'b> {
    /// The column of that name, whose values are of that type; none where the rows have no such
    /// column, or keep it in another way.
    pub(crate) fn of(rows: &'b RecordBatch, name: &Name, kind: &Type) -> Option<Self> {
        let array = rows.column_by_name(&name.as_str().replace('-', "_"))?;
        let cells = match kind {
            Type::Text | Type::Entry(_) | Type::Code(_) | Type::Choice(_) => {
                Cells::Text(array.as_string_opt()?)
            }
            Type::Texts | Type::Codes(_) => {
                Cells::Texts(array.as_list_opt::<i32>().map(|_| array)?)
            }
            Type::Integer => Cells::Whole(array.as_primitive_opt::<Int64Type>()?.values(), array),
            Type::Money | Type::Decimal(_) => {
                Cells::Decimal(array.as_primitive_opt::<Decimal128Type>()?.values(), array)
            }
            Type::Date => Cells::Date(array.as_primitive_opt::<Date32Type>()?.values(), array),
            Type::Moment => {
                let moments = array.as_primitive_opt::<TimestampMicrosecondType>()?;
                Cells::Moment(moments.values(), array)
            }
            Type::Boolean => Cells::Truth(array.as_boolean_opt()?),
            Type::Party => Cells::Person(array.as_binary_opt::<i32>().map(|_| array)?),
            _ => return None,
        };
        Some(Self { kind: kind.clone(), cells })
    }

    /// What stands in a row; none where nothing does.
    pub(crate) fn value(&self, row: usize) -> Option<Value> {
        let there = |array: &ArrayRef| !array.is_null(row);
        match &self.cells {
            Cells::Text(texts) => {
                let text = texts.is_valid(row).then(|| texts.value(row))?;
                self.text(text)
            }
            Cells::Texts(lists) => {
                let list = lists.as_list_opt::<i32>()?;
                let texts = list.is_valid(row).then(|| list.value(row))?;
                let texts = texts.as_string_opt::<i32>()?.iter().flatten().map(str::to_owned);
                Some(Value::Codes(texts.collect()))
            }
            Cells::Whole(numbers, array) => {
                numbers.get(row).filter(|_| there(array)).copied().map(Value::Integer)
            }
            Cells::Decimal(units, array) => {
                let units = units.get(row).filter(|_| there(array)).copied()?;
                self.decimal(i64::try_from(units).ok()?)
            }
            Cells::Date(days, array) => {
                let day = days.get(row).filter(|_| there(array)).copied()?;
                Some(Value::Date(day_of_number(day)))
            }
            Cells::Moment(moments, array) => {
                let micros = moments.get(row).filter(|_| there(array)).copied()?;
                Some(Value::Moment(Instant::from_micros(micros)))
            }
            Cells::Truth(truths) => truths.is_valid(row).then(|| Value::Boolean(truths.value(row))),
            Cells::Person(people) => {
                let people = people.as_binary_opt::<i32>()?;
                let digest = people.is_valid(row).then(|| people.value(row))?;
                Some(Value::Party(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
            }
        }
    }

    fn text(&self, text: &str) -> Option<Value> {
        match &self.kind {
            Type::Choice(_) => Name::new(text).ok().map(Value::Choice),
            Type::Code(_) => Some(Value::Code(text.to_owned())),
            _ => Some(Value::Text(text.to_owned())),
        }
    }

    fn decimal(&self, units: i64) -> Option<Value> {
        match self.kind {
            Type::Decimal(places) => Some(Value::Decimal { units, places }),
            _ => Some(Value::Money(Fen(units))),
        }
    }
}
