//! `vsai render`: what is sent, what is shown, and what is refused before it costs anything.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::{Value, json};
use snapbox::str;

use super::Home;
use super::api::{Api, Sandbox, json as answer_json};

const KEY: &str = "vsai-sandbox-5f2c9a";
const IMAGE: &str = "https://example.com/room.jpg";

fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    home
}

/// An API that takes every render, and a home that calls it.
fn taking() -> (Api, Home) {
    let taken = AtomicUsize::new(0);
    let api = Api::selling(move |_| {
        let number = taken.fetch_add(1, SeqCst) + 1;
        answer_json(201, &format!(r#"{{"id":"rnd_{number}","created_at":1700000000000}}"#))
    });
    let home = home_at(&api.url);
    (api, home)
}

/// The one body that was sent.
fn sent(api: &Api) -> Value {
    let requests = api.posts();
    assert_eq!(requests.iter().map(|request| request.line.as_str()).collect::<Vec<_>>(), ["POST /v2/renders"]);
    serde_json::from_str(&requests[0].body).expect("JSON")
}

#[test]
fn create_shows_the_render_and_how_to_read_it() {
    let sandbox = Sandbox::start("--speed 0.001");
    let home = home_at(&sandbox.url);
    home.check(
        &format!("render create {IMAGE} --room living --style modern -n 2"),
        str![[r#"
exit 0
--- stdout
rnd_5dkJFtSYIYhHvzHN  [TIME] UTC  2 pending
  var_XrVlVAITdYBdSoPW  staging     queued
  var_2dcEAIKdE5t5WN26  staging     queued
--- stderr
wait for its pictures: vsai render wait rnd_5dkJFtSYIYhHvzHN

"#]],
    );
    home.check("render create https://example.com/bed.jpg --room bed --style coastal --json", str![[r#"
exit 0
--- stdout
{"kind":"render","schema":"vsai.render/2","id":"rnd_HrlBMfDJGW1uIv6a","status":"pending","created_at":[MILLISECONDS],"queued_at":[MILLISECONDS],"eta":[MILLISECONDS],"variations":[{"id":"var_W0KDplqeVy8nvW27","type":"staging","status":"queued","created_at":[MILLISECONDS],"eta":[MILLISECONDS],"results":[],"base_variation_id":null,"error_message":null,"config":{"type":"staging","add_furniture":{"room_type":"bed","style":"coastal"}}}]}
--- stderr
wait for its pictures: vsai render wait rnd_HrlBMfDJGW1uIv6a

"#]]);
}

#[test]
fn create_sends_what_is_documented_and_no_more() {
    let (api, home) = taking();
    home.check(
        &format!("render create {IMAGE} --room living --style modern"),
        str![[r#"
exit 0
--- stdout
rnd_1  [TIME] UTC
--- stderr
wait for its pictures: vsai render wait rnd_1

"#]],
    );
    let config = json!({"type": "staging", "add_furniture": {"room_type": "living", "style": "modern"}});
    assert_eq!(sent(&api), json!({"config": config, "image_url": IMAGE, "variation_count": 1}));
}

#[test]
fn set_and_config_change_the_request() {
    let (api, home) = taking();
    let sets =
        "--set config.output_resolution=1536 --set config.remove_furniture.mode=auto --set wait_for_completion=true";
    home.stdout(&format!("render create {IMAGE} --room living --style modern -n 4 {sets}"));
    let config = json!({
        "type": "staging",
        "add_furniture": {"room_type": "living", "style": "modern"},
        "output_resolution": 1536,
        "remove_furniture": {"mode": "auto"},
    });
    let whole = json!({"config": config, "image_url": IMAGE, "variation_count": 4, "wait_for_completion": true});
    assert_eq!(sent(&api), whole);

    let (api, home) = taking();
    home.file("dusk.json", r#"{"type":"daytodusk","sky_style":"golden"}"#);
    home.stdout(&format!("render create {IMAGE} --config dusk.json --webhook-url https://hooks.example/a?job=1"));
    let config = json!({"type": "daytodusk", "sky_style": "golden"});
    let hook = "https://hooks.example/a?job=1";
    assert_eq!(sent(&api), json!({"config": config, "image_url": IMAGE, "variation_count": 1, "webhook_url": hook}));
}

#[test]
fn every_setting_becomes_a_request_that_the_api_takes() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let create = |flags: &str| {
        let render: Value = serde_json::from_str(
            home.stdout(&format!("--json -q render create {flags}")).lines().last().expect("a line"),
        )
        .expect("JSON");
        let variations = render["variations"].as_array().expect("variations").clone();
        variations.into_iter().map(|variation| variation["config"].clone()).collect::<Vec<_>>()
    };
    let staging = |style: &str| json!({"type": "staging", "add_furniture": {"room_type": "living", "style": style}, "add_virtually_staged_watermark": true});
    assert_eq!(
        create(&format!("{IMAGE} --room living --style modern --style luxury --watermark -n 2")),
        [staging("modern"), staging("modern"), staging("luxury"), staging("luxury")]
    );
    assert_eq!(
        create(&format!("{IMAGE} --remove on --mask {IMAGE} --resolution 1536")),
        [json!({"type": "staging", "remove_furniture": {"mode": "on"}, "output_resolution": 1536})]
    );
    assert_eq!(
        create(&format!("{IMAGE} --type daytodusk --sky golden")),
        [json!({"type": "daytodusk", "sky_style": "golden"})]
    );
    assert_eq!(
        create(&format!("{IMAGE} --type enhancement -n 2")),
        [json!({"type": "enhancement"}), json!({"type": "enhancement"})]
    );
    assert_eq!(
        create(&format!("{IMAGE} {IMAGE} --multi-view --room living --style modern --watermark")),
        [staging("modern")]
    );
}

#[test]
fn add_makes_more_of_a_render_and_costs_nothing() {
    let sandbox = Sandbox::start("--photos 1 --speed 0.001");
    let home = home_at(&sandbox.url);
    let created: Value =
        serde_json::from_str(&home.stdout(&format!("--json -q render create {IMAGE} --room living --style modern")))
            .expect("JSON");
    let id = created["id"].as_str().expect("an id");
    home.check(
        &format!("render add {id} --room living --style luxury --style coastal -n 2"),
        str![[r#"
exit 0
--- stdout
rnd_5dkJFtSYIYhHvzHN  4 added
  var_2dcEAIKdE5t5WN26  staging     queued
  var_oNfQudfaGrZ2krVQ  staging     queued
  var_r4eRkSiYgzQyH0Og  staging     queued
  var_ej5p66vpS7FrxCfY  staging     queued
--- stderr
vsai render get rnd_5dkJFtSYIYhHvzHN

"#]],
    );
    home.check(&format!("--json render add {id} --room living --style luxury"), str![[r#"
exit 0
--- stdout
{"kind":"added","schema":"vsai.added/1","render_id":"rnd_5dkJFtSYIYhHvzHN","variations":[{"id":"var_b1keuHDBGSQGZN6y","type":"staging","status":"queued","created_at":[MILLISECONDS],"eta":[MILLISECONDS],"results":[],"base_variation_id":null,"error_message":null,"config":{"type":"staging","add_furniture":{"room_type":"living","style":"luxury"}}}]}
--- stderr
vsai render get rnd_5dkJFtSYIYhHvzHN

"#]]);
    home.check(&format!("render add {id} --type enhancement -n 15"), str![[r#"
exit 1
--- stdout
--- stderr
error: POST /renders/rnd_5dkJFtSYIYhHvzHN/variations at http://127.0.0.1:[PORT]: refused as invalid (400): a render has at most 20 variations: there are 6, and variation_count asks for 15 more

"#]]);
    home.check(
        "render add rnd_nowhere --remove on",
        str![[r#"
exit 1
--- stdout
--- stderr
error: POST /renders/rnd_nowhere/variations at http://127.0.0.1:[PORT]: not found (404): Render not found
  hint: ids belong to one account: vsai whoami tells which is in use

"#]],
    );
    home.check(&format!("render add {id} --room living"), str![[r#"
exit 2
--- stdout
--- stderr
error: room living needs a style as well: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal, hamptons (deprecated), american (deprecated), southwestern (deprecated)
  hint: --style modern, for one

"#]]);
}

#[test]
fn an_addition_that_may_have_been_made_is_unclear() {
    let api = Api::with_statuses(&[500]);
    home_at(&api.url).check("render add rnd_1 --remove on", str![[r#"
exit 3
--- stdout
--- stderr
error: POST /renders/rnd_1/variations at http://127.0.0.1:[PORT]: the API failed (500); it is unclear whether variations were added
  hint: look before you send it again: vsai render get rnd_1

"#]]);
    assert_eq!(api.posts().len(), 1);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let api = Api::with_statuses(&[500]);
    let home = Home::new().variable("VSAI_API_URL", &api.url);
    let create = "render create --dry-run data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    home.check(
        &format!("{create} --room living --style hamptons --webhook-url https://hooks.example/a"),
        str![[r#"
exit 0
--- stdout
POST http://127.0.0.1:[PORT]/v2/renders
{
  "config": {
    "type": "staging",
    "add_furniture": {
      "room_type": "living",
      "style": "hamptons"
    }
  },
  "variation_count": 1,
  "image_url": "data:image/png;base64,… (72 bytes)",
  "webhook_url": "https://hooks.example/a"
}
--- stderr
warning: style hamptons is deprecated: the API may map it to another
it is not known what is paid for already: there is no API key for profile default
nothing was sent; it would make 1 variation for 1 photo

"#]],
    );
    home.check(&format!("{create} {IMAGE} --multi-view --room bed --style modern --json"), str![[r#"
exit 0
--- stdout
{"kind":"planned_request","schema":"vsai.planned_request/1","method":"POST","url":"http://127.0.0.1:[PORT]/v2/renders","photos":1,"variations":1,"body":{"config":{"type":"staging","add_furniture":{"room_type":"bed","style":"modern"}},"variation_count":1,"image_urls":["data:image/png;base64,… (72 bytes)","https://example.com/room.jpg"]}}
--- stderr
it is not known what is paid for already: there is no API key for profile default
nothing was sent; it would make 1 variation for 1 photo

"#]]);
    home.check(
        "render add rnd_1 --dry-run --room bed --style modern --style luxury",
        str![[r#"
exit 0
--- stdout
POST http://127.0.0.1:[PORT]/v2/renders/rnd_1/variations
{
  "configs": [
    {
      "type": "staging",
      "add_furniture": {
        "room_type": "bed",
        "style": "modern"
      },
      "variation_count": 1
    },
    {
      "type": "staging",
      "add_furniture": {
        "room_type": "bed",
        "style": "luxury"
      },
      "variation_count": 1
    }
  ]
}
--- stderr
nothing was sent; it would make 2 variations for nothing

"#]],
    );
    assert!(api.requests().is_empty());
}

#[test]
fn a_render_takes_one_photo_or_two_views() {
    let home = home_at("http://127.0.0.1:1/v2");
    let staged = "--room living --style modern";
    home.check(
        &format!("render create {staged}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: <IMAGE>...
  hint: vsai render create --room <ROOM> --style <STYLE> <IMAGE>...

"#]],
    );
    home.check(
        &format!("render create {IMAGE} {IMAGE} {staged}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: one photo at a time
  hint: two views of one room go together with --multi-view; many photos with render batch

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --multi-view {staged}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: --multi-view takes two images, not 1

"#]],
    );
    home.check(
        &format!("render create {IMAGE} {IMAGE} --multi-view {staged} --remove on"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: --multi-view takes furnishing only, without removal

"#]],
    );
}

#[test]
fn unknown_values_are_refused_with_what_was_meant_and_sent_when_told_to() {
    let (api, home) = taking();
    home.check(&format!("render create {IMAGE} --room living_room --style modern"), str![[r#"
exit 2
--- stdout
--- stderr
error: unknown room type "living_room" (did you mean "living"?); known: living, bed, kitchen, dining, home_office, outdoor, kids_room, bathroom (v1 only)
  hint: --allow-unknown sends it as it is

"#]]);
    home.check(&format!("render create {IMAGE} --room garage --style modern --json"), str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"unknown room type \"garage\"; known: living, bed, kitchen, dining, home_office, outdoor, kids_room, bathroom (v1 only)","hint":"--allow-unknown sends it as it is"}
--- stderr
error: unknown room type "garage"; known: living, bed, kitchen, dining, home_office, outdoor, kids_room, bathroom (v1 only)
  hint: --allow-unknown sends it as it is

"#]]);
    home.check(&format!("render create {IMAGE} --room living --style mid-century"), str![[r#"
exit 2
--- stdout
--- stderr
error: unknown style "mid-century" (did you mean "midcentury"?); known: standard, modern, scandinavian, industrial, midcentury, luxury, farmhouse, coastal, hamptons (deprecated), american (deprecated), southwestern (deprecated)
  hint: --allow-unknown sends it as it is

"#]]);
    assert!(api.requests().is_empty());
    home.stdout(&format!("render create {IMAGE} --room garage --style neon --allow-unknown"));
    assert_eq!(sent(&api)["config"]["add_furniture"], json!({"room_type": "garage", "style": "neon"}));
}

#[test]
fn values_that_may_be_refused_are_sent_with_a_warning() {
    let (_api, home) = taking();
    home.check(
        &format!("render create {IMAGE} --room living --style hamptons"),
        str![[r#"
exit 0
--- stdout
rnd_1  [TIME] UTC
--- stderr
warning: style hamptons is deprecated: the API may map it to another
wait for its pictures: vsai render wait rnd_1

"#]],
    );
    home.check(
        "render create https://example.com/bath.jpg --room bathroom --style modern --json",
        str![[r#"
exit 0
--- stdout
{"kind":"warning","schema":"vsai.warning/1","code":"v1_only","message":"room type bathroom is documented for v1 of the API only: v2 may refuse it"}
{"kind":"render","schema":"vsai.render/2","id":"rnd_2","created_at":[MILLISECONDS],"queued_at":null,"eta":null,"variations":[]}
--- stderr
warning: room type bathroom is documented for v1 of the API only: v2 may refuse it
wait for its pictures: vsai render wait rnd_2

"#]],
    );
}

#[test]
fn refuses_what_the_api_would_refuse_before_it_is_sent() {
    let (api, home) = taking();
    home.file("text.json", "hello");
    home.file("list.json", "[]");
    home.check(
        &format!("render create {IMAGE}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: nothing to do: staging needs a room and a style to furnish with, or removal to empty the room
  hint: --room living --style modern, or --remove on

"#]],
    );
    home.check(
        "render create room.jpg --room living --style modern",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read room.jpg: no such file or directory

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --room living --style modern -n 0"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: 0 variations: a render has 1 to 20

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --room living --style modern -n 21"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: 21 variations: a render has 1 to 20

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --room living --style modern -n many"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'many' for '--variations <N>': it is no whole number

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --room living --style modern --set config"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'config' for '--set <PATH=VALUE>': write PATH=VALUE, such as config.output_resolution=1536

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --config text.json"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the config from text.json: it is not JSON: expected value at line 1 column 1

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --config list.json"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot take the config from list.json: it is no JSON object

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --config missing.json"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read missing.json: no such file or directory

"#]],
    );
    home.check(
        &format!("render create {IMAGE} --config text.json --room living"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: the argument '--config <FILE>' cannot be used with '--room <ROOM>'
  hint: vsai render create --config <FILE> <IMAGE>...

"#]],
    );
    assert!(api.requests().is_empty());
}

#[test]
fn a_webhook_url_has_to_be_one_that_the_api_can_reach_and_repeat() {
    let (api, home) = taking();
    let create = format!("render create {IMAGE} --room living --style modern --webhook-url");
    home.check(
        &format!("{create} hooks.example/a"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: --webhook-url hooks.example/a: it is no absolute URL, such as https://example.com/hooks

"#]],
    );
    home.check(
        &format!("{create} ftp://hooks.example/a"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: --webhook-url ftp://hooks.example/a: webhooks go to http or https

"#]],
    );
    home.confidential("hunter2");
    home.check(
        &format!("{create} https://user:hunter2@hooks.example/a"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: --webhook-url: a URL with a password would be stored by the API and shown in logs

"#]],
    );
    home.check(
        &format!("{create} http://localhost:4242/ --api-url https://api.example.com/v2"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: --webhook-url http://localhost:[PORT]/: the API cannot reach this machine's own address
  hint: give the public URL of a tunnel that leads to it

"#]],
    );
    assert!(api.requests().is_empty());
}

#[test]
fn at_listen_is_the_running_listener() {
    let (api, home) = taking();
    let create = format!("render create {IMAGE} --room living --style modern --webhook-url @listen");
    home.check(
        &create,
        str![[r#"
exit 2
--- stdout
--- stderr
error: no listener is running for profile default
  hint: start one in another terminal: vsai listen

"#]],
    );
    home.secret_file("secret", "whsec-0123456789abcdef");
    let mut listener = home.start("listen --port 0 --path /hooks --secret-file secret --json");
    let ready: Value = serde_json::from_str(&listener.line("\"ready\"")).expect("a record");
    home.stdout(&create);
    let url = sent(&api)["webhook_url"].as_str().expect("a URL").to_owned();
    let own = ready["url"].as_str().expect("a URL");
    assert!(url.starts_with(&format!("{own}?vsai_job=job_")), "{url}");
    // What a killed listener leaves behind is not believed.
    listener.signal("KILL");
    listener.end();
    home.check(
        &create,
        str![[r#"
exit 2
--- stdout
--- stderr
error: no listener is running for profile default
  hint: start one in another terminal: vsai listen

"#]],
    );
    assert_eq!(api.posts().len(), 1);
}

#[test]
fn get_shows_every_variation() {
    let api = Api::answering(|request| {
        let first = r#"{"id":"rnd_1","created_at":1700000000000,"variations":{"total_count":3,"next_cursor":"v2","items":[
            {"id":"v1","type":"staging","status":"done","result":{"url":"https://r.example/1.jpg","optimized_url":null,"thumbnail_url":null}},
            {"id":"v2","type":"staging","status":"error","error_message":"no room\u001b[31m found"}]}}"#;
        let last = r#"{"id":"rnd_1","variations":{"items":[{"id":"v3","type":"removal","status":"rendering"},{"id":"v4","status":"dreaming","new":1}]}}"#;
        answer_json(200, if request.line.contains("variations_cursor=v2") { last } else { first })
    });
    let home = home_at(&api.url);
    home.check(
        "render get rnd_1",
        str![[r#"
exit 0
--- stdout
rnd_1  [TIME] UTC  2 pending  1 done  1 failed
  v1  staging     done  https://r.example/1.jpg
  v2  staging     error  no room[31m found
  v3  removal     rendering
  v4              dreaming
--- stderr

"#]],
    );
    home.check("render get rnd_1 --json", str![[r#"
exit 0
--- stdout
{"kind":"render","schema":"vsai.render/2","id":"rnd_1","status":"pending","created_at":[MILLISECONDS],"queued_at":null,"eta":null,"variations":[{"id":"v1","type":"staging","status":"done","created_at":null,"eta":null,"results":[{"url":"https://r.example/1.jpg","optimized_url":null,"thumbnail_url":null}],"base_variation_id":null,"error_message":null,"config":null},{"id":"v2","type":"staging","status":"error","created_at":null,"eta":null,"results":[],"base_variation_id":null,"error_message":"no room\u001b[31m found","config":null},{"id":"v3","type":"removal","status":"rendering","created_at":null,"eta":null,"results":[],"base_variation_id":null,"error_message":null,"config":null},{"id":"v4","type":null,"status":"dreaming","created_at":null,"eta":null,"results":[],"base_variation_id":null,"error_message":null,"config":null,"other":{"new":1}}]}
--- stderr

"#]]);
    let lines: Vec<_> = api.requests().into_iter().map(|request| request.line).take(2).collect();
    let path = "GET /v2/renders/rnd_1?include_variations=true&variations_limit=20";
    assert_eq!(lines, [path.to_owned(), format!("{path}&variations_cursor=v2")]);
}

#[test]
fn get_stops_where_pages_never_end() {
    let page = |cursor: &str| {
        let variations = format!(r#"{{"next_cursor":"{cursor}","items":[{{"id":"v","status":"done"}}]}}"#);
        answer_json(200, &format!(r#"{{"id":"r","variations":{variations}}}"#))
    };
    let api = Api::answering(move |_| page("again"));
    let shown = home_at(&api.url).stdout("render get r -q");
    assert_eq!((api.requests().len(), shown.matches("  v  ").count()), (2, 1), "{shown}");
    let number = AtomicUsize::new(0);
    let api = Api::answering(move |_| page(&format!("another{}", number.fetch_add(1, SeqCst))));
    home_at(&api.url).stdout("render get r -q");
    assert_eq!(api.requests().len(), 10);
}

#[test]
fn an_unknown_id_is_1_and_an_impossible_one_2() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.check(
        "render get rnd_nowhere",
        str![[r#"
exit 1
--- stdout
--- stderr
error: GET /renders/rnd_nowhere at http://127.0.0.1:[PORT]: not found (404): Render not found
  hint: ids belong to one account: vsai whoami tells which is in use

"#]],
    );
    home.check(
        "render get ..",
        str![[r#"
exit 2
--- stdout
--- stderr
error: GET /renders/.. at http://127.0.0.1:[PORT]: ".." cannot be an id

"#]],
    );
    home.check("render get a/b?c#d --json", str![[r#"
exit 1
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"refused","message":"GET /renders/a%2Fb%3Fc%23d at http://127.0.0.1:[PORT]: not found (404): Render not found","hint":"ids belong to one account: vsai whoami tells which is in use"}
--- stderr
error: GET /renders/a%2Fb%3Fc%23d at http://127.0.0.1:[PORT]: not found (404): Render not found
  hint: ids belong to one account: vsai whoami tells which is in use

"#]]);
}

#[test]
fn list_shows_a_page_and_where_it_goes_on() {
    let sandbox = Sandbox::start("--speed 0.001");
    let home = home_at(&sandbox.url);
    home.check(
        "render list",
        str![[r#"
exit 0
--- stdout
--- stderr
no renders

"#]],
    );
    for _ in 0..3 {
        home.stdout(&format!("render create {IMAGE} --room living --style modern --again"));
    }
    home.check(
        "render list --limit 2 --order asc",
        str![[r#"
exit 0
--- stdout
rnd_5dkJFtSYIYhHvzHN  [TIME] UTC  1 pending
  var_XrVlVAITdYBdSoPW  staging     queued
rnd_HrlBMfDJGW1uIv6a  [TIME] UTC  1 pending
  var_W0KDplqeVy8nvW27  staging     queued
--- stderr
more: vsai render list --limit 2 --order asc --cursor rnd_HrlBMfDJGW1uIv6a

"#]],
    );
    let page = home.stdout("render list --limit 2 --order asc --json");
    let kinds: Vec<_> =
        page.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["kind"].clone()).collect();
    assert_eq!(kinds, ["render", "render", "page"]);
    let last: Value = serde_json::from_str(page.lines().last().expect("a page")).expect("JSON");
    let cursor = last["next_cursor"].as_str().expect("more");
    let rest = home.stdout(&format!("render list --cursor {cursor} --order asc --json"));
    assert_eq!(rest.lines().count(), 2);
}

#[test]
fn list_refuses_what_the_api_would_refuse() {
    let home = home_at("http://127.0.0.1:1/v2");
    home.check(
        "render list --limit 0",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '0' for '--limit <N>': 0 is not in 1..=100

"#]],
    );
    home.check(
        "render list --limit 101",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '101' for '--limit <N>': 101 is not in 1..=100

"#]],
    );
    home.check(
        "render list --order up",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'up' for '--order <ORDER>' [possible values: asc, desc]

"#]],
    );
}

#[test]
fn the_sandbox_profile_needs_nothing_set() {
    let sandbox = Sandbox::start("--photos 1");
    let home = Home::new();
    let create =
        format!("-p sandbox --api-url {} render create {IMAGE} --room living --style modern -n 3 -q", sandbox.url);
    home.stdout(&create);
    let create = format!("{create} --again");
    home.check(&create, str![[r#"
exit 5
--- stdout
--- stderr
error: POST /renders at http://127.0.0.1:[PORT]: forbidden (403): Photo limit reached: 1 of 1 photos of this period are used
  hint: vsai whoami shows photos used and allowed

"#]]);
}
