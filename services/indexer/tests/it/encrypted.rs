//! A search server behind TLS, vouched for by an authority of one's own.

use indexer::meilisearch::Meilisearch;
use indexer::settings::Search;

#[tokio::test]
async fn a_search_server_is_reached_by_tls_and_only_with_its_authority() {
    let engine = testkit::engine().await;
    let folder = tempfile::tempdir().unwrap();
    let certificates = testkit::certificates(folder.path());
    let front = testkit::tls_front(&certificates, engine.url().trim_start_matches("http://")).await;
    let key = engine.key();
    let search = Search {
        url: front.url(),
        key: Some(key.clone()),
        index: "encrypted".into(),
        tls_ca_file: Some(certificates.ca_file.clone()),
        ..Search::default()
    };
    Meilisearch::new(&search, Some(&key)).unwrap().prepare().await.unwrap();
    let untrusting = Search { tls_ca_file: None, ..search.clone() };
    let error = Meilisearch::new(&untrusting, Some(&key)).unwrap().look().await.unwrap_err().to_string();
    assert!(error.to_lowercase().contains("certificate"), "{error}");
    for (file, said) in
        [(folder.path().join("none"), "cannot be read"), (certificates.key_file, "holds no certificate")]
    {
        let wrong = Search { tls_ca_file: Some(file), ..search.clone() };
        let error = Meilisearch::new(&wrong, Some(&key)).unwrap_err();
        assert!(error.contains("search.tls_ca_file") && error.contains(said), "{error}");
    }
}
