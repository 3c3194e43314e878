//! Which file of a crate uses a name of which other, read from its `mod` and `use` lines and the paths in its code.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Token, tokens};
use super::tree::Tree;

/// Files that use names of others, and the names.
pub type Edges = BTreeMap<(String, String), BTreeSet<String>>;

/// Words before the name of something that a module defines.
const DEFINING: [&str; 8] = ["struct", "enum", "union", "trait", "type", "fn", "const", "static"];

/// The edges between the files of the crate whose first file is `root`, and what could not be read.
pub fn edges(tree: &Tree, root: &str) -> (Edges, Vec<String>) {
    let mut reader = Reader { tree, modules: Vec::new(), faults: Vec::new() };
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    reader.file(root, None, folder);
    (reader.edges(), reader.faults)
}

/// A module: a file, or a part of one.
#[derive(Default)]
struct Module {
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    /// Names that it defines.
    items: BTreeSet<String>,
    imports: Vec<Import>,
    /// Paths of two names or more in its code.
    paths: BTreeSet<Vec<String>>,
    /// Every word of its code.
    words: BTreeSet<String>,
}

/// A name that a `use` brings in; `*` for all of a module.
struct Import {
    path: Vec<String>,
    name: String,
    public: bool,
}

/// What a path leads to.
#[derive(Clone, Copy)]
enum Target {
    Module(usize),
    /// A name that this module defines.
    Item(usize),
}

struct Reader<'t> {
    tree: &'t Tree,
    modules: Vec<Module>,
    faults: Vec<String>,
}

impl Reader<'_> {
    /// Reads a file as a module; `folder` is where the modules are that it declares.
    fn file(&mut self, path: &str, parent: Option<usize>, folder: &str) -> usize {
        let text = self.tree.text(path).unwrap_or_default();
        let module = self.module(path, parent);
        self.body(&tokens(text), module, folder);
        module
    }

    fn module(&mut self, file: &str, parent: Option<usize>) -> usize {
        self.modules.push(Module { file: file.to_owned(), parent, ..Module::default() });
        self.modules.len() - 1
    }

    fn body(&mut self, tokens: &[Token<'_>], module: usize, folder: &str) {
        let (mut at, mut depth) = (0, 0_usize);
        // Modules within the file, each with its folder and the depth of its braces.
        let mut open = vec![(module, folder.to_owned(), 0)];
        while let (Some(&token), Some((module, folder, base))) = (tokens.get(at), open.last().cloned()) {
            let next = tokens.get(at + 1).copied();
            match token {
                _ if is_test(tokens.get(at..).unwrap_or_default()) => {
                    at = after_item(tokens, at + TEST.len());
                    continue;
                }
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => {
                    depth = depth.saturating_sub(1);
                    if depth == base && open.len() > 1 {
                        open.pop();
                    }
                }
                Token::Word("mod") if let Some(Token::Word(name)) = next => {
                    let inner = format!("{folder}/{name}");
                    let child = match tokens.get(at + 2) {
                        Some(Token::Mark(';')) => self.declared(name, module, &inner),
                        _ => {
                            let file = self.modules[module].file.clone();
                            let child = self.module(&file, Some(module));
                            open.push((child, inner, depth));
                            depth += 1;
                            Some(child)
                        }
                    };
                    self.modules[module].children.extend(child.map(|child| (name.to_owned(), child)));
                    at += 3;
                    continue;
                }
                // Not the captures of an opaque type, `use<'a>`.
                Token::Word("use") if next != Some(Token::Mark('<')) => {
                    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
                    let public = matches!(before, Some(Token::Word("pub") | Token::Mark(')')));
                    at += 1;
                    imports(tokens, &mut at, &[], public, &mut self.modules[module].imports);
                    continue;
                }
                Token::Word(word) => {
                    let inside = if open.len() > 1 { base + 1 } else { base };
                    if depth == inside && DEFINING.contains(&word) {
                        let name = next.and_then(word_of).filter(|name| !DEFINING.contains(name));
                        self.modules[module].items.extend(name.map(str::to_owned));
                    }
                    let path = path_at(tokens, at);
                    let continued = at > 0 && tokens.get(at - 1) == Some(&Token::Colons);
                    at += path.len() * 2 - 1;
                    let path: Vec<String> = path.into_iter().map(str::to_owned).collect();
                    self.modules[module].words.extend(path.first().cloned());
                    if path.len() > 1 && !continued {
                        self.modules[module].paths.insert(path);
                    }
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// The module of a line `mod name;`, in a file of its own.
    fn declared(&mut self, name: &str, parent: usize, inner: &str) -> Option<usize> {
        let files = [format!("{inner}.rs"), format!("{inner}/mod.rs")];
        let Some(file) = files.iter().find(|file| self.tree.text(file).is_some()) else {
            let declaring = &self.modules[parent].file;
            self.faults.push(format!("{declaring}: no file for `mod {name};`"));
            return None;
        };
        Some(self.file(file, Some(parent), inner))
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (id, module) in self.modules.iter().enumerate() {
            let mut add = |target: Option<Target>, name: &str| {
                if let Some(Target::Item(to)) = target
                    && self.modules[to].file != module.file
                {
                    let pair = (module.file.clone(), self.modules[to].file.clone());
                    edges.entry(pair).or_default().insert(name.to_owned());
                }
            };
            for Import { path, name, public } in &module.imports {
                let target = self.resolve(id, path, &mut BTreeSet::new());
                match (name.as_str(), target) {
                    ("*", Some(Target::Module(all))) if !public => add(Some(Target::Item(all)), "*"),
                    // What is only handed on is not used.
                    _ if *public && !module.words.contains(name) => {}
                    _ => add(target, name),
                }
            }
            for path in &module.paths {
                add(self.resolve(id, path, &mut BTreeSet::new()), path.last().map_or("", String::as_str));
            }
        }
        edges
    }

    /// What a path in a module leads to; nothing if it leads out of the crate.
    fn resolve(&self, from: usize, path: &[String], seen: &mut BTreeSet<(usize, String)>) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent?),
            name => self.named(from, name, seen)?,
        };
        for name in rest {
            target = match (target, name.as_str()) {
                (Target::Module(module), "super") => Target::Module(self.modules[module].parent?),
                (Target::Module(module), name) => match self.named(module, name, seen) {
                    Some(found) => found,
                    None if self.brings_in(module, name) => return None,
                    // A name that a macro makes.
                    None => Target::Item(module),
                },
                // A variant or a function of a type.
                (item, _) => return Some(item),
            };
        }
        Some(target)
    }

    /// What a name means within a module.
    fn named(&self, module: usize, name: &str, seen: &mut BTreeSet<(usize, String)>) -> Option<Target> {
        if !seen.insert((module, name.to_owned())) {
            return None;
        }
        let found = &self.modules[module];
        if let Some(&child) = found.children.get(name) {
            return Some(Target::Module(child));
        }
        if found.items.contains(name) {
            return Some(Target::Item(module));
        }
        if let Some(import) = found.imports.iter().find(|import| import.name == name) {
            return self.resolve(module, &import.path, seen);
        }
        found.imports.iter().filter(|import| import.name == "*").find_map(|import| {
            match self.resolve(module, &import.path, seen) {
                Some(Target::Module(all)) => self.named(all, name, seen),
                _ => None,
            }
        })
    }

    /// Whether the module brings the name in from elsewhere.
    fn brings_in(&self, module: usize, name: &str) -> bool {
        self.modules[module].imports.iter().any(|import| import.name == name)
    }
}

/// What stands before something that only tests have.
const TEST: [Token<'_>; 7] = [
    Token::Mark('#'),
    Token::Mark('['),
    Token::Word("cfg"),
    Token::Mark('('),
    Token::Word("test"),
    Token::Mark(')'),
    Token::Mark(']'),
];

fn is_test(tokens: &[Token<'_>]) -> bool {
    tokens.starts_with(&TEST)
}

/// Where the item that begins at `at` has ended: after its `;` or its braces.
fn after_item(tokens: &[Token<'_>], mut at: usize) -> usize {
    let (mut braces, mut others) = (0_usize, 0_usize);
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            Token::Mark('{') => braces += 1,
            Token::Mark('}') => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return at;
                }
            }
            Token::Mark('(' | '[') => others += 1,
            Token::Mark(')' | ']') => others = others.saturating_sub(1),
            Token::Mark(';') if braces == 0 && others == 0 => return at,
            _ => {}
        }
    }
    at
}

fn word_of(token: Token<'_>) -> Option<&str> {
    if let Token::Word(word) = token { Some(word) } else { None }
}

/// The names joined by `::` that begin at a word.
fn path_at<'t>(tokens: &[Token<'t>], at: usize) -> Vec<&'t str> {
    let mut path: Vec<_> = tokens.get(at).copied().and_then(word_of).into_iter().collect();
    let mut next = at + 1;
    while let (Some(Token::Colons), Some(Token::Word(word))) = (tokens.get(next), tokens.get(next + 1)) {
        path.push(word);
        next += 2;
    }
    path
}

/// Reads what follows `use` or stands within its braces.
fn imports(tokens: &[Token<'_>], at: &mut usize, before: &[String], public: bool, out: &mut Vec<Import>) {
    let mut path = before.to_vec();
    loop {
        let token = tokens.get(*at);
        *at += 1;
        match token {
            Some(Token::Word(word)) if tokens.get(*at) == Some(&Token::Colons) => {
                path.push((*word).to_owned());
                *at += 1;
            }
            Some(Token::Word(word)) => {
                if *word != "self" || path.is_empty() {
                    path.push((*word).to_owned());
                }
                let mut name = path.last().cloned().unwrap_or_default();
                if let (Some(Token::Word("as")), Some(Token::Word(other))) = (tokens.get(*at), tokens.get(*at + 1)) {
                    name = (*other).to_owned();
                    *at += 2;
                }
                return out.push(Import { path, name, public });
            }
            Some(Token::Mark('*')) => return out.push(Import { path, name: "*".to_owned(), public }),
            Some(Token::Mark('{')) => {
                while !matches!(tokens.get(*at), None | Some(Token::Mark('}'))) {
                    imports(tokens, at, &path, public, out);
                    if tokens.get(*at) == Some(&Token::Mark(',')) {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            // From the root of all crates.
            Some(Token::Colons) => path.push(String::new()),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edges as `from>to:name`, without the folder.
    fn read(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(path, text)| (format!("src/{path}"), *text)).collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let (edges, faults) = edges(&Tree::of(&files), "src/lib.rs");
        assert_eq!(faults, Vec::<String>::new());
        let short = |path: &str| path.trim_start_matches("src/").trim_end_matches(".rs").to_owned();
        let shown = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            format!("{}>{}:{}", short(from), short(to), names.join(","))
        };
        edges.iter().map(shown).collect()
    }

    #[test]
    fn a_name_leads_to_the_file_that_defines_it() {
        let lib = "mod a; pub mod b; pub use b::{B, c::Deep as Renamed};";
        let a = "use crate::{b::{self, B}, Renamed}; fn f() { b::g() } // use crate::b::Not;";
        let b = "mod c; pub struct B; pub fn g() {} pub use c::Deep;";
        let files = [("lib.rs", lib), ("a.rs", a), ("b.rs", b), ("b/c.rs", "pub struct Deep;")];
        assert_eq!(read(&files), ["a>b:B,g", "a>b/c:Renamed"]);
    }

    #[test]
    fn declaring_and_handing_on_a_module_is_no_use_of_it() {
        let b = "use super::Shared; use super::c::C; pub(crate) struct B;";
        let files = [
            ("lib.rs", "mod b; mod c; mod d; pub(crate) use b::B; pub use c::C as Shared;"),
            ("b.rs", b),
            ("c.rs", "pub struct C; impl C { fn not_a_name_of_the_module() {} }"),
            ("d/mod.rs", "fn f() -> super::B { crate::d::g::<u8>() } pub(in crate::b) fn g<T>() {}"),
        ];
        assert_eq!(read(&files), ["b>c:C,Shared", "d/mod>b:B"]);
    }

    #[test]
    fn using_what_one_hands_on_is_a_use() {
        let files = [("lib.rs", "mod b; pub use b::B; struct A(B);"), ("b.rs", "use super::A; pub struct B;")];
        assert_eq!(read(&files), ["b>lib:A", "lib>b:B"]);
    }

    #[test]
    fn others_crates_tests_and_local_names_are_no_edges() {
        let a = "use std::fmt; use b; #[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] fn t(x: [u8; 2]) { crate::b::g() }";
        assert_eq!(read(&[("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", "")]), Vec::<String>::new());
    }

    #[test]
    fn modules_within_a_file_and_all_of_a_module_are_followed() {
        let a =
            "pub mod inner { use super::super::b::*; use self::deep::D; mod deep { pub struct D; } }\nuse crate::c::C;";
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", a),
            ("b.rs", "pub use crate::c::C;"),
            ("c.rs", "pub struct C;"),
        ];
        assert_eq!(read(&files), ["a>b:*", "a>c:C"]);
    }

    #[test]
    fn a_module_without_a_file_is_told() {
        let (_, faults) = edges(&Tree::of(&[("src/lib.rs", "mod gone;")]), "src/lib.rs");
        assert_eq!(faults, ["src/lib.rs: no file for `mod gone;`"]);
    }
}
