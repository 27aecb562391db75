//! Generalisation hierarchies.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::AnonymityError;

/// What each value of a column may become, level by level: level 0 is the value itself.
///
/// Checked when built: equally many levels in every row, no value twice, and nested, that is values with equal labels
/// have equal labels one level up. Cheap to clone.
///
/// # Examples
/// ```
/// use consentric::anonymity::Hierarchy;
/// let hierarchy = Hierarchy::parse("city.csv", "Bonn;Germany;*\nKöln;Germany;*\nLille;France;*\n")?;
/// assert_eq!((hierarchy.n_levels(), hierarchy.height(), hierarchy.n_values()), (3, 2, 3));
/// assert_eq!(hierarchy.label(1, hierarchy.value("Köln").unwrap()), Some("Germany"));
/// assert!(hierarchy.has_root());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Hierarchy {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    /// Of every level, the group of every value: the least value with the same label.
    groups: Vec<Vec<u32>>,
    /// Of every level, the label of every value that leads its group; empty elsewhere.
    labels: Vec<Vec<Box<str>>>,
    /// Of every level, the number of values in the group of every leading value; 0 elsewhere.
    sizes: Vec<Vec<u32>>,
    values: BTreeMap<Box<str>, u32>,
}

impl Hierarchy {
    /// Reads the file form: one value a line, its labels from level 0 upwards, `;` between them, no header.
    ///
    /// Text is taken as it is but for the line end; quotes (`"[27, 47["`) are honoured.
    ///
    /// # Errors
    /// [`AnonymityError::Hierarchy`] with the line.
    pub fn parse(source_name: &str, text: &str) -> Result<Self, AnonymityError> {
        // One kind of line break and a sure end, so that every record ends one line further.
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n") + "\n";
        let mut csv =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(b';').from_reader(text.as_bytes());
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        let mut record = csv::StringRecord::new();
        loop {
            let more = csv.read_record(&mut record).map_err(|error| AnonymityError::Read {
                source_name: source_name.to_owned(),
                problem: error.to_string(),
            })?;
            if !more {
                break;
            }
            let inside = record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count() as u64;
            lines.push(csv.position().line().saturating_sub(inside + 1).max(1));
            rows.push(record.iter().map(str::to_owned).collect());
        }
        Self::from_rows_at(source_name, &rows, &|row: usize| lines.get(row).copied().unwrap_or(row as u64 + 1))
    }

    /// Takes the labels of every value, from level 0 upwards.
    ///
    /// # Errors
    /// [`AnonymityError::Hierarchy`] with the row as line, 1-based.
    pub fn from_rows(source_name: &str, rows: &[Vec<String>]) -> Result<Self, AnonymityError> {
        Self::from_rows_at(source_name, rows, &|row: usize| row as u64 + 1)
    }

    fn from_rows_at(
        source_name: &str,
        rows: &[Vec<String>],
        line_of: &dyn Fn(usize) -> u64,
    ) -> Result<Self, AnonymityError> {
        let wrong = |row: usize, problem: String| AnonymityError::Hierarchy {
            source_name: source_name.to_owned(),
            line: line_of(row),
            problem,
        };
        let n_levels = rows.first().map_or(0, Vec::len);
        if n_levels == 0 {
            return Err(wrong(0, "no value; write one a line".to_owned()));
        }
        if rows.len() > u32::MAX as usize {
            return Err(AnonymityError::TooLarge { what: "values in one hierarchy", limit: u64::from(u32::MAX) });
        }
        let mut values = BTreeMap::new();
        for (row, labels) in rows.iter().enumerate() {
            if labels.len() != n_levels {
                return Err(wrong(row, format!("{} levels, the first value has {n_levels}", labels.len())));
            }
            let value = labels.first().map(String::as_str).unwrap_or_default();
            if let Some(before) = values.insert(Box::from(value), row as u32) {
                return Err(wrong(row, format!("value `{value}` stands on line {} already", line_of(before as usize))));
            }
        }
        let mut inner = Inner {
            name: source_name.to_owned(),
            groups: Vec::with_capacity(n_levels),
            labels: Vec::with_capacity(n_levels),
            sizes: Vec::with_capacity(n_levels),
            values,
        };
        let mut below: Option<Vec<u32>> = None;
        for level in 0..n_levels {
            let mut leaders: BTreeMap<&str, u32> = BTreeMap::new();
            let mut groups = Vec::with_capacity(rows.len());
            let mut labels = vec![Box::<str>::default(); rows.len()];
            let mut sizes = vec![0u32; rows.len()];
            let label = |row: usize| rows.get(row).and_then(|labels| labels.get(level)).map_or("", String::as_str);
            for row in 0..rows.len() {
                let leader = *leaders.entry(label(row)).or_insert(row as u32);
                if leader as usize == row
                    && let Some(place) = labels.get_mut(row)
                {
                    *place = label(row).into();
                }
                if let Some(size) = sizes.get_mut(leader as usize) {
                    *size += 1;
                }
                if let Some(under) = below.as_ref().and_then(|below| below.get(row))
                    && label(*under as usize) != label(row)
                {
                    let value = rows.get(row).and_then(|labels| labels.first()).map_or("", String::as_str);
                    let (one, other) = (label(*under as usize), label(row));
                    let problem = format!(
                        "value `{value}` at level {level} is under `{other}`, but its label of level {} is under `{one}` on line {}",
                        level - 1,
                        line_of(*under as usize)
                    );
                    return Err(wrong(row, problem));
                }
                groups.push(leader);
            }
            below = Some(groups.clone());
            inner.groups.push(groups);
            inner.labels.push(labels);
            inner.sizes.push(sizes);
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Gives its name.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Gives the number of levels, level 0 counted.
    pub fn n_levels(&self) -> usize {
        self.inner.groups.len()
    }

    /// Gives the highest level.
    pub fn height(&self) -> usize {
        self.n_levels() - 1
    }

    /// Gives the number of values of level 0: the domain, whether or not the data hold them.
    pub fn n_values(&self) -> usize {
        self.inner.values.len()
    }

    /// Says whether the highest level has one label for all.
    pub fn has_root(&self) -> bool {
        self.inner.groups.last().is_some_and(|groups| groups.iter().all(|leader| *leader == 0))
    }

    /// Gives the number of a value of level 0.
    pub fn value(&self, text: &str) -> Option<u32> {
        self.inner.values.get(text).copied()
    }

    /// Gives the group of a value at a level, as the least value in it.
    pub fn group(&self, level: usize, value: u32) -> Option<u32> {
        self.inner.groups.get(level)?.get(value as usize).copied()
    }

    /// Gives the group of every value at a level.
    pub fn groups(&self, level: usize) -> Option<&[u32]> {
        self.inner.groups.get(level).map(Vec::as_slice)
    }

    /// Gives the number of values in the group of a value at a level.
    pub fn group_size(&self, level: usize, value: u32) -> Option<u32> {
        self.inner.sizes.get(level)?.get(self.group(level, value)? as usize).copied()
    }

    /// Gives the label of a value at a level.
    pub fn label(&self, level: usize, value: u32) -> Option<&str> {
        self.inner.labels.get(level)?.get(self.group(level, value)? as usize).map(|label| &**label)
    }
}

impl fmt::Debug for Hierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hierarchy(`{}`, {} values, {} levels)", self.name(), self.n_values(), self.n_levels())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_lines_of_the_file() {
        let problem = |text: &str| Hierarchy::parse("h", text).unwrap_err().to_string();
        assert_eq!(problem("\n\na;x\n\na;y\n"), "h: line 5: value `a` stands on line 3 already");
        assert!(problem("a;x;1\r\n\r\nb;x;2\r\n").starts_with("h: line 3: value `b` at level 2"));
        assert_eq!(problem("a;\"x\ny\"\nb\n"), "h: line 3: 1 levels, the first value has 2");
        assert_eq!(problem(""), "h: line 1: no value; write one a line");
    }
}
