//! Whatever the bytes are, an extract is read or refused.

use std::io::{self, Read};

use fastrand::Rng;
use travel::fault::Feature;
use travel::{Assumed, Fault, Measure, Mode, Network, Router};

use crate::drawn::{DENSE, Drawn, PACKED, PLAIN, WRITTEN, crossing};

fn read(bytes: &[u8]) -> Result<Network, Fault> {
    Network::read(bytes, Mode::Car, &Assumed::default())
}

/// What was read can also be travelled on.
fn tried(bytes: &[u8]) -> bool {
    match read(bytes) {
        Ok(network) => {
            let router = Router::new(&network, Measure::Time);
            let places = [crossing(0, 0), crossing(3, 3), crossing(9, 9)];
            let ways = router.table(&places, &places, 600_000).unwrap();
            assert!(ways.faults().iter().all(|own| own.number() > 1680));
            let _ = router.route(places[0], places[1]);
            true
        }
        Err(fault) => {
            assert!((1671..=1679).contains(&fault.number()), "{fault:?}");
            false
        }
    }
}

#[test]
fn a_file_that_ends_early_is_refused() {
    for whole in [PACKED, DENSE, PLAIN, WRITTEN] {
        let mut taken = 0;
        for end in 0..whole.len() {
            taken += usize::from(tried(&whole[..end]));
        }
        // Between two blocks nobody can tell, and XML may lack the line feed at its end.
        assert!(taken <= 2, "{taken}");
    }
    let cut = read(&PACKED[..PACKED.len() - 1]);
    assert!(matches!(cut, Err(Fault::CutShort(_))), "{cut:?}");
    let cut = read(&WRITTEN[..WRITTEN.len() - 9]);
    assert!(matches!(cut, Err(Fault::CutShort(_))), "{cut:?}");
}

#[test]
fn changed_bytes_never_stop_the_reader() {
    let mut random = Rng::with_seed(52);
    for whole in [PACKED, DENSE, PLAIN, WRITTEN] {
        for _ in 0..4_000 {
            let mut bytes = whole.to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(0..bytes.len());
                bytes[at] = random.u8(..);
            }
            if random.u8(0..8) == 0 {
                let at = random.usize(0..bytes.len());
                let more = (0..random.usize(1..20)).map(|_| random.u8(..)).collect::<Vec<_>>();
                bytes.splice(at..at, more);
            }
            tried(&bytes);
        }
    }
    for _ in 0..3_000 {
        let bytes: Vec<u8> = (0..random.usize(0..200)).map(|_| random.u8(..)).collect();
        assert!(!tried(&bytes));
    }
}

/// A field of a message: its number, and bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut own = vec![number << 3 | 2];
    own.extend(varint(u64::try_from(bytes.len()).unwrap()));
    own.extend(bytes);
    own
}

fn number(field: u8, value: u64) -> Vec<u8> {
    [vec![field << 3], varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// A block of that kind with what is in it.
fn block(kind: &str, blob: &[u8]) -> Vec<u8> {
    let size = u64::try_from(blob.len()).unwrap();
    let header = [field(1, kind.as_bytes()), number(3, size)].concat();
    let length = u32::try_from(header.len()).unwrap().to_be_bytes();
    [length.to_vec(), header, blob.to_vec()].concat()
}

/// A file that needs those features, with a block of data.
fn file(features: &[&str], data: &[u8]) -> Vec<u8> {
    let features: Vec<u8> = features.iter().flat_map(|own| field(4, own.as_bytes())).collect();
    [block("OSMHeader", &field(1, &features)), block("OSMData", data)].concat()
}

#[test]
fn what_is_not_read_here_is_named() {
    let refused = |bytes: &[u8]| read(bytes).unwrap_err();
    let plain = field(1, &[]);
    let other = |name: &str| Fault::NotRead(Feature::Other(name.to_owned()));
    assert_eq!(
        refused(&file(&["HistoricalInformation"], &plain)),
        Fault::NotRead(Feature::History)
    );
    assert_eq!(refused(&file(&["OsmSchema-V0.7"], &plain)), other("OsmSchema-V0.7"));
    for packed in 4..=7 {
        let data = field(packed, b"packed");
        let told = refused(&file(&["OsmSchema-V0.6"], &data));
        assert_eq!(told, Fault::NotRead(Feature::Compression));
    }
    let large = [number(2, 1 << 40), field(3, b"packed")].concat();
    assert_eq!(refused(&file(&[], &large)), Fault::TooLarge);
    assert_eq!(refused(&file(&[], &[])), Fault::Broken(19));
    assert_eq!(refused(&file(&[], &plain)), Fault::NoStreets(Mode::Car));
    assert_eq!(refused(&block("OSMData", &plain)), Fault::NotAnExtract);
    assert_eq!(refused(b""), Fault::NotAnExtract);
    assert_eq!(refused(b"\0\0"), Fault::NotAnExtract);
    assert_eq!(refused(b"<html></html>"), Fault::NotAnExtract);
    assert_eq!(refused(b"<osmChange></osmChange>"), Fault::NotAnExtract);
    assert_eq!(refused(b"<osm></osm>"), Fault::NoStreets(Mode::Car));
    assert_eq!(refused(b"<osm></osm><osm></osm>"), Fault::Broken(16));
    assert_eq!(refused(b"PK\x03\x04"), Fault::NotAnExtract);
    let unread = [PACKED, &block("Unheard", b"of")].concat();
    assert_eq!(read(&unread), read(PACKED), "blocks of other kinds are passed over");
}

/// Points of which each is told by how it differs from the one before, as far as numbers go.
#[test]
fn sums_that_overflow_are_refused() {
    let rows = |own: &[u64]| own.iter().flat_map(|own| varint(*own)).collect::<Vec<u8>>();
    let dense = |ids: &[u64], places: &[u64]| {
        let points = [field(1, &rows(ids)), field(8, &rows(places)), field(9, &rows(places))];
        let group = field(2, &points.concat());
        file(&[], &field(1, &[field(1, &field(1, b"")), field(2, &group)].concat()))
    };
    let refused = |bytes: &[u8]| read(bytes).unwrap_err();
    assert_eq!(refused(&dense(&[2, 2], &[0, 0])), Fault::NoStreets(Mode::Car));
    assert_eq!(refused(&dense(&[u64::MAX - 1, 2], &[0, 0])), Fault::Broken(19));
    assert_eq!(refused(&dense(&[2, 2], &[u64::MAX - 1, 2])), Fault::Broken(19));
    assert_eq!(refused(&dense(&[2], &[4_000_000_000])), Fault::OffTheEarth(1));
    assert_eq!(refused(&dense(&[2, 2], &[0])), Fault::Broken(19));
}

#[test]
fn numbers_that_come_twice_must_say_the_same() {
    let mut drawn = Drawn::default();
    let spots = [drawn.spot(0, 0, &[]), drawn.spot(900, 0, &[])];
    drawn.way(1, &spots, &[("highway", "service")]);
    let once = drawn.clone();
    drawn.way(1, &spots, &[("highway", "service")]);
    assert_eq!(drawn.network(Mode::Car), once.network(Mode::Car));
    drawn.way(1, &spots, &[("highway", "primary")]);
    assert_eq!(drawn.network(Mode::Car), Err(Fault::Twice(1)));
    let again = once.xml().replace("</osm>", "<node id=\"2\" lon=\"1\" lat=\"1\"/></osm>");
    assert_eq!(read(again.as_bytes()), Err(Fault::Twice(2)));
    let gone =
        again.replace("<node id=\"2\" lon=\"1\"", "<node id=\"2\" action=\"delete\" lon=\"1\"");
    assert_eq!(read(gone.as_bytes()), once.network(Mode::Car));
    let once_there = again.replace("lat=\"1\"", "lat=\"1\" visible=\"false\"");
    assert_eq!(read(once_there.as_bytes()), Err(Fault::NotRead(Feature::History)));
}

#[test]
fn places_off_the_earth_and_streets_around_it_are_refused() {
    let network = |lon: &str, lat: &str| {
        let text = format!(
            "<osm><node id=\"1\" lon=\"0\" lat=\"0\"/><node id=\"2\" lon=\"{lon}\" lat=\"{lat}\"/>\
             <way id=\"1\"><nd ref=\"1\"/><nd ref=\"2\"/>\
             <tag k=\"highway\" v=\"service\"/></way></osm>"
        );
        read(text.as_bytes()).map(|own| own.streets())
    };
    assert_eq!(network("0.001", "-0.001"), Ok(1));
    assert_eq!(network("180.1", "0"), Err(Fault::OffTheEarth(2)));
    assert_eq!(network("0", "-91"), Err(Fault::OffTheEarth(2)));
    assert_eq!(network("9999", "0"), Err(Fault::OffTheEarth(2)));
    assert_eq!(network("170", "0"), Err(Fault::TooLarge));
    for wrong in ["", "1e2", "--1", "1.", ".5", "99999", "NaN", "1,5"] {
        assert!(matches!(network(wrong, "0"), Err(Fault::Broken(_))), "{wrong}");
    }
}

/// A source that fails.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

#[test]
fn a_source_that_fails_is_told() {
    let told = |own: Result<Network, Fault>| assert_eq!(own.unwrap_err().number(), 1679);
    told(Network::read(Failing, Mode::Walk, &Assumed::default()));
    let begun = PACKED[..100].chain(Failing);
    told(Network::read(begun, Mode::Walk, &Assumed::default()));
    let begun = WRITTEN[..100].chain(Failing);
    told(Network::read(begun, Mode::Walk, &Assumed::default()));
}
