//! Which tool makes the tunnel, how it is called, and where it comes from.

use std::str::FromStr;

use url::Url;

/// `--tunnel cloudflared|ngrok|cmd:COMMAND`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tool {
    /// A quick tunnel of Cloudflare's, without an account.
    Cloudflared,
    /// A tunnel of ngrok's, with the account that it is set up for.
    Ngrok,
    /// A command for the shell.
    Command(String),
}

impl FromStr for Tool {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "cloudflared" => Ok(Self::Cloudflared),
            "ngrok" => Ok(Self::Ngrok),
            _ => match text.strip_prefix("cmd:").map(str::trim) {
                Some(command) if !command.is_empty() => Ok(Self::Command(command.to_owned())),
                _ => Err("a tunnel is cloudflared, ngrok or 'cmd:COMMAND' with {port} or {url} in it".to_owned()),
            },
        }
    }
}

impl Tool {
    /// The name that people know it by.
    pub(crate) fn name(&self) -> &'static str {
        if let Self::Command(_) = self { "the tunnel's command" } else { self.word() }
    }

    /// The word that stands for it on the command line.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Cloudflared => "cloudflared",
            Self::Ngrok => "ngrok",
            Self::Command(_) => "cmd",
        }
    }

    /// Where to get it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Cloudflared => {
                "brew install cloudflared, or https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/"
            }
            Self::Ngrok => "https://ngrok.com/download, then: ngrok config add-authtoken TOKEN",
            Self::Command(_) => "is what it starts installed and in PATH?",
        }
    }

    /// Program and arguments that bring what comes from outside to `local`, which is an origin of this machine.
    pub(super) fn arguments(&self, local: &Url) -> Vec<String> {
        let url = local.as_str().trim_end_matches('/');
        let port = local.port_or_known_default().unwrap_or_default().to_string();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match self {
            // Rules in a configuration file of the user's would take precedence over the URL.
            Self::Cloudflared if cfg!(unix) => {
                words(&["cloudflared", "tunnel", "--config", "/dev/null", "--no-autoupdate", "--url", url])
            }
            Self::Cloudflared => words(&["cloudflared", "tunnel", "--no-autoupdate", "--url", url]),
            Self::Ngrok => words(&["ngrok", "http", url, "--log", "stdout", "--log-format", "logfmt"]),
            Self::Command(command) => {
                let command = command.replace("{port}", &port).replace("{url}", url);
                let [shell, flag] = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
                vec![shell.to_owned(), flag.to_owned(), command]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_the_port_and_the_url() {
        let tool: Tool = "cmd: bore local {port} --to bore.pub # {url} {port}".parse().expect("a tool");
        let local = Url::parse("http://127.0.0.1:4242/").expect("a URL");
        let command = tool.arguments(&local).pop().expect("a command");
        assert_eq!(command, "bore local 4242 --to bore.pub # http://127.0.0.1:4242 4242");
    }

    #[test]
    fn other_tools_are_refused() {
        for text in ["", "cloudflare", "cmd:", "cmd: ", "/usr/bin/cloudflared"] {
            assert!(text.parse::<Tool>().is_err(), "{text:?}");
        }
    }
}
