//! Multipart bodies (RFC 7578): a model and the files it names.

use std::collections::HashSet;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use sigill_messages::Localize;

use crate::body::LimitedBody;
use crate::budget::Share;
use crate::config::Limits;
use crate::messages::upload as texts;
use crate::parts::{Part, Parts};
use crate::paths::is_safe;
use crate::problem::{Kind, Problem, Result};

/// Longest name of a file, in bytes.
const MAX_NAME: usize = 400;

/// A document's request: the model and its files.
pub(crate) struct DocumentUpload {
    pub(crate) model: Bytes,
    pub(crate) names: Vec<String>,
    pub(crate) files: Vec<Bytes>,
}

/// The media type of a body, in lower case and without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) fn unsupported(types: &dyn Localize) -> Box<Problem> {
    Problem::new(Kind::UnsupportedType, &texts::ContentType { types })
}

/// A body is of this type or in parts.
pub(crate) fn neither(one: &str) -> Box<Problem> {
    unsupported(&texts::Either { one: &one, other: &"multipart/form-data" })
}

/// Opens a multipart body. What is kept of it in memory is counted in the share, when there is one.
pub(crate) fn multipart(
    headers: &HeaderMap,
    body: Body,
    megabytes: u64,
    limits: &Limits,
    share: Option<&Share>,
) -> Result<Parts> {
    if media_type(headers) != "multipart/form-data" {
        return Err(unsupported(&"multipart/form-data"));
    }
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(value).map_err(|_| Problem::new(Kind::BadRequest, &texts::NoBoundary))?;
    Ok(Parts::new(LimitedBody::new(headers, body, megabytes, limits)?.within(share), boundary))
}

pub(crate) fn twice(name: &str) -> Box<Problem> {
    Problem::new(Kind::BadRequest, &texts::Twice { name: &name })
}

pub(crate) fn missing(name: &str) -> Box<Problem> {
    Problem::new(Kind::BadRequest, &texts::Missing { name: &name })
}

pub(crate) fn unknown(name: &str, known: &str) -> Box<Problem> {
    let shown: String = name.chars().take(80).collect();
    Problem::new(Kind::BadRequest, &texts::Unknown { name: &shown, known: &known })
}

/// The name of a file as the model uses it. It must stay inside the model's folder.
pub(crate) fn path_of(part: &Part) -> Result<String> {
    let name = part.file_name().unwrap_or_default();
    if is_safe(&name) && name.len() <= MAX_NAME {
        return Ok(name);
    }
    let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    Err(Problem::new(Kind::BadRequest, &texts::FileName { name: &shown }))
}

/// The names of an upload's files, to tell which are there already. Two that differ in case alone would be one file on some
/// disks.
#[derive(Default)]
pub(crate) struct Names(HashSet<String>);

/// Refuses one file more than there may be, or one that is there already.
pub(crate) fn one_more(names: &mut Names, name: &str, limits: &Limits) -> Result<()> {
    if names.0.contains(&name.to_lowercase()) {
        return Err(twice(name));
    }
    if names.0.len() >= limits.files {
        return Err(Problem::new(Kind::TooLarge, &texts::Files { most: &limits.files }));
    }
    names.0.insert(name.to_lowercase());
    Ok(())
}

/// Reads a document's request.
pub(crate) async fn document(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
    share: &Share,
) -> Result<DocumentUpload> {
    let kind = media_type(headers);
    if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) {
        let model = LimitedBody::new(headers, body, limits.body_mb, limits)?.within(Some(share)).whole().await?;
        return Ok(DocumentUpload { model, names: Vec::new(), files: Vec::new() });
    }
    if kind != "multipart/form-data" {
        return Err(neither("application/json"));
    }
    let mut parts = multipart(headers, body, limits.body_mb, limits, Some(share))?;
    let (mut model, mut names, mut files) = (None, Vec::new(), Vec::new());
    let mut seen = Names::default();
    while let Some(part) = parts.next().await? {
        let name = part.name()?;
        match name.as_str() {
            "model" if model.is_some() => return Err(twice("model")),
            "model" => model = Some(part.whole().await?),
            "file" => {
                let path = path_of(&part)?;
                one_more(&mut seen, &path, limits)?;
                names.push(path);
                files.push(part.whole().await?);
            }
            other => return Err(unknown(other, "model, file")),
        }
    }
    let model = model.ok_or_else(|| missing("model"))?;
    Ok(DocumentUpload { model, names, files })
}

/// Named parts that may each stand once. All but `pdf`, which is passed on, are read by the service and have to be small.
pub(crate) async fn once<const N: usize>(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
    share: &Share,
    known: [&'static str; N],
) -> Result<[Option<Bytes>; N]> {
    let mut parts = multipart(headers, body, limits.body_mb, limits, Some(share))?;
    let mut out = [const { None }; N];
    while let Some(part) = parts.next().await? {
        let name = part.name()?;
        let Some(index) = known.iter().position(|k| *k == name) else {
            return Err(unknown(&name, &known.join(", ")));
        };
        if out[index].is_some() {
            return Err(twice(&name));
        }
        out[index] = Some(if name == "pdf" { part.whole().await? } else { part.small().await? });
    }
    Ok(out)
}
