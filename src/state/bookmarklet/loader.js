// The bookmarklet that loads the agent: its source, with SITE and WORDS where the launcher writes them. It runs in a page
// of which nothing is known, and must neither throw nor leave anything but the agent, or one notice that can be closed.
(() => {
  const site = SITE;
  const words = WORDS;
  const known = globalThis.gopherscope;
  if (known && known.toggle) return known.toggle(site);
  const root = document.documentElement;
  const NAME = "gopherscope-notice";
  let notice = document.querySelector(NAME);
  let refusedBy = "";
  let done = false;

  const unsay = () => notice && notice.remove();
  const say = (text) => {
    unsay();
    console.warn(text);
    notice = document.createElement(NAME);
    notice.setAttribute("role", "alert");
    notice.style.cssText =
      "all: initial; color-scheme: light dark; position: fixed; z-index: 2147483647; right: 12px; bottom: 12px;" +
      "box-sizing: border-box; max-width: min(440px, calc(100vw - 24px)); padding: 12px; border-radius: 6px;" +
      "display: flex; gap: 12px; align-items: start; font: 13px/1.4 system-ui, sans-serif;" +
      "color: light-dark(#12181d, #e8eef2); background: light-dark(#fff3e0, #3a2a12);" +
      "border: 1px solid light-dark(#b35c00, #ffb86b)";
    const close = document.createElement("button");
    close.textContent = words.close;
    close.style.cssText = "font: inherit; min-height: 28px; cursor: pointer";
    close.onclick = unsay;
    notice.append(text, close);
    root.append(notice);
  };
  const violated = (event) => {
    if (event.disposition !== "enforce" || !event.blockedURI.startsWith(new URL(site).origin)) return;
    // The directive that the policy has, which the browser may have fallen back to.
    const names = event.originalPolicy.split(";").map((it) => it.trim().split(/\s/)[0].toLowerCase());
    refusedBy = ["script-src-elem", "script-src", "default-src"].find((it) => names.includes(it)) || event.effectiveDirective;
  };
  const end = () => {
    done = true;
    document.removeEventListener("securitypolicyviolation", violated);
  };
  // `anonymous`: a server that lets every site read it satisfies Cross-Origin-Embedder-Policy that way.
  const load = (anonymous) => {
    const script = document.createElement("script");
    if (anonymous) script.crossOrigin = "anonymous";
    script.onload = () => (end(), unsay(), script.remove());
    script.onerror = () => {
      script.remove();
      // The browser tells of the policy after the failure.
      setTimeout(() => {
        if (!refusedBy && !anonymous) return load(true);
        end();
        say(refusedBy ? words.policy.replace("DIRECTIVE", refusedBy) : words.unreachable);
      }, 200);
    };
    try {
      script.src = site + "agent.js";
    } catch {
      end();
      return say(words.trusted);
    }
    root.append(script);
  };
  document.addEventListener("securitypolicyviolation", violated);
  load(false);
  setTimeout(() => done || say(words.slow), 1900);
})();
