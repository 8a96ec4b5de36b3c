//! The contact sheet: a page in the folder that shows its pictures, before and after. It needs no network and no server, and
//! what it shows is text: nothing in `pictures.json` becomes markup.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write};
use std::path::PathBuf;

use data_encoding::BASE64;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::Variant;
use super::folder::{Entry, Folder, FolderError};

const SHEET: &str = "index.html";
const STYLE: &str = include_str!("sheet/page.css");
const SCRIPT: &str = include_str!("sheet/page.js");

/// By this a page of ours is known, and others are left alone.
const GENERATOR: &str = "<meta name=\"generator\" content=\"vsai contact sheet\">";

impl Folder {
    /// Makes the contact sheet anew from the folder's description. Where somebody else's `index.html` is in the way, there
    /// is none.
    pub(crate) fn write_sheet(&self) -> Result<Option<PathBuf>, FolderError> {
        let is_foreign = |page: Vec<u8>| !page.windows(GENERATOR.len()).any(|window| window == GENERATOR.as_bytes());
        if std::fs::read(self.file(SHEET)).is_ok_and(is_foreign) {
            return Ok(None);
        }
        let page = page(&self.entries()?);
        self.replace(SHEET, page.as_bytes()).map(Some)
    }
}

/// A picture and what it was made from.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) entry: &'a Entry,
    /// File of the photo, or of the emptied room, and which of them it is.
    pub(crate) before: Option<(&'a str, &'static str)>,
}

impl<'a> Shown<'a> {
    /// What there is to look at: the best variant of each picture, photo by photo.
    pub(crate) fn of(entries: &'a [Entry]) -> Vec<Self> {
        let best = best_of_each(entries);
        best.iter().map(|entry| Self { entry, before: before(entry, &best) }).collect()
    }

    /// What the picture shows, in words.
    pub(crate) fn title(&self) -> String {
        title(self.entry)
    }
}

/// The whole page.
fn page(entries: &[Entry]) -> String {
    let all = Shown::of(entries);
    let shown: Vec<_> = all.iter().map(|shown| shown.entry).collect();
    let photos: HashSet<_> = shown.iter().map(|entry| entry.source.as_ref().unwrap_or(&entry.render)).collect();
    let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let class = if shown.len() == 1 { " class=\"one\"" } else { "" };
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n{GENERATOR}\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; \
         style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'\">\n\
         <title>{pictures}</title>\n<style>{STYLE}</style>\n\
         <header><h1>{pictures}</h1><p>of {photos}, kept by vsai in this folder</p></header>\n<main{class}>\n",
        pictures = count(shown.len(), "picture"),
        photos = count(photos.len(), "photo"),
    );
    for shown in &all {
        figure(&mut page, shown);
    }
    page + "</main>\n<script>" + SCRIPT + "</script>\n</html>\n"
}

/// The largest variant of each picture that has been saved in several, photo by photo.
fn best_of_each(entries: &[Entry]) -> Vec<&Entry> {
    let rank = |variant| match variant {
        Variant::Full => 0,
        Variant::Optimized => 1,
        Variant::Thumbnail => 2,
    };
    let mut best: Vec<_> = entries.iter().enumerate().collect();
    best.sort_by_key(|(_, entry)| rank(entry.variant));
    let mut seen = HashSet::new();
    best.retain(|(_, entry)| seen.insert((&entry.render, &entry.variation, entry.view)));
    let mut first_of_render = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        first_of_render.entry(&entry.render).or_insert(at);
    }
    best.sort_by_key(|(at, entry)| (entry.row, first_of_render.get(&entry.render).copied(), *at));
    best.into_iter().map(|(_, entry)| entry).collect()
}

/// The photo that a picture was made from: as it was sent, or else emptied.
fn before<'a>(entry: &'a Entry, best: &[&'a Entry]) -> Option<(&'a str, &'static str)> {
    if let Some(before) = &entry.before {
        return Some((before, "Before"));
    }
    let base = entry.base.as_ref()?;
    let is_base =
        |known: &&&Entry| known.render == entry.render && known.variation == *base && known.view == entry.view;
    best.iter().find(is_base).map(|known| (known.file.as_str(), "Emptied"))
}

fn figure(page: &mut String, shown: &Shown<'_>) {
    let (entry, title) = (shown.entry, shown.title());
    let (after, title) = (Address(&entry.file), Escaped(&title));
    let size = format!("width=\"{}\" height=\"{}\" loading=\"lazy\" decoding=\"async\"", entry.width, entry.height);
    let mut add = |text: fmt::Arguments<'_>| page.write_fmt(text).expect("a String takes all that is written to it");
    add(format_args!("<figure>\n<div class=\"pictures\">\n<img src=\"{after}\" {size} alt=\"{title}\">\n"));
    if let Some((before, label)) = shown.before {
        let before = Address(before);
        add(format_args!(
            "<span class=\"label\">After</span>\n\
             <div class=\"before\"><img src=\"{before}\" {size} alt=\"{label}\"><span class=\"label\">{label}</span></div>\n\
             <div class=\"divider\"></div>\n\
             <input type=\"range\" min=\"0\" max=\"100\" step=\"1\" value=\"50\" \
             aria-label=\"{title}: share that shows the photo before\">\n"
        ));
    }
    add(format_args!("</div>\n<figcaption><strong>{title}</strong>\n"));
    if let Some(source) = &entry.source {
        add(format_args!("<span>{}</span>\n", Escaped(source)));
    }
    add(format_args!("<span>{}\u{a0}× {}, {} KiB", entry.width, entry.height, entry.bytes.div_ceil(1024)));
    if entry.variant != Variant::Full {
        add(format_args!(", {}", entry.variant));
    }
    add(format_args!(" · <a href=\"{after}\">open</a></span>\n"));
    add(format_args!("<span><code>{} / {}</code></span>\n", Escaped(&entry.render), Escaped(&entry.variation)));
    add(format_args!("</figcaption>\n</figure>\n"));
}

/// What a picture shows, in words.
fn title(entry: &Entry) -> String {
    let words = |text: &str| text.replace('_', " ");
    let kind = match entry.kind.as_deref() {
        Some("removal") => Some("emptied".to_owned()),
        Some("daytodusk") => Some("day to dusk".to_owned()),
        Some("staging") if entry.room.is_some() || entry.style.is_some() => None,
        kind => kind.map(words),
    };
    let view = (entry.view > 1).then(|| format!("view {}", entry.view));
    let parts = [entry.room.as_deref().map(words), entry.style.as_deref().map(words), kind, view];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut letters = text.chars();
    letters.next().map_or("Picture".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// Text that markup shows as it is.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A file beside the page.
struct Address<'a>(&'a str);

/// All but the characters that names of ours have.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "./{}", utf8_percent_encode(self.0, RESERVED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(variation: &str) -> Entry {
        Entry {
            render: "r1".into(),
            variation: variation.into(),
            view: 1,
            file: format!("{variation}.jpg"),
            ..Entry::default()
        }
    }

    #[test]
    fn nothing_that_is_shown_becomes_markup() {
        let hostile = "<script>alert(1)</script>\"'&";
        let texts = Some(hostile.to_owned());
        let entry = Entry {
            render: hostile.into(),
            file: "a\"b<c>#?%2e.jpg".into(),
            before: Some("\"onerror=x".into()),
            kind: texts.clone(),
            source: texts.clone(),
            room: texts.clone(),
            style: texts,
            ..entry(hostile)
        };
        let page = page(&[entry]);
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.contains("src=\"./a%22b%3Cc%3E%23%3F%252e.jpg\"") && page.contains("src=\"./%22onerror%3Dx\""));
        assert!(!page.contains("alert(1)\"") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    }

    #[test]
    fn the_page_allows_itself_and_the_folder_and_nothing_else() {
        let page = page(&[entry("v1")]);
        for outside in ["http:", "https:", "url(", "@import", "//"] {
            assert!(!page.replace("http-equiv", "").contains(outside), "{outside}");
        }
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn a_picture_saved_in_several_variants_is_shown_once_and_in_full() {
        let thumbnail = Entry { variant: Variant::Thumbnail, file: "small.jpg".into(), ..entry("v1") };
        let second_view = Entry { view: 2, file: "second.jpg".into(), ..entry("v1") };
        let page = page(&[thumbnail, entry("v1"), second_view]);
        assert_eq!(page.matches("<figure>").count(), 2);
        assert!(page.contains("v1.jpg") && page.contains("second.jpg") && !page.contains("small.jpg"));
    }

    #[test]
    fn what_a_picture_was_made_from_is_the_photo_or_the_emptied_room() {
        let photo = Entry { before: Some("photo.jpg".into()), base: Some("v2".into()), ..entry("v1") };
        let emptied = Entry { kind: Some("removal".into()), ..entry("v2") };
        let staged = Entry { base: Some("v2".into()), ..entry("v3") };
        let elsewhere = Entry { render: "r2".into(), ..staged.clone() };
        let shown = [&photo, &emptied, &staged, &elsewhere];
        let expected = [Some(("photo.jpg", "Before")), None, Some(("v2.jpg", "Emptied")), None];
        assert_eq!(shown.map(|entry| before(entry, &shown)), expected);
        let entries = shown.map(Clone::clone);
        assert_eq!(page(&entries).matches("type=\"range\"").count(), 2);
    }

    #[test]
    fn a_title_says_what_is_to_be_seen() {
        for (kind, room, style, view, title) in [
            (Some("staging"), Some("home_office"), Some("modern"), 1, "Home office, modern"),
            (Some("staging"), None, None, 2, "Staging, view 2"),
            (Some("removal"), None, None, 1, "Emptied"),
            (None, None, None, 1, "Picture"),
        ] {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let entry = Entry { kind: own(kind), room: own(room), style: own(style), view, ..entry("v") };
            assert_eq!(super::title(&entry), title);
        }
    }

    #[test]
    fn somebody_elses_page_is_left_alone() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(place.path()).expect("opened");
        let path = place.path().join(SHEET);
        assert_eq!(folder.write_sheet().expect("written"), Some(path.clone()));
        assert_eq!(folder.write_sheet().expect("written anew"), Some(path.clone()));
        std::fs::write(&path, "<title>my site</title>").expect("written");
        assert_eq!(folder.write_sheet().expect("left"), None);
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "<title>my site</title>");
    }
}
