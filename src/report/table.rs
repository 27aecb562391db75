//! The table for a terminal.

use std::fmt;

use super::label::{self, Column, is_recency};
use super::number::{clean, count, cut, percent, plural, wrap};
use crate::release::{Profile, Release};

/// The segments of a release as a table of at most 100 columns, without colour.
///
/// One line a segment with the median of every feature, one line for all hidden segments, then the warnings, each one
/// sentence. Features that do not fit beside the others follow in a second table below. What is simulated, assumed or
/// not for release says so in the first line.
///
/// # Privacy
/// Shows nothing that the release does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    release: &'a Release,
}

impl<'a> Table<'a> {
    /// Gives the table of a release; print it with `{}`.
    pub const fn new(release: &'a Release) -> Self {
        Self { release }
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<String> = self.release.notices().into_iter().map(str::to_owned).collect();
        let rows = rows(self.release);
        for block in blocks(&rows, cells(self.release, &rows)) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            block.write(self.release, &rows, &mut lines);
        }
        lines.push(String::new());
        lines.extend(wrap(&legend(self.release), WIDTH));
        for warning in self.release.warnings() {
            for (index, line) in wrap(&clean(&warning.to_string()), WIDTH - WARNING.len()).iter().enumerate() {
                lines.push(format!("{:<1$}{line}", if index == 0 { WARNING } else { "" }, WARNING.len()));
            }
        }
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&cut(line, WIDTH))?;
        }
        Ok(())
    }
}

/// One line of the table.
enum Row<'a> {
    Segment(String, &'a Profile),
    Suppressed(u64),
    NoSegment(Option<u64>),
}

/// One column of figures; the lines about hidden things have none.
struct Cells {
    head: String,
    values: Vec<Option<String>>,
    width: usize,
}

/// Columns that fit beside one another.
struct Block {
    label_width: usize,
    columns: Vec<Cells>,
    /// The first block holds the numbers of customers.
    first: bool,
}

fn rows(release: &Release) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> =
        label::shown(release).map(|profile| Row::Segment(label::segment(profile), profile)).collect();
    let hidden = label::n_suppressed(release);
    if hidden > 0 {
        rows.push(Row::Suppressed(hidden));
    }
    if let Some(other) = release.other() {
        rows.push(Row::Segment("all hidden segments together".to_owned(), other));
    }
    if release.n_no_segment() != Some(0) {
        rows.push(Row::NoSegment(release.n_no_segment()));
    }
    rows
}

fn cells(release: &Release, rows: &[Row<'_>]) -> Vec<Cells> {
    let of_profiles = |head: String, figure: &dyn Fn(&Profile) -> String| {
        let values = rows.iter().map(|row| match row {
            Row::Segment(_, profile) => Some(figure(profile)),
            Row::Suppressed(_) | Row::NoSegment(_) => None,
        });
        Cells::new(head, values.collect())
    };
    let customers = rows.iter().map(|row| match row {
        Row::Segment(_, profile) => Some(count(profile.n())),
        Row::Suppressed(_) | Row::NoSegment(None) => Some("<k".to_owned()),
        Row::NoSegment(Some(n)) => Some(count(*n)),
    });
    let mut cells = vec![
        Cells::new("customers".to_owned(), customers.collect()),
        of_profiles("share".to_owned(), &|profile| percent(profile.share())),
    ];
    cells.extend(label::columns(release).iter().map(|column: &Column<'_>| {
        of_profiles(cut(&column.head(), HEAD_WIDTH), &|profile| cut(&column.median(profile), HEAD_WIDTH))
    }));
    if has_revenue(release) {
        let revenue = |profile: &Profile| profile.revenue_share().map_or("–".to_owned(), percent);
        cells.push(of_profiles("revenue".to_owned(), &revenue));
    }
    cells
}

fn blocks(rows: &[Row<'_>], cells: Vec<Cells>) -> Vec<Block> {
    let longest = rows.iter().map(|row| row.label().chars().count()).max().unwrap_or(0);
    let label_width = longest.clamp(LABEL_WIDTH.0, LABEL_WIDTH.1);
    let mut blocks: Vec<Block> = Vec::new();
    let mut used = WIDTH;
    for column in cells {
        let needed = GAP.len() + column.width;
        match blocks.last_mut().filter(|_| used + needed <= WIDTH) {
            Some(block) => block.columns.push(column),
            None => {
                used = label_width;
                blocks.push(Block { label_width, first: blocks.is_empty(), columns: vec![column] });
            }
        }
        used += needed;
    }
    blocks
}

impl Row<'_> {
    fn label(&self) -> &str {
        match self {
            Self::Segment(name, _) => name,
            Self::Suppressed(_) => "suppressed",
            Self::NoSegment(_) => "in no segment",
        }
    }
}

impl Cells {
    fn new(head: String, values: Vec<Option<String>>) -> Self {
        let width = values.iter().flatten().map(|value| value.chars().count()).max().unwrap_or(0);
        let width = width.max(head.chars().count()).max(COLUMN_WIDTH);
        Self { head, values, width }
    }
}

impl Block {
    fn write(&self, release: &Release, rows: &[Row<'_>], lines: &mut Vec<String>) {
        let mut line = format!("{:<1$}", "segment", self.label_width);
        for column in &self.columns {
            line.push_str(&format!("{GAP}{:>1$}", column.head, column.width));
        }
        lines.push(line);
        for (index, row) in rows.iter().enumerate() {
            if !self.first && !matches!(row, Row::Segment(..)) {
                continue;
            }
            let mut line = format!("{:<1$}", cut(row.label(), self.label_width), self.label_width);
            for column in &self.columns {
                if let Some(Some(value)) = column.values.get(index) {
                    line.push_str(&format!("{GAP}{value:>0$}", column.width));
                }
            }
            if let Row::Suppressed(hidden) = row {
                // PRIVACY: a segment hidden to protect a smaller one looks the same, so the text covers both.
                let hidden = plural(*hidden, "segment");
                line.push_str(&format!("{GAP}({hidden} under k = {} or hidden to protect one)", release.k()));
            }
            lines.push(line);
        }
    }
}

fn has_revenue(release: &Release) -> bool {
    label::shown(release).chain(release.other()).any(|profile| profile.revenue_share().is_some())
}

fn legend(release: &Release) -> String {
    let mut text = "Features: medians.".to_owned();
    if release.features().iter().any(is_recency) {
        text.push_str(&format!(" Last order: days before {}.", release.analysis_date()));
    }
    if has_revenue(release) {
        text.push_str(" Revenue: share of all spend.");
    }
    text
}

const WIDTH: usize = 100;
const GAP: &str = "  ";
const WARNING: &str = "warning: ";
/// Least and most characters of the first column.
const LABEL_WIDTH: (usize, usize) = (19, 36);
/// Least characters of a figure's column, so that short heads do not crowd.
const COLUMN_WIDTH: usize = 6;
/// Most characters of a feature's name and of its figures.
const HEAD_WIDTH: usize = 16;

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::sample;
    use super::*;
    use crate::feature::Unit;
    use crate::warning::Warning;

    fn widest(table: &str) -> usize {
        table.lines().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    #[test]
    fn a_release_by_recency_frequency_and_spend_reads_like_a_shop_talks() {
        assert_snapshot!(Table::new(&sample::release()).to_string().replace('\u{202f}', " "), @r"
        segment                       customers   share  last order  purchase days  spend USD  revenue
        0 hibernating, lower spend          540  32.9 %     457.0 d              1      14.96    7.2 %
        1 about to sleep                    412  25.1 %     391.5 d              1      41.55   13.8 %
        2 potential loyalists               301  18.4 %      98.0 d              3      73.20   17.4 %
        3 champions                         218  13.3 %      24.0 d              8     259.35   41.2 %
        4 need attention                    133   8.1 %     164.0 d              4     148.10   12.7 %
        suppressed                           <k  (2 segments under k = 20 or hidden to protect one)
        all hidden segments together         36   2.2 %     201.0 d              5     311.00    7.7 %

        Features: medians. Last order: days before 1998-07-01. Revenue: share of all spend.
        warning: 2 segments are hidden so that none with fewer than 20 customers can be read off; ask for
                 fewer segments
        ");
    }

    #[test]
    fn other_features_stand_under_their_own_names() {
        let features = [("visits", Unit::Number), ("basket", Unit::Number)];
        assert_snapshot!(Table::new(&sample::single(&features, "all")).to_string().replace('\u{202f}', " "), @r"
        segment              customers    share  visits  basket
        0 all                    1 640  100.0 %       0    3.25

        Features: medians.
        ");
    }

    #[test]
    fn what_is_simulated_or_not_for_release_says_so_first() {
        let mut release = sample::release();
        release.suppression = false;
        release.warnings.extend([Warning::SimulatedConsent, Warning::NotForRelease]);
        let table = Table::new(&release).to_string();
        let first: Vec<&str> = table.lines().take(2).collect();
        assert_eq!(first[0], "SIMULATED CONSENT: made for this demonstration, no real choices");
        assert!(first[1].starts_with("NOT FOR RELEASE"));
        release.warnings = vec![Warning::AssumedLawful];
        assert!(Table::new(&release).to_string().starts_with("ASSUMED LAWFUL: "));
    }

    #[test]
    fn no_line_is_longer_than_a_hundred_characters() {
        let names: Vec<String> = (0..12).map(|index| format!("a_feature_with_a_long_name_{index}")).collect();
        let features: Vec<(&str, Unit)> = names.iter().map(|name| (name.as_str(), Unit::Number)).collect();
        let mut release = sample::single(&features, &"very long name ".repeat(20));
        release.k = u64::MAX;
        release.n_no_segment = None;
        release.warnings = vec![Warning::ConstantFeature { feature: "x".repeat(300) }];
        release.segments.push(crate::release::SegmentProfile::Suppressed(crate::segment::SegmentId(1)));
        let table = Table::new(&release).to_string();
        assert!(widest(&table) <= WIDTH, "{table}");
        assert_eq!(table.matches("a_feature_with").count(), 12, "{table}");
        assert!(table.contains("in no segment"));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let table = Table::new(&sample::single(&sample::RFM, "\u{1b}[31mred\nnew line")).to_string();
        assert!(!table.contains('\u{1b}'));
        assert!(table.contains("[31mred new line"), "{table}");
    }

    #[test]
    fn hidden_segments_show_only_together() {
        let table = Table::new(&sample::all_hidden()).to_string();
        assert!(table.contains("(3 segments under k = 20 or hidden to protect one)"), "{table}");
        assert!(table.contains("all hidden segments together         36"), "{table}");
    }

    #[test]
    fn a_release_without_features_still_has_its_customers() {
        assert!(Table::new(&sample::single(&[], "all")).to_string().contains("1\u{202f}640"));
    }
}
