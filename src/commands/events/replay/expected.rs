//! The answers that are right: `200`, `2xx`, `200-299`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// One status, or several that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    text: String,
    statuses: RangeInclusive<u16>,
}

impl Expected {
    pub(super) fn is(&self, status: u16) -> bool {
        self.statuses.contains(&status)
    }
}

impl FromStr for Expected {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let status = |text: &str| text.parse().ok().filter(|status| (100..600).contains(status));
        let statuses = if let Some(class) = text.to_ascii_lowercase().strip_suffix("xx") {
            class.parse().ok().filter(|class| (1..6).contains(class)).map(|class: u16| class * 100..=class * 100 + 99)
        } else if let Some((first, last)) = text.split_once('-') {
            status(first).zip(status(last)).map(|(first, last)| first..=last)
        } else {
            status(text).map(|status| status..=status)
        };
        let statuses = statuses.filter(|statuses| !statuses.is_empty());
        let statuses = statuses.ok_or("a status looks like 204, 2xx or 200-299")?;
        Ok(Self { text: text.to_owned(), statuses })
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_a_class_or_a_range() {
        for (text, right, wrong) in [
            ("200", &[200][..], &[199, 201][..]),
            ("2xx", &[200, 299], &[199, 300]),
            ("4XX", &[404], &[500]),
            ("200-204", &[200, 204], &[205]),
        ] {
            let expected: Expected = text.parse().expect(text);
            assert!(right.iter().all(|status| expected.is(*status)), "{text}");
            assert!(!wrong.iter().any(|status| expected.is(*status)), "{text}");
        }
        for text in ["", "20", "1000", "600", "6xx", "xx", "0xx", "2x", "299-200", "200-", "ok", "+200x"] {
            assert!(text.parse::<Expected>().is_err(), "{text}");
        }
    }
}
