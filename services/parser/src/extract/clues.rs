//! Tables of what clues add to log odds: a row for each, what sort it is, what it is of, and after a tab its weight.

/// Reads a table row by row; `take` says whether it knew the clue.
///
/// # Panics
/// Where a row of a table that is built in cannot be read.
pub(crate) fn read(table: &str, mut take: impl FnMut(&str, &str, f32) -> Option<()>) {
    for row in table.lines() {
        let mut taken = || {
            let (clue, weight) = row.split_once('\t')?;
            let (kind, of) = clue.split_once(' ').unwrap_or((clue, ""));
            take(kind, of, weight.parse().ok()?)
        };
        taken().unwrap_or_else(|| unreachable!("a row that is no clue: {row}"));
    }
}
