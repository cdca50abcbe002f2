//! A choice of one among a few.

use yew::prelude::*;

/// Properties of [`Segmented`].
#[derive(Properties, PartialEq)]
pub struct SegmentedProps<T: Copy + PartialEq + 'static> {
    /// What is chosen.
    pub label: &'static str,
    /// The choices and their names.
    pub choices: Vec<(T, &'static str)>,
    /// The present one.
    pub chosen: T,
    /// Another was chosen.
    pub onchoose: Callback<T>,
}

/// Buttons side by side, one of them pressed.
#[component]
pub fn Segmented<T: Copy + PartialEq + 'static>(props: &SegmentedProps<T>) -> Html {
    let button = |(choice, name): &(T, &'static str)| {
        let choice = *choice;
        let onclick = props.onchoose.reform(move |_: MouseEvent| choice);
        let pressed = (choice == props.chosen).to_string();
        html! { <button type="button" aria-pressed={pressed} {onclick}>{ *name }</button> }
    };
    html! {
        <div class="segmented" role="group" aria-label={props.label}>
            { for props.choices.iter().map(button) }
        </div>
    }
}
