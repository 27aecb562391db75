//! Random problems from a seed.

use super::problem::{AbsentClasses, Aggregate, Attacker, Criterion, Entropy, KMapEstimator, Metric, Problem, Profit};
use super::table::{NaiveHierarchy, NaiveTable};
use std::collections::BTreeMap;

/// A tiny generator (splitmix64): the same seed gives the same problem for ever.
#[derive(Clone, Debug)]
pub struct NaiveRandom(u64);

impl NaiveRandom {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 <= x < bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.word() % bound as u64) as usize
    }

    /// Both ends included.
    pub fn between(&mut self, least: usize, greatest: usize) -> usize {
        least + self.below(greatest - least + 1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// At most 5 quasi-identifiers, 200 rows and 400 nodes; every criterion, metric, aggregate and option comes up.
pub fn random_problem(seed: u64) -> Problem {
    let mut random = NaiveRandom::new(seed);
    let n_rows = match random.below(10) {
        0 => random.between(1, 8),
        1..=6 => random.between(9, 60),
        _ => random.between(61, 200),
    };
    let mut hierarchies = BTreeMap::new();
    let (mut columns, mut cells): (Vec<String>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
    let (mut qi, mut lattice) = (Vec::new(), 1);
    for d in 0..random.between(1, 5) {
        let name = format!("q{d}");
        let hierarchy = random_hierarchy(&mut random, d, false);
        lattice *= hierarchy.height() + 1;
        if lattice > 400 {
            break;
        }
        // Not every value of the hierarchy occurs; low ones occur more often.
        let used = random.between(1, hierarchy.rows.len());
        cells.push((0..n_rows).map(|_| hierarchy.rows[skewed(&mut random, used)][0].clone()).collect());
        columns.push(name.clone());
        qi.push(name.clone());
        hierarchies.insert(name, hierarchy);
    }
    let (mut sensitive, mut numeric) = (Vec::new(), Vec::new());
    for s in 0..random.between(1, 2) {
        let name = format!("s{s}");
        let column: Vec<String> = if random.chance(30) {
            numeric.push(name.clone());
            let used = random.between(1, 8);
            // 2 and 2.0 are one number; 10 stands after 9.
            let texts = ["2", "9", "10", "2.0", "-1", "0.5", "100", " 7"];
            (0..n_rows).map(|_| texts[skewed(&mut random, used)].to_owned()).collect()
        } else {
            let hierarchy = random_hierarchy(&mut random, 10 + s, true);
            let used = random.between(1, hierarchy.rows.len().min(6));
            let column = (0..n_rows).map(|_| hierarchy.rows[skewed(&mut random, used)][0].clone()).collect();
            hierarchies.insert(name.clone(), hierarchy);
            column
        };
        columns.push(name.clone());
        cells.push(column);
        sensitive.push(name);
    }
    columns.push("note".to_owned());
    cells.push((0..n_rows).map(|row| random.pick(&["x".to_owned(), "y, z".to_owned(), format!("n{row}")])).collect());
    // The order of the columns in the file is not that of the roles.
    if random.chance(50) {
        columns.reverse();
        cells.reverse();
    }
    if random.chance(30) {
        qi.reverse();
    }
    let rows = (0..n_rows).map(|row| cells.iter().map(|column| column[row].clone()).collect()).collect();
    let table = NaiveTable { columns, rows };

    let subset = random.chance(40).then(|| {
        let percent = random.between(20, 95);
        let mut rows: Vec<usize> = (0..n_rows).filter(|_| random.chance(percent)).collect();
        if rows.is_empty() {
            rows.push(random.below(n_rows));
        }
        rows
    });
    let profit = Profit {
        benefit: random.pick(&[100.0, 50.0, 12.5]),
        loss: random.pick(&[300.0, 100.0, 40.0]),
        gain: random.pick(&[250.0, 100.0, 40.0]),
        cost: random.pick(&[30.0, 50.0, 7.0]),
    };
    let mut problem = Problem {
        table,
        sensitive,
        numeric,
        orders: BTreeMap::new(),
        hierarchies,
        subset,
        criteria: Vec::new(),
        absent: if random.chance(50) { AbsentClasses::Check } else { AbsentClasses::Skip },
        suppression: random.pick(&[0.0, 0.02, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0]),
        metric: random.pick(&Metric::ALL),
        aggregate: None,
        gs: random.pick(&[0.0, 0.25, 0.33, 0.5, 0.5, 0.66, 0.75, 1.0]),
        weights: BTreeMap::new(),
        levels: BTreeMap::new(),
        profit,
        qi,
    };
    if random.chance(70) && problem.metric.default_aggregate().is_some() {
        problem.aggregate = Some(random.pick(&Aggregate::ALL));
    }
    if random.chance(40) {
        for column in problem.qi.clone() {
            if random.chance(70) {
                problem.weights.insert(column, random.pick(&[1.0, 2.0, 3.0, 0.5, 0.25]));
            }
        }
    }
    if random.chance(15) {
        let column = random.pick(&problem.qi);
        let height = problem.hierarchy(&column).height();
        let least = random.between(0, height);
        problem.levels.insert(column, (least, random.between(least, height)));
    }
    random_criteria(&mut random, &mut problem);
    problem
}

/// Low numbers come more often.
fn skewed(random: &mut NaiveRandom, bound: usize) -> usize {
    random.below(bound).min(random.below(bound))
}

/// Up to three rules, at most one of a kind and column, so that each is one flag of the program.
fn random_criteria(random: &mut NaiveRandom, problem: &mut Problem) {
    let has_subset = problem.subset.is_some();
    let mut kinds: Vec<&str> = Vec::new();
    for _ in 0..random.between(1, 3) {
        let mut offered = vec!["k", "l", "t", "l", "t", "beta", "disclosure", "map", "profit", "average", "unique"];
        if has_subset {
            offered.extend(["presence", "presence", "inclusion"]);
        }
        let kind = random.pick(&offered);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    for kind in kinds {
        // A rule on values: on one sensitive column or on all of them.
        let columns = if random.chance(40) { problem.sensitive.clone() } else { vec![random.pick(&problem.sensitive)] };
        match kind {
            "k" => problem.criteria.push(Criterion::K(random.between(1, 6) as u64)),
            "l" => {
                for column in columns {
                    let rule = match random.below(4) {
                        0 => Criterion::DistinctL { column, l: random.between(1, 4) as u64 },
                        1 => Criterion::EntropyL { column, l: real_l(random), estimator: Entropy::Shannon },
                        2 => Criterion::EntropyL { column, l: real_l(random), estimator: Entropy::Grassberger },
                        _ => Criterion::RecursiveL {
                            column,
                            c: random.pick(&[0.5, 1.0, 1.5, 2.0, 4.0]),
                            l: random.between(1, 3) as u64,
                        },
                    };
                    problem.criteria.push(rule);
                }
            }
            "t" => {
                for column in columns {
                    let t = random.pick(&[0.05, 0.1, 0.2, 0.3, 0.5, 0.7]);
                    let rule = match random.below(3) {
                        0 => Criterion::TEqual { column, t },
                        1 if problem.hierarchies.contains_key(&column) => Criterion::THierarchical { column, t },
                        _ => Criterion::TOrdered { column, t },
                    };
                    problem.criteria.push(rule);
                }
            }
            "beta" => {
                for column in columns {
                    let beta = random.pick(&[0.5, 1.0, 2.0, 4.0]);
                    problem.criteria.push(Criterion::Beta { column, beta, enhanced: random.chance(50) });
                }
            }
            "disclosure" => {
                for column in columns {
                    let delta = random.pick(&[0.5, 1.0, 1.7, 2.5]);
                    problem.criteria.push(Criterion::DeltaDisclosure { column, delta });
                }
            }
            "presence" => {
                let lo = random.pick(&[0.0, 0.0, 0.1, 0.25, 0.5]);
                let hi = random.pick(&[0.5, 0.6, 0.75, 0.9, 1.0]);
                problem.criteria.push(Criterion::DeltaPresence { lo, hi });
            }
            "map" if has_subset => problem.criteria.push(Criterion::KMapTable(random.between(1, 8) as u64)),
            "map" => {
                let rows = problem.table.rows.len() as f64;
                problem.criteria.push(Criterion::KMapEstimated {
                    k: random.between(2, 8) as u64,
                    population: (rows * random.pick(&[1.5, 2.0, 5.0, 20.0])).ceil(),
                    significance: random.pick(&[0.01, 0.05, 0.1]),
                    estimator: random.pick(&[KMapEstimator::Poisson, KMapEstimator::ZeroTruncated]),
                });
            }
            "profit" => problem.criteria.push(Criterion::Profitability(random.pick(&[
                Attacker::Prosecutor,
                Attacker::Journalist,
                Attacker::ProsecutorNoAttack,
                Attacker::JournalistNoAttack,
            ]))),
            "average" => problem.criteria.push(Criterion::AverageRisk(random.pick(&[0.05, 0.1, 0.2, 0.35, 0.5]))),
            "unique" => {
                problem.criteria.push(Criterion::SampleUniqueness(random.pick(&[0.0, 0.02, 0.05, 0.1, 0.25])));
            }
            _ => problem.criteria.push(Criterion::Inclusion),
        }
    }
}

fn real_l(random: &mut NaiveRandom) -> f64 {
    random.pick(&[1.0, 1.3, 1.7, 2.0, 2.4, 3.0])
}

/// Values joined level by level by random neighbours; the top is one label, but not always where it need not be.
/// Sometimes the missing value is one of them, sometimes a label holds a comma or a blank.
fn random_hierarchy(random: &mut NaiveRandom, number: usize, rooted: bool) -> NaiveHierarchy {
    let size = random.between(1, 12);
    let height = if rooted { random.between(1, 3) } else { random.between(0, 3) };
    let missing = height > 0 && random.chance(20);
    let style = random.below(3);
    let value = |at: usize| match (style, at) {
        (_, 0) if missing => String::new(),
        (0, _) => format!("{}{number}", (b'a' + at as u8) as char),
        (1, _) => format!("[{at}, {}[", at + 1),
        _ => format!(" v {at}"),
    };
    let mut rows: Vec<Vec<String>> = (0..size).map(|at| vec![value(at)]).collect();
    let mut group: Vec<usize> = (0..size).collect();
    let top_is_root = rooted || random.chance(85);
    for level in 1..=height {
        let joins = random.between(1, 3);
        let root = level == height && top_is_root;
        // Neighbouring groups join; the same label may stand on two levels.
        let mut name = 0;
        let mut next = group.clone();
        for at in 1..size {
            if group[at] != group[at - 1] && random.below(joins + 1) == 0 {
                name += 1;
            }
            next[at] = name;
        }
        next[0] = 0;
        if root {
            next.fill(0);
        }
        group = next;
        for (row, &group) in rows.iter_mut().zip(&group) {
            row.push(if root { "*".to_owned() } else { format!("g{group}") });
        }
    }
    // The file need not list neighbours together.
    if random.chance(30) {
        for at in (1..rows.len()).rev() {
            rows.swap(at, random.below(at + 1));
        }
    }
    NaiveHierarchy { rows }
}
