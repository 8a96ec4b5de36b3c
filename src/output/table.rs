//! Lines of a table: as wide as the rows at hand need, and on a terminal no wider than that.

use super::style::Meaning;
use super::text::{Text, printable};

/// Characters of a cell that are shown at most.
const WIDEST: usize = 40;
/// No column is made narrower than this.
const NARROWEST: usize = 8;
const GAP: &str = "  ";

/// One cell: what it means and its text.
pub(crate) type Cell = (Meaning, String);

/// The widths of the columns. On a terminal, rows that come later are held to them.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    headings: [&'static str; N],
    widths: [usize; N],
    is_for_terminal: bool,
}

impl<const N: usize> Table<N> {
    /// Makes room for `rows`. On a terminal of `columns` the later columns give way, but never the first `fixed` ones.
    pub(crate) fn fitting(
        headings: [&'static str; N],
        rows: &[[Cell; N]],
        fixed: usize,
        columns: Option<usize>,
    ) -> Self {
        let width = |at: usize| rows.iter().map(|row| length(&row[at].1)).max().unwrap_or(0);
        let mut widths = std::array::from_fn(|at| width(at).max(headings[at].len()).min(WIDEST));
        let is_for_terminal = columns.is_some();
        let columns = columns.unwrap_or(usize::MAX);
        while widths.iter().sum::<usize>() + GAP.len() * (N - 1) > columns {
            match widths[fixed..].iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        Self { headings, widths, is_for_terminal }
    }

    pub(crate) fn heading(&self) -> Text {
        self.line(&self.headings.map(|heading| (Meaning::Dim, heading.to_owned())))
    }

    pub(crate) fn line(&self, cells: &[Cell; N]) -> Text {
        let mut text = Text::new();
        for (at, (meaning, content)) in cells.iter().enumerate() {
            let content = cut(&printable(content), if self.is_for_terminal { self.widths[at] } else { WIDEST });
            let padding = self.widths[at].saturating_sub(length(&content));
            text.add(*meaning, content);
            if at + 1 < N {
                text.plain(" ".repeat(padding) + GAP);
            }
        }
        text
    }
}

fn length(text: &str) -> usize {
    printable(text).chars().count()
}

fn cut(text: &str, width: usize) -> String {
    match text.chars().count() {
        count if count <= width => text.to_owned(),
        _ => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<const N: usize>(cells: [&str; N]) -> [Cell; N] {
        cells.map(|cell| (Meaning::Plain, cell.to_owned()))
    }

    #[test]
    fn later_columns_give_way_on_a_narrow_terminal() {
        let rows = [row(["evt_12345678", "done", "a-long-render-id"]), row(["evt_1", "x\u{1b}\ny", "é"])];
        let shown = |columns| {
            let table = Table::fitting(["EVENT", "TYPE", "RENDER"], &rows, 1, columns);
            let lines = [table.heading(), table.line(&rows[0]), table.line(&rows[1])];
            lines.map(|line| line.rendered(false)).concat()
        };
        assert_eq!(
            shown(None),
            "EVENT         TYPE  RENDER\nevt_12345678  done  a-long-render-id\nevt_1         xy    é\n"
        );
        assert_eq!(
            shown(Some(30)),
            "EVENT         TYPE  RENDER\nevt_12345678  done  a-long-re…\nevt_1         xy    é\n"
        );
        assert!(shown(Some(3)).contains("evt_12345678  done  a-long-…\n"), "what cannot fit is still shown");
    }

    #[test]
    fn a_later_row_is_held_to_the_widths_on_a_terminal_alone() {
        for (columns, expected) in [(Some(80), "…  …\n".to_owned()), (None, format!("12345  {}…\n", "x".repeat(39)))]
        {
            let table = Table::fitting(["A", "B"], &[row(["1", "2"])], 0, columns);
            assert_eq!(table.line(&row(["12345", "x".repeat(90).as_str()])).rendered(false), expected);
        }
    }
}
