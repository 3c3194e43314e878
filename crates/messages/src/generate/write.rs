//! Writing Rust. Messages expect to stand in a module that has `Code`, `Diagnostic`, `Severity` (when there are rules) and
//! `Filled`, `Lang`, `Localize`, `Part`, `Template`, `Texts`.

use std::fmt::Write as _;

use super::join::{Catalogue, JoinedRule, Message};
use super::read::Severity;
use super::template::{Piece, Template, shown};

/// `wrong_type` as a type: `WrongType`.
fn type_name(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(word).collect()
}

fn template(message: &Message, template: &Template) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => format!("Part::Words({words:?})"),
        Piece::Value(name) => {
            let number = message.values.iter().position(|v| v == name).unwrap_or(message.values.len());
            format!("Part::Value({number})")
        }
    };
    format!("&[{}]", template.iter().map(piece).collect::<Vec<_>>().join(", "))
}

fn templates(message: &Message, all: &[Template]) -> String {
    format!("[{}]", all.iter().map(|t| template(message, t)).collect::<Vec<_>>().join(", "))
}

/// Comment of what a reader meets in each language. Fenced, since a text may hold anything.
fn documentation(out: &mut String, indent: &str, title: &str, languages: &[String], all: &[Template]) {
    let _ = writeln!(out, "{indent}/// {title}\n{indent}///\n{indent}/// ~~~text");
    for (language, text) in languages.iter().zip(all) {
        let _ = writeln!(out, "{indent}/// {language}: {}", shown(text).replace('\n', " "));
    }
    let _ = writeln!(out, "{indent}/// ~~~");
}

fn message(out: &mut String, languages: &[String], rule: Option<&JoinedRule>, message: &Message) {
    let name = type_name(&message.name);
    let kind = match message.severity {
        Some(Severity::Error) => "Error:",
        Some(Severity::Warning) => "Warning:",
        None => "Text:",
    };
    documentation(out, "    ", kind, languages, &message.text);
    let (lifetime, anonymous) = if message.values.is_empty() { ("", "") } else { ("<'a>", "<'_>") };
    let _ = writeln!(out, "    #[derive(Clone, Copy)]");
    if message.values.is_empty() {
        let _ = writeln!(out, "    pub struct {name};");
    } else {
        let _ = writeln!(out, "    pub struct {name}{lifetime} {{");
        for value in &message.values {
            let _ = writeln!(out, "        /// What stands for `{{{value}}}`.\n        pub {value}: &'a dyn Localize,");
        }
        let _ = writeln!(out, "    }}");
    }
    let values = message.values.iter().map(|v| format!("self.{v}")).collect::<Vec<_>>().join(", ");
    let text = templates(message, &message.text);
    let (Some(rule), Some(severity)) = (rule, message.severity) else {
        let _ = writeln!(
            out,
            "    impl Localize for {name}{anonymous} {{\n        \
             fn write(&self, lang: Lang, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n            \
             const TEXT: Template = {text};\n            Filled(&TEXT, &[{values}]).write(lang, f)\n        }}\n    }}"
        );
        return;
    };
    let help = match &message.help {
        Some(help) => format!(
            "const HELP: Template = {};\n            let help = Texts::of(&Filled(&HELP, values));",
            templates(message, help)
        ),
        None => "let help = Texts::default();".to_owned(),
    };
    let _ = writeln!(
        out,
        "    impl {name}{anonymous} {{\n        /// The finding at a place in the model.\n        \
         pub fn at(&self, pointer: impl Into<String>) -> Diagnostic {{\n            \
         const TEXT: Template = {text};\n            let values: &[&dyn Localize] = &[{values}];\n            {help}\n            \
         let text = Texts::of(&Filled(&TEXT, values));\n            \
         Diagnostic::new(Code::{}, Severity::{severity:?}, pointer, text, help)\n        }}\n    }}",
        rule.code
    );
}

fn codes(out: &mut String, rules: &[JoinedRule]) {
    let list = |f: &dyn Fn(&JoinedRule) -> String| rules.iter().map(f).collect::<Vec<_>>().join("");
    let _ = write!(
        out,
        "/// Stable code of a rule.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum Code {{\n{}}}\n\
         impl Code {{\n    /// All codes, in order.\n    pub const ALL: &'static [Self] = &[\n{}    ];\n\
         /// As it is written: `SUM001`.\n    pub const fn as_str(self) -> &'static str {{\n        match self {{\n{}        }}\n    }}\n\
         /// What the rule says.\n    pub const fn title(self, lang: Lang) -> &'static str {{\n        \
         const TITLES: [[&str; Lang::COUNT]; Code::ALL.len()] = [\n{}        ];\n        TITLES[self as usize][lang as usize]\n    }}\n\
         /// Where the rule comes from: law, standard, or plain sense.\n    pub const fn source(self) -> &'static str {{\n        match self {{\n{}        }}\n    }}\n}}\n",
        list(&|r| format!("    /// {}\n    {},\n", r.titles.last().map_or("", String::as_str), r.code)),
        list(&|r| format!("        Self::{},\n", r.code)),
        list(&|r| format!("            Self::{} => {:?},\n", r.code, r.code)),
        list(&|r| format!("            {:?},\n", r.titles)),
        list(&|r| format!("            Self::{} => {:?},\n", r.code, r.source)),
    );
}

/// Rust for the texts of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The enum `Code`; empty without rules.
    pub codes: String,
    /// The messages.
    pub messages: String,
}

/// The whole catalogue.
pub(super) fn rust(catalogue: &Catalogue) -> Generated {
    const MARK: &str = "// @generated by the build script from the texts beside it.\n\n";
    let (mut codes, mut out) = (String::new(), MARK.to_owned());
    if !catalogue.rules.is_empty() {
        codes.push_str(MARK);
        self::codes(&mut codes, &catalogue.rules);
    }
    for rule in catalogue.rules.iter().filter(|r| !r.messages.is_empty()) {
        let title = rule.titles.last().map_or("", String::as_str);
        let _ = writeln!(out, "/// {}: {title}\npub mod {} {{", rule.code, rule.code.to_lowercase());
        let _ = writeln!(out, "    use super::*;");
        rule.messages.iter().for_each(|m| message(&mut out, &catalogue.languages, Some(rule), m));
        out.push_str("}\n");
    }
    for (name, texts) in &catalogue.groups {
        let _ = writeln!(out, "/// Texts of the group `{name}`.\npub mod {name} {{\n    use super::*;");
        texts.iter().for_each(|m| message(&mut out, &catalogue.languages, None, m));
        out.push_str("}\n");
    }
    Generated { codes, messages: out }
}
