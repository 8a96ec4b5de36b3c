//! TLS: a certificate that nobody vouches for is refused before anything is sent; `--ca-file` vouches for it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::wire::{Reply, Script};
use super::*;

/// An API with a certificate of its own making.
pub(super) struct TlsApi {
    pub(super) port: u16,
    pub(super) script: Script,
    pub(super) acceptor: TlsAcceptor,
    ca: tempfile::NamedTempFile,
}

impl TlsApi {
    pub(super) async fn start(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .expect("a usable certificate");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let api = Self {
            port: listener.local_addr().expect("an address").port(),
            script: Script {
                replies: Arc::new([Reply::whole("200 OK", "", r#"{"id":"r"}"#)]),
                received: Arc::default(),
            },
            acceptor: TlsAcceptor::from(Arc::new(config)),
            ca: file(made.cert.pem().as_bytes()),
        };
        tokio::spawn(accept(listener, api.acceptor.clone(), api.script.clone()));
        api
    }

    pub(super) fn ca_file(&self) -> Option<PathBuf> {
        Some(self.ca.path().to_owned())
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/v2", self.port)
    }

    pub(super) fn requests(&self) -> usize {
        self.script.received.lock().expect("not poisoned").len()
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, script: Script) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, acceptor.clone(), script.clone()));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, script: Script) {
    if let Ok(stream) = acceptor.accept(stream).await {
        script.serve(0, stream).await;
    }
}

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(content).expect("written");
    file
}

#[tokio::test]
async fn a_self_signed_api_is_refused_before_anything_is_sent() {
    let server = TlsApi::start("localhost").await;
    let error = api(&server.url()).create_render(&render_body()).await.expect_err("refused");
    assert!(matches!(&error.failure, Failure::Connect(ConnectFailure::Tls(_))), "{error:?}");
    assert!(!error.outcome_unclear());
    let error = api(&server.url()).account().await.expect_err("refused");
    assert_eq!((error.attempts, server.requests()), (1, 0));
}

#[tokio::test]
async fn a_ca_file_vouches_for_it() {
    let server = TlsApi::start("localhost").await;
    let api = Api::new(Options { ca_file: server.ca_file(), ..options(&server.url()) }).expect("an API");
    api.create_render(&render_body()).await.expect("paid");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let server = TlsApi::start("api.example.com").await;
    let api = Api::new(Options { ca_file: server.ca_file(), ..options(&server.url()) }).expect("an API");
    let error = api.create_render(&render_body()).await.expect_err("refused");
    assert!(error.to_string().contains("not valid for name"), "{error}");
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn plain_http_under_an_https_address_is_a_tls_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}/v2", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut hello = [0; 64];
        stream.read_exact(&mut hello).await.expect("the start of a handshake");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("answered");
        stream.read_to_end(&mut Vec::new()).await
    });
    let error = api(&url).create_render(&render_body()).await.expect_err("refused");
    assert!(matches!(&error.failure, Failure::Connect(ConnectFailure::Tls(_))), "{error:?}");
    assert!(!error.outcome_unclear());
    server.abort();
}

#[test]
fn a_ca_file_that_is_none_is_refused_with_the_reason() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let not_base64 = "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n";
    for (content, reason) in [
        (&b""[..], "no PEM certificate"),
        (b"hello", "no PEM certificate"),
        (b"\x30\x82\x01\x0a", "no PEM certificate"),
        (not_base64.as_bytes(), "not valid PEM"),
        (broken.as_bytes(), "BadEncoding"),
    ] {
        let file = file(content);
        let options = Options { ca_file: Some(file.path().to_owned()), ..options("https://localhost/v2") };
        let Err(error) = Api::new(options) else { panic!("{content:?} was taken") };
        assert!(matches!(error, SetupError::CaFile { .. }) && error.to_string().contains(reason), "{error}");
    }
    let options = Options { ca_file: Some("/nowhere/ca.pem".into()), ..options("http://localhost/v2") };
    let Err(error) = Api::new(options) else { panic!("taken") };
    assert_eq!(error.to_string(), "cannot use the CA file /nowhere/ca.pem: no such file or directory");
}
