//! The products that a heading or a product list of a bulletin names, in English, whatever the language of the page.
//!
//! `サポートされているすべての x64 エディションの Windows XP 上の JScript 5.7` is `JScript 5.7 on Windows XP x64`. Only names, versions,
//! service packs and processors of `data/product-names.tsv` are kept: the result contains no sentence of a page.

use std::fmt;

use super::spelling::{self, Kind, plain};
use hotfixcheck_types::Machine;

/// A product with the attributes that a text states for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Product {
    name: String,
    parts: Vec<&'static str>,
    machines: Vec<&'static str>,
    packs: Vec<String>,
}

impl Product {
    /// The product once for each service pack, as names are written; without processors if they are known from another
    /// source.
    fn written(&self, machines: bool) -> Vec<String> {
        let mut name = self.name.clone();
        let machines = if machines { self.machines.as_slice() } else { &[] };
        for word in self.parts.iter().chain(machines) {
            name.push(' ');
            name.push_str(word);
        }
        if self.packs.is_empty() {
            return vec![name];
        }
        self.packs.iter().map(|pack| format!("{name} {pack}")).collect()
    }
}

/// The products that a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    components: Vec<Product>,
    systems: Vec<Product>,
}

/// The kinds of products that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// A Windows; `Windows` alone does not count.
    pub system: bool,
    pub component: bool,
}

impl Named {
    /// The kinds of these products.
    pub(crate) fn kinds(&self) -> Names {
        let system = self.systems.iter().any(|system| !matches!(system.name.as_str(), "Windows" | "Windows Server"));
        Names { system, component: !self.components.is_empty() }
    }

    /// The systems, as written in a list.
    pub(crate) fn systems(&self) -> String {
        Self { components: Vec::new(), systems: self.systems.clone() }.to_string()
    }

    /// The systems: name, whether it is for x64, and service packs.
    pub(crate) fn windows(&self) -> impl Iterator<Item = (&str, bool, &[String])> {
        self.systems.iter().map(|own| (own.name.as_str(), own.machines.contains(&"x64"), own.packs.as_slice()))
    }

    /// The names of the components, without their parts, processors and service packs.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &str> {
        self.components.iter().map(|own| own.name.as_str())
    }

    /// True if any product is named.
    pub(crate) fn names_any(&self) -> bool {
        !self.components.is_empty() || !self.systems.is_empty()
    }

    /// The names, each once: the part that rows of several pages have in common. Processors are left out if a row
    /// states its own.
    pub(crate) fn names(&self, machines: bool) -> Vec<String> {
        let mut names: Vec<String> =
            self.components.iter().chain(&self.systems).flat_map(|product| product.written(machines)).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The one processor of all named products: its word and the processor.
    pub(crate) fn machine(&self) -> Option<(&'static str, Machine)> {
        let products = if self.systems.is_empty() { &self.components } else { &self.systems };
        let machine = |product: &Product| match product.machines.as_slice() {
            ["x64"] => Some(("x64", Machine::X64)),
            ["Itanium"] => Some(("IA-64", Machine::Ia64)),
            ["32-bit"] => Some(("x86", Machine::I386)),
            ["64-bit"] if ITANIUM.iter().any(|name| product.name.starts_with(name)) => Some(("IA-64", Machine::Ia64)),
            ["64-bit"] if X64.iter().any(|name| product.name.starts_with(name)) => Some(("x64", Machine::X64)),
            _ => None,
        };
        let first = machine(products.first()?)?;
        products.iter().all(|product| machine(product) == Some(first)).then_some(first)
    }

    /// The products as an article lists them: systems one by one, components with the systems that they are for.
    pub(crate) fn products(&self) -> Vec<String> {
        if self.components.is_empty() {
            return self.systems.iter().flat_map(|system| system.written(true)).collect();
        }
        if self.systems.is_empty() {
            return self.components.iter().flat_map(|component| component.written(true)).collect();
        }
        vec![self.to_string()]
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |products: &[Product]| {
            let mut names: Vec<String> = Vec::new();
            for name in products.iter().flat_map(|product| product.written(true)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names.join(", ")
        };
        match (self.components.is_empty(), self.systems.is_empty()) {
            (true, _) => f.write_str(&list(&self.systems)),
            (_, true) => f.write_str(&list(&self.components)),
            _ => write!(f, "{} on {}", list(&self.components), list(&self.systems)),
        }
    }
}

/// Products whose "64-bit" means Itanium: their x64 editions came later, under that name.
const ITANIUM: [&str; 2] = ["Windows XP", "Windows Server 2003"];

/// Products whose "64-bit" means x64.
const X64: [&str; 9] = [
    "Windows Vista",
    "Windows 7",
    "Office SharePoint Server 2007",
    "Office SharePoint Server",
    "Windows SharePoint Services 3.0",
    "Groove Server 2007",
    "Office 2010",
    "Excel 2010",
    "Word 2010",
];

/// The product of a text to which the next words belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    Component(usize),
    System(usize),
}

/// The state of reading a text from its beginning.
#[derive(Debug, Default)]
struct Reader {
    named: Named,
    current: Option<Current>,
    /// The base name of the current component; a number after it makes it a product.
    base: &'static str,
    /// True if a number that comes next is part of the name.
    wants_number: bool,
    /// True if a number that comes next is another version, or another service pack.
    after_number: bool,
    after_pack: bool,
    /// True after "and" or a comma.
    separated: bool,
    /// True after "all".
    every: bool,
    /// Processors that precede their product, and also apply to the products that follow in the same list.
    pending: Vec<&'static str>,
    carried: bool,
}

impl Reader {
    fn product(&mut self) -> Option<&mut Product> {
        match self.current? {
            Current::Component(at) => self.named.components.get_mut(at),
            Current::System(at) => self.named.systems.get_mut(at),
        }
    }

    fn begin(&mut self, kind: Kind, name: &'static str) {
        let is_system = kind == Kind::System;
        // Processors of a list of systems do not apply to the program that runs on them.
        if self.carried && matches!(self.current, Some(Current::System(_))) != is_system {
            self.pending.clear();
        }
        let product = Product { name: name.to_owned(), machines: self.pending.clone(), ..Product::default() };
        self.carried = true;
        let list = if is_system { &mut self.named.systems } else { &mut self.named.components };
        list.push(product);
        let at = list.len() - 1;
        self.current = Some(if is_system { Current::System(at) } else { Current::Component(at) });
        self.base = name;
        self.wants_number = !is_system;
        (self.after_number, self.after_pack, self.separated, self.every) = (false, false, false, false);
    }

    fn number(&mut self, number: &str) {
        let base = self.base;
        if self.wants_number {
            if let Some(product) = self.product() {
                product.name = format!("{} {number}", product.name);
            }
            (self.wants_number, self.after_number) = (false, true);
        } else if self.after_pack && self.separated && number.len() <= 2 {
            self.pack(number);
        } else if self.after_number && self.separated && number.contains('.') {
            let machines = self.product().map(|product| product.machines.clone()).unwrap_or_default();
            let product = Product { name: format!("{base} {number}"), machines, ..Product::default() };
            self.named.components.push(product);
            self.current = Some(Current::Component(self.named.components.len() - 1));
            self.separated = false;
        }
    }

    fn pack(&mut self, number: &str) {
        let pack = format!("Service Pack {number}");
        if let Some(product) = self.product()
            && !product.packs.contains(&pack)
        {
            product.packs.push(pack);
        }
        (self.wants_number, self.after_number, self.after_pack, self.separated) = (false, false, true, false);
    }

    fn machine(&mut self, machine: &'static str) {
        let separated = self.separated;
        let list = match self.current {
            Some(Current::System(_)) => &mut self.named.systems,
            _ => &mut self.named.components,
        };
        // `Windows Vista および Windows Vista Service Pack 1 のすべての x64-based エディション` (MS08-069)
        for product in list.iter_mut().filter(|product| self.every && !separated && product.machines.is_empty()) {
            product.machines.push(machine);
        }
        match self.product() {
            Some(product) if !separated => {
                if !product.machines.contains(&machine) {
                    product.machines.push(machine);
                }
                self.pending.clear();
            }
            _ => {
                if self.carried {
                    self.pending.clear();
                }
                self.pending.push(machine);
                self.carried = false;
            }
        }
        self.wants_number = false;
    }

    fn part(&mut self, part: &'static str) {
        if let Some(product) = self.product()
            && !product.name.contains(part)
            && !product.parts.contains(&part)
        {
            product.parts.push(part);
        }
    }

    fn finish(mut self) -> Named {
        // `Windows` or `Office` alone means nothing if something else is named.
        if self.named.systems.len() + self.named.components.len() > 1 {
            self.named.systems.retain(|system| !matches!(system.name.as_str(), "Windows" | "Windows Server"));
            self.named.components.retain(|component| component.name != "Office");
        }
        // A processor between a program and its system belongs to the system.
        for component in &mut self.named.components {
            for system in self.named.systems.iter_mut().filter(|system| system.machines.is_empty()) {
                system.machines.clone_from(&component.machines);
            }
            if !self.named.systems.is_empty() {
                component.machines.clear();
            }
        }
        for product in self.named.components.iter_mut().chain(&mut self.named.systems) {
            if product.machines.iter().any(|machine| *machine != "64-bit") {
                product.machines.retain(|machine| *machine != "64-bit");
            }
        }
        self.named
    }
}

/// The one Windows that a text names, if it names nothing else: `Windows 2003` is `Windows Server 2003`.
pub(crate) fn system(text: &str) -> Option<String> {
    let named = named(text);
    let [system] = named.systems.as_slice() else { return None };
    let whole = named.components.is_empty() && !matches!(system.name.as_str(), "Windows" | "Windows Server");
    whole.then(|| named.to_string())
}

/// The system that a few words name, with or without "Windows": `XP SP2`.
pub(crate) fn named_system(text: &str) -> Option<String> {
    system(text).or_else(|| system(&format!("Windows {text}")))
}

/// The products that a text in any language names.
pub(crate) fn named(text: &str) -> Named {
    let text = plain(text);
    let mut reader = Reader::default();
    let mut at = 0;
    let mut before = ' ';
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let starts_word = !(first.is_ascii_alphanumeric() && (before.is_ascii_alphanumeric() || before == '.'));
        // Most letters are inside a word: nothing is looked up there.
        let found = starts_word.then(|| spelling::at_start(rest)).flatten();
        let pack = starts_word.then(|| pack_at(rest)).flatten();
        let length = if let Some((length, number)) = pack {
            reader.pack(number);
            length
        } else if let Some((spelling, kind, name)) = found {
            match kind {
                Kind::System | Kind::Component => reader.begin(*kind, name),
                Kind::Part => reader.part(name),
                Kind::Machine => reader.machine(name),
                Kind::And => reader.separated = true,
                Kind::Every => reader.every = true,
                Kind::Edition | Kind::Version => {}
                Kind::End => break,
            }
            spelling.len()
        } else if first.is_ascii_digit() && starts_word {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len());
            let number = rest[..length].trim_end_matches('.');
            let digits = number.trim_end_matches(|c: char| c.is_ascii_lowercase());
            if digits.len() + 1 >= number.len() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
                reader.number(number);
            }
            number.len().max(1)
        } else if rest.starts_with("r2") && starts_word && !rest[2..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            reader.part("R2");
            2
        } else {
            if matches!(first, ',' | ';' | '/' | '\u{3001}' | '\u{ff64}' | '|' | '\u{2502}') {
                reader.separated = true;
            } else if first.is_alphanumeric() {
                reader.wants_number = false;
            }
            first.len_utf8()
        };
        before = text[at..at + length].chars().next_back().unwrap_or(' ');
        at += length;
    }
    reader.finish()
}

/// A service pack at the start of a text in lower case: `service pack 3`, `sp6a`, `pack 2`.
pub(crate) fn pack_at(text: &str) -> Option<(usize, &str)> {
    // Most words are others.
    if !text.starts_with(['s', 'p']) {
        return None;
    }
    let word =
        ["service packs", "service pack", "servicepack", "pack", "sp"].into_iter().find(|w| text.starts_with(w))?;
    let rest = text[word.len()..].trim_start_matches([' ', '-']);
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let number = &rest[..length];
    let digits = number.strip_suffix('a').unwrap_or(number);
    let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| (text.len() - rest.len() + length, number))
}
