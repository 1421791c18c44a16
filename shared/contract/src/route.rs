//! Which of several search servers keeps an issue: always the same one for the same names, whoever asks.
//!
//! Rendezvous hashing (Thaler and Ravishankar, 1998): for each server's name, the first eight bytes of SHA-256 over
//! `NAME/ISSUE`, read as a big-endian number; the highest wins, of equals the name that comes first in the order of bytes. The order in
//! which the names are given says nothing. A server more takes its share from all others and moves nothing else.
//!
//! All articles of an issue stand on one server, so its fence, its count and its purge are that server's affair alone.

use sha2::{Digest, Sha256};

use crate::ids::IssueId;

/// Most servers; a frontend asks all of them.
const MOST: usize = 100;
/// Longest name of a server.
const NAME_LIMIT: usize = 40;

/// The servers by their names, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route(Vec<String>);

impl Route {
    /// For these names. An address may change, a name may not: by the name an issue is found again.
    ///
    /// # Errors
    /// No name, too many, one that is not a name, or one that is there twice.
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, String> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if !(1..=MOST).contains(&names.len()) {
            return Err(format!("{} servers are named, give 1 to {MOST}", names.len()));
        }
        for (at, name) in names.iter().enumerate() {
            let plain = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            if !plain || !(1..=NAME_LIMIT).contains(&name.len()) {
                return Err(format!("server name `{name}` is not valid, give 1 to {NAME_LIMIT} of a-z, 0-9 and -"));
            }
            if names[..at].contains(name) {
                return Err(format!("server name `{name}` is there twice"));
            }
        }
        Ok(Self(names))
    }

    /// The names, as they were given.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The server that keeps `issue`, as its place among the names.
    pub fn place(&self, issue: &IssueId) -> usize {
        // One server is not asked for its score.
        let others = if self.0.len() == 1 { &[] } else { &self.0[..] };
        let best = others
            .iter()
            .enumerate()
            .max_by(|(_, one), (_, other)| score(one, issue).cmp(&score(other, issue)).then_with(|| other.cmp(one)));
        best.map_or(0, |(place, _)| place)
    }
}

fn score(name: &str, issue: &IssueId) -> u64 {
    let hash = Sha256::digest(format!("{name}/{issue}"));
    hash.iter().take(8).fold(0, |score, byte| score << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(names: &[&str]) -> Route {
        Route::new(names.iter().copied()).unwrap()
    }

    fn issues() -> impl Iterator<Item = IssueId> {
        (0..3_000u32).map(|number| IssueId::of(&number.to_be_bytes()))
    }

    /// Frontends and operators compute it by themselves: what was once written down stays.
    #[test]
    fn issues_stand_where_they_always_stood() {
        let known: Vec<(IssueId, String)> =
            serde_json::from_str(include_str!("../tests/recorded/routes.v1.json")).unwrap();
        let route = route(&["east", "west", "north"]);
        for (issue, name) in &known {
            assert_eq!(&route.names()[route.place(issue)], name, "{issue}");
        }
        assert!(["east", "west", "north"].iter().all(|name| known.iter().any(|(_, found)| found == name)));
    }

    #[test]
    fn the_order_of_names_says_nothing_and_each_server_gets_its_share() {
        let (one, other) = (route(&["east", "west", "north"]), route(&["north", "east", "west"]));
        let mut count = [0; 3];
        for issue in issues() {
            let place = one.place(&issue);
            assert_eq!(one.names()[place], other.names()[other.place(&issue)]);
            count[place] += 1;
        }
        assert!(count.iter().all(|count| (900..1_100).contains(count)), "{count:?}");
    }

    #[test]
    fn a_server_more_takes_its_share_and_moves_nothing_else() {
        let (before, after) = (route(&["east", "west"]), route(&["east", "west", "north"]));
        let mut moved = 0;
        for issue in issues() {
            let (old, new) = (&before.names()[before.place(&issue)], &after.names()[after.place(&issue)]);
            if old != new {
                assert_eq!(new, "north");
                moved += 1;
            }
        }
        assert!((900..1_100).contains(&moved), "{moved}");
    }

    #[test]
    fn names_that_would_not_do_are_refused_by_name() {
        assert!(Route::new([""; 0]).unwrap_err().starts_with("0 servers"));
        assert!(Route::new(["a", "b", "a"]).unwrap_err().contains("`a` is there twice"));
        assert!(Route::new(["East"]).unwrap_err().contains("`East`"));
        assert_eq!(route(&["only"]).place(&IssueId::of(b"x")), 0);
    }
}
