//! Pages that were opened in a frame, the latest first.

/// Most that are remembered.
const MOST: usize = 8;

/// The list, as it is remembered: a URL in each line.
pub fn parse(text: &str) -> Vec<String> {
    text.lines().filter(|url| !url.is_empty()).take(MOST).map(str::to_owned).collect()
}

/// For [`parse`].
pub fn format(urls: &[String]) -> String {
    urls.join("\n")
}

/// The list after a URL was opened.
pub fn opened(urls: &[String], url: &str) -> Vec<String> {
    let rest = urls.iter().filter(|known| *known != url);
    [url.to_owned()].into_iter().chain(rest.cloned()).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_is_first_and_few_are_kept() {
        let urls = (0..20).fold(Vec::new(), |urls, at| opened(&urls, &format!("/{}", at % 10)));
        assert_eq!(urls, ["/9", "/8", "/7", "/6", "/5", "/4", "/3", "/2"]);
        assert_eq!(parse(&format(&urls)), urls);
        assert_eq!(parse(""), Vec::<String>::new());
    }
}
