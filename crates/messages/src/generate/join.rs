//! The same texts in all languages, put side by side.

use std::collections::BTreeSet;

use super::fault::Fault;
use super::read::{Group, Language, Rules, Severity, Text, is_code};
use super::template::{Template, has_words, values};

/// A text in all languages.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) name: String,
    /// Of a rule's message.
    pub(super) severity: Option<Severity>,
    /// Names of its values, in order.
    pub(super) values: Vec<String>,
    pub(super) text: Vec<Template>,
    pub(super) help: Option<Vec<Template>>,
}

/// A rule in all languages.
#[derive(Debug)]
pub(super) struct JoinedRule {
    pub(super) code: String,
    pub(super) source: String,
    pub(super) titles: Vec<String>,
    pub(super) messages: Vec<Message>,
}

/// All texts of a folder.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) languages: Vec<String>,
    pub(super) rules: Vec<JoinedRule>,
    pub(super) groups: Vec<(String, Vec<Message>)>,
}

struct Joiner<'a, 'f> {
    languages: &'a [Language],
    faults: &'f mut Vec<Fault>,
}

impl<'a> Joiner<'a, '_> {
    fn fault(&mut self, file: &str, line: usize, what: String) {
        self.faults.push(Fault { file: file.to_owned(), line, what });
    }

    /// The group in every language that has it; each that has not is a fault.
    fn group(&mut self, name: &str) -> Vec<(&'a Language, &'a Group)> {
        let mut out = Vec::new();
        for language in self.languages {
            match language.groups.get(name) {
                Some(group) => out.push((language, group)),
                None => self.fault(&language.file, 1, format!("[{name}] is missing")),
            }
        }
        out
    }

    fn message(&mut self, group: &str, name: &str, severity: Option<Severity>) -> Option<Message> {
        let mut texts: Vec<(&Language, &Text)> = Vec::new();
        for (language, found) in self.group(group) {
            match found.texts.get(name) {
                Some(text) => texts.push((language, text)),
                None => self.fault(&language.file, found.line, format!("{group}.{name} is missing")),
            }
        }
        if texts.len() < self.languages.len() {
            return None;
        }
        let mut all: Vec<String> = Vec::new();
        let used = |t: &Text| -> BTreeSet<String> {
            values(&t.text).into_iter().chain(t.help.iter().flat_map(values)).collect()
        };
        for (_, text) in &texts {
            let names = values(&text.text).into_iter().chain(text.help.iter().flat_map(values));
            for name in names {
                if !all.contains(&name) {
                    all.push(name);
                }
            }
        }
        for (language, text) in &texts {
            let used = used(text);
            for value in &all {
                let without = text.without.contains(value);
                if used.contains(value) == without {
                    let what =
                        if without { "is both used and done without" } else { "is missing, and no without says why" };
                    self.fault(&language.file, text.line, format!("{group}.{name}: {{{value}}} {what}"));
                }
            }
            for value in text.without.iter().filter(|value| !all.contains(value)) {
                self.fault(&language.file, text.line, format!("{group}.{name}: {{{value}}} is in no language"));
            }
            if text.help.is_some() != texts[0].1.help.is_some() {
                let what = format!("{group}.{name}: help in one language and none in another");
                self.fault(&language.file, text.line, what);
            }
            if text.help.is_some() && severity.is_none() {
                self.fault(&language.file, text.line, format!("{group}.{name}: only a rule's message has help"));
            }
        }
        self.alike(group, name, &texts);
        let help = texts.iter().map(|(_, t)| t.help.clone()).collect();
        let text = texts.iter().map(|(_, t)| t.text.clone()).collect();
        Some(Message { name: name.to_owned(), severity, values: all, text, help })
    }

    /// A text that reads the same in two languages has not been translated.
    fn alike(&mut self, group: &str, name: &str, texts: &[(&Language, &Text)]) {
        for (i, (language, text)) in texts.iter().enumerate() {
            let same = texts[..i].iter().find(|(_, other)| {
                (other.text == text.text && has_words(&text.text))
                    || text.help.as_ref().is_some_and(|help| has_words(help) && other.help.as_ref() == Some(help))
            });
            if let Some((other, _)) = same {
                let what = format!("{group}.{name} reads as in {}", other.tag);
                self.fault(&language.file, text.line, what);
            }
        }
    }

    /// Whatever is in a group of one language and should not be.
    fn surplus(&mut self, group: &str, known: &BTreeSet<&str>, why: &str) {
        for (language, found) in self.group(group) {
            for (name, text) in found.texts.iter().filter(|(name, _)| !known.contains(name.as_str())) {
                self.fault(&language.file, text.line, format!("{group}.{name} {why}"));
            }
        }
    }
}

/// Puts the languages side by side, with every difference a fault.
pub(super) fn join(rules: &Rules, languages: &[Language], faults: &mut Vec<Fault>) -> Catalogue {
    let mut joiner = Joiner { languages, faults };
    let mut catalogue = Catalogue {
        languages: languages.iter().map(|l| l.tag.clone()).collect(),
        rules: Vec::new(),
        groups: Vec::new(),
    };
    for (code, rule) in &rules.by_code {
        let known = rule.messages.keys().map(String::as_str).collect();
        joiner.surplus(code, &known, "is no message of the rule");
        let messages = rule.messages.iter().filter_map(|(name, severity)| joiner.message(code, name, Some(*severity)));
        let messages: Vec<_> = messages.collect();
        let mut titles: Vec<String> = Vec::new();
        for (language, group) in joiner.group(code) {
            match &group.title {
                Some(title) if titles.contains(title) => {
                    joiner.fault(&language.file, group.line, format!("{code}.title reads as in another language"));
                }
                Some(title) => titles.push(title.clone()),
                None => joiner.fault(&language.file, group.line, format!("{code} has no title")),
            }
        }
        catalogue.rules.push(JoinedRule { code: code.clone(), source: rule.source.clone(), titles, messages });
    }
    let names: BTreeSet<&String> = languages.iter().flat_map(|l| l.groups.keys()).collect();
    for name in names {
        if rules.by_code.contains_key(name) {
            continue;
        }
        if is_code(name) {
            for (language, group) in joiner.group(name) {
                joiner.fault(&language.file, group.line, format!("{name} is not in {}", rules.file));
            }
            continue;
        }
        let in_all: BTreeSet<&String> =
            languages.iter().filter_map(|l| l.groups.get(name)).flat_map(|g| g.texts.keys()).collect();
        let texts = in_all.into_iter().filter_map(|text| joiner.message(name, text, None));
        let texts = texts.collect();
        catalogue.groups.push((name.clone(), texts));
    }
    catalogue
}
