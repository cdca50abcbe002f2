//! Keys in a table whose rows open: up and down between rows, right opens or goes in, left closes or goes out.

/// A row as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TreeRow {
    /// 1 at the top.
    pub level: usize,
    /// Whether it is open; `None` where it cannot be.
    pub open: Option<bool>,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The focus goes to a row.
    To(usize),
    /// The row it is on opens, or closes.
    Open(bool),
    /// The key is the table's, and leads nowhere here.
    Nothing,
}

/// What a key does on row `at`; `None` where it is not the table's.
pub fn step(key: &str, rows: &[TreeRow], at: usize) -> Option<Step> {
    let row = rows.get(at)?;
    let last = rows.len() - 1;
    Some(match key {
        "ArrowDown" => Step::To((at + 1).min(last)),
        "ArrowUp" => Step::To(at.saturating_sub(1)),
        "Home" => Step::To(0),
        "End" => Step::To(last),
        "ArrowRight" => match row.open {
            Some(false) => Step::Open(true),
            Some(true) if rows.get(at + 1).is_some_and(|next| next.level > row.level) => Step::To(at + 1),
            _ => Step::Nothing,
        },
        "ArrowLeft" => match (row.open, parent(rows, at)) {
            (Some(true), _) => Step::Open(false),
            (_, Some(parent)) => Step::To(parent),
            _ => Step::Nothing,
        },
        "Enter" => row.open.map_or(Step::Nothing, |open| Step::Open(!open)),
        _ => return None,
    })
}

fn parent(rows: &[TreeRow], at: usize) -> Option<usize> {
    rows[..at].iter().rposition(|row| row.level < rows[at].level)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn row(level: usize, open: Option<bool>) -> TreeRow {
        TreeRow { level, open }
    }

    const ROWS: [TreeRow; 5] =
        [row(1, Some(true)), row(2, Some(true)), row(3, None), row(2, None), row(1, Some(false))];

    #[test]
    fn right_goes_in_and_left_goes_out() {
        let at = |key, at| step(key, &ROWS, at);
        assert_eq!(at("ArrowRight", 4), Some(Step::Open(true)));
        assert_eq!(at("ArrowRight", 0), Some(Step::To(1)));
        assert_eq!(at("ArrowRight", 3), Some(Step::Nothing));
        assert_eq!(at("ArrowLeft", 1), Some(Step::Open(false)));
        assert_eq!(at("ArrowLeft", 2), Some(Step::To(1)));
        assert_eq!(at("ArrowLeft", 3), Some(Step::To(0)));
        assert_eq!(at("ArrowLeft", 4), Some(Step::Nothing));
    }

    #[test]
    fn ends_are_ends() {
        let at = |key, at| step(key, &ROWS, at);
        assert_eq!((at("ArrowUp", 0), at("ArrowDown", 4)), (Some(Step::To(0)), Some(Step::To(4))));
        assert_eq!((at("Home", 3), at("End", 3)), (Some(Step::To(0)), Some(Step::To(4))));
        assert_eq!((at("Enter", 4), at("Enter", 3)), (Some(Step::Open(true)), Some(Step::Nothing)));
        assert_eq!((at("x", 0), step("Enter", &[], 0)), (None, None));
    }
}
