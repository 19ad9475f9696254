//! Money in whole fen, and fractions of it whose rounding is always named.
//!
//! There is no way to multiply money by money, nor to lose a fen without saying how.

use std::{fmt, num::NonZeroU64};

use minicbor::{Decode, Encode};

use crate::{Reason, Text};

/// An amount in fen, a hundredth of a yuan; owed or spent amounts are negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Fen(#[n(0)] pub i64);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// The sum, unless it is too large to hold.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it is too large to hold.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times the amount, unless it is too large to hold.
    pub fn times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).map(Self)
    }

    /// Reads yuan with at most two decimals, such as `12`, `12.5` or `-0.05`.
    ///
    /// # Errors
    /// `money` when it is anything else or too large to hold.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let (sign, plain) = text.strip_prefix('-').map_or(("", text), |plain| ("-", plain));
        let (yuan, rest) = plain.split_once('.').unwrap_or((plain, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let good = digits(yuan) && digits(rest) && rest.len() <= 2;
        let fen = format!("{sign}{yuan}{rest:0<2}").parse().ok().filter(|_| good);
        fen.map(Self).ok_or_else(|| Reason {
            word: "money",
            says: Text::new(
                format!("`{text}` 不是金额；请以元为单位写，最多两位小数，如 `12.50`"),
                format!("`{text}` is not an amount; write yuan with at most two decimals, `12.50`"),
            ),
        })
    }
}

/// Yuan with two decimals: `-1234.05`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// What to do with a part of a fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Rounding {
    /// To the next lower fen; a negative amount grows.
    #[n(0)]
    Down,
    /// To the next higher fen.
    #[n(1)]
    Up,
    /// To the nearest fen; half a fen moves away from zero (四舍五入).
    #[n(2)]
    HalfUp,
    /// To the nearest fen; half a fen moves to the even one.
    #[n(3)]
    HalfEven,
}

/// A fraction of an amount, such as 70 of 100; compared as written, not by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Ratio {
    /// How many parts.
    #[n(0)]
    pub numerator: i64,
    /// Of how many.
    #[n(1)]
    pub denominator: NonZeroU64,
}

impl Ratio {
    /// The fraction, unless it is one of nothing.
    pub fn new(numerator: i64, denominator: u64) -> Option<Self> {
        NonZeroU64::new(denominator).map(|denominator| Self { numerator, denominator })
    }

    /// The fraction of an amount, unless it is too large to hold.
    pub fn of(self, amount: Fen, rounding: Rounding) -> Option<Fen> {
        let parts = i128::from(amount.0).checked_mul(i128::from(self.numerator))?;
        let whole = i128::from(self.denominator.get());
        let (lower, rest) = (parts.div_euclid(whole), parts.rem_euclid(whole));
        let up = match (rounding, (rest * 2).cmp(&whole)) {
            (Rounding::Down, _) => false,
            (Rounding::Up, _) => rest > 0,
            (_, std::cmp::Ordering::Less) => false,
            (_, std::cmp::Ordering::Greater) => true,
            (Rounding::HalfUp, _) => lower >= 0,
            (Rounding::HalfEven, _) => lower.rem_euclid(2) == 1,
        };
        i64::try_from(lower + i128::from(up)).ok().map(Fen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_yuan() {
        let check = |text: &str, fen: i64, shown: &str| {
            assert_eq!(Fen::parse(text), Ok(Fen(fen)), "{text}");
            assert_eq!(Fen(fen).to_string(), shown);
        };
        check("0", 0, "0.00");
        check("12", 1200, "12.00");
        check("12.5", 1250, "12.50");
        check("-0.05", -5, "-0.05");
        check("92233720368547758.07", i64::MAX, "92233720368547758.07");
        check("-92233720368547758.08", i64::MIN, "-92233720368547758.08");
        for bad in
            ["", "-", ".5", "1.", "1.234", "1,000", "+1", "--1", "￥1", "9223372036854775808"]
        {
            assert_eq!(Fen::parse(bad).unwrap_err().word, "money", "{bad}");
        }
    }

    #[test]
    fn sums_that_do_not_fit_are_not_made() {
        assert_eq!(Fen(2).plus(Fen(3)), Some(Fen(5)));
        assert_eq!(Fen(2).minus(Fen(3)), Some(Fen(-1)));
        assert_eq!(Fen(2).times(-3), Some(Fen(-6)));
        assert_eq!(Fen(i64::MAX).plus(Fen(1)), None);
        assert_eq!(Fen(i64::MIN).minus(Fen(1)), None);
        assert_eq!(Fen(i64::MAX).times(2), None);
    }

    #[test]
    fn a_part_of_a_fen_goes_where_the_rounding_says() {
        let check = |fen: i64, ratio: (i64, u64), expected: [i64; 4]| {
            let ratio = Ratio::new(ratio.0, ratio.1).unwrap();
            let all = [Rounding::Down, Rounding::Up, Rounding::HalfUp, Rounding::HalfEven];
            let found = all.map(|rounding| ratio.of(Fen(fen), rounding));
            assert_eq!(found, expected.map(|fen| Some(Fen(fen))), "{fen} {ratio:?}");
        };
        check(100, (70, 100), [70, 70, 70, 70]);
        check(5, (1, 2), [2, 3, 3, 2]);
        check(7, (1, 2), [3, 4, 4, 4]);
        check(-5, (1, 2), [-3, -2, -3, -2]);
        check(-7, (1, 2), [-4, -3, -4, -4]);
        check(1, (-1, 2), [-1, 0, -1, 0]);
        check(10, (1, 3), [3, 4, 3, 3]);
        check(-10, (2, 3), [-7, -6, -7, -7]);
        // A little more than half a fen.
        check(i64::MIN, (1, u64::MAX), [-1, 0, -1, -1]);
        assert_eq!(Ratio::new(1, 0), None);
        let twice = Ratio::new(2, 1).unwrap();
        assert_eq!(twice.of(Fen(i64::MAX), Rounding::Down), None);
    }

    #[test]
    fn money_survives_the_ledger() {
        let bytes = minicbor::to_vec(Fen(-5)).unwrap();
        assert_eq!(bytes, minicbor::to_vec(-5_i64).unwrap());
        assert_eq!(minicbor::decode::<Fen>(&bytes).unwrap(), Fen(-5));
        let ratio = Ratio::new(-7, 10).unwrap();
        let bytes = minicbor::to_vec(ratio).unwrap();
        assert_eq!(minicbor::decode::<Ratio>(&bytes).unwrap(), ratio);
    }
}
