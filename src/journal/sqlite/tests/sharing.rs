//! Several writers and readers on one file.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_reader_sees_what_another_has_appended() {
    let folder = Folder::new();
    let (one, other) = (folder.open(), folder.open());
    let first = append(&one, done("1", at(0), 0)).await.expect("appended").position;
    one.grown_past(Position::START).await.expect("its own");
    let waiting = tokio::spawn({
        let other = other.clone();
        async move { other.grown_past(first).await }
    });
    let patience = Duration::from_secs(20);
    assert!(!waiting.is_finished());
    append(&one, done("2", at(0), 0)).await.expect("appended");
    tokio::time::timeout(patience, waiting).await.expect("noticed").expect("no panic").expect("read");
    assert_eq!(names(&other).await, names(&one).await);
}

#[tokio::test]
async fn two_writers_agree_on_which_delivery_was_first() {
    let folder = Folder::new();
    let journals = [folder.open(), folder.open()];
    let mut appends = tokio::task::JoinSet::new();
    for number in 0..200 {
        for journal in journals.clone() {
            appends.spawn(async move { append(&journal, done(&number.to_string(), at(0), 0)).await });
        }
    }
    let mut first = 0;
    while let Some(appended) = appends.join_next().await {
        first += u32::from(!appended.expect("no panic").expect("appended").record.is_duplicate());
    }
    assert_eq!((first, all(&journals[0]).await.len()), (200, 400));
}

#[tokio::test]
async fn the_log_beside_the_file_stays_small_under_a_reader_that_follows() {
    let folder = Folder::new();
    let (writer, reader) = (folder.open(), folder.open());
    let total = 4_000;
    let follow = tokio::spawn(async move {
        let (mut position, mut seen) = (Position::START, 0);
        while seen < total {
            reader.grown_past(position).await.expect("read");
            let page = reader.read(Page::After(position), Selection::default(), 100).await.expect("read");
            seen += page.len();
            position = page.last().map_or(position, |last| last.position);
        }
        reader.close().await;
    });
    let mut largest = 0;
    for batch in 0..total / 20 {
        let entries = (0..20).map(|number| delivery(done(&format!("{batch}-{number}"), at(0), 10_000)));
        writer.append(entries.collect()).await.expect("appended");
        largest = largest.max(fs::metadata(folder.wal()).expect("there").len());
    }
    follow.await.expect("all was seen");
    writer.close().await;
    let kept = fs::metadata(folder.path()).expect("there").len();
    assert!(kept > 40 << 20 && largest < 24 << 20, "{largest} bytes of log for {kept} bytes of events");
    assert!(!folder.wal().exists(), "it ends with no side files");
}
