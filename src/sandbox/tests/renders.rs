//! Renders and variations: booking, work, pages, quota.

use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Bench, KEY, at_once, staging};

fn ids(items: &Value) -> Vec<&str> {
    items.as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

fn of_kind(variations: &[Value], kind: &str) -> usize {
    variations.iter().filter(|variation| variation["type"] == kind).count()
}

fn all_done(variations: &[Value]) -> bool {
    variations.iter().all(|variation| variation["status"] == "done")
}

#[tokio::test]
async fn a_render_is_queued_worked_on_and_done() {
    let bench = Bench::new(at_once());
    let (status, render) = bench.post("/renders", staging(json!({ "variation_count": 3 }))).await;
    assert_eq!(status, 201);
    let queued = &render["variations"];
    assert_eq!((queued["total_count"].as_u64(), ids(&queued["items"]).len()), (Some(0), 3));
    assert!(queued["items"].as_array().expect("a list").iter().all(|one| one["status"] == "queued"));
    let done = bench.until_variations(&render, |list| list.len() == 3 && all_done(list)).await;
    assert_eq!(done[0]["config"], staging(json!({}))["config"]);

    let path = format!("/renders/{}", render["id"].as_str().expect("an id"));
    let (_, bare) = bench.get(&path).await;
    assert_eq!(bare.get("variations"), None, "left out unless asked for");
    let (_, whole) = bench.get(&format!("{path}?include_variations=true")).await;
    assert_eq!((whole["variations"]["total_count"].as_u64(), whole["eta"].as_u64()), (Some(3), None));
    let (_, one) = bench.get(&format!("{path}/variations/{}", done[1]["id"].as_str().expect("an id"))).await;
    assert_eq!((&one["id"], &one["render_id"]), (&done[1]["id"], &render["id"]));
}

#[tokio::test]
async fn states_are_passed_in_order() {
    let mut options = at_once();
    options.pace.queued = Duration::from_millis(20);
    options.pace.rendering = Duration::from_millis(20);
    let bench = Bench::new(options);
    let (_, render) = bench.post("/renders", staging(json!({}))).await;
    assert!(render["eta"].as_i64() > render["created_at"].as_i64());
    for status in ["queued", "rendering", "done"] {
        bench.until_variations(&render, |list| list[0]["status"] == status).await;
    }
}

#[tokio::test]
async fn waiting_answers_when_all_that_was_asked_for_is_done() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({ "variation_count": 2 })).await;
    assert_eq!(render["variations"]["total_count"], 2);
    assert!(render["variations"]["items"][1]["result"]["url"].is_string());
}

#[tokio::test]
async fn several_configs_have_their_own_counts() {
    let bench = Bench::new(at_once());
    let style = |style: &str, count: u64| {
        json!({
            "type": "staging",
            "add_furniture": { "room_type": "bed", "style": style },
            "variation_count": count,
        })
    };
    let request = json!({
        "configs": [style("modern", 2), style("coastal", 1), { "type": "daytodusk", "sky_style": "blue" }],
        "image_url": "https://example.com/room.jpg",
        "wait_for_completion": true,
    });
    let (status, render) = bench.post("/renders", request).await;
    assert_eq!(status, 200);
    let items = render["variations"]["items"].as_array().expect("a list");
    let styles: Vec<_> = items.iter().map(|one| one["config"]["add_furniture"]["style"].as_str()).collect();
    assert_eq!(styles, [Some("modern"), Some("modern"), Some("coastal"), None]);
    assert_eq!((of_kind(items, "staging"), of_kind(items, "daytodusk")), (3, 1));
    assert_eq!(items[0]["config"].get("variation_count"), None);
}

#[tokio::test]
async fn a_removal_comes_by_itself_and_only_when_the_rest_seemed_done() {
    let mut options = at_once();
    options.pace.between = Duration::from_millis(100);
    let bench = Bench::new(options);
    let config = json!({
        "type": "staging",
        "add_furniture": { "room_type": "living", "style": "modern" },
        "remove_furniture": { "mode": "on" },
    });
    let (_, render) = bench.post("/renders", staging(json!({ "config": config }))).await;
    let seemingly = bench.until_variations(&render, all_done).await;
    assert_eq!(of_kind(&seemingly, "removal"), 0, "not listed yet: {seemingly:?}");
    let listed = bench.until_variations(&render, |list| list.len() == 2).await;
    assert_eq!((&listed[1]["type"], &listed[1]["status"]), (&json!("removal"), &json!("rendering")));
    let done = bench.until_variations(&render, |list| list.len() == 2 && all_done(list)).await;
    assert_eq!(done[0]["base_variation_id"], done[1]["id"], "it was staged on the emptied room");
}

#[tokio::test]
async fn automatic_removal_depends_on_the_photo_alone() {
    let bench = Bench::new(at_once());
    let mut removals = Vec::new();
    for n in 0..16 {
        let config = json!({
            "type": "staging",
            "add_furniture": { "room_type": "living", "style": "modern" },
            "remove_furniture": { "mode": "auto" },
        });
        let url = format!("https://example.com/{}.jpg", n % 8);
        let render = bench.rendered(json!({ "config": config, "image_url": url })).await;
        let based = render["variations"]["items"][0]["base_variation_id"].is_string();
        removals.push(based);
    }
    assert_eq!(removals[..8], removals[8..]);
    assert!(removals.contains(&true) && removals.contains(&false), "{removals:?}");
}

#[tokio::test]
async fn removal_alone_is_just_that() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({ "config": { "type": "staging", "remove_furniture": { "mode": "on" } } })).await;
    let variations = bench.until_variations(&render, all_done).await;
    assert_eq!((variations.len(), of_kind(&variations, "removal")), (1, 1));
}

#[tokio::test]
async fn more_variations_are_free_up_to_twenty() {
    let mut options = at_once();
    options.photo_limit = Some(1);
    let bench = Bench::new(options);
    let render = bench.rendered(json!({ "variation_count": 18 })).await;
    let path = format!("/renders/{}/variations", render["id"].as_str().expect("an id"));
    let more = |count: u64| json!({ "config": { "type": "enhancement" }, "variation_count": count, "wait_for_completion": true });
    let (status, refused) = bench.post(&path, more(3)).await;
    assert_eq!(status, 400);
    assert!(refused["message"].as_str().expect("a text").contains("at most 20"), "{refused}");
    let (status, added) = bench.post(&path, more(2)).await;
    assert_eq!((status, ids(&added["variations"]).len()), (200, 2));
    assert_eq!(added["variations"][0]["type"], "enhancement");
    assert_eq!(bench.post(&path, more(1)).await.0, 400);
    let (_, page) = bench.get(&path).await;
    assert_eq!(ids(&page["items"]).len(), 20);
    assert_eq!(bench.post("/renders/rnd_none/variations", more(1)).await.0, 404);
}

#[tokio::test]
async fn a_base_variation_is_a_removal_of_the_same_render() {
    let bench = Bench::new(at_once());
    let removal = json!({ "config": { "type": "staging", "remove_furniture": { "mode": "on" } } });
    let emptied = bench.rendered(removal).await;
    let staged = bench.rendered(json!({})).await;
    let on = |base: &Value| {
        let add = json!({ "room_type": "bed", "style": "coastal", "base_variation_id": base });
        json!({ "config": { "type": "staging", "add_furniture": add } })
    };
    let [removed, furnished] = [&emptied, &staged].map(|render| &render["variations"]["items"][0]["id"]);
    let [to_emptied, to_staged] =
        [&emptied, &staged].map(|render| format!("/renders/{}/variations", render["id"].as_str().expect("an id")));
    let (status, added) = bench.post(&to_emptied, on(removed)).await;
    assert_eq!((status, &added["variations"][0]["base_variation_id"]), (201, removed));
    for (path, base) in [(&to_staged, removed), (&to_staged, furnished), (&to_emptied, &json!("var_none"))] {
        let (status, refused) = bench.post(path, on(base)).await;
        assert_eq!(status, 400);
        assert!(refused["message"].as_str().expect("a text").contains("base_variation_id"), "{refused}");
    }
    assert_eq!(bench.post("/renders", staging(on(removed))).await.0, 400, "a new render has no variation yet");
}

#[tokio::test]
async fn two_views_have_two_results_each() {
    let bench = Bench::new(at_once());
    let mut request = staging(json!({ "wait_for_completion": true }));
    request.as_object_mut().expect("an object").shift_remove("image_url");
    request["image_urls"] = json!(["https://example.com/a.jpg", "https://example.com/b.jpg"]);
    let (status, render) = bench.post("/renders", request).await;
    assert_eq!(status, 200);
    assert_eq!(render["variations"]["items"][0]["result"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn pages_follow_cursors_through_every_render() {
    let bench = Bench::new(at_once());
    let mut created = Vec::new();
    for _ in 0..5 {
        created.push(bench.rendered(json!({})).await["id"].as_str().expect("an id").to_owned());
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = bench.get(&format!("/renders?limit=2{cursor}")).await;
        assert_eq!(page["total_count"], 5, "variations that are done, not the length");
        seen.extend(ids(&page["items"]).into_iter().map(str::to_owned));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.iter().rev().collect::<Vec<_>>(), created.iter().collect::<Vec<_>>(), "newest first");
    for query in ["limit=0", "limit=101", "order=up", "cursor=rnd_none", "page=2"] {
        assert_eq!(bench.get(&format!("/renders?{query}")).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn variation_pages_go_oldest_first() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({ "variation_count": 3 })).await;
    let path = format!("/renders/{}?include_variations=true", render["id"].as_str().expect("an id"));
    let all = ids(&render["variations"]["items"]);
    let (_, first) = bench.get(&format!("{path}&variations_limit=2")).await;
    assert_eq!(ids(&first["variations"]["items"]), all[..2]);
    let cursor = first["variations"]["next_cursor"].as_str().expect("a cursor");
    let (_, rest) = bench.get(&format!("{path}&variations_limit=2&variations_cursor={cursor}")).await;
    assert_eq!(ids(&rest["variations"]["items"]), all[2..]);
    assert!(rest["variations"]["next_cursor"].is_null());
    let (_, newest) = bench.get(&format!("{path}&variations_limit=1&variations_order=desc")).await;
    assert_eq!(ids(&newest["variations"]["items"]), all[2..]);
}

#[tokio::test]
async fn a_render_costs_one_photo_and_the_quota_runs_out() {
    let mut options = at_once();
    options.photo_limit = Some(2);
    let bench = Bench::new(options);
    bench.rendered(json!({ "variation_count": 20 })).await;
    assert_eq!(bench.post("/renders", staging(json!({ "variation_count": 21 }))).await.0, 400);
    bench.rendered(json!({})).await;
    let (_, user) = bench.get("/user").await;
    assert_eq!((&user["photoLimit"]["staging"], &user["photosUsedThisPeriod"]["staging"]), (&json!(2), &json!(2)));
    let (status, refused) = bench.post("/renders", staging(json!({}))).await;
    assert_eq!(status, 403);
    assert!(refused["message"].as_str().expect("a text").starts_with("Photo limit reached"), "{refused}");
    let (status, _) = bench.call_as("vsai-sandbox-other", "POST", "/renders", Some(&staging(json!({})))).await;
    assert_eq!(status, 201, "another key has its own quota");
}

#[tokio::test]
async fn an_unlimited_account_says_so() {
    let mut options = at_once();
    options.photo_limit = None;
    let bench = Bench::new(options);
    assert_eq!(bench.get("/user").await.1["photoLimit"]["staging"], "UNLIMITED");
}

#[tokio::test]
async fn another_key_sees_nothing_of_a_render() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({})).await;
    let path = format!("/renders/{}", render["id"].as_str().expect("an id"));
    assert_eq!(bench.call_as(KEY, "GET", &path, None).await.0, 200);
    assert_eq!(bench.call_as("vsai-sandbox-other", "GET", &path, None).await.0, 404);
    let (_, page) = bench.call_as("vsai-sandbox-other", "GET", "/renders", None).await;
    assert_eq!(ids(&page["items"]), Vec::<&str>::new());
}

#[tokio::test]
async fn an_unreadable_photo_fails_its_variations() {
    let bench = Bench::new(at_once());
    let render = bench.rendered(json!({ "image_url": "data:image/png;base64,AAAA", "variation_count": 2 })).await;
    for one in render["variations"]["items"].as_array().expect("a list") {
        assert_eq!((&one["status"], &one["result"]), (&json!("error"), &Value::Null));
        assert!(one["error_message"].as_str().expect("a text").starts_with("Failed to process image"), "{one}");
    }
}
