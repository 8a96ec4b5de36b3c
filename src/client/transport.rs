//! Sending: a free call as often as the options allow, a paid call exactly once.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

use super::answer::{Answer, Secrets, refusal};
use super::proxy::Proxy;
use super::wire::while_sending;
use super::{ClientError, Failure, Options, SetupError, Upload, setup};
use crate::protocol::Secret;

/// One request, not yet sent.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Below the base URL, percent-encoded.
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    /// JSON; cheap to hand on again.
    pub(super) body: Option<Upload>,
    /// A secret in the body, which must not be shown where the server repeats it.
    pub(super) secret: Option<&'a Secret>,
    /// Whether sending it twice costs nothing and does no harm.
    pub(super) repeatable: bool,
    /// Whether it is sent again after a failure, where it may be.
    pub(super) retried: bool,
}

/// Two clients, and what every request needs.
pub(super) struct Transport {
    options: Options,
    authorization: Option<HeaderValue>,
    proxy: Option<Proxy>,
    pooled: Client,
    /// Never uses a connection twice: hyper sends a request again when a pooled connection turns out to be dead.
    unpooled: Client,
}

impl Transport {
    pub(super) fn new(options: Options) -> Result<Self, SetupError> {
        setup::check_url(&options.base_url)?;
        let authorization = options.key.as_ref().map(setup::authorization).transpose()?;
        let proxy = options.proxy.on_the_way_to(&options.base_url)?;
        let certificates = setup::certificates(&options)?;
        let client = |idle_connections| setup::client(&options, &certificates, proxy.as_ref(), idle_connections);
        Ok(Self { pooled: client(usize::MAX)?, unpooled: client(0)?, authorization, proxy, options })
    }

    /// Sends a call whose answer is JSON.
    pub(super) async fn json<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, ClientError> {
        let answer = self.send(call, true).await?;
        answer.json(&self.secrets(call)).map_err(|failure| self.error(call, failure))
    }

    /// Sends a call that is done with any 2xx, whatever its body.
    pub(super) async fn done(&self, call: &Call<'_>) -> Result<(), ClientError> {
        self.send(call, false).await.map(drop)
    }

    pub(super) fn error(&self, call: &Call<'_>, failure: Failure) -> ClientError {
        let operation = format!("{} {}", call.method, call.path);
        let origin = self.options.base_url.origin().ascii_serialization();
        ClientError { operation, origin, failure, attempts: 1, earlier_unclear: false }
    }

    async fn send(&self, call: &Call<'_>, with_body: bool) -> Result<Answer, ClientError> {
        if !call.repeatable {
            let answer = self.attempt(&self.unpooled, call, with_body, self.options.paid_timeout).await;
            return answer.map_err(|failure| self.error(call, failure));
        }
        if !call.retried {
            let answer = self.attempt(&self.pooled, call, with_body, self.options.timeout).await;
            return answer.map_err(|failure| self.error(call, failure));
        }
        let (mut attempts, mut earlier_unclear) = (1, false);
        let answer = (|| self.attempt(&self.pooled, call, with_body, self.options.timeout))
            .retry(self.backoff())
            .sleep(tokio::time::sleep)
            .when(Failure::is_transient)
            .adjust(|failure, planned| self.wait(failure, planned))
            .notify(|failure, wait| {
                attempts += 1;
                earlier_unclear |= failure.outcome_unclear();
                (self.options.on_retry)(failure, wait);
            })
            .await;
        answer.map_err(|failure| ClientError { attempts, earlier_unclear, ..self.error(call, failure) })
    }

    async fn attempt(
        &self,
        client: &Client,
        call: &Call<'_>,
        with_body: bool,
        timeout: Duration,
    ) -> Result<Answer, Failure> {
        let proxy = self.proxy.as_ref().map(|proxy| proxy.address.as_str());
        let sent = self.request(client, call).timeout(timeout).send().await;
        let response = sent.map_err(|error| while_sending(&error, timeout, self.options.connect_timeout, proxy))?;
        if !response.status().is_success() {
            return Err(refusal(response, &self.secrets(call), (self.options.now)()).await);
        }
        if with_body {
            Answer::read(response, self.options.max_answer, timeout).await
        } else {
            Ok(Answer::unread(&response))
        }
    }

    fn request(&self, client: &Client, call: &Call<'_>) -> reqwest::RequestBuilder {
        let base = self.options.base_url.as_str().trim_end_matches('/');
        let mut url = format!("{base}{}", call.path);
        if !call.query.is_empty() {
            url.push('?');
            url.push_str(&url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&call.query).finish());
        }
        let mut request = client.request(call.method.clone(), url);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        match &call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => request,
        }
    }

    fn backoff(&self) -> ExponentialBuilder {
        let retries = self.options.retries;
        ExponentialBuilder::new().with_min_delay(retries.first_wait).with_max_times(retries.count).with_jitter()
    }

    /// How long to wait before the next attempt; `None` gives up, also when the server asks for more than we would wait.
    fn wait(&self, failure: &Failure, planned: Option<Duration>) -> Option<Duration> {
        let longest = self.options.retries.longest_wait;
        match failure.retry_after() {
            Some(asked) if asked > longest => None,
            Some(asked) => planned.map(|planned| planned.max(asked)),
            None => planned.map(|planned| planned.min(longest)),
        }
    }

    fn secrets(&self, call: &Call<'_>) -> Secrets {
        let key = self.options.key.as_ref().map(ExposeSecret::expose_secret);
        Secrets::new(key.into_iter().chain(call.secret.map(Secret::expose)))
    }
}
