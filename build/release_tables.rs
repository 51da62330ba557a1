//! Writes the tables of release lines as arrays of the program.

use std::fmt::{Debug, Write as _};

use crate::release_table::{List, Names, Tables};

/// The tables as Rust: an expression that `src/knowledge/releases.rs` includes. Entries print as Rust writes them.
pub(crate) fn to_rust(tables: &Tables) -> String {
    let mut rust = format!("Tables {{\n    text: Borrowed({:?}),\n", tables.text);
    list(&mut rust, "lines", &tables.lines);
    list(&mut rust, "packs", &tables.packs);
    list(&mut rust, "tags", &tables.tags);
    names(&mut rust, "line_names", &tables.line_names);
    list(&mut rust, "ranges", &tables.ranges);
    list(&mut rust, "components", &tables.components);
    list(&mut rust, "patterns", &tables.patterns);
    list(&mut rust, "on", &tables.on);
    list(&mut rust, "starts", &tables.starts);
    names(&mut rust, "file_names", &tables.file_names);
    list(&mut rust, "places", &tables.places);
    rust.push_str("}\n");
    rust
}

fn list<T: Clone + Debug + 'static>(rust: &mut String, name: &str, entries: &List<T>) {
    let _ = writeln!(rust, "    {name}: Borrowed(&{entries:?}),");
}

fn names(rust: &mut String, name: &str, names: &Names) {
    let _ = writeln!(rust, "    {name}: Names {{");
    list(rust, "buckets", &names.buckets);
    list(rust, "names", &names.names);
    rust.push_str("    },\n");
}
