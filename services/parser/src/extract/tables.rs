//! Tables: rows in pipes, and rows of cells that wide blanks part.

use super::lines::Line;
use super::signs::Signs;
use super::text::{is_blank, is_comma, is_stop};

/// Fewest cells of a row, and fewest rows of a table without pipes.
const CELLS: usize = 3;
const ROWS: usize = 3;

/// Marks the rows of tables.
pub(crate) fn mark(lines: &mut [Line]) {
    let cells: Vec<usize> =
        lines.iter().map(|line| if line.signs.any(Signs::BLANK) { cells(&line.text) } else { 0 }).collect();
    let piped: Vec<bool> = lines.iter().map(|line| is_piped(&line.text)).collect();
    let mut at = 0;
    while at < lines.len() {
        if piped[at] {
            lines[at].row = true;
            at += 1;
            continue;
        }
        // Rows that wide blanks part stand together, have as many cells, and hold figures.
        let end = (at + 1..lines.len())
            .find(|i| cells[*i] != cells[at] || piped[*i] || lines[*i].gap > 1 || lines[*i].feed)
            .unwrap_or(lines.len());
        let figures = || lines[at..end].iter().filter(|line| holds_figures(&line.text)).count();
        if cells[at] >= CELLS && end - at >= ROWS && figures() * 2 >= end - at {
            lines[at..end].iter_mut().for_each(|line| line.row = true);
        }
        at = end;
    }
}

/// `| a | b |`
fn is_piped(text: &str) -> bool {
    text.len() > 2 && text.starts_with('|') && text.ends_with('|') && text.matches('|').count() >= 3
}

/// The number of cells of a line, 0 where it has punctuation of running text.
fn cells(text: &str) -> usize {
    if text.chars().any(|c| is_stop(c) || is_comma(c) && c != ',') {
        return 0;
    }
    let (mut count, mut blanks) = (1usize, 0usize);
    for c in text.chars() {
        if is_blank(c) {
            blanks += if c == '\u{3000}' { 2 } else { 1 };
        } else {
            count += usize::from(blanks >= 2);
            blanks = 0;
        }
    }
    if count >= CELLS { count } else { 0 }
}

/// Whether two cells of a line hold figures.
fn holds_figures(text: &str) -> bool {
    text.split(is_blank).filter(|cell| cell.contains(|c: char| c.is_ascii_digit())).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;

    #[test]
    fn rows_are_told_from_bylines_and_headings() {
        let rows = |text: &str| split(text).iter().map(|line| line.row).collect::<Vec<_>>();
        assert_eq!(rows("名次    球队    积分\n 1    云江队    12\n 2    桥南队    10"), [true, true, true]);
        assert_eq!(rows("| 品名 | 价格 |\n| --- | --- |\n| 白菜 | 1.2 |"), [true, true, true]);
        assert_eq!(rows("本报记者　陈小禾　林　远\n责任编辑　周　舟　版式　林　远"), [false, false]);
    }
}
