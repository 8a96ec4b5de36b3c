//! Paying against an API that answers as it is told, on real sockets.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State as Held};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::client::Options;
use crate::ledger::{self, Again, Owner, Purchase};

/// What becomes of a POST /renders.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Answered,
    /// It takes effect, and the answer is lost.
    MadeAndLost,
    /// It takes effect only after a while, and the answer is lost.
    MadeLater(u64),
    LostBefore,
    TooMany,
    BadRequest,
    /// Somebody else's render of the same settings comes in between, and the answer is lost.
    TwoAndLost,
}

#[derive(Default)]
struct Double {
    fates: VecDeque<Fate>,
    /// Oldest first.
    renders: Vec<Value>,
    posts: usize,
}

type Shared = Arc<Mutex<Double>>;

impl Double {
    fn make(&mut self, body: &Value) -> Value {
        let number = self.renders.len() + 1;
        let variation =
            json!({"id": format!("v{number}"), "type": "staging", "status": "queued", "config": body["config"]});
        let render = json!({"id": format!("r{number}"), "created_at": 1000 + number, "variations": [variation]});
        self.renders.push(render.clone());
        render
    }
}

async fn post(Held(double): Held<Shared>, Json(body): Json<Value>) -> Response {
    let mut locked = double.lock().expect("not poisoned");
    locked.posts += 1;
    let lost = StatusCode::BAD_GATEWAY.into_response();
    match locked.fates.pop_front().unwrap_or(Fate::Answered) {
        Fate::Answered => (StatusCode::CREATED, Json(locked.make(&body))).into_response(),
        Fate::MadeAndLost => {
            locked.make(&body);
            lost
        }
        Fate::TwoAndLost => {
            locked.make(&body);
            locked.make(&body);
            lost
        }
        Fate::MadeLater(milliseconds) => {
            let double = double.clone();
            tokio::spawn(async move {
                sleep(Duration::from_millis(milliseconds)).await;
                double.lock().expect("not poisoned").make(&body);
            });
            lost
        }
        Fate::LostBefore => lost,
        Fate::TooMany => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")]).into_response(),
        Fate::BadRequest => (StatusCode::BAD_REQUEST, Json(json!({"message": "no such room"}))).into_response(),
    }
}

async fn list(Held(double): Held<Shared>, Query(query): Query<Vec<(String, String)>>) -> Json<Value> {
    let limit =
        query.iter().find(|(name, _)| name == "limit").map_or(20, |(_, limit)| limit.parse().expect("a number"));
    let cursor = query.iter().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.clone());
    let renders: Vec<Value> = double.lock().expect("not poisoned").renders.iter().rev().cloned().collect();
    let from = cursor
        .map_or(0, |cursor| renders.iter().position(|render| render["id"] == cursor.as_str()).expect("known") + 1);
    let page: Vec<Value> = renders
        .iter()
        .skip(from)
        .take(limit)
        .map(|render| json!({"id": render["id"], "created_at": render["created_at"]}))
        .collect();
    let next = (from + page.len() < renders.len()).then(|| page.last().map(|render| render["id"].clone()));
    Json(json!({"items": page, "next_cursor": next.flatten()}))
}

async fn read(Held(double): Held<Shared>, Path(id): Path<String>) -> Response {
    let found = double.lock().expect("not poisoned").renders.iter().find(|render| render["id"] == id.as_str()).cloned();
    found.map_or(StatusCode::NOT_FOUND.into_response(), |render| Json(render).into_response())
}

/// The double, the client, the ledger and the settling time that a test has.
struct Bench {
    double: Shared,
    api: Arc<Api>,
    ledger: Ledger,
    settle_within: Duration,
    _folder: TempDir,
}

impl Bench {
    async fn new(fates: &[Fate]) -> Self {
        let double = Shared::new(Mutex::new(Double { fates: fates.iter().copied().collect(), ..Double::default() }));
        let routes = Router::new().route("/v2/renders", get(list).post(post)).route("/v2/renders/{id}", get(read));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let url = format!("http://{}/v2", listener.local_addr().expect("an address"));
        let served = routes.with_state(double.clone());
        tokio::spawn(async move { axum::serve(listener, served).await });
        let mut options = Options::new(Url::parse(&url).expect("a URL"));
        options.key = Some(SecretString::from("vsai-pk-test"));
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = Ledger::open(&folder.path().join("ledger.db")).expect("opened");
        let api = Arc::new(Api::new(options).expect("an API"));
        Self { double, api, ledger, settle_within: Duration::from_millis(300), _folder: folder }
    }

    fn payer(&self) -> Payer {
        Payer::new(self.api.clone(), self.ledger.clone(), self.settle_within)
    }

    async fn plan(&self, photo: u8, style: &str) -> Job {
        self.ledger.plan(vec![purchase(photo, style)], Again::No, Timestamp::now()).await.expect("planned").remove(0)
    }

    async fn pay(&self, job: &Job) -> Result<Paid, PayError> {
        self.pay_by(&self.payer(), job).await
    }

    async fn pay_by(&self, payer: &Payer, job: &Job) -> Result<Paid, PayError> {
        let (_going_on, stop) = watch::channel(false);
        let mut attention = Attention { on_step: &|_| (), stop, named: None };
        payer.pay(job, &body(job), &mut attention).await
    }

    async fn state(&self, job: &Job) -> ledger::State {
        self.ledger.job(&job.id).await.expect("read").expect("there").state
    }

    fn posts(&self) -> usize {
        self.double.lock().expect("not poisoned").posts
    }
}

fn body(job: &Job) -> Upload {
    let mut body: Value = serde_json::from_str(&job.settings).expect("JSON");
    body["image_url"] = "https://example.com/a.jpg".into();
    body.to_string().into()
}

fn purchase(photo: u8, style: &str) -> Purchase {
    Purchase {
        owner: Owner { origin: "http://127.0.0.1".into(), account: "u".into() },
        endpoint: "/renders",
        photo: [photo; 32],
        source: format!("{photo}.jpg"),
        settings: json!({"config": {"type": "staging", "add_furniture": {"room_type": "bed", "style": style}}}),
        count: 1,
    }
}

/// A job with these settings.
pub(super) fn job(settings: &Value, count: u32) -> Job {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = Ledger::open(&folder.path().join("ledger.db")).expect("opened");
    let purchase = Purchase { settings: settings.clone(), count, ..purchase(1, "modern") };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(ledger.plan(vec![purchase], Again::No, Timestamp::now())).expect("planned").remove(0)
}

#[tokio::test]
async fn a_job_is_paid_once_however_often_it_is_run() {
    let bench = Bench::new(&[]).await;
    let job = bench.plan(1, "modern").await;
    assert!(matches!(bench.pay(&job).await, Ok(Paid::Now(render)) if render.id == "r1"));
    assert_eq!(bench.pay(&job).await.expect("known"), Paid::Before("r1".into()), "with what was known before");
    let again = bench.plan(1, "modern").await;
    assert_eq!((again.id.clone(), again.render_id.as_deref()), (job.id, Some("r1")));
    let (first, second) = tokio::join!(bench.pay(&again), bench.pay(&again));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(bench.posts(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_found() {
    for fate in [Fate::MadeAndLost, Fate::MadeLater(150)] {
        let bench = Bench::new(&[Fate::Answered, fate]).await;
        bench.pay(&bench.plan(1, "modern").await).await.expect("paid");
        let job = bench.plan(2, "modern").await;
        assert_eq!(bench.pay(&job).await.expect("found"), Paid::Found("r2".into()), "{fate:?}");
        assert_eq!((bench.state(&job).await, bench.posts()), (ledger::State::Accepted, 2));
    }
}

#[tokio::test]
async fn what_is_not_found_stays_unclear_and_is_never_sent_again() {
    let bench = Bench::new(&[Fate::LostBefore]).await;
    let job = bench.plan(1, "modern").await;
    for _ in 0..2 {
        let error = bench.pay(&job).await.expect_err("unclear");
        assert!(matches!(&error, PayError::Unclear { candidates, .. } if candidates.is_empty()), "{error}");
        assert_eq!((bench.state(&job).await, bench.posts()), (ledger::State::Unclear, 1));
    }
    bench.ledger.rejected(&job.id, "sent again by hand").await.expect("noted");
    assert!(matches!(bench.pay(&job).await, Ok(Paid::Now(_))));
}

#[tokio::test]
async fn two_that_could_be_it_are_left_unclear() {
    let bench = Bench::new(&[Fate::TwoAndLost]).await;
    let error = bench.pay(&bench.plan(1, "modern").await).await.expect_err("unclear");
    assert!(matches!(error, PayError::Unclear { candidates, .. } if candidates == ["r2", "r1"]));
}

#[tokio::test]
async fn somebody_elses_render_of_another_style_is_not_taken_for_ours() {
    let bench = Bench::new(&[Fate::LostBefore]).await;
    bench.double.lock().expect("not poisoned").make(&json!({"config": {"type": "enhancement"}}));
    let job = bench.plan(1, "modern").await;
    let pay = bench.pay(&job);
    let meanwhile = async {
        sleep(Duration::from_millis(100)).await;
        bench.double.lock().expect("not poisoned").make(&json!({"config": {"type": "enhancement"}}));
    };
    let (paid, ()) = tokio::join!(pay, meanwhile);
    assert!(matches!(paid, Err(PayError::Unclear { candidates, .. }) if candidates.is_empty()));
}

#[tokio::test]
async fn a_render_that_another_unclear_job_may_have_made_is_left_to_it() {
    let modern = |removal: Option<&str>| {
        let mut config = json!({"type": "staging", "add_furniture": {"room_type": "bed", "style": "modern"}});
        if let Some(mode) = removal {
            config["remove_furniture"] = json!({"mode": mode});
        }
        json!({"config": config})
    };
    let bench = Bench::new(&[Fate::LostBefore]).await;
    let more = Purchase { settings: modern(Some("on")), ..purchase(2, "modern") };
    let more = bench.ledger.plan(vec![more], Again::No, Timestamp::now()).await.expect("planned").remove(0);
    assert!(bench.ledger.sending(&more.id, None, Timestamp::now()).await.expect("noted"));
    let less = bench.plan(1, "modern").await;
    let meanwhile = async {
        sleep(Duration::from_millis(100)).await;
        bench.double.lock().expect("not poisoned").make(&modern(Some("on")));
    };
    let (paid, ()) = tokio::join!(bench.pay(&less), meanwhile);
    assert!(matches!(&paid, Err(PayError::Unclear { candidates, .. }) if *candidates == ["r1"]), "{paid:?}");
    bench.ledger.rejected(&less.id, "sent again by hand").await.expect("noted");
    assert_eq!(bench.pay(&more).await.expect("found"), Paid::Found("r1".into()));
}

#[tokio::test]
async fn a_kill_while_it_is_sent_is_looked_into_before_anything_else() {
    let bench = Bench::new(&[]).await;
    let job = bench.plan(1, "modern").await;
    assert!(bench.ledger.sending(&job.id, None, Timestamp::now()).await.expect("noted"));
    let settings: Value = serde_json::from_str(&job.settings).expect("JSON");
    bench.double.lock().expect("not poisoned").make(&settings);
    let twin = bench.plan(2, "modern").await;
    assert!(matches!(bench.pay(&twin).await, Ok(Paid::Now(render)) if render.id == "r2"));
    let found = bench.ledger.job(&job.id).await.expect("read").expect("there");
    assert_eq!((found.render_id.as_deref(), found.adopted), (Some("r1"), true), "before its twin was sent");
    assert_eq!(bench.pay(&job).await.expect("known"), Paid::Before("r1".into()));
    assert_eq!(bench.posts(), 1);
}

#[tokio::test]
async fn a_definite_no_is_told_and_may_be_sent_again() {
    let bench = Bench::new(&[Fate::BadRequest, Fate::TooMany, Fate::TooMany]).await;
    let job = bench.plan(1, "modern").await;
    assert!(
        matches!(bench.pay(&job).await, Err(PayError::Refused(error)) if error.to_string().contains("no such room"))
    );
    assert_eq!(bench.state(&job).await, ledger::State::Rejected);
    assert!(matches!(bench.pay(&job).await, Ok(Paid::Now(_))), "after two answers 429");
    assert_eq!(bench.posts(), 4);
}

#[tokio::test]
async fn requests_that_cannot_be_told_apart_go_out_one_at_a_time() {
    let bench = Bench::new(&[Fate::MadeAndLost, Fate::MadeAndLost, Fate::Answered, Fate::MadeAndLost]).await;
    let mut jobs = Vec::new();
    for photo in 0..4 {
        jobs.push(bench.plan(photo, "modern").await);
    }
    let (a, b, c, d) = tokio::join!(bench.pay(&jobs[0]), bench.pay(&jobs[1]), bench.pay(&jobs[2]), bench.pay(&jobs[3]));
    assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok(), "each was told apart: {a:?} {b:?} {c:?} {d:?}");
    assert_eq!(bench.posts(), 4);
}

#[tokio::test]
async fn what_one_has_left_unclear_does_not_spread_to_the_next() {
    for (unclear, next) in [(Fate::LostBefore, "r2"), (Fate::TwoAndLost, "r4")] {
        let bench = Bench::new(&[Fate::Answered, unclear, Fate::MadeAndLost]).await;
        let payer = bench.payer();
        bench.pay_by(&payer, &bench.plan(1, "modern").await).await.expect("paid");
        let error = bench.pay_by(&payer, &bench.plan(2, "modern").await).await;
        assert!(matches!(error, Err(PayError::Unclear { .. })), "{unclear:?}: {error:?}");
        let found = bench.pay_by(&payer, &bench.plan(3, "modern").await).await;
        assert_eq!(found.expect("found"), Paid::Found(next.into()), "after {unclear:?}");
    }
}

#[tokio::test]
async fn a_stop_while_a_twin_is_looked_for_sends_nothing() {
    let bench = Bench::new(&[]).await;
    let bench = Bench { settle_within: Duration::from_secs(60), ..bench };
    let (twin, job) = (bench.plan(1, "modern").await, bench.plan(2, "modern").await);
    assert!(bench.ledger.sending(&twin.id, None, Timestamp::now()).await.expect("noted"));
    let (stopping, stop) = watch::channel(false);
    let stops = |step: PayStep<'_>| {
        if let PayStep::LookingFor { job: looked_for, waiting, .. } = step {
            assert_eq!((&looked_for.id, waiting.map(|waiting| &waiting.id)), (&twin.id, Some(&job.id)));
            stopping.send_replace(true);
        }
    };
    let mut attention = Attention { on_step: &stops, stop, named: None };
    let paid = bench.payer().pay(&job, &body(&job), &mut attention).await;
    assert!(matches!(paid, Err(PayError::Stopped)), "{paid:?}");
    assert_eq!(bench.posts(), 0);
}

#[tokio::test]
async fn a_stop_while_it_waits_its_turn_sends_nothing() {
    let bench = Bench::new(&[]).await;
    let (twin, job) = (bench.plan(1, "modern").await, bench.plan(2, "modern").await);
    let _turn = bench.ledger.turn(&twin).await.expect("free");
    let (stopping, stop) = watch::channel(false);
    let (payer, body) = (bench.payer(), body(&job));
    let mut attention = Attention { on_step: &|_| (), stop, named: None };
    let stop_it = async { stopping.send_replace(true) };
    let (paid, _) = tokio::join!(payer.pay(&job, &body, &mut attention), stop_it);
    assert!(matches!(paid, Err(PayError::Stopped)), "{paid:?}");
    assert_eq!((bench.state(&job).await, bench.posts()), (ledger::State::Planned, 0));
}

#[tokio::test]
async fn a_webhook_that_names_the_job_settles_it() {
    let bench = Bench::new(&[Fate::TwoAndLost]).await;
    let bench = Bench { settle_within: Duration::from_secs(60), ..bench };
    let job = bench.plan(1, "modern").await;
    let (_going_on, stop) = watch::channel(false);
    let (tell, named) = watch::channel(BTreeMap::new());
    let payer = bench.payer();
    let mut attention = Attention { on_step: &|_| (), stop, named: Some(named) };
    let body = body(&job);
    let webhook = async {
        sleep(Duration::from_millis(200)).await;
        tell.send_modify(|named| drop(named.insert(job.id.clone(), "r1".to_owned())));
    };
    let (paid, ()) = tokio::join!(payer.pay(&job, &body, &mut attention), webhook);
    assert_eq!(paid.expect("named"), Paid::Found("r1".into()));
}

#[tokio::test]
async fn a_stop_sends_nothing_more_and_looks_once_more() {
    let bench = Bench::new(&[Fate::LostBefore]).await;
    let bench = Bench { settle_within: Duration::from_secs(60), ..bench };
    let (going_on, stop) = watch::channel(false);
    let (one, two) = (bench.plan(1, "modern").await, bench.plan(2, "luxury").await);
    let payer = bench.payer();
    let mut attention = Attention { on_step: &|_| (), stop, named: None };
    let body = one.settings.clone().into();
    let stopping = async {
        sleep(Duration::from_millis(200)).await;
        going_on.send_replace(true);
    };
    let (paid, ()) = tokio::join!(payer.pay(&one, &body, &mut attention), stopping);
    assert!(matches!(paid, Err(PayError::Unclear { .. })));
    assert!(matches!(payer.pay(&two, &body, &mut attention).await, Err(PayError::Stopped)));
    assert_eq!(bench.posts(), 1);
}
