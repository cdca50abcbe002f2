//! A choice of one among many: the browser's own.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Choice`].
#[derive(Properties, PartialEq)]
pub struct ChoiceProps<T: Copy + PartialEq + 'static> {
    /// What is chosen.
    pub label: &'static str,
    /// The choices and their names.
    pub choices: Vec<(T, String)>,
    /// The present one.
    pub chosen: T,
    /// Another was chosen.
    pub onchoose: Callback<T>,
    /// Class of the element.
    #[prop_or_default]
    pub class: Classes,
}

/// A `<select>`.
#[component]
pub fn Choice<T: Copy + PartialEq + 'static>(props: &ChoiceProps<T>) -> Html {
    let values: Vec<T> = props.choices.iter().map(|(value, _)| *value).collect();
    let onchoose = props.onchoose.clone();
    let onchange = Callback::from(move |event: Event| {
        let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        let at = select.and_then(|select| usize::try_from(select.selected_index()).ok());
        if let Some(value) = at.and_then(|at| values.get(at)) {
            onchoose.emit(*value);
        }
    });
    html! {
        <select class={props.class.clone()} aria-label={props.label} {onchange}>
            { for props.choices.iter().map(|(value, name)| html! {
                <option selected={*value == props.chosen}>{ name }</option>
            }) }
        </select>
    }
}
