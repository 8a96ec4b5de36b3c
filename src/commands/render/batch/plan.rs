//! What a batch is going to do and to cost, before anything is paid.

use serde::{Serialize, Serializer};

use super::engine::Standing;
use super::row::Row;
use crate::error::{Error, Kind};
use crate::output::{Meaning, Report, Text, counted};
use crate::protocol::render::{Account, PhotoCount};

/// The rows and what is going to be done about each.
#[derive(Debug, Serialize)]
pub(super) struct Plan<'a> {
    /// Photos that will be paid for.
    photos: u64,
    /// Rows that are paid for and go on.
    begun: u64,
    /// Rows whose pictures are there.
    done: u64,
    /// Rows that repeat an earlier one.
    repeated: u64,
    /// Rows past --max-photos.
    left_out: u64,
    /// Variations of the photos that will be paid for.
    variations: u64,
    /// Rows that will be paid for, though their photo was paid for with other settings.
    paid_otherwise: u64,
    quota: Quota,
    #[serde(rename = "rows")]
    pub(super) items: Vec<Item<'a>>,
}

/// A row and what is going to be done about it.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) row: &'a Row,
    pub(super) fate: Fate,
}

/// What is going to be done about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fate {
    /// It costs a photo.
    Pay,
    /// It is paid for and goes on.
    GoOn,
    /// Its pictures are there.
    Done,
    /// An earlier row asks for the same.
    Repeated,
    /// It is past --max-photos.
    LeftOut,
}

/// Photos of the account.
#[derive(Debug, Default, Serialize)]
pub(super) struct Quota {
    used: Option<PhotoCount>,
    limit: Option<PhotoCount>,
}

impl<'a> Plan<'a> {
    /// Pays for rows from the first one on, for `max_photos` at most. `standings` has one for each row.
    pub(super) fn new(rows: &'a [Row], standings: &[Standing], max_photos: Option<u32>) -> Self {
        let mut plan = Self {
            photos: 0,
            begun: 0,
            done: 0,
            repeated: 0,
            left_out: 0,
            variations: 0,
            paid_otherwise: 0,
            quota: Quota::default(),
            items: Vec::new(),
        };
        for (row, standing) in rows.iter().zip(standings) {
            let fate = if row.same_as.is_some() { Fate::Repeated } else { plan.fate(*standing, max_photos) };
            let number = match fate {
                Fate::Pay => {
                    plan.variations += row.wanted.count();
                    plan.paid_otherwise += u64::from(*standing == Standing::NewOfPaidPhoto);
                    &mut plan.photos
                }
                Fate::GoOn => &mut plan.begun,
                Fate::Done => &mut plan.done,
                Fate::Repeated => &mut plan.repeated,
                Fate::LeftOut => &mut plan.left_out,
            };
            *number += 1;
            plan.items.push(Item { row, fate });
        }
        plan
    }

    fn fate(&self, standing: Standing, max_photos: Option<u32>) -> Fate {
        match standing {
            Standing::New | Standing::NewOfPaidPhoto => match max_photos {
                Some(most) if self.photos >= u64::from(most) => Fate::LeftOut,
                _ => Fate::Pay,
            },
            Standing::Begun => Fate::GoOn,
            Standing::Done => Fate::Done,
        }
    }

    pub(super) fn photos(&self) -> u64 {
        self.photos
    }

    /// Notes what the account has left.
    pub(super) fn with_quota(&mut self, account: &Account) {
        let (used, limit) = (&account.photos_used_this_period.staging, &account.photo_limit.staging);
        self.quota = Quota { used: used.clone(), limit: limit.clone() };
    }

    /// Refuses what the account cannot pay for; `vsai` is the program as the user has to call it again.
    pub(super) fn check_quota(&self, vsai: &str) -> Result<(), Error> {
        let Some(left) = self.quota.left().filter(|left| *left < self.photos) else { return Ok(()) };
        let photos = photos(self.photos);
        let error = Error::new(Kind::Quota, format!("{photos} would be paid for, but the account has {left} left"));
        Err(match left {
            0 => error.hint(format!("{vsai} whoami shows photos used and allowed")),
            left => error.hint(format!("--max-photos {left} pays for the first {left}")),
        })
    }

    /// The plan in a few lines.
    pub(super) fn overview(&self) -> Text {
        let mut text = Text::new();
        let rows = counted(self.items.len() as u64, "row");
        text.plain(format!("{rows}: {} to be paid for", photos(self.photos)));
        if self.photos > 0 {
            text.plain(format!(", with {}", counted(self.variations, "variation")));
        }
        for (number, what) in [
            (self.done, "done already"),
            (self.begun, "begun already"),
            (self.repeated, "the same as an earlier row, which costs once"),
            (self.left_out, "left out by --max-photos"),
            (
                self.paid_otherwise,
                "with a photo that was paid for before, with other settings: render add makes more for nothing",
            ),
        ] {
            if number > 0 {
                text.end_line().plain(format!("  {number} {what}"));
            }
        }
        if let Some(quota) = self.quota.words() {
            text.end_line().plain(format!("  quota: {quota}"));
        }
        text
    }
}

/// A number of photos in words.
pub(super) fn photos(number: u64) -> String {
    counted(number, "photo")
}

impl Quota {
    /// Photos that are left, where that is known and limited.
    fn left(&self) -> Option<u64> {
        match (&self.limit, &self.used) {
            (Some(PhotoCount::Number(limit)), Some(PhotoCount::Number(used))) => Some(limit.saturating_sub(*used)),
            _ => None,
        }
    }

    fn words(&self) -> Option<String> {
        match (&self.limit, self.left()) {
            (Some(PhotoCount::Unlimited), _) => Some("no limit".to_owned()),
            (Some(limit), Some(left)) => Some(format!("{left} of {limit} photos left")),
            _ => None,
        }
    }
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Members<'a> {
            row: u64,
            image: &'a str,
            name: Option<&'a str>,
            room: Option<&'a str>,
            styles: Vec<&'a str>,
            variations: u64,
            plan: Fate,
        }
        let Row { place, label, name, wanted, .. } = self.row;
        let members = Members {
            row: place.row,
            image: label,
            name: name.as_deref(),
            room: wanted.room(),
            styles: wanted.styles(),
            variations: wanted.count(),
            plan: self.fate,
        };
        members.serialize(serializer)
    }
}

impl Report for Plan<'_> {
    const KIND: &'static str = "plan";

    fn human(&self) -> Text {
        let mut text = Text::new();
        for Item { row, fate } in &self.items {
            let what = match fate {
                Fate::Pay => (Meaning::Plain, "1 photo".to_owned()),
                Fate::GoOn => (Meaning::Dim, "begun already".to_owned()),
                Fate::Done => (Meaning::Success, "done already".to_owned()),
                Fate::Repeated => {
                    let earlier = row.same_as.and_then(|at| self.items.get(at));
                    (Meaning::Dim, earlier.map_or(String::new(), |earlier| format!("as {}", earlier.row.place)))
                }
                Fate::LeftOut => (Meaning::Warning, "left out".to_owned()),
            };
            text.add(Meaning::Identifier, row.title()).plain("  ");
            text.add(Meaning::Dim, row.wanted.in_words()).plain("  ");
            text.add(what.0, what.1).end_line();
        }
        text
    }
}
