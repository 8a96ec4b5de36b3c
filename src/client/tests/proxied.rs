//! Proxies: honoured for other machines, never for this one, and never shown the key.

use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::tls::TlsApi;
use super::wire::{Reply, Wire, request};
use super::*;

fn variables(pairs: &[(&str, &str)]) -> ProxyVariables {
    ProxyVariables::read(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
}

/// An API that no name server knows, so that only a proxy can reach it.
fn far_away(proxy: ProxyVariables) -> Options {
    Options { proxy, ..options("https://api.vsai.invalid/v2") }
}

#[tokio::test]
async fn another_machine_is_reached_through_the_proxy_which_never_sees_the_key() {
    let server = TlsApi::start("api.vsai.invalid").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let proxy = format!("http://me:pass%21@{}", listener.local_addr().expect("an address"));
    let port = server.port;
    let tunnel = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.expect("a connection");
        let connect = request(&mut client).await.expect("a request");
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("answered");
        let mut server = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
        let _ = copy_bidirectional(&mut client, &mut server).await;
        connect
    });
    let api = Api::new(Options { ca_file: server.ca_file(), ..far_away(variables(&[("HTTPS_PROXY", &proxy)])) });
    api.expect("an API").create_render(&render_body()).await.expect("paid");
    assert_eq!(server.requests(), 1);
    let connect = tunnel.await.expect("ended").to_lowercase();
    assert!(connect.starts_with("connect api.vsai.invalid:443 http/1.1\r\n"), "{connect}");
    assert!(connect.contains("proxy-authorization: basic bwu6cgfzcye="), "{connect}");
    assert!(!connect.contains("api-key") && !connect.contains("11111111"), "{connect}");
}

#[tokio::test]
async fn a_proxy_that_does_not_connect_is_a_definite_no_and_shows_no_password() {
    for reply in ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\n\r\n", ""] {
        let proxy = Wire::start([Reply::cut(reply)]).await;
        let address = format!("http://me:hunter2@127.0.0.1:{}", proxy.port);
        let api = Api::new(far_away(variables(&[("ALL_PROXY", &address)]))).expect("an API");
        let error = api.create_render(&render_body()).await.expect_err("no tunnel");
        let Failure::Connect(ConnectFailure::Proxy { proxy: shown, .. }) = &error.failure else { panic!("{error:?}") };
        assert_eq!(shown, &format!("http://127.0.0.1:{}", proxy.port));
        assert!(!error.outcome_unclear() && !format!("{error:?}").contains("hunter2"), "{error:?}");
        assert_eq!(proxy.received().len(), 1);
    }
}

#[tokio::test]
async fn this_machine_is_never_reached_through_a_proxy() {
    let proxy = Wire::start([Reply::cut("")]).await;
    let address = format!("http://127.0.0.1:{}", proxy.port);
    let everywhere = [("HTTP_PROXY", address.as_str()), ("HTTPS_PROXY", &address), ("ALL_PROXY", &address)];
    let server = Wire::start([Reply::whole("200 OK", "", "{}")]).await;
    for host in ["127.0.0.1", "localhost"] {
        let options = options(&format!("http://{host}:{}/v2", server.port));
        let api = Api::new(Options { proxy: variables(&everywhere), ..options }).expect("an API");
        api.account().await.expect("answered");
    }
    let tls = TlsApi::start("localhost").await;
    let options = Options { ca_file: tls.ca_file(), ..options(&format!("https://localhost:{}/v2", tls.port)) };
    let api = Api::new(Options { proxy: variables(&everywhere), ..options }).expect("an API");
    api.account().await.expect("answered");
    assert_eq!((server.received().len(), tls.requests(), proxy.received().len()), (2, 1, 0));
}

#[test]
fn the_variables_are_read_as_curl_reads_them() {
    let target = |url: &str| Url::parse(url).expect("a URL");
    let https = target("https://api.example.com/v2");
    for (pairs, url, proxy) in [
        (&[][..], &https, None),
        (&[("HTTPS_PROXY", "http://p:1")], &https, Some("http://p:1")),
        (&[("https_proxy", "http://p:1")], &https, Some("http://p:1")),
        (&[("HTTPS_PROXY", ""), ("https_proxy", "p:2")], &https, Some("http://p:2")),
        (&[("HTTPS_PROXY", "http://p:1"), ("https_proxy", "http://q:1")], &https, Some("http://p:1")),
        (&[("HTTPS_PROXY", "https://p:1"), ("ALL_PROXY", "http://q:1")], &https, Some("https://p:1")),
        (&[("ALL_PROXY", "http://me:x@q:1/path")], &https, Some("http://q:1")),
        (&[("HTTP_PROXY", "http://p:1")], &https, None),
        (&[("HTTP_PROXY", "http://p:1")], &target("http://example.com/"), Some("http://p:1")),
        (&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", "other.com, example.com")], &https, None),
        (&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", "ample.com")], &https, Some("http://p:1")),
        (&[("HTTPS_PROXY", "http://p:1"), ("no_proxy", "*")], &https, None),
        (&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", "10.0.0.0/8")], &target("https://10.1.2.3/"), None),
        (&[("ALL_PROXY", "http://p:1")], &target("http://127.0.0.1:4010/"), None),
        (&[("ALL_PROXY", "http://p:1")], &target("https://[::1]/"), None),
        (&[("ALL_PROXY", "http://p:1")], &target("https://localhost/"), None),
    ] {
        let found = variables(pairs).on_the_way_to(url).expect("usable").map(|proxy| proxy.address);
        assert_eq!(found.as_deref(), proxy, "{pairs:?} {url}");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_but_not_shown() {
    for value in ["socks5://me:hunter2@p:1", "ftp://hunter2", "http://", "http://:hunter2"] {
        let Err(error) = Api::new(far_away(variables(&[("HTTPS_PROXY", value)]))) else {
            panic!("{value:?} was taken")
        };
        assert_eq!(error.to_string(), "HTTPS_PROXY names no http or https proxy", "{value}");
    }
}
