//! The page: its frame, its first lines, and the order of its sections.

use super::markup::{details, escape};
use super::number::{percent, plural};
use super::{coverage, label, notes, palette, profile};
use crate::release::Release;
use crate::warning::Warning;

/// A release as one HTML file that needs nothing else.
///
/// No script, no link, no request: a content security policy in the file forbids them. Pictures are inline SVG, each
/// with a title, a description and its figures as a table. Light and dark follow the reader's screen. The same release
/// gives the same bytes.
///
/// # Privacy
/// Shows nothing that the release does not hold; names and settings are escaped.
#[derive(Clone, Debug)]
#[must_use]
pub struct Report<'a> {
    release: &'a Release,
    settings: Vec<(String, String)>,
    internal: bool,
}

impl<'a> Report<'a> {
    /// Gives a report that may leave the house; the same as [`Report::external`].
    pub const fn new(release: &'a Release) -> Self {
        Self::external(release)
    }

    /// Gives a report that may leave the house: without the settings and measures that reveal counts.
    pub const fn external(release: &'a Release) -> Self {
        Self { release, settings: Vec::new(), internal: false }
    }

    /// Gives a report for the house, with all settings.
    pub const fn internal(release: &'a Release) -> Self {
        Self { release, settings: Vec::new(), internal: true }
    }

    /// Adds a setting to the list at the end, in the order of the calls; it must reveal nothing about customers.
    pub fn with_setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a setting that reveals counts, such as the rows read; external reports leave it out.
    pub fn with_internal_setting(self, name: &str, value: &str) -> Self {
        if self.internal { self.with_setting(name, value) } else { self }
    }

    /// Gives the file.
    ///
    /// # Complexity
    /// `O(n_segments · n_features + hexagons)`, well under a megabyte for every sensible release.
    pub fn html(&self) -> String {
        let release = self.release;
        let banners: String =
            release.notices().iter().map(|line| format!("<p class=\"banner\">{line}</p>\n")).collect();
        let sections = [
            coverage::html(release),
            profile::segments(release),
            profile::heatmap(release),
            profile::map(release),
            notes::later(),
            notes::settings(release, &self.settings, self.internal),
            notes::definitions(release),
        ];
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>Customer segments</title>\n\
             <style>\n{}{STYLE}</style>\n</head>\n<body>\n<main>\n{banners}{}{}</main>\n</body>\n</html>\n",
            palette::variables(),
            verdict(release),
            sections.concat()
        )
    }
}

/// The first lines: how many customers and segments, how good, and the worst of the warnings.
fn verdict(release: &Release) -> String {
    let segments = plural(release.segments().len() as u64, "segment");
    let customers = plural(release.n_customers(), "customer");
    let mut out = format!("<header>\n<h1>{customers} in {segments}</h1>\n");
    if let Some(line) = best(release) {
        out.push_str(&format!("<p class=\"lead\">{line}</p>\n"));
    }
    let worst = release.warnings().iter().min_by_key(|warning| rank(warning));
    let worst_text = worst.map_or("none".to_owned(), sentence);
    out.push_str(&format!(
        "<dl class=\"facts\">\n<dt>Structure</dt><dd class=\"muted\">not computed</dd>\n\
         <dt>Worst warning</dt><dd>{worst_text}</dd>\n</dl>\n"
    ));
    let others: Vec<&Warning> = release.warnings().iter().filter(|warning| Some(*warning) != worst).collect();
    if !others.is_empty() {
        let items: String = others.iter().map(|warning| format!("<li>{}</li>\n", sentence(warning))).collect();
        let summary = plural(others.len() as u64, "more warning");
        out.push_str(&details(&summary, &format!("<ul>\n{items}</ul>")));
    }
    out.push_str("</header>\n");
    out
}

/// The segment with most of the money, in a sentence; `None` if that is unknown.
fn best(release: &Release) -> Option<String> {
    let with_money = label::shown(release).filter_map(|profile| Some((profile, profile.revenue_share()?)));
    let (profile, revenue) = with_money.filter(|(_, share)| share.is_finite()).max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(format!(
        "<strong>{}</strong>{}: {} of the customers, {} of the revenue.",
        escape(profile.name()),
        profile.id().map_or(String::new(), |id| format!(" (segment {id})")),
        percent(profile.share()),
        percent(revenue)
    ))
}

fn sentence(warning: &Warning) -> String {
    let text = escape(&warning.to_string());
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// How bad a warning is, the worst first: what makes the result unusable, then wrong, then incomplete.
fn rank(warning: &Warning) -> u8 {
    match warning {
        Warning::NotForRelease => 0,
        Warning::SimulatedConsent => 1,
        Warning::AssumedLawful => 2,
        Warning::LaterConsentEvents => 3,
        Warning::NotConverged { .. } => 4,
        Warning::Unscaled { .. } => 5,
        Warning::RowsLeftOut { .. } | Warning::UnmatchedTransactions => 6,
        Warning::ModelWithheld { .. } => 7,
        Warning::ConsentForUnknownCustomers => 8,
        Warning::Suppressed { .. } => 9,
        _ => 10,
    }
}

const STYLE: &str = include_str!("report.css");

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::feature::Unit;
    use crate::release::SegmentProfile;
    use crate::segment::SegmentId;

    fn html(release: &Release) -> String {
        let html = Report::new(release).html();
        assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'"));
        for forbidden in ["<script", "http://", "https://", "<link", "<img", "src=", "href=", "url(", "@import", "NaN"]
        {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        for tag in ["section", "figure", "table", "tr", "svg", "details", "dl", "ul", "div", "p", "g", "header"] {
            let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert!(html.len() < 1_000_000);
        html
    }

    #[test]
    fn the_page_needs_nothing_else_and_is_the_same_every_time() {
        let release = sample::release();
        assert_eq!(html(&release), html(&release));
        assert_eq!(html(&release).matches("role=\"img\"").count(), 3);
        assert_eq!(html(&release).matches("<h1>").count(), 1);
    }

    #[test]
    fn banners_come_before_everything_else() {
        let mut release = sample::release();
        release.suppression = false;
        release.warnings.extend([Warning::SimulatedConsent, Warning::NotForRelease]);
        let html = html(&release);
        let simulated = html.find("SIMULATED CONSENT: made for this demonstration, no real choices").unwrap();
        let not_for_release = html.find("NOT FOR RELEASE").unwrap();
        assert!(simulated < not_for_release && not_for_release < html.find("<h1>").unwrap());
        assert!(html.contains("may stand for a single customer"));
        assert!(!html.contains("Every hexagon holds at least"));
    }

    #[test]
    fn hostile_names_come_out_as_text() {
        let hostile = "<script>alert('x')</script>\"&$a$";
        let mut release = sample::single(&[(hostile, Unit::Number), ("b", Unit::Number)], hostile);
        release.density = sample::release().density;
        release.purpose = hostile.to_owned();
        release.strategy = hostile.to_owned();
        release.warnings = vec![Warning::ConstantFeature { feature: hostile.to_owned() }];
        release.coverage.refused.insert("<script>", crate::release::ReleasedCount::Shown(40));
        html(&release);
        let html = Report::new(&release).with_setting(hostile, hostile).html();
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_hidden_segment_shows_no_figure() {
        let with = sample::release();
        let mut without = sample::release();
        // The page must not depend on which segments are hidden, only on how many.
        without.segments.truncate(5);
        without.segments.extend([8, 9].map(|id| SegmentProfile::Suppressed(SegmentId(id))));
        assert_eq!(html(&with), html(&without));
        assert!(html(&with).contains("2 segments: fewer than 20 customers each"));
    }

    #[test]
    fn hidden_counts_of_consent_have_neither_figure_nor_share() {
        let mut release = sample::release();
        release.coverage.n_known = crate::release::ReleasedCount::Suppressed;
        let html = html(&release);
        assert!(html.contains("How many are known is hidden"));
        assert!(!html.contains("2\u{202f}357") && !html.contains("Consent coverage"));
        assert_eq!(html.matches("<td><span class=\"muted\">hidden</span></td>").count(), 2);
    }

    #[test]
    fn poor_releases_are_pages_too() {
        let empty = html(&sample::single(&[], "all"));
        assert!(empty.contains("there is no segment to show, or no feature"));
        assert!(empty.contains("the map needs two features"));
        let hidden = html(&sample::all_hidden());
        assert!(hidden.contains("all hidden segments together"));
        html(&sample::single(&sample::RFM, "all"));
        let mut broken = sample::release();
        if let Some(density) = &mut broken.density {
            density.radius = f64::NAN;
        }
        assert!(html(&broken).contains("the map needs two features"));
        if let Some(density) = &mut broken.density {
            density.radius = 1.0;
            density.bins.truncate(1);
            density.axes[0].loadings.clear();
        }
        html(&broken);
    }

    #[test]
    fn external_reports_leave_out_what_reveals_counts() {
        let release = sample::release();
        let with =
            |report: Report<'_>| report.with_setting("colour", "blue").with_internal_setting("rows", "6919").html();
        let (external, internal) = (with(Report::external(&release)), with(Report::internal(&release)));
        assert!(external.contains("colour") && !external.contains("6919") && !external.contains("inertia"));
        assert!(internal.contains("6919") && internal.contains("inertia"));
    }
}
