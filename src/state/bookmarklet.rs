//! Bookmarklets: the agent for a page that does not know of it, as a `javascript:` URL. One loads the agent from the
//! profiler's site, one carries it whole, for pages that load nothing from elsewhere.

use serde_json::{Value, json};

/// The longest URL that Firefox keeps in a bookmark, in characters.
pub const FIREFOX_LIMIT: usize = 65_536;

const LOADER: &str = include_str!("bookmarklet/loader.js");

/// What the loader says where it cannot load; `policy` has `DIRECTIVE` where its name goes.
#[derive(Clone, Copy, Debug)]
pub struct LoaderWords<'a> {
    /// The page's Content-Security-Policy refuses the script.
    pub policy: &'a str,
    /// The page takes trusted types only.
    pub trusted: &'a str,
    /// Nothing came.
    pub unreachable: &'a str,
    /// Nothing has come so far.
    pub slow: &'a str,
    /// The button that takes the words away.
    pub close: &'a str,
}

/// Code that loads the agent from `site`, the folder that `agent.js` lies in; run again, it hides or shows the viewer.
pub fn loader(site: &str, words: &LoaderWords<'_>) -> String {
    let words = json!({
        "policy": words.policy,
        "trusted": words.trusted,
        "unreachable": words.unreachable,
        "slow": words.slow,
        "close": words.close,
    });
    let code: String = LOADER.lines().map(str::trim).filter(|line| !line.starts_with("//")).fold(
        String::new(),
        |mut code, line| {
            code.push_str(line);
            code.push('\n');
            code
        },
    );
    // The site comes first in the text, and may have any name.
    code.replacen("WORDS", &words.to_string(), 1).replacen("SITE", &literal(site), 1)
}

/// The agent itself as code that needs nothing else, its viewer served at `site`; run again, it hides or shows the viewer.
pub fn self_contained(site: &str, agent: &str) -> String {
    let site = literal(site);
    format!(
        "(()=>{{\"use strict\";const s={site},g=globalThis.gopherscope;if(g&&g.toggle)return g.toggle(s);\
         globalThis.__gopherscope={{site:s,ui:\"overlay\"}};\n{agent}\n}})();"
    )
}

fn literal(text: &str) -> String {
    Value::from(text).to_string()
}

/// `code` as a URL that runs it and leaves the page in place. What URL parsers, address fields and lists of URLs drop,
/// fold or take for their own is percent-encoded.
pub fn url(code: &str) -> String {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    let mut url = String::with_capacity(code.len() + code.len() / 4);
    url.push_str("javascript:");
    // The value of what runs would become the page.
    for byte in code.bytes().chain(*b"void 0") {
        if byte.is_ascii_graphic() && !b"%#\"<>`".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from(HEX[usize::from(half)]);
            url.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the URL standard runs it.
    fn decoded(url: &str) -> String {
        let mut bytes = url.strip_prefix("javascript:").unwrap().bytes();
        let mut out = Vec::new();
        while let Some(byte) = bytes.next() {
            let byte = match byte {
                b'%' => {
                    let mut digit = || char::from(bytes.next().unwrap()).to_digit(16).unwrap() as u8;
                    digit() * 16 + digit()
                }
                other => other,
            };
            out.push(byte);
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn code_survives_being_a_url() {
        let code = "a(\"50 % #1\");\n\tb('é \u{2028} `</script>` \\\\ ?x=1&y')\r\n;  c<d>e;";
        let url = url(code);
        assert_eq!(decoded(&url), format!("{code}void 0"));
        assert!(url.bytes().all(|it| it.is_ascii_graphic() && !b"#\"<>`".contains(&it)), "{url}");
    }

    #[test]
    fn both_know_their_site_whatever_its_name() {
        let site = "https://a.example/it's \"here\"/WORDS/\\";
        let words =
            LoaderWords { policy: "DIRECTIVE \"no\"", trusted: "t", unreachable: "u", slow: "s", close: "c" };
        let loader = loader(site, &words);
        assert!(loader.contains(r#"const site = "https://a.example/it's \"here\"/WORDS/\\";"#), "{loader}");
        assert!(loader.contains(r#""policy":"DIRECTIVE \"no\"""#), "{loader}");
        assert!(!loader.lines().any(|line| line.starts_with("//")), "no comments: {loader}");
        let whole = self_contained(site, "agent()");
        assert!(whole.contains(r#"s="https://a.example/it's \"here\"/WORDS/\\","#), "{whole}");
        assert!(whole.contains("\nagent()\n"), "{whole}");
    }
}
