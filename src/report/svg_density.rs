//! The map of the customers in hexagons.

use std::collections::BTreeMap;

use super::label;
use super::number::{cut, percent};
use super::palette;
use super::svg::{Anchor, Svg, area, dashes, disc, text};
use crate::release::{Axis, Bin, Density, Release};
use crate::segment::SegmentId;

/// The map, with what its four sides mean; `None` if nothing can be drawn.
///
/// # Privacy
/// The density holds no hexagon of fewer than k customers, so none is drawn; there are no points and no tooltips.
pub(super) fn picture(release: &Release, density: &Density) -> Option<String> {
    let frame = Frame::around(density)?;
    let [across, up] = &density.axes;
    let (left, right) = sides(release, across);
    let (bottom, top) = sides(release, up);
    let below = frame.bottom() + 8.0;
    let n_lines = left.len().max(right.len()).max(bottom.len());
    let mut svg = Svg::new(WIDTH, below + LINE * (n_lines as f64 + 1.0) + 14.0);
    svg.open("quiet");
    for (from, to) in frame.cross() {
        svg.push(dashes(from, to, "var(--line)"));
    }
    let middle = WIDTH / 2.0;
    svg.push(text((middle, 16.0), &format!("↑ {}", top.join(", ")), TEXT, Anchor::Middle, None));
    let columns = [
        ("← ", "", left, 0.0, Anchor::Start),
        ("↓ ", "", bottom, middle, Anchor::Middle),
        ("", " →", right, WIDTH, Anchor::End),
    ];
    for (before, after, lines, x, anchor) in columns {
        for (index, line) in lines.iter().enumerate() {
            // The arrow stands at the first line only, on the side it points to.
            let line = if index == 0 { format!("{before}{line}{after}") } else { line.clone() };
            svg.push(text((x, below + LINE * (index as f64 + 1.0)), &line, TEXT, anchor, None));
        }
    }
    let told = format!(
        "differences told: {} left to right, {} bottom to top",
        percent(across.explained),
        percent(up.explained)
    );
    svg.push(text((middle, below + LINE * (n_lines as f64 + 1.0) + 8.0), &told, TEXT, Anchor::Middle, None));
    svg.close();
    for ((segment, step), outlines) in frame.outlines(density) {
        svg.push(area(outlines, &palette::segment(segment), opacity(step)));
    }
    svg.open("badge");
    for (id, at) in badges(density) {
        let at = frame.place(at);
        svg.push(disc(at, 11.0, "var(--card)", Some(&palette::segment(Some(id)))));
        svg.push(text((at.0, at.1 + 4.5), &id.to_string(), TEXT, Anchor::Middle, None));
    }
    svg.close();
    let title = "Where the customers are";
    let description = format!(
        "Map of the customers in {} hexagons. Left: {}. Right: {}. Bottom: {}. Top: {}.",
        drawable(density).count(),
        sides(release, across).0.join(", "),
        sides(release, across).1.join(", "),
        sides(release, up).0.join(", "),
        top.join(", ")
    );
    Some(svg.finish("density", title, &description))
}

/// How strong the colour of a step is, from 1 (few customers) to 5 (most).
pub(super) fn opacity(step: u8) -> f64 {
    match step {
        0 | 1 => 0.3,
        2 => 0.45,
        3 => 0.6,
        4 => 0.8,
        _ => 1.0,
    }
}

/// What the low and the high side of an axis mean: the features with at least half of the largest weight, at most
/// three of them, the largest first.
pub(super) fn sides(release: &Release, axis: &Axis) -> (Vec<String>, Vec<String>) {
    let mut weights: Vec<_> = release.features().iter().zip(&axis.loadings).filter(|(_, w)| w.is_finite()).collect();
    weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let largest = weights.first().map_or(0.0, |(_, weight)| weight.abs());
    let dominating = weights.iter().take(3).filter(|(_, weight)| weight.abs() > 0.0 && weight.abs() >= largest / 2.0);
    let both = dominating.map(|(info, weight)| {
        let (low, high) = label::ends(info);
        let (low, high) = (cut(&low, SIDE_CHARS), cut(&high, SIDE_CHARS));
        if **weight < 0.0 { (high, low) } else { (low, high) }
    });
    both.unzip()
}

/// The hexagons with a place in the plane.
pub(super) fn drawable(density: &Density) -> impl Iterator<Item = &Bin> {
    density.bins.iter().filter(|bin| bin.x.is_finite() && bin.y.is_finite())
}

/// From the units of the axes to those of the picture; both axes have the same scale, so hexagons stay regular.
struct Frame {
    scale: f64,
    centre: (f64, f64),
    height: f64,
    radius: f64,
}

impl Frame {
    fn around(density: &Density) -> Option<Self> {
        let radius = density.radius;
        let mut low = (f64::INFINITY, f64::INFINITY);
        let mut high = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for bin in drawable(density) {
            low = (low.0.min(bin.x - radius), low.1.min(bin.y - radius));
            high = (high.0.max(bin.x + radius), high.1.max(bin.y + radius));
        }
        let size = (high.0 - low.0, high.1 - low.1);
        let sound = radius.is_finite() && radius > 0.0 && size.0.is_finite() && size.1.is_finite();
        if !sound {
            return None;
        }
        let scale = (WIDTH / size.0).min(HEIGHT / size.1).min(RADIUS / radius);
        let centre = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        Some(Self { scale, centre, height: size.1 * scale, radius: radius * scale })
    }

    fn bottom(&self) -> f64 {
        TOP + self.height
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (x, y) = ((x - self.centre.0) * self.scale, (y - self.centre.1) * self.scale);
        (WIDTH / 2.0 + x, TOP + self.height / 2.0 - y)
    }

    /// The lines through the average customer, where they cross the picture.
    fn cross(&self) -> Vec<((f64, f64), (f64, f64))> {
        let (x, y) = self.place((0.0, 0.0));
        let mut lines = Vec::new();
        if (0.0..=WIDTH).contains(&x) {
            lines.push(((x, TOP), (x, self.bottom())));
        }
        if (TOP..=self.bottom()).contains(&y) {
            lines.push(((0.0, y), (WIDTH, y)));
        }
        lines
    }

    /// All hexagons of one colour and step as one outline: a tenth of the bytes of single ones.
    fn outlines(&self, density: &Density) -> BTreeMap<(Option<SegmentId>, u8), String> {
        // A narrow gap between neighbours.
        let r = (self.radius - 0.8).max(self.radius * 0.8);
        let (half, w) = (r / 2.0, r * 3f64.sqrt() / 2.0);
        let shape = format!("l{w:.1} {half:.1}v{r:.1}l-{w:.1} {half:.1}l-{w:.1} -{half:.1}v-{r:.1}z");
        let mut outlines: BTreeMap<_, String> = BTreeMap::new();
        for bin in drawable(density) {
            let (x, y) = self.place((bin.x, bin.y));
            let outline = outlines.entry((bin.segment, bin.step.clamp(1, 5))).or_default();
            outline.push_str(&format!("M{x:.1} {:.1}{shape}", y - r));
        }
        outlines
    }
}

/// Where the number of a segment stands: in its hexagon nearest to the middle of all of them.
fn badges(density: &Density) -> Vec<(SegmentId, (f64, f64))> {
    let mut middles: BTreeMap<SegmentId, (f64, f64, f64)> = BTreeMap::new();
    for bin in drawable(density) {
        if let Some(id) = bin.segment {
            let weight = f64::from(bin.step.max(1));
            let sum = middles.entry(id).or_default();
            *sum = (sum.0 + weight * bin.x, sum.1 + weight * bin.y, sum.2 + weight);
        }
    }
    let nearest = |(id, (x, y, weight)): (SegmentId, (f64, f64, f64))| {
        let distance = |bin: &Bin| (bin.x - x / weight).hypot(bin.y - y / weight);
        let own = drawable(density).filter(|bin| bin.segment == Some(id));
        own.min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|bin| (id, (bin.x, bin.y)))
    };
    middles.into_iter().filter_map(nearest).collect()
}

const WIDTH: f64 = 470.0;
/// Most height of the map itself.
const HEIGHT: f64 = 340.0;
/// Room above the map for the name of its upper side.
const TOP: f64 = 28.0;
const LINE: f64 = 17.0;
const TEXT: u32 = 13;
/// Most size of a hexagon, so that a handful of them do not become tiles.
const RADIUS: f64 = 26.0;
/// Most characters of what a side means; three stand beside one another.
const SIDE_CHARS: usize = 20;
