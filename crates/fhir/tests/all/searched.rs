//! Criteria as they are read, and what meets them.

use base::Zone;
use fhir::{
    ResourceType,
    search::{Unread, criterion},
};

use crate::written::{location, organisation};

#[test]
fn criteria_are_met_or_not() {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let resource = organisation("Ménthe 薄荷小店, 一号|甲");
    for (name, value, met) in [
        ("name", "menthe", true),
        ("name", "MÉNTHE 薄", true),
        ("name", "薄荷", true),
        ("name", "小店", false),
        ("name:contains", "小店", true),
        ("name:exact", "menthe", false),
        ("name:exact", "Ménthe 薄荷小店\\, 一号|甲", true),
        ("name:exact", "Mint", true),
        ("name", "x,薄荷小店\\, 一号", false),
        ("type", "clinic", true),
        ("type", "urn:kinds|clinic", true),
        ("type", "urn:kinds|", true),
        ("type", "|clinic", false),
        ("type", "urn:other|clinic,hospital", false),
        ("type:not", "clinic", false),
        ("type:not", "hospital", true),
        ("active", "true", true),
        ("active", "false", false),
        ("partof:missing", "true", true),
        ("partof", "Organization/room.2", false),
        ("address", "柳溪", true),
        ("_id", "room.1", true),
        ("_id", "room.2", false),
    ] {
        let own = criterion(ResourceType::Organization, name, value, ("http://a/fhir", &zone));
        let own = own.unwrap_or_else(|why| panic!("{name}={value}: {why:?}"));
        assert_eq!(own.met_by(&resource, &zone), met, "{name}={value}");
    }
}

#[test]
fn places_are_near_or_not() {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    for (value, met) in [
        ("39.908|-116.397|0|m", true),
        ("39.9080001|-116.3970001|1|m", true),
        ("39.918|-116.397|1.2|km", true),
        ("39.918|-116.397|1.1|km", false),
        ("39.918|-116.397|1.2", true),
        ("39.918|-116.397|1200|m", true),
        ("39.918|-116.397|0.7|[mi_i]", true),
        ("39.918|-116.397|0.6|[mi_i]", false),
        ("39.95|-116.397", true),
        ("40.5|-116.397", false),
        ("0|0|1|km,39.908|-116.397|1|km", true),
    ] {
        let own = criterion(ResourceType::Location, "near", value, ("http://a/fhir", &zone));
        assert_eq!(own.unwrap().met_by(&location(), &zone), met, "{value}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    for (of, name, value, why) in [
        (ResourceType::Organization, "colour", "red", Unread::Parameter),
        (ResourceType::Organization, "name:sounds", "x", Unread::Modifier),
        (ResourceType::Organization, "active:exact", "true", Unread::Modifier),
        (ResourceType::Organization, "partof:Location", "x", Unread::Modifier),
        (ResourceType::Organization, "name.name", "x", Unread::Modifier),
        (ResourceType::Organization, "partof.colour", "x", Unread::Parameter),
        (ResourceType::Organization, "partof.partof.name", "x", Unread::Parameter),
        (ResourceType::Organization, "name", "", Unread::Value),
        (ResourceType::Organization, "type", "a|b|c", Unread::Value),
        (ResourceType::Organization, "type", "|", Unread::Value),
        (ResourceType::Organization, "_lastUpdated", "soon", Unread::Value),
        (ResourceType::Organization, "active:missing", "x", Unread::Value),
        (ResourceType::Location, "near", "1|2|x|km", Unread::Value),
        (ResourceType::Location, "near", "1|2|3|leagues", Unread::Value),
        (ResourceType::Location, "near", "1", Unread::Value),
    ] {
        let read = criterion(of, name, value, ("http://a/fhir", &zone));
        assert_eq!(read, Err(why), "{name}={value}");
    }
}

#[test]
fn a_reference_may_be_written_in_three_ways() {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    for (value, told) in [
        ("room.1", "Organization/room.1"),
        ("Organization/room.1", "Organization/room.1"),
        ("http://a/fhir/Organization/room.1", "Organization/room.1"),
        ("http://b/fhir/Organization/room.1", "http://b/fhir/Organization/room.1"),
    ] {
        let read =
            criterion(ResourceType::Location, "organization", value, ("http://a/fhir", &zone));
        assert_eq!(read.unwrap().references(), Some(&[told.to_owned()][..]), "{value}");
    }
}
