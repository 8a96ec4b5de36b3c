//! JSON payloads that no two runs have in common: odd white space, escapes, numbers and keys.

const STRINGS: &[&str] = &[
    "a",
    "Ω",
    "家具",
    "🛋️",
    "e\u{301}",
    "\u{2028}",
    "\u{7f}",
    "\u{9b}",
    "\u{feff}",
    "\u{202e}",
    "\u{ffff}",
    "\\u0000",
    "\\u001F",
    "\\n",
    "\\/",
    "/",
    "\\\"",
    "\\\\",
    "\\u00e9",
    "\\u00E9",
    "\\ud83d\\udecb",
    "\\uD83D",
    "\\udc00",
    "\\u2028",
    "<",
    "&amp;",
    "'",
    " ",
];
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-0.0",
    "1.0",
    "1e0",
    "1E+2",
    "1e21",
    "123456789012345680000",
    "1e-7",
    "0.000001",
    "5e-324",
    "2e-324",
    "1e400",
    "-1e400",
    "9007199254740993",
    "0.1",
    "4.35",
    "1.7976931348623157e308",
    "100000000000000000000000",
];
const KEYS: &[&str] = &[
    "a",
    "b",
    "",
    "1",
    "02",
    "10",
    "2",
    "-1",
    "4294967294",
    "4294967295",
    "1.5",
    "__proto__",
    "constructor",
    "\\u0061",
    "é",
];

/// An event of a random type with random members.
pub(crate) fn payload() -> String {
    let mut rng = fastrand::Rng::new();
    let mut members: Vec<_> = (0..rng.usize(0..6)).map(|_| member(&mut rng, 4)).collect();
    members.insert(rng.usize(0..=members.len()), format!("\"event_type\":{}", string(&mut rng)));
    let text = object(&mut rng, &members);
    let text = if rng.bool() { text } else { format!("[{text}]") };
    let mark = if rng.u8(..) < 32 { "\u{feff}" } else { "" };
    format!("{mark}{}{text}{}", space(&mut rng), space(&mut rng))
}

fn value(rng: &mut fastrand::Rng, depth: usize) -> String {
    let inner = |rng: &mut fastrand::Rng| rng.usize(0..4);
    match rng.u8(0..if depth == 0 { 4 } else { 8 }) {
        0 => string(rng),
        1 => pick(rng, NUMBERS).to_owned(),
        2 => format!("{}{}e{}", rng.i32(..), ["", ".5", ".0625"][rng.usize(0..3)], rng.i32(-330..320)),
        3 => pick(rng, &["null", "true", "false"]).to_owned(),
        4 | 5 => {
            let members: Vec<_> = (0..inner(rng)).map(|_| member(rng, depth - 1)).collect();
            object(rng, &members)
        }
        _ => {
            let items: Vec<_> = (0..inner(rng)).map(|_| value(rng, depth - 1)).collect();
            format!("[{}{}]", space(rng), items.join(&format!("{},{}", space(rng), space(rng))))
        }
    }
}

fn member(rng: &mut fastrand::Rng, depth: usize) -> String {
    format!("\"{}\"{}:{}{}", pick(rng, KEYS), space(rng), space(rng), value(rng, depth))
}

fn object(rng: &mut fastrand::Rng, members: &[String]) -> String {
    format!("{{{}{}{}}}", space(rng), members.join(&format!("{},{}", space(rng), space(rng))), space(rng))
}

fn string(rng: &mut fastrand::Rng) -> String {
    let pieces: String = (0..rng.usize(0..6)).map(|_| pick(rng, STRINGS)).collect();
    format!("\"{pieces}\"")
}

fn space(rng: &mut fastrand::Rng) -> &'static str {
    pick(rng, &["", "", "", " ", "\n", "\r\n", "\t  "])
}

fn pick<'a>(rng: &mut fastrand::Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(0..from.len())]
}
