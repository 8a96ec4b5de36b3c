//! Fixed texts that get signed, or signed with, when a variable was never filled.

/// In place of the body.
pub(super) const BODIES: [&str; 7] = ["", "{}", "[object Object]", "undefined", "null", "None", "[object Promise]"];

/// In place of the secret.
pub(super) const SECRETS: [&str; 22] = [
    "",
    "undefined",
    "null",
    "None",
    "nil",
    "$VSAI_WEBHOOK_SECRET",
    "${VSAI_WEBHOOK_SECRET}",
    "%VSAI_WEBHOOK_SECRET%",
    "$env:VSAI_WEBHOOK_SECRET",
    "process.env.VSAI_WEBHOOK_SECRET",
    "{{VSAI_WEBHOOK_SECRET}}",
    "VSAI_WEBHOOK_SECRET",
    "$WEBHOOK_SECRET",
    "${WEBHOOK_SECRET}",
    "WEBHOOK_SECRET",
    "process.env.WEBHOOK_SECRET",
    "YOUR_WEBHOOK_SECRET",
    "your_webhook_secret",
    "your-webhook-secret",
    "test-secret",
    "secret",
    "changeme",
];
