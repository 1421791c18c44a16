//! The width of the column that lines were set in, told by the lines around each.

use super::lines::Line;
use super::signs::Signs;

/// Narrowest and widest column, in half-width columns, whose line ends are taken for soft wraps.
pub(crate) const COLUMN: std::ops::RangeInclusive<usize> = 16..=WIDEST;
const WIDEST: usize = 120;
/// How far, in half-width columns, a line may stay behind its column's edge: a mark that may not begin the next line.
pub(crate) const SLACK: usize = 4;

/// Lines around a line that may be of a column: a bit for each, by its number modulo 32, which none shares.
pub(crate) struct Window {
    /// Those of each width.
    of_width: [u32; WIDEST + 1],
    /// The widths that any has.
    widths: u128,
    /// Broken off at their end.
    torn: u32,
    /// Running text has its commas; the lines of a masthead and of headings have not.
    marked: u32,
    /// No gap parts it from the line before.
    follows: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { of_width: [0; WIDEST + 1], widths: 0, torn: 0, marked: 0, follows: 0 }
    }
}

impl Window {
    /// Takes in a line.
    pub fn add(&mut self, at: usize, line: &Line, width: usize, torn: bool) {
        let bit = |holds: bool| u32::from(holds) << (at % 32);
        self.of_width[width] |= bit(true);
        self.widths |= 1 << width;
        self.torn |= bit(torn);
        self.marked |= bit(line.signs.any(Signs::PROSE));
        self.follows |= bit(line.gap == 0 && !line.feed);
    }

    /// Leaves a line behind.
    pub fn drop(&mut self, at: usize, width: usize) {
        let others = !(1 << (at % 32));
        self.of_width[width] &= others;
        self.widths &= !(u128::from(self.of_width[width] == 0) << width);
        self.torn &= others;
        self.marked &= others;
        self.follows &= others;
    }

    /// The column's width, where the lines make one.
    pub fn column(&self) -> Option<usize> {
        if self.torn.count_ones() < 3 {
            return None;
        }
        let mut left = self.widths;
        let mut all = 0;
        while left != 0 {
            all |= self.of_width[left.trailing_zeros() as usize];
            left &= left - 1;
        }
        let mut best = None;
        let mut left = self.widths;
        while left != 0 {
            let column = left.trailing_zeros() as usize;
            left &= left - 1;
            let fits = self.of_width[column + 1 - SLACK..=column].iter().fold(0, |fits, more| fits | more);
            let (filled, broken) = (fits.count_ones(), (fits & self.torn).count_ones());
            let prose = (fits & self.marked).count_ones();
            if prose * 3 < filled || broken < 3 || broken * 2 < filled || filled * 3 < all.count_ones() {
                continue;
            }
            // Two lines in a row that reach the edge, the first of them broken off.
            let rows = (fits & self.torn & (fits & self.follows).rotate_right(1)).count_ones();
            if rows >= 2 {
                best = best.max(Some((rows, column)));
            }
        }
        best.map(|(_, column)| column)
    }
}
