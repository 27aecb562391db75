//! How fast customers are divided into segments, and assigned afterwards.

use std::hint::black_box;

use consentric::segment::{FitContext, KMeans, KMeansModel, SegmentError};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use linfa::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::{Array2, ArrayView2};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;

const SEED: u64 = 42;
const N_SEGMENTS: usize = 8;
const N_FEATURES: usize = 8;
const TOLERANCE: f64 = 1e-4;
const MAX_ROUNDS: usize = 300;

fn fit(c: &mut Criterion) {
    let mut group = c.benchmark_group("segment/fit");
    group.sample_size(10);
    for (size, n) in [("10k_x8_k8", 10_000), ("100k_x8_k8", 100_000)] {
        let x = blobs(n);
        let variance = x.var_axis(ndarray::Axis(0), 0.0).mean().unwrap_or(1.0);
        let ours = || {
            let strategy = KMeans::new(N_SEGMENTS)?.with_restarts(1).with_tolerance(TOLERANCE);
            strategy.with_max_rounds(MAX_ROUNDS).fit_model(x.view(), &FitContext::new(SEED))
        };
        // linfa compares the root of the squared shifts with its tolerance and does not look at the variance.
        let params = linfa_clustering::KMeans::params_with_rng(N_SEGMENTS, Xoshiro256Plus::seed_from_u64(SEED))
            .n_runs(1)
            .tolerance((TOLERANCE * variance).sqrt())
            .max_n_iterations(MAX_ROUNDS as u64);
        let dataset = DatasetBase::from(x.view());

        let found: Result<_, SegmentError> = ours();
        let found = found.expect("the blobs can be divided");
        let linfa = params.fit(&dataset).expect("the blobs can be divided");
        eprintln!(
            "{size}: inertia k_means {:.6e} in {} rounds, linfa_k_means {:.6e}",
            found.inertia(),
            found.rounds(),
            inertia(x.view(), linfa.centroids())
        );
        group.bench_function(BenchmarkId::new("k_means", size), |b| b.iter(|| black_box(ours())));
        group.bench_function(BenchmarkId::new("linfa_k_means", size), |b| b.iter(|| black_box(params.fit(&dataset))));
    }
    group.finish();
}

fn assign(c: &mut Criterion) {
    let centroids = blobs(N_SEGMENTS);
    let row = centroids.row(3).mapv(|value| value + 0.1).to_vec();
    let model = KMeansModel::new(centroids).expect("finite centroids");
    c.bench_function("segment/assign/k_means/one_row_d8_k8", |b| b.iter(|| model.assign_row(black_box(&row))));
}

/// Sum of the squared distances to the nearest centroid, by the same code for every contender.
fn inertia(x: ArrayView2<'_, f64>, centroids: &Array2<f64>) -> f64 {
    let model = KMeansModel::new(centroids.clone()).expect("finite centroids");
    x.rows().into_iter().filter_map(|row| model.nearest(row.as_slice()?)).map(|found| found.squared_distance).sum()
}

/// Overlapping Gaussian blobs, one for each segment.
fn blobs(n: usize) -> Array2<f64> {
    let mut rng = Xoshiro256Plus::seed_from_u64(7);
    let centres = Array2::from_shape_simple_fn((N_SEGMENTS, N_FEATURES), || rng.gen_range(-2.0..2.0));
    // The sum of 12 uniform numbers has variance 1 and is close enough to a normal one.
    let mut normal = || (0..12).map(|_| rng.gen_range(-0.5..0.5)).sum::<f64>();
    Array2::from_shape_fn((n, N_FEATURES), |(row, column)| centres[[row % N_SEGMENTS, column]] + normal())
}

criterion_group!(benches, fit, assign);
criterion_main!(benches);
