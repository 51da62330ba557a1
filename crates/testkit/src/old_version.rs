//! The bytes of a 16-bit version block: no types, texts of one byte per character.

use crate::version_bytes::Bytes;

/// A version block under construction.
#[derive(Clone, Debug, Default)]
pub struct OldVersion {
    fixed: Option<([u16; 4], [u16; 4])>,
    tables: Vec<Table>,
}

/// A table's key, and its strings' names and texts.
type Table = (String, Vec<(String, Vec<u8>)>);

impl OldVersion {
    pub fn new() -> Self {
        Self::default()
    }

    /// Fixed file and product version.
    pub fn fixed(mut self, file: [u16; 4], product: [u16; 4]) -> Self {
        self.fixed = Some((file, product));
        self
    }

    /// Adds a string table. The texts are bytes of the code page that the key states.
    pub fn table(mut self, key: &str, strings: &[(&str, &[u8])]) -> Self {
        let strings = strings.iter().map(|(name, text)| (name.to_string(), text.to_vec())).collect();
        self.tables.push((key.to_owned(), strings));
        self
    }

    pub fn build(&self) -> Vec<u8> {
        let mut value = Bytes::default();
        if let Some((file, product)) = self.fixed {
            value.u32(0xfeef_04bd).u32(0x1_0000);
            for [major, minor, build, revision] in [file, product] {
                value.u16(minor).u16(major).u16(revision).u16(build);
            }
            value.u32(0x3f).u32(0).u32(0x1_0001).u32(1).u32(0).u32(0).u32(0);
        }
        let tables: Vec<Vec<u8>> = self.tables.iter().map(table).collect();
        let mut children = Vec::new();
        if !tables.is_empty() {
            children.push(node("StringFileInfo", &[], &tables));
        }
        children.push(node("VarFileInfo", &[], &[node("Translation", &[9, 4, 0xe4, 4], &[])]));
        node("VS_VERSION_INFO", &value.0, &children)
    }
}

fn table((key, strings): &Table) -> Vec<u8> {
    let strings: Vec<Vec<u8>> = strings
        .iter()
        .map(|(name, text)| {
            let value: Vec<u8> = text.iter().copied().chain([0]).collect();
            node(name, &value, &[])
        })
        .collect();
    node(key, &[], &strings)
}

/// One node. Its length does not include the padding after it.
fn node(key: &str, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Bytes::default();
    out.u16(0).u16(value.len() as u16).bytes(key.as_bytes()).bytes(&[0]);
    if !value.is_empty() || !children.is_empty() {
        out.align();
    }
    out.bytes(value);
    for child in children {
        out.align().bytes(child);
    }
    let length = out.0.len() as u16;
    out.0[..2].copy_from_slice(&length.to_le_bytes());
    out.0
}
