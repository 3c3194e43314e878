//! The end of a merge: catalogue, trees and metadata of the whole, and the file.

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary, text_string};

use super::builder::Builder;
use super::error::MergeError;
use super::import::Imported;
use super::number;
use super::plan::{Attachment, Plan};
use super::tree;

/// Bytes that the dictionary of a stream takes in a file, about.
const STREAM_HEAD: usize = 256;

/// The objects that hold the document together.
pub(super) struct Roots {
    pub(super) catalog: ObjectId,
    pub(super) pages_root: ObjectId,
    pub(super) struct_root: ObjectId,
    pub(super) top: ObjectId,
    pub(super) outlines: ObjectId,
}

impl Builder {
    /// Writes the catalogue and all that it names.
    pub(super) fn finish(&mut self, roots: Roots, first: &Imported, plan: &Plan<'_>) -> Result<(), MergeError> {
        let kids: Vec<Object> = self.pages.iter().map(|&id| id.into()).collect();
        let count = kids.len() as i64;
        self.document
            .objects
            .insert(roots.pages_root, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
        let parents = tree::numbers(&mut self.document, std::mem::take(&mut self.parents));
        let mut structure = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => vec![Object::Reference(roots.top)],
            "ParentTree" => parents,
            "ParentTreeNextKey" => self.next_parent,
            "RoleMap" => std::mem::take(&mut self.roles),
        };
        if !self.ids.is_empty() {
            structure.set("IDTree", tree::names(&mut self.document, std::mem::take(&mut self.ids)));
        }
        self.document.objects.insert(roots.struct_root, structure.into());
        let mut catalog = dictionary! {
            "Type" => "Catalog",
            "Pages" => roots.pages_root,
            "StructTreeRoot" => roots.struct_root,
            "MarkInfo" => if self.tagged {
                dictionary! { "Marked" => true }
            } else {
                dictionary! { "Marked" => true, "Suspects" => true }
            },
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
            "PageMode" => "UseOutlines",
            "Outlines" => roots.outlines,
            "PageLabels" => dictionary! {
                "Nums" => vec![0.into(), dictionary! { "S" => "D", "St" => i64::from(plan.first_page) }.into()]
            },
        };
        self.count_pages_in_metadata(first, count);
        for key in [b"Metadata".as_slice(), b"OutputIntents", b"Lang"] {
            if let Some(value) = first.catalog.get(key).ok().cloned() {
                catalog.set(key, value);
            }
        }
        let mut names = Dictionary::new();
        if !self.names.is_empty() {
            names.set("Dests", tree::names(&mut self.document, std::mem::take(&mut self.names)));
        }
        if !plan.attachments.is_empty() {
            let files = plan.attachments.iter().enumerate().map(|(i, file)| self.attach(i, file)).collect();
            names.set("EmbeddedFiles", tree::names(&mut self.document, files));
        }
        if !names.is_empty() {
            catalog.set("Names", names);
        }
        let (groups, hidden) = std::mem::take(&mut self.layers);
        if !groups.is_empty() {
            let shown = dictionary! { "OFF" => hidden, "Order" => groups.clone() };
            catalog.set("OCProperties", dictionary! { "OCGs" => groups, "D" => shown });
        }
        self.document.objects.insert(roots.catalog, catalog.into());
        self.document.trailer.set("Root", roots.catalog);
        if let Some(info) = &first.info {
            self.document.trailer.set("Info", info.clone());
        }
        Ok(())
    }

    /// A file within the file (ISO 32000-1, 7.11.4); the number keeps files of one name apart.
    fn attach(&mut self, number: usize, file: &Attachment<'_>) -> (Vec<u8>, Object) {
        let name = format!("{}-{}", number + 1, file.name);
        let size = file.pdf.len() as i64;
        let dict = dictionary! {
            "Type" => "EmbeddedFile", "Subtype" => "application/pdf", "Params" => dictionary! { "Size" => size },
        };
        let stream = self.document.add_object(Stream::new(dict, file.pdf.to_vec()).with_compression(false));
        let specification = self.document.add_object(dictionary! {
            "Type" => "Filespec",
            "F" => text_string(&name),
            "UF" => text_string(&name),
            "Desc" => text_string(file.description),
            "EF" => dictionary! { "F" => stream, "UF" => stream },
        });
        (format!("{:04}", number + 1).into_bytes(), specification.into())
    }

    /// The metadata are those of the first part, but for the number of pages.
    fn count_pages_in_metadata(&mut self, first: &Imported, count: i64) {
        const FIELD: (&str, &str) = ("<xmpTPg:NPages>", "</xmpTPg:NPages>");
        let id = first.catalog.get(b"Metadata").and_then(Object::as_reference);
        let Ok(stream) = id.and_then(|id| self.document.get_object_mut(id)).and_then(Object::as_stream_mut) else {
            return;
        };
        let Ok(text) = String::from_utf8(stream.content.clone()) else { return };
        if let Some((before, (_, after))) =
            text.split_once(FIELD.0).and_then(|(before, rest)| Some((before, rest.split_once(FIELD.1)?)))
        {
            stream.set_content(format!("{before}{}{count}{}{after}", FIELD.0, FIELD.1).into_bytes());
        }
    }

    /// The file, with an identifier that follows from its content.
    pub(super) fn save(mut self) -> Result<Vec<u8>, MergeError> {
        tree::share_equal_streams(&mut self.document);
        number::prune(&mut self.document);
        number::renumber(&mut self.document, 1);
        let id = tree::digest(&self.document);
        let id = Object::String(id.to_vec(), StringFormat::Hexadecimal);
        self.document.trailer.set("ID", vec![id.clone(), id]);
        // Room for the streams from the start: a buffer that grows is copied, and its pages cleared, each time anew.
        let streams = self.document.objects.values().filter_map(|object| object.as_stream().ok());
        let mut out = Vec::with_capacity(streams.map(|stream| stream.content.len() + STREAM_HEAD).sum());
        self.document.save_modern(&mut out).map_err(|e| MergeError::new(e.to_string()))?;
        Ok(out)
    }
}
