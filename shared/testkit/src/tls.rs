//! Certificates for servers on this machine, made anew for each test.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// PEM files of an authority and of a server on 127.0.0.1 and localhost that it vouches for.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// The authority's certificate.
    pub ca_file: PathBuf,
    /// The server's certificate.
    pub cert_file: PathBuf,
    /// The server's private key.
    pub key_file: PathBuf,
}

/// Makes them in this folder.
pub fn certificates(folder: &Path) -> Certificates {
    let made = make(folder);
    made.unwrap_or_else(|error| panic!("no certificates in {}: {error}", folder.display()))
}

fn make(folder: &Path) -> Result<Certificates, Box<dyn std::error::Error>> {
    let files = Certificates {
        ca_file: folder.join("ca.pem"),
        cert_file: folder.join("server.pem"),
        key_file: folder.join("server-key.pem"),
    };
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate()?;
    fs::write(&files.ca_file, authority.self_signed(&authority_key)?.pem())?;
    let key = KeyPair::generate()?;
    let names = ["127.0.0.1", "localhost"].map(str::to_owned);
    let issuer = Issuer::new(authority, authority_key);
    fs::write(&files.cert_file, CertificateParams::new(names)?.signed_by(&key, &issuer)?.pem())?;
    fs::write(&files.key_file, key.serialize_pem())?;
    Ok(files)
}
