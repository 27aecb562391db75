//! What a customer is told of the own opt-outs is what every decision says.

use consentric::consent::{
    Activity, Event, EventKind, Ledger, Operation, OptIn, OptOutStatus, Purpose, Question, Reason, Recipient,
    RecipientRole, Register, Right, Signal, SignalStatus, Subject, decide,
};
use consentric::time::{Date, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn day(n: i64) -> Timestamp {
    Timestamp::from_micros(at("2026-01-01T00:00:00Z").as_micros() + n * 86_400_000_000)
}

fn sale() -> Purpose {
    Purpose::parse("data_sale").unwrap()
}

fn register() -> Register {
    Register::new().with(&sale(), Activity::opt_out([&sale()]))
}

fn living_in(states: &[&str]) -> Ledger {
    let mut ledger = Ledger::new();
    let subject = Subject::new().with_birth_date(Date::parse("1980-01-01").unwrap());
    let subject = states.iter().fold(subject, |subject, state| subject.with_jurisdiction(state));
    ledger.describe("anna", &subject).unwrap();
    ledger
}

fn say(ledger: &mut Ledger, when: Timestamp, kind: EventKind) {
    ledger.append("anna", Event::new(when, kind)).unwrap();
}

fn status(ledger: &Ledger, register: &Register, when: Timestamp) -> SignalStatus {
    ledger.under(register).signal_status("anna", when).unwrap()
}

fn opt_in(right: Right, after_conflict_notice: bool) -> EventKind {
    let opt_in = OptIn::two_step(right);
    EventKind::OptIn(if after_conflict_notice { opt_in.after_conflict_notice() } else { opt_in })
}

fn gpc(set: bool) -> EventKind {
    EventKind::Signal(Box::new(Signal::gpc(set)))
}

fn reason(ledger: &Ledger, register: &Register, operation: Operation, when: Timestamp) -> Reason {
    let recipient = Recipient::new(RecipientRole::ThirdParty).with_contract();
    let question = Question::new(operation, &sale()).reading(["email"]).to(recipient);
    decide(ledger, register, &question.about("anna", when)).reason()
}

#[test]
fn a_signal_is_shown_from_its_own_instant_on() {
    let mut ledger = living_in(&["US-CA"]);
    say(&mut ledger, day(10), gpc(true));
    let before = Timestamp::from_micros(day(10).as_micros() - 1);
    assert_eq!(status(&ledger, &register(), before).sale, OptOutStatus::NotOptedOut);
    let said = OptOutStatus::OptedOut { at: day(10), by_signal: true };
    let shown = status(&ledger, &register(), day(10));
    assert_eq!((shown.sale, shown.targeted_ads, shown.marketing_objection), (said, said, None));
    assert_eq!(ledger.under(&register()).signal_status("bert", day(10)), None);
}

#[test]
fn a_state_that_does_not_bind_shows_nothing_unless_the_controller_honours_signals_everywhere() {
    for state in ["US-VA", "US-UT"] {
        let mut ledger = living_in(&[state]);
        say(&mut ledger, day(10), gpc(true));
        let (plain, everywhere) = (register(), register().with_gpc_everywhere());
        assert_ne!(plain.policy_hash(), everywhere.policy_hash(), "the promise is part of the policy");
        for operation in [Operation::Sell, Operation::Share] {
            assert_eq!(reason(&ledger, &plain, operation, day(20)), Reason::NoOptOut, "{state}");
            assert_eq!(reason(&ledger, &everywhere, operation, day(9)), Reason::NoOptOut, "{state}");
            assert_eq!(reason(&ledger, &everywhere, operation, day(10)), Reason::OptedOut, "{state}");
        }
        assert_eq!(status(&ledger, &plain, day(20)).sale, OptOutStatus::NotOptedOut);
        let said = OptOutStatus::OptedOut { at: day(10), by_signal: true };
        assert_eq!(status(&ledger, &everywhere, day(20)).targeted_ads, said);
    }
}

#[test]
fn an_opt_in_ends_a_signal_only_after_the_notice_of_conflict() {
    let mut ledger = living_in(&["US-CA"]);
    say(&mut ledger, day(10), gpc(true));
    say(&mut ledger, day(11), opt_in(Right::SaleShare, false));
    assert_eq!(status(&ledger, &register(), day(12)).sale, OptOutStatus::OptedOut { at: day(10), by_signal: true });
    say(&mut ledger, day(11), opt_in(Right::SaleShare, true));
    assert_eq!(status(&ledger, &register(), day(12)).sale, OptOutStatus::OptedInAgain);
}

#[test]
fn elsewhere_a_signal_is_shown_as_an_objection_to_marketing() {
    for states in [&["DE"][..], &["GB"], &["BR"], &[]] {
        let mut ledger = living_in(states);
        say(&mut ledger, day(10), gpc(true));
        let shown = status(&ledger, &register(), day(10));
        assert_eq!((shown.sale, shown.marketing_objection), (OptOutStatus::NotOptedOut, Some(day(10))), "{states:?}");
    }
    let mut canadian = living_in(&["CA"]);
    say(&mut canadian, day(10), gpc(true));
    assert_eq!(status(&canadian, &register(), day(10)).marketing_objection, None);
}

#[test]
fn an_opt_in_from_before_a_completed_erasure_is_void() {
    let mut ledger = living_in(&["US-CA"]);
    say(&mut ledger, day(1), EventKind::OptOut { right: Right::Sale });
    say(&mut ledger, day(2), opt_in(Right::Sale, false));
    assert_eq!(status(&ledger, &register(), day(3)).sale, OptOutStatus::OptedInAgain);
    say(&mut ledger, day(4), EventKind::ErasureRequested);
    say(&mut ledger, day(5), EventKind::ErasureCompleted);
    assert_eq!(status(&ledger, &register(), day(6)).sale, OptOutStatus::OptedOut { at: day(1), by_signal: false });
}

fn said() -> impl Strategy<Value = EventKind> {
    let right = prop_oneof![
        Just(Right::Sale),
        Just(Right::TargetedAds),
        Just(Right::SaleShare),
        Just(Right::All),
        Just(Right::Profiling),
        Just(Right::LimitSensitive),
    ];
    prop_oneof![
        right.clone().prop_map(|right| EventKind::OptOut { right }),
        any::<bool>().prop_map(gpc),
        (right, any::<bool>()).prop_map(|(right, notice)| opt_in(right, notice)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(10_000) })]

    #[test]
    fn what_is_shown_is_what_is_decided(
        states in prop::sample::subsequence(vec!["US-CA", "US-CO", "US-VA", "US-CT", "US-UT", "US-TX"], 1..3),
        events in prop::collection::vec((0..6i64, said()), 0..6),
        everywhere: bool,
    ) {
        let mut ledger = living_in(&states);
        for (n, kind) in events {
            say(&mut ledger, day(n), kind);
        }
        let register = if everywhere { register().with_gpc_everywhere() } else { register() };
        for n in 0..6 {
            let shown = status(&ledger, &register, day(n));
            for (operation, shown) in [(Operation::Sell, shown.sale), (Operation::Share, shown.targeted_ads)] {
                let reason = reason(&ledger, &register, operation, day(n));
                let opted_out = matches!(shown, OptOutStatus::OptedOut { .. });
                prop_assert_eq!(opted_out, reason == Reason::OptedOut, "{:?} but {:?} on day {}", shown, reason, n);
                prop_assert_eq!(!opted_out, reason.is_allow());
            }
        }
    }
}
