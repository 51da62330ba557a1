//! The three sizes of the allocation table's entries, and the entries that are not cluster numbers.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Twelve,
    Sixteen,
    ThirtyTwo,
}

impl Width {
    /// Entries from this value on mark the end of a chain.
    pub(super) fn last(&self) -> u32 {
        match self {
            Width::Twelve => 0xff8,
            Width::Sixteen => 0xfff8,
            Width::ThirtyTwo => 0x0fff_fff8,
        }
    }

    /// Marks a cluster that cannot be used.
    pub(super) fn bad_cluster(&self) -> u32 {
        match self {
            Width::Twelve => 0xff7,
            Width::Sixteen => 0xfff7,
            Width::ThirtyTwo => 0x0fff_fff7,
        }
    }
}
