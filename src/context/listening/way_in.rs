//! How webhooks come in from outside, as the flags have it: through a proxy of the user's, or a tunnel.

use clap::Args;
use url::Url;

use super::entrance::Entrance;
use crate::context::random_bytes;
use crate::error::Error;
use crate::listener::Tool;

/// The flags of every command that listens.
#[derive(Debug, Args)]
pub(crate) struct WayIn {
    /// The one path that takes webhooks [default: /, or a random one with --public-url or --tunnel]
    #[arg(long)]
    path: Option<String>,
    /// URL by which webhooks reach this listener, through a proxy or tunnel of yours
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,
    /// Start a tunnel with this tool, cloudflared, ngrok or 'cmd:COMMAND' with {port} or {url} in it, and end it with the listener;
    /// the public URL that it says is taken, and no address of this machine unless it is alone on its line
    #[arg(long, value_name = "TOOL")]
    tunnel: Option<Tool>,
}

impl WayIn {
    /// Whether webhooks can come from other machines.
    pub(crate) fn is_from_outside(&self) -> bool {
        self.public_url.is_some() || self.tunnel.is_some()
    }

    /// The first flag that is given, if any is.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        let given = [
            ("--tunnel", self.tunnel.is_some()),
            ("--public-url", self.public_url.is_some()),
            ("--path", self.path.is_some()),
        ];
        given.into_iter().find_map(|(flag, is_given)| is_given.then_some(flag))
    }

    /// The way in as the flags have it, with its path chosen.
    pub(crate) fn entrance(&self) -> Result<Entrance, Error> {
        let is_from_outside = self.is_from_outside();
        let path = match (&self.path, self.public_url.as_ref().map(Url::path)) {
            (Some(path), _) => plain_path(path)?,
            (None, Some(path)) if path != "/" => path.to_owned(),
            // A URL that nobody can guess keeps strangers from the listener that anybody can reach.
            _ if is_from_outside => {
                let name = data_encoding::BASE32_NOPAD.encode(&random_bytes::<10>()?).to_ascii_lowercase();
                format!("/w/{name}")
            }
            _ => "/".to_owned(),
        };
        let mut public = self.public_url.clone();
        if let Some(public) = public.as_mut().filter(|public| public.path() == "/") {
            public.set_path(&path);
        }
        Ok(Entrance::new(path, public, self.tunnel.clone()))
    }
}

fn plain_path(path: &str) -> Result<String, Error> {
    let path = format!("/{}", path.trim_start_matches('/'));
    match path.parse::<hyper::http::uri::PathAndQuery>() {
        Ok(parsed) if parsed.query().is_none() && parsed.path() == path => Ok(path),
        _ => Err(Error::usage(format!("--path {path:?} is not a plain path without a query"))),
    }
}

/// Senders keep the URL: nothing in it may be confidential, and its query is theirs.
fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "a URL looks like https://hooks.example.com/vsai".to_owned())?;
    let is_plain = url.query().is_none() && url.fragment().is_none();
    match url.scheme() {
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
            Err("it must not carry a user name or password".to_owned())
        }
        "http" | "https" if is_plain => Ok(url),
        "http" | "https" => Err("it must have no query and no fragment".to_owned()),
        scheme => Err(format!("its scheme is http or https, not {scheme}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_the_given_one_then_the_urls_then_random() {
        for (path, public, local, outside) in [
            (None, None, "/", None),
            (Some("hooks"), None, "/hooks", None),
            (Some("/a"), Some("https://x.example.com/b"), "/a", Some("https://x.example.com/b")),
            (None, Some("https://x.example.com/b"), "/b", Some("https://x.example.com/b")),
            (Some("/a"), Some("https://x.example.com"), "/a", Some("https://x.example.com/a")),
        ] {
            let public_url = public.map(|url| public_url(url).expect("a URL"));
            let way_in = WayIn { path: path.map(str::to_owned), public_url, tunnel: None };
            let entrance = way_in.entrance().expect("a path");
            assert_eq!((entrance.path(), entrance.public().map(Url::as_str)), (local, outside));
        }
    }

    #[test]
    fn without_a_path_of_its_own_a_way_in_gets_one_that_nobody_can_guess() {
        let way_in = || WayIn { path: None, public_url: public_url("https://x.example.com/").ok(), tunnel: None };
        let [first, second] = [(); 2].map(|()| way_in().entrance().expect("a path"));
        assert_ne!(first.path(), second.path());
        assert!(first.path().starts_with("/w/") && first.path().len() == 3 + 16, "{}", first.path());
        assert!(first.public().is_some_and(|public| public.path() == first.path()));
    }

    #[test]
    fn urls_that_senders_should_not_keep_are_refused() {
        for text in
            ["hooks.example.com", "ftp://x.example.com/", "https://u:p@x.example.com/", "https://x.example.com/?a"]
        {
            assert!(public_url(text).is_err(), "{text}");
        }
    }
}
