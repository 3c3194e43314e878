//! How well a client likes one of several choices it names.

/// The weight among a choice's parameters (RFC 9110, 12.4.2): 1 when there is none, 0 when it cannot be read.
pub(crate) fn weight(parameters: &str) -> f32 {
    let mut parameters = parameters.split(';').filter_map(|p| p.split_once('='));
    let q = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let Some((_, q)) = q else { return 1.0 };
    match q.trim().parse() {
        Ok(q) if (0.0..=1.0).contains(&q) => q,
        Ok(_) | Err(_) => 0.0,
    }
}
