//! The invented town, as each kind of file has it.

use travel::{Assumed, Mode, Network, source};

use crate::drawn::{DENSE, PACKED, PLAIN, WRITTEN};

pub(crate) fn town(mode: Mode) -> Network {
    Network::read(PACKED, mode, &Assumed::default()).unwrap()
}

#[test]
fn every_kind_of_file_has_the_same_streets() {
    for mode in [Mode::Walk, Mode::Car] {
        let network = town(mode);
        for other in [DENSE, PLAIN, WRITTEN] {
            let other = Network::read(other, mode, &Assumed::default()).unwrap();
            assert_eq!(other, network, "{mode:?}");
            assert_eq!(other.digest(), network.digest(), "{mode:?}");
        }
    }
}

#[test]
fn a_digest_tells_streets_modes_and_assumptions_apart() {
    let usual = Assumed::default();
    let slow = Assumed { walk_metres_a_minute: 60, ..usual };
    let read = |mode, assumed| Network::read(WRITTEN, mode, assumed).unwrap().digest();
    let other =
        String::from_utf8(WRITTEN.to_vec()).unwrap().replace("lat=\"30\"", "lat=\"30.0001\"");
    let other = Network::read(other.as_bytes(), Mode::Walk, &usual).unwrap().digest();
    let digests =
        [read(Mode::Walk, &usual), read(Mode::Car, &usual), read(Mode::Walk, &slow), other];
    for (number, own) in digests.iter().enumerate() {
        assert!(!digests[number + 1..].contains(own), "{number}");
    }
    let shown: String = digests[0].iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = "98e211f23952c87b811e4d40ebac3716e7eed491674043541b1bd72737d974e9";
    assert_eq!(shown, expected, "the same everywhere");
}

#[test]
fn the_order_of_a_file_does_not_matter() {
    let text = String::from_utf8(WRITTEN.to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let begins = |own: &&str| own.starts_with("  <node") || own.starts_with("  <way");
    let (head, rest) = lines.split_at(lines.iter().position(begins).unwrap());
    let mut elements: Vec<Vec<&str>> = Vec::new();
    for line in rest {
        match line.starts_with("  <") && !line.starts_with("  </") {
            true => elements.push(vec![line]),
            false => elements.last_mut().unwrap().push(line),
        }
    }
    let end = elements.last_mut().unwrap().pop().unwrap();
    elements.reverse();
    let turned = [head.to_vec(), elements.concat(), vec![end]].concat().join("\n");
    for mode in [Mode::Walk, Mode::Car] {
        let other = Network::read(turned.as_bytes(), mode, &Assumed::default()).unwrap();
        assert_eq!(other.digest(), town(mode).digest());
    }
}

#[test]
fn what_is_left_out_is_counted() {
    let network = town(Mode::Car);
    assert_eq!(network.left_out().points, 2, "the street that leads out");
    assert_eq!(network.left_out().turns, 2, "by way of a street, and between ways that go on");
    assert_eq!(town(Mode::Walk).left_out().turns, 0, "nobody on foot has such rules");
    assert!(source().zh.contains("ODbL") && source().en.contains("OpenStreetMap"));
}

#[test]
fn the_largest_part_comes_first() {
    let parts = town(Mode::Walk).parts().to_vec();
    assert!(parts.is_sorted_by(|one, other| one.points >= other.points), "{parts:?}");
    let island = parts.iter().find(|own| own.streets == 1 && own.metres == 100).unwrap();
    assert_eq!(island.points, 2);
    assert_eq!(parts.iter().map(|own| own.points).sum::<u32>(), 42);
    assert_eq!(parts.len(), 2);
}
