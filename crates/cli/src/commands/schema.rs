//! `sigill schema`.

use clap::Args;
use serde_json::{Value, json};

use crate::exit::{Exit, Stop};
use crate::kinds::find;
use crate::output;
use crate::setup::LayoutDirs;

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Dokumenttyp, se `sigill kinds` · Kind, see `sigill kinds`
    pub(crate) kind: String,
    #[command(flatten)]
    pub(crate) dirs: LayoutDirs,
}

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit, Stop> {
    let kind = find(&args.dirs.layouts()?, &args.kind)?;
    let mut schema = kind.schema.root().clone();
    // Where editors look for the schema of a file; every model may have it.
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("$schema".to_owned(), json!({"type": "string"}));
    }
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Stop::outside(e.to_string()))?;
    output::print((text + "\n").as_bytes())?;
    Ok(Exit::Done)
}
