use model::format::columns;

/// As the docker command lays out a table (Go's `text/tabwriter` with its settings): each column as wide as its
/// widest cell and three spaces, ten at least; the last one without padding.
pub fn table(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| columns(cell)).max().unwrap_or(0);
            (widest + 3).max(10)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            if column + 1 == row.len() {
                text.push_str(cell);
            } else {
                text.push_str(cell);
                text.extend(std::iter::repeat_n(' ', widths[column] - columns(cell)));
            }
        }
        text.push('\n');
    }
    text
}
