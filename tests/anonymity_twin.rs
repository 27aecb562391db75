//! The search, one node and the verifier against the naive twin, on random problems of every kind.

#[path = "model/naive_anonymity/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the twin knows more than this test asks")]
mod naive;
#[path = "shared/of_twin.rs"]
mod of_twin;

use consentric::anonymity::{Outcome, SearchBudget};
use of_twin::{anonymization, near, table};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn the_search_finds_what_the_twin_finds_and_the_verifier_agrees(seed: u64) {
        let problem = naive::random::random_problem(seed);
        let table = table(&problem);
        let plan = anonymization(&problem, &table);
        let twin = naive::search::search(&problem);
        match (plan.search(&table, &SearchBudget::unlimited()).unwrap(), &twin.best) {
            (Outcome::Solved(ours), Some(best)) => {
                let claims = ours.claims();
                prop_assert!(near(&claims.loss, &best.loss), "{:?}, twin {:?} at {:?}", claims, best.loss, best.node);
                let node = claims.transformation.clone().unwrap();
                // Sums in another order may tip between nodes within 1e-9.
                prop_assert!(twin.near.contains(&node), "{:?}, twin {:?}", node, best.node);
                if twin.near.len() == 1 {
                    prop_assert_eq!(claims.suppressed, best.suppressed);
                    prop_assert_eq!(claims.classes, best.classes);
                }
                prop_assert!(claims.anonymous);
                prop_assert_eq!(claims.gap, 0.0);
                prop_assert_eq!(claims.n_nodes, twin.lattice as u128);
                let verified = ours.verify(&plan, b';');
                prop_assert!(verified.is_ok(), "{:?} {:?}", verified, claims);
            }
            (Outcome::NoSolution(_), None) => {}
            (ours, best) => {
                let best = best.as_ref().map(|best| (&best.node, &best.loss));
                prop_assert!(false, "{:?}, twin {:?}", ours, best);
            }
        }
    }

    #[test]
    fn every_node_evaluates_as_the_twin_says(seed: u64) {
        let problem = naive::random::random_problem(seed);
        let table = table(&problem);
        let plan = anonymization(&problem, &table);
        let nodes = naive::search::nodes(&problem);
        for node in nodes.iter().step_by(1 + nodes.len() / 12) {
            let (ours, twin) = (plan.evaluate(&table, node).unwrap(), naive::evaluate::evaluate(&problem, node));
            let claims = ours.claims();
            prop_assert_eq!(claims.anonymous, twin.admissible, "{:?} {:?}", node, claims);
            prop_assert!(near(&claims.loss, &twin.loss), "{:?} {:?}, twin {:?}", node, claims, twin.loss);
            prop_assert_eq!(claims.suppressed, twin.suppressed);
            prop_assert_eq!(claims.classes, twin.classes);
            prop_assert_eq!(claims.min_class, twin.min_class.unwrap_or(0));
            prop_assert_eq!(claims.absent_violations, twin.absent_violations);
            prop_assert_eq!(claims.outside_subset, twin.outside_subset);
            prop_assert_eq!(claims.fully_generalised, twin.fully_generalised);
            if claims.anonymous {
                let verified = ours.verify(&plan, b';');
                prop_assert!(verified.is_ok(), "{:?} {:?} {:?}", node, verified, claims);
            }
        }
    }
}

const CASES: u32 = 2_000;
