//! Rows of HTML tables as a browser lays them out: cells may span several columns and rows.

/// A cell of a row, and how many columns and rows it spans.
#[derive(Default)]
pub(super) struct Cell {
    pub text: String,
    columns: usize,
    rows: usize,
}

/// More columns than any table has: a larger span is a mistake, or hostile.
const MAX_COLUMNS: usize = 64;
/// The most rows that a cell spans in a browser.
const MAX_ROWS: usize = 65_534;

impl Cell {
    /// A cell with these `colspan` and `rowspan` attributes. A `rowspan` of 0 means all rows to the end of the group.
    pub(super) fn with_spans(columns: usize, rows: usize) -> Self {
        let rows = if rows == 0 { MAX_ROWS } else { rows.min(MAX_ROWS) };
        Self { columns: columns.clamp(1, MAX_COLUMNS), rows, ..Self::default() }
    }
}

/// The cells of earlier rows that still span the next ones.
#[derive(Default)]
pub(super) struct Spans {
    /// By column: the text, and for how many more rows.
    filled: Vec<(String, usize)>,
}

impl Spans {
    /// A new table, or a new group of rows, begins.
    pub(super) fn clear(&mut self) {
        self.filled.clear();
    }

    /// The row as a browser lays it out. A cell that spans several columns leaves the others empty; one that spans
    /// several rows is repeated in each.
    pub(super) fn lay_out(&mut self, cells: Vec<Cell>) -> Vec<String> {
        let mut row: Vec<String> = Vec::new();
        let mut cells = cells.into_iter();
        loop {
            let column = row.len();
            if let Some((text, rows)) = self.filled.get_mut(column).filter(|(_, rows)| *rows > 0) {
                *rows -= 1;
                row.push(text.clone());
                continue;
            }
            let Some(mut cell) = cells.next() else {
                // A cell of an earlier row may still span this one further right.
                if self.filled.iter().skip(column).all(|(_, rows)| *rows == 0) {
                    break;
                }
                row.push(String::new());
                continue;
            };
            // Cells beyond the last column of any table do not span: nested spans would grow without end.
            if column >= MAX_COLUMNS {
                (cell.columns, cell.rows) = (1, 1);
            }
            if cell.rows > 1 {
                self.filled.resize(self.filled.len().max(column + cell.columns), (String::new(), 0));
                for filled in &mut self.filled[column..column + cell.columns] {
                    *filled = (String::new(), cell.rows - 1);
                }
                self.filled[column].0.clone_from(&cell.text);
            }
            row.push(cell.text);
            row.resize(column + cell.columns, String::new());
        }
        row
    }
}
