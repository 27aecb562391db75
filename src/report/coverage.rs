//! The section that says who may be in.

use std::cmp::Reverse;

use super::markup::{escape, row, section, share_bar, table};
use super::number::{count, percent, plural};
use super::reason;
use super::svg::{Svg, rect};
use crate::release::{Coverage, Release, ReleasedCount};
use crate::warning::Warning;

/// How many are known, allowed and refused, with a bar and the reasons.
pub(super) fn html(release: &Release) -> String {
    let coverage = release.coverage();
    let mut body = format!("<p class=\"lead\">{}</p>\n", sentence(release));
    if let (Some(known @ 1..), Some(allowed)) = (coverage.n_known.shown(), coverage.n_allowed.shown()) {
        body.push_str(&bar(allowed as f64 / known as f64));
    }
    body.push_str(&reasons(coverage));
    body.push_str(
        "\n<p class=\"later\">Bias: not computed: whether those who agreed differ from the rest is told by a later \
         version.</p>",
    );
    section("Who may be in", &body)
}

fn sentence(release: &Release) -> String {
    let purpose = escape(release.purpose());
    let coverage = release.coverage();
    let may = if release.warnings().contains(&Warning::AssumedLawful) {
        "were taken in without a check of consent"
    } else {
        "may be used"
    };
    match (coverage.n_known.shown(), coverage.n_allowed.shown()) {
        (Some(known), Some(allowed)) => {
            format!(
                "<strong>{}</strong> of {} {may} for <em>{purpose}</em>.",
                count(allowed),
                plural(known, "known customer")
            )
        }
        (None, Some(allowed)) => format!(
            "<strong>{}</strong> {may} for <em>{purpose}</em>. How many are known is hidden, since so few were refused.",
            plural(allowed, "customer")
        ),
        _ => format!("Customers {may} for <em>{purpose}</em>; how many is hidden."),
    }
}

fn bar(share: f64) -> String {
    let (allowed, refused) = (percent(share), percent(1.0 - share));
    let mut svg = Svg::new(1000.0, 24.0);
    svg.push(rect((0.0, 0.0), (1000.0, 24.0), "var(--refused)"));
    svg.push(rect((0.0, 0.0), (1000.0 * share, 24.0), "var(--accent)"));
    let picture = svg.stretched("coverage", "Consent coverage", &format!("{allowed} allowed, {refused} refused."));
    format!(
        "<div class=\"ends\"><span>allowed <b>{allowed}</b></span><span>refused <b>{refused}</b></span></div>\n{picture}\n"
    )
}

fn reasons(coverage: &Coverage) -> String {
    let mut refused: Vec<(&str, ReleasedCount)> = coverage.refused.iter().map(|(code, n)| (*code, *n)).collect();
    if refused.is_empty() {
        return "<p>Nobody was refused.</p>".to_owned();
    }
    // Largest first, hidden ones last; the map's order of codes breaks ties.
    refused.sort_by_key(|(_, n)| Reverse(n.shown()));
    let mut rows = String::new();
    for (code, n) in refused {
        let head = format!("{}<small>{}</small>", escape(reason::words(code)), escape(code));
        let cells = match (n.shown(), coverage.n_known.shown()) {
            (Some(n), Some(known @ 1..)) => {
                let share = n as f64 / known as f64;
                vec![count(n), share_bar(&percent(share), share)]
            }
            (Some(n), _) => vec![count(n), "–".to_owned()],
            (None, _) => vec!["<span class=\"muted\">hidden</span>".to_owned(), String::new()],
        };
        rows.push_str(&row(&head, &cells));
    }
    let heads = ["Refused, because they …", "customers", "of all known"].map(str::to_owned);
    table("calm", "Why customers were refused", &heads, &rows)
}
