//! How consent events are written, at the end of `--help`.

pub const CONSENT_HELP: &str = r#"Consent events, each on one line:
  {"customer_id":"7","at":"2026-01-10T10:00:00Z","type":"consent_given","purposes":["segmentation_marketing"],
   "notice_version":"v3","method":"web_form","affirmative":true,"by":"self"}
  {"customer_id":"7","at":"2026-03-01T00:00:00Z","type":"consent_withdrawn","purposes":["segmentation_marketing"]}
  {"customer_id":"8","at":"2026-03-01T00:00:00Z","type":"objection","scope":"direct_marketing"}
  {"customer_id":"9","at":"2026-03-01T00:00:00Z","type":"erasure_requested"}
  {"customer_id":"10","jurisdiction":"DE","birth_date":"1990-01-31"}
A first line may bring the register of purposes; without it every purpose rests on consent:
  {"activities":{"segmentation_marketing":{"lawful_basis":"consent","consent_validity_days":730}}}
The newest statement by `at` decides, whatever the order of the lines. A customer without a line is refused. Other types:
notice_shown, consent_requested, consent_confirmed, consent_refused, consent_invalidated, objection_rejected,
restriction_set, restriction_lifted, erasure_completed, rectified, collected, imported, opt_out, opt_in, signal,
purchase, activity, identities_merged, identities_split."#;
