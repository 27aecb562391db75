//! Every metric and criterion on the adult data, against the naive twin: the optimum over three columns, and one node
//! over nine.

#[path = "model/naive_anonymity/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the twin knows more than this test asks")]
mod naive;
#[path = "shared/of_twin.rs"]
mod of_twin;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use consentric::anonymity::{Outcome, SearchBudget};
use naive::problem::{Attacker, Criterion, Entropy, KMapEstimator, Metric, Problem, Profit};
use naive::table::{NaiveHierarchy, NaiveTable};
use of_twin::{anonymization, near, table};
use rayon::prelude::*;

struct Adult {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    subset: Vec<Vec<String>>,
    hierarchies: BTreeMap<String, NaiveHierarchy>,
}

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
}

fn adult() -> Option<Adult> {
    let root = std::env::var_os("CONSENTRIC_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let folder = root.join("adult");
    let Ok(text) = fs::read_to_string(folder.join("adult.csv")) else {
        println!("skipped: {} is not there", folder.display());
        return None;
    };
    let mut data = rows(&text);
    let columns = data.remove(0);
    let mut subset = rows(&fs::read_to_string(folder.join("adult_subset.csv")).unwrap());
    subset.remove(0);
    let hierarchy = |name: &String| {
        let text = fs::read_to_string(folder.join(format!("adult_hierarchy_{name}.csv"))).unwrap();
        (name.clone(), NaiveHierarchy { rows: rows(&text) })
    };
    let hierarchies = columns.iter().map(hierarchy).collect();
    Some(Adult { columns, rows: data, subset, hierarchies })
}

impl Adult {
    /// Occupation, age and salary class are sensitive where they are no quasi-identifier.
    fn problem(&self, qi: &[&str]) -> Problem {
        let table = NaiveTable { columns: self.columns.clone(), rows: self.rows.clone() };
        let mut problem = Problem::new(table, qi, qi.iter().map(|name| self.hierarchies[*name].clone()).collect());
        let sensitive = ["occupation", "age", "salary-class"].into_iter().filter(|name| !qi.contains(name));
        problem.sensitive = sensitive.map(str::to_owned).collect();
        problem.numeric = problem.sensitive.iter().filter(|name| *name == "age").cloned().collect();
        problem.hierarchies.extend(self.hierarchies.clone());
        problem.criteria = vec![Criterion::K(5)];
        problem.suppression = 0.02;
        problem.profit = Profit { benefit: 1200.0, loss: 300.0, gain: 300.0, cost: 4.0 };
        problem
    }

    fn subset(&self) -> Vec<usize> {
        let mut places: BTreeMap<&Vec<String>, Vec<usize>> = BTreeMap::new();
        for (place, row) in self.rows.iter().enumerate().rev() {
            places.entry(row).or_default().push(place);
        }
        let mut found: Vec<usize> = self.subset.iter().map(|row| places.get_mut(row).unwrap().pop().unwrap()).collect();
        found.sort_unstable();
        found
    }

    /// Every metric under k-anonymity, then every criterion under `loss`.
    fn problems(&self, qi: &[&str]) -> Vec<(String, Problem)> {
        let mut problems = Vec::new();
        for metric in Metric::ALL {
            for gs in [0.5, 0.3, 0.7] {
                problems.push((format!("{} at gs {gs}", metric.name()), Problem { metric, gs, ..self.problem(qi) }));
            }
        }
        let occupation = || "occupation".to_owned();
        let age = || "age".to_owned();
        let mut with = |name: &str, criteria: Vec<Criterion>, subset: bool| {
            let subset = subset.then(|| self.subset());
            problems.push((name.to_owned(), Problem { criteria, subset, ..self.problem(qi) }));
        };
        if !qi.contains(&"occupation") {
            with("distinct l", vec![Criterion::DistinctL { column: occupation(), l: 5 }], false);
            for estimator in [Entropy::Shannon, Entropy::Grassberger] {
                with("entropy l", vec![Criterion::EntropyL { column: occupation(), l: 4.0, estimator }], false);
            }
            with("recursive l", vec![Criterion::RecursiveL { column: occupation(), c: 4.0, l: 3 }], false);
            with("t equal", vec![Criterion::TEqual { column: occupation(), t: 0.3 }, Criterion::K(5)], false);
            with("t hierarchical", vec![Criterion::THierarchical { column: occupation(), t: 0.2 }], false);
            with("beta", vec![Criterion::Beta { column: occupation(), beta: 2.0, enhanced: false }], false);
            with("enhanced beta", vec![Criterion::Beta { column: occupation(), beta: 2.0, enhanced: true }], false);
            with("delta", vec![Criterion::DeltaDisclosure { column: occupation(), delta: 1.5 }], false);
        }
        if !qi.contains(&"age") {
            with("t ordered", vec![Criterion::TOrdered { column: age(), t: 0.15 }], false);
        }
        with("presence", vec![Criterion::DeltaPresence { lo: 0.0, hi: 0.3 }, Criterion::K(3)], true);
        with("k-map", vec![Criterion::KMapTable(20)], true);
        for estimator in [KMapEstimator::Poisson, KMapEstimator::ZeroTruncated] {
            let rule = Criterion::KMapEstimated { k: 10, population: 200_000.0, significance: 0.01, estimator };
            with("estimated k-map", vec![rule], false);
        }
        with("average risk", vec![Criterion::AverageRisk(0.005)], false);
        with("uniqueness", vec![Criterion::SampleUniqueness(0.0001)], false);
        for attacker in
            [Attacker::Prosecutor, Attacker::Journalist, Attacker::ProsecutorNoAttack, Attacker::JournalistNoAttack]
        {
            with("profitability", vec![Criterion::Profitability(attacker)], true);
        }
        problems
    }
}

#[test]
fn the_optimum_over_three_columns_is_the_twins() {
    let Some(adult) = adult() else { return };
    adult.problems(&["sex", "race", "education"]).par_iter().for_each(|(name, problem)| {
        let table = table(problem);
        let plan = anonymization(problem, &table);
        let twin = naive::search::search(problem);
        match (plan.search(&table, &SearchBudget::unlimited()).unwrap(), &twin.best) {
            (Outcome::Solved(ours), Some(best)) => {
                let claims = ours.claims();
                assert!(near(&claims.loss, &best.loss), "{name}: {claims:?}, twin {:?}", best.loss);
                assert_eq!(claims.transformation.as_ref(), Some(&best.node), "{name}");
                assert_eq!((claims.suppressed, claims.classes), (best.suppressed, best.classes), "{name}");
                ours.verify(&plan, b';').unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            (Outcome::NoSolution(_), None) => {}
            (ours, best) => panic!("{name}: {ours:?}, twin {best:?}"),
        }
    });
}

#[test]
fn nodes_over_nine_columns_evaluate_as_the_twin_says() {
    let Some(adult) = adult() else { return };
    let qi = adult.columns.clone();
    let qi: Vec<&str> = qi.iter().map(String::as_str).collect();
    adult.problems(&qi).par_iter().for_each(|(name, problem)| {
        let table = table(problem);
        let plan = anonymization(problem, &table);
        // sex, age, race, marital-status, education, native-country, workclass, occupation, salary-class.
        for node in [[0, 3, 1, 1, 2, 1, 1, 1, 1], [1, 4, 1, 2, 3, 2, 2, 2, 1]] {
            let (ours, twin) = (plan.evaluate(&table, &node).unwrap(), naive::evaluate::evaluate(problem, &node));
            let claims = ours.claims();
            assert!(near(&claims.loss, &twin.loss), "{name} at {node:?}: {claims:?}, twin {:?}", twin.loss);
            assert_eq!(claims.anonymous, twin.admissible, "{name} at {node:?}");
            assert_eq!((claims.suppressed, claims.classes), (twin.suppressed, twin.classes), "{name} at {node:?}");
            if claims.anonymous {
                ours.verify(&plan, b';').unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
    });
}
