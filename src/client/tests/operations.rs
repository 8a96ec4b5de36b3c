//! Each operation as it is sent.

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::contract;
use crate::protocol::Secret;
use crate::protocol::render::{PhotoCount, RenderStatus};

async fn answering(status: u16, body: Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_json(body)).mount(&server).await;
    server
}

/// The one request that `server` got: `METHOD /path?query body`. It is as the API's description has it.
async fn only_request(server: &MockServer) -> String {
    let requests = server.received_requests().await.expect("recorded");
    let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    let path = &request.url[url::Position::BeforePath..];
    let described = path.strip_prefix("/v2").expect("the base URL's path");
    let body = (!request.body.is_empty()).then(|| serde_json::from_slice(&request.body).expect("JSON"));
    contract::request_fits(request.method.as_str(), described, body.as_ref()).expect("a request as described");
    format!("{} {path} {}", request.method, String::from_utf8_lossy(&request.body)).trim_end().to_owned()
}

macro_rules! sends {
    ($body:expr, |$api:ident| $call:expr, $request:expr) => {{
        let server = answering(200, $body).await;
        let $api = api(&format!("{}/v2/", server.uri()));
        $call.await.expect("answered");
        assert_eq!(only_request(&server).await, $request);
    }};
}

#[tokio::test]
async fn each_operation_goes_to_its_own_path() {
    let secret = Secret::new("whsec \"1\"").expect("not empty");
    let page = PageQuery { limit: Some(5), cursor: Some("a&b=c d".into()), order: Some(Order::OldestFirst) };
    let newest = PageQuery { limit: Some(1), order: Some(Order::NewestFirst), ..PageQuery::default() };
    let body = render_json();
    let (config, photo) = (json!({"config": body["config"]}), json!({"image_url": body["image_url"]}));
    let photos = json!({"image_urls": [body["image_url"], body["image_url"]]});
    let (render, variation) = (json!({"id": "r1"}), json!({"id": "v1", "status": "done"}));
    sends!(json!({}), |api| api.status(), "GET /v2/status");
    sends!(json!({}), |api| api.account(), "GET /v2/user");
    sends!(
        json!({}),
        |api| api.set_webhook_secret("secret", &secret),
        r#"POST /v2/user/webhook-secret {"secret":"whsec \"1\""}"#
    );
    sends!(json!({}), |api| api.delete_webhook_secret(), "DELETE /v2/user/webhook-secret");
    sends!(json!({"items": []}), |api| api.list_renders(&PageQuery::default()), "GET /v2/renders");
    sends!(json!({"items": []}), |api| api.list_renders(&page), "GET /v2/renders?limit=5&cursor=a%26b%3Dc+d&order=asc");
    sends!(render.clone(), |api| api.create_render(&render_body()), format!("POST /v2/renders {body}"));
    sends!(render.clone(), |api| api.get_render("r1", None), "GET /v2/renders/r1");
    sends!(
        render,
        |api| api.get_render("r1", Some(&newest)),
        "GET /v2/renders/r1?include_variations=true&variations_limit=1&variations_order=desc"
    );
    sends!(json!([]), |api| api.list_variations("r1"), "GET /v2/renders/r1/variations");
    sends!(
        json!({"variations": [variation]}),
        |api| api.create_variations("r1", &config),
        format!("POST /v2/renders/r1/variations {config}")
    );
    sends!(variation, |api| api.get_variation("r1", "v1"), "GET /v2/renders/r1/variations/v1");
    sends!(json!({"status": "done"}), |api| api.analyze(&photo), format!("POST /v2/analyze {photo}"));
    sends!(
        json!({"compatible": true}),
        |api| api.check_multi_view(&photos),
        format!("POST /v2/multi-view-compatability {photos}")
    );
}

#[tokio::test]
async fn every_request_carries_the_key_and_who_asks() {
    let server = answering(200, json!({"id": "r"})).await;
    api(&server.uri()).create_render(&render_body()).await.expect("answered");
    let request = &server.received_requests().await.expect("recorded")[0];
    assert_eq!(request.headers["authorization"], format!("Api-Key {KEY}"));
    assert_eq!(request.headers["user-agent"], concat!("vsai/", env!("CARGO_PKG_VERSION")));
    assert_eq!(request.headers["content-type"], "application/json");
}

#[tokio::test]
async fn without_a_key_no_key_is_sent() {
    let server = answering(200, json!({})).await;
    let api = Api::new(Options { key: None, ..options(&server.uri()) }).expect("an API");
    api.status().await.expect("up");
    assert!(!server.received_requests().await.expect("recorded")[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_id_stays_one_segment_of_the_path() {
    for (id, segment) in [
        ("../user", "..%2Fuser"),
        ("a/b?c#d%2e", "a%2Fb%3Fc%23d%252e"),
        ("a\tb\nc\\d", "a%09b%0Ac%5Cd"),
        (".\t.", ".%09."),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("...", "..."),
        ("rnd_A-1~", "rnd_A-1~"),
    ] {
        let server = answering(200, json!({"id": "r"})).await;
        api(&format!("{}/v2", server.uri())).get_render(id, None).await.expect("answered");
        assert_eq!(only_request(&server).await, format!("GET /v2/renders/{segment}"), "{id:?}");
    }
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_never_sent() {
    let server = answering(200, json!({"id": "v", "status": "done"})).await;
    let api = api(&server.uri());
    for id in ["", ".", ".."] {
        let error = api.get_variation("r1", id).await.expect_err("refused");
        assert_eq!(error.failure, Failure::BadId { id: id.into() });
        assert!(!error.outcome_unclear());
        assert!(api.create_variations(id, &json!({"config": {}})).await.is_err());
    }
    assert_eq!(server.received_requests().await.expect("recorded").len(), 0);
}

#[tokio::test]
async fn any_success_sets_or_deletes_a_secret() {
    let secret = Secret::new("s").expect("not empty");
    for answer in [
        ResponseTemplate::new(200).set_body_string("<p>OK"),
        ResponseTemplate::new(201).set_body_json(json!({"message": "set"})),
        ResponseTemplate::new(204),
        ResponseTemplate::new(299),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).expect(3).mount(&server).await;
        let api = api(&server.uri());
        api.set_webhook_secret("webhook_secret", &secret).await.expect("set");
        api.delete_webhook_secret().await.expect("deleted");
        api.status().await.expect("up");
    }
}

#[tokio::test]
async fn answers_come_back_as_types() {
    let server = answering(201, json!({"id": "r1", "variations": {"items": []}})).await;
    let render = api(&server.uri()).create_render(&render_body()).await.expect("accepted");
    assert_eq!((render.id.as_str(), render.status()), ("r1", Some(RenderStatus::Pending)));

    let account = json!({"user": {"email": "dev@example.com"}, "photoLimit": {"staging": "UNLIMITED"}});
    let server = answering(200, account).await;
    let account = api(&server.uri()).account().await.expect("an account");
    assert_eq!(account.photo_limit.staging, Some(PhotoCount::Unlimited));
}

#[test]
fn an_address_that_would_leak_the_key_is_refused() {
    for (url, usable) in [
        ("https://api.virtualstagingai.app/v2", true),
        ("http://localhost:4010/v2", true),
        ("http://api.localhost/v2", false),
        ("http://127.8.9.1/v2", true),
        ("http://[::1]:4010/v2", true),
        ("http://[::ffff:127.0.0.1]/v2", true),
        ("http://api.virtualstagingai.app/v2", false),
        ("http://192.168.1.2/v2", false),
        ("http://localhost.example.com/v2", false),
        ("ftp://localhost/v2", false),
        ("https://user:hunter2@example.com/v2", false),
        ("https://example.com/v2?key=hunter2", false),
        ("data:text/plain,hunter2", false),
    ] {
        let made = Api::new(options(url));
        assert_eq!(made.is_ok(), usable, "{url}");
        if let Err(error) = made {
            assert!(!error.to_string().contains("hunter2") || url.starts_with("data"), "{error}");
        }
    }
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_and_not_shown() {
    for key in ["", "vsai pk", "vsai-pk\n", "vsai-pk-é", "vsai\u{0}pk", "vsai\u{200b}pk"] {
        let options = Options { key: Some(SecretString::from(key)), ..options("http://127.0.0.1:1") };
        let Err(error) = Api::new(options) else { panic!("{key:?} was taken") };
        assert!(matches!(error, SetupError::UnusableKey { .. }));
        assert!(!error.to_string().contains("vsai") && !format!("{error:?}").contains("vsai"), "{error:?}");
    }
}
