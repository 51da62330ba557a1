//! Builds small 16-bit executables (NE) with a resource table.

use crate::version_bytes::Bytes;

/// A type or id of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ident {
    Number(u16),
    Text(String),
}

pub const VERSION: Ident = Ident::Number(16);

/// An NE file under construction. Defaults: for Windows, units of 16 bytes, one icon before the version resource of id
/// 1.
#[derive(Clone, Debug)]
pub struct NeBuilder {
    shift: u16,
    target_system: u8,
    header_offset: usize,
    kind: Ident,
    ids: Vec<Ident>,
    other_types: usize,
    resources: bool,
    block: Vec<u8>,
}

/// A built file, and the file offsets of its parts.
#[derive(Clone, Debug)]
pub struct NeImage {
    pub bytes: Vec<u8>,
    pub header: usize,
    pub table: usize,
    /// The row of the version resource's type.
    pub version_type: usize,
    pub block: usize,
}

const ICON: &[u8] = b"no icon, but as long as some would be";

impl NeBuilder {
    pub fn new(block: Vec<u8>) -> Self {
        Self {
            shift: 4,
            target_system: 2,
            header_offset: 0x80,
            kind: VERSION,
            ids: vec![Ident::Number(1)],
            other_types: 1,
            resources: true,
            block,
        }
    }

    /// The alignment shift: units of `1 << shift` bytes.
    pub fn shift(mut self, shift: u16) -> Self {
        self.shift = shift;
        self
    }

    /// 1: OS/2, 2: Windows.
    pub fn target_system(mut self, system: u8) -> Self {
        self.target_system = system;
        self
    }

    pub fn header_offset(mut self, offset: usize) -> Self {
        self.header_offset = offset;
        self
    }

    /// The type of the version resource.
    pub fn kind(mut self, kind: Ident) -> Self {
        self.kind = kind;
        self
    }

    /// The ids of that type. The version block is that of the last id; the others are not version blocks.
    pub fn ids(mut self, ids: &[Ident]) -> Self {
        self.ids = ids.to_vec();
        self
    }

    /// Adds this many other types before it, of one resource each.
    pub fn other_types(mut self, count: usize) -> Self {
        self.other_types = count;
        self
    }

    /// A file whose resource table has the offset of the next table.
    pub fn without_resources(mut self) -> Self {
        self.resources = false;
        self
    }

    pub fn build(&self) -> Vec<u8> {
        self.image().bytes
    }

    pub fn image(&self) -> NeImage {
        const HEADER: usize = 0x40;
        let table = self.header_offset + HEADER;
        let version_type = table + 2 + self.other_types * 20;
        let names_at = version_type + 8 + self.ids.len() * 12 + 2;
        let mut names = Bytes::default();
        let mut ident = |ident: &Ident| match ident {
            Ident::Number(number) => number | 0x8000,
            Ident::Text(text) => {
                let at = names_at - table + names.0.len();
                names.bytes(&[text.len() as u8]).bytes(text.as_bytes());
                at as u16
            }
        };
        let kind = ident(&self.kind);
        let ids: Vec<u16> = self.ids.iter().map(&mut ident).collect();
        let resident_names = names_at + names.0.len() + 1;
        let unit = 1_usize << self.shift;
        let icon = (resident_names + 16).next_multiple_of(unit);
        let block = (icon + ICON.len()).next_multiple_of(unit);
        let place = |out: &mut Bytes, offset: usize, size: usize, id: u16| {
            out.u16((offset >> self.shift) as u16).u16(size.div_ceil(unit) as u16).u16(0x1c30).u16(id).u32(0);
        };

        let mut out = Bytes::default();
        out.bytes(b"MZ").pad_to(0x18).u16(0x40).pad_to(0x3c).u32(self.header_offset as u32);
        out.bytes(b"\x0e\x1f\xb4\x09\xcd\x21This program requires Microsoft Windows.\r\n$");
        out.pad_to(self.header_offset).bytes(b"NE\x05\x0a");
        let resource_table = if self.resources { table } else { resident_names };
        // A checksum in the header's field, which the reader must ignore.
        out.pad_to(self.header_offset + 8).u32(0xdead_beef);
        out.pad_to(self.header_offset + 0x24).u16((resource_table - self.header_offset) as u16);
        out.u16((resident_names - self.header_offset) as u16).pad_to(self.header_offset + 0x36);
        out.bytes(&[self.target_system]).pad_to(table);
        out.u16(self.shift);
        for other in 0..self.other_types {
            // Types 3 and 14 are icons; the further ones have no meaning.
            out.u16(0x8003 + 20 * other as u16).u16(1).u32(0);
            place(&mut out, icon, ICON.len(), 0x8001);
        }
        out.u16(kind).u16(ids.len() as u16).u32(0);
        for (index, id) in ids.iter().enumerate() {
            if index + 1 == ids.len() {
                place(&mut out, block, self.block.len(), *id);
            } else {
                place(&mut out, icon, ICON.len(), *id);
            }
        }
        out.u16(0).bytes(&names.0).bytes(&[0]);
        out.bytes(b"\x06TAPISV\0\0\0").pad_to(icon).bytes(ICON).pad_to(block).bytes(&self.block);
        let end = (block + self.block.len()).next_multiple_of(unit);
        out.pad_to(end);
        NeImage { bytes: out.0, header: self.header_offset, table, version_type, block }
    }
}
