//! Who refers to an object: an object has all the roles that refer to it.

use std::collections::{BTreeMap, BTreeSet};

use super::state::State;

/// A reference to an object: whose, and under which key. References from an array that is an object of its own are those
/// to the array.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    /// The number of the object that refers; none for the trailer.
    pub(crate) from: Option<u32>,
    pub(crate) key: Vec<u8>,
}

impl State<'_, '_> {
    /// Every reference to some objects, whatever generation it names.
    pub(crate) fn edges_to(&self, targets: &BTreeSet<u32>) -> BTreeMap<u32, BTreeSet<Edge>> {
        let mut out: BTreeMap<u32, BTreeSet<Edge>> = BTreeMap::new();
        let mut add = |number: u32, edge: Edge| {
            out.entry(number).or_default().insert(edge);
        };
        for (number, value) in self.content() {
            value.references(b"", &mut |id, key| {
                if targets.contains(&id.0) {
                    add(id.0, Edge { from: Some(number), key: key.to_vec() });
                }
            });
        }
        if let Some(trailer) = self.trailer() {
            trailer.references(&mut |id, key| {
                if targets.contains(&id.0) {
                    add(id.0, Edge { from: None, key: key.to_vec() });
                }
            });
        }
        out
    }

    /// The same, with references from arrays that are objects followed up to the dictionary they stand in.
    pub(crate) fn roles_of(&self, targets: &BTreeSet<u32>) -> BTreeMap<u32, BTreeSet<Edge>> {
        let mut out = self.edges_to(targets);
        for _ in 0..4 {
            let in_array = |edge: &Edge| edge.key.is_empty() && edge.from.is_some();
            let arrays: BTreeSet<u32> = out.values().flatten().filter(|e| in_array(e)).filter_map(|e| e.from).collect();
            if arrays.is_empty() {
                break;
            }
            let above = self.edges_to(&arrays);
            for edges in out.values_mut() {
                let (inner, mut kept): (BTreeSet<Edge>, BTreeSet<Edge>) = edges.iter().cloned().partition(in_array);
                for edge in inner {
                    kept.extend(edge.from.and_then(|n| above.get(&n)).into_iter().flatten().cloned());
                }
                *edges = kept;
            }
        }
        out
    }
}
