//! What is tried: each kind a number of conversations, and the answers that it may get.

use std::net::Ipv4Addr;
use std::time::Duration;

use intake::Token;

use crate::rig::{MAX_BYTES, PER_MINUTE, Talk, request, upload};

/// One kind of abuse.
pub struct Kind {
    pub name: &'static str,
    /// Statuses that answer it; 0: cut off without a word. What is read whole may be told 503 where the machine is busy.
    pub answers: &'static [u16],
    pub talks: Vec<Talk>,
    /// Whether whoever is cut off had begun a request, which is counted.
    pub counted: bool,
    /// Conversations at a time: fewer than an address may have, but where that is what is tried.
    pub at_once: usize,
}

const CUT: u16 = 0;
const TEXT: &str = "content-type: text/plain\r\n";
const ISSUES: &str = "/v1/issues?name=a.txt";

fn kind(name: &'static str, answers: &'static [u16], talks: impl IntoIterator<Item = Talk>) -> Kind {
    Kind { name, answers, talks: talks.into_iter().collect(), counted: true, at_once: 20 }
}

fn address(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 7, last)
}

/// Each of these so many times.
fn times(count: usize, last: u8, requests: Vec<Vec<u8>>) -> Vec<Talk> {
    (0..count).flat_map(|_| requests.iter().map(|bytes| Talk::once(address(last), bytes.clone()))).collect()
}

/// All of them but the flood, which leaves nothing to the evil token.
pub fn all(evil: &Token) -> Vec<Kind> {
    vec![
        slow_headers(),
        slow_bodies(evil),
        Kind {
            counted: false,
            at_once: 48,
            ..kind("silence", &[CUT, 429], (0..48).map(|_| Talk::once(address(3), "")))
        },
        Kind {
            counted: false,
            ..kind(
                "hang up",
                &[CUT, 429],
                (0..300).map(|_| Talk { hang_up: true, ..Talk::once(address(4), "GET /v1") }),
            )
        },
        kind(
            "declared huge",
            &[413, 431],
            times(
                40,
                5,
                vec![
                    request("POST", ISSUES, Some(evil), &format!("{TEXT}content-length: 10000000000\r\n"), b"x"),
                    request(
                        "POST",
                        ISSUES,
                        Some(evil),
                        &format!("{TEXT}content-length: 18446744073709551615\r\n"),
                        b"x",
                    ),
                ],
            )
            .into_iter()
            .filter(|talk| !talk.pieces[0].is_empty()),
        ),
        kind("endless", &[413], times(6, 6, vec![endless(evil)])),
        kind(
            "large without a token",
            &[401],
            times(
                20,
                7,
                vec![request(
                    "POST",
                    ISSUES,
                    None,
                    &format!("{TEXT}content-length: {MAX_BYTES}\r\n"),
                    &vec![b'x'; MAX_BYTES],
                )],
            ),
        ),
        kind(
            "compressed",
            &[415],
            times(
                30,
                8,
                ["gzip", "br", "deflate", "identity, gzip", "x"]
                    .map(|coding| upload(ISSUES, evil, &format!("{TEXT}content-encoding: {coding}\r\n"), &bomb()))
                    .to_vec(),
            ),
        ),
        kind(
            "transfer codings",
            &[400, 501],
            times(
                30,
                9,
                ["gzip, chunked", "gzip", "chunked, gzip", "identity"]
                    .map(|coding| {
                        request(
                            "POST",
                            ISSUES,
                            Some(evil),
                            &format!("{TEXT}transfer-encoding: {coding}\r\n"),
                            b"1\r\nx\r\n0\r\n\r\n",
                        )
                    })
                    .to_vec(),
            ),
        ),
        kind("paths", &[400, 404, 405], times(10, 10, paths(evil))),
        kind("names", &[200, 202, 400, 503], times(10, 11, names(evil))),
        kind("headers", &[400, 414, 431], times(10, 12, headers(evil))),
        kind("not HTTP", &[400, 431, CUT], times(20, 13, not_http())),
        kind("lengths", &[400, 408, 413, CUT], times(3, 14, lengths(evil))),
        kind("smuggled", &[200, 202, 400, 503], times(20, 15, vec![smuggled(evil)])),
        kind("forms", &[400, 413, 422, 503], times(4, 16, forms(evil))),
        kind("many parts", &[400], times(10, 17, vec![many_parts(evil)])),
        kind(
            "guessed tokens",
            &[401],
            (0..500).map(|_| Talk::once(address(18), request("GET", "/v1/issues/aaaa", Some(&Token::new()), "", b""))),
        ),
        kind("pipelined", &[400, 404], times(5, 19, vec![pipelined(evil)])),
    ]
}

/// More requests than a minute allows, so many at once as one connection takes.
pub fn flood(evil: &Token) -> Kind {
    let one = request("GET", "/v1/issues/aaaa", Some(evil), "", b"");
    let one = String::from_utf8(one).unwrap().replace("connection: close\r\n", "");
    let last = request("GET", "/v1/issues/aaaa", Some(evil), "", b"");
    let many = [one.repeat(PER_MINUTE / 8).into_bytes(), last].concat();
    kind("flood", &[400, 429], times(16, 20, vec![many]))
}

/// A byte now and then, for ever.
fn slow_headers() -> Kind {
    let head = b"POST /v1/issues HTTP/1.1\r\nhost: x\r\nx-slow: ".to_vec();
    let talk = |last| Talk {
        pieces: std::iter::once(head.clone()).chain((0..100).map(|_| b"a".to_vec())).collect(),
        pause: Duration::from_millis(50),
        ..Talk::once(address(last), "")
    };
    // More than an address may have, from two of them.
    let talks = (0..64).map(|number| talk(1 + (number % 2) * 100));
    Kind { at_once: 64, ..kind("slow headers", &[CUT, 429], talks) }
}

/// Bodies that come by the byte. Half of the places are the good sender's whatever comes.
fn slow_bodies(evil: &Token) -> Kind {
    let head = request("POST", ISSUES, Some(evil), &format!("{TEXT}content-length: 4000000\r\n"), b"");
    let talk = || Talk {
        pieces: std::iter::once(head.clone()).chain((0..100).map(|_| b"a".to_vec())).collect(),
        pause: Duration::from_millis(100),
        ..Talk::once(address(2), "")
    };
    kind("slow bodies", &[408, 503], (0..10).map(|_| talk()))
}

/// Chunks without end.
fn endless(evil: &Token) -> Vec<u8> {
    let chunk = [format!("{:x}\r\n", 60_000).into_bytes(), vec![b'x'; 60_000], b"\r\n".to_vec()].concat();
    let head = request("POST", ISSUES, Some(evil), &format!("{TEXT}transfer-encoding: chunked\r\n"), b"");
    [head, chunk.repeat(3 * MAX_BYTES / 60_000), b"0\r\n\r\n".to_vec()].concat()
}

/// A gzip stream's beginning; nobody looks further.
fn bomb() -> Vec<u8> {
    [&b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..], &[0xff; 20_000]].concat()
}

fn paths(evil: &Token) -> Vec<Vec<u8>> {
    let long = format!("/v1/issues/{}", "a/".repeat(10_000));
    let mut all: Vec<_> = [
        "/v1/issues/../../etc/passwd",
        "/v1/issues/..%2f..%2fetc%2fpasswd",
        "/v1/issues/%2e%2e",
        "//v1//issues//",
        "/v1/issues/%00",
        "/v1/issues/%ff%fe",
        "/v1/issues/a%0d%0ax-injected:%20y",
        "/.git/config",
        "/metrics",
        "http://elsewhere/v1/issues/aaaa",
        "/v1/issues/*",
        "/v1/issues/🗞",
        &long,
    ]
    .map(|path| request("GET", path, Some(evil), "", b""))
    .to_vec();
    all.extend(
        ["PUT", "CONNECT", "TRACE", "PROPFIND"].map(|method| request(method, "/v1/issues", Some(evil), "", b"")),
    );
    all.push(request("OPTIONS", "*", Some(evil), "", b""));
    all
}

fn names(evil: &Token) -> Vec<Vec<u8>> {
    let long = format!("/v1/issues?name={}.txt", "a".repeat(20_000));
    let body = "河湾日报\n\n雨水花园建成\n\n本报讯 昨天，雨水花园向居民开放。\n".as_bytes();
    let mut all: Vec<_> = [
        "/v1/issues?name=..%2f..%2fetc%2fpasswd.txt",
        "/v1/issues?name=%0d%0ax-injected:%20y.txt",
        "/v1/issues?name=a%00b.txt",
        "/v1/issues?publication=..%2f..&name=a.txt",
        "/v1/issues?date=%0d%0ax-injected:%20y",
        "/v1/issues?name=%1b%5b2J.txt",
        "/v1/issues?edition=%0d%0ax-injected:%20y&name=a.txt",
        &long,
    ]
    .map(|path| upload(path, evil, TEXT, body))
    .to_vec();
    let disposed =
        "content-disposition: attachment; filename=\"../../../etc/cron.d/x\"; filename*=UTF-8''%0d%0ax-injected\r\n";
    all.push(upload("/v1/issues", evil, &format!("{TEXT}{disposed}"), body));
    all.push(upload(ISSUES, evil, &format!("{TEXT}traceparent: 00-x\u{1}-injected\r\n").replace('\u{1}', "\t"), body));
    all
}

fn headers(evil: &Token) -> Vec<Vec<u8>> {
    let get = |headers: &str| request("GET", "/v1/issues/aaaa", Some(evil), headers, b"");
    let many: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    vec![
        get(&format!("x-long: {}\r\n", "a".repeat(200_000))),
        get(&many),
        get(&format!("{}: y\r\n", "x".repeat(70_000))),
        request("GET", &format!("/{}", "a".repeat(100_000)), Some(evil), "", b""),
        get("x-null: a\0b\r\n"),
        get("x-folded: a\r\n x-injected: b\r\n"),
        get("no colon here\r\n"),
        get(": no name\r\n"),
        get("x-bare: a\rx-injected: b\r\n"),
    ]
}

fn not_http() -> Vec<Vec<u8>> {
    vec![
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03hello".to_vec(),
        b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(),
        (0..4_000u32).map(|number| (number * 7_919 % 251) as u8).collect(),
        b"\r\n\r\n\r\n\r\nGARBAGE\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        vec![0; 100_000],
        b"a".repeat(200_000),
    ]
}

fn lengths(evil: &Token) -> Vec<Vec<u8>> {
    let with = |headers: &str, body: &[u8]| request("POST", ISSUES, Some(evil), &format!("{TEXT}{headers}"), body);
    vec![
        with("content-length: 5\r\ncontent-length: 50\r\n", b"hello"),
        with("content-length: -1\r\n", b"hello"),
        with("content-length: +5\r\n", b"hello"),
        with("content-length: 5, 5\r\n", b"hello"),
        with("content-length: 0x5\r\n", b"hello"),
        with("content-length: 99999999999999999999999\r\n", b"hello"),
        with("content-length: 500\r\n", b"too short"),
        with("transfer-encoding: chunked\r\n", b"ffffffffffffffffff\r\nx"),
        with("transfer-encoding: chunked\r\n", b"-5\r\nhello\r\n0\r\n\r\n"),
        with("transfer-encoding: chunked\r\n", b"5\r\nhelloX\r\n0\r\n\r\n"),
        with(
            "transfer-encoding: chunked\r\n",
            &[b"5;", "e".repeat(100_000).as_bytes(), b"\r\nhello\r\n0\r\n\r\n"].concat(),
        ),
        with(
            "transfer-encoding: chunked\r\n",
            &[b"0\r\n", "x-trailer: y\r\n".repeat(10_000).as_bytes(), b"\r\n"].concat(),
        ),
    ]
}

/// Two ways to say where the body ends; what follows must not be taken for a request.
fn smuggled(evil: &Token) -> Vec<u8> {
    let hidden = request("GET", "/v1/issues/smuggled-in", Some(evil), "", b"");
    let body = [&b"5\r\nhello\r\n0\r\n\r\n"[..], &hidden].concat();
    let head = format!("{TEXT}content-length: {}\r\ntransfer-encoding: chunked\r\n", body.len());
    let kept_open = request("POST", ISSUES, Some(evil), &head, &body);
    String::from_utf8(kept_open).unwrap().replacen("connection: close\r\n", "", 1).into_bytes()
}

fn forms(evil: &Token) -> Vec<Vec<u8>> {
    let form = |boundary: &str, body: &[u8]| {
        upload(ISSUES, evil, &format!("content-type: multipart/form-data; boundary={boundary}\r\n"), body)
    };
    let (near, full) = ("-".repeat(69) + "x", MAX_BYTES - 1_000);
    vec![
        upload(ISSUES, evil, "content-type: multipart/form-data\r\n", b"--x--"),
        form("x", b""),
        form("x", b"--x--"),
        form("x", b"--x\r\n\r\nnever closed"),
        form("x", b"--y\r\n\r\nanother\r\n--y--"),
        form("x", b"--x\r\nno colon\r\n\r\ntext\r\n--x--"),
        form(&"b".repeat(500), b"--b--"),
        // Boundaries that nearly are, and headers without end: the time that they take must be linear.
        form(&near, &vec![b'-'; full]),
        form("x", &[b"--x\r\n", "a: b\r\n".repeat(full / 8).as_bytes()].concat()),
        form("x", &[b"--x\r\nContent-Disposition: form-data", "; a=\"".repeat(full / 8).as_bytes()].concat()),
        form("x", "--x\r\n".repeat(full / 8).as_bytes()),
    ]
}

fn many_parts(evil: &Token) -> Vec<u8> {
    let part = "--x\r\nContent-Disposition: form-data; name=\"p\"; filename=\"1.txt\"\r\n\r\ntext\r\n";
    let body = format!("{}--x--\r\n", part.repeat(5_000));
    upload("/v1/issues", evil, "content-type: multipart/form-data; boundary=x\r\n", body.as_bytes())
}

fn pipelined(evil: &Token) -> Vec<u8> {
    let one = request("GET", "/v1/nothing", Some(evil), "", b"");
    let one = String::from_utf8(one).unwrap().replace("connection: close\r\n", "");
    [one.repeat(50).into_bytes(), b"\x00\x01GARBAGE\r\n\r\n".to_vec()].concat()
}
