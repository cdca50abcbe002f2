//! The transferred port to the agent.

use gloo::events::EventListener;
use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

use super::popout::Passed;
use crate::state::{layout::Layout, reload::Said};

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
    /// The view was pulled, moved, or made small or large, in the page.
    Layout(Layout),
    /// A port for a window of ours.
    Popout(Passed),
    /// The page does not come in a frame, and what is known of it.
    Refused(Said),
}

/// What goes through the port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outgoing {
    /// The frame of this number, of this realm, was read.
    Ack(u32, u32),
    /// The viewer's own frame work so far, ms.
    ViewerMs(f64),
    /// The reader wants the view small, large or gone.
    Ui(&'static str),
    /// The reader wants the recording to begin anew.
    Clear,
    /// The reader wants the JavaScript values that Go holds counted by what they are.
    Census,
    /// Where the view is to be; `None` where nothing is remembered.
    Layout(Option<Layout>),
    /// A window of ours wants the recording, or is gone.
    Popout(bool),
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
            if let Some(incoming) = event.dyn_ref::<MessageEvent>().and_then(read) {
                callback(incoming);
            }
        });
        self.0.start();
        listener
    }

    /// Sends a message to the agent.
    pub fn send(&self, outgoing: Outgoing) {
        let message = Object::new();
        let (name, value) = match outgoing {
            Outgoing::Ack(seq, source) => {
                let _ = Reflect::set(&message, &"source".into(), &source.into());
                ("ack", JsValue::from(seq))
            }
            Outgoing::ViewerMs(total) => ("viewerMs", JsValue::from(total)),
            Outgoing::Ui(ui) => ("ui", JsValue::from(ui)),
            Outgoing::Clear => ("clear", JsValue::TRUE),
            Outgoing::Census => ("census", JsValue::TRUE),
            Outgoing::Layout(layout) => {
                ("layout", JsValue::from(layout.map(Layout::to_json).unwrap_or_default()))
            }
            Outgoing::Popout(wanted) => ("popout", JsValue::from(wanted)),
        };
        let _ = Reflect::set(&message, &name.into(), &value);
        // Plain data can always be cloned; a port whose page is gone swallows it.
        let _ = self.0.post_message(&message);
    }
}

fn read(event: &MessageEvent) -> Option<Incoming> {
    let data = event.data();
    if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
        let length = buffer.byte_length();
        let fits = length <= MAX_FRAME_BYTES;
        return Some(if fits {
            Incoming::Frame(Uint8Array::new(buffer).to_vec())
        } else {
            Incoming::TooLong(length)
        });
    }
    let field = |of: &JsValue, name: &str| {
        of.is_object().then(|| Reflect::get(of, &name.into()).ok()).flatten().filter(JsValue::is_truthy)
    };
    if let Some(layout) = field(&data, "layout") {
        return Layout::parse(&layout.as_string()?).map(Incoming::Layout);
    }
    if let Some(popout) = field(&data, "popout") {
        return Some(Incoming::Popout(Passed {
            protocol: field(&popout, "protocol")?.as_f64()? as u32,
            agent: field(&popout, "agent").and_then(|agent| agent.as_string()).unwrap_or_default(),
            port: event.ports().get(0).dyn_into().ok()?,
        }));
    }
    if let Some(refused) = field(&data, "refused") {
        return Some(Incoming::Refused(Said {
            evaluates: field(&refused, "0").is_some(),
            status: field(&refused, "1").and_then(|it| it.as_f64()).map(|it| it as u16),
            frame_options: field(&refused, "2").and_then(|it| it.as_string()),
            policy: field(&refused, "3").and_then(|it| it.as_string()),
            leaves: field(&refused, "4").is_some(),
        }));
    }
    field(&data, "ended").map(|_| Incoming::Ended)
}
