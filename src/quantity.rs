//! Quantities on the command line: durations such as `30s` and `1h30m`, moments, sizes such as `512KiB`.

use std::num::NonZeroUsize;
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, SpanRelativeTo, Timestamp};

/// Reads a duration. A bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let refused = || "a duration looks like 500ms, 30s, 2m, 1h30m or 30d".to_owned();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| refused());
    }
    let span: jiff::Span = text.parse().map_err(|_| refused())?;
    let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| refused())?;
    Duration::try_from(signed).map_err(|_| refused())
}

/// A point in time, named by itself or by how long ago it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Ago(Duration),
    At(Timestamp),
}

impl Moment {
    /// The point in time as seen from `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(ago) => {
                let ago = SignedDuration::try_from(ago).unwrap_or(SignedDuration::MAX);
                now.checked_sub(ago).unwrap_or(Timestamp::MIN)
            }
        }
    }
}

/// Reads how long ago, or a date or time; without an offset it is the local one.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(ago) = duration(text) {
        return Ok(Moment::Ago(ago));
    }
    let local = |time: DateTime| TimeZone::system().to_timestamp(time).ok();
    let time = text.parse::<Timestamp>().ok();
    let time = time.or_else(|| text.parse::<DateTime>().ok().and_then(local));
    let time = time.or_else(|| text.parse::<Date>().ok().and_then(|date| local(date.into())));
    time.map(Moment::At)
        .ok_or_else(|| "write how long ago, such as 1h30m, or a time such as 2026-01-31T10:00".to_owned())
}

/// Reads a duration that something may take: not none at all.
pub(crate) fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("it has to be longer than 0".to_owned()),
        limit => Ok(limit),
    }
}

/// Reads how many: at least one.
pub(crate) fn number(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "it has to be a whole number, at least 1".to_owned())
}

/// Reads a port; 0 is any free one.
pub(crate) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "a port is a number from 0 to 65535".to_owned())
}

/// Reads a size in bytes, at least 1, with KiB, MiB or GiB as units.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1024,
        "m" | "mib" => 1024 * 1024,
        "g" | "gib" => 1024 * 1024 * 1024,
        _ => return Err("a size looks like 65536, 512KiB or 1MiB".to_owned()),
    };
    let number: usize = digits.parse().map_err(|_| "a size looks like 65536, 512KiB or 1MiB".to_owned())?;
    match number.checked_mul(unit) {
        Some(0) => Err("a size is at least 1 byte".to_owned()),
        size => size.ok_or_else(|| "that size is too large".to_owned()),
    }
}

/// Reads a rate between 0 and 1.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(rate),
        _ => Err("a rate is a number from 0 to 1".to_owned()),
    }
}

/// What is done less often is not waited for.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads how often, such as 5/s: the time from one to the next.
pub(crate) fn frequency(text: &str) -> Result<Duration, String> {
    let refused = || "how often is written as 5/s, 30/min or 100/h".to_owned();
    let (number, unit) = text.split_once('/').ok_or_else(refused)?;
    let seconds = match unit.trim() {
        "s" | "sec" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(refused()),
    };
    let number: f64 = number.trim().parse().map_err(|_| refused())?;
    Duration::try_from_secs_f64(seconds / number)
        .ok()
        .filter(|pause| number.is_finite() && *pause <= DAY)
        .ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_what_people_write() {
        for (text, milliseconds) in [
            ("500ms", Some(500)),
            ("30s", Some(30_000)),
            ("1h30m", Some(5_400_000)),
            ("30d", Some(2_592_000_000)),
            ("1w", Some(604_800_000)),
            ("1y", None),
            ("2", Some(2_000)),
            ("0.5", Some(500)),
            ("-1s", None),
            ("soon", None),
            ("1e400", None),
            ("NaN", None),
        ] {
            let read = duration(text).ok().map(|duration| duration.as_millis());
            assert_eq!(read, milliseconds, "{text}");
        }
    }

    #[test]
    fn moments_are_ages_or_times() {
        let now: Timestamp = "2026-01-31T12:00:00Z".parse().expect("a time");
        for (text, time) in [
            ("1h30m", Some("2026-01-31T10:30:00Z")),
            ("2026-01-31T10:00:00Z", Some("2026-01-31T10:00:00Z")),
            ("2026-01-31T10:00+02:00", Some("2026-01-31T08:00:00Z")),
            ("yesterday", None),
            ("2026-13-01", None),
        ] {
            let read = moment(text).ok().map(|moment| moment.before(now));
            assert_eq!(read, time.map(|time| time.parse().expect("a time")), "{text}");
        }
        assert!(moment("2026-01-31").is_ok() && moment("2026-01-31T10:00").is_ok());
        assert_eq!(Moment::Ago(Duration::MAX).before(now), Timestamp::MIN);
    }

    #[test]
    fn frequencies_are_times_between() {
        for (text, milliseconds) in [
            ("5/s", Some(200)),
            ("30/min", Some(2_000)),
            ("0.5/s", Some(2_000)),
            ("100/h", Some(36_000)),
            ("5", None),
            ("0/s", None),
            ("-1/s", None),
            ("inf/s", None),
            ("5/day", None),
            ("1e-9/h", None),
        ] {
            assert_eq!(frequency(text).ok().map(|pause| pause.as_millis()), milliseconds, "{text}");
        }
    }

    #[test]
    fn a_time_limit_is_some_time() {
        assert_eq!((time_limit("1ms"), time_limit("0s").is_err()), (Ok(Duration::from_millis(1)), true));
    }

    #[test]
    fn numbers_and_ports_are_in_range() {
        assert_eq!((number("1").map(NonZeroUsize::get), number("0").is_err()), (Ok(1), true));
        assert_eq!(
            (port("0"), port("65535"), port("65536").is_err(), port("abc").is_err()),
            (Ok(0), Ok(65535), true, true)
        );
    }

    #[test]
    fn sizes_have_binary_units() {
        for (text, bytes) in [
            ("65536", Some(65_536)),
            ("512KiB", Some(524_288)),
            ("1 MiB", Some(1_048_576)),
            ("1MB", None),
            ("0", None),
            ("0MiB", None),
            ("", None),
            ("99999999999999999999", None),
            ("999999999999999GiB", None),
        ] {
            assert_eq!(size(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn rates_are_fractions() {
        assert_eq!((rate("0.25"), rate("1.5").is_err(), rate("NaN").is_err()), (Ok(0.25), true, true));
    }
}
