//! The colours of the pictures, for light and for dark screens.

use crate::segment::SegmentId;

/// A colour as red, green and blue.
type Rgb = [u8; 3];

/// The style sheet's variables: `--s0..` for segments, `--h0..` and `--t0..` for heatmap cells and the text on them.
pub(super) fn variables() -> String {
    let light = theme(&SEGMENTS.map(|pair| pair.0), &HEAT.map(|pair| pair.0));
    let dark = theme(&SEGMENTS.map(|pair| pair.1), &HEAT.map(|pair| pair.1));
    format!(":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n")
}

/// The variable with the colour of a segment; beyond the eighth the colours repeat and the numbers tell.
pub(super) fn segment(id: Option<SegmentId>) -> String {
    match id {
        Some(id) => format!("var(--s{})", id.index() % SEGMENTS.len()),
        None => "var(--mixed)".to_owned(),
    }
}

/// The step of a scaled mean, from 0 (far below 0) over 4 (about 0) to 8 (far above); half a unit each.
pub(super) fn heat_step(value: f64) -> usize {
    // NaN becomes 0 in the conversion and so the lowest step; the cell's text is a dash then.
    ((value * 2.0).round().clamp(-4.0, 4.0) + 4.0) as usize
}

/// Number of steps of the heatmap.
pub(super) const N_HEAT: usize = HEAT.len();

fn theme(segments: &[Rgb], heat: &[Rgb]) -> String {
    let mut out = String::new();
    for (index, colour) in segments.iter().enumerate() {
        out.push_str(&format!("--s{index}:{};", hex(*colour)));
    }
    for (index, colour) in heat.iter().enumerate() {
        out.push_str(&format!("--h{index}:{};--t{index}:{};", hex(*colour), hex(text_on(*colour))));
    }
    out
}

/// Black or white, whichever stands out more.
fn text_on(ground: Rgb) -> Rgb {
    let (black, white) = ([16, 20, 24], [255; 3]);
    if contrast(ground, black) >= contrast(ground, white) { black } else { white }
}

/// The contrast of two colours, from 1 to 21.
///
/// # References
/// WCAG 2.2, contrast ratio and relative luminance.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance([red, green, blue]: Rgb) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Hues that people with any colour blindness tell apart, light screen and dark screen.
///
/// # References
/// Okabe, Ito: *Color Universal Design*, 2008; yellow and black left out, since they vanish on one of the two grounds.
const SEGMENTS: [(Rgb, Rgb); 8] = [
    ([0, 114, 178], [86, 168, 232]),
    ([224, 138, 0], [242, 168, 60]),
    ([0, 148, 108], [52, 190, 146]),
    ([184, 68, 146], [226, 132, 190]),
    ([122, 75, 30], [190, 140, 94]),
    ([40, 160, 214], [140, 208, 244]),
    ([206, 62, 24], [244, 122, 84]),
    ([104, 92, 176], [164, 152, 232]),
];

/// Blue below, orange above: the pair that all kinds of colour blindness keep apart.
const HEAT: [(Rgb, Rgb); 9] = [
    ([11, 79, 138], [166, 208, 245]),
    ([34, 106, 172], [98, 164, 224]),
    ([125, 179, 224], [30, 98, 162]),
    ([201, 223, 242], [32, 66, 102]),
    ([241, 241, 239], [45, 51, 59]),
    ([251, 223, 191], [88, 62, 32]),
    ([244, 178, 107], [140, 80, 18]),
    ([221, 128, 36], [222, 144, 62]),
    ([154, 73, 0], [255, 202, 140]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_every_cell_reaches_the_contrast_of_the_guidelines() {
        for (light, dark) in HEAT {
            for ground in [light, dark] {
                let reached = contrast(ground, text_on(ground));
                assert!(reached >= 4.5, "{} reaches {reached:.2}", hex(ground));
            }
        }
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn steps_are_half_a_unit_and_end_at_two() {
        let steps: Vec<usize> = [-9.0, -2.0, -0.3, -0.2, 0.0, 0.2, 0.3, 9.0].map(heat_step).to_vec();
        assert_eq!(steps, [0, 0, 3, 4, 4, 4, 5, 8]);
        assert!(heat_step(f64::NAN) < N_HEAT);
    }
}
