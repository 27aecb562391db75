//! The frame of every picture, around kuva's scene and its SVG writer.
//!
//! kuva draws; this module only names the picture for screen readers and lets it grow and shrink. Whole plots of kuva
//! are not used: its heatmap writes black text on dark cells and starts at the bottom, its hexbin wants the single
//! points, which no report may have. Colours are variables of the style sheet, so pictures follow the theme.

use kuva::backend::svg::SvgBackend;
use kuva::render::color::Color;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

use super::markup::escape;
use super::number::clean;

/// A picture under construction.
pub(super) struct Svg {
    scene: Scene,
}

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    pub(super) fn new(width: f64, height: f64) -> Self {
        let mut scene = Scene::new(width, height);
        scene.background_color = None;
        Self { scene }
    }

    pub(super) fn push(&mut self, primitive: Primitive) {
        self.scene.elements.push(primitive);
    }

    /// Opens a group whose look is a class of the style sheet.
    pub(super) fn open(&mut self, class: &'static str) {
        let attribute = format!("class=\"{class}\"");
        self.push(Primitive::GroupStart { transform: None, title: None, extra_attrs: Some(attribute) });
    }

    pub(super) fn close(&mut self) {
        self.push(Primitive::GroupEnd);
    }

    /// The picture in its own proportions, never wider than drawn by more than a tenth.
    pub(super) fn finish(self, id: &str, title: &str, description: &str) -> String {
        // Under seven tenths of its size the text would be too small for a phone; the picture is pushed sideways then.
        let (narrow, wide) = (self.scene.width * 0.7, self.scene.width * 1.1);
        let style = format!("style=\"min-width:{narrow:.0}px;max-width:{wide:.0}px\"");
        self.write(id, title, description, &style)
    }

    /// The picture over the whole width of its place, whatever that does to its proportions.
    pub(super) fn stretched(self, id: &str, title: &str, description: &str) -> String {
        let style =
            format!("class=\"stretched\" preserveAspectRatio=\"none\" style=\"height:{:.0}px\"", self.scene.height);
        self.write(id, title, description, &style)
    }

    fn write(self, id: &str, title: &str, description: &str, style: &str) -> String {
        let svg = SvgBackend::new().render_scene(&self.scene);
        // kuva opens with a fixed size, without a view box, a role or a name; its own tag is put aside.
        let body = svg.split_once('>').map_or("", |(_, body)| body);
        format!(
            "<svg viewBox=\"0 0 {:.0} {:.0}\" {style} role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{body}",
            self.scene.width,
            self.scene.height,
            escape(title),
            escape(description),
        )
    }
}

/// A rectangle from its upper left corner.
pub(super) fn rect(at: (f64, f64), size: (f64, f64), fill: &str) -> Primitive {
    Primitive::Rect {
        x: at.0,
        y: at.1,
        width: size.0,
        height: size.1,
        fill: Color::from(fill),
        stroke: None,
        stroke_width: None,
        opacity: None,
    }
}

/// A disc, with a rim if one is given.
pub(super) fn disc(at: (f64, f64), r: f64, fill: &str, rim: Option<&str>) -> Primitive {
    Primitive::Circle {
        cx: at.0,
        cy: at.1,
        r,
        fill: Color::from(fill),
        fill_opacity: None,
        stroke: rim.map(Color::from),
        stroke_width: rim.map(|_| 2.0),
    }
}

/// A straight line in dashes.
pub(super) fn dashes(from: (f64, f64), to: (f64, f64), stroke: &str) -> Primitive {
    Primitive::Line {
        x1: from.0,
        y1: from.1,
        x2: to.0,
        y2: to.1,
        stroke: Color::from(stroke),
        stroke_width: 1.0,
        stroke_dasharray: Some("4 4".to_owned()),
    }
}

/// A filled outline given as SVG path data, which is never made from foreign text.
pub(super) fn area(d: String, fill: &str, opacity: f64) -> Primitive {
    Primitive::Path(Box::new(PathData {
        d,
        fill: Some(Color::from(fill)),
        stroke: Color::None,
        stroke_width: 0.0,
        opacity: Some(opacity),
        stroke_dasharray: None,
    }))
}

/// A line of text; without a colour it takes that of its group.
pub(super) fn text(at: (f64, f64), content: &str, size: u32, anchor: Anchor, colour: Option<&str>) -> Primitive {
    Primitive::Text {
        x: at.0,
        y: at.1,
        // kuva reads `$…$` as a formula; a name with two dollar signs must stay as it is.
        content: clean(content).replace('$', "\\$"),
        size,
        anchor: match anchor {
            Anchor::Start => TextAnchor::Start,
            Anchor::Middle => TextAnchor::Middle,
            Anchor::End => TextAnchor::End,
        },
        rotate: None,
        bold: false,
        color: colour.map(Color::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_neither_markup_nor_formula() {
        let mut svg = Svg::new(10.0, 10.0);
        svg.push(text((0.0, 0.0), "<script>$x^2$ \\$", 12, Anchor::Start, None));
        let out = svg.finish("t", "a<b", "c&d");
        assert!(out.contains("&lt;script&gt;$x^2$ \\$</text>"), "{out}");
        assert!(out.contains("a&lt;b</title>") && out.contains("c&amp;d</desc>"));
        assert!(!out.contains("http"));
    }
}
