//! A window that this view opens of itself. Pages cannot open it for us: the click is in our document. It asks us for a
//! port as it would ask a page; the agent, which talks to us alone, gives us one to pass on.

use gloo::events::EventListener;
use js_sys::{Array, Object, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort, Window};

use super::location;

/// A port on its way to the window.
pub struct Passed {
    /// The agent's protocol version.
    pub protocol: u32,
    /// Its release.
    pub agent: String,
    pub(super) port: MessagePort,
}

/// The window.
pub struct Popout {
    window: Window,
    heard: Rc<RefCell<Option<String>>>,
    _ready: EventListener,
}

impl Popout {
    /// Opens it, as a tab or a window of its own; calls back whenever it is ready for a port. `None` where the browser
    /// opens none that we could talk to.
    pub fn open(tab: bool, on_ready: impl Fn() + 'static) -> Option<Self> {
        let own = web_sys::window()?;
        let url = own.location().href().ok()?;
        let features = if tab { "" } else { "popup,width=1200,height=800" };
        let window = own.open_with_url_and_target_and_features(&url, "_blank", features).ok().flatten()?;
        let theirs = window.clone();
        let heard = Rc::<RefCell<Option<String>>>::default();
        let known = heard.clone();
        let ready = EventListener::new(&own, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let from_it = event.source().is_some_and(|source| Object::is(&source, theirs.as_ref()));
            if !from_it || event.origin() != location::origin() {
                return;
            }
            // It repeats itself until it is answered; a port for each document of it is enough.
            let Some(document) = ready_of(&event.data()) else { return };
            if known.replace(Some(document.clone())) != Some(document) {
                on_ready();
            }
        });
        Some(Self { window, heard, _ready: ready })
    }

    /// Whether it ever said anything.
    pub fn heard(&self) -> bool {
        self.heard.borrow().is_some()
    }

    /// Whether it is gone.
    pub fn closed(&self) -> bool {
        self.window.closed().unwrap_or(true)
    }

    /// Brings it to the front.
    pub fn focus(&self) {
        let _ = self.window.focus();
    }

    /// Gives it a port of the agent in the page at `page`, an origin.
    pub fn pass_on(&self, passed: &Passed, page: &str) {
        let message = Object::new();
        let fields = [
            ("gopherscope", JsValue::from("port")),
            ("protocol", JsValue::from(passed.protocol)),
            ("agent", JsValue::from(passed.agent.as_str())),
            ("page", JsValue::from(page)),
        ];
        for (name, value) in fields {
            let _ = Reflect::set(&message, &name.into(), &value);
        }
        // A window that has gone elsewhere is of another origin, and gets nothing.
        let _ =
            self.window.post_message_with_transfer(&message, &location::origin(), &Array::of1(&passed.port));
    }
}

/// Which document says that it is ready, if this says so.
fn ready_of(data: &JsValue) -> Option<String> {
    let field = |name: &str| Reflect::get(data, &name.into()).ok();
    (data.is_object() && field("gopherscope")? == "ready").then(|| field("document")?.as_string())?
}
