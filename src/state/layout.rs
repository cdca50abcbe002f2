//! Where the view sits in the page, as its reader chose it. The agent fits it into the window there is and tells what
//! was pulled or moved (`crates/agent/hooks/overlay/layout.ts` is the twin); this side remembers it.

use serde::{Deserialize, Serialize};

/// What the view holds on to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dock {
    /// The window's lower edge.
    #[default]
    Bottom,
    /// Its right edge.
    Right,
    /// Nothing.
    Float,
}

/// Where the badge sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corner {
    /// Lower right.
    BottomRight,
    /// Lower left.
    BottomLeft,
    /// Upper right.
    TopRight,
    /// Upper left.
    TopLeft,
}

/// A floating view's box, CSS px of the window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// What the view holds on to.
    pub dock: Dock,
    /// Part of the window's height that it takes at the bottom, 0 to 1.
    pub bottom: f64,
    /// Part of the width that it takes at the right.
    pub right: f64,
    /// Its box when it floats; `None` until it first did.
    pub float: Option<Rect>,
    /// Shown as a badge.
    pub collapsed: bool,
    /// The badge's corner; `None` until chosen.
    pub corner: Option<Corner>,
}

impl Default for Layout {
    fn default() -> Self {
        Self { dock: Dock::Bottom, bottom: 0.38, right: 0.4, float: None, collapsed: false, corner: None }
    }
}

impl Layout {
    /// A layout from storage or the page; `None` for anything else.
    pub fn parse(json: &str) -> Option<Self> {
        let layout: Self = serde_json::from_slice(json.as_bytes()).ok()?;
        let part = |it: f64| it > 0.0 && it < 1.0;
        (part(layout.bottom) && part(layout.right)).then_some(layout)
    }

    /// For [`Self::parse`].
    pub fn to_json(self) -> String {
        // Plain data: it cannot fail, and an empty text is no layout.
        serde_json::to_string(&self).unwrap_or_default()
    }

    /// The same, docked elsewhere and open.
    pub fn docked(self, dock: Dock) -> Self {
        Self { dock, collapsed: false, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Thousandths: a longer fraction may come back off by its last bit.
    fn parts() -> impl Strategy<Value = f64> {
        (1..1000i32).prop_map(|it| f64::from(it) / 1e3)
    }

    fn layouts() -> impl Strategy<Value = Layout> {
        let docks = prop_oneof![Just(Dock::Bottom), Just(Dock::Right), Just(Dock::Float)];
        let corners = prop_oneof![
            Just(Corner::BottomRight),
            Just(Corner::BottomLeft),
            Just(Corner::TopRight),
            Just(Corner::TopLeft)
        ];
        let rects = proptest::array::uniform4(-9000i32..9000).prop_map(|it| {
            let [x, y, w, h] = it.map(f64::from);
            Rect { x, y, w, h }
        });
        (docks, parts(), parts(), any::<bool>(), proptest::option::of(corners), proptest::option::of(rects))
            .prop_map(|(dock, bottom, right, collapsed, corner, float)| Layout {
                dock,
                bottom,
                right,
                float,
                collapsed,
                corner,
            })
    }

    proptest! {
        #[test]
        fn what_is_remembered_comes_back(layout in layouts()) {
            prop_assert_eq!(Layout::parse(&layout.to_json()), Some(layout));
        }

        #[test]
        fn any_text_is_a_layout_or_none(text in ".*") {
            if let Some(layout) = Layout::parse(&text) {
                prop_assert!(layout.bottom > 0.0 && layout.bottom < 1.0);
            }
        }
    }

    #[test]
    fn the_words_are_those_of_the_agent() {
        let layout = Layout { corner: Some(Corner::TopLeft), ..Layout::default().docked(Dock::Float) };
        let words = r#"{"dock":"float","bottom":0.38,"right":0.4,"float":null,"collapsed":false,"corner":"top-left"}"#;
        assert_eq!(layout.to_json(), words);
    }

    #[test]
    fn what_lacks_is_as_at_first_and_what_is_wrong_is_none() {
        assert_eq!(Layout::parse(r#"{"dock":"right"}"#), Some(Layout::default().docked(Dock::Right)));
        for wrong in ["", "null", "7", r#"{"dock":"left"}"#, r#"{"bottom":0}"#, r#"{"right":1.5}"#] {
            assert_eq!(Layout::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn docking_opens_a_badge_and_keeps_the_sizes() {
        let badge = Layout { collapsed: true, bottom: 0.6, ..Layout::default() };
        let right = badge.docked(Dock::Right);
        assert_eq!((right.dock, right.collapsed, right.bottom), (Dock::Right, false, 0.6));
    }
}
