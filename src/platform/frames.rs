//! The app's one animation frame: jobs ask for it, and share its time.

use crate::{platform::clock, state::frames::Queue};
use gloo::render::{AnimationFrame, request_animation_frame};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

#[derive(Default)]
struct Frames {
    queue: Queue,
    jobs: HashMap<u32, Rc<dyn Fn()>>,
    next: u32,
    frame: Option<AnimationFrame>,
}

thread_local! {
    static FRAMES: RefCell<Frames> = RefCell::default();
}

/// A job that can ask for a frame; dropping it takes it out.
pub struct Job(u32);

impl Job {
    /// A job that runs in frames it has asked for.
    pub fn new(run: impl Fn() + 'static) -> Self {
        FRAMES.with_borrow_mut(|frames| {
            frames.next += 1;
            frames.jobs.insert(frames.next, Rc::new(run));
            Self(frames.next)
        })
    }

    /// Asks for a frame, once until it has run.
    pub fn ask(&self) {
        FRAMES.with_borrow_mut(|frames| {
            frames.queue.ask(self.0);
            plan(frames);
        });
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        FRAMES.with_borrow_mut(|frames| {
            frames.queue.forget(self.0);
            frames.jobs.remove(&self.0);
        });
    }
}

fn plan(frames: &mut Frames) {
    if frames.frame.is_none() && !frames.queue.is_empty() {
        frames.frame = Some(request_animation_frame(|_| frame()));
    }
}

fn frame() {
    let began = clock::now();
    let mut spent = None;
    // A job may ask, make jobs and drop them: nothing is borrowed while it runs.
    while let Some(run) = FRAMES.with_borrow_mut(|frames| {
        let job = frames.queue.next(spent)?;
        frames.jobs.get(&job).cloned()
    }) {
        run();
        spent = Some(clock::now() - began);
    }
    FRAMES.with_borrow_mut(|frames| {
        frames.frame = None;
        plan(frames);
    });
}
