//! Builds small PE files with a version resource, byte for byte the same on every run: the fixtures of the tests and
//! the sample tree. They cannot be run, but they have everything that a reader of versions needs.
//!
//! Self-contained, so that an example can include it by path.

use crate::version_bytes::{Bytes, Language, Table};

pub use crate::version_bytes::Lengths;

pub const I386: u16 = 0x14c;
pub const ALPHA: u16 = 0x184;
pub const X64: u16 = 0x8664;

/// Location of the resource directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In a section `.rsrc`, as most linkers do.
    OwnSection,
    /// After the code, in `.text`: files of .NET compilers.
    InText,
    /// Between the section table and the first section.
    InHeader,
}

/// The resource's name below type 16.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Id(u16),
    Text(String),
}

/// A PE file under construction. Defaults: PE32 for i386, a `.rsrc` section, version 1.2.3.4, one language (0x409), no
/// strings.
#[derive(Clone, Debug)]
pub struct PeBuilder {
    pe32_plus: bool,
    machine: u16,
    time_stamp: u32,
    checksum: u32,
    fixed: Option<([u16; 4], [u16; 4])>,
    languages: Vec<Language>,
    translation: Option<(u16, u16)>,
    placement: Placement,
    lengths: Lengths,
    name: Name,
    empty_name: bool,
    misaligned_by: usize,
    leaf_short_by: u32,
    resources: bool,
    version: bool,
    low_alignment: bool,
    stub: &'static [u8],
    header_offset: usize,
    file_size: usize,
    code_size: usize,
}

/// A built file, and the file offsets of its parts.
#[derive(Clone, Debug)]
pub struct Image {
    pub bytes: Vec<u8>,
    pub pe_header: usize,
    pub resources: usize,
    pub blocks: Vec<usize>,
}

/// The usual stub: its text ends in CR CR LF.
const STUB: &[u8] =
    b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21This program cannot be run in DOS mode.\r\r\n$";
const CODE: [u8; 64] = [0xc3; 64];

impl Default for PeBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl PeBuilder {
    pub fn new() -> Self {
        Self {
            pe32_plus: false,
            machine: I386,
            time_stamp: 0x3bcc_8f00,
            checksum: 0x0002_5a3c,
            fixed: Some(([1, 2, 3, 4], [1, 2, 3, 4])),
            languages: vec![Language { id: 0x409, tables: Vec::new() }],
            translation: None,
            placement: Placement::OwnSection,
            lengths: Lengths::Chars,
            name: Name::Id(1),
            empty_name: false,
            misaligned_by: 0,
            leaf_short_by: 0,
            resources: true,
            version: true,
            low_alignment: false,
            stub: STUB,
            header_offset: 0x80,
            file_size: 0,
            code_size: CODE.len(),
        }
    }

    /// PE32+ (64-bit) instead of PE32.
    pub fn pe32_plus(mut self) -> Self {
        self.pe32_plus = true;
        self
    }

    pub fn machine(mut self, machine: u16) -> Self {
        self.machine = machine;
        self
    }

    /// Seconds since 1970 UTC.
    pub fn time_stamp(mut self, seconds: u32) -> Self {
        self.time_stamp = seconds;
        self
    }

    pub fn checksum(mut self, checksum: u32) -> Self {
        self.checksum = checksum;
        self
    }

    /// Fixed file and product version.
    pub fn fixed(mut self, file: [u16; 4], product: [u16; 4]) -> Self {
        self.fixed = Some((file, product));
        self
    }

    /// A version block without fixed information.
    pub fn without_fixed(mut self) -> Self {
        self.fixed = None;
        self
    }

    /// Adds a string table to the latest language.
    pub fn table(mut self, key: &str, strings: &[(&str, &str)]) -> Self {
        let strings = strings.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        if let Some(language) = self.languages.last_mut() {
            language.tables.push(Table { key: key.to_owned(), strings });
        }
        self
    }

    /// Begins a further language, which is a separate leaf with the same fixed versions.
    pub fn language(mut self, id: u16) -> Self {
        self.languages.push(Language { id, tables: Vec::new() });
        self
    }

    /// The contents of `Translation`, instead of the first table's key.
    pub fn translation(mut self, language: u16, code_page: u16) -> Self {
        self.translation = Some((language, code_page));
        self
    }

    pub fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    pub fn lengths(mut self, lengths: Lengths) -> Self {
        self.lengths = lengths;
        self
    }

    pub fn name(mut self, name: Name) -> Self {
        self.name = name;
        self
    }

    /// A second name with no language below it. It is a text, so it is sorted before the number.
    pub fn empty_name(mut self) -> Self {
        self.empty_name = true;
        self
    }

    /// Moves every version block this many bytes off its alignment.
    pub fn misaligned_by(mut self, bytes: usize) -> Self {
        self.misaligned_by = bytes;
        self
    }

    /// Makes the resource's leaves state this many bytes fewer than the block has.
    pub fn leaf_short_by(mut self, bytes: u32) -> Self {
        self.leaf_short_by = bytes;
        self
    }

    /// A file without a resource directory.
    pub fn without_resources(mut self) -> Self {
        self.resources = false;
        self
    }

    /// A resource directory without the version type.
    pub fn without_version(mut self) -> Self {
        self.version = false;
        self
    }

    /// Sections aligned to 0x20 in file and image: kernel drivers of NT 4.0.
    pub fn low_alignment(mut self) -> Self {
        self.low_alignment = true;
        self
    }

    /// The bytes after the DOS header.
    pub fn stub(mut self, stub: &'static [u8]) -> Self {
        self.stub = stub;
        self
    }

    /// The PE header's offset (at least 0x80).
    pub fn header_offset(mut self, offset: usize) -> Self {
        self.header_offset = offset.max(0x80);
        self
    }

    /// Pads the file with zeros to this size.
    pub fn file_size(mut self, bytes: usize) -> Self {
        self.file_size = bytes;
        self
    }

    /// Makes the code this large (at least 64 bytes), with zeros before the resources.
    pub fn code_size(mut self, bytes: usize) -> Self {
        self.code_size = bytes.max(CODE.len());
        self
    }

    pub fn build(&self) -> Vec<u8> {
        self.image().bytes
    }

    pub fn image(&self) -> Image {
        let optional_size: usize = if self.pe32_plus { 112 + 128 } else { 96 + 128 };
        let own_section = self.resources && self.placement == Placement::OwnSection;
        let sections = 1 + usize::from(own_section);
        let table = self.header_offset + 24 + optional_size;
        let table_end = table + sections * 40;
        let (file_alignment, section_alignment) = if self.low_alignment { (0x20, 0x20) } else { (0x200, 0x1000) };

        // Sizes do not depend on addresses, so a first encoding gives the layout.
        let resource_size = if self.resources { self.resources_at(0).0.len() } else { 0 };
        let in_header = self.resources && self.placement == Placement::InHeader;
        let headers = table_end.next_multiple_of(4) + if in_header { resource_size } else { 0 };
        let text_offset = headers.next_multiple_of(file_alignment);
        let in_text = self.resources && self.placement == Placement::InText;
        let text_size = self.code_size + if in_text { resource_size } else { 0 };
        let text_raw = text_size.next_multiple_of(file_alignment);
        let text_address = text_offset.next_multiple_of(section_alignment);
        let rsrc_offset = text_offset + text_raw;
        let rsrc_address = (text_address + text_raw).next_multiple_of(section_alignment);
        let rsrc_raw = resource_size.next_multiple_of(file_alignment);
        let (resource_offset, resource_address) = match self.placement {
            Placement::OwnSection => (rsrc_offset, rsrc_address),
            Placement::InText => (text_offset + self.code_size, text_address + self.code_size),
            Placement::InHeader => (table_end.next_multiple_of(4), table_end.next_multiple_of(4)),
        };
        let image_size = (rsrc_address + rsrc_raw).next_multiple_of(section_alignment);

        let mut out = Bytes::default();
        self.dos_header(&mut out);
        out.bytes(b"PE\0\0").u16(self.machine).u16(sections as u16).u32(self.time_stamp).u32(0).u32(0);
        out.u16(optional_size as u16).u16(if self.pe32_plus { 0x2022 } else { 0x210e });
        self.optional_header(
            &mut out,
            text_raw,
            text_address,
            [section_alignment, file_alignment],
            image_size,
            headers,
        );
        for directory in 0..16 {
            let resources = directory == 2 && self.resources;
            out.u32(if resources { resource_address as u32 } else { 0 });
            out.u32(if resources { resource_size as u32 } else { 0 });
        }
        section(&mut out, b".text\0\0\0", [text_size, text_address, text_raw, text_offset], 0x6000_0020);
        if own_section {
            section(&mut out, b".rsrc\0\0\0", [resource_size, rsrc_address, rsrc_raw, rsrc_offset], 0x4000_0040);
        }
        let (blob, block_offsets) =
            if self.resources { self.resources_at(resource_address as u32) } else { (Vec::new(), Vec::new()) };
        if in_header {
            out.pad_to(resource_offset).bytes(&blob);
        }
        out.pad_to(text_offset).bytes(&CODE).pad_to(text_offset + self.code_size);
        if in_text {
            out.bytes(&blob);
        }
        out.pad_to(rsrc_offset);
        if own_section {
            out.bytes(&blob).pad_to(rsrc_offset + rsrc_raw);
        }
        let size = self.file_size.max(out.0.len());
        out.pad_to(size);
        Image {
            bytes: out.0,
            pe_header: self.header_offset,
            resources: resource_offset,
            blocks: block_offsets.into_iter().map(|offset| resource_offset + offset).collect(),
        }
    }

    fn dos_header(&self, out: &mut Bytes) {
        out.bytes(b"MZ").u16(0x90).u16(3).u16(0).u16(4).u16(0).u16(0xffff).u16(0).u16(0xb8);
        out.pad_to(0x18).u16(0x40).pad_to(0x3c).u32(self.header_offset as u32);
        out.bytes(self.stub).pad_to(self.header_offset);
    }

    fn optional_header(
        &self,
        out: &mut Bytes,
        text_raw: usize,
        text_address: usize,
        alignment: [usize; 2],
        image_size: usize,
        headers: usize,
    ) {
        out.u16(if self.pe32_plus { 0x20b } else { 0x10b }).u16(6);
        out.u32(text_raw as u32).u32(0).u32(0).u32(text_address as u32).u32(text_address as u32);
        if self.pe32_plus {
            out.u64(0x1_8000_0000);
        } else {
            out.u32(0).u32(0x1000_0000);
        }
        out.u32(alignment[0] as u32).u32(alignment[1] as u32);
        out.u16(4).u16(0).u16(4).u16(0).u16(4).u16(0).u32(0);
        out.u32(image_size as u32).u32(headers.next_multiple_of(alignment[1]) as u32).u32(self.checksum).u16(3).u16(0);
        for reserve in [0x10_0000_u32, 0x1000, 0x10_0000, 0x1000] {
            if self.pe32_plus {
                out.u64(reserve.into());
            } else {
                out.u32(reserve);
            }
        }
        out.u32(0).u32(16);
    }

    /// The resource directory for this address, and the offsets of the version blocks in it.
    fn resources_at(&self, address: u32) -> (Vec<u8>, Vec<usize>) {
        const DIRECTORY: usize = 16;
        const ENTRY: usize = 8;
        const SUBDIRECTORY: u32 = 0x8000_0000;
        let languages: &[Language] = if self.version { &self.languages } else { &self.languages[..1] };
        let names_at = DIRECTORY + ENTRY;
        let languages_at = names_at + DIRECTORY + ENTRY * (1 + usize::from(self.empty_name));
        let leaves_at = languages_at + DIRECTORY + ENTRY * languages.len();
        let name_text_at = leaves_at + 16 * languages.len();
        let name_text: Vec<u16> = match &self.name {
            Name::Text(text) => text.encode_utf16().collect(),
            Name::Id(_) => Vec::new(),
        };
        let empty_at = (name_text_at + 2 + name_text.len() * 2).next_multiple_of(4);

        let mut out = Bytes::default();
        // Without a version, the one resource is a manifest (type 24).
        out.directory(0, 1).u32(if self.version { 16 } else { 24 }).u32(names_at as u32 | SUBDIRECTORY);
        let text_names = u16::from(matches!(self.name, Name::Text(_))) + u16::from(self.empty_name);
        out.directory(text_names, 1 + u16::from(self.empty_name) - text_names);
        if self.empty_name {
            // Zeros serve as an empty text and as an empty directory.
            out.u32(empty_at as u32 | SUBDIRECTORY).u32(empty_at as u32 | SUBDIRECTORY);
        }
        out.u32(match self.name {
            Name::Id(id) => id.into(),
            Name::Text(_) => name_text_at as u32 | SUBDIRECTORY,
        });
        out.u32(languages_at as u32 | SUBDIRECTORY).directory(0, languages.len() as u16);
        for (index, language) in languages.iter().enumerate() {
            out.u32(language.id.into()).u32((leaves_at + 16 * index) as u32);
        }
        let blocks: Vec<Vec<u8>> = languages
            .iter()
            .map(|language| {
                if self.version {
                    language.version_block(self.fixed, self.translation, self.lengths)
                } else {
                    b"<assembly/>".to_vec()
                }
            })
            .collect();
        let mut block_at = empty_at + DIRECTORY;
        let mut offsets = Vec::new();
        for block in &blocks {
            block_at = block_at.next_multiple_of(4) + self.misaligned_by;
            offsets.push(block_at);
            out.u32(address + block_at as u32).u32(block.len() as u32 - self.leaf_short_by).u32(0).u32(0);
            block_at += block.len();
        }
        out.u16(name_text.len() as u16);
        for unit in name_text {
            out.u16(unit);
        }
        for (block, offset) in blocks.iter().zip(&offsets) {
            out.pad_to(*offset).bytes(block);
        }
        (out.0, offsets)
    }
}

/// The loader reads neither line numbers nor relocations of an image's sections: they are zero.
fn section(out: &mut Bytes, name: &[u8; 8], sizes_and_places: [usize; 4], flags: u32) {
    out.bytes(name);
    for field in sizes_and_places {
        out.u32(field as u32);
    }
    out.u32(0).u32(0).u16(0).u16(0).u32(flags);
}
