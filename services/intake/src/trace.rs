//! W3C trace context: an upload's trace goes on with its issue, <https://www.w3.org/TR/trace-context/>.

use data_encoding::HEXLOWER;
use tracing::Span;

/// Set when whoever began the trace records it.
const SAMPLED: &str = "01";

/// The trace of an upload: the sender's where `given` is valid, else a new one, with `span` in it. Gives what to hand on.
pub fn begin(span: &Span, given: Option<&str>) -> String {
    let mut known = given.map(str::trim).filter(|given| is_valid(given)).map(str::to_owned);
    runtime::trace::join(span, &mut known);
    known.unwrap_or_else(|| {
        let made = traceparent(None, rand::random);
        runtime::trace::join(span, &mut Some(made.clone()));
        made
    })
}

/// The sender's `traceparent` where it is valid, else a new one made of `random`, 24 bytes.
pub fn traceparent(given: Option<&str>, random: impl FnOnce() -> [u8; 24]) -> String {
    match given.map(str::trim).filter(|given| is_valid(given)) {
        Some(given) => given.to_owned(),
        None => {
            let mut random = random();
            // All zero is the one value that the standard forbids.
            random[0] |= 1;
            random[16] |= 1;
            format!("00-{}-{}-{SAMPLED}", HEXLOWER.encode(&random[..16]), HEXLOWER.encode(&random[16..]))
        }
    }
}

fn is_valid(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut hex = |length: usize| {
        parts.next().filter(|part| part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
    };
    let (version, trace, parent, flags) = (hex(2), hex(32), hex(16), hex(2));
    let set = |part: Option<&str>| part.is_some_and(|part| part.bytes().any(|b| b != b'0'));
    // Later versions may append parts; version 00 has these four.
    version.is_some_and(|version| version != "ff" && (version != "00" || parts.next().is_none()))
        && set(trace)
        && set(parent)
        && flags.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_valid_one_goes_on_and_another_is_replaced_by_a_valid_one() {
        assert_eq!(traceparent(Some(VALID), || [0; 24]), VALID);
        for bad in [
            None,
            Some(""),
            Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"),
            Some("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            Some("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
            Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
            Some("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ] {
            let made = traceparent(bad, || [0; 24]);
            assert!(is_valid(&made) && Some(made.as_str()) != bad, "{made}");
        }
    }
}
