//! JSON as we write it.

use serde_json::Value;

/// JSON with its keys in the order of the alphabet, whatever order a library we use asks for.
pub(crate) fn in_order(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}
