//! Mounts the viewer.

fn main() {
    gopherscope_app::run();
}
