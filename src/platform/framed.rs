//! A page of our own origin in a frame, with the agent put in before any of its scripts runs.
//!
//! A frame's first, empty document lends its global object to a page of the same origin that follows; only the first.
//! So every load gets a frame of its own: when the page reloads or goes on, a new frame takes its place.

use super::{fetch, location};
use crate::state::framed::{self, Framed, Headers, Why};
use gloo::{events::EventListener, timers::callback::Timeout};
use js_sys::{Function, Reflect};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlIFrameElement, RequestInit, RequestRedirect, Response, Window};
use yew::{Callback, platform::spawn_local};

const BEFORE: &str = include_str!("before.js");
/// The agent's script is smaller than this.
const MAX_SCRIPT: usize = 8 << 20;

/// The frame; dropping it takes it away.
pub struct Frame(Rc<RefCell<Inner>>);

struct Inner {
    within: Element,
    agent: String,
    src: String,
    told: Callback<(Framed, String)>,
    /// Where the page is.
    url: String,
    /// Where it is on the way to, as far as the browser tells.
    next: Option<String>,
    frame: Option<HtmlIFrameElement>,
    /// The agent has been in this frame.
    watched: bool,
    /// The page was written by us, since the browser drops what was put in.
    written: bool,
    listeners: Vec<EventListener>,
    again: Option<Timeout>,
}

impl Drop for Frame {
    fn drop(&mut self) {
        let inner = &mut self.0.borrow_mut();
        inner.listeners.clear();
        inner.again = None;
        if let Some(frame) = inner.frame.take() {
            frame.remove();
        }
    }
}

impl Frame {
    /// Opens a page within an element, and tells how that goes and where the page is.
    pub fn open(within: Element, url: &str, told: Callback<(Framed, String)>) -> Self {
        let src = location::beside("agent.js");
        let inner = Inner {
            within,
            agent: String::new(),
            src,
            told,
            url: url.into(),
            next: None,
            frame: None,
            watched: false,
            written: false,
            listeners: Vec::new(),
            again: None,
        };
        let this = Self(Rc::new(RefCell::new(inner)));
        let shared = this.0.clone();
        match reach(url) {
            Err(why) => tell(&shared, Framed::Not(why)),
            Ok(url) => spawn_local(async move {
                let src = shared.borrow().src.clone();
                match fetch::bytes(&src, MAX_SCRIPT).await.map(String::from_utf8) {
                    Ok(Ok(agent)) => {
                        shared.borrow_mut().agent = agent;
                        put(&shared, &url);
                    }
                    _ => tell(&shared, Framed::Not(Why::Unreachable)),
                }
            }),
        }
        this
    }

    /// Loads the page anew.
    pub fn reload(&self) {
        let url = self.0.borrow().url.clone();
        put(&self.0, &url);
    }
}

/// The URL in full, if a page there can be reached into.
fn reach(url: &str) -> Result<String, Why> {
    let url = location::absolute(url).ok_or(Why::NoUrl)?;
    if !matches!(url.protocol().as_str(), "http:" | "https:") {
        return Err(Why::NoUrl);
    }
    if url.origin() != location::origin() { Err(Why::Elsewhere) } else { Ok(url.href()) }
}

fn tell(shared: &Rc<RefCell<Inner>>, how: Framed) {
    let (told, url) = {
        let inner = shared.borrow();
        (inner.told.clone(), inner.url.clone())
    };
    told.emit((how, url));
}

/// A new frame with a page in it.
fn put(shared: &Rc<RefCell<Inner>>, url: &str) {
    {
        let inner = &mut *shared.borrow_mut();
        inner.listeners.clear();
        inner.next = None;
        inner.url = url.into();
        inner.watched = false;
        inner.written = false;
    }
    tell(shared, Framed::Loading);
    let start = begin(shared, Some(url));
    if start.is_none() {
        tell(shared, Framed::Not(Why::Lost));
    }
}

/// Puts the frame into the document and, right then, the agent into its window.
fn begin(shared: &Rc<RefCell<Inner>>, url: Option<&str>) -> Option<Window> {
    let frame = new_frame(shared, url)?;
    let window = frame.content_window()?;
    let start = url.and_then(|_| prepare(&window, &shared.borrow()));
    let weak = Rc::downgrade(shared);
    let loaded = EventListener::new(&frame, "load", move |_| {
        if let Some(shared) = weak.upgrade() {
            loaded(&shared, start.as_ref());
        }
    });
    let inner = &mut *shared.borrow_mut();
    inner.listeners.push(loaded);
    if let Some(former) = inner.frame.replace(frame) {
        former.remove();
    }
    Some(window)
}

fn new_frame(shared: &Rc<RefCell<Inner>>, url: Option<&str>) -> Option<HtmlIFrameElement> {
    let inner = shared.borrow();
    let document = inner.within.owner_document()?;
    let frame: HtmlIFrameElement = document.create_element("iframe").ok()?.dyn_into().ok()?;
    frame.set_title("The page");
    if let Some(url) = url {
        frame.set_src(url);
    }
    inner.within.append_child(&frame).ok()?;
    Some(frame)
}

/// What starts the agent in a window whose page has yet to come; `None` where our own policy forbids to evaluate it.
fn prepare(window: &Window, inner: &Inner) -> Option<Function> {
    let eval: Function = Reflect::get(window, &"eval".into()).ok()?.dyn_into().ok()?;
    let before: Function = eval.call1(window, &BEFORE.into()).ok()?.dyn_into().ok()?;
    before.call2(window, &inner.agent.as_str().into(), &inner.src.as_str().into()).ok()?.dyn_into().ok()
}

fn loaded(shared: &Rc<RefCell<Inner>>, start: Option<&Function>) {
    let window = shared.borrow().frame.as_ref().and_then(HtmlIFrameElement::content_window);
    let Some((window, href)) =
        window.and_then(|window| Some((window.clone(), window.location().href().ok()?)))
    else {
        return explain(shared);
    };
    if href == "about:blank" {
        return;
    }
    // A page without WebAssembly so far has not started it.
    let _ = start.map(|start| start.call0(&JsValue::UNDEFINED));
    let watched = Reflect::has(&window, &"gopherscope".into()).unwrap_or(false);
    let (before, written) = {
        let inner = &mut *shared.borrow_mut();
        inner.url.clone_from(&href);
        (std::mem::replace(&mut inner.watched, watched), inner.written)
    };
    match (watched, before, written) {
        (true, ..) => {
            follow(shared, &window);
            tell(shared, Framed::Watched);
        }
        // It went on by itself: what comes gets a frame of its own.
        (false, true, _) => put(shared, &href),
        (false, false, false) => write(shared, &href),
        (false, false, true) => tell(shared, Framed::Not(Why::Lost)),
    }
}

/// When the page goes, a new frame takes what comes.
fn follow(shared: &Rc<RefCell<Inner>>, window: &Window) {
    let weak = Rc::downgrade(shared);
    let gone = EventListener::new(window, "pagehide", move |_| {
        let Some(shared) = weak.upgrade() else { return };
        let again = Rc::downgrade(&shared);
        // Not while the browser is about to show the next document.
        let timeout = Timeout::new(0, move || {
            if let Some(shared) = again.upgrade() {
                went(&shared);
            }
        });
        shared.borrow_mut().again = Some(timeout);
    });
    let weak = Rc::downgrade(shared);
    // Of another realm than ours, so that no `instanceof` tells what it is.
    let navigation = Reflect::get(window, &"navigation".into()).ok().filter(JsValue::is_object);
    let goes = navigation.map(|navigation| {
        EventListener::new(navigation.unchecked_ref(), "navigate", move |event| {
            let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
            let destination = field(event, "destination");
            let url = destination.and_then(|it| field(&it, "url")?.as_string());
            let stays = field(event, "hashChange").is_some_and(|it| it.is_truthy());
            if let Some(shared) = weak.upgrade().filter(|_| !stays) {
                shared.borrow_mut().next = url;
            }
        })
    });
    let inner = &mut *shared.borrow_mut();
    inner.listeners.push(gone);
    inner.listeners.extend(goes);
}

/// The page has gone: where to is known in browsers that tell; elsewhere what loads next says it.
fn went(shared: &Rc<RefCell<Inner>>) {
    let next = shared.borrow_mut().next.take();
    if let Some(url) = next.and_then(|url| reach(&url).ok()) {
        put(shared, &url);
    }
}

/// The last resort: the page's HTML as its server sends it, written into an empty frame behind our script tag.
fn write(shared: &Rc<RefCell<Inner>>, url: &str) {
    let (shared, url) = (shared.clone(), url.to_owned());
    spawn_local(async move {
        let Ok(html) = fetch::bytes(&url, MAX_SCRIPT).await else {
            return tell(&shared, Framed::Not(Why::Unreachable));
        };
        let tag = format!("<script src=\"{}\"></script>", shared.borrow().src);
        let html = framed::with_tag(&String::from_utf8_lossy(&html), &tag);
        shared.borrow_mut().listeners.clear();
        shared.borrow_mut().written = true;
        let written = begin(&shared, None).and_then(|window| fill(&window, &url, &html));
        if written.is_none() {
            tell(&shared, Framed::Not(Why::Lost));
        }
    });
}

fn fill(window: &Window, url: &str, html: &str) -> Option<()> {
    let document = window.document()?;
    let call = |name: &str, arguments: &js_sys::Array| {
        let method: Function = Reflect::get(&document, &name.into()).ok()?.dyn_into().ok()?;
        method.apply(&document, arguments).ok()
    };
    call("open", &js_sys::Array::new())?;
    window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(url)).ok()?;
    call("write", &js_sys::Array::of1(&html.into()))?;
    call("close", &js_sys::Array::new()).map(drop)
}

/// The frame shows what we may not look into: its server says why.
fn explain(shared: &Rc<RefCell<Inner>>) {
    let (shared, url) = (shared.clone(), shared.borrow().url.clone());
    spawn_local(async move {
        let why = headers(&url).await.map_or(Why::Unreachable, |headers| Why::of(&headers));
        tell(&shared, Framed::Not(why));
    });
}

async fn headers(url: &str) -> Option<Headers> {
    let options = RequestInit::new();
    options.set_redirect(RequestRedirect::Manual);
    let asked = web_sys::window()?.fetch_with_str_and_init(url, &options);
    let response: Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let redirects = response.type_() == web_sys::ResponseType::Opaqueredirect;
    Some(Headers {
        status: (!redirects).then(|| response.status()),
        frame_options: header("x-frame-options"),
        policy: header("content-security-policy"),
    })
}
