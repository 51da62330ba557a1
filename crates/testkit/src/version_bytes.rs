//! The bytes of a version block, node by node, for the PE builder.

/// The unit of a string's value length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lengths {
    /// UTF-16 code units, as documented.
    Chars,
    /// Bytes: Visual Basic 4 to 6.
    Bytes,
}

/// One language of the version resource and its string tables.
#[derive(Clone, Debug)]
pub struct Language {
    pub id: u16,
    pub tables: Vec<Table>,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub key: String,
    pub strings: Vec<(String, String)>,
}

impl Language {
    /// The whole block; `Translation` names the first table unless another one is given.
    pub fn version_block(
        &self,
        fixed: Option<([u16; 4], [u16; 4])>,
        translation: Option<(u16, u16)>,
        lengths: Lengths,
    ) -> Vec<u8> {
        let mut value = Bytes::default();
        if let Some((file, product)) = fixed {
            value.u32(0xfeef_04bd).u32(0x1_0000);
            for [major, minor, build, revision] in [file, product] {
                value.u16(minor).u16(major).u16(revision).u16(build);
            }
            value.u32(0x3f).u32(0).u32(0x4_0004).u32(2).u32(0).u32(0).u32(0);
        }
        let tables: Vec<Vec<u8>> = self.tables.iter().map(|table| table.bytes(lengths)).collect();
        let mut children = Vec::new();
        if !tables.is_empty() {
            children.push(node("StringFileInfo", 0, 1, &[], &tables));
        }
        let (language, code_page) = translation.unwrap_or_else(|| {
            let key = self.tables.first().map_or("040904b0", |table| table.key.as_str());
            let part = |range| key.get(range).and_then(|hex| u16::from_str_radix(hex, 16).ok()).unwrap_or(0);
            (part(0..4), part(4..8))
        });
        let mut var = Bytes::default();
        var.u16(language).u16(code_page);
        children.push(node("VarFileInfo", 0, 1, &[], &[node("Translation", 4, 0, &var.0, &[])]));
        node("VS_VERSION_INFO", value.0.len(), 0, &value.0, &children)
    }
}

impl Table {
    fn bytes(&self, lengths: Lengths) -> Vec<u8> {
        let strings: Vec<Vec<u8>> = self
            .strings
            .iter()
            .map(|(name, text)| {
                let value: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
                let length = if lengths == Lengths::Chars { value.len() / 2 } else { value.len() };
                node(name, length, 1, &value, &[])
            })
            .collect();
        node(&self.key, 0, 1, &[], &strings)
    }
}

/// One node of a version block. Its length does not include the padding after it, as resource compilers write it.
fn node(key: &str, value_length: usize, kind: u16, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Bytes::default();
    out.u16(0).u16(value_length as u16).u16(kind);
    for unit in key.encode_utf16().chain([0]) {
        out.u16(unit);
    }
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

/// Little-endian output.
#[derive(Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub fn directory(&mut self, named: u16, numbered: u16) -> &mut Self {
        self.u32(0).u32(0).u32(0).u16(named).u16(numbered)
    }

    /// Zeros up to `size`; nothing if that is reached.
    pub fn pad_to(&mut self, size: usize) -> &mut Self {
        if self.0.len() < size {
            self.0.resize(size, 0);
        }
        self
    }

    pub fn align(&mut self) -> &mut Self {
        let size = self.0.len().next_multiple_of(4);
        self.pad_to(size)
    }
}
