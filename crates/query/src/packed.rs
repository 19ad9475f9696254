//! Columns in little room. A file of the lake holds rows of one day: most texts and digests stand
//! in many of them, and whole numbers lie close together.

use std::sync::Arc;

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Int64Array, PrimitiveArray,
    cast::AsArray as _,
    types::{ArrowPrimitiveType, Decimal128Type, Int64Type, UInt8Type, UInt16Type, UInt32Type},
};
use arrow_schema::{DataType, Field, FieldRef};
use arrow_select::filter::filter;
use datafusion::{
    arrow::compute::{cast, max, min},
    common::Result,
};

/// Texts are told once each where at least one row in so many has one that was told before.
const TOLD_BEFORE: usize = 4;
/// The bytes of a text or a digest, about: most are told once for many rows.
const TEXT_BYTES: usize = 3;
/// Those of a whole number: most lie close together.
const WHOLE_BYTES: usize = 4;
/// Those of a list.
const LIST_BYTES: usize = 48;

/// A column in little room.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    /// What it holds.
    kind: DataType,
    values: ArrayRef,
    /// How whole numbers follow from the values, where they are not the values themselves.
    scale: Option<Scale>,
}

/// Whole numbers that lie in steps above the least of them.
#[derive(Debug, Clone, Copy)]
struct Scale {
    least: i64,
    step: u64,
}

impl Packed {
    /// A column of a kind; its texts may be told once each already.
    pub(crate) fn of(values: ArrayRef, kind: &DataType) -> Result<Self> {
        if values.as_any_dictionary_opt().is_some() {
            return Ok(Self::as_it_is(told_once(values)?, kind));
        }
        let values = cast(&values, kind)?;
        let packed = wholes(&values)?.and_then(|wholes| close_together(&wholes));
        Ok(match packed {
            Some((by, scale)) => Self { kind: kind.clone(), values: by, scale: Some(scale) },
            None => Self::as_it_is(values, kind),
        })
    }

    /// A column that stays as it is.
    pub(crate) fn as_it_is(mut values: ArrayRef, kind: &DataType) -> Self {
        values.shrink_to_fit();
        Self { kind: kind.clone(), values, scale: None }
    }

    /// The values as they are held.
    pub(crate) fn held(&self) -> &ArrayRef {
        &self.values
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.values.get_array_memory_size()
    }

    /// Some of its rows, in its kind.
    pub(crate) fn rows(&self, which: &BooleanArray) -> Result<ArrayRef> {
        let found = filter(&self.values, which)?;
        let Some(scale) = self.scale else { return Ok(cast(&found, &self.kind)?) };
        let by = cast(&found, &DataType::Int64)?;
        let wholes: Int64Array = by.as_primitive::<Int64Type>().unary(|by| scale.whole(by));
        if let DataType::Decimal128(_, _) = self.kind {
            let values: PrimitiveArray<Decimal128Type> = wholes.unary(i128::from);
            return Ok(Arc::new(values.with_data_type(self.kind.clone())));
        }
        Ok(cast(&wholes, &self.kind)?)
    }
}

impl Scale {
    // What stands where there is no value may be any number, so both wrap.
    fn whole(self, by: i64) -> i64 {
        by.wrapping_mul(self.step.cast_signed()).wrapping_add(self.least)
    }

    fn by(self, whole: i64) -> u64 {
        whole.wrapping_sub(self.least).cast_unsigned() / self.step
    }
}

/// The bytes of one value, about, once it is packed.
pub(crate) fn bytes_of(kind: &DataType) -> usize {
    match kind {
        DataType::List(_) | DataType::LargeList(_) => LIST_BYTES,
        kind => match kind.primitive_width() {
            Some(width) => width.min(WHOLE_BYTES),
            None => TEXT_BYTES,
        },
    }
}

/// How a column is best read: of texts and digests each once, as files have them.
pub(crate) fn read_as(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        kind @ (DataType::Utf8 | DataType::Binary) => kind.clone(),
        _ => return Arc::clone(field),
    };
    let once = DataType::Dictionary(Box::new(DataType::Int32), Box::new(kind));
    Arc::new(Field::new(field.name(), once, field.is_nullable()))
}

/// Texts that are told once each, with places as short as can be; as they are where most differ.
fn told_once(values: ArrayRef) -> Result<ArrayRef> {
    let Some(once) = values.as_any_dictionary_opt() else { return Ok(values) };
    let (different, kind) = (once.values().len(), once.values().data_type().clone());
    if different > values.len() - values.len() / TOLD_BEFORE {
        return Ok(cast(&values, &kind)?);
    }
    let place = match different {
        ..=0x100 => DataType::UInt8,
        0x101..=0x1_0000 => DataType::UInt16,
        _ => DataType::UInt32,
    };
    Ok(cast(&values, &DataType::Dictionary(Box::new(place), Box::new(kind)))?)
}

/// The whole numbers behind values, where there are such.
fn wholes(values: &ArrayRef) -> Result<Option<Int64Array>> {
    let wholes = match values.data_type() {
        DataType::Int64 | DataType::Timestamp(_, _) => {
            cast(values, &DataType::Int64)?.as_primitive::<Int64Type>().clone()
        }
        DataType::Decimal128(_, _) => {
            let values = values.as_primitive::<Decimal128Type>();
            values.unary_opt(|value| i64::try_from(value).ok())
        }
        _ => return Ok(None),
    };
    Ok((wholes.null_count() == values.null_count()).then_some(wholes))
}

/// Whole numbers by their distances from the least of them, where those are short.
fn close_together(wholes: &Int64Array) -> Option<(ArrayRef, Scale)> {
    let (least, most) = (min(wholes)?, max(wholes)?);
    let distances = wholes.iter().flatten().map(|whole| whole.abs_diff(least));
    let scale = Scale { least, step: distances.fold(0, common).max(1) };
    let by: ArrayRef = match scale.by(most) {
        ..=0xFF => Arc::new(distances_of::<UInt8Type>(wholes, scale)),
        0x100..=0xFFFF => Arc::new(distances_of::<UInt16Type>(wholes, scale)),
        0x1_0000..=0xFFFF_FFFF => Arc::new(distances_of::<UInt32Type>(wholes, scale)),
        _ => return None,
    };
    Some((by, scale))
}

fn distances_of<T: ArrowPrimitiveType>(wholes: &Int64Array, scale: Scale) -> PrimitiveArray<T>
where
    T::Native: TryFrom<u64>,
{
    // Only what stands where there is no value can be too much.
    wholes.unary(|whole| T::Native::try_from(scale.by(whole)).unwrap_or_default())
}

/// The greatest number that divides both.
fn common(mut one: u64, mut other: u64) -> u64 {
    while one != 0 {
        (one, other) = (other % one, one);
    }
    other
}

#[cfg(test)]
mod tests {
    use arrow_array::{Decimal128Array, TimestampMicrosecondArray, new_null_array};

    use super::*;

    fn check(values: &ArrayRef, bytes_most: usize) {
        let packed = Packed::of(Arc::clone(values), values.data_type()).unwrap();
        let all = BooleanArray::from(vec![true; values.len()]);
        assert_eq!(&packed.rows(&all).unwrap(), values);
        let width = packed.held().data_type().primitive_width();
        assert!(width.is_none_or(|width| width <= bytes_most), "{:?}", packed.held().data_type());
    }

    fn numbers(values: Vec<Option<i64>>) -> ArrayRef {
        Arc::new(Int64Array::from(values))
    }

    #[test]
    fn whole_numbers_come_back_as_they_were() {
        check(&numbers(vec![Some(7_000_000), None, Some(7_000_255)]), 1);
        check(&numbers(vec![Some(-3), Some(40_000), Some(0)]), 2);
        check(&numbers(vec![Some(i64::MIN), Some(i64::MAX), None]), 1);
        check(&numbers(vec![Some(i64::MIN), Some(0), Some(1), Some(i64::MAX)]), 8);
        check(&numbers(vec![Some(5), Some(5)]), 1);
        check(&numbers(vec![None, None]), 8);
        check(&numbers(Vec::new()), 8);
    }

    #[test]
    fn so_do_moments_and_decimals() {
        let second = 1_000_000;
        let moments = vec![Some(1_750_000_000 * second), None, Some(1_750_086_399 * second)];
        let moments = TimestampMicrosecondArray::from(moments).with_timezone("UTC");
        check(&(Arc::new(moments) as ArrayRef), 4);
        let decimals = Decimal128Array::from(vec![Some(10_000), Some(-30_000), None]);
        let decimals = decimals.with_precision_and_scale(18, 4).unwrap();
        check(&(Arc::new(decimals) as ArrayRef), 1);
        let vast = Decimal128Array::from(vec![Some(i128::from(i64::MAX) + 1), Some(0)]);
        check(&(Arc::new(vast) as ArrayRef), 16);
    }

    #[test]
    fn so_do_texts() {
        let texts = |texts: Vec<Option<&str>>| {
            let plain: ArrayRef = Arc::new(arrow_array::StringArray::from(texts));
            let kind = read_as(&Arc::new(Field::new("text", DataType::Utf8, true)));
            let once = cast(&plain, kind.data_type()).unwrap();
            let packed = Packed::of(once, &DataType::Utf8).unwrap();
            let all = BooleanArray::from(vec![true; plain.len()]);
            assert_eq!(&packed.rows(&all).unwrap(), &plain);
            packed.held().data_type().clone()
        };
        let often = texts(vec![Some("a"), None, Some("a"), Some("a"), Some("b"), Some("b")]);
        assert!(matches!(often, DataType::Dictionary(place, _) if *place == DataType::UInt8));
        assert_eq!(texts(vec![Some("a"), Some("b"), Some("c"), Some("d")]), DataType::Utf8);
        check(&new_null_array(&DataType::Utf8, 3), 0);
    }
}
