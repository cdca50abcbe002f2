//! The browser's modal dialogs.

use web_sys::HtmlDialogElement;
use yew::NodeRef;

/// Opens a dialog over the document, which gives it the focus.
pub fn open(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        // Fails only where it is open already.
        let _ = dialog.show_modal();
    }
}

/// Closes it, which gives the focus back.
pub fn close(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}
