//! The random problems and their files.

use crate::naive::files::resolve_subset;
use crate::naive::loss::compare;
use crate::naive::search::node_id;
use crate::naive::{Criterion, NaiveHierarchy, NaiveTable, evaluate, random_problem, search, to_files};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn a_seed_gives_one_problem_within_the_bounds() {
    for seed in 0..400 {
        let problem = random_problem(seed);
        assert_eq!(format!("{problem:?}"), format!("{:?}", random_problem(seed)));
        assert!((1..=5).contains(&problem.qi.len()));
        assert!((1..=200).contains(&problem.table.rows.len()));
        assert!(!problem.criteria.is_empty());
        for hierarchy in problem.hierarchies.values() {
            hierarchy.check().unwrap();
        }
        let mut names = problem.table.columns.clone();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), problem.table.columns.len());
    }
}

#[test]
fn every_rule_metric_aggregate_and_option_comes_up() {
    let (mut rules, mut options) = (BTreeSet::new(), BTreeSet::new());
    let (mut solved, mut unsolved, mut partly) = (0, 0, 0);
    for seed in 0..400 {
        let problem = random_problem(seed);
        for rule in &problem.criteria {
            let text = format!("{rule:?}");
            let end = text.find([' ', '(']).unwrap_or(text.len());
            rules.insert(text[..end].to_owned());
            if let Criterion::EntropyL { estimator, .. } = rule {
                rules.insert(format!("{estimator:?}"));
            }
            if let Criterion::Profitability(attacker) = rule {
                rules.insert(format!("{attacker:?}"));
            }
        }
        options.insert(problem.metric.name().to_owned());
        options.extend(problem.aggregate.map(|aggregate| format!("by {}", aggregate.name())));
        options.insert(format!("gs {}", problem.gs));
        options.insert(format!("limit {}", problem.suppression));
        options.insert(format!("subset {}", problem.subset.is_some()));
        options.insert(format!("absent {:?}", problem.absent));
        options.insert(format!("weights {}", !problem.weights.is_empty()));
        options.insert(format!("levels {}", !problem.levels.is_empty()));
        if seed < 150 {
            match search(&problem).best {
                None => unsolved += 1,
                Some(best) if best.suppressed > 0 => partly += 1,
                Some(_) => solved += 1,
            }
        }
    }
    // 16 rules, 2 estimators of entropy, 4 attackers.
    assert_eq!(rules.len(), 22, "{rules:?}");
    // 12 metrics, 5 aggregates, 7 values of gs, 8 limits, two of each of the others.
    assert_eq!(options.len(), 12 + 5 + 7 + 8 + 8, "{options:?}");
    assert!(solved > 25 && unsolved > 15 && partly > 25, "{solved} {unsolved} {partly}");
}

#[test]
fn the_optimum_is_admissible_least_and_the_lowest_of_equals() {
    for seed in 0..150 {
        let problem = random_problem(seed);
        let found = search(&problem);
        let Some(best) = found.best else { continue };
        assert!(best.admissible && best.suppressed <= best.allowed);
        assert!(found.near.contains(&best.node));
        for node in &found.near {
            let other = evaluate(&problem, node);
            assert_ne!(compare(&other.loss, &best.loss), Ordering::Less, "seed {seed}");
            if compare(&other.loss, &best.loss) == Ordering::Equal {
                assert!(node_id(&problem, &best.node) <= node_id(&problem, node), "seed {seed}");
            }
        }
        // What is put out holds every row of R, and the suppressed ones are hidden whole.
        let hidden = best.output.iter().filter(|row| row.1.iter().all(|cell| cell == "*")).count() as u64;
        assert!(hidden >= best.suppressed);
        assert_eq!(best.output.len() as u64 + best.outside_subset, problem.table.rows.len() as u64);
    }
}

#[test]
fn a_larger_limit_never_raises_the_loss() {
    for seed in 0..60 {
        let mut problem = random_problem(seed);
        let mut before: Option<Vec<f64>> = None;
        for limit in [0.0, 0.1, 0.3, 1.0] {
            problem.suppression = limit;
            let Some(best) = search(&problem).best else {
                assert!(before.is_none(), "seed {seed}: a solution is lost");
                continue;
            };
            if let Some(before) = &before {
                assert_ne!(compare(&best.loss, before), Ordering::Greater, "seed {seed}");
            }
            before = Some(best.loss);
        }
    }
}

#[test]
fn files_say_the_same_as_the_problem() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("anonymity_model");
    let (mut by_rows, mut by_numbers) = (0, 0);
    for seed in 0..60 {
        let problem = random_problem(seed);
        let folder = folder.join(seed.to_string());
        let arguments = to_files(&problem, &folder).unwrap();
        let value = |flag: &str| {
            let at = arguments.iter().position(|argument| argument == flag)?;
            Some(arguments[at + 1].clone())
        };
        let data = fs::read_to_string(value("--data").unwrap()).unwrap();
        assert_eq!(NaiveTable::parse(&data, ';').unwrap(), problem.table);
        for (column, hierarchy) in &problem.hierarchies {
            let file = folder.join(format!("data_hierarchy_{column}.csv"));
            assert_eq!(&NaiveHierarchy::parse(&fs::read_to_string(file).unwrap()).unwrap(), hierarchy);
        }
        assert_eq!(value("--qi").unwrap(), problem.qi.join(","));
        assert_eq!(value("--metric").unwrap(), problem.metric.name());
        assert_eq!(value("--suppression").unwrap().parse::<f64>().unwrap(), problem.suppression);
        assert_eq!(value("--subset").is_some(), problem.subset.is_some());
        if let (Some(rows), Some(file)) = (&problem.subset, value("--subset")) {
            let subset = NaiveTable::parse(&fs::read_to_string(file).unwrap(), ';').unwrap();
            let read = if subset.columns == ["row"] {
                by_numbers += 1;
                subset.rows.iter().map(|row| row[0].parse().unwrap()).collect()
            } else {
                by_rows += 1;
                resolve_subset(&problem, &subset.rows).unwrap()
            };
            assert_eq!(&read, rows);
        }
        // Every flag stands once, so that one rule never hides another.
        let flags: Vec<&String> = arguments.iter().step_by(2).collect();
        assert_eq!(flags.len(), flags.iter().collect::<BTreeSet<_>>().len());
        fs::remove_dir_all(folder).unwrap();
    }
    assert!(by_rows > 0 && by_numbers > 0, "{by_rows} {by_numbers}");
}
