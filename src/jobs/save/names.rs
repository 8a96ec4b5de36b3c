//! Names of saved pictures: from a template, and never anything that could leave its folder or hide there.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::folder::Entry;

/// Bytes of a name without its extension. The shortest limit of a file system in use is 143.
const LONGEST: usize = 120;

/// Digits of the digest that stands for what was cut off.
const DIGEST_DIGITS: usize = 10;

/// What a name is made of: text and tokens such as `{variation}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Token(Token),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Render,
    Variation,
    Number,
    View,
    Kind,
    Source,
    Room,
    Style,
    Row,
    Variant,
}

const TOKENS: [(&str, Token); 10] = [
    ("render", Token::Render),
    ("variation", Token::Variation),
    ("n", Token::Number),
    ("view", Token::View),
    ("kind", Token::Kind),
    ("source", Token::Source),
    ("room", Token::Room),
    ("style", Token::Style),
    ("row", Token::Row),
    ("variant", Token::Variant),
];

/// A template that makes no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error("there is no {{{0}}}; known: {known}", known = known())]
    Unknown(String),
    #[error("a {{ has no }}, or the other way round")]
    Unbalanced,
    #[error("a name holds letters, digits and ._- beside its tokens, not {0:?}")]
    Character(char),
    #[error("all names would be equal without one of {known}", known = known())]
    NoToken,
}

fn known() -> String {
    TOKENS.map(|(name, _)| format!("{{{name}}}")).join(" ")
}

impl Template {
    /// The name where no other is asked for. It holds the variation, so that no two are equal.
    pub(crate) const DEFAULT: &'static str = "{source}-{kind}-{variation}";

    /// The name of a picture, without extension. Where the template does not tell views or variants apart and there are
    /// several, they are told apart all the same.
    pub(crate) fn name(&self, of: &Entry, number: usize, several_views: bool) -> String {
        let mut whole = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => whole.push_str(text),
                Piece::Token(token) => whole.push_str(&token.value(of, number)),
            }
        }
        let lacks = |token| !self.0.contains(&Piece::Token(token));
        if several_views && lacks(Token::View) {
            whole += &format!("-{}", of.view);
        }
        if of.variant != super::Variant::Full && lacks(Token::Variant) {
            whole += &format!("-{}", of.variant);
        }
        bounded(&whole, of)
    }
}

/// As it is written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Token(token) => {
                let name = TOKENS.iter().find(|(_, known)| known == token).map(|(name, _)| name);
                write!(f, "{{{}}}", name.expect("each token has a name"))
            }
        })
    }
}

impl Default for Template {
    fn default() -> Self {
        Self::DEFAULT.parse().expect("a test parses it")
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(['{', '}']).unwrap_or(rest.len());
            if let Some(foreign) = rest[..end].chars().find(|c| !is_plain(*c)) {
                return Err(TemplateError::Character(foreign));
            }
            pieces.extend((end > 0).then(|| Piece::Text(rest[..end].to_owned())));
            rest = &rest[end..];
            if let Some(after) = rest.strip_prefix('{') {
                let (name, after) = after.split_once('}').ok_or(TemplateError::Unbalanced)?;
                let token = TOKENS.iter().find(|(known, _)| *known == name);
                let (_, token) = token.ok_or_else(|| TemplateError::Unknown(name.to_owned()))?;
                pieces.push(Piece::Token(*token));
                rest = after;
            } else if !rest.is_empty() {
                return Err(TemplateError::Unbalanced);
            }
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Token(_))) {
            return Err(TemplateError::NoToken);
        }
        Ok(Self(pieces))
    }
}

impl Token {
    fn value(self, of: &Entry, number: usize) -> String {
        let known = |value: &Option<String>| value.clone().unwrap_or_default();
        match self {
            Self::Render => of.render.clone(),
            Self::Variation => of.variation.clone(),
            Self::Number => number.to_string(),
            Self::View => of.view.to_string(),
            Self::Kind => known(&of.kind),
            Self::Source => of.source.as_deref().map(without_extension).unwrap_or_default().to_owned(),
            Self::Room => known(&of.room),
            Self::Style => known(&of.style),
            Self::Row => of.row.map(|row| row.to_string()).unwrap_or_default(),
            Self::Variant => of.variant.to_string(),
        }
    }
}

/// What a file is called, without `.jpg` and the like.
pub(super) fn without_extension(source: &str) -> &str {
    match source.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 4 => stem,
        _ => source,
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// `whole` in plain characters, neither hidden nor taken for an option, and no longer than a file system takes.
fn bounded(whole: &str, of: &Entry) -> String {
    let mut plain = String::new();
    for c in whole.chars().map(|c| if is_plain(c) { c } else { '-' }) {
        if c != '-' || !plain.ends_with('-') {
            plain.push(c);
        }
    }
    let plain = plain.trim_matches(['.', '-', '_']);
    if plain.is_empty() {
        return format!("picture-{}", digest(&format!("{}\n{}", of.variation, of.view)));
    }
    if plain.len() <= LONGEST {
        return plain.to_owned();
    }
    format!("{}-{}", &plain[..LONGEST - DIGEST_DIGITS - 1], digest(whole))
}

fn digest(text: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(text));
    digits.truncate(DIGEST_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::super::Variant;
    use super::*;

    fn entry() -> Entry {
        Entry {
            render: "rnd_1".into(),
            variation: "var_A".into(),
            view: 2,
            kind: Some("staging".into()),
            source: Some("Living room.front.JPG".into()),
            room: Some("living".into()),
            row: Some(7),
            ..Entry::default()
        }
    }

    fn name(template: &str, entry: &Entry) -> String {
        template.parse::<Template>().expect("a template").name(entry, 3, false)
    }

    #[test]
    fn each_token_stands_for_what_it_says() {
        for (template, expected) in [
            (Template::DEFAULT, "Living-room.front-staging-var_A"),
            ("{render}_{n}_{view}", "rnd_1_3_2"),
            ("{row}-{room}-{style}-{variant}", "7-living-full"),
            ("{style}{variation}", "var_A"),
            ("x.{kind}", "x.staging"),
        ] {
            assert_eq!(name(template, &entry()), expected, "{template}");
        }
        assert_eq!(Template::default().to_string(), Template::DEFAULT);
        assert_eq!(Template::default().name(&Entry { source: None, ..entry() }, 1, false), "staging-var_A");
    }

    #[test]
    fn views_and_variants_are_told_apart_in_any_case() {
        let thumbnail = Entry { variant: Variant::Thumbnail, ..entry() };
        let template: Template = "{variation}".parse().expect("a template");
        assert_eq!(template.name(&thumbnail, 1, true), "var_A-2-thumbnail");
        let template: Template = "{view}{variant}{variation}".parse().expect("a template");
        assert_eq!(template.name(&thumbnail, 1, true), "2thumbnailvar_A");
    }

    #[test]
    fn no_name_leaves_its_folder_hides_or_is_an_option() {
        let name = |variation: &str| name("{variation}", &Entry { variation: variation.into(), ..Entry::default() });
        for (hostile, expected) in [
            ("../../etc/passwd", "etc-passwd"),
            (".hidden", "hidden"),
            ("-rf", "rf"),
            ("a\\b\0c\n\u{202e}d", "a-b-c-d"),
            ("C:\\x", "C-x"),
        ] {
            assert_eq!(name(hostile), expected);
        }
        for nameless in ["..", "日本", ""] {
            assert!(name(nameless).starts_with("picture-") && name(nameless).len() == 18, "{}", name(nameless));
        }
        assert_ne!(name("日本"), name("東京"));
    }

    #[test]
    fn a_long_name_is_cut_and_stays_one_of_its_own() {
        let long = |end: &str| name("{variation}", &Entry { variation: "v".repeat(500) + end, ..Entry::default() });
        assert_eq!(long("a").len(), LONGEST);
        assert_ne!(long("a"), long("b"));
        assert_eq!(
            name("{variation}", &Entry { variation: "v".repeat(LONGEST), ..Entry::default() }),
            "v".repeat(LONGEST)
        );
    }

    #[test]
    fn templates_that_make_no_name_are_refused() {
        for (template, error) in [
            ("{id}", TemplateError::Unknown("id".into())),
            ("{variation", TemplateError::Unbalanced),
            ("variation}", TemplateError::Unbalanced),
            ("{{variation}}", TemplateError::Unknown("{variation".into())),
            ("a/{variation}", TemplateError::Character('/')),
            ("{variation} 1", TemplateError::Character(' ')),
            ("room", TemplateError::NoToken),
            ("", TemplateError::NoToken),
        ] {
            assert_eq!(template.parse::<Template>(), Err(error), "{template}");
        }
        let said = "{id}".parse::<Template>().expect_err("refused").to_string();
        assert!(said.starts_with("there is no {id}; known: {render} {variation} {n}"), "{said}");
    }
}
