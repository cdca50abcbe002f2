//! A canvas that is painted in the app's frame when asked, and only while it can be seen.

use crate::{
    platform::{clock, frames::Job, watch::Watch},
    viz::{Shape, Size},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};

use super::surface;

thread_local! {
    static WORKED_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// How long painting has taken since last asked, ms.
pub fn take_worked_ms() -> f64 {
    WORKED_MS.take()
}

/// What a canvas shows, made for its size when it is painted.
type Picture = Rc<dyn Fn(Size) -> Vec<Shape>>;

/// A canvas with the picture on it.
pub struct Easel {
    job: Rc<Job>,
    picture: Rc<RefCell<Option<Picture>>>,
}

impl Easel {
    /// Keeps a canvas painted; `None` for any other element.
    pub fn new(element: &Element) -> Option<Self> {
        let canvas = element.clone().dyn_into::<HtmlCanvasElement>().ok()?;
        let picture = Rc::new(RefCell::new(None::<Picture>));
        let watch: Rc<RefCell<Option<Watch>>> = Rc::default();
        let (shown, watched) = (picture.clone(), watch.clone());
        let job = Rc::new(Job::new(move || {
            // What comes into sight asks again.
            let visible = watched.borrow().as_ref().is_none_or(Watch::is_visible);
            if let Some(picture) = shown.borrow().clone().filter(|_| visible) {
                let began = clock::now();
                surface::paint(&canvas, |size| picture(size));
                WORKED_MS.set(WORKED_MS.get() + clock::now() - began);
            }
        }));
        // Weak: the job holds the watch.
        let weak = Rc::downgrade(&job);
        *watch.borrow_mut() = Some(Watch::new(element, move || {
            if let Some(job) = weak.upgrade() {
                job.ask();
            }
        }));
        Some(Self { job, picture })
    }

    /// Shows another picture in the next frame.
    pub fn show(&self, picture: impl Fn(Size) -> Vec<Shape> + 'static) {
        *self.picture.borrow_mut() = Some(Rc::new(picture));
        self.job.ask();
    }
}
