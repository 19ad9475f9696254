//! Whether a row has one of many keys. The engine's own list of values is made anew for each file,
//! which for the thousands of persons of a day and the hundreds of files of a year takes longer
//! than reading them; this one is shared.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, cast::AsArray as _};
use arrow_schema::{DataType, Schema};
use datafusion::{
    arrow::{buffer::BooleanBuffer, compute::cast},
    common::{HashSet, Result},
    logical_expr::ColumnarValue,
    physical_expr::PhysicalExpr,
};

/// The bytes of keys.
type Bytes = HashSet<Box<[u8]>>;

/// Whether a column holds one of these keys; an empty one holds none.
#[derive(Clone)]
pub struct OneOf {
    column: Arc<dyn PhysicalExpr>,
    keys: Arc<Bytes>,
}

impl OneOf {
    /// The condition, for a column of texts or bytes.
    ///
    /// # Errors
    /// Where the keys are neither.
    pub fn new(column: Arc<dyn PhysicalExpr>, keys: &ArrayRef) -> Result<Self> {
        let keys = cast(keys, &DataType::BinaryView)?;
        let keys = keys.as_binary_view().iter().flatten().map(Box::from).collect();
        Ok(Self { column, keys: Arc::new(keys) })
    }

    /// The bytes of the keys, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(AsRef::as_ref)
    }

    fn found<'a>(&self, values: impl Iterator<Item = Option<&'a [u8]>>) -> BooleanBuffer {
        values.map(|value| value.is_some_and(|value| self.keys.contains(value))).collect()
    }

    /// Whether keys of this kind can be told by their bytes.
    pub(crate) fn of(kind: &DataType) -> bool {
        matches!(
            kind,
            DataType::Utf8 | DataType::Utf8View | DataType::Binary | DataType::BinaryView
        )
    }
}

impl PhysicalExpr for OneOf {
    fn data_type(&self, _: &Schema) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn nullable(&self, _: &Schema) -> Result<bool> {
        Ok(false)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let column = self.column.evaluate(batch)?.into_array(batch.num_rows())?;
        let found = if let Some(texts) = column.as_string_opt::<i32>() {
            self.found(texts.iter().map(|text| text.map(str::as_bytes)))
        } else if let Some(bytes) = column.as_binary_opt::<i32>() {
            self.found(bytes.iter())
        } else {
            self.found(cast(&column, &DataType::BinaryView)?.as_binary_view().iter())
        };
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::new(found, None))))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.column]
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let column = children.into_iter().next().unwrap_or_else(|| Arc::clone(&self.column));
        Ok(Arc::new(Self { column, keys: Arc::clone(&self.keys) }))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is one of {} keys", self.column, self.keys.len())
    }
}

impl fmt::Debug for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The same keys are the same set, not one that is equal to it.
impl PartialEq for OneOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys) && self.column.eq(&other.column)
    }
}

impl Eq for OneOf {}

impl Hash for OneOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.column.hash(state);
        self.keys.len().hash(state);
    }
}
