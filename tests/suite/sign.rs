//! `vsai sign`.

use snapbox::str;

use super::Home;

fn home() -> Home {
    let home = Home::new();
    home.file("secret", "test-secret\n");
    home.file("event.json", "{ \"event_type\": \"done\" }\n");
    home
}

#[test]
fn one_file_prints_bare_hex_of_the_canonical_form() {
    home().check(
        "sign event.json --secret-file secret",
        str![[r#"
exit 0
--- stdout
68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6
--- stderr
secret: left out the newline at the end

"#]],
    );
}

#[test]
fn without_a_secret_it_says_how_to_get_one() {
    home().check(
        "sign event.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no webhook secret for profile default
  hint: vsai secret set --generate, or name a file with --secret-file, or set VSAI_WEBHOOK_SECRET

"#]],
    );
}
