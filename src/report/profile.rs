//! The sections about the segments: table, heatmap, map.

use super::label;
use super::markup::{details, escape, row, section, share_bar, table};
use super::number::{count, decimal, percent, plural, signed};
use super::palette::{self, N_HEAT};
use super::{svg_density, svg_heatmap};
use crate::release::{Density, Profile, Release};

/// The table of the segments.
pub(super) fn segments(release: &Release) -> String {
    let columns = label::columns(release);
    let revenue = label::shown(release).chain(release.other()).any(|profile| profile.revenue_share().is_some());
    let mut heads: Vec<String> = ["segment", "customers", "share"].map(str::to_owned).to_vec();
    heads.extend(columns.iter().map(label::Column::head));
    if revenue {
        heads.push("revenue".to_owned());
    }
    let figures = |profile: &Profile| {
        let mut cells = vec![count(profile.n()), share_bar(&percent(profile.share()), profile.share())];
        cells.extend(columns.iter().map(|column| escape(&column.median(profile))));
        if revenue {
            let share = profile.revenue_share();
            cells.push(share.map_or("–".to_owned(), |share| share_bar(&percent(share), share)));
        }
        cells
    };
    let mut rows = String::new();
    for profile in label::shown(release) {
        rows.push_str(&row(&named(profile), &figures(profile)));
    }
    let hidden = label::n_suppressed(release);
    if hidden > 0 {
        // PRIVACY: a segment hidden to protect a smaller one looks the same, so the text covers both.
        rows.push_str(&format!(
            "<tr class=\"muted\"><th scope=\"row\">suppressed</th><td colspan=\"{}\"><div class=\"words\">{}: \
             fewer than {} customers each, or hidden so that a smaller one cannot be worked out</div></td></tr>\n",
            heads.len() - 1,
            plural(hidden, "segment"),
            release.k()
        ));
    }
    if let Some(other) = release.other() {
        rows.push_str(&row("all hidden segments together", &figures(other)));
    }
    match release.n_no_segment() {
        Some(0) => {}
        Some(n) => rows.push_str(&row("in no segment", &[count(n)])),
        None => rows.push_str(&row("in no segment", &["&lt;k".to_owned()])),
    }
    let mut note = "Every feature is the median: half of the segment lies below it, half above.".to_owned();
    if release.features().iter().any(label::is_recency) {
        note.push_str(&format!(" Last order counts the days (d) before <time>{}</time>.", release.analysis_date()));
    }
    if revenue {
        note.push_str(" Revenue is the segment’s part of all spend.");
    }
    let body = format!("{}\n<p class=\"note\">{note}</p>", table("figures", "The segments", &heads, &rows));
    section("The segments", &body)
}

/// The heatmap with its legend and its table.
pub(super) fn heatmap(release: &Release) -> String {
    let heading = "What sets them apart";
    let Some(picture) = svg_heatmap::picture(release) else {
        return section(heading, "<p class=\"later\">not computed: there is no segment to show, or no feature.</p>");
    };
    let swatches: String =
        (0..N_HEAT).map(|step| format!("<span style=\"background:var(--h{step})\"></span>")).collect();
    // The one feature of which less is better would otherwise be read the wrong way round.
    let turned = if release.features().iter().any(label::is_recency) {
        " Days since the last order are good when few, so <b>blue</b> is the good side there."
    } else {
        ""
    };
    let mut side = format!(
        "<p>Each row is a segment. <b>Orange</b> is above the average customer, <b>blue</b> is below, and the stronger \
         the colour, the farther away.{turned}</p>\n<div class=\"ramp\" aria-hidden=\"true\">{swatches}</div>\n\
         <div class=\"ends\"><span>−2 or less</span><span>0</span><span>+2 or more</span></div>\n\
         <p class=\"note\">Figures are means of the scaled features; with the usual scaling 1 is one standard deviation.</p>"
    );
    let hidden = label::n_suppressed(release);
    if hidden > 0 {
        side.push_str(&format!("\n<p class=\"note\">{} suppressed and not drawn.</p>", plural(hidden, "segment")));
    }
    let mut heads = vec!["segment".to_owned()];
    heads.extend(release.features().iter().map(label::head));
    let mut rows = String::new();
    for profile in label::shown(release) {
        let cell = |info| svg_heatmap::scaled(profile, info).map_or("–".to_owned(), signed);
        rows.push_str(&row(&named(profile), &release.features().iter().map(cell).collect::<Vec<_>>()));
    }
    let numbers =
        details("The figures as a table", &table("figures", "Mean scaled features by segment", &heads, &rows));
    // Up to four columns leave room for the explanation beside them.
    let class = if release.features().len() > 4 { "stacked" } else { "beside" };
    section(heading, &figure(class, &picture, &side, &numbers))
}

/// The map with its legend and its table.
pub(super) fn map(release: &Release) -> String {
    let heading = "Where the customers are";
    let drawn = release.density().and_then(|density| Some((density, svg_density::picture(release, density)?)));
    let Some((density, picture)) = drawn else {
        let why = "not computed: the map needs two features and places where enough customers are close together.";
        return section(heading, &format!("<p class=\"later\">{why}</p>"));
    };
    let side = format!(
        "<p>Customers who are alike lie close together. A hexagon has the colour of the segment most of its customers \
         are in; the stronger, the more customers.</p>\n{}\n\
         <p class=\"note\">The dashed lines cross at the average customer. {}</p>",
        legend(release, density),
        left_out(release, density)
    );
    let numbers = details("The hexagons as a table", &hexagons(release, density));
    section(heading, &figure("beside", &picture, &side, &numbers))
}

fn figure(class: &str, picture: &str, side: &str, numbers: &str) -> String {
    format!(
        "<figure class=\"{class}\">\n<div class=\"wide\">{picture}</div>\n<figcaption>{side}</figcaption>\n</figure>\n{numbers}"
    )
}

/// A segment with its colour.
fn named(profile: &Profile) -> String {
    // The number stays with the first word.
    let name = escape(&label::segment(profile)).replacen(' ', "\u{a0}", 1);
    dotted(&palette::segment(profile.id()), &name)
}

fn dotted(colour: &str, name: &str) -> String {
    format!(
        "<span class=\"name\"><span class=\"dot\" style=\"background:{colour}\" aria-hidden=\"true\"></span>{name}</span>"
    )
}

fn legend(release: &Release, density: &Density) -> String {
    let mut items = String::new();
    for profile in label::shown(release) {
        items.push_str(&format!("<li>{}</li>\n", named(profile)));
    }
    if svg_density::drawable(density).any(|bin| bin.segment.is_none()) {
        items.push_str(&format!("<li>{}</li>\n", dotted("var(--mixed)", "no segment prevails")));
    }
    let steps: String = (1..=5)
        .map(|step| format!("<span style=\"background:var(--ink);opacity:{}\"></span>", svg_density::opacity(step)))
        .collect();
    format!(
        "<ul class=\"legend\">\n{items}</ul>\n<div class=\"steps\" aria-hidden=\"true\">few {steps} many customers</div>"
    )
}

fn left_out(release: &Release, density: &Density) -> String {
    let k = release.k();
    if !release.is_for_release() {
        return "Suppression was off, so a hexagon may stand for a single customer.".to_owned();
    }
    let rest = match density.share_left_out {
        Some(share) if share > 0.0 => {
            format!("{} of the customers are in emptier places and left out.", percent(share))
        }
        Some(_) => "No customer is left out.".to_owned(),
        None => format!("Fewer than {k} customers are in emptier places and left out."),
    };
    let unseen: Vec<String> = label::shown(release)
        .filter(|profile| !density.bins.iter().any(|bin| bin.segment == profile.id()))
        .map(|profile| escape(&label::segment(profile)))
        .collect();
    let unseen = match unseen.as_slice() {
        [] => String::new(),
        names => format!(" Too spread out, or too mixed with others, to fill a hexagon: {}.", names.join("; ")),
    };
    format!("Every hexagon holds at least {k} customers. {rest}{unseen}")
}

fn hexagons(release: &Release, density: &Density) -> String {
    let heads = ["segment", "left to right", "bottom to top", "customers, 1 (few) to 5 (many)"].map(str::to_owned);
    let mut rows = String::new();
    for bin in svg_density::drawable(density).take(MAX_ROWS) {
        let profile = label::shown(release).find(|profile| bin.segment.is_some() && profile.id() == bin.segment);
        let name = profile.map_or("no segment prevails".to_owned(), named);
        rows.push_str(&row(&name, &[decimal(bin.x, 2), decimal(bin.y, 2), bin.step.to_string()]));
    }
    let mut out = table("figures", "Hexagons of the map", &heads, &rows);
    let rest = svg_density::drawable(density).count().saturating_sub(MAX_ROWS);
    if rest > 0 {
        out.push_str(&format!("\n<p class=\"note\">{} more are drawn but not listed.</p>", count(rest as u64)));
    }
    out
}

/// Rows of the table under the map; keeps the page far below a megabyte.
const MAX_ROWS: usize = 1_000;
