//! The operations of the API, one method for each.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::transport::{Call, Transport};
use super::{ClientError, Failure, Options, SetupError, Upload};
use crate::protocol::Secret;
use crate::protocol::render::{Account, Analysis, MultiViewVerdict, Page, Render, SetSecret, Variation, Variations};

/// The API at one address, with one key.
pub(crate) struct Api(Transport);

/// Which page of a list; what is not given is the API's own choice.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageQuery {
    /// 1 to 100; the API's default is 20.
    pub(crate) limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
    pub(crate) order: Option<Order>,
}

/// By creation date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Order {
    /// Oldest first.
    #[value(name = "asc")]
    OldestFirst,
    /// Newest first.
    #[value(name = "desc")]
    NewestFirst,
}

#[cfg_attr(not(test), expect(dead_code, reason = "status and single variations have no command yet"))]
impl Api {
    /// Reads the CA file and makes the clients ready; nothing is sent.
    pub(crate) fn new(options: Options) -> Result<Self, SetupError> {
        Transport::new(options).map(Self)
    }

    /// GET /status: whether the API is up.
    pub(crate) async fn status(&self) -> Result<(), ClientError> {
        self.0.done(&get("/status")).await
    }

    /// GET /user: whose key it is, and the photos used.
    pub(crate) async fn account(&self) -> Result<Account, ClientError> {
        self.0.json(&get("/user")).await
    }

    /// POST /user/webhook-secret: replaces the account's one secret. Any 2xx will do.
    pub(crate) async fn set_webhook_secret(&self, member: &str, secret: &Secret) -> Result<(), ClientError> {
        let body = serde_json::to_string(&SetSecret { member, secret }).expect("a map of texts is JSON");
        let call = Call { secret: Some(secret), repeatable: true, ..post("/user/webhook-secret", body) };
        self.0.done(&call).await
    }

    /// DELETE /user/webhook-secret. Any 2xx will do.
    pub(crate) async fn delete_webhook_secret(&self) -> Result<(), ClientError> {
        self.0.done(&Call { method: Method::DELETE, ..get("/user/webhook-secret") }).await
    }

    /// GET /renders: one page of renders.
    pub(crate) async fn list_renders(&self, page: &PageQuery) -> Result<Page<Render>, ClientError> {
        self.0.json(&Call { query: page.named(["limit", "cursor", "order"]), ..get("/renders") }).await
    }

    /// POST /renders: **costs a photo**, and is sent exactly once.
    pub(crate) async fn create_render(&self, body: &Upload) -> Result<Render, ClientError> {
        self.0.json(&post("/renders", body.clone())).await
    }

    /// GET /renders/{id}, with a page of its variations if one is asked for.
    pub(crate) async fn get_render(&self, id: &str, variations: Option<&PageQuery>) -> Result<Render, ClientError> {
        let query = variations.map(PageQuery::of_variations).unwrap_or_default();
        self.at(&["renders", id], |path| Call { query, ..get(path) }).await
    }

    /// The same in one attempt, for who asks again by itself.
    pub(crate) async fn poll_render(&self, id: &str, variations: &PageQuery) -> Result<Render, ClientError> {
        let query = variations.of_variations();
        self.at(&["renders", id], |path| Call { query, retried: false, ..get(path) }).await
    }

    /// GET /renders/{id}/variations: in no documentation, but in use.
    pub(crate) async fn list_variations(&self, render: &str) -> Result<Variations, ClientError> {
        self.at(&["renders", render, "variations"], get).await
    }

    /// POST /renders/{id}/variations: sent exactly once; the answer lists the new variations.
    pub(crate) async fn create_variations(&self, render: &str, body: &Value) -> Result<Variations, ClientError> {
        self.at(&["renders", render, "variations"], |path| post(path, body.to_string())).await
    }

    /// GET /renders/{id}/variations/{variation}.
    pub(crate) async fn get_variation(&self, render: &str, variation: &str) -> Result<Variation, ClientError> {
        self.at(&["renders", render, "variations", variation], get).await
    }

    /// POST /analyze: sent exactly once; without a webhook it is answered when the mask is done.
    pub(crate) async fn analyze(&self, body: &Value) -> Result<Analysis, ClientError> {
        self.0.json(&post("/analyze", body.to_string())).await
    }

    /// POST /multi-view-compatability (spelled so): sent exactly once.
    pub(crate) async fn check_multi_view(&self, body: &Value) -> Result<MultiViewVerdict, ClientError> {
        self.0.json(&post("/multi-view-compatability", body.to_string())).await
    }

    /// Sends a call to a path with ids in it.
    async fn at<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        call: impl FnOnce(&str) -> Call<'static>,
    ) -> Result<T, ClientError> {
        let path: String =
            segments.iter().map(|segment| format!("/{}", utf8_percent_encode(segment, RESERVED))).collect();
        let call = call(&path);
        // A URL has no spelling for these three that is not a step up or a step nowhere.
        match segments.iter().find(|segment| matches!(**segment, "" | "." | "..")) {
            Some(id) => Err(self.0.error(&call, Failure::BadId { id: (*id).to_owned() })),
            None => self.0.json(&call).await,
        }
    }
}

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn get(path: &str) -> Call<'static> {
    let path = path.to_owned();
    Call { method: Method::GET, path, query: Vec::new(), body: None, secret: None, repeatable: true, retried: true }
}

fn post(path: &str, body: impl Into<Upload>) -> Call<'static> {
    Call { method: Method::POST, body: Some(body.into()), repeatable: false, ..get(path) }
}

impl PageQuery {
    fn of_variations(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![("include_variations", "true".to_owned())];
        query.extend(self.named(["variations_limit", "variations_cursor", "variations_order"]));
        query
    }

    fn named(&self, [limit, cursor, order]: [&'static str; 3]) -> Vec<(&'static str, String)> {
        let order_name = |order| match order {
            Order::OldestFirst => "asc".to_owned(),
            Order::NewestFirst => "desc".to_owned(),
        };
        let pairs = [
            (limit, self.limit.map(|limit| limit.to_string())),
            (cursor, self.cursor.clone()),
            (order, self.order.map(order_name)),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
