//! Builds small linear executables (LE, LX) with resources in the format of virtual device drivers.

use crate::version_bytes::Bytes;

/// An LE file under construction. Defaults: an i386 driver of Windows 386 with one resource, its version.
#[derive(Clone, Debug)]
pub struct LeBuilder {
    signature: [u8; 2],
    byte_order: u16,
    cpu: u16,
    system: u16,
    object_table: u32,
    kind: Vec<u8>,
    name: Vec<u8>,
    others: usize,
    resources: bool,
    block: Vec<u8>,
}

/// A built file, and the file offsets of its parts.
#[derive(Clone, Debug)]
pub struct LeImage {
    pub bytes: Vec<u8>,
    pub header: usize,
    pub resources: usize,
    pub block: usize,
}

const HEADER_OFFSET: usize = 0x80;
const HEADER_SIZE: usize = 0xc4;

impl LeBuilder {
    pub fn new(block: Vec<u8>) -> Self {
        Self {
            signature: *b"LE",
            byte_order: 0,
            cpu: 2,
            system: 4,
            object_table: HEADER_SIZE as u32,
            kind: vec![0xff, 16, 0],
            name: vec![0xff, 1, 0],
            others: 0,
            resources: true,
            block,
        }
    }

    pub fn lx(mut self) -> Self {
        self.signature = *b"LX";
        self
    }

    pub fn big_endian(mut self) -> Self {
        self.byte_order = 0x0101;
        self
    }

    pub fn cpu(mut self, cpu: u16) -> Self {
        self.cpu = cpu;
        self
    }

    /// 1: OS/2, 4: Windows 386.
    pub fn system(mut self, system: u16) -> Self {
        self.system = system;
        self
    }

    /// Offset of the object table, which is the end of the header.
    pub fn object_table(mut self, offset: u32) -> Self {
        self.object_table = offset;
        self
    }

    /// Type and name of the version resource, as stored.
    pub fn idents(mut self, kind: &[u8], name: &[u8]) -> Self {
        (self.kind, self.name) = (kind.to_vec(), name.to_vec());
        self
    }

    /// Adds this many other resources before it.
    pub fn others(mut self, count: usize) -> Self {
        self.others = count;
        self
    }

    pub fn without_resources(mut self) -> Self {
        self.resources = false;
        self
    }

    pub fn build(&self) -> Vec<u8> {
        self.image().bytes
    }

    pub fn image(&self) -> LeImage {
        let mut packed = Bytes::default();
        for _ in 0..self.others {
            packed.bytes(b"TYPE\0\xff\x05\0").u16(0x1030).u32(7).bytes(b"nothing");
        }
        packed.bytes(&self.kind).bytes(&self.name).u16(0x30).u32(self.block.len() as u32);
        let head = packed.0.len();
        packed.bytes(&self.block);

        let resources = HEADER_OFFSET + HEADER_SIZE + 0x100;
        let mut out = Bytes::default();
        out.bytes(b"MZ").pad_to(0x18).u16(0x40).pad_to(0x3c).u32(HEADER_OFFSET as u32).pad_to(HEADER_OFFSET);
        out.bytes(&self.signature).u16(self.byte_order).u32(0).u16(self.cpu).u16(self.system);
        out.pad_to(HEADER_OFFSET + 0x40).u32(self.object_table).pad_to(HEADER_OFFSET + 0xb8);
        if self.resources {
            out.u32(resources as u32).u32(packed.0.len() as u32);
        }
        out.pad_to(resources).bytes(&packed.0);
        LeImage { bytes: out.0, header: HEADER_OFFSET, resources, block: resources + head }
    }
}
