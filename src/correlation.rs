//! Which job a webhook is about: a parameter in the query of the URL that it is sent to. The query is not signed, so this
//! is a hint, and nothing may rest on it alone.

use url::{Url, form_urlencoded};

/// The query parameter's name.
const PARAMETER: &str = "vsai_job";

/// The URL with the job in its query; what the query holds already is kept.
pub(crate) fn with_job(url: &Url, job: &str) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().append_pair(PARAMETER, job);
    url
}

/// The job that a delivery's path and query name, if they name one.
pub(crate) fn job_of(target: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    // The last one is ours: it was appended.
    let job = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == PARAMETER).last();
    job.map(|(_, job)| job.into_owned()).filter(|job| !job.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_job_is_appended_to_what_the_query_holds() {
        for (url, with) in [
            ("https://x.example.com", "https://x.example.com/?vsai_job=j-1"),
            ("https://x.example.com/w/a?", "https://x.example.com/w/a?vsai_job=j-1"),
            ("https://x.example.com/a?order=7&b=%20+c", "https://x.example.com/a?order=7&b=%20+c&vsai_job=j-1"),
            ("https://x.example.com/a?b#c", "https://x.example.com/a?b&vsai_job=j-1#c"),
        ] {
            assert_eq!(with_job(&Url::parse(url).expect("a URL"), "j-1").as_str(), with);
        }
    }

    #[test]
    fn the_job_is_found_again_whatever_it_is_called() {
        for job in ["j-1", "a b&c=d", "ü", "%2F"] {
            let url = with_job(&Url::parse("http://localhost/hook?vsai_job=theirs").expect("a URL"), job);
            let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
            assert_eq!(job_of(&target).as_deref(), Some(job));
        }
        for target in ["/", "/vsai_job=j-1", "/?job=j-1", "/?vsai_job", "/?vsai_job=", "/?%"] {
            assert_eq!(job_of(target), None, "{target}");
        }
    }
}
