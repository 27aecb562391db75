//! Every claim of a solution, one after the other.

use std::collections::BTreeMap;

use super::Output;
use super::class::{Class, Whole};
use super::label::{Expected, is_mean};
use super::loss::{Column, Lost, information_loss, loss};
use super::reading::read;
use super::rules::{Context, checks_absent, keeps, keeps_absent, sample_keeps};
use crate::anonymity::{AnonymityError, Anonymization, Claims, Table, TableColumn};

/// Checks an output and all that is claimed of it.
pub(super) fn check(
    table: &Table,
    asked: &Anonymization,
    claims: &Claims,
    output: &Output,
) -> Result<(), AnonymityError> {
    if !claims.anonymous {
        return Err(refused("it does not claim to be anonymous"));
    }
    let released: Vec<usize> =
        (0..table.n_rows()).filter(|row| asked.subset.as_ref().is_none_or(|subset| subset.contains(*row))).collect();
    let columns = asked.quasi.iter().map(|quasi| table.column(&quasi.column)).collect::<Result<Vec<_>, _>>()?;
    let labels = read(table, &columns, &released, output)?;
    let wholes = wholes(table, asked, &released)?;
    let expected: Vec<Expected<'_>> = match &claims.transformation {
        Some(levels) if levels.len() == asked.quasi.len() => asked
            .quasi
            .iter()
            .zip(levels)
            .map(|(quasi, level)| {
                let hierarchy = quasi.hierarchy.as_ref();
                let allowed = quasi.levels.is_none_or(|(min, max)| (min..=max).contains(level));
                let fits = hierarchy.is_some_and(|hierarchy| *level < hierarchy.n_levels()) && allowed;
                let found = hierarchy.filter(|_| fits).map(|hierarchy| Expected::AtLevel { hierarchy, level: *level });
                found.ok_or_else(|| refused(&format!("column `{}` has no level {level}", quasi.column)))
            })
            .collect::<Result<_, _>>()?,
        Some(levels) => return Err(refused(&format!("{} levels for {} columns", levels.len(), asked.quasi.len()))),
        None => asked.quasi.iter().map(|quasi| Expected::Local { hierarchy: quasi.hierarchy.as_ref() }).collect(),
    };

    // Every label is one the value may have, or the row is suppressed as a whole.
    let mut would_be: Vec<Vec<String>> = Vec::new();
    let mut is_suppressed = vec![false; released.len()];
    for (place, (row, found)) in released.iter().zip(&labels).enumerate() {
        let own: Option<Vec<String>> =
            expected.iter().zip(&columns).map(|(expected, column)| expected.own(column.text_at(*row))).collect();
        let all_hidden = found.iter().all(|label| label == SUPPRESSED);
        if let Some(own) = own {
            if own != *found {
                if !all_hidden {
                    return Err(refused(&format!("row {row}: a label is not that of the value at the stated level")));
                }
                if let Some(flag) = is_suppressed.get_mut(place) {
                    *flag = true;
                }
            }
            would_be.push(own);
        } else {
            for ((expected, column), label) in expected.iter().zip(&columns).zip(found) {
                if !expected.may_be(column, *row, label) {
                    let column = column.name();
                    return Err(refused(&format!("row {row}, column `{column}`: the label does not hold the value")));
                }
            }
            would_be.push(found.clone());
        }
    }

    let mut classes = group(table, &released, &would_be, &wholes);
    let population = asked.subset.is_some();
    if population {
        for row in 0..table.n_rows() {
            let own: Option<Vec<String>> =
                expected.iter().zip(&columns).map(|(expected, column)| expected.own(column.text_at(row))).collect();
            if let Some(own) = own {
                let class = classes.entry(own).or_insert_with(|| Class { example: row, ..Class::default() });
                class.n_population += 1;
            }
        }
    } else {
        classes.values_mut().for_each(|class| class.n_population = class.n);
    }
    means(&expected, &columns, &released, &labels)?;

    // Whole classes are suppressed, never a part of one.
    let mut failed: BTreeMap<&[String], bool> = BTreeMap::new();
    for (own, suppressed) in would_be.iter().zip(&is_suppressed) {
        if *failed.entry(own.as_slice()).or_insert(*suppressed) != *suppressed {
            return Err(refused("a class is suppressed in part"));
        }
    }
    let mut columns_lost = lost_columns(asked, claims, &columns, &released, &is_suppressed)?;
    let lost_of = |key: &[String], class: &Class, is_failed: bool| Lost {
        n: class.n,
        n_population: class.n_population,
        is_failed,
        covered: asked
            .quasi
            .iter()
            .zip(&expected)
            .zip(key)
            .zip(&columns)
            .map(|(((quasi, expected), label), column)| {
                quasi
                    .hierarchy
                    .as_ref()
                    .map_or(0, |hierarchy| expected.covered(hierarchy, column.text_at(class.example), label))
            })
            .collect(),
    };
    let has_hierarchies = columns_lost.len() == asked.quasi.len();
    let fails = |key: &[String], class: &Class, columns_lost: &[Column<'_>]| {
        let lost = lost_of(key, class, false);
        let loss_of = |_: &Class| if has_hierarchies { information_loss(columns_lost, &lost) } else { 0.0 };
        let context = Context {
            n: released.len() as u64,
            n_population: table.n_rows() as u64,
            wholes: &wholes,
            information_loss: &loss_of,
        };
        for criterion in &asked.criteria {
            if !keeps(class, criterion, &context)? {
                return Ok::<_, AnonymityError>(Some(criterion.name()));
            }
        }
        Ok(None)
    };
    let everywhere_root = |key: &[String]| {
        asked.quasi.iter().zip(&expected).zip(key).all(|((quasi, expected), label)| {
            quasi.hierarchy.as_ref().is_some_and(|hierarchy| hierarchy.has_root() && expected.is_root(hierarchy, label))
        })
    };
    // Rows whose own labels are all `*` look alike kept and suppressed: the text being equal, the claim decides, and a
    // class that is claimed to be kept must deserve it.
    let star = vec![SUPPRESSED.to_owned(); columns.len()];
    let mut star_failed = false;
    if let Some(class) = classes.get(&star).filter(|class| class.n > 0)
        && claims.suppressed == class.n + is_suppressed.iter().filter(|flag| **flag).count() as u64
    {
        star_failed = true;
        is_suppressed.iter_mut().zip(&would_be).filter(|(_, own)| **own == star).for_each(|(flag, _)| *flag = true);
        columns_lost = lost_columns(asked, claims, &columns, &released, &is_suppressed)?;
    }

    // Every criterion, on every kept class.
    let checked_absent = checks_absent(asked.absent_classes, &asked.criteria);
    let mut losses = Vec::with_capacity(classes.len());
    let (mut kept, mut fully, mut absent) = (Vec::new(), 0, 0);
    let (mut sample, mut suppressed) = (Vec::new(), 0);
    for (key, class) in &classes {
        if class.n == 0 {
            for criterion in &asked.criteria {
                absent += u64::from(!keeps_absent(criterion, true));
                if !keeps_absent(criterion, checked_absent) {
                    return Err(refused("a class without a released row breaks delta-presence"));
                }
            }
            continue;
        }
        let is_failed = failed.get(key.as_slice()).copied().unwrap_or(false) || (star_failed && *key == star);
        if !is_failed && let Some(criterion) = fails(key, class, &columns_lost)? {
            return Err(refused(&format!("the class of row {} does not keep {criterion}", class.first_row)));
        }
        if is_failed {
            suppressed += class.n;
        } else {
            kept.push(class.n);
            if everywhere_root(key) {
                fully += class.n;
            } else {
                sample.push(class.n);
            }
        }
        losses.push(lost_of(key, class, is_failed));
    }
    for criterion in &asked.criteria {
        if !sample_keeps(&sample, criterion) {
            return Err(refused(&format!("the table does not keep {}", criterion.name())));
        }
    }
    let n = released.len() as u64;
    if suppressed > asked.limit.rows(n) {
        return Err(refused(&format!("{suppressed} rows are suppressed, {} may be", asked.limit.rows(n))));
    }
    let equal = |what: &str, claimed: u64, found: u64| {
        if claimed == found { Ok(()) } else { Err(refused(&format!("{what}: {claimed} claimed, {found} found"))) }
    };
    equal("suppressed rows", claims.suppressed, suppressed)?;
    equal("classes", claims.classes, kept.len() as u64)?;
    equal("smallest class", claims.min_class, kept.iter().copied().min().unwrap_or(0))?;
    equal("rows outside the subset", claims.outside_subset, (table.n_rows() - released.len()) as u64)?;
    equal("fully generalised rows", claims.fully_generalised, fully)?;
    equal("absent classes that break delta-presence", claims.absent_violations, absent)?;
    if has_hierarchies && let Some(found) = loss(asked, &columns_lost, &losses) {
        let near = |claimed: &f64, found: &f64| {
            (claimed - found).abs() <= 1e-9 * found.abs().max(1.0) || (claimed.is_infinite() && claimed == found)
        };
        if found.len() != claims.loss.len()
            || !claims.loss.iter().zip(&found).all(|(claimed, found)| near(claimed, found))
        {
            return Err(refused(&format!("loss: {:?} claimed, {found:?} found", claims.loss)));
        }
    }
    Ok(())
}

fn wholes(table: &Table, asked: &Anonymization, released: &[usize]) -> Result<Vec<Whole>, AnonymityError> {
    let mut wholes: Vec<Whole> = Vec::new();
    for name in asked.criteria.iter().filter_map(|criterion| criterion.column()) {
        if wholes.iter().any(|whole| whole.name == name) {
            continue;
        }
        let column = table.column(name)?;
        let mut counts = BTreeMap::new();
        for row in released {
            *counts.entry(value_at(column, *row)).or_insert(0) += 1;
        }
        wholes.push(Whole {
            name: name.to_owned(),
            counts,
            ranks: column.ranks(),
            n_values: column.n_values(),
            texts: (0..column.n_values() as u32).map(|value| column.text_of_value(value).to_owned()).collect(),
        });
    }
    // Values that only the population holds are in no count; the order of values knows them all the same.
    Ok(wholes)
}

fn group(table: &Table, released: &[usize], labels: &[Vec<String>], wholes: &[Whole]) -> BTreeMap<Vec<String>, Class> {
    let sensitive: Vec<&TableColumn> = wholes.iter().filter_map(|whole| table.column(&whole.name).ok()).collect();
    let mut classes: BTreeMap<Vec<String>, Class> = BTreeMap::new();
    for (row, labels) in released.iter().zip(labels) {
        if !classes.contains_key(labels) {
            let sensitive = vec![BTreeMap::new(); sensitive.len()];
            classes.insert(labels.clone(), Class { sensitive, first_row: *row, example: *row, ..Class::default() });
        }
        let Some(class) = classes.get_mut(labels) else { continue };
        class.n += 1;
        for (counts, column) in class.sensitive.iter_mut().zip(&sensitive) {
            *counts.entry(value_at(column, *row)).or_default() += 1;
        }
    }
    classes
}

/// Whether labels that are numbers are the means of their classes.
fn means(
    expected: &[Expected<'_>],
    columns: &[&TableColumn],
    released: &[usize],
    labels: &[Vec<String>],
) -> Result<(), AnonymityError> {
    for (place, (expected, column)) in expected.iter().zip(columns).enumerate() {
        let Expected::Local { hierarchy: None } = expected else { continue };
        // The label of the class, the sum of its values, their number, and whether one differs from the label.
        let mut classes: BTreeMap<&[String], (f64, u64, bool)> = BTreeMap::new();
        for (row, found) in released.iter().zip(labels) {
            let Some(label) = found.get(place).filter(|label| is_mean(label)) else { continue };
            let text = column.text_at(*row);
            let class = classes.entry(found.as_slice()).or_default();
            class.0 += text.trim().parse::<f64>().unwrap_or(f64::NAN);
            class.1 += 1;
            class.2 |= text != label;
        }
        for (found, (sum, n, differs)) in classes {
            let label = found.get(place).and_then(|label| label.parse::<f64>().ok()).unwrap_or(f64::NAN);
            let mean = sum / n as f64;
            let is_mean = (label - mean).abs() <= 1e-9 * mean.abs().max(1.0);
            if differs && !is_mean {
                return Err(refused(&format!("a label of column `{}` is not the mean of its class", column.name())));
            }
        }
    }
    Ok(())
}

fn lost_columns<'a>(
    asked: &'a Anonymization,
    claims: &Claims,
    columns: &[&TableColumn],
    released: &[usize],
    is_suppressed: &[bool],
) -> Result<Vec<Column<'a>>, AnonymityError> {
    let weight_of = |name: &str| {
        let given = asked.quality.weights.iter().rev().find(|(column, _)| column == name);
        given.map_or(1.0, |(_, weight)| *weight)
    };
    let largest = asked.quasi.iter().map(|quasi| weight_of(&quasi.column)).fold(0.0, f64::max);
    let mut found = Vec::with_capacity(columns.len());
    for (place, (quasi, column)) in asked.quasi.iter().zip(columns).enumerate() {
        let Some(hierarchy) = &quasi.hierarchy else { continue };
        let mut values: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        for (row, suppressed) in released.iter().zip(is_suppressed) {
            let value = hierarchy
                .value(column.text_at(*row))
                .ok_or_else(|| AnonymityError::NotInHierarchy { row: *row as u64, column: quasi.column.clone() })?;
            let counts = values.entry(value).or_default();
            counts.0 += u64::from(*suppressed);
            counts.1 += 1;
        }
        let level = claims.transformation.as_ref().and_then(|levels| levels.get(place)).copied();
        found.push(Column { hierarchy, level, weight: weight_of(&quasi.column) / largest, values });
    }
    Ok(found)
}

fn value_at(column: &TableColumn, row: usize) -> u32 {
    column.text_codes().at(row).map_or(0, |code| column.value_of(code))
}

pub(super) fn refused(problem: &str) -> AnonymityError {
    AnonymityError::NotVerified { problem: problem.to_owned() }
}

const SUPPRESSED: &str = "*";
