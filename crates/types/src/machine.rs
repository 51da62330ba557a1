//! The processor that a file is made for, from PE headers and from the platform words of articles.

use std::fmt;

/// A machine type, by the constants of the PE specification (`IMAGE_FILE_MACHINE_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Machine {
    /// Intel 386 and later, 32-bit (0x14c).
    I386,
    /// DEC Alpha, 32-bit NT (0x184), and its unreleased 64-bit form (0x284).
    Alpha,
    /// MIPS little-endian (0x162, 0x166, 0x168, 0x169).
    Mips,
    /// PowerPC little-endian (0x1f0, 0x1f1).
    Ppc,
    /// Intel Itanium (0x200).
    Ia64,
    /// x64, also called AMD64 (0x8664).
    X64,
    /// ARM 32-bit (0x1c0, 0x1c2, 0x1c4).
    Arm,
    /// ARM 64-bit (0xaa64).
    Arm64,
}

impl Machine {
    /// Every machine, in the order of declaration.
    pub const ALL: [Self; 8] =
        [Self::I386, Self::Alpha, Self::Mips, Self::Ppc, Self::Ia64, Self::X64, Self::Arm, Self::Arm64];

    /// The machine of a COFF header's `Machine` field; `None` for one this program does not know.
    pub fn from_pe(value: u16) -> Option<Self> {
        Some(match value {
            0x14c => Self::I386,
            0x184 | 0x284 => Self::Alpha,
            0x162 | 0x166 | 0x168 | 0x169 => Self::Mips,
            0x1f0 | 0x1f1 => Self::Ppc,
            0x200 => Self::Ia64,
            0x8664 => Self::X64,
            0x1c0 | 0x1c2 | 0x1c4 => Self::Arm,
            0xaa64 => Self::Arm64,
            _ => return None,
        })
    }

    /// The machine that an article's platform word names: `Intel`, `ALPHA`, `IA-64`, `x64-based`…; `None` for words
    /// that name no single machine (`All`, `Intel/Alpha`).
    pub fn from_platform_word(word: &str) -> Option<Self> {
        // The word's letters and digits, in lower case. No name of a machine is longer than 16 characters.
        let mut key = [0; 16];
        let mut length = 0;
        for b in word.bytes().filter(u8::is_ascii_alphanumeric) {
            *key.get_mut(length)? = b.to_ascii_lowercase();
            length += 1;
        }
        let key = &key[..length];
        // Most words do not name a machine, as their first character shows.
        if !matches!(key.first(), Some(b'3' | b'a' | b'd' | b'e' | b'i' | b'm' | b'p' | b'w' | b'x')) {
            return None;
        }
        Some(match key {
            b"intel" | b"x86" | b"i386" | b"ix86" | b"386" | b"x86based" | b"intelx86" | b"x86intel" | b"win32x86"
            | b"32bit" | b"i486" | b"intelbased" | b"inteli386" => Self::I386,
            b"alpha" | b"axp" | b"decalpha" | b"alphaaxp" | b"alphabased" => Self::Alpha,
            b"mips" => Self::Mips,
            b"ppc" | b"powerpc" => Self::Ppc,
            b"ia64" | b"itanium" | b"itaniumbased" | b"ia64based" | b"intelia64" | b"intelitanium" => Self::Ia64,
            b"x64" | b"amd64" | b"x64based" | b"x8664" | b"em64t" | b"intel64" => Self::X64,
            b"arm" | b"arm32" => Self::Arm,
            b"arm64" | b"arm64based" => Self::Arm64,
            _ => return None,
        })
    }

    /// The one machine that a platform cell of several words names (`NT x86 40bit`, `I386 - 128-bit`); `None` if its
    /// words name several machines or none.
    pub fn from_platform_text(text: &str) -> Option<Self> {
        if let Some(machine) = Self::from_platform_word(text) {
            return Some(machine);
        }
        let mut machines =
            text.split([' ', '/', ',', '&', '(', ')']).filter(|w| *w != "32-bit").filter_map(Self::from_platform_word);
        let first = machines.next()?;
        machines.all(|m| m == first).then_some(first)
    }

    /// True if its files have 64-bit addresses.
    pub fn is_64_bit(self) -> bool {
        matches!(self, Self::Ia64 | Self::X64 | Self::Arm64)
    }

    /// The short name used in reports and data files.
    pub fn name(self) -> &'static str {
        match self {
            Self::I386 => "i386",
            Self::Alpha => "alpha",
            Self::Mips => "mips",
            Self::Ppc => "ppc",
            Self::Ia64 => "ia64",
            Self::X64 => "x64",
            Self::Arm => "arm",
            Self::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
