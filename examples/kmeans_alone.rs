//! Clusters a matrix of your own with k-means, without the pipeline; learn here what a fit gives back.

use consentric::segment::{FitContext, KMeans};
use ndarray::array;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Two features a row, already on a common scale.
    let x = array![[0.1, 0.2], [0.0, 0.1], [0.2, 0.0], [5.0, 5.1], [5.2, 4.9], [9.0, 0.1], [9.1, 0.0]];

    let fit = KMeans::new(3)?.fit_model(x.view(), &FitContext::new(42))?;
    println!("segment  rows  centre");
    for (segment, (size, centre)) in fit.sizes().iter().zip(fit.centroids().outer_iter()).enumerate() {
        println!("{segment:7}  {size:4}  {centre:.2}");
    }
    println!("inertia {:.3} after {} rounds", fit.inertia(), fit.rounds());
    assert_eq!(fit.sizes(), [3, 2, 2]);
    Ok(())
}
