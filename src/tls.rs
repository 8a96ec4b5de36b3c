//! TLS for every client: rustls with ring as its cryptography provider.

/// Makes ring the process's provider. Must come before the first `reqwest` client; doing it again changes nothing.
pub(crate) fn install_provider() {
    // An error says that a provider is there already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
