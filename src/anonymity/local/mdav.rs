//! Maximum distance to average vector.

use super::point_tree::PointTree;
use super::points::Scores;

/// Groups points into classes of `k`, the last of up to `2k - 1`; each ascending.
///
/// From the point farthest from the mean of what is left, and the point farthest from that one, the `k` nearest leave as
/// a class. Of equal distances the lowest point is taken.
// SPEC: the second class is nearest to where s was, even if s itself left with the first.
pub(super) fn mdav(points: &Scores, k: usize) -> Vec<Vec<u32>> {
    let mut tree = PointTree::new(points);
    let mut classes = Vec::with_capacity(points.len() / k.max(1));
    while tree.len() >= k.saturating_mul(3) {
        let Some(r) = tree.farthest(&tree.centroid()) else { break };
        let Some(s) = tree.farthest(points.at(r)) else { break };
        classes.push(tree.take_nearest(points.at(r), k));
        classes.push(tree.take_nearest(points.at(s), k));
    }
    if tree.len() >= k.saturating_mul(2)
        && let Some(r) = tree.farthest(&tree.centroid())
    {
        classes.push(tree.take_nearest(points.at(r), k));
    }
    if tree.len() > 0 {
        classes.push(tree.left());
    }
    classes
}
