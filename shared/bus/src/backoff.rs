//! How long to wait before the next try: doubling, bounded, and never the same for all.

use std::time::Duration;

/// The wait after the `failures`-th failure in a row (1 = first): `base` doubled each time, at most `most`, of which
/// between one half and all is taken. `chance` is in 0..1.
pub(crate) fn delay(failures: u32, base: Duration, most: Duration, chance: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(20);
    jittered(base.saturating_mul(1 << doublings).min(most), chance)
}

/// Between one half and all of `whole`, so that those who failed together do not come back together.
pub(crate) fn jittered(whole: Duration, chance: f64) -> Duration {
    whole.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_delay_is_never_zero_nor_above_the_bound(failures in 0u32..1000, chance in 0.0f64..1.0) {
            let wait = delay(failures, Duration::from_millis(200), Duration::from_secs(60), chance);
            prop_assert!(wait >= Duration::from_millis(100));
            prop_assert!(wait <= Duration::from_secs(60));
        }
    }

    #[test]
    fn delays_double_from_the_base() {
        let at = |n| delay(n, Duration::from_secs(1), Duration::from_secs(60), 1.0).as_secs();
        assert_eq!([at(1), at(2), at(3), at(9)], [1, 2, 4, 60]);
    }
}
