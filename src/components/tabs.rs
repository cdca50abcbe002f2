//! Tabs: one stop for the Tab key, arrows move between them; a choice of the browser's own where the view is narrow.

use super::choice::Choice;
use crate::platform::keyboard;
use yew::prelude::*;

/// Stands beside the name of a tab where something is wrong.
const MARK: &str = "▲";

/// One tab.
#[derive(Clone, PartialEq)]
pub struct TabName {
    /// In the document: `tab-KEY`.
    pub key: &'static str,
    /// What it says.
    pub name: &'static str,
    /// What is wrong there, if anything.
    pub mark: Option<&'static str>,
}

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// What they choose.
    pub label: &'static str,
    /// Id of the panel that the chosen one fills.
    pub panel: &'static str,
    /// The tabs.
    pub tabs: Vec<TabName>,
    /// Position of the chosen one.
    pub chosen: usize,
    /// The one at this position was chosen.
    pub onchoose: Callback<usize>,
}

/// The tabs, and the same as a `<select>`; styles show one of them.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let onkeydown = on_key(props);
    let tab = |(at, tab): (usize, &TabName)| {
        let chosen = at == props.chosen;
        let onclick = props.onchoose.reform(move |_: MouseEvent| at);
        html! {
            <button
                type="button"
                role="tab"
                id={id(tab)}
                aria-selected={chosen.to_string()}
                aria-controls={chosen.then_some(props.panel)}
                tabindex={if chosen { "0" } else { "-1" }}
                {onclick}
            >
                { tab.name }
                if let Some(mark) = tab.mark {
                    <span class="mark" role="img" aria-label={mark} title={mark}>{ MARK }</span>
                }
            </button>
        }
    };
    let choices = props.tabs.iter().enumerate().map(|(at, tab)| (at, name(tab))).collect::<Vec<_>>();
    html! {
        <>
            <div class="tabs" role="tablist" aria-label={props.label} {onkeydown}>
                { for props.tabs.iter().enumerate().map(tab) }
            </div>
            <Choice<usize>
                class="tabs-select"
                label={props.label}
                {choices}
                chosen={props.chosen}
                onchoose={props.onchoose.clone()}
            />
        </>
    }
}

/// Its name where it can be text only.
fn name(tab: &TabName) -> String {
    if tab.mark.is_some() { format!("{} {MARK}", tab.name) } else { tab.name.to_owned() }
}

/// Id of a tab's element.
fn id(tab: &TabName) -> String {
    format!("tab-{}", tab.key)
}

fn on_key(props: &TabsProps) -> Callback<KeyboardEvent> {
    let (tabs, chosen, onchoose) = (props.tabs.clone(), props.chosen, props.onchoose.clone());
    Callback::from(move |event: KeyboardEvent| {
        let Some(to) = moved(&event.key(), chosen, tabs.len()) else { return };
        event.prevent_default();
        keyboard::focus(&id(&tabs[to]));
        onchoose.emit(to);
    })
}

/// The tab that a key leads to; arrows go round.
fn moved(key: &str, at: usize, len: usize) -> Option<usize> {
    let last = len.checked_sub(1)?;
    Some(match key {
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "ArrowRight" => {
            if at >= last {
                0
            } else {
                at + 1
            }
        }
        "Home" => 0,
        "End" => last,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn arrows_go_round() {
        assert_eq!(moved("ArrowRight", 2, 3), Some(0));
        assert_eq!(moved("ArrowLeft", 0, 3), Some(2));
        assert_eq!(moved("End", 0, 3), Some(2));
        assert_eq!(moved("ArrowRight", 9, 3), Some(0));
        assert_eq!(moved("x", 0, 3), None);
        assert_eq!(moved("Home", 0, 0), None);
    }
}
