//! From flags to what is asked of the library.

use consentric::anonymity::{
    AbsentClasses, Aggregate, Anonymization, Attack, Criterion, EntropyEstimator, Hierarchy, Metric,
    PopulationEstimator, Profit, Quality, Subset, SuppressionLimit,
};

use crate::args::{Absent, AggregateName, Args, AttackName, Estimator, MetricName};
use crate::failure::Failure;
use crate::input;

/// What the flags ask for; a parameter out of its range is wrong usage.
pub fn asked(args: &Args, subset: Option<Subset>) -> Result<Anonymization, Failure> {
    all(args, subset).map_err(|failure| match failure {
        Failure::Refused(text) if text.contains(" is out of range; ") => Failure::Usage(text),
        other => other,
    })
}

fn all(args: &Args, subset: Option<Subset>) -> Result<Anonymization, Failure> {
    let mut asked = Anonymization::new();
    for column in &args.qi {
        asked = match input::hierarchy(args, column)? {
            Some(hierarchy) => asked.with_quasi(column, &hierarchy),
            None => asked.with_quasi_as_is(column),
        };
    }
    for criterion in criteria(args)? {
        asked = asked.with_criterion(criterion);
    }
    for text in &args.levels {
        let (column, range) = text.rsplit_once('=').ok_or_else(|| wrong("levels", text, "a=0..2"))?;
        let bounds = range.split_once("..").and_then(|(min, max)| Some((min.parse().ok()?, max.parse().ok()?)));
        let (min, max) = bounds.ok_or_else(|| wrong("levels", text, "a=0..2"))?;
        asked = asked.with_levels(column, min, max)?;
    }
    if let Some(subset) = subset {
        asked = asked.with_subset(subset);
    }
    if args.practical_monotonicity {
        asked = asked.with_practical_monotonicity();
    }
    let absent = match args.absent_classes {
        Absent::Skip => AbsentClasses::Skip,
        Absent::Check => AbsentClasses::Check,
    };
    Ok(asked
        .with_suppression(SuppressionLimit::new(args.suppression)?)
        .with_quality(quality(args)?)
        .with_absent_classes(absent))
}

fn quality(args: &Args) -> Result<Quality, Failure> {
    let metric = match args.metric {
        MetricName::Loss => Metric::Loss,
        MetricName::Nue => Metric::Nue,
        MetricName::Nmnue => Metric::NmNue,
        MetricName::Aecs => Metric::Aecs,
        MetricName::Dm => Metric::Dm,
        MetricName::DmStar => Metric::DmStar,
        MetricName::Precision => Metric::Precision,
        MetricName::NmPrecision => Metric::NmPrecision,
        MetricName::Height => Metric::Height,
        MetricName::Ebil => Metric::Ebil,
        MetricName::Payout => Metric::Payout,
        MetricName::PayoutJournalist => Metric::PayoutJournalist,
    };
    let mut quality = Quality::new(metric).with_gs_factor(args.gs)?;
    if let Some(aggregate) = args.aggregate {
        quality = quality.with_aggregate(match aggregate {
            AggregateName::Geometric => Aggregate::Geometric,
            AggregateName::Arithmetic => Aggregate::Arithmetic,
            AggregateName::Sum => Aggregate::Sum,
            AggregateName::Max => Aggregate::Max,
            AggregateName::Rank => Aggregate::Rank,
        });
    }
    for text in &args.weights {
        let pair = text.rsplit_once('=').and_then(|(column, weight)| Some((column, weight.parse().ok()?)));
        let (column, weight) = pair.ok_or_else(|| wrong("weights", text, "a=1"))?;
        quality = quality.with_weight(column, weight)?;
    }
    match &args.profit {
        Some(text) => Ok(quality.with_profit(profit(text)?)),
        None if matches!(metric, Metric::Payout | Metric::PayoutJournalist) => {
            Err(Failure::Usage("`--metric payout` needs `--profit b,a,g,c`".to_owned()))
        }
        None => Ok(quality),
    }
}

fn criteria(args: &Args) -> Result<Vec<Criterion>, Failure> {
    let mut criteria = Vec::new();
    if let Some(k) = args.k {
        criteria.push(Criterion::k_anonymity(k)?);
    }
    for (column, rule) in rules(args, "l", &args.l)? {
        let (kind, value) = rule.split_once(':').ok_or_else(|| wrong("l", &rule, "distinct:3"))?;
        let whole = || value.parse().map_err(|_| wrong("l", &rule, "a whole number behind the colon"));
        let real = || value.parse().map_err(|_| wrong("l", &rule, "a number behind the colon"));
        criteria.push(match kind {
            "distinct" => Criterion::l_distinct(&column, whole()?)?,
            "entropy" => Criterion::l_entropy(&column, real()?, EntropyEstimator::Shannon)?,
            "entropy-grassberger" => Criterion::l_entropy(&column, real()?, EntropyEstimator::Grassberger)?,
            "recursive" => {
                let pair = value.split_once(',').and_then(|(c, l)| Some((c.parse().ok()?, l.trim().parse().ok()?)));
                let (c, l) = pair.ok_or_else(|| wrong("l", &rule, "recursive:c,l"))?;
                Criterion::l_recursive(&column, c, l)?
            }
            _ => return Err(wrong("l", &rule, "distinct, entropy, entropy-grassberger or recursive")),
        });
    }
    for (column, rule) in rules(args, "t", &args.t)? {
        let pair = rule.split_once(':').and_then(|(kind, t)| Some((kind, t.parse().ok()?)));
        let (kind, t) = pair.ok_or_else(|| wrong("t", &rule, "equal:0.2"))?;
        criteria.push(match kind {
            "equal" => Criterion::t_equal(&column, t)?,
            "ordered" => Criterion::t_ordered(&column, t)?,
            "hierarchical" => {
                let hierarchy: Option<Hierarchy> = input::hierarchy(args, &column)?;
                let hierarchy = hierarchy.ok_or_else(|| {
                    Failure::Usage(format!("`--t hierarchical` needs a hierarchy of `{column}` in `--hierarchies`"))
                })?;
                Criterion::t_hierarchical(&column, t, &hierarchy)?
            }
            _ => return Err(wrong("t", &rule, "equal, ordered or hierarchical")),
        });
    }
    for (column, rule) in rules(args, "beta", &args.beta)? {
        let pair = rule.split_once(':').and_then(|(kind, beta)| Some((kind, beta.parse().ok()?)));
        let (kind, beta) = pair.ok_or_else(|| wrong("beta", &rule, "basic:3"))?;
        criteria.push(match kind {
            "basic" => Criterion::beta_basic(&column, beta)?,
            "enhanced" => Criterion::beta_enhanced(&column, beta)?,
            _ => return Err(wrong("beta", &rule, "basic or enhanced")),
        });
    }
    for (column, rule) in rules(args, "delta-disclosure", &args.delta_disclosure)? {
        let delta = rule.parse().map_err(|_| wrong("delta-disclosure", &rule, "a number"))?;
        criteria.push(Criterion::delta_disclosure(&column, delta)?);
    }
    if let Some(text) = &args.delta_presence {
        let [low, high] = numbers("delta-presence", text)?;
        criteria.push(Criterion::delta_presence(low, high)?);
    }
    match (args.k_map, args.population) {
        (Some(k), Some(population)) => {
            let estimator = match args.estimator {
                Estimator::Poisson => PopulationEstimator::Poisson,
                Estimator::ZeroTruncated => PopulationEstimator::ZeroTruncated,
            };
            criteria.push(Criterion::k_map_estimated(k, population, args.significance, estimator)?);
        }
        (Some(k), None) => criteria.push(Criterion::k_map(k)?),
        (None, _) => {}
    }
    if let Some(limit) = args.average_risk {
        criteria.push(Criterion::average_risk(limit)?);
    }
    if let Some(limit) = args.sample_uniqueness {
        criteria.push(Criterion::sample_uniqueness(limit)?);
    }
    if let (Some(attack), Some(text)) = (args.profitability, &args.profit) {
        let attack = match attack {
            AttackName::Prosecutor => Attack::Prosecutor,
            AttackName::Journalist => Attack::Journalist,
            AttackName::ProsecutorNoAttack => Attack::ProsecutorNoAttack,
            AttackName::JournalistNoAttack => Attack::JournalistNoAttack,
        };
        criteria.push(Criterion::profitability(attack, profit(text)?)?);
    }
    Ok(criteria)
}

/// The rules of a flag with their columns; a rule without one is for every sensitive column.
fn rules(args: &Args, flag: &str, texts: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let mut found: Vec<(Option<String>, String)> = Vec::new();
    for text in texts {
        for part in text.split(',') {
            let starts = part.contains(':') || part.contains('=') || found.is_empty() || flag == "delta-disclosure";
            match found.last_mut() {
                // A comma inside one rule: `recursive:4,3`.
                Some((_, rule)) if !starts => {
                    rule.push(',');
                    rule.push_str(part);
                }
                _ => found.push(match part.rsplit_once('=') {
                    Some((column, rule)) => (Some(column.to_owned()), rule.to_owned()),
                    None => (None, part.to_owned()),
                }),
            }
        }
    }
    let mut rules = Vec::new();
    for (column, rule) in found {
        match column {
            Some(column) => rules.push((column, rule)),
            None if args.sensitive.is_empty() => {
                return Err(Failure::Usage(format!("`--{flag}` needs a column in `--sensitive`")));
            }
            None => rules.extend(args.sensitive.iter().map(|column| (column.clone(), rule.clone()))),
        }
    }
    Ok(rules)
}

fn profit(text: &str) -> Result<Profit, Failure> {
    let [benefit, loss, gain, cost] = numbers("profit", text)?;
    Ok(Profit::new(benefit, loss, gain, cost)?)
}

fn numbers<const N: usize>(flag: &str, text: &str) -> Result<[f64; N], Failure> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let numbers = numbers.and_then(|numbers| <[f64; N]>::try_from(numbers).ok());
    numbers.ok_or_else(|| wrong(flag, text, &format!("{N} numbers")))
}

fn wrong(flag: &str, text: &str, expected: &str) -> Failure {
    Failure::Usage(format!("`--{flag} {text}`: write {expected}"))
}
