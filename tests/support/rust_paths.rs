//! The paths that Rust sources name (`crate::a::b`, `std::fs`, `println!`), test code left out. A scanner of tokens, not a
//! compiler: it knows `use` trees, `self`, `super`, modules in braces, comments and literals, and no macros or types.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file as far as its rules need it.
pub(crate) struct Source {
    /// Below `src/`.
    pub(crate) file: PathBuf,
    /// `["client", "api"]` for `client/api.rs`; empty for `lib.rs`.
    pub(crate) module: Vec<String>,
    /// Whole paths: `self` and `super` are resolved, `use` trees taken apart. Macros end in `!`.
    pub(crate) paths: Vec<String>,
}

/// Reads every Rust source below a folder.
pub(crate) fn sources_below(folder: &Path) -> Vec<Source> {
    fn collect(folder: &Path, root: &Path, sources: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                collect(&entry, root, sources);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let file = entry.strip_prefix(root).expect("below its root");
                sources.push(Source::read(file, &fs::read_to_string(&entry).expect("a text")));
            }
        }
    }
    let mut sources = Vec::new();
    collect(folder, folder, &mut sources);
    sources
}

impl Source {
    /// Reads the text of one file.
    pub(crate) fn read(file: &Path, text: &str) -> Self {
        let mut module: Vec<String> =
            file.with_extension("").iter().map(|part| part.to_str().expect("UTF-8").to_owned()).collect();
        let is_test = module.iter().any(|part| part == "tests");
        if module.last().is_some_and(|last| last == "mod" || last == "lib") {
            module.pop();
        }
        let tokens = if is_test { Vec::new() } else { tokens(text) };
        let mut scan =
            Scan { tokens: &tokens, at: 0, depth: 0, module: module.clone(), opened: Vec::new(), paths: Vec::new() };
        scan.run();
        let paths = scan.paths;
        Self { file: file.to_owned(), module, paths }
    }
}

struct Scan<'a> {
    tokens: &'a [String],
    at: usize,
    depth: usize,
    /// The file's module and the modules in braces that are open.
    module: Vec<String>,
    /// Depths at which a module in braces was opened.
    opened: Vec<usize>,
    paths: Vec<String>,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(token) = self.tokens.get(self.at) {
            match token.as_str() {
                "#" if self.starts_test_code() => self.skip_item(),
                "mod" if self.peek(2) == "{" => {
                    self.module.push(self.peek(1).to_owned());
                    self.opened.push(self.depth);
                    self.depth += 1;
                    self.at += 3;
                }
                "{" => {
                    self.depth += 1;
                    self.at += 1;
                }
                "}" => {
                    self.depth -= 1;
                    self.at += 1;
                    if self.opened.last() == Some(&self.depth) {
                        self.opened.pop();
                        self.module.pop();
                    }
                }
                "use" => {
                    self.at += 1;
                    self.use_tree(&[]);
                }
                // A method or field is no path.
                "." => self.at += 2,
                token if is_name(token) || token == "::" => self.path(),
                _ => self.at += 1,
            }
        }
    }

    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", String::as_str)
    }

    /// Whether an attribute that begins here is `#[cfg(test)]`.
    fn starts_test_code(&self) -> bool {
        ["#", "[", "cfg", "(", "test", ")", "]"].iter().enumerate().all(|(ahead, token)| self.peek(ahead) == *token)
    }

    /// Passes over attributes and the item after them: to its `;`, its closing brace, or the comma of a member.
    fn skip_item(&mut self) {
        let mut nested = 0;
        let mut is_use = false;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token.as_str() {
                "use" => is_use = true,
                "(" | "[" | "{" => nested += 1,
                ")" | "]" => nested -= 1,
                "}" => {
                    nested -= 1;
                    if nested == 0 && !is_use {
                        return;
                    }
                }
                ";" | "," if nested == 0 => return,
                _ => {}
            }
        }
    }

    /// A path in an expression, a type or an attribute.
    fn path(&mut self) {
        let mut parts = Vec::new();
        loop {
            if self.peek(0) == "::" {
                self.at += 1;
            }
            if !is_name(self.peek(0)) {
                break;
            }
            parts.push(self.peek(0).to_owned());
            self.at += 1;
            if self.peek(0) != "::" {
                break;
            }
        }
        if self.peek(0) == "!"
            && self.peek(1) != "="
            && let Some(last) = parts.last_mut()
        {
            last.push('!');
        }
        self.add(&parts);
    }

    /// One branch of a `use`, which begins after `prefix`.
    fn use_tree(&mut self, prefix: &[String]) {
        let mut parts = prefix.to_vec();
        loop {
            match self.peek(0) {
                "::" => self.at += 1,
                "as" => self.at += 2,
                "{" => {
                    self.at += 1;
                    while !matches!(self.peek(0), "}" | "") {
                        self.use_tree(&parts);
                        self.at += usize::from(self.peek(0) == ",");
                    }
                    self.at += 1;
                    return;
                }
                "," | "}" | ";" | "" => break,
                part => {
                    parts.push(part.to_owned());
                    self.at += 1;
                }
            }
        }
        self.add(&parts);
    }

    fn add(&mut self, parts: &[String]) {
        let mut parts = parts.to_vec();
        if parts.len() > 1 && parts.last().is_some_and(|last| last == "self") {
            parts.pop();
        }
        if parts.len() > 1 && matches!(parts[0].as_str(), "self" | "super") {
            let mut module = self.module.clone();
            while parts.first().is_some_and(|first| first == "super") {
                module.pop();
                parts.remove(0);
            }
            if parts.first().is_some_and(|first| first == "self") {
                parts.remove(0);
            }
            parts = [vec!["crate".to_owned()], module, parts].concat();
        }
        if !parts.is_empty() {
            self.paths.push(parts.join("::"));
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single characters; comments, literals and lifetimes are left out.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = literal(rest, name) {
            length
        } else if name > 0 {
            tokens.push(rest[..name].to_owned());
            name
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let step = match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of the string, character or lifetime that begins here; `name` is the length of the word in front.
fn literal(text: &str, name: usize) -> Option<usize> {
    let (word, after) = text.split_at(name);
    if let Some(hashes) = raw_string(word, after) {
        let end = format!("\"{}", "#".repeat(hashes));
        let begin = name + hashes + 1;
        return Some(text[begin..].find(&end).map_or(text.len(), |found| begin + found + end.len()));
    }
    if after.starts_with('"') && matches!(word, "" | "b" | "c") {
        return Some(name + quoted(after, '"'));
    }
    if after.starts_with('\'') && matches!(word, "" | "b") {
        let mut characters = after.chars().skip(1);
        let is_character = matches!((characters.next(), characters.next()), (Some('\\'), _) | (_, Some('\'')));
        let lifetime = 1 + after[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len() - 1);
        return Some(name + if is_character { quoted(after, '\'') } else { lifetime });
    }
    None
}

/// How many `#` a raw string has, if one begins here.
fn raw_string(word: &str, after: &str) -> Option<usize> {
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    (matches!(word, "r" | "br" | "cr") && after[hashes..].starts_with('"')).then_some(hashes)
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
