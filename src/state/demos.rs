//! The demo programs, as their own index page lists them: there is one list.

const INDEX: &str = include_str!("../../demo/index.html");

/// A demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub about: String,
    /// Names and URLs of its variants, seen from the folder of demos.
    pub variants: Vec<(String, String)>,
}

/// All demos.
pub fn all() -> Vec<Demo> {
    INDEX.split("<li>").skip(1).filter_map(demo).collect()
}

fn demo(item: &str) -> Option<Demo> {
    let links = item.split("<a href=\"").skip(1);
    let variants = links
        .filter_map(|link| Some((text(between(link, ">", "</a>")?), link.split('"').next()?.to_owned())));
    Some(Demo {
        name: text(between(item, "<h3>", "</h3>")?),
        about: text(between(item, "<p>", "</p>")?),
        variants: variants.collect(),
    })
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inner, _)| inner)
}

/// Without tags.
fn text(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |it| it.1) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demo_with_its_variants() {
        let demos = all();
        let variants = |name: &str| {
            let demo = demos.iter().find(|demo| demo.name == name);
            demo.map(|it| it.variants.iter().map(|(name, url)| format!("{name} {url}")).collect::<Vec<_>>())
        };
        assert_eq!(
            variants("Chatty bridge").as_deref(),
            Some(&["Sick bridge/?variant=sick".to_owned(), "Healthy bridge/?variant=healthy".to_owned()][..])
        );
        assert_eq!(variants("esbuild").as_deref(), Some(&["Bundle esbuild/".to_owned()][..]));
        let exists = |url: &str| {
            let page = url.split('?').next().unwrap_or_default();
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/demo"))
                .join(page)
                .join("index.html")
                .exists()
        };
        assert!(
            demos
                .iter()
                .all(|demo| !demo.variants.is_empty() && demo.variants.iter().all(|it| exists(&it.1)))
        );
        assert_eq!(demos.len(), INDEX.matches("<h3>").count());
        assert!(demos.iter().all(|demo| !demo.about.is_empty() && !demo.about.contains(['<', '>', '&'])));
    }
}
