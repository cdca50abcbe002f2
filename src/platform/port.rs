//! The transferred port to the agent.

use gloo::events::EventListener;
use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

/// A frame longer than this is not read: no agent sends one, and it would only exhaust our memory.
const MAX_FRAME_BYTES: u32 = 256 << 20;

/// What comes through the port.
pub enum Incoming {
    /// Bytes of a frame.
    Frame(Vec<u8>),
    /// A buffer of this many bytes, more than we read.
    TooLong(u32),
    /// The page goes away.
    Ended,
}

/// What goes through the port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outgoing {
    /// The frame of this number was read.
    Ack(u32),
    /// The viewer's own frame work so far, ms.
    ViewerMs(f64),
    /// The reader wants the view small, large or gone.
    Ui(&'static str),
    /// The reader wants the recording to begin anew.
    Clear,
}

/// A port to the agent.
pub struct Port(MessagePort);

impl Port {
    pub(super) fn new(port: MessagePort) -> Self {
        Self(port)
    }

    /// Calls back with everything that arrives, until dropped.
    #[must_use = "dropping it stops listening"]
    pub fn listen(&self, callback: impl Fn(Incoming) + 'static) -> EventListener {
        let listener = EventListener::new(&self.0, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            if let Some(incoming) = data.and_then(read) {
                callback(incoming);
            }
        });
        self.0.start();
        listener
    }

    /// Sends a message to the agent.
    pub fn send(&self, outgoing: Outgoing) {
        let (name, value) = match outgoing {
            Outgoing::Ack(seq) => ("ack", JsValue::from(seq)),
            Outgoing::ViewerMs(total) => ("viewerMs", JsValue::from(total)),
            Outgoing::Ui(ui) => ("ui", JsValue::from(ui)),
            Outgoing::Clear => ("clear", JsValue::TRUE),
        };
        let message = Object::new();
        let _ = Reflect::set(&message, &name.into(), &value);
        // Plain data can always be cloned; a port whose page is gone swallows it.
        let _ = self.0.post_message(&message);
    }
}

fn read(data: JsValue) -> Option<Incoming> {
    if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
        let length = buffer.byte_length();
        let fits = length <= MAX_FRAME_BYTES;
        return Some(if fits {
            Incoming::Frame(Uint8Array::new(buffer).to_vec())
        } else {
            Incoming::TooLong(length)
        });
    }
    let ended = data.is_object().then(|| Reflect::get(&data, &"ended".into()).ok()).flatten()?;
    ended.is_truthy().then_some(Incoming::Ended)
}
