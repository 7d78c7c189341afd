use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::SUBPROTOCOL_POSTCARD;

/// How messages become bytes on one socket, chosen by its subprotocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Postcard,
    #[cfg(feature = "json")]
    Json,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(String);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DecodeError {}

impl Encoding {
    pub fn of_subprotocol(name: &str) -> Option<Self> {
        match name {
            SUBPROTOCOL_POSTCARD => Some(Self::Postcard),
            #[cfg(feature = "json")]
            crate::SUBPROTOCOL_JSON => Some(Self::Json),
            _ => None,
        }
    }

    pub fn encode<T: Serialize>(self, message: &T) -> Vec<u8> {
        // Both writers can fail only for types that ours are not (maps with odd keys, sequences of unknown length).
        match self {
            Self::Postcard => postcard::to_stdvec(message).unwrap_or_default(),
            #[cfg(feature = "json")]
            Self::Json => serde_json::to_vec(message).unwrap_or_default(),
        }
    }

    /// The whole of `bytes` must be one message.
    pub fn decode<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, DecodeError> {
        match self {
            Self::Postcard => match postcard::take_from_bytes(bytes) {
                Ok((message, [])) => Ok(message),
                Ok((_, rest)) => Err(DecodeError(format!(
                    "{} bytes follow the message",
                    rest.len()
                ))),
                Err(error) => Err(DecodeError(error.to_string())),
            },
            #[cfg(feature = "json")]
            Self::Json => {
                serde_json::from_slice(bytes).map_err(|error| DecodeError(error.to_string()))
            }
        }
    }
}
