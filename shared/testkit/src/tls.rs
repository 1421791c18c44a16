//! Certificates for servers on this machine, made anew for each test, and TLS before a server that has none.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring},
};

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

/// TLS before a server that speaks none by itself; gone when dropped.
#[derive(Debug)]
pub struct TlsFront {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

/// Serves these certificates on a free port and hands everything on to `target`, as `host:port`.
pub async fn tls_front(certificates: &Certificates, target: &str) -> TlsFront {
    let front = front(certificates, target.to_owned()).await;
    front.unwrap_or_else(|error| panic!("no TLS before {target}: {error}"))
}

async fn front(certificates: &Certificates, target: String) -> Result<TlsFront, Box<dyn std::error::Error>> {
    let chain = CertificateDer::pem_file_iter(&certificates.cert_file)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(&certificates.key_file)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, target) = (acceptor.clone(), target.clone());
            // How a connection ends is the affair of whom it is between.
            tokio::spawn(async move {
                let mut outside = acceptor.accept(stream).await?;
                let mut inside = TcpStream::connect(target).await?;
                copy_bidirectional(&mut outside, &mut inside).await
            });
        }
    });
    Ok(TlsFront { address, serving })
}

impl TlsFront {
    /// `https://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
