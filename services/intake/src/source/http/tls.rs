//! TLS of the upload address: certificate and key from PEM files.

use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

/// What TLS is served with, by these files. TLS 1.2 and 1.3; HTTP/1.1 is all that is offered inside.
///
/// # Errors
/// A file that cannot be read or holds something else, a key that is not the certificate's. The files' text is not told.
pub fn load(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
    let of_certificate = |reason: &dyn std::fmt::Display| {
        format!("http.tls_cert_file {}: {reason}; give a certificate in PEM", certificate.display())
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| of_certificate(&error))?;
    if chain.is_empty() {
        return Err(of_certificate(&"holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| format!("http.tls_key_file {}: {error}; give a private key in PEM", key.display()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| {
            let (certificate, key) = (certificate.display(), key.display());
            format!("http.tls_cert_file {certificate} and http.tls_key_file {key}: {error}")
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_serve_are_named_by_their_key() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        std::fs::create_dir(&one).unwrap();
        std::fs::create_dir(&two).unwrap();
        let (one, two) = (testkit::certificates(&one), testkit::certificates(&two));
        assert!(load(&one.cert_file, &one.key_file).is_ok());
        let refused = |certificate: &Path, key: &Path| load(certificate, key).unwrap_err();
        assert!(refused(Path::new("/nowhere/c.pem"), &one.key_file).contains("http.tls_cert_file /nowhere/c.pem"));
        assert!(refused(&one.key_file, &one.key_file).contains("holds no certificate"));
        assert!(refused(&one.cert_file, &one.cert_file).contains("http.tls_key_file"));
        let other = refused(&one.cert_file, &two.key_file);
        assert!(other.contains("http.tls_cert_file") && other.contains("http.tls_key_file"), "{other}");
    }
}
