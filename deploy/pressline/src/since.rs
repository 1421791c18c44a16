//! `--since`: a day, a moment, or how long ago.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A moment, as people say it: `2026-03-04` (from midnight on this machine's clock), `2026-03-04T06:00:00Z`, `36h`, `7d`.
///
/// # Errors
/// What can be given.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(day) = text.parse::<Date>() {
        let start = day.to_zoned(TimeZone::system());
        return start.map(|start| start.timestamp()).map_err(|error| error.to_string());
    }
    let ago = text.parse::<Span>().ok().filter(|span| span.is_positive());
    let ago = ago.and_then(|span| Timestamp::now().to_zoned(TimeZone::UTC).checked_sub(span).ok());
    ago.map(|moment| moment.timestamp())
        .ok_or_else(|| "give a day (2026-03-04), a moment (2026-03-04T06:00:00Z) or how long ago (36h, 7d)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_a_moment_and_how_long_ago_are_moments_and_anything_else_says_what_can_be_given() {
        assert_eq!(parse("1970-01-02T00:00:00Z").unwrap().as_second(), 86_400);
        let day = parse("2026-03-04").unwrap().to_zoned(TimeZone::system());
        assert_eq!((day.date().to_string().as_str(), day.hour()), ("2026-03-04", 0));
        let ago = Timestamp::now().as_second() - parse("2d").unwrap().as_second();
        assert!((172_799..172_900).contains(&ago), "{ago}");
        for wrong in ["", "yesterday", "-2d", "2026-13-01"] {
            assert!(parse(wrong).is_err_and(|error| error.contains("36h")), "{wrong}");
        }
    }
}
