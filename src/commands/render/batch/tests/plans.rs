//! What a plan costs, what the account can pay for, and what is told of it.

use serde_json::json;

use super::super::engine::Standing;
use super::super::plan::{Fate, Plan};
use super::*;
use crate::output::json_record;

fn standing(row: &Row) -> Standing {
    match row.label.rsplit('/').next() {
        Some("done") => Standing::Done,
        Some("begun") => Standing::Begun,
        Some("3") => Standing::NewOfPaidPhoto,
        _ => Standing::New,
    }
}

fn plan(rows: &[Row], max_photos: Option<u32>) -> Plan<'_> {
    Plan::new(rows, &rows.iter().map(standing).collect::<Vec<_>>(), max_photos)
}

#[test]
fn only_new_rows_cost_a_photo_and_only_once() {
    let rows = rows_of(&["1", "done", "1", "begun", "2", "3"]);
    let fates = |plan: &Plan<'_>| plan.items.iter().map(|item| item.fate).collect::<Vec<_>>();
    let whole = plan(&rows, None);
    assert_eq!(fates(&whole), [Fate::Pay, Fate::Done, Fate::Repeated, Fate::GoOn, Fate::Pay, Fate::Pay]);
    assert_eq!(whole.photos(), 3);
    let bounded = plan(&rows, Some(2));
    assert_eq!(fates(&bounded), [Fate::Pay, Fate::Done, Fate::Repeated, Fate::GoOn, Fate::Pay, Fate::LeftOut]);
    assert_eq!(bounded.photos(), 2);
    let record: serde_json::Value = serde_json::from_str(&json_record(&bounded)).expect("JSON");
    assert_eq!((&record["variations"], &record["paid_otherwise"]), (&4.into(), &0.into()));
    let record: serde_json::Value = serde_json::from_str(&json_record(&whole)).expect("JSON");
    assert_eq!((&record["variations"], &record["paid_otherwise"]), (&6.into(), &1.into()));
    let first = json!({"row": 1, "image": "a.example/1", "name": null, "room": "living", "styles": ["modern"], "variations": 2, "plan": "pay"});
    assert_eq!(record["rows"][0], first);
}

#[test]
fn what_the_account_cannot_pay_for_is_refused() {
    let rows = rows_of(&["1", "2", "done"]);
    let refused = |max_photos, account: serde_json::Value| {
        let mut plan = plan(&rows, max_photos);
        plan.with_quota(&serde_json::from_value(account).expect("an account"));
        plan.check_quota("vsai -p shop").err().map(|error| (error.message, error.hint.expect("a hint")))
    };
    let account = |used: u64| json!({"photoLimit": {"staging": 10}, "photosUsedThisPeriod": {"staging": used}});
    assert_eq!(refused(None, account(8)), None);
    assert_eq!(
        refused(None, account(9)),
        Some((
            "2 photos would be paid for, but the account has 1 left".into(),
            "--max-photos 1 pays for the first 1".into()
        ))
    );
    assert_eq!(refused(Some(1), account(9)), None);
    let (message, hint) = refused(Some(1), account(11)).expect("refused");
    assert_eq!(message, "1 photo would be paid for, but the account has 0 left");
    assert_eq!(hint, "vsai -p shop whoami shows photos used and allowed");
    assert_eq!(
        refused(None, json!({"photoLimit": {"staging": "UNLIMITED"}, "photosUsedThisPeriod": {"staging": 9}})),
        None
    );
    assert_eq!(refused(None, json!({})), None);
}
