//! What the program and its sandbox say to each other is as the API's description has it: every request with closed
//! objects, every answer, every webhook, judged by a validator that is not ours.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vsai::protocol::Secret;
use vsai::protocol::render::{
    Analyze, CreateRender, CreateVariations, DEFAULT_SECRET_MEMBER, MultiViewCheck, OutputResolution, REMOVAL_MODES,
    ROOM_TYPES, RenderConfig, SKY_STYLES, STYLES, SetSecret, StagingConfig,
};

use crate::contract::{answer_fits, request_fits, webhook_fits};
use crate::home::Home;
use crate::listening::{Listening, of_kind, records};
use crate::recorder::{Exchange, Recorder};

const ROOM: &str = "https://example.com/room.jpg";
const KEY: &str = "vsai-sandbox-described";

/// A sandbox, the proxy before it, and a profile that is logged in.
struct Account {
    home: Home,
    recorder: Recorder,
    vsai: String,
    _sandbox: Listening,
}

impl Account {
    fn new(sandbox: &str) -> Self {
        let home = Home::new();
        let sandbox = home.sandbox(&format!("--speed 100 {sandbox}"));
        let recorder = Recorder::start(sandbox.address);
        let vsai = format!("-p mine --api-url http://{}/v2 --json", recorder.address);
        let login = home.run_with(&format!("{vsai} login --stdin"), format!("{KEY}\n").as_bytes());
        assert!(login.status.success(), "{}", crate::home::shown(&login));
        Self { home, recorder, vsai, _sandbox: sandbox }
    }

    /// The records of a run that ends with this code.
    #[track_caller]
    fn run(&self, arguments: &str, code: i32) -> Vec<Value> {
        let output = self.home.run(&format!("{} {arguments}", self.vsai));
        assert_eq!(output.status.code(), Some(code), "{arguments}: {}", crate::home::shown(&output));
        records(&String::from_utf8(output.stdout).expect("UTF-8"))
    }

    /// Sets a secret and starts a listener that has it.
    fn listen(&self) -> Listening {
        self.run("secret set --generate --yes", 0);
        self.home.listen_as(&self.vsai, "")
    }
}

/// Holds an exchange to the description.
fn judge(exchange: &Exchange) -> Result<(), String> {
    let Exchange { method, path, status, .. } = exchange;
    request_fits(method, path, exchange.request_body().as_ref())?;
    answer_fits(method, path, *status, exchange.answer_body().as_ref())
}

/// Waits for so many events and holds each to the description.
#[track_caller]
fn events(listening: &mut Listening, count: usize) -> Vec<String> {
    let next = |_| {
        let event: Value = serde_json::from_str(&listening.line("\"event\"")).expect("JSON");
        webhook_fits(&event["body"]).expect("a webhook as described");
        event["event_type"].as_str().expect("a text").to_owned()
    };
    (0..count).map(next).collect()
}

#[test]
fn every_request_answer_and_webhook_is_as_described() {
    let account = Account::new("--photos 5");
    let home = &account.home;
    home.file("dusk.json", r#"{"type":"daytodusk","sky_style":"golden"}"#);
    account.run("whoami", 0);
    let mut listening = account.listen();
    let staged =
        account.run(&format!("render create {ROOM} --room living --style modern -n 2 --webhook-url @listen"), 0);
    account.run(&format!("render create {ROOM} --room bed --style coastal --remove on --watermark --resolution 1536 --webhook-url @listen"), 0);
    account.run(&format!("render create {ROOM} --config dusk.json --webhook-url @listen"), 0);
    let kinds = events(&mut listening, 2 + 2 + 1);
    assert!(kinds.iter().all(|kind| kind == "done"), "{kinds:?}");
    account.run(&format!("render create {ROOM} --type enhancement --set config.output_resolution=default"), 0);
    account.run(&format!("render create {ROOM} {ROOM} --multi-view --room living --style luxury"), 0);
    account.run(&format!("render create {ROOM} --room kitchen --style luxury"), 5);
    let id = staged[0]["id"].as_str().expect("an id");
    account.run(&format!("render add {id} --type daytodusk --sky blue"), 0);
    account.run(&format!("render add {id} --room living --style coastal --style luxury -n 2"), 0);
    account.run(&format!("render get {id}"), 0);
    account.run("render get rnd_unknown", 1);
    account.run("render list", 0);
    let page = account.run("render list --limit 2 --order asc", 0);
    let cursor = of_kind(&page, "page")[0]["next_cursor"].as_str().expect("there are more").to_owned();
    account.run(&format!("render list --limit 2 --order asc --cursor {cursor}"), 0);
    account.run("secret delete --yes", 0);
    let refused = home.run_with(&format!("{} login --stdin", account.vsai), b"vsai-pk-of-somebody\n");
    assert_eq!(refused.status.code(), Some(4));

    let mut seen = BTreeSet::new();
    for exchange in account.recorder.exchanges() {
        judge(&exchange).unwrap_or_else(|why| panic!("{why}\n{exchange:?}"));
        let key = exchange.request.header("authorization").expect("a key");
        assert!(key == format!("Api-Key {KEY}") || exchange.status == 401, "{key}");
        let is_json = exchange.request.header("content-type") == Some("application/json");
        assert_eq!(is_json, !exchange.request.body.is_empty());
        let path = exchange.path.split('?').next().expect("a path").replace(id, "{id}");
        seen.insert(format!("{} {path} {}", exchange.method, exchange.status));
    }
    let expected = [
        "DELETE /user/webhook-secret 204",
        "GET /renders 200",
        "GET /renders/rnd_unknown 404",
        "GET /renders/{id} 200",
        "GET /user 200",
        "GET /user 401",
        "POST /renders 201",
        "POST /renders 403",
        "POST /renders/{id}/variations 201",
        "POST /user/webhook-secret 200",
    ];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn webhooks_of_failures_are_as_described() {
    let account = Account::new("--fail-rate 1");
    let mut listening = account.listen();
    account.run(&format!("render create {ROOM} --room living --style modern -n 3 --webhook-url @listen"), 0);
    assert_eq!(events(&mut listening, 3), ["error"; 3]);
}

#[test]
fn a_request_that_is_not_as_described_is_noticed() {
    let account = Account::new("");
    for (arguments, culprit) in [
        ("--room living --style modern --set variation_cuont=2", "variation_cuont"),
        ("--room living --style modern --set config.add_furniture.colour=red", "colour"),
        ("--room living --style modern --set variation_count=21 --allow-unknown", "\"variation_count\":21"),
        ("--room cellar --style modern --allow-unknown", "cellar"),
    ] {
        account.run(&format!("render create {ROOM} {arguments}"), 1);
        let exchanges = account.recorder.exchanges();
        let exchange = exchanges.last().expect("recorded");
        let why = judge(exchange).expect_err("noticed");
        assert!(why.starts_with("POST /renders: ") && why.contains(culprit), "{why}");
        answer_fits("POST", "/renders", exchange.status, exchange.answer_body().as_ref())
            .expect("a refusal as described");
    }
    account.run("secret set --generate --yes --member webhook_secret", 1);
    let why = judge(account.recorder.exchanges().last().expect("recorded")).expect_err("noticed");
    assert!(why.contains("webhook_secret"), "{why}");
}

#[test]
fn every_request_that_can_be_built_is_as_described() {
    let hook = "https://example.com/hook?job=1";
    let mut based = StagingConfig::default().add("bed", "midcentury").remove("auto");
    based.add_furniture.as_mut().expect("added").base_variation_id = Some("var_1".into());
    based.remove_furniture.as_mut().expect("added").mask_url = Some(ROOM.into());
    based.add_virtually_staged_watermark = Some(true);
    based.output_resolution = Some(OutputResolution::Pixels(1536));
    let output_resolution = Some(OutputResolution::Default);
    let mut judged = 0;
    let mut fits = |path: &str, body: serde_json::Result<Value>| {
        request_fits("POST", path, Some(&body.expect("JSON"))).expect("a request as described");
        judged += 1;
    };
    for config in [
        StagingConfig::default().remove("on").build().expect("valid"),
        based.build().expect("valid"),
        RenderConfig::DayToDusk { sky_style: "dusk".into(), output_resolution },
        RenderConfig::Enhancement { output_resolution: None },
    ] {
        let create = CreateRender::new(config.clone(), "data:image/png;base64,AAAA").expect("valid");
        fits("/renders", serde_json::to_value(&create));
        let create = create.variation_count(20).expect("valid").webhook_url(hook).wait_for_completion();
        fits("/renders", serde_json::to_value(create));
        fits("/renders/rnd_1/variations", serde_json::to_value(CreateVariations::new(config.clone())));
        for number in [1, 4] {
            let more = CreateVariations::of_each(vec![config.clone(); number], 5).expect("valid").webhook_url(hook);
            fits("/renders/rnd_1/variations", serde_json::to_value(more));
        }
    }
    fits("/analyze", serde_json::to_value(Analyze::new(ROOM).expect("valid").webhook_url(hook)));
    fits("/multi-view-compatability", serde_json::to_value(MultiViewCheck::new(ROOM, ROOM).expect("valid")));
    let secret = Secret::new("s").expect("not empty");
    let set = SetSecret { member: DEFAULT_SECRET_MEMBER, secret: &secret };
    fits("/user/webhook-secret", serde_json::to_value(set));
    assert_eq!(judged, 23);
}

#[test]
fn every_known_value_is_described() {
    for (values, config) in [
        (&ROOM_TYPES, json!({"type": "staging", "add_furniture": {"room_type": "", "style": "modern"}})),
        (&STYLES, json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": ""}})),
        (&REMOVAL_MODES, json!({"type": "staging", "remove_furniture": {"mode": ""}})),
        (&SKY_STYLES, json!({"type": "daytodusk", "sky_style": ""})),
    ] {
        for value in values.values {
            let config = config.to_string().replace("\"\"", &format!("\"{}\"", value.text));
            let body = json!({"config": serde_json::from_str::<Value>(&config).expect("JSON"), "image_url": ROOM});
            request_fits("POST", "/renders", Some(&body)).expect("a request as described");
        }
    }
}
