//! Words of the view of the environment.

use session::{Module, Obstacle, Realm, Rung, Sharing, fmt};

pub const SHARING: &str = "Sharing bytes with another thread";
pub const SHARING_ABOUT: &str = "Go's own memory belongs to one thread. What leaves it is copied once, by js.CopyBytesToJS; these \
are the ways on from there, the best first.";
pub const NEXT: &str = "How to get there";
pub const HERE: &str = "the best here";
pub const ALSO: &str = "works here, too";
pub const NOT_HERE: &str = "not here";
pub const MODULES: &str = "How the modules came";
pub const MODULES_NONE: &str = "No module of Go or TinyGo has come yet.";
pub const OLDER_ABOUT: &str = "Not known: this recording is of an older Gopherscope, which did not tell, or nothing in this realm has told yet";
pub const NOT_TOLD_BY_ENGINE: &str = "Not known: this browser does not tell";
pub const HEADERS_UNSEEN: &str =
    "Not known: a script does not see the headers of its own page; without isolation either may be missing";

pub const ENV_ISOLATED: &str = "Cross-origin isolated";
pub const ENV_COOP: &str = "COOP";
pub const ENV_COEP: &str = "COEP";
pub const ENV_BUFFER: &str = "SharedArrayBuffer";
pub const ENV_MEMORY: &str = "Shared wasm memory";
pub const ENV_WAIT: &str = "Atomics.waitAsync";
pub const ENV_SECURE: &str = "Secure context";
pub const ENV_AGENT: &str = "Origin-keyed agent";
pub const ENV_ALLOWED: &str = "Isolation allowed";
pub const ENV_WORKERS: &str = "Workers";
pub const ENV_CORES: &str = "Processors told";
pub const ENV_REFUSED: &str = "Refused us";
pub const ENV_CLOCK: &str = "Clock step";
pub const REFUSED_NONE: &str = "nothing: no policy of the page has refused anything of the profiler";
pub const YES: &str = "yes";
pub const NO: &str = "no";
pub const COOP_ISOLATED: &str = "same-origin, or the page would not be isolated";
pub const COEP_ISOLATED: &str = "require-corp or credentialless, or the page would not be isolated";
pub const MEMORY_LOCAL: &str = "yes, but no other thread can be given it";
pub const CLOCK_UNKNOWN: &str = "Not known: it was not measured";

/// `Cross-Origin-Opener-Policy`.
pub const COOP: &str = "Cross-Origin-Opener-Policy: same-origin";
/// `Cross-Origin-Embedder-Policy`, strict.
pub const COEP: &str = "Cross-Origin-Embedder-Policy: require-corp";
/// `Cross-Origin-Embedder-Policy`, where others cannot be asked for headers.
pub const COEP_LOOSE: &str = "Cross-Origin-Embedder-Policy: credentialless";
/// `Cross-Origin-Resource-Policy`.
pub const CORP: &str = "Cross-Origin-Resource-Policy: cross-origin";
/// Of a frame.
pub const ALLOW: &str = "<iframe allow=\"cross-origin-isolated\" src=\"…\">";

/// A rung, and what it is.
pub fn rung(rung: Rung) -> (&'static str, &'static str) {
    match rung {
        Rung::Shared => (
            "SharedArrayBuffer with workers",
            "Both threads see the same bytes; Atomics tell when. Copy into a Uint8Array of a SharedArrayBuffer.",
        ),
        Rung::Transfer => (
            "Transfer of an ArrayBuffer",
            "postMessage(message, [buffer]): the bytes change hands and are not copied again; the sender has them no more.",
        ),
        Rung::Clone => (
            "Structured clone",
            "postMessage(message): the browser copies the bytes once more. Good for little.",
        ),
    }
}

/// The answer.
pub fn sharing_answer(sharing: Option<&Sharing>) -> String {
    let Some(sharing) = sharing else {
        return "What this page may share between threads is not known.".into();
    };
    match (sharing.rung, sharing.obstacles.first()) {
        (Some(Rung::Shared), _) => {
            "A Go program can share memory with workers here: the page is cross-origin isolated.".into()
        }
        (None, _) => "There are no workers here to share bytes with.".into(),
        (_, Some(Obstacle::Engine)) => {
            "Bytes can be transferred to workers here, not shared: this browser has no shared memory.".into()
        }
        _ => "Bytes can be transferred to workers here, not shared: the page is not cross-origin isolated."
            .into(),
    }
}

/// What to do about an obstacle, and the code to copy with what it is for.
pub fn obstacle(it: Obstacle) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match it {
        Obstacle::Engine => {
            ("No header helps: the browser itself has none. Use another browser, or transfer.", &[])
        }
        Obstacle::NoWorkers => ("Nothing can be shared where no worker can be started.", &[]),
        Obstacle::Insecure => ("Serve the page over HTTPS; localhost counts as secure, too.", &[]),
        Obstacle::Embedder => (
            "This page is in a frame: the page around it must send both headers as well, and where it is of another origin, allow it:",
            &[(ALLOW, "")],
        ),
        Obstacle::Owner => (
            "This is a worker: it is isolated where the page that starts it is, and its own script must come with the second header.",
            &[],
        ),
        Obstacle::Headers => (
            "Send both of these with the document:",
            &[
                (COOP, ""),
                (
                    COEP,
                    "Then whatever comes from another origin, the profiler's agent.js among it, must send",
                ),
                (
                    CORP,
                    "or be asked for by CORS: <script crossorigin>, <img crossorigin>. Where others cannot be asked for it, send \
instead of the second header (Chromium and Firefox; such requests go without cookies)",
                ),
                (COEP_LOOSE, ""),
            ],
        ),
    }
}

/// What a realm is called, where nothing stands before it.
pub fn realm(realm: &Realm) -> String {
    let name = session::text::realm(realm);
    name.get(..1).map(str::to_uppercase).unwrap_or_default() + name.get(1..).unwrap_or_default()
}

/// How a module came: its content type and whether it was streamed.
pub fn module_came(module: &Module) -> String {
    let Some(network) = &module.network else { return "as bytes, from no request that could be seen".into() };
    let streamed = match network.streamed {
        Some(true) => "streamed: compiled while it loaded",
        Some(false) => "not streamed: compiled after it had loaded",
        None => "whether it was streamed is not known",
    };
    let kind = network
        .content_type
        .as_deref()
        .map_or_else(|| "its type is not told".to_owned(), |it| format!("as {it}"));
    let right = network
        .content_type
        .as_deref()
        .map(|it| it.split(';').next().unwrap_or_default().trim() == "application/wasm");
    let wrong = if right == Some(false) { "; browsers stream application/wasm only" } else { "" };
    format!("{kind}, {streamed}{wrong}")
}

/// A step of the clock.
pub fn clock_step(ms: f64, isolated: Option<bool>) -> String {
    let finer = if isolated == Some(false) { "; finer where the page is isolated" } else { "" };
    format!("{}{finer}", fmt::ms(ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::Network;

    #[test]
    fn a_module_says_how_it_came() {
        let came = |kind: Option<&str>, streamed| {
            let network = Network { content_type: kind.map(str::to_owned), streamed, ..Network::default() };
            module_came(&Module { network: Some(network), ..Module::default() })
        };
        assert_eq!(
            came(Some("application/wasm"), Some(true)),
            "as application/wasm, streamed: compiled while it loaded"
        );
        assert!(came(Some("text/plain"), Some(false)).ends_with("browsers stream application/wasm only"));
        assert!(came(None, None).contains("not known"));
    }
}
