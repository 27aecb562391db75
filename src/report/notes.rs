//! The last sections: what is not computed yet, settings, definitions.

use super::label;
use super::markup::{escape, row, section, table};
use super::number::{count, decimal};
use crate::feature::Unit;
use crate::release::Release;

/// The sections that this version cannot fill, one line each.
pub(super) fn later() -> String {
    let mut out = String::from("<div class=\"grid\">\n");
    for (heading, what) in LATER {
        out.push_str(&section(heading, &format!("<p class=\"later\">not computed: {what}.</p>")));
    }
    out.push_str("</div>\n");
    out
}

/// How the segments were made, and the root of the audit trail.
pub(super) fn settings(release: &Release, own: &[(String, String)], internal: bool) -> String {
    let mut rows = String::new();
    let mut push = |name: &str, value: &str| rows.push_str(&row(&escape(name), &[escape(value)]));
    push("purpose", release.purpose());
    push("consent judged at", &release.decided_at().to_string());
    push("analysis date", &release.analysis_date().to_string());
    push("k: least customers behind a figure", &count(release.k()));
    push("strategy", release.strategy());
    push("seed", &release.seed().to_string());
    push("rounds", &format!("{}{}", release.rounds(), if release.converged() { "" } else { ", not at rest" }));
    if let (true, Some(inertia)) = (internal, release.inertia()) {
        push("inertia", &decimal(inertia, 3));
    }
    for (name, value) in own {
        push(name, value);
    }
    push("audit root", &release.audit_root().to_string());
    let heads = ["setting", "value"].map(str::to_owned);
    section("How this was made", &table("pairs", "Settings and audit root", &heads, &rows))
}

/// What the words of the report mean.
pub(super) fn definitions(release: &Release) -> String {
    let k = release.k();
    let mut terms: Vec<(String, String)> = Vec::new();
    for info in release.features() {
        let meaning = match (info.name.as_str(), info.unit) {
            ("recency_days", Unit::Days) => format!(
                "Recency: whole days from the last purchase to {}, the day of the analysis. Small is good.",
                release.analysis_date()
            ),
            ("frequency", Unit::Orders) => "Frequency: number of different orders.".to_owned(),
            ("frequency", Unit::PurchaseDays) => {
                "Frequency: number of different days with a purchase; two orders on one day count once.".to_owned()
            }
            ("frequency", Unit::Rows) => "Frequency: number of purchase lines.".to_owned(),
            ("monetary_total", unit @ Unit::Money(_)) => match unit.words().as_str() {
                "" => "Spend: sum of all purchases; the data names no currency.".to_owned(),
                currency => format!("Spend: sum of all purchases, in {currency}."),
            },
            _ => continue,
        };
        terms.push((label::head(info), meaning));
    }
    let named = release.features().iter().any(|info| info.name == "recency_days");
    let fixed = [
        (
            "names of segments",
            "A segment is named after its median customer: all customers are cut into fifths by last order and by \
             frequency, and each pair of fifths has a name. So names compare within this data, they do not grade the shop."
                .to_owned(),
        ),
        ("share", "Part of the customers who were segmented.".to_owned()),
        ("revenue", "Part of all their spend that comes from this segment.".to_owned()),
        ("k", format!("Every figure here describes at least {k} customers, so that nobody can be singled out.")),
        (
            "suppressed",
            "Not shown, because it would describe fewer than k customers or let such a group be worked out.".to_owned(),
        ),
        ("audit root", "Fingerprint of the record of what was done; any change to the record changes it.".to_owned()),
    ];
    // Without suppression the promise of k is not kept, and the banner says so.
    let fixed = fixed.into_iter().filter(|(term, _)| match *term {
        "k" => release.is_for_release(),
        "names of segments" => named,
        _ => true,
    });
    terms.extend(fixed.map(|(term, meaning)| (term.to_owned(), meaning)));
    let mut list = String::from("<dl>\n");
    for (term, meaning) in terms {
        list.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", escape(&term), escape(&meaning)));
    }
    list.push_str("</dl>");
    section("What the words mean", &list)
}

const LATER: [(&str, &str); 5] = [
    ("How clearly they stand apart", "the silhouette by segment arrives with a later version"),
    ("How many segments", "the choice of the number of segments arrives with a later version"),
    ("Change over time", "drift needs an earlier run to compare with and arrives with a later version"),
    ("Use against privacy", "the frontier arrives with a later version"),
    ("Privacy budget", "no noise was added, so none was spent; noise arrives with a later version"),
];
