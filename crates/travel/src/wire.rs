//! The wire format of protocol buffers, as far as an extract uses it: fields with their numbers,
//! whole numbers and bytes. Whatever the bytes are, they are read or refused.

/// The bytes are none of that format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A whole number.
    Number(u64),
    /// Bytes: a text, a message, or numbers in a row.
    Bytes(&'a [u8]),
    /// Four or eight bytes that nothing in an extract uses.
    Fixed,
}

impl<'a> Value<'a> {
    /// The number.
    pub(crate) fn number(self) -> Result<u64, Broken> {
        match self {
            Self::Number(own) => Ok(own),
            _ => Err(Broken),
        }
    }

    /// The number, which may be below zero, in two's complement.
    pub(crate) fn signed(self) -> Result<i64, Broken> {
        self.number().map(u64::cast_signed)
    }

    /// The bytes.
    pub(crate) fn bytes(self) -> Result<&'a [u8], Broken> {
        match self {
            Self::Bytes(own) => Ok(own),
            _ => Err(Broken),
        }
    }

    /// The text.
    pub(crate) fn text(self) -> Result<&'a str, Broken> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Broken)
    }

    /// Adds the numbers in a row, or the single one, to others.
    pub(crate) fn add_to(self, numbers: &mut Vec<u64>) -> Result<(), Broken> {
        match self {
            Self::Number(own) => numbers.push(own),
            Self::Bytes(mut bytes) => {
                while !bytes.is_empty() {
                    numbers.push(varint(&mut bytes)?);
                }
            }
            Self::Fixed => return Err(Broken),
        }
        Ok(())
    }
}

/// The fields of a message, one after the other.
pub(crate) struct Message<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Message<'a> {
    type Item = Result<(u64, Value<'a>), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let read = field(&mut self.0);
        if read.is_err() {
            self.0 = &[];
        }
        Some(read)
    }
}

fn field<'a>(bytes: &mut &'a [u8]) -> Result<(u64, Value<'a>), Broken> {
    let key = varint(bytes)?;
    let value = match key & 7 {
        0 => Value::Number(varint(bytes)?),
        1 => take(bytes, 8).map(|_| Value::Fixed)?,
        2 => {
            let length = usize::try_from(varint(bytes)?).map_err(|_| Broken)?;
            Value::Bytes(take(bytes, length)?)
        }
        5 => take(bytes, 4).map(|_| Value::Fixed)?,
        _ => return Err(Broken),
    };
    Ok((key >> 3, value))
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], Broken> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Broken)?;
    *bytes = rest;
    Ok(taken)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, Broken> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or(Broken)?;
        *bytes = rest;
        let low = u64::from(first & 0x7f);
        if shift == 63 && low > 1 {
            return Err(Broken);
        }
        number |= low << shift;
        if first & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Broken)
}

/// A number whose lowest bit is its sign.
pub(crate) fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Numbers of which each is told by how much it differs from the one before.
pub(crate) fn summed(steps: &[u64]) -> impl Iterator<Item = Result<i64, Broken>> {
    steps.iter().scan(0_i64, |last, step| {
        let sum = last.checked_add(zigzag(*step));
        *last = sum.unwrap_or_default();
        Some(sum.ok_or(Broken))
    })
}
