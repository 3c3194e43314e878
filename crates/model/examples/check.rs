//! Checks a report against its schema and the domain rules: `cargo run -p sigill-model --example check -- PROFILE FILE`.
#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "an example")]

use sigill_model::{Profile, json::Source, kinds, prepare, schema::KindSchema};

fn main() {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let (profile, _, found) = Profile::read(&std::fs::read(&args[0]).unwrap());
    assert!(found.is_empty(), "{found:?}");
    let profile = profile.expect("a profile");
    for file in &args[1..] {
        let (source, mut found) = Source::parse(&std::fs::read(file).unwrap());
        if let Ok(kind) = prepare::kind_of(&source)
            && let Some(kind) = kinds::kind(&kind)
        {
            let (_, more) = prepare(&source, &KindSchema::new(kind.schema()), &profile);
            found.extend(more);
        }
        println!("{file}: {} findings", found.len());
        for d in found {
            let p = d.position.map(|p| format!("{}:{}", p.line, p.column)).unwrap_or_default();
            println!("  {:?} {} {p} {}\n     {}\n     {}", d.severity, d.code, d.pointer, d.message_sv, d.help_sv);
        }
    }
}
