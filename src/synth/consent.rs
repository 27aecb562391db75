//! Made-up consent choices.

use super::generator::Generator;
use crate::consent::{Event, Ledger, ObjectionScope, Purpose, Register};
use crate::record::Transactions;
use crate::time::{Date, Timestamp};

/// Gives a made-up ledger for the customers of the purchases: about 60 % of them may be used for the purpose.
///
/// The rest refused, withdrew, objected, were never asked, or are not in the ledger at all. Who bought recently agrees
/// more often (78 % of the most recent, 42 % of the longest gone), so that a report on bias has something to show.
/// All events lie before the analysis date. The order of the rows plays no part.
///
/// # Privacy
/// These are no real choices: whatever rests on them must say so.
///
/// # Complexity
/// `O(rows + n log n)` for `n` customers.
pub fn simulated_consent(transactions: &Transactions, purpose: &Purpose, analysis_date: Date, seed: u64) -> Ledger {
    let n = transactions.ids.len();
    let mut last_day = vec![i32::MIN; n];
    for (code, day) in transactions.codes.iter().zip(&transactions.days) {
        if let Some(last) = last_day.get_mut(*code as usize) {
            *last = (*last).max(*day);
        }
    }
    let mut ascending_days = last_day.clone();
    ascending_days.sort_unstable();
    let mut customers: Vec<(&str, i32)> = transactions.ids.iter().zip(last_day).collect();
    customers.sort_unstable();

    let mut ledger = Ledger::new();
    for (id, day) in customers {
        // Twice the mean rank among the last days, so that customers of one day share it and it stays whole.
        let rank = ascending_days.partition_point(|other| *other < day)
            + ascending_days.partition_point(|other| *other <= day);
        let agree = 420_000 + 360_000 * rank as u64 / (2 * n as u64);
        let choice = Choice::draw(&mut Generator::of(seed, id), agree, analysis_date.start());
        // A customer who cannot be entered stays unknown, hence refused.
        let _ = choice.enter(&mut ledger, id, purpose);
    }
    ledger.simulated()
}

/// What a made-up customer did.
enum Choice {
    Given(Timestamp),
    Refused(Timestamp),
    Withdrawn { given: Timestamp, withdrawn: Timestamp },
    Objected { given: Timestamp, objected: Timestamp },
    NeverAsked,
    Unknown,
}

impl Choice {
    /// `agree`: chance in millionths.
    fn draw(generator: &mut Generator, agree: u64, end: Timestamp) -> Self {
        let before = |seconds: u64| Timestamp::from_micros(end.as_micros().saturating_sub(seconds as i64 * 1_000_000));
        let agrees = generator.below(1_000_000) < agree;
        let ago = 2 * HOUR + generator.below(700 * 24 * HOUR);
        let later = HOUR + generator.below(ago - HOUR);
        let (first, second) = (before(ago), before(later));
        match generator.below(100) {
            _ if agrees => Self::Given(first),
            0..30 => Self::Refused(first),
            30..55 => Self::Withdrawn { given: first, withdrawn: second },
            55..65 => Self::Objected { given: first, objected: second },
            65..90 => Self::NeverAsked,
            _ => Self::Unknown,
        }
    }

    fn enter(self, ledger: &mut Ledger, id: &str, purpose: &Purpose) -> Result<(), crate::consent::ConsentError> {
        let given = |at| Event::given(at, purpose, "simulated-1", "simulation");
        match self {
            Self::Given(at) => ledger.append(id, given(at)),
            Self::Refused(at) => ledger.append(id, Event::refused(at, purpose)),
            // An objection to marketing does not reach another purpose; there the customer withdraws.
            Self::Objected { given: at, objected } if is_marketing(purpose) => {
                ledger.append(id, given(at))?;
                ledger.append(id, Event::objection(objected, ObjectionScope::DirectMarketing))
            }
            Self::Withdrawn { given: at, withdrawn } | Self::Objected { given: at, objected: withdrawn } => {
                ledger.append(id, given(at))?;
                ledger.append(id, Event::withdrawn(withdrawn, purpose))
            }
            Self::NeverAsked => ledger.know(id),
            Self::Unknown => Ok(()),
        }
    }
}

fn is_marketing(purpose: &Purpose) -> bool {
    Register::of_consent().flags(purpose).is_some_and(|flags| flags.direct_marketing)
}

const HOUR: u64 = 3_600;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::consent::{ConsentPolicy, Question, Reason};
    use crate::record::{Amounts, Currency, Texts};

    fn purchases(rows: impl Iterator<Item = (usize, i32)>) -> Transactions {
        let (mut ids, mut seen) = (Texts::default(), BTreeMap::new());
        let (mut codes, mut days) = (Vec::new(), Vec::new());
        for (customer, day) in rows {
            let next = seen.len() as u32;
            codes.push(*seen.entry(customer).or_insert_with(|| {
                ids.push(&format!("{customer:05}")).unwrap();
                next
            }));
            days.push(day);
        }
        let amounts = Amounts::Millionths(vec![1_000_000; days.len()]);
        let (currency, time_zone) = (Currency::USD, "UTC".to_owned());
        Transactions {
            ids,
            codes,
            days,
            amounts,
            orders: None,
            units: None,
            currency,
            time_zone,
            n_missing_customer: 0,
            n_unreadable: 0,
        }
    }

    /// Half of 10 000 customers bought once at the start, the others later.
    fn rows() -> Vec<(usize, i32)> {
        (0..10_000)
            .map(|customer| (customer, if customer % 2 == 0 { 9_870 } else { 9_900 + (customer as i32) % 500 }))
            .collect()
    }

    fn reasons(ledger: &Ledger, date: Date) -> Vec<Reason> {
        let question = Question::segment(&Purpose::parse("segmentation_marketing").unwrap());
        let reason = |customer| ledger.decide(&question.about(&format!("{customer:05}"), date.start())).reason();
        (0..10_000).map(reason).collect()
    }

    #[test]
    fn about_60_percent_agree_and_recent_buyers_more_often() {
        let date = Date::parse("1998-07-01").unwrap();
        let purpose = Purpose::parse("segmentation_marketing").unwrap();
        let ledger = simulated_consent(&purchases(rows().into_iter()), &purpose, date, 42);
        let reasons = reasons(&ledger, date);
        let n = |reason| reasons.iter().filter(|other| **other == reason).count();
        assert!((5_850..6_150).contains(&n(Reason::Consent)), "{}", n(Reason::Consent));
        for reason in [
            Reason::ConsentRefused,
            Reason::ConsentWithdrawn,
            Reason::Objected,
            Reason::NoConsent,
            Reason::UnknownSubject,
        ] {
            assert!(n(reason) > 100, "{reason}");
        }
        let agreed = |rest| reasons.iter().skip(rest).step_by(2).filter(|reason| reason.is_allow()).count();
        assert!(agreed(1) > agreed(0) + 500);
    }

    #[test]
    fn row_order_plays_no_part_and_the_seed_does() {
        let date = Date::parse("1998-07-01").unwrap();
        let purpose = Purpose::parse("segmentation_marketing").unwrap();
        let forward = simulated_consent(&purchases(rows().into_iter()), &purpose, date, 42);
        let backward = simulated_consent(&purchases(rows().into_iter().rev()), &purpose, date, 42);
        let other = simulated_consent(&purchases(rows().into_iter()), &purpose, date, 43);
        assert_eq!(reasons(&forward, date), reasons(&backward, date));
        assert_ne!(reasons(&forward, date), reasons(&other, date));
        // Every event lies before the analysis date: asked at its first instant, nothing is still to come.
        let later = date.plus_days(1_000).unwrap();
        assert_eq!(reasons(&forward, date), reasons(&forward, later));
    }

    #[test]
    fn no_purchases_give_an_empty_ledger() {
        let purpose = Purpose::parse("segmentation_marketing").unwrap();
        let ledger = simulated_consent(&purchases(std::iter::empty()), &purpose, Date::MAX, 0);
        assert_eq!((ledger.n_customers(), ledger.n_events()), (0, 0));
    }
}
