use bytes::Bytes;
use protocol::{Encoding, ServerMsg};

/// A message in the encoding of one viewer; clones share the bytes.
pub type Frame = Bytes;

/// A message that becomes bytes at most once for each encoding, however many viewers get it.
pub struct Encoded {
    message: ServerMsg,
    postcard: Option<Frame>,
    json: Option<Frame>,
}

impl Encoded {
    pub fn new(message: ServerMsg) -> Self {
        Self {
            message,
            postcard: None,
            json: None,
        }
    }

    pub fn frame(&mut self, encoding: Encoding) -> Frame {
        let slot = match encoding {
            Encoding::Postcard => &mut self.postcard,
            Encoding::Json => &mut self.json,
        };
        slot.get_or_insert_with(|| encoding.encode(&self.message).into())
            .clone()
    }
}
