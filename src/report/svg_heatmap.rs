//! The heatmap: what sets each segment apart.

use super::label;
use super::number::{cut, signed, wrap};
use super::palette;
use super::svg::{Anchor, Svg, disc, rect, text};
use crate::feature::FeatureInfo;
use crate::release::{Profile, Release};

/// One row a shown segment, one column a feature; `None` without either.
pub(super) fn picture(release: &Release) -> Option<String> {
    let rows: Vec<&Profile> = label::shown(release).collect();
    let features = release.features();
    if rows.is_empty() || features.is_empty() {
        return None;
    }
    let cell_width = (SPACE / features.len() as f64).clamp(CELL_WIDTH.0, CELL_WIDTH.1);
    let heads: Vec<Vec<String>> = features.iter().map(|info| head(info, cell_width)).collect();
    let head_height = heads.iter().map(Vec::len).max().unwrap_or(1) as f64 * LINE + 8.0;
    let width = LABEL + cell_width * features.len() as f64;
    let mut svg = Svg::new(width, head_height + ROW * rows.len() as f64);
    svg.open("quiet");
    for (column, lines) in heads.iter().enumerate() {
        let x = LABEL + cell_width * (column as f64 + 0.5);
        for (index, line) in lines.iter().rev().enumerate() {
            svg.push(text((x, head_height - 10.0 - LINE * index as f64), line, 13, Anchor::Middle, None));
        }
    }
    svg.close();
    for (index, profile) in rows.iter().enumerate() {
        let top = head_height + ROW * index as f64;
        name(&mut svg, profile, top);
        for (column, info) in features.iter().enumerate() {
            cell(&mut svg, profile, info, (LABEL + cell_width * column as f64, top), cell_width);
        }
    }
    Some(svg.finish("heatmap", "What sets the segments apart", &description(&rows, features)))
}

/// The scaled mean of a feature, `None` if the profile lacks it.
pub(super) fn scaled(profile: &Profile, info: &FeatureInfo) -> Option<f64> {
    profile.feature(&info.name).map(|feature| feature.mean_scaled)
}

fn head(info: &FeatureInfo, cell_width: f64) -> Vec<String> {
    let name = if label::is_recency(info) { "days since last order".to_owned() } else { label::head(info) };
    // An underscore is as good a place to break a name as a space.
    let mut lines = wrap(&name.replace('_', " "), (cell_width / GLYPH) as usize);
    lines.truncate(3);
    lines
}

fn name(svg: &mut Svg, profile: &Profile, top: f64) {
    let middle = top + ROW / 2.0;
    svg.push(disc((7.0, middle), 6.0, &palette::segment(profile.id()), None));
    let mut lines = wrap(&label::segment(profile), LABEL_CHARS);
    if lines.len() > 2 {
        lines.truncate(2);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last} ……"), LABEL_CHARS.min(last.chars().count() + 1));
        }
    }
    let first = middle + 5.0 - LINE / 2.0 * (lines.len().saturating_sub(1)) as f64;
    svg.open("ink");
    for (index, line) in lines.iter().enumerate() {
        svg.push(text((20.0, first + LINE * index as f64), line, 14, Anchor::Start, None));
    }
    svg.close();
}

fn cell(svg: &mut Svg, profile: &Profile, info: &FeatureInfo, at: (f64, f64), width: f64) {
    let value = scaled(profile, info).filter(|value| value.is_finite());
    let step = value.map_or(palette::N_HEAT / 2, palette::heat_step);
    svg.push(rect((at.0 + 1.0, at.1 + 1.0), (width - 2.0, ROW - 2.0), &format!("var(--h{step})")));
    let shown = value.map_or("–".to_owned(), signed);
    let colour = format!("var(--t{step})");
    svg.push(text((at.0 + width / 2.0, at.1 + ROW / 2.0 + 5.0), &shown, 15, Anchor::Middle, Some(&colour)));
}

/// For those who hear the picture: of every segment the feature that is farthest from 0.
fn description(rows: &[&Profile], features: &[FeatureInfo]) -> String {
    let mut out = "Mean of every scaled feature by segment; 0 is the average customer.".to_owned();
    for profile in rows {
        let values = features.iter().filter_map(|info| Some((info, scaled(profile, info)?)));
        let farthest = values.filter(|(_, value)| value.is_finite()).max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        if let Some((info, value)) = farthest {
            let (low, high) = label::ends(info);
            out.push_str(&format!(
                " {}: {} ({}).",
                label::segment(profile),
                if value < 0.0 { low } else { high },
                signed(value)
            ));
        }
    }
    out
}

const LABEL: f64 = 150.0;
/// Characters of a name in a line of the label.
const LABEL_CHARS: usize = 17;
/// Width shared by all cells, as long as they keep their limits.
const SPACE: f64 = 320.0;
const CELL_WIDTH: (f64, f64) = (84.0, 120.0);
const ROW: f64 = 46.0;
const LINE: f64 = 17.0;
/// Width of a character of 13 px, on the generous side.
const GLYPH: f64 = 7.2;
