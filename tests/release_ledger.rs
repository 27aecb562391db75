//! The release ledger: nobody is recovered from the difference of two releases.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use consentric::release::ledger::{
    CellDefinition, CharacteristicSketch, Difference, DifferenceSketch, Digest, Finding, KeyedSet, LedgerError,
    LedgerKey, Measure, MembersId, NDifferent, PlannedCell, PlannedRelease, Population, ReleaseLedger, SetForm,
    Verdict,
};
use consentric::release::manifest::{
    Control, Level, Manifest, ManifestError, ManifestParts, Risk, SignedAnalysis, Technique,
};
use consentric::time::Timestamp;
use proptest::prelude::*;

const THRESHOLD: u64 = 50;

fn key() -> LedgerKey {
    LedgerKey::from_bytes([7; 32])
}

fn ledger() -> ReleaseLedger {
    ReleaseLedger::in_memory(&key(), THRESHOLD, SetForm::Sketch).unwrap()
}

/// A customer of a test: id, segment (`None` = hidden), spend.
type Customer = (u32, Option<u32>, i64);

fn shop(n_segments: u32, size: u32) -> Vec<Customer> {
    (0..n_segments * size).map(|id| (id, Some(id / size), i64::from(id % 97) + 1)).collect()
}

struct Shape<'a> {
    cuts: f64,
    purpose: &'a str,
    spend: bool,
    /// Segments that are not shown.
    hidden: &'a [u32],
    margin: bool,
}

const ALL: Shape<'static> = Shape { cuts: 1.0, purpose: "ads", spend: true, hidden: &[], margin: true };

fn definition(shape: &Shape<'_>, measure: Measure, label: Option<u32>) -> CellDefinition {
    CellDefinition::new(shape.purpose, "tiers", measure)
        .with_centroids(Digest::of_numbers([shape.cuts]))
        .with_cell(label.map(|label| format!("segment {label}")))
}

/// Counts and mean spend of every shown segment and of all.
fn plan<'a>(population: &'a Population, customers: &[Customer], day: i64, shape: &Shape<'_>) -> PlannedRelease<'a> {
    let mut plan = PlannedRelease::new(population, Timestamp::from_micros(day), THRESHOLD).unwrap();
    let spend = plan.add_contributions("spend", customers.iter().map(|(_, _, spend)| *spend).collect()).unwrap();
    let add = |plan: &mut PlannedRelease<'a>, label: Option<u32>, shown: bool| -> MembersId {
        let inside = |segment: Option<u32>| label.is_none() || segment == label;
        let rows: Vec<u32> = (0u32..).zip(customers).filter(|(_, c)| inside(c.1)).map(|(row, _)| row).collect();
        let members = plan.add_members(rows.iter().copied()).unwrap();
        if shown {
            let figure = format!("{} at day {day}", rows.len());
            plan.add_cell(PlannedCell::count(definition(shape, Measure::Count, label), members, figure)).unwrap();
            if shape.spend {
                let mean = definition(shape, Measure::Mean("spend".to_owned()), label);
                plan.add_cell(PlannedCell::figure(mean, members, spend, format!("mean {day}"))).unwrap();
            }
        }
        members
    };
    let segments: BTreeSet<u32> = customers.iter().filter_map(|(_, segment, _)| *segment).collect();
    let margin = shape.margin.then(|| add(&mut plan, None, true));
    let parts: Vec<MembersId> =
        segments.iter().map(|segment| add(&mut plan, Some(*segment), !shape.hidden.contains(segment))).collect();
    if let Some(margin) = margin {
        plan.add_relation(margin, &parts).unwrap();
    }
    plan
}

fn population(customers: &[Customer]) -> Population {
    Population::new("shop", customers.iter().map(|(id, _, _)| id.to_be_bytes()))
}

/// Asks and, if it may leave, commits.
fn release(ledger: &mut ReleaseLedger, customers: &[Customer], day: i64, shape: &Shape<'_>) -> Vec<Verdict> {
    let population = population(customers);
    let assessment = ledger.would(&plan(&population, customers, day, shape)).unwrap();
    let verdicts = assessment.verdicts().to_vec();
    if assessment.is_releasable() {
        ledger.commit(assessment).unwrap();
    }
    verdicts
}

fn all_released(verdicts: &[Verdict]) -> bool {
    !verdicts.is_empty() && verdicts.iter().all(|verdict| *verdict == Verdict::Released)
}

fn findings(verdicts: &[Verdict]) -> Vec<Option<Finding>> {
    verdicts.iter().map(Verdict::finding).collect()
}

#[test]
fn a_first_release_and_the_same_one_again_leave() {
    let mut ledger = ledger();
    let customers = shop(4, 100);
    assert!(all_released(&release(&mut ledger, &customers, 1, &ALL)));
    assert!(all_released(&release(&mut ledger, &customers, 2, &ALL)));
    assert_eq!((ledger.n_releases(), ledger.n_cells()), (2, 20));
}

#[test]
fn a_deleted_customer_freezes_his_cells_with_figure_and_time() {
    let mut ledger = ledger();
    let customers = shop(4, 100);
    release(&mut ledger, &customers, 1, &ALL);
    let verdicts = release(&mut ledger, &customers[1..], 2, &ALL);
    // All and segment 0 lost one; the others are as before.
    for (cell, verdict) in verdicts.iter().enumerate() {
        if cell < 4 {
            let Verdict::Frozen { finding: Finding::Members, figures, at, earlier } = verdict else {
                panic!("cell {cell}: {verdict:?}")
            };
            assert_eq!((*at, earlier.release, earlier.cell as usize), (Timestamp::from_micros(1), 0, cell));
            assert!(figures[0].contains(if cell % 2 == 0 { "at day 1" } else { "mean 1" }));
        } else {
            assert_eq!(*verdict, Verdict::Released, "cell {cell}");
        }
    }
}

#[test]
fn an_inserted_customer_freezes_his_cells() {
    let mut ledger = ledger();
    let customers = shop(4, 100);
    release(&mut ledger, &customers[1..], 1, &ALL);
    let verdicts = release(&mut ledger, &customers, 2, &ALL);
    let frozen = verdicts.iter().filter(|verdict| verdict.finding() == Some(Finding::Members)).count();
    assert_eq!(frozen, 4, "{verdicts:?}");
}

#[test]
fn a_customer_who_moves_freezes_both_segments() {
    let mut ledger = ledger();
    let mut customers = shop(4, 100);
    release(&mut ledger, &customers, 1, &ALL);
    customers[0].1 = Some(3);
    let found = findings(&release(&mut ledger, &customers, 2, &ALL));
    let members = Some(Finding::Members);
    assert_eq!(found, [None, None, members, members, None, None, None, None, members, members]);
}

#[test]
fn one_changed_value_freezes_the_figures_of_its_column_only() {
    let mut ledger = ledger();
    let mut customers = shop(4, 100);
    release(&mut ledger, &customers, 1, &ALL);
    customers[250].2 += 1;
    let found = findings(&release(&mut ledger, &customers, 2, &ALL));
    let changed = Some(Finding::Contributions);
    assert_eq!(found, [None, changed, None, None, None, None, None, changed, None, None]);
}

#[test]
fn as_many_changes_as_the_threshold_are_released() {
    let mut ledger = ledger();
    let mut customers = shop(4, 100);
    release(&mut ledger, &customers, 1, &ALL);
    for changed in [49, 50] {
        let mut later = customers.clone();
        later[..changed].iter_mut().for_each(|customer| customer.2 += 1000);
        let population = population(&later);
        let assessment = ledger.would(&plan(&population, &later, 2, &ALL)).unwrap();
        assert_eq!(all_released(assessment.verdicts()), changed == 50, "{:?}", findings(assessment.verdicts()));
    }
    // 50 customers leave segment 0 for good.
    customers.drain(..50);
    assert!(all_released(&release(&mut ledger, &customers, 3, &ALL)));
}

#[test]
fn the_same_definition_with_other_cuts_is_refused() {
    let mut ledger = ledger();
    let customers = shop(4, 100);
    release(&mut ledger, &customers, 1, &ALL);
    let verdicts = release(&mut ledger, &customers, 2, &Shape { cuts: 2.0, ..ALL });
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Refused { finding: Finding::OtherCuts }));
    assert_eq!(ledger.n_releases(), 1);
}

#[test]
fn another_definition_over_nearly_the_same_customers_is_withheld() {
    let mut ledger = ledger();
    let customers = shop(4, 100);
    release(&mut ledger, &customers, 1, &ALL);
    let verdicts = release(&mut ledger, &customers[1..], 2, &Shape { purpose: "research", cuts: 3.0, ..ALL });
    assert!(matches!(verdicts[0], Verdict::Withheld { finding: Finding::Members, earlier: Some(_) }), "{verdicts:?}");
    assert_eq!(ledger.n_releases(), 1);
}

#[test]
fn a_known_hidden_segment_cannot_be_had_by_publishing_its_partner() {
    let mut ledger = ledger();
    // Segments 2 and 3 are hidden together: 30 and 60 customers.
    let mut customers = shop(4, 100);
    customers.retain(|(id, _, _)| !(230..300).contains(id) && *id < 360);
    let hidden = Shape { hidden: &[2, 3], ..ALL };
    assert!(all_released(&release(&mut ledger, &customers, 1, &hidden)));
    // Segment 3 alone has enough, but all - 0 - 1 - 3 is segment 2.
    let verdicts = release(&mut ledger, &customers, 2, &Shape { hidden: &[2], ..ALL });
    assert!(verdicts.iter().any(|verdict| matches!(verdict, Verdict::Withheld { .. })), "{verdicts:?}");
    // Without its margin, too: the earlier margin still stands.
    let alone = Shape { hidden: &[0, 1, 2], margin: false, ..ALL };
    let verdicts = release(&mut ledger, &customers, 3, &alone);
    assert!(
        verdicts.iter().all(|verdict| matches!(verdict, Verdict::Withheld { finding: Finding::HiddenComplement, .. })),
        "{verdicts:?}"
    );
}

#[test]
fn cells_that_add_up_to_a_small_group_are_withheld() {
    let mut ledger = ledger();
    // Three earlier cells A + B, B + C and, now, A + C + 10 others: no two are close, all three give the ten away.
    let ids: Vec<u32> = (0..310).collect();
    let population = Population::new("shop", ids.iter().map(|id| id.to_be_bytes()));
    let cell = |ledger: &mut ReleaseLedger, label: u32, rows: Vec<u32>| {
        let mut plan = PlannedRelease::new(&population, Timestamp::from_micros(i64::from(label)), THRESHOLD).unwrap();
        let members = plan.add_members(rows).unwrap();
        plan.add_cell(PlannedCell::count(definition(&ALL, Measure::Count, Some(label)), members, "n")).unwrap();
        let assessment = ledger.would(&plan).unwrap();
        let verdict = assessment.verdicts()[0].clone();
        if assessment.is_releasable() {
            ledger.commit(assessment).unwrap();
        }
        verdict
    };
    assert_eq!(cell(&mut ledger, 1, (0..200).collect()), Verdict::Released);
    assert_eq!(cell(&mut ledger, 2, (0..100).collect()), Verdict::Released);
    let ten_more = (100..200).chain(300..310).collect();
    let verdict = cell(&mut ledger, 3, ten_more);
    assert_eq!(verdict, Verdict::Withheld { finding: Finding::Combination, earlier: None });
    assert_eq!(cell(&mut ledger, 4, (200..310).collect()), Verdict::Released);
}

#[test]
fn a_cell_of_too_few_is_withheld_and_nothing_is_written() {
    let mut ledger = ledger();
    let customers = shop(3, 100);
    let population = population(&customers);
    let mut plan = PlannedRelease::new(&population, Timestamp::from_micros(1), THRESHOLD).unwrap();
    let members = plan.add_members(0..49).unwrap();
    plan.add_cell(PlannedCell::count(definition(&ALL, Measure::Count, None), members, "49")).unwrap();
    let assessment = ledger.would(&plan).unwrap();
    assert_eq!(assessment.verdicts()[0].finding(), Some(Finding::TooFew));
    assert_eq!(ledger.commit(assessment), Err(LedgerError::NotReleasable { n: 1 }));
    assert_eq!(ledger.n_releases(), 0);
}

#[test]
fn two_cells_of_one_release_that_differ_by_one_customer_do_not_both_leave() {
    let ledger = ledger();
    let customers = shop(3, 100);
    let population = population(&customers);
    let mut plan = PlannedRelease::new(&population, Timestamp::from_micros(1), THRESHOLD).unwrap();
    for (label, rows) in [(1, 0..150), (2, 0..149)] {
        let members = plan.add_members(rows).unwrap();
        plan.add_cell(PlannedCell::count(definition(&ALL, Measure::Count, Some(label)), members, "n")).unwrap();
    }
    let assessment = ledger.would(&plan).unwrap();
    assert_eq!(findings(assessment.verdicts()), [None, Some(Finding::OwnRelease)]);
}

#[test]
fn a_thousand_erasures_give_nobody_away() {
    // 1,000 times: export, one customer is erased, export again. What an outsider holds is the sums he can subtract.
    let customers = shop(4, 60);
    for erased in 0..1000u32 {
        let erased = (erased as usize * 7) % customers.len();
        let mut ledger = ledger();
        let before = release(&mut ledger, &customers, 1, &ALL);
        assert!(all_released(&before));
        let mut later = customers.clone();
        let gone = later.remove(erased);
        let after = release(&mut ledger, &later, 2, &ALL);
        for (cell, verdict) in after.iter().enumerate() {
            let segment = (cell / 2).checked_sub(1);
            let concerned = segment.is_none_or(|segment| gone.1 == Some(segment as u32));
            // Where he was, the earlier figure leaves again: the difference is 0, whatever he spent.
            assert_eq!(matches!(verdict, Verdict::Frozen { at, .. } if *at == Timestamp::from_micros(1)), concerned);
        }
    }
}

#[test]
fn a_cell_stays_frozen_until_enough_customers_have_changed() {
    let mut ledger = ledger();
    let mut customers = shop(3, 200);
    assert!(all_released(&release(&mut ledger, &customers, 0, &ALL)));
    // Ten customers of segment 0 are replaced by new ones each day, none of whom spends as others do.
    for day in 1..=5 {
        for place in 0..10 {
            customers[(day as usize - 1) * 10 + place].0 += 10_000;
        }
        let verdicts = release(&mut ledger, &customers, day, &ALL);
        // Ten replaced are twenty that differ: after three days more than the threshold do.
        let frozen = matches!(verdicts[2], Verdict::Frozen { .. });
        assert_eq!(frozen, day % 3 != 0, "day {day}: {:?}", verdicts[2]);
    }
}

#[test]
fn frozen_cells_still_count_in_combinations() {
    let mut ledger = ledger();
    let customers = shop(2, 100);
    assert!(all_released(&release(&mut ledger, &customers, 1, &ALL)));
    // Twelve releases of the same figures later the first one has left the window, yet its cells are still shown.
    let later = &customers[1..];
    for day in 2..16 {
        let verdicts = release(&mut ledger, later, day, &ALL);
        assert!(matches!(verdicts[0], Verdict::Frozen { .. }), "day {day}: {verdicts:?}");
    }
}

#[test]
fn other_populations_are_not_compared() {
    let mut ledger = ledger();
    let customers = shop(2, 100);
    release(&mut ledger, &customers, 1, &ALL);
    let other = Population::new("other shop", customers[1..].iter().map(|(id, _, _)| id.to_be_bytes()));
    let assessment = ledger.would(&plan(&other, &customers[1..], 2, &ALL)).unwrap();
    assert!(all_released(assessment.verdicts()));
}

#[test]
fn exact_sets_give_the_same_verdicts_as_sketches() {
    let mut customers = shop(4, 120);
    let mut ledgers =
        [SetForm::Sketch, SetForm::Exact].map(|form| ReleaseLedger::in_memory(&key(), THRESHOLD, form).unwrap());
    for day in 0..8usize {
        let [sketch, exact] = ledgers.each_mut().map(|ledger| findings(&release(ledger, &customers, day as i64, &ALL)));
        assert_eq!(sketch, exact, "day {day}");
        for place in 0..13 * day {
            customers[(place * 31) % 480].1 = Some((place as u32 + day as u32) % 4);
            customers[(place * 17) % 480].2 += 1;
        }
    }
}

#[test]
fn same_bytes_on_1_and_8_threads() {
    let heads: Vec<(Digest, Vec<Verdict>)> = [1, 2, 8]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut ledger = ledger();
                let customers = shop(5, 2000);
                release(&mut ledger, &customers, 1, &ALL);
                let verdicts = release(&mut ledger, &customers[3..], 2, &ALL);
                (ledger.head(), verdicts)
            })
        })
        .collect();
    assert!(heads.iter().all(|head| *head == heads[0]));
}

#[test]
fn plans_that_make_no_sense_are_refused() {
    let twice = Population::new("shop", ["a", "b", "a"]);
    let mut plan = PlannedRelease::new(&twice, Timestamp::from_micros(0), 2).unwrap();
    assert_eq!(plan.add_members([3]), Err(LedgerError::Row { row: 3, n: 3 }));
    assert_eq!(plan.add_contributions("x", vec![1]), Err(LedgerError::Contributions { found: 1, n: 3 }));
    assert_eq!(plan.add_fractions("x", &[1.0, f64::NAN, 2.0]), Err(LedgerError::NotFinite { row: 1 }));
    let spend = plan.add_fractions("x", &[1.0, 0.5, 2.0]).unwrap();
    assert!(matches!(plan.add_contributions("x", vec![1; 3]), Err(LedgerError::SameColumn { .. })));
    let (all, part) = (plan.add_members(0..3).unwrap(), plan.add_members([0, 1]).unwrap());
    assert_eq!(plan.add_relation(part, &[all]), Err(LedgerError::NotAPart { place: 0 }));
    assert_eq!(plan.add_relation(all, &[part, part]), Err(LedgerError::NotAPart { place: 0 }));
    let count = PlannedCell::figure(definition(&ALL, Measure::Count, None), all, spend, "3");
    assert_eq!(plan.add_cell(count), Err(LedgerError::Measure { place: 0 }));
    let ledger = ledger();
    assert_eq!(ledger.would(&plan).err(), Some(LedgerError::NothingPlanned));
    for _ in 0..2 {
        plan.add_cell(PlannedCell::count(definition(&ALL, Measure::Count, None), all, "3")).unwrap();
    }
    assert_eq!(ledger.would(&plan).err(), Some(LedgerError::Twice { row: 2 }));
    let once = Population::new("shop", ["a", "b", "c"]);
    let mut plan = PlannedRelease::new(&once, Timestamp::from_micros(0), 51).unwrap();
    let all = plan.add_members(0..3).unwrap();
    plan.add_cell(PlannedCell::count(definition(&ALL, Measure::Count, None), all, "3")).unwrap();
    assert!(matches!(ledger.would(&plan), Err(LedgerError::Capacity { needed: 102, capacity: 100, .. })));
    assert!(matches!(PlannedRelease::new(&once, Timestamp::from_micros(0), 1), Err(LedgerError::Threshold { .. })));
    assert!(ReleaseLedger::in_memory(&key(), 100_000, SetForm::Exact).is_ok());
    assert!(ReleaseLedger::in_memory(&key(), 100_000, SetForm::Sketch).is_err());
}

#[test]
fn an_assessment_holds_for_the_ledger_it_was_made_with_only() {
    let mut ledger = ledger();
    let customers = shop(2, 100);
    let population = population(&customers);
    let plan = plan(&population, &customers, 1, &ALL);
    let (first, second) = (ledger.would(&plan).unwrap(), ledger.would(&plan).unwrap());
    ledger.commit(first).unwrap();
    assert_eq!(ledger.commit(second), Err(LedgerError::Stale));
}

/// A directory that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("consentric-ledger-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("ledger")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn head_file(folder: &Folder) -> PathBuf {
    folder.0.join("ledger.head")
}

#[test]
fn a_file_remembers_what_memory_does() {
    let folder = Folder::new("remembers");
    let customers = shop(3, 100);
    let mut memory = ledger();
    let mut file = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch).unwrap();
    for day in 1..4 {
        let customers = &customers[day..];
        assert_eq!(release(&mut memory, customers, day as i64, &ALL), release(&mut file, customers, day as i64, &ALL));
        drop(file);
        file = ReleaseLedger::open(&folder.file(), &key()).unwrap();
        assert_eq!((file.head(), file.n_cells()), (memory.head(), memory.n_cells()));
    }
    assert_eq!(file.last_release(), Some(Timestamp::from_micros(3)));
}

#[test]
fn there_is_one_writer() {
    let folder = Folder::new("one-writer");
    let first = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch).unwrap();
    assert_eq!(ReleaseLedger::open(&folder.file(), &key()).err(), Some(LedgerError::Locked));
    drop(first);
    assert!(ReleaseLedger::open(&folder.file(), &key()).is_ok());
    let again = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch);
    assert!(matches!(again, Err(LedgerError::Io { .. })), "a ledger is never written over");
    assert!(ReleaseLedger::open(&folder.file(), &key()).is_ok());
}

#[test]
fn a_wrong_key_a_foreign_file_and_a_missing_one_give_no_ledger() {
    let folder = Folder::new("foreign");
    assert!(matches!(ReleaseLedger::open(&folder.file(), &key()), Err(LedgerError::Io { .. })));
    drop(ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch).unwrap());
    let other = LedgerKey::from_bytes([8; 32]);
    assert_eq!(ReleaseLedger::open(&folder.file(), &other).err(), Some(LedgerError::WrongKey));
    fs::remove_file(head_file(&folder)).unwrap();
    assert_eq!(ReleaseLedger::open(&folder.file(), &key()).err(), Some(LedgerError::Rewound));
    fs::write(folder.file(), "id,segment\n1,2\nand much more text than a header has, so that it could be one\n")
        .unwrap();
    assert_eq!(ReleaseLedger::open(&folder.file(), &key()).err(), Some(LedgerError::Foreign));
}

#[test]
fn a_file_cut_off_at_any_byte_gives_no_ledger() {
    let folder = Folder::new("cut");
    let mut ledger = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch).unwrap();
    let empty = fs::metadata(folder.file()).unwrap().len() as usize;
    let customers = shop(2, 60);
    let small = Shape { spend: false, margin: false, hidden: &[1], ..ALL };
    release(&mut ledger, &customers, 1, &small);
    let first = fs::metadata(folder.file()).unwrap().len() as usize;
    release(&mut ledger, &customers, 2, &small);
    drop(ledger);
    let whole = fs::read(folder.file()).unwrap();
    for length in 0..whole.len() {
        fs::write(folder.file(), &whole[..length]).unwrap();
        let error = ReleaseLedger::open(&folder.file(), &key()).unwrap_err();
        let expected = if [empty, first].contains(&length) {
            LedgerError::Rewound
        } else {
            LedgerError::Truncated { at: length as u64 }
        };
        assert_eq!(error, expected, "{length} of {}", whole.len());
        // What was handed out cannot be dropped, either.
        assert!(ReleaseLedger::recover(&folder.file(), &key()).is_err(), "{length}");
    }
    for changed in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[changed] ^= 4;
        fs::write(folder.file(), &bytes).unwrap();
        assert!(ReleaseLedger::open(&folder.file(), &key()).is_err(), "byte {changed}");
    }
    fs::write(folder.file(), &whole).unwrap();
    assert_eq!(ReleaseLedger::open(&folder.file(), &key()).unwrap().n_releases(), 2);
}

#[test]
fn a_release_lost_on_its_way_out_counts_as_released() {
    let folder = Folder::new("crash");
    let customers = shop(3, 100);
    let mut ledger = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch).unwrap();
    let head = fs::read(head_file(&folder)).unwrap();
    // The record is written, then the program ends: once before the head is written, once after it.
    release(&mut ledger, &customers, 1, &ALL);
    drop(ledger);
    for rewind in [false, true] {
        if rewind {
            fs::write(head_file(&folder), &head).unwrap();
        }
        let mut ledger = ReleaseLedger::open(&folder.file(), &key()).unwrap();
        assert_eq!(ledger.n_releases(), 1);
        let verdicts = release(&mut ledger, &customers[1..], 2, &Shape { purpose: "other", ..ALL });
        assert!(verdicts.iter().any(|verdict| !verdict.shows()), "{verdicts:?}");
    }
}

#[test]
fn a_record_cut_off_while_it_was_written_is_dropped_by_recovery_only() {
    let folder = Folder::new("recover");
    let customers = shop(3, 100);
    let mut ledger = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Sketch).unwrap();
    release(&mut ledger, &customers, 1, &ALL);
    let (head, first) = (fs::read(head_file(&folder)).unwrap(), fs::read(folder.file()).unwrap());
    release(&mut ledger, &customers, 2, &ALL);
    drop(ledger);
    let whole = fs::read(folder.file()).unwrap();
    for length in [first.len() + 1, first.len() + 8, first.len() + 1000, whole.len() - 1] {
        fs::write(folder.file(), &whole[..length]).unwrap();
        fs::write(head_file(&folder), &head).unwrap();
        let error = ReleaseLedger::open(&folder.file(), &key()).unwrap_err();
        assert_eq!(error, LedgerError::Truncated { at: length as u64 });
        let ledger = ReleaseLedger::recover(&folder.file(), &key()).unwrap();
        assert_eq!(ledger.n_releases(), 1);
        drop(ledger);
        assert_eq!(fs::read(folder.file()).unwrap(), first);
    }
}

#[test]
fn the_ledger_names_nobody() {
    let folder = Folder::new("nobody");
    let ids: Vec<String> = (0..200).map(|id| format!("customer-{id:04}@example.org")).collect();
    let population = Population::new("shop", &ids);
    let mut ledger = ReleaseLedger::create(&folder.file(), &key(), THRESHOLD, SetForm::Exact).unwrap();
    let mut plan = PlannedRelease::new(&population, Timestamp::from_micros(1), THRESHOLD).unwrap();
    let members = plan.add_members(0..200).unwrap();
    plan.add_cell(PlannedCell::count(definition(&ALL, Measure::Count, None), members, "200")).unwrap();
    let shown = format!("{plan:?} {population:?} {ledger:?}");
    let assessment = ledger.would(&plan).unwrap();
    ledger.commit(assessment).unwrap();
    let bytes = fs::read(folder.file()).unwrap();
    let sha = |id: &String| *Digest::of(id.as_bytes()).as_bytes();
    for id in &ids {
        assert!(!shown.contains(id.as_str()));
        assert!(!bytes.windows(id.len()).any(|part| part == id.as_bytes()));
        // Nor a hash that anybody can make.
        assert!(!bytes.windows(8).any(|part| part == &sha(id)[..8]));
    }
}

#[test]
fn a_thousand_releases_stay_fast() {
    let mut ledger = ledger();
    let mut customers = shop(3, 120);
    let mut n_released = 0;
    for day in 0..1000 {
        // What is withheld is hidden, and the rest asked for again, as a publisher does.
        let (mut hidden, mut margin) = (Vec::new(), true);
        loop {
            let shape = Shape { spend: false, hidden: &hidden, margin, ..ALL };
            let verdicts = release(&mut ledger, &customers, day, &shape);
            let shown: Vec<Option<u32>> =
                margin.then_some(None).into_iter().chain((0..3).filter(|s| !hidden.contains(s)).map(Some)).collect();
            let withheld: Vec<Option<u32>> =
                shown.iter().zip(&verdicts).filter(|(_, verdict)| !verdict.shows()).map(|(label, _)| *label).collect();
            if withheld.is_empty() {
                n_released += verdicts.iter().filter(|verdict| **verdict == Verdict::Released).count();
                break;
            }
            margin &= !withheld.contains(&None);
            hidden.extend(withheld.into_iter().flatten());
            if !margin && hidden.len() == 3 {
                break;
            }
        }
        // A new customer takes the place of an old one.
        let place = (day as usize * 37) % customers.len();
        customers[place].0 += 1000;
    }
    let n = ledger.n_releases();
    assert!(n > 900 && n_released == ledger.n_cells(), "{n} releases, {n_released} of {} cells", ledger.n_cells());
    // Four cells, each of which changes by two elements a release: most of the time they are frozen.
    assert!((20..400).contains(&n_released), "{n_released}");
}

#[test]
fn a_sketch_decodes_at_its_capacity_and_says_so_one_beyond() {
    for capacity in [64, 100] {
        let base = 1_000_000u64;
        let element = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 4;
        let sketch = |range: std::ops::Range<u64>| CharacteristicSketch::of(capacity, range.map(element));
        let whole = sketch(0..base / 1000);
        for extra in [0, 1, capacity as u64 / 2, capacity as u64] {
            // Half of the difference on either side.
            let other = sketch(extra / 2..base / 1000 + extra - extra / 2);
            assert_eq!(whole.n_different(&other), NDifferent::Exactly(extra));
            let Difference::Exactly { only_first, only_second } = whole.difference(&other) else { panic!("{extra}") };
            let sorted = |range: std::ops::Range<u64>| -> Vec<u64> {
                range.map(element).collect::<BTreeSet<u64>>().into_iter().collect()
            };
            assert_eq!(only_first, sorted(0..extra / 2));
            assert_eq!(only_second, sorted(base / 1000..base / 1000 + extra - extra / 2));
        }
        let beyond = capacity as u64 + 1;
        let one_side = sketch(0..base / 1000 + beyond);
        assert_eq!(whole.n_different(&one_side), NDifferent::AtLeast(beyond));
        assert_eq!(whole.difference(&one_side), Difference::More);
        let both_sides = sketch(beyond / 2..base / 1000 + beyond - beyond / 2);
        assert!(matches!(whole.n_different(&both_sides), NDifferent::Undecodable | NDifferent::AtLeast(_)));
    }
}

/// The levels of all three risks under some controls.
fn levels(controls: &[Control]) -> [Level; 3] {
    let mut ledger = ledger();
    let customers = shop(2, 100);
    let population = population(&customers);
    let assessment = ledger.would(&plan(&population, &customers, 1, &ALL)).unwrap();
    let mut parts = ManifestParts::new("gate").with_differencing(&ledger.commit(assessment).unwrap());
    for control in controls {
        parts = parts.with_control(*control, "shown by the verifier").unwrap();
    }
    let manifest = Manifest::of(parts).unwrap();
    Risk::ALL.map(|risk| manifest.protection(risk).level)
}

#[test]
fn a_manifest_says_no_more_than_its_controls_earn() {
    use Control::{Aggregation, DifferencingLedger, DifferentialPrivacy, Pseudonyms, SensitiveGate, SuppressionAudit};
    use Level::{MayRemain, Remains, Resisted};
    assert_eq!(levels(&[Pseudonyms]), [Remains; 3]);
    assert_eq!(levels(&[Aggregation]), [Resisted, Remains, Remains]);
    assert_eq!(levels(&[Aggregation, SensitiveGate]), [Resisted, Remains, MayRemain]);
    let all = [Aggregation, SensitiveGate, DifferencingLedger, SuppressionAudit];
    assert_eq!(levels(&all), [Resisted, MayRemain, MayRemain]);
    assert_eq!(levels(&all[..3]), [Resisted, Remains, MayRemain], "a ledger without the audit");
    assert_eq!(levels(&[Aggregation, DifferencingLedger, SuppressionAudit]), [Resisted, Remains, Remains]);
    assert_eq!(levels(&[SensitiveGate, DifferencingLedger, SuppressionAudit]), [Remains; 3]);
    assert_eq!(levels(&[Pseudonyms, DifferentialPrivacy, Aggregation]), [MayRemain; 3]);
}

#[test]
fn only_a_signed_analysis_raises_a_level_and_it_is_named() {
    let document = Digest::of(b"analysis");
    let unsigned = SignedAnalysis::new("A. Analyst", document, " ", [(Risk::Inference, Level::Resisted)]);
    assert_eq!(unsigned, Err(ManifestError::Unsigned));
    let claims = [(Risk::Inference, Level::Resisted), (Risk::SinglingOut, Level::Remains)];
    let signed = SignedAnalysis::new("A. Analyst", document, "c2lnbmF0dXJl", claims).unwrap();
    let parts = ManifestParts::new("gate").with_control(Control::Aggregation, "verifier").unwrap();
    let manifest = Manifest::of(parts.with_signed_analysis(signed)).unwrap();
    assert_eq!(manifest.protection(Risk::Inference).level, Level::Resisted);
    assert_eq!(manifest.protection(Risk::Inference).earned_by, ["signed_analysis: A. Analyst"]);
    assert_eq!(manifest.protection(Risk::SinglingOut).level, Level::Resisted, "an analysis lowers nothing");
    assert!(!manifest.rests_on_controls_alone());
}

#[test]
fn a_manifest_is_canonical_and_needs_evidence() {
    assert_eq!(Manifest::of(ManifestParts::new("gate")).err(), Some(ManifestError::NoControl));
    let no_evidence = ManifestParts::new("gate").with_control(Control::Aggregation, "");
    assert!(matches!(no_evidence, Err(ManifestError::NoEvidence { .. })));
    let ledger = ManifestParts::new("gate").with_control(Control::DifferencingLedger, "said so").unwrap();
    assert!(matches!(Manifest::of(ledger), Err(ManifestError::NoEvidence { .. })));
    assert!(ManifestParts::new("gate").with_achieved_value("t", f64::NAN).is_err());
    let parts = |turned: bool| {
        let mut parts = ManifestParts::new("gate").with_hidden("threshold", 2);
        for name in if turned { ["b", "a"] } else { ["a", "b"] } {
            parts = parts.with_parameter(name, 5);
        }
        parts
            .with_achieved_value("t_equal", 0.1 + 0.2)
            .unwrap()
            .with_budget("epsilon", 1.0)
            .unwrap()
            .with_technique(Technique::Rounding)
            .with_control(Control::Aggregation, "verifier")
            .unwrap()
    };
    let (one, other) = (Manifest::of(parts(false)).unwrap(), Manifest::of(parts(true)).unwrap());
    assert_eq!(one, other);
    assert_eq!(one.sha256(), Digest::of(one.json().as_bytes()));
    // Another program that reads and writes it again gets the same bytes.
    let read: serde_json::Value = serde_json::from_str(one.json()).unwrap();
    assert_eq!(read.to_string(), one.json());
    assert_eq!(read["achieved"]["t_equal"], "0.30000000000000004");
    assert_eq!(read["protection"]["singling_out"]["level"], "resisted");
}

proptest! {
    #[test]
    fn sketches_and_keyed_sets_tell_what_a_set_tells(
        common in prop::collection::btree_set(0u64..1 << 60, 0..200),
        left in prop::collection::btree_set(0u64..1 << 60, 0..60),
        right in prop::collection::btree_set(0u64..1 << 60, 0..60),
    ) {
        let a: BTreeSet<u64> = common.union(&left).copied().collect();
        let b: BTreeSet<u64> = common.union(&right).copied().collect();
        let only_first: Vec<u64> = a.difference(&b).copied().collect();
        let only_second: Vec<u64> = b.difference(&a).copied().collect();
        let n = (only_first.len() + only_second.len()) as u64;
        let expected = Difference::Exactly { only_first, only_second };

        let exact = (KeyedSet::of(a.iter().copied()), KeyedSet::of(b.iter().copied()));
        prop_assert_eq!(exact.0.n(), a.len() as u64);
        prop_assert_eq!(exact.0.n_different(&exact.1), NDifferent::Exactly(n));
        prop_assert_eq!(&exact.0.difference(&exact.1), &expected);

        let sketch = |set: &BTreeSet<u64>| CharacteristicSketch::of(64, set.iter().copied());
        match sketch(&a).n_different(&sketch(&b)) {
            NDifferent::Exactly(found) => prop_assert_eq!(found, n),
            NDifferent::AtLeast(bound) => prop_assert!(bound <= n && n > 64),
            NDifferent::Undecodable => prop_assert!(n > 64),
        }
        if n <= 64 {
            prop_assert_eq!(&sketch(&a).difference(&sketch(&b)), &expected);
        }
    }

    #[test]
    fn sketches_of_parts_multiply_and_divide(
        set in prop::collection::btree_set(0u64..1 << 60, 1..300),
        cut in 0usize..300,
    ) {
        let all: Vec<u64> = set.into_iter().collect();
        let (left, right) = all.split_at(cut.min(all.len()));
        let sketch = |part: &[u64]| CharacteristicSketch::of(64, part.iter().copied());
        let mut union = sketch(left);
        union.add_disjoint(&sketch(right));
        prop_assert_eq!(&union, &sketch(&all));
        prop_assert!(union.take_subset(&sketch(left)));
        prop_assert_eq!(union, sketch(right));
        let keyed = |part: &[u64]| KeyedSet::of(part.iter().copied());
        let mut union = keyed(left);
        union.add_disjoint(&keyed(right));
        prop_assert_eq!(&union, &keyed(&all));
        prop_assert!(union.take_subset(&keyed(right)));
        prop_assert_eq!(&union, &keyed(left));
        prop_assert!(right.is_empty() || !union.take_subset(&keyed(right)));
    }
}
