//! Reading the files, with the line of everything.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::fault::Fault;
use super::template::{self, Template, is_name};

/// How grave a rule's message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    Error,
    Warning,
}

/// A rule of `rules.toml`.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) source: String,
    pub(super) messages: BTreeMap<String, Severity>,
}

/// All rules, by code.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) file: String,
    pub(super) by_code: BTreeMap<String, Rule>,
}

/// A text in one language.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) line: usize,
    pub(super) text: Template,
    pub(super) help: Option<Template>,
    /// Values that it does without.
    pub(super) without: Vec<String>,
}

/// A group of texts, or a rule, in one language.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) line: usize,
    pub(super) title: Option<String>,
    pub(super) texts: BTreeMap<String, Text>,
}

/// A language's file.
#[derive(Debug)]
pub(super) struct Language {
    pub(super) tag: String,
    pub(super) file: String,
    pub(super) groups: BTreeMap<String, Group>,
}

/// A file while it is read: where its lines begin, and what is wrong with it.
struct Reader<'s, 'f> {
    file: String,
    source: &'s str,
    faults: &'f mut Vec<Fault>,
}

type Entry<'a> = (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>);

impl<'s> Reader<'s, '_> {
    fn line(&self, byte: usize) -> usize {
        self.source[..byte.min(self.source.len())].matches('\n').count() + 1
    }

    fn fault(&mut self, line: usize, what: impl Into<String>) {
        self.faults.push(Fault { file: self.file.clone(), line, what: what.into() });
    }

    /// The tables of the file, by name.
    fn tables(&mut self) -> Vec<(usize, String, DeTable<'s>)> {
        let parsed = match DeTable::parse(self.source) {
            Ok(parsed) => parsed.into_inner(),
            Err(e) => {
                let line = self.line(e.span().map_or(0, |s| s.start));
                self.fault(line, e.message());
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for (key, value) in parsed {
            let line = self.line(key.span().start);
            match value.into_inner() {
                DeValue::Table(table) => out.push((line, key.into_inner().into_owned(), table)),
                _ => self.fault(line, format!("{} stands outside of any group", key.as_ref())),
            }
        }
        out
    }

    fn text<'v>(&mut self, (key, value): Entry<'v>) -> Option<&'v str> {
        let line = self.line(key.span().start);
        match value.as_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.fault(line, format!("{} is no text", key.as_ref()));
                None
            }
        }
    }

    fn template(&mut self, entry: Entry<'_>) -> Option<Template> {
        let text = self.text(entry)?;
        let line = self.line(entry.0.span().start);
        if text.trim() != text || text.is_empty() {
            self.fault(line, format!("{} is empty, or begins or ends with a space", entry.0.as_ref()));
        }
        template::parse(text).map_err(|what| self.fault(line, what)).ok()
    }

    fn names(&mut self, (key, value): Entry<'_>) -> Vec<String> {
        let line = self.line(key.span().start);
        let items = value.as_ref().as_array().map(|items| items.iter().map(|i| i.as_ref().as_str().map(str::to_owned)));
        let names = items.and_then(|items| items.collect::<Option<Vec<_>>>());
        if names.is_none() {
            self.fault(line, format!("{} is no list of names", key.as_ref()));
        }
        names.unwrap_or_default()
    }

    fn message(&mut self, entry: Entry<'_>) -> Option<Text> {
        let (key, value) = entry;
        let line = self.line(key.span().start);
        let DeValue::Table(table) = value.as_ref() else {
            return Some(Text { line, text: self.template(entry)?, help: None, without: Vec::new() });
        };
        let (mut text, mut help, mut without) = (None, None, Vec::new());
        for entry in table {
            match entry.0.as_ref().as_ref() {
                "text" => text = self.template(entry),
                "help" => help = self.template(entry),
                "without" => without = self.names(entry),
                other => {
                    let line = self.line(entry.0.span().start);
                    self.fault(line, format!("{other}: a message has text, help and without"));
                }
            }
        }
        if text.is_none() {
            self.fault(line, format!("{} has no text", key.as_ref()));
        }
        Some(Text { line, text: text?, help, without })
    }

    fn group(&mut self, line: usize, table: &DeTable<'_>, is_rule: bool) -> Group {
        let mut group = Group { line, ..Group::default() };
        for entry in table {
            let key: &str = entry.0.as_ref();
            if is_rule && key == "title" {
                group.title = self.text(entry).map(str::to_owned);
                continue;
            }
            if !is_name(key) {
                let line = self.line(entry.0.span().start);
                self.fault(line, format!("{key}: names have lower case, digits and underscores, and are no keyword"));
            }
            if let Some(text) = self.message(entry) {
                group.texts.insert(key.to_owned(), text);
            }
        }
        group
    }

    fn rule(&mut self, line: usize, code: &str, table: &DeTable<'_>) -> Rule {
        let mut rule = Rule { source: String::new(), messages: BTreeMap::new() };
        if !is_code(code) {
            self.fault(line, format!("{code}: a code is three capitals and three digits"));
        }
        for entry in table {
            let line = self.line(entry.0.span().start);
            match (entry.0.as_ref().as_ref(), entry.1.as_ref()) {
                ("source", _) => rule.source = self.text(entry).unwrap_or_default().to_owned(),
                ("messages", DeValue::Table(messages)) => {
                    for entry in messages {
                        let (name, line) = (entry.0.as_ref().to_string(), self.line(entry.0.span().start));
                        let severity = match self.text(entry) {
                            Some("error") => Severity::Error,
                            Some("warning") => Severity::Warning,
                            _ => {
                                self.fault(line, format!("{name} is neither error nor warning"));
                                continue;
                            }
                        };
                        rule.messages.insert(name, severity);
                    }
                }
                (other, _) => self.fault(line, format!("{other}: a rule has source and messages")),
            }
        }
        if rule.source.is_empty() {
            self.fault(line, format!("{code} does not say where it comes from"));
        }
        rule
    }
}

/// Whether a group's name is a rule's code.
pub(super) fn is_code(name: &str) -> bool {
    let (letters, digits) = name.split_at(name.len().min(3));
    name.len() == 6 && letters.chars().all(|c| c.is_ascii_uppercase()) && digits.chars().all(|c| c.is_ascii_digit())
}

#[expect(clippy::disallowed_methods, reason = "build scripts read their crate's own files")]
fn content(folder: &Path, name: &str, faults: &mut Vec<Fault>) -> Option<(String, String)> {
    let path = folder.join(name);
    let file = path.display().to_string();
    match std::fs::read(&path).map_err(|e| e.to_string()).and_then(|b| String::from_utf8(b).map_err(|e| e.to_string()))
    {
        Ok(text) => Some((file, text)),
        Err(e) => {
            faults.push(Fault { file, line: 1, what: e });
            None
        }
    }
}

/// The rules of a folder; none when it has no file of them.
pub(super) fn rules(folder: &Path, faults: &mut Vec<Fault>) -> Rules {
    let name = "rules.toml";
    let mut rules = Rules { file: folder.join(name).display().to_string(), by_code: BTreeMap::new() };
    if !folder.join(name).exists() {
        return rules;
    }
    let Some((file, source)) = content(folder, name, faults) else { return rules };
    let mut reader = Reader { file, source: &source, faults };
    for (line, code, table) in reader.tables() {
        let rule = reader.rule(line, &code, &table);
        rules.by_code.insert(code, rule);
    }
    rules
}

/// A language's file.
pub(super) fn language(folder: &Path, tag: &str, faults: &mut Vec<Fault>) -> Language {
    let name = format!("{tag}.toml");
    let mut language =
        Language { tag: tag.to_owned(), file: folder.join(&name).display().to_string(), groups: BTreeMap::new() };
    let Some((file, source)) = content(folder, &name, faults) else { return language };
    let mut reader = Reader { file, source: &source, faults };
    for (line, name, table) in reader.tables() {
        let is_rule = is_code(&name);
        if !is_rule && !is_name(&name) {
            reader.fault(line, format!("{name} is neither a code nor a name in lower case"));
            continue;
        }
        let group = reader.group(line, &table, is_rule);
        language.groups.insert(name, group);
    }
    language
}

/// A language that is in the folder and not in the list would be left out in silence.
#[expect(clippy::disallowed_methods, reason = "build scripts read their crate's own files")]
pub(super) fn no_other_files(folder: &Path, languages: &[&str], faults: &mut Vec<Fault>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = name == "rules.toml" || name.strip_suffix(".toml").is_some_and(|tag| languages.contains(&tag));
        if !known {
            let file = folder.join(name).display().to_string();
            faults.push(Fault { file, line: 1, what: "is in no language of the list".to_owned() });
        }
    }
}
