//! The export for partners and reports outside, its ledger and its keys.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use consentric::protect::MasterKey;
use consentric::release::Publish;
use consentric::release::export::{Export, ExportPlan, FeatureRange};
use consentric::release::ledger::{LedgerKey, ReleaseLedger, SetForm};
use consentric::release::table::Threshold;

use crate::failure::Failure;
use crate::{files, secret};

/// What leaves the house, beside the files in `--out` that stay inside.
#[derive(Args)]
pub struct ExportFlags {
    /// Write sizes, shares and rounded means for partners to this file, gated and with its manifest
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,

    /// Fewest customers behind any figure of the export
    #[arg(long, default_value = "50", value_name = "N", requires = "export")]
    pub export_threshold: Threshold,

    /// Declared range of a feature, such as monetary_total=0..500:25; values beyond count as its ends. WIDTH is how closely
    /// one customer's value may be known [default: a tenth of the range]. A feature without a range has no mean. Repeatable
    #[arg(long = "export-range", value_name = "FEATURE=LO..HI[:WIDTH]", value_parser = range, requires = "export")]
    pub export_ranges: Vec<(String, FeatureRange)>,

    /// Ledger of earlier exports, made if it is not there: no two exports may differ by a few customers
    #[arg(long, value_name = "FILE", requires = "export", requires = "release_ledger_key")]
    pub release_ledger: Option<PathBuf>,

    /// Key of the ledger, 32 bytes; made for its owner alone if it is not there. Keep it apart from the ledger
    #[arg(long, value_name = "FILE", requires = "release_ledger")]
    pub release_ledger_key: Option<PathBuf>,

    /// Key of pseudonyms, 32 bytes, the same for all exports of a ledger [default: the key of the ledger with
    /// `.pseudonyms` behind its name]
    #[arg(long, value_name = "FILE", requires = "release_ledger")]
    pub pseudonym_key: Option<PathBuf>,
}

/// All that an export needs, opened before the run.
pub struct Opened {
    pub plan: ExportPlan,
    pub ledger: ReleaseLedger,
    pub key: MasterKey,
    path: PathBuf,
}

impl ExportFlags {
    /// Opens ledger and keys, and makes those that are not there; `None` without `--export`.
    pub fn open(&self) -> Result<Option<Opened>, Failure> {
        let Some(path) = self.export.clone() else { return Ok(None) };
        if path.is_dir() || path.file_name().is_none() {
            return Err(Failure::Refused(format!("{}: is a folder", path.display())));
        }
        // Told before the ledger has written down an export that cannot be handed out.
        let folder = folder(&path);
        std::fs::create_dir_all(folder).map_err(|error| Failure::Refused(format!("{}: {error}", folder.display())))?;
        let mut plan = ExportPlan::new().with_threshold(self.export_threshold);
        for (feature, range) in &self.export_ranges {
            plan = plan.with_range(feature, *range);
        }
        let n = self.export_threshold.n();
        // Sketches of large thresholds cost more than the sets themselves.
        let form = if n > 1_000 { SetForm::Exact } else { SetForm::Sketch };
        let (Some(ledger), Some(key)) = (&self.release_ledger, &self.release_ledger_key) else {
            eprintln!("warning: without `--release-ledger` differences between this export and others are not checked");
            let ledger = ReleaseLedger::in_memory(&LedgerKey::generate()?, n, form)?;
            return Ok(Some(Opened { plan, ledger, key: MasterKey::generate()?, path }));
        };
        let is_there = ledger.exists();
        let pseudonyms = self.pseudonym_key.clone().unwrap_or_else(|| {
            let mut name: OsString = key.clone().into_os_string();
            name.push(".pseudonyms");
            name.into()
        });
        if pseudonyms == *key {
            return Err(Failure::Usage("the ledger and the pseudonyms need a key each".to_owned()));
        }
        // A fresh key would know nobody of a ledger that is there.
        let ledger_key = LedgerKey::from_bytes(*secret::read_or_make(key, !is_there)?);
        let key = MasterKey::from_bytes(*secret::read_or_make(&pseudonyms, !is_there)?);
        let ledger = match is_there {
            true => ReleaseLedger::open(ledger, &ledger_key)?,
            false => ReleaseLedger::create(ledger, &ledger_key, n, form)?,
        };
        Ok(Some(Opened { plan, ledger, key, path }))
    }
}

/// Writes the export and says on stderr what the controller should know of it.
pub fn write(path: &Path, export: &Export) -> Result<(), Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files::write_all(folder(path), &[(&name, Some(export.to_json()? + "\n"))])?;
    let verdicts = &export.receipt().verdicts;
    let n_anew = verdicts.iter().filter(|verdict| verdict.finding().is_none()).count();
    let n_before = verdicts.len() - n_anew;
    eprintln!(
        "exported {n_anew} figures anew and {n_before} as they were before under `{}` to {}",
        export.definition(),
        path.display()
    );
    Ok(())
}

impl Opened {
    /// Takes apart what the run needs and where its result goes.
    pub fn parts(self) -> (ExportPlan, ReleaseLedger, MasterKey, PathBuf) {
        (self.plan, self.ledger, self.key, self.path)
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn range(text: &str) -> Result<(String, FeatureRange), String> {
    let (feature, range) = text.split_once('=').ok_or("write FEATURE=LO..HI or FEATURE=LO..HI:WIDTH")?;
    Ok((feature.to_owned(), range.parse().map_err(|error| format!("{error}"))?))
}
