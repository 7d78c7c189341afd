use protocol::{Encoding, Entry, Item};

const HEAD: usize = 16;

/// What is stored at an entry's place: when it was written, the newest time of all entries up to it, and the entry.
#[derive(Debug, PartialEq, Eq)]
pub struct Row<'r> {
    /// Unix milliseconds of the bridge's clock.
    pub written_millis: u64,
    /// Never less than that of the row before, whatever order the daemon's times have.
    pub newest_nano: i64,
    item: &'r [u8],
}

impl<'r> Row<'r> {
    /// `None`: it is none.
    pub fn read(bytes: &'r [u8]) -> Option<Self> {
        let (written, rest) = bytes.split_first_chunk()?;
        let (newest, item) = rest.split_first_chunk()?;
        Some(Self {
            written_millis: u64::from_le_bytes(*written),
            newest_nano: i64::from_le_bytes(*newest),
            item,
        })
    }

    pub fn entry(&self, seq: u64) -> Option<Entry> {
        let item = Encoding::Postcard.decode(self.item).ok()?;
        Some(Entry { seq, item })
    }

    /// What [`nano`] says of the entry, without reading more of it.
    pub fn nano(&self) -> Option<i64> {
        let (&variant, rest) = self.item.split_first()?;
        match variant {
            0 => Some(number(rest)?.0),
            1 => {
                let (&has_begin, rest) = rest.split_first()?;
                let end = if has_begin == 1 {
                    number(rest)?.1
                } else {
                    rest
                };
                Some(number(end)?.0)
            }
            _ => None,
        }
    }
}

/// A number as postcard has it, and what is behind it.
fn number(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let length = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)? + 1;
    let (digits, rest) = bytes.split_at(length);
    let zigzag = digits
        .iter()
        .rev()
        .fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
    let half = (zigzag >> 1).cast_signed();
    Some((if zigzag & 1 == 1 { !half } else { half }, rest))
}

pub fn write(written_millis: u64, newest_nano: i64, item: &Item) -> Vec<u8> {
    let item = Encoding::Postcard.encode(item);
    let mut bytes = Vec::with_capacity(HEAD + item.len());
    bytes.extend_from_slice(&written_millis.to_le_bytes());
    bytes.extend_from_slice(&newest_nano.to_le_bytes());
    bytes.extend_from_slice(&item);
    bytes
}

/// The newest time that the entry speaks of.
pub fn nano(item: &Item) -> i64 {
    match item {
        Item::Event(event) => event.time_nano,
        Item::Gap(gap) => gap.to_nano,
    }
}

#[cfg(test)]
mod tests {
    use protocol::Event;

    use super::*;

    /// What an earlier version wrote. Where this fails, `FORMAT` is to be raised, and what is older to be told so.
    #[test]
    fn a_row_is_what_it_was() {
        let item = Item::Event(Event {
            time_nano: 1,
            kind: "a".to_owned(),
            action: "b".to_owned(),
            scope: "c".to_owned(),
            actor_id: "d".to_owned(),
            attributes: vec![("e".to_owned(), "f".to_owned())],
            redacted: true,
        });
        let expected = [
            &7_u64.to_le_bytes()[..],
            &9_i64.to_le_bytes(),
            b"\x00\x02\x01a\x01b\x01c\x01d\x01\x01e\x01f\x01",
        ];
        assert_eq!(write(7, 9, &item), expected.concat());
        let gap = Item::Gap(protocol::Gap {
            from_nano: None,
            to_nano: 1,
            reason: protocol::GapReason::NotStored,
        });
        assert_eq!(write(7, 9, &gap)[HEAD..], *b"\x01\x00\x02\x07");
    }

    #[test]
    fn the_time_of_a_row_is_that_of_its_entry() {
        let times = [
            0,
            1,
            -1,
            63,
            -64,
            64,
            1_795_502_560_123_456_789,
            i64::MAX,
            i64::MIN,
        ];
        for time_nano in times {
            let event = Item::Event(Event {
                time_nano,
                ..Event::default()
            });
            let gap = |from_nano| {
                Item::Gap(protocol::Gap {
                    from_nano,
                    to_nano: time_nano,
                    reason: protocol::GapReason::NotStored,
                })
            };
            for item in [event, gap(None), gap(Some(5)), gap(Some(time_nano))] {
                let bytes = write(7, 9, &item);
                assert_eq!(
                    Row::read(&bytes).unwrap().nano(),
                    Some(nano(&item)),
                    "{item:?}"
                );
            }
        }
        for odd in [
            &b""[..],
            b"\x00",
            b"\x00\x80",
            b"\x01",
            b"\x01\x01\x02",
            b"\x02\x02",
        ] {
            let bytes = [&[0; HEAD], odd].concat();
            assert_eq!(Row::read(&bytes).unwrap().nano(), None, "{odd:?}");
        }
    }

    #[test]
    fn a_row_comes_back_as_it_went_in() {
        let item = Item::Event(Event {
            time_nano: -5,
            action: "start".to_owned(),
            ..Event::default()
        });
        let bytes = write(7, i64::MIN, &item);
        let row = Row::read(&bytes).unwrap();
        assert_eq!((row.written_millis, row.newest_nano), (7, i64::MIN));
        assert_eq!(row.entry(3), Some(Entry { seq: 3, item }));
        assert_eq!(Row::read(&bytes[..15]), None);
        assert_eq!(Row::read(&bytes[..18]).unwrap().entry(3), None);
    }
}
