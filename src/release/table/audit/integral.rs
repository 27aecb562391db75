//! Bounds over whole numbers where linear bounds may be too wide.

use super::tableau::{Allowance, TooLarge};

/// The greatest (`most`) or least value of `variable` over whole numbers that solve the equations as `truth` does,
/// searched from the linear bound `from` towards the true value.
///
/// # Complexity
/// Exponential in the number of cells; the allowance ends it.
pub(super) fn bound(
    equations: &[Vec<(usize, i8)>],
    truth: &[i128],
    variable: usize,
    from: i128,
    most: bool,
    allowance: &mut Allowance,
) -> Result<i128, TooLarge> {
    let constants: Option<Vec<i128>> = equations
        .iter()
        .map(|terms| {
            terms.iter().try_fold(0i128, |sum, (cell, sign)| {
                sum.checked_add(i128::from(*sign) * truth.get(*cell).copied().unwrap_or(0))
            })
        })
        .collect();
    let search = Search { equations, constants: constants.ok_or(TooLarge)? };
    let own = truth.get(variable).copied().ok_or(TooLarge)?;
    let mut value = from;
    while value != own {
        let mut domains = vec![(0, MOST_VALUE); truth.len()];
        if let Some(domain) = domains.get_mut(variable) {
            *domain = (value, value);
        }
        if search.feasible(domains, allowance)? {
            break;
        }
        value += if most { -1 } else { 1 };
    }
    Ok(value)
}

struct Search<'a> {
    equations: &'a [Vec<(usize, i8)>],
    constants: Vec<i128>,
}

impl Search<'_> {
    /// Whether whole numbers within the domains solve all equations; halves the narrowest open domain, depth first.
    fn feasible(&self, domains: Vec<(i128, i128)>, allowance: &mut Allowance) -> Result<bool, TooLarge> {
        let mut open = vec![domains];
        while let Some(mut domains) = open.pop() {
            if !self.narrow(&mut domains, allowance)? {
                continue;
            }
            let widths = domains.iter().enumerate().filter(|(_, (low, high))| low < high);
            let Some((place, (low, high))) = widths.min_by_key(|(place, (low, high))| (high - low, *place)) else {
                return Ok(true);
            };
            let (low, high) = (*low, *high);
            let middle = low + (high - low) / 2;
            for half in [(middle + 1, high), (low, middle)] {
                let mut part = domains.clone();
                if let Some(domain) = part.get_mut(place) {
                    *domain = half;
                }
                open.push(part);
            }
        }
        Ok(false)
    }

    /// Shrinks the domains to what each equation leaves of them; `false` if nothing is left.
    fn narrow(&self, domains: &mut [(i128, i128)], allowance: &mut Allowance) -> Result<bool, TooLarge> {
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for (terms, constant) in self.equations.iter().zip(&self.constants) {
                allowance.spend(terms.len() * COST)?;
                let (mut least, mut most) = (0i128, 0i128);
                for (cell, sign) in terms {
                    let (low, high) = domains.get(*cell).copied().unwrap_or((0, 0));
                    (least, most) = if *sign > 0 { (least + low, most + high) } else { (least - high, most - low) };
                }
                if least > *constant || most < *constant {
                    return Ok(false);
                }
                for (cell, sign) in terms {
                    let Some(domain) = domains.get_mut(*cell) else { continue };
                    let (low, high) = *domain;
                    // What the other terms leave for this one.
                    let new = if *sign > 0 {
                        (low.max(constant - most + high), high.min(constant - least + low))
                    } else {
                        (low.max(least + high - constant), high.min(most + low - constant))
                    };
                    if new.0 > new.1 {
                        return Ok(false);
                    }
                    if new != *domain {
                        *domain = new;
                        changed = true;
                        // The sums still hold the old ends; they are only wider, so nothing is lost.
                    }
                }
            }
        }
        Ok(true)
    }
}

/// Most hidden cells of a component that are searched.
pub(super) const MOST_CELLS: usize = 24;
/// Larger than any count, small enough for sums.
const MOST_VALUE: i128 = 1 << 80;
/// A step of the search costs about as much as this many entries of a tableau.
const COST: usize = 8;
