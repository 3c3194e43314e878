//! Multipart bodies (RFC 7578): a model and the files it names.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use multer::{Field, Multipart};
use sigill_messages::Localize;

use crate::body::{BodyFault, LimitedBody, broken};
use crate::config::Limits;
use crate::messages::upload as texts;
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

/// Opens a multipart body.
pub(crate) fn multipart(
    headers: &HeaderMap,
    body: Body,
    megabytes: u64,
    limits: &Limits,
) -> Result<(Multipart<'static>, BodyFault)> {
    if media_type(headers) != "multipart/form-data" {
        return Err(unsupported(&"multipart/form-data"));
    }
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(value).map_err(|_| Problem::new(Kind::BadRequest, &texts::NoBoundary))?;
    let limited = LimitedBody::new(headers, body, megabytes, limits)?;
    let reason = limited.reason();
    Ok((Multipart::new(limited, boundary), reason))
}

/// What a broken multipart body means to the client.
pub(crate) fn failed(reason: &BodyFault) -> impl Fn(multer::Error) -> Box<Problem> + '_ {
    move |error| match (reason.problem(), error) {
        (Some(problem), _) => problem,
        (None, multer::Error::IncompleteStream | multer::Error::IncompleteFieldData { .. }) => broken(),
        (None, _) => Problem::new(Kind::BadRequest, &texts::Unreadable),
    }
}

/// Name of a part, which every part must have.
pub(crate) fn name_of(field: &Field<'_>) -> Result<String> {
    field.name().map(str::to_owned).ok_or_else(|| Problem::new(Kind::BadRequest, &texts::NoName))
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
pub(crate) fn path_of(field: &Field<'_>) -> Result<String> {
    let name = field.file_name().unwrap_or_default();
    if is_safe(name) && name.len() <= MAX_NAME {
        return Ok(name.to_owned());
    }
    let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    Err(Problem::new(Kind::BadRequest, &texts::FileName { name: &shown }))
}

/// Refuses one file more than there may be, or one that is there already.
pub(crate) fn one_more(names: &[String], name: &str, limits: &Limits) -> Result<()> {
    // Two names that differ in case alone would be one file on some disks.
    if names.iter().any(|n| n.to_lowercase() == name.to_lowercase()) {
        return Err(twice(name));
    }
    if names.len() >= limits.files {
        return Err(Problem::new(Kind::TooLarge, &texts::Files { most: &limits.files }));
    }
    Ok(())
}

/// Reads a document's request.
pub(crate) async fn document(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<DocumentUpload> {
    let kind = media_type(headers);
    if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) {
        let model = LimitedBody::new(headers, body, limits.body_mb, limits)?.whole().await?;
        return Ok(DocumentUpload { model, names: Vec::new(), files: Vec::new() });
    }
    if kind != "multipart/form-data" {
        return Err(neither("application/json"));
    }
    let (mut parts, reason) = multipart(headers, body, limits.body_mb, limits)?;
    let (mut model, mut names, mut files) = (None, Vec::new(), Vec::new());
    while let Some(field) = parts.next_field().await.map_err(failed(&reason))? {
        let name = name_of(&field)?;
        match name.as_str() {
            "model" if model.is_some() => return Err(twice("model")),
            "model" => model = Some(field.bytes().await.map_err(failed(&reason))?),
            "file" => {
                let path = path_of(&field)?;
                one_more(&names, &path, limits)?;
                names.push(path);
                files.push(field.bytes().await.map_err(failed(&reason))?);
            }
            other => return Err(unknown(other, "model, file")),
        }
    }
    let model = model.ok_or_else(|| missing("model"))?;
    Ok(DocumentUpload { model, names, files })
}

/// Named parts that may each stand once.
pub(crate) async fn once<const N: usize>(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
    known: [&'static str; N],
) -> Result<[Option<Bytes>; N]> {
    let (mut parts, reason) = multipart(headers, body, limits.body_mb, limits)?;
    let mut out = [const { None }; N];
    while let Some(field) = parts.next_field().await.map_err(failed(&reason))? {
        let name = name_of(&field)?;
        let Some(index) = known.iter().position(|k| *k == name) else {
            return Err(unknown(&name, &known.join(", ")));
        };
        if out[index].is_some() {
            return Err(twice(&name));
        }
        out[index] = Some(field.bytes().await.map_err(failed(&reason))?);
    }
    Ok(out)
}
