//! What is acknowledged is never lost: kills, syncs, and disks that are full.

mod crash;
mod full;
mod killed;
mod shared;
mod synced;

use std::collections::BTreeMap;

use crate::home::Home;
use crate::listening::records;

/// How many deliveries, and how many that are no duplicates, the journal has of each variation.
fn kept(home: &Home, arguments: &str) -> BTreeMap<String, (usize, usize)> {
    let mut kept = BTreeMap::new();
    for record in records(&home.stdout(&format!("events list --all --json {arguments}"))) {
        let id = record["variation_id"].as_str().expect("a text").to_owned();
        let counts: &mut (usize, usize) = kept.entry(id).or_default();
        counts.0 += 1;
        counts.1 += usize::from(record["duplicate"] == false);
    }
    kept
}
