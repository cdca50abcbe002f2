//! The window that opened or embeds this one: where the agent runs.

use gloo::events::EventListener;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort, Window};

use super::{location, port::Port};

/// How this document came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// By `window.open`.
    Opener,
    /// As a frame in the page.
    Parent,
}

/// The agent's window. It may be of any origin, so nothing but messages can be exchanged with it.
#[derive(Clone)]
pub struct Host {
    window: Window,
    kind: HostKind,
    /// Tells this document from others that the window showed or will show.
    document: String,
}

/// The agent's answer to a ready message.
pub struct Answer {
    /// Its protocol version.
    pub protocol: u32,
    /// Its release.
    pub agent: String,
    /// Its page's origin.
    pub origin: String,
    /// The port it hands over; `None` when it refuses.
    pub port: Option<Port>,
}

/// Whether frames of different sites get processes of their own here: not in WebKit, where all of a tab share one thread.
pub fn parts_sites() -> bool {
    let navigator = web_sys::window().map(|window| window.navigator());
    let vendor = navigator.and_then(|it| Reflect::get(&it, &"vendor".into()).ok()?.as_string());
    !vendor.is_some_and(|vendor| vendor.starts_with("Apple"))
}

impl Host {
    /// The opener, else the embedding page, if there is one.
    pub fn find() -> Option<Self> {
        let own = web_sys::window()?;
        let document = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
        let opener = own.opener().ok().filter(|opener| !opener.is_null() && !opener.is_undefined());
        if let Some(opener) = opener {
            return Some(Self { window: opener.unchecked_into(), kind: HostKind::Opener, document });
        }
        let parent = own.parent().ok().flatten()?;
        let embedded = !Object::is(parent.as_ref(), own.as_ref());
        embedded.then_some(Self { window: parent, kind: HostKind::Parent, document })
    }

    /// How this document came to be.
    pub fn kind(&self) -> HostKind {
        self.kind
    }

    /// Tells the agent that a viewer of this protocol version is ready, and which document it is: one that repeats itself
    /// is answered once. Addressed to any origin: the page's is not known, and the message holds no secret.
    pub fn post_ready(&self, protocol: u32) {
        self.post([
            ("gopherscope", JsValue::from("ready")),
            ("protocol", JsValue::from(protocol)),
            ("document", JsValue::from(self.document.as_str())),
        ]);
    }

    /// Asks the agent to make the view small, large or go, where it gave no port to ask through.
    pub fn post_ui(&self, ui: &str) {
        self.post([("gopherscope", JsValue::from("ui")), ("ui", JsValue::from(ui))]);
    }

    fn post<const N: usize>(&self, fields: [(&str, JsValue); N]) {
        let message = Object::new();
        for (name, value) in fields {
            let _ = Reflect::set(&message, &name.into(), &value);
        }
        // A ready message is repeated until answered, so one that is lost is not missed.
        let _ = self.window.post_message(&message, "*");
    }

    /// Calls back with every well-formed answer from this very window, until dropped.
    #[must_use = "dropping it stops listening"]
    pub fn on_answer(&self, callback: impl Fn(Answer) + 'static) -> Option<EventListener> {
        let host = self.window.clone();
        let own = web_sys::window()?;
        Some(EventListener::new(&own, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let from_host = event.source().is_some_and(|source| Object::is(&source, host.as_ref()));
            if let Some(answer) = from_host.then(|| read(event)).flatten() {
                callback(answer);
            }
        }))
    }
}

fn read(event: &MessageEvent) -> Option<Answer> {
    let data = event.data();
    let field = |name: &str| data.is_object().then(|| Reflect::get(&data, &name.into()).ok()).flatten();
    let protocol = field("protocol")?.as_f64()? as u32;
    let agent = field("agent").and_then(|agent| agent.as_string()).unwrap_or_default();
    let port = match field("gopherscope")?.as_string()?.as_str() {
        "port" => Some(Port::new(event.ports().get(0).dyn_into::<MessagePort>().ok()?)),
        "refused" => None,
        _ => return None,
    };
    // A view of ours passes on what it got from a page.
    let passed = (event.origin() == location::origin()).then(|| field("page")?.as_string()).flatten();
    Some(Answer { protocol, agent, origin: passed.unwrap_or_else(|| event.origin()), port })
}
