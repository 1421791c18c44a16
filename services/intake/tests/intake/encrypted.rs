//! TLS of the upload address.

use std::path::Path;

use crate::common::{Intake, events, page, settings};
use intake::{HttpSettings, Settings};
use reqwest::{Certificate, Client};
use testkit::{Certificates, eventually};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A client that trusts one authority and nobody else, with a connection for each request.
fn trusting(certificates: &Certificates) -> Client {
    let root = Certificate::from_pem(&std::fs::read(&certificates.ca_file).unwrap()).unwrap();
    let client = Client::builder().tls_built_in_root_certs(false).add_root_certificate(root);
    client.pool_max_idle_per_host(0).build().unwrap()
}

fn made(folder: &Path) -> Certificates {
    std::fs::create_dir(folder).unwrap();
    testkit::certificates(folder)
}

#[tokio::test]
async fn uploads_come_over_tls_and_a_new_certificate_needs_no_restart() {
    let nats = testkit::nats().await;
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (made(&folder.path().join("1")), made(&folder.path().join("2")));
    let (certificate, key) = (folder.path().join("served.pem"), folder.path().join("served-key.pem"));
    let serve = |from: &Path, to: &Path| {
        let fresh = to.with_extension("new");
        std::fs::copy(from, &fresh).unwrap();
        std::fs::rename(fresh, to).unwrap();
    };
    serve(&first.cert_file, &certificate);
    serve(&first.key_file, &key);
    let base = settings(&nats);
    let http = HttpSettings {
        tls_cert_file: Some(certificate.clone()),
        tls_key_file: Some(key.clone()),
        header_timeout_ms: 2_000,
        ..base.http.clone()
    };
    let intake = Intake::start(Settings { http, ..base }).await;
    let url = format!("https://{}/v1/issues?name=a.txt", intake.running.http);
    let send = async |client: &Client| client.post(&url).body(page(1)).send().await.map(|answer| answer.status());
    let (old, new) = (trusting(&first), trusting(&second));
    assert_eq!(send(&old).await.unwrap(), 202);
    assert!(send(&new).await.unwrap_err().is_connect(), "an authority that it does not know");
    let plain = intake.post("/v1/issues?name=a.txt").body(page(1)).send().await;
    assert!(plain.is_err(), "nothing without TLS");
    let mut silent = tokio::net::TcpStream::connect(intake.running.http).await.unwrap();
    silent.write_all(b"\x16\x03\x01").await.unwrap();
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty(), "half a handshake is cut off");
    let metrics = intake.metrics().await;
    assert!(metrics.contains(r#"refused_requests_total{reason="tls_handshake"} 3"#), "{metrics}");

    // A certificate whose key has not come yet cannot serve: the old pair does until both are there.
    serve(&second.cert_file, &certificate);
    eventually("the half-changed pair is noticed", async || {
        intake.metrics().await.contains(r#"reloads_total{what="tls",outcome="kept"} 1"#)
    })
    .await;
    assert_eq!(send(&old).await.unwrap(), 200);
    serve(&second.key_file, &key);
    eventually("the new certificate is served", async || send(&new).await.is_ok()).await;
    assert!(send(&old).await.is_err());
    assert_eq!(events(&nats).await.len(), 1);
    intake.stop().await;
}
