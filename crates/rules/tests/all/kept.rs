//! Values as old ledgers hold them: a row here never changes.

use base::{Division, Fen, Instant, Point, Text};
use rules::Value;

use crate::willow::{codes, day, name};

#[test]
fn values_are_kept_as_ever() {
    let check = |value: Value, bytes: &str| {
        let kept = minicbor::to_vec(&value).unwrap();
        let shown: String = kept.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, bytes, "{value:?}");
        assert_eq!(minicbor::decode::<Value>(&kept).unwrap(), value);
    };
    check(Value::Boolean(true), "820081f5");
    check(Value::Integer(-1), "82018120");
    check(Value::Text("柳".into()), "82028163e69fb3");
    check(Value::Date(day("1970-01-02")), "82038101");
    check(Value::Money(Fen(350)), "82048119015e");
    check(Value::Division(Division::parse("990101").unwrap()), "82058166393930313031");
    check(Value::Choice(name("open")), "820681646f70656e");
    check(Value::Code("03.01".into()), "8207816530332e3031");
    check(Value::Codes(codes(&["b", "a"])), "8208818261616162");
    check(Value::Bilingual(Text::new("柳", "a")), "8209818263e69fb36161");
    check(Value::Party("p".into()), "820a816170");
    check(Value::Sealed, "820b80");
    check(Value::Point(Point::new(1, -1).unwrap()), "820c81820120");
    check(Value::Moment(Instant::from_micros(-1)), "820d8120");
    check(Value::Decimal { units: -1, places: 2 }, "820e822002");
}
