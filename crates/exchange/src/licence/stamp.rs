//! The picture of a seal: a red ring with a star, as real ones have it, and nothing else. Its
//! words are in the seal's properties; no font is carried along to draw them.

/// How wide and high the picture is shown, in millimetres.
pub(super) const SIDE_MM: u8 = 40;

/// How wide and high it is, in dots; a multiple of eight.
const SIDE: i32 = 192;
/// The ring's edges, in dots from the middle.
const RING: (i32, i32) = (88, 94);
/// The star's corners, in dots from the middle.
const STAR: [(i32, i32); 10] = [
    (0, -40),
    (9, -12),
    (38, -12),
    (15, 5),
    (24, 32),
    (0, 15),
    (-24, 32),
    (-15, 5),
    (-38, -12),
    (-9, -12),
];

/// The picture as PNG: one bit a dot, transparent and red, not compressed.
pub(super) fn png() -> Vec<u8> {
    let side = SIDE.to_be_bytes();
    let head = [side.as_slice(), &side, &[1, 3, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let palette: [u8; 6] = [255, 255, 255, 200, 16, 16];
    out.extend(chunk(b"IHDR", &head));
    out.extend(chunk(b"PLTE", &palette));
    out.extend(chunk(b"tRNS", &[0]));
    out.extend(chunk(b"IDAT", &stored(&dots())));
    out.extend(chunk(b"IEND", &[]));
    out
}

/// Every line behind its filter, which is none.
fn dots() -> Vec<u8> {
    let middle = SIDE / 2;
    let line = |y: i32| {
        let bytes = (0..SIDE / 8).map(move |byte| {
            let red = |bit: &i32| inked(byte * 8 + bit - middle, y - middle);
            (0..8).filter(red).fold(0_u8, |byte, bit| byte | 0x80 >> bit)
        });
        std::iter::once(0).chain(bytes)
    };
    (0..SIDE).flat_map(line).collect()
}

fn inked(x: i32, y: i32) -> bool {
    let far = x * x + y * y;
    let ring = RING.0 * RING.0 <= far && far <= RING.1 * RING.1;
    ring || in_star(x, y)
}

/// Whether a ray to the right crosses an odd number of the star's sides.
fn in_star(x: i32, y: i32) -> bool {
    let next = STAR.iter().cycle().skip(1);
    let crossed = STAR.iter().zip(next).filter(|((ax, ay), (bx, by))| {
        let across = (*ay > y) != (*by > y);
        let side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
        across && (side > 0) == (by > ay)
    });
    crossed.count() % 2 == 1
}

/// A zlib stream (RFC 1950) of one block that is not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend_from_slice(bytes);
    out.extend((high << 16 | low).to_be_bytes());
    out
}

fn chunk(kind: &[u8; 4], bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    let body = [kind.as_slice(), bytes].concat();
    let check = crc32fast::hash(&body).to_be_bytes();
    [length.as_slice(), &body, &check].concat()
}
