//! Memory of a process and all it has started, from `/proc`.

use std::collections::HashMap;
use std::fs;

/// Resident memory in KiB of the process `root` and its descendants, pages that several share counted once.
pub fn resident(root: u32) -> u64 {
    with_descendants(root).into_iter().filter_map(of_process).sum()
}

/// Of the descendants alone, for a process that only drives what is measured.
pub fn resident_below(root: u32) -> u64 {
    with_descendants(root).into_iter().filter(|&process| process != root).filter_map(of_process).sum()
}

/// The proportional size, in which a page shared by `n` processes counts as an `n`th in each.
fn of_process(process: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn with_descendants(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        if let Some(parent) = parent(&stat) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(process) = found.get(next) {
        found.extend(children.remove(process).unwrap_or_default());
        next += 1;
    }
    found
}

/// The name of a process stands in parentheses and may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_stands_after_the_name() {
        assert_eq!(parent("42 (a) b (c) S 7 42 42 0"), Some(7));
    }

    #[test]
    fn this_process_has_memory() {
        assert!(resident(std::process::id()) > 0);
    }
}
