//! Saving against a pretended API and storage host: what is written, what is asked for, and what is sent to whom.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use url::Url;
use wiremock::matchers::{path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::*;
use crate::client::{Api, Options};
use crate::images::Picture;
use crate::protocol::render::Render;

const KEY: &str = "vsai-pk-11111111-2222";

/// An API whose results are on its own host, and a folder to save them in.
struct Place {
    server: MockServer,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        Self { server: MockServer::start().await, folder: tempfile::tempdir().expect("a folder") }
    }

    fn link(&self, name: &str) -> String {
        format!("{}/results/{name}?signature=x", self.server.uri())
    }

    async fn answers(&self, name: &str, response: ResponseTemplate) {
        Mock::given(path(format!("/results/{name}"))).respond_with(response).mount(&self.server).await;
    }

    /// Any other result is a picture of its own.
    async fn answers_with_pictures(&self) {
        let draw = |request: &Request| {
            let seed = request.url.path().bytes().map(u64::from).sum();
            ResponseTemplate::new(200).set_body_bytes(Picture::empty_room((30, 20), seed).jpeg())
        };
        Mock::given(path_regex("^/results/")).respond_with(draw).mount(&self.server).await;
    }

    fn api(&self) -> Arc<Api> {
        let base_url = Url::parse(&format!("{}/v2", self.server.uri())).expect("a URL");
        let options = Options { key: Some(SecretString::from(KEY)), ..Options::new(base_url) };
        Arc::new(Api::new(options).expect("an API"))
    }

    fn saver(&self) -> Saver {
        let downloader = Downloader::impatient(&Url::parse(&self.server.uri()).expect("a URL"));
        Saver::new(downloader, Some(self.api()), Folder::open(self.folder.path()).expect("opened"), 4)
    }

    async fn save(&self, saver: Saver, render: &Render) -> Vec<Outcome> {
        let plan = Plan::of(render, &About::default(), Variant::Full, &Template::default());
        Arc::new(saver).save(plan).await.expect("saved")
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("listed").flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| !matches!(name.as_str(), "pictures.json" | ".vsai-pictures.lock"));
        names.sort();
        names
    }

    /// Method and path of what came.
    async fn requests(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.expect("recorded");
        requests.iter().map(|request| format!("{} {}", request.method, request.url.path())).collect()
    }
}

fn render(variations: Value) -> Render {
    serde_json::from_value(json!({"id": "r", "variations": variations})).expect("a render")
}

fn done(id: &str, links: &[String]) -> Value {
    let results: Vec<_> = links.iter().map(|link| json!({"url": link})).collect();
    json!({"id": id, "type": "staging", "status": "done", "result": results})
}

fn how(outcomes: &[Outcome]) -> Vec<String> {
    let shown = |outcome: &Outcome| match &outcome.result {
        Ok(how) => format!("{} {how:?}", outcome.entry.file),
        Err(error) => format!("{} {error}", outcome.entry.file),
    };
    outcomes.iter().map(shown).collect()
}

#[tokio::test]
async fn saves_all_pictures_once() {
    let place = Place::new().await;
    place.answers_with_pictures().await;
    let render = render(json!([
        done("v1", &[place.link("1a"), place.link("1b")]),
        done("v2", &[place.link("2")]),
        {"id": "v3", "status": "rendering"},
    ]));
    let names = ["staging-v1-1.jpg", "staging-v1-2.jpg", "staging-v2.jpg"];
    let outcomes = place.save(place.saver(), &render).await;
    assert_eq!(how(&outcomes), names.map(|name| format!("{name} Saved")));
    assert_eq!(place.files(), names);
    let different: HashSet<_> = names.iter().map(|name| std::fs::read(place.folder.path().join(name)).ok()).collect();
    assert_eq!(different.len(), 3);
    assert_eq!(place.requests().await.len(), 3, "the links at hand are good");
    let outcomes = place.save(place.saver(), &render).await;
    assert_eq!(how(&outcomes), names.map(|name| format!("{name} ThereAlready")));
    assert_eq!(place.requests().await.len(), 3, "nothing is fetched twice");
    place.save(place.saver().overwriting(true), &render).await;
    assert_eq!(place.requests().await.len(), 6, "unless it is asked for");
}

#[tokio::test]
async fn a_picture_that_was_removed_is_fetched_again() {
    let place = Place::new().await;
    place.answers_with_pictures().await;
    let render = render(json!([done("v1", &[place.link("1")]), done("v2", &[place.link("2")])]));
    place.save(place.saver(), &render).await;
    std::fs::remove_file(place.folder.path().join("staging-v1.jpg")).expect("removed");
    let outcomes = place.save(place.saver(), &render).await;
    assert_eq!(how(&outcomes), ["staging-v1.jpg Saved", "staging-v2.jpg ThereAlready"]);
}

#[tokio::test]
async fn expired_links_are_renewed_by_reading_the_render_once_and_their_host_gets_no_key() {
    for status in [400, 403, 404, 410] {
        let place = Place::new().await;
        place.answers("old1", ResponseTemplate::new(status)).await;
        place.answers("old2", ResponseTemplate::new(status)).await;
        place.answers_with_pictures().await;
        let renewed =
            json!({"id": "r", "variations": [done("v1", &[place.link("1")]), done("v2", &[place.link("2")])]});
        let answer = ResponseTemplate::new(200).set_body_json(renewed);
        Mock::given(path("/v2/renders/r")).respond_with(answer).mount(&place.server).await;
        let expired = render(json!([done("v1", &[place.link("old1")]), done("v2", &[place.link("old2")])]));
        let outcomes = place.save(place.saver(), &expired).await;
        assert_eq!(how(&outcomes), ["staging-v1.jpg Saved", "staging-v2.jpg Saved"], "{status}");
        let reads = place.requests().await.iter().filter(|line| *line == "GET /v2/renders/r").count();
        assert_eq!(reads, 1, "{status}");
        for request in place.server.received_requests().await.expect("recorded") {
            let has_key = request.headers.values().any(|value| value.as_bytes().ends_with(KEY.as_bytes()));
            assert_eq!(has_key, request.url.path().starts_with("/v2/"), "{}", request.url.path());
        }
    }
}

#[tokio::test]
async fn a_link_that_came_late_is_read() {
    let place = Place::new().await;
    place.answers_with_pictures().await;
    let told = json!({"id": "r", "variations": [done("v1", &[place.link("1")])]});
    let answer = ResponseTemplate::new(200).set_body_json(told);
    Mock::given(path("/v2/renders/r")).respond_with(answer).mount(&place.server).await;
    let outcomes = place.save(place.saver(), &render(json!([{"id": "v1", "status": "done"}]))).await;
    assert_eq!(how(&outcomes), ["v1.jpg Saved"]);
}

#[tokio::test]
async fn a_link_that_stays_expired_is_given_up_and_the_others_are_saved() {
    let place = Place::new().await;
    place.answers("gone", ResponseTemplate::new(410)).await;
    place.answers_with_pictures().await;
    let gone = json!([done("v1", &[place.link("gone")]), done("v2", &[place.link("2")])]);
    let answer = ResponseTemplate::new(200).set_body_json(json!({"id": "r", "variations": gone}));
    Mock::given(path("/v2/renders/r")).respond_with(answer).mount(&place.server).await;
    let outcomes = place.save(place.saver(), &render(gone.clone())).await;
    let expected = ["staging-v1 127.0.0.1 answered 410: the link has expired", "staging-v2.jpg Saved"];
    assert_eq!(how(&outcomes), expected);
    assert_eq!(place.files(), ["staging-v2.jpg"]);
    let requests = place.requests().await;
    assert_eq!(requests.iter().filter(|line| *line == "GET /v2/renders/r").count(), 2);
    assert_eq!(requests.iter().filter(|line| *line == "GET /results/gone").count(), 3);
}

#[tokio::test]
async fn without_an_api_an_expired_link_is_said() {
    let place = Place::new().await;
    place.answers("gone", ResponseTemplate::new(403)).await;
    let downloader = Downloader::impatient(&Url::parse(&place.server.uri()).expect("a URL"));
    let saver = Saver::new(downloader, None, Folder::open(place.folder.path()).expect("opened"), 1);
    let outcomes = place.save(saver, &render(json!([done("v1", &[place.link("gone")])]))).await;
    assert_eq!(how(&outcomes), ["staging-v1 127.0.0.1 answered 403: the link has expired"]);
}

#[tokio::test]
async fn a_foreign_file_stays_and_is_told_of() {
    let place = Place::new().await;
    place.answers_with_pictures().await;
    let mine = place.folder.path().join("staging-v1.jpg");
    std::fs::write(&mine, "mine").expect("written");
    let outcomes = place.save(place.saver(), &render(json!([done("v1", &[place.link("1")])]))).await;
    assert!(how(&outcomes)[0].ends_with("staging-v1.jpg, which is left as it is"), "{:?}", how(&outcomes));
    assert_eq!(std::fs::read(&mine).expect("there"), b"mine");
    assert_eq!(place.files(), ["staging-v1.jpg"]);
}

#[tokio::test]
async fn tells_how_it_goes_on() {
    let place = Place::new().await;
    place.answers_with_pictures().await;
    let told = Arc::new(Mutex::new((0, 0)));
    let telling = told.clone();
    let saver = place.saver().telling(move |progress| {
        let mut told = telling.lock().expect("not poisoned");
        match progress {
            Progress::Bytes(more) => told.0 += more,
            Progress::Ended(outcome) => told.1 += outcome.entry.bytes,
        }
    });
    place.save(saver, &render(json!([done("v1", &[place.link("1")]), done("v2", &[place.link("2")])]))).await;
    let (bytes, ended) = *told.lock().expect("not poisoned");
    assert!(bytes > 0 && bytes == ended, "{bytes} bytes came, {ended} were saved");
}

#[tokio::test]
async fn as_many_are_fetched_at_once_as_allowed_and_no_more() {
    const AT_ONCE: usize = 3;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = format!("http://{}", listener.local_addr().expect("bound"));
    let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let together = Arc::new(Barrier::new(AT_ONCE));
    let counts = (under_way.clone(), most.clone());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (together, (under_way, most)) = (together.clone(), counts.clone());
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                most.fetch_max(under_way.fetch_add(1, SeqCst) + 1, SeqCst);
                // Nobody is answered before as many have asked.
                together.wait().await;
                under_way.fetch_sub(1, SeqCst);
                let picture = Picture::empty_room((30, 20), 1).jpeg();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", picture.len());
                let _ = stream.write_all(&[head.as_bytes(), &picture].concat()).await;
            });
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let downloader = Downloader::impatient(&Url::parse(&host).expect("a URL"));
    let saver = Saver::new(downloader, None, Folder::open(folder.path()).expect("opened"), AT_ONCE);
    let render = render(json!([done("v", &vec![format!("{host}/a"); 4 * AT_ONCE])]));
    let plan = Plan::of(&render, &About::default(), Variant::Full, &Template::default());
    let outcomes = Arc::new(saver).save(plan).await.expect("saved");
    assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()), "{:?}", how(&outcomes));
    assert_eq!(most.load(SeqCst), AT_ONCE);
}
