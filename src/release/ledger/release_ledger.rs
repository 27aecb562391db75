//! The ledger: what was released, against which everything new is held.

use std::path::Path;

use super::assess::Judge;
use super::built::Built;
use super::key::{Keys, same};
use super::plan::PlannedRelease;
use super::record;
use super::set::{SetForm, Shape};
use super::state::State;
use super::store::{Head, Store};
use super::wire::{Reader, Writer};
use super::{Digest, LedgerError, LedgerKey, Receipt, Verdict};
use crate::time::Timestamp;

/// What was released before, and the door through which every new release goes.
///
/// Append-only; each record is linked to the one before it by an HMAC under the ledger key, and on the medium before
/// [`commit`](Self::commit) returns. A release that was committed and then lost on its way out counts as released: the
/// ledger cannot know whether somebody saw it.
///
/// # Privacy
/// Holds released figures, sizes of released cells, and sets of customers as HMACs under its key: no id, no pseudonym.
/// An erasure needs no change here, and the erased customer's element means nothing without the key. Verdicts and sizes
/// are the controller's own; they are not for publication.
///
/// # Examples
/// ```
/// use consentric::release::ledger::{
///     CellDefinition, LedgerKey, Measure, PlannedCell, PlannedRelease, Population, ReleaseLedger, SetForm, Verdict,
/// };
/// use consentric::time::Timestamp;
/// let mut ledger = ReleaseLedger::in_memory(&LedgerKey::from_bytes([7; 32]), 50, SetForm::Sketch)?;
/// let segment = || CellDefinition::new("newsletter", "tiers", Measure::Count).with_cell(["gold"]);
/// for (day, n) in [(1, 200), (2, 199)] {
///     let customers = Population::new("shop", (0..n).map(|number| format!("customer {number}")));
///     let mut plan = PlannedRelease::new(&customers, Timestamp::from_micros(day), 50)?;
///     let members = plan.add_members(0..n)?;
///     plan.add_cell(PlannedCell::count(segment(), members, n.to_string()))?;
///     let assessment = ledger.would(&plan)?;
///     // On the second day one customer was erased: the figure of the first day leaves again.
///     assert_eq!(matches!(assessment.verdicts(), [Verdict::Frozen { .. }]), day == 2);
///     ledger.commit(assessment)?;
/// }
/// # Ok::<(), consentric::release::ledger::LedgerError>(())
/// ```
#[derive(Debug)]
pub struct ReleaseLedger {
    keys: Keys,
    shape: Shape,
    store: Store,
    state: State,
    link: Digest,
    poisoned: bool,
}

/// The verdicts on a plan, and all that is needed to commit it.
#[derive(Debug)]
pub struct Assessment {
    verdicts: Vec<Verdict>,
    payload: Vec<u8>,
    /// The head of the ledger that was asked.
    behind: Digest,
}

impl ReleaseLedger {
    /// Begins a ledger that ends with the program.
    ///
    /// # Errors
    /// Those of [`create`](Self::create) but for the file.
    pub fn in_memory(key: &LedgerKey, threshold: u64, form: SetForm) -> Result<Self, LedgerError> {
        let shape = shape(threshold, form)?;
        Self::begin(key, shape, Store::Memory(Vec::new()))
    }

    /// Begins a ledger in a new file, for thresholds up to `threshold`.
    ///
    /// Beside the file stand `<file>.lock` while it is open, and `<file>.head`, which says how far it reaches: back up
    /// all but the lock together.
    ///
    /// # Errors
    /// [`LedgerError::Threshold`] outside 2..=100000, and beyond 1000 with sketches, whose work grows with the square of
    /// it: take [`SetForm::Exact`] there. [`LedgerError::Io`] if the file is there already or cannot be written,
    /// [`LedgerError::Locked`] if somebody else is at it.
    pub fn create(path: &Path, key: &LedgerKey, threshold: u64, form: SetForm) -> Result<Self, LedgerError> {
        let shape = shape(threshold, form)?;
        Self::begin(key, shape, Store::create(path)?)
    }

    /// Opens a ledger and reads all of it.
    ///
    /// # Errors
    /// Whatever is wrong with it means no release: [`LedgerError::Io`], [`LedgerError::Locked`], [`LedgerError::Foreign`],
    /// [`LedgerError::Version`], [`LedgerError::WrongKey`], [`LedgerError::Truncated`], [`LedgerError::Broken`], and
    /// [`LedgerError::Rewound`] if it ends before its head.
    ///
    /// # Complexity
    /// One pass over the file, a record in memory at a time; then about 1.5 kB a set and 90 bytes a cell stay.
    pub fn open(path: &Path, key: &LedgerKey) -> Result<Self, LedgerError> {
        Self::replay(key, Store::open(path)?, false)
    }

    /// Opens a ledger after a crash: a record at its end that was cut off while it was written is dropped.
    ///
    /// Such a record was never handed out, for [`commit`](Self::commit) had not returned. Note it in the audit log.
    ///
    /// # Errors
    /// Those of [`open`](Self::open); what its head says was written must still be there.
    pub fn recover(path: &Path, key: &LedgerKey) -> Result<Self, LedgerError> {
        Self::replay(key, Store::open(path)?, true)
    }

    /// Gives the verdict on every cell of a plan without writing anything.
    ///
    /// Each set, each complement in its margin and the hidden rest of each margin is compared with every earlier one of
    /// the same population and a common column, and with those of its own release; combinations of the cells of the last
    /// twelve releases are looked at in exact sets.
    ///
    /// # Errors
    /// [`LedgerError::NothingPlanned`], [`LedgerError::Capacity`], [`LedgerError::Twice`], [`LedgerError::SameCell`] for a
    /// wrong plan, [`LedgerError::Poisoned`] after a failed write, [`LedgerError::Io`] if the file cannot be read.
    ///
    /// # Complexity
    /// `O(capacity)` a member, and a contribution; then one comparison of some hundred small counts with every earlier
    /// set of about the same size, and `O(capacity²)` for the few that are close.
    pub fn would(&self, plan: &PlannedRelease<'_>) -> Result<Assessment, LedgerError> {
        if self.poisoned {
            return Err(LedgerError::Poisoned);
        }
        if plan.cells.is_empty() {
            return Err(LedgerError::NothingPlanned);
        }
        let (threshold, capacity) = (plan.threshold, self.shape.capacity);
        let needed = needed_capacity(threshold);
        if needed > capacity {
            return Err(LedgerError::Capacity { threshold, needed, capacity });
        }
        let built = Built::of(plan, &self.keys, self.shape)?;
        let read = |at, n| self.store.read(at, n);
        let judge = Judge { plan, built: &built, state: &self.state, shape: self.shape, read };
        let verdicts = judge.verdicts()?;
        let payload = record::payload(plan, &built, &verdicts, &self.state);
        Ok(Assessment { verdicts, payload, behind: self.link })
    }

    /// Writes a release down; only then may it be handed out.
    ///
    /// # Errors
    /// [`LedgerError::NotReleasable`] if a cell is withheld or refused, [`LedgerError::Stale`] if the ledger has moved on
    /// since, [`LedgerError::Io`] if it cannot be written: then nothing may be released, and the ledger must be opened
    /// again.
    pub fn commit(&mut self, assessment: Assessment) -> Result<Receipt, LedgerError> {
        if self.poisoned {
            return Err(LedgerError::Poisoned);
        }
        if assessment.behind != self.link {
            return Err(LedgerError::Stale);
        }
        match assessment.verdicts.iter().filter(|verdict| !verdict.shows()).count() {
            0 => {}
            n => return Err(LedgerError::NotReleasable { n }),
        }
        let release = self.state.releases.len() as u32;
        let payload = &assessment.payload;
        let length = (payload.len() as u64).to_be_bytes();
        let link = self.keys.link(&self.link, &[&length, payload]);
        let base = self.store.length() + LENGTH;
        // PRIVACY: whatever happens from here on, a record that may be on the medium is never written over.
        self.poisoned = true;
        self.store.append(&[&length, payload, link.as_bytes()])?;
        let head = Head { n_records: u64::from(release) + 1, length: self.store.length(), link };
        self.store.set_head(head)?;
        self.state.absorb(payload, base, self.shape).ok_or(LedgerError::Broken { record: u64::from(release) })?;
        self.link = link;
        self.poisoned = false;
        Ok(Receipt { release, head: link, verdicts: assessment.verdicts })
    }

    /// Gives the link of the last record, for the audit log and the manifest; it changes with every release.
    pub const fn head(&self) -> Digest {
        self.link
    }

    /// Gives a name for something that is frozen but must not be guessed, such as exact centroids: its HMAC under the
    /// ledger key.
    ///
    /// # Privacy
    /// A plain digest of centroids could be tried out by whoever knows all customers but one.
    pub fn name_of(&self, secret: &Digest) -> Digest {
        self.keys.name(secret)
    }

    /// Says whether the ledger outlives the program, so that releases of other runs are compared as well.
    pub const fn is_kept(&self) -> bool {
        self.store.is_kept()
    }

    /// Gives the number of releases.
    pub const fn n_releases(&self) -> usize {
        self.state.releases.len()
    }

    /// Gives the number of released cells.
    pub const fn n_cells(&self) -> usize {
        self.state.cells.len()
    }

    /// Gives the time of the last release.
    pub fn last_release(&self) -> Option<Timestamp> {
        self.state.releases.last().map(|release| release.at)
    }

    fn begin(key: &LedgerKey, shape: Shape, mut store: Store) -> Result<Self, LedgerError> {
        let keys = Keys::of(key)?;
        let header = header(shape);
        let link = keys.link(&Digest::from_bytes([0; 32]), &[&header]);
        store.append(&[&header, link.as_bytes()])?;
        store.set_head(Head { n_records: 0, length: store.length(), link })?;
        Ok(Self { keys, shape, store, state: State::default(), link, poisoned: false })
    }

    fn replay(key: &LedgerKey, store: Store, recover: bool) -> Result<Self, LedgerError> {
        let keys = Keys::of(key)?;
        let truncated = LedgerError::Truncated { at: store.length() };
        let bytes = store.read(0, HEADER + 32)?;
        let (shape, header) = parse_header(&bytes, &truncated)?;
        let mut reader = Reader::new(bytes.get(HEADER..).unwrap_or_default());
        let mut link = keys.link(&Digest::from_bytes([0; 32]), &[header]);
        if !same(&reader.digest().ok_or(truncated.clone())?, &link) {
            return Err(LedgerError::WrongKey);
        }
        let head = store.head()?.ok_or(LedgerError::Rewound)?;
        let mut ledger = Self { keys, shape, store, state: State::default(), link, poisoned: false };
        let (mut at, mut record) = ((HEADER + 32) as u64, 0);
        let mut reached = (head.n_records, head.length) == (0, at) && same(&head.link, &link);
        while at < ledger.store.length() {
            let Some((payload, written)) = ledger.record(at)? else {
                // PRIVACY: only what lies behind the head may be dropped, for it was never handed out.
                if recover && reached {
                    ledger.store.cut(at)?;
                    break;
                }
                return Err(truncated);
            };
            let length = (payload.len() as u64).to_be_bytes();
            link = ledger.keys.link(&ledger.link, &[&length, &payload]);
            if !same(&link, &written) {
                return Err(LedgerError::Broken { record });
            }
            ledger.state.absorb(&payload, at + LENGTH, shape).ok_or(LedgerError::Broken { record })?;
            ledger.link = link;
            record += 1;
            at += LENGTH + payload.len() as u64 + 32;
            reached |= (head.n_records, head.length) == (record, at) && same(&head.link, &link);
        }
        // A record behind the head was written by a program that ended before it could say so: it counts.
        if !reached {
            return Err(LedgerError::Rewound);
        }
        let reached = Head { n_records: record, length: ledger.store.length(), link: ledger.link };
        if reached != head {
            ledger.store.set_head(reached)?;
        }
        Ok(ledger)
    }

    /// The payload and the link of the record at some byte; `None` if the file ends within it.
    fn record(&self, at: u64) -> Result<Option<(Vec<u8>, Digest)>, LedgerError> {
        let Some(length) = Reader::new(&self.store.read(at, LENGTH as usize)?).long() else { return Ok(None) };
        let left = self.store.length().saturating_sub(at).saturating_sub(LENGTH);
        let Some(size) =
            length.checked_add(32).filter(|size| *size <= left).and_then(|size| usize::try_from(size).ok())
        else {
            return Ok(None);
        };
        let mut payload = self.store.read(at + LENGTH, size)?;
        if payload.len() < size {
            return Ok(None);
        }
        let link = Reader::new(&payload.split_off(size - 32)).digest();
        Ok(link.map(|link| (payload, link)))
    }
}

impl Assessment {
    /// Gives the verdict on each cell of the plan, in its order.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Says whether every cell may be shown, by its new figure or by an earlier one.
    pub fn is_releasable(&self) -> bool {
        self.verdicts.iter().all(Verdict::shows)
    }
}

/// The capacity that a threshold needs.
const fn needed_capacity(threshold: u64) -> usize {
    let doubled = threshold.saturating_mul(2) as usize;
    if doubled < 64 { 64 } else { doubled }
}

fn shape(threshold: u64, form: SetForm) -> Result<Shape, LedgerError> {
    let limit = match form {
        SetForm::Sketch => 1000,
        SetForm::Exact => 100_000,
    };
    if !(2..=limit).contains(&threshold) {
        return Err(LedgerError::Threshold { threshold });
    }
    Ok(Shape { form, capacity: needed_capacity(threshold) })
}

fn header(shape: Shape) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.0.extend(MAGIC);
    writer.number(VERSION);
    writer.byte(match shape.form {
        SetForm::Sketch => 0,
        SetForm::Exact => 1,
    });
    writer.number(shape.capacity as u32);
    writer.0
}

fn parse_header<'a>(bytes: &'a [u8], truncated: &LedgerError) -> Result<(Shape, &'a [u8]), LedgerError> {
    let mut reader = Reader::new(bytes);
    let start = bytes.get(..bytes.len().min(MAGIC.len())).unwrap_or_default();
    if !MAGIC.starts_with(start) {
        return Err(LedgerError::Foreign);
    }
    let header = bytes.get(..HEADER).ok_or(truncated.clone())?;
    reader.take(MAGIC.len());
    let found = reader.number().ok_or(truncated.clone())?;
    if found != VERSION {
        return Err(LedgerError::Version { found, known: VERSION });
    }
    let form = match reader.byte() {
        Some(0) => SetForm::Sketch,
        Some(1) => SetForm::Exact,
        _ => return Err(LedgerError::Foreign),
    };
    let capacity = reader.number().ok_or(truncated.clone())? as usize;
    if !(64..=200_000).contains(&capacity) {
        return Err(LedgerError::Foreign);
    }
    Ok((Shape { form, capacity }, header))
}

const MAGIC: &[u8] = b"consentric release ledger\n";
const VERSION: u32 = 1;
/// Bytes of magic, version, form and capacity.
const HEADER: usize = MAGIC.len() + 9;
/// Bytes of the length before a record.
const LENGTH: u64 = 8;
