//! The live socket: who may open one, in which encoding, and how it ends.

mod histogram;
mod session;
mod subprotocol;
#[cfg(test)]
mod tests;

use axum::{
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{MAX_CLIENT_MESSAGE_BYTES, SUBPROTOCOL_JSON, SUBPROTOCOL_POSTCARD};

use super::{App, answer::Refused};
use subprotocol::Chosen;

/// A viewer says little, so little is read at once.
const READ_BUFFER: usize = 4 * 1024;
/// Frames are small; what is larger goes out at once.
const WRITE_BUFFER: usize = 16 * 1024;
/// More than any frame: what waits for a viewer is bounded by the hub.
const MAX_WRITE_BUFFER: usize = 64 * 1024 * 1024;

pub async fn upgrade(
    State(app): State<App>,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(socket) = socket else {
        let refused = Refused::new(
            StatusCode::UPGRADE_REQUIRED,
            "websocket_required",
            format!(
                "This is the live socket; open it as a WebSocket with the subprotocol {SUBPROTOCOL_POSTCARD} or \
                 {SUBPROTOCOL_JSON}."
            ),
        );
        return ([(header::UPGRADE, "websocket")], refused).into_response();
    };
    let Some(chosen) = subprotocol::choose(&headers) else {
        return Refused::new(
            StatusCode::BAD_REQUEST,
            "subprotocol_required",
            format!(
                "The live socket needs the subprotocol {SUBPROTOCOL_POSTCARD} or {SUBPROTOCOL_JSON}, and none of \
                 them was offered."
            ),
        )
        .into_response();
    };
    let Ok(place) = app.viewers.clone().try_acquire_owned() else {
        return Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_viewers",
            "As many pages are open as the bridge serves; close one and try again.",
        )
        .into_response();
    };
    socket
        .protocols([chosen.name().to_owned()])
        .max_message_size(MAX_CLIENT_MESSAGE_BYTES)
        .max_frame_size(MAX_CLIENT_MESSAGE_BYTES)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .on_upgrade(move |socket| {
            let sockets = app.sockets.clone();
            sockets.track_future(async move {
                let _place = place;
                serve(app, chosen, socket).await;
            })
        })
}

async fn serve(app: App, chosen: Chosen, mut socket: WebSocket) {
    let ending = match &chosen {
        Chosen::Known { encoding, .. } => {
            session::serve(&mut socket, *encoding, &app.hub, &app.cancel).await
        }
        Chosen::Other { encoding, .. } => session::turn_away(&mut socket, *encoding).await,
    };
    tracing::debug!(?ending, "a viewer's socket ends");
    session::close(&mut socket, ending).await;
}

/// A message of the server as a frame of the socket.
fn message(frame: crate::hub::Frame, encoding: protocol::Encoding) -> Message {
    match encoding {
        protocol::Encoding::Postcard => Message::Binary(frame),
        // JSON is always UTF-8.
        protocol::Encoding::Json => Message::Text(frame.try_into().unwrap_or_default()),
    }
}
