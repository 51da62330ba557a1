//! The headings that a layout marks as such (`## Resolution`), and which part of an article contains which.

/// A marked heading.
#[derive(Clone, Debug)]
struct Marked {
    /// The index of its line.
    line: usize,
    level: u8,
    /// True if it names a machine for the part before it: `## For all supported x64-based versions`.
    narrows: bool,
    /// The index of the heading above it in the outline.
    parent: Option<usize>,
}

/// The headings of an article in their order; empty in layouts that do not mark them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    headings: Vec<Marked>,
    /// The headings that contain the end of the text read so far, outermost first.
    open: Vec<usize>,
    /// The first heading of level 1: the article's title. Navigation may precede it.
    title: Option<usize>,
}

/// A part of the article: its heading, and its text up to the first heading inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The index of the heading's line.
    pub heading: usize,
    /// The line after the part's own text; for the innermost part the line that was asked for.
    pub end: usize,
    /// True for the article's title.
    pub title: bool,
    /// True if the next inner part only continues this one: its heading has the same level.
    pub beside: bool,
}

impl Outline {
    /// Adds a heading. One that narrows its predecessor of the same level to a machine belongs to it: many pages put
    /// `## For all supported x64-based versions` at the level of the `## File information` that it continues.
    pub(crate) fn push(&mut self, line: usize, level: u8, narrows: bool) {
        while let Some(last) = self.open.last().map(|open| &self.headings[*open])
            && (last.level > level || last.level == level && (last.narrows || !narrows))
        {
            self.open.pop();
        }
        let parent = self.open.last().copied();
        if level == 1 {
            self.title.get_or_insert(self.headings.len());
        }
        self.open.push(self.headings.len());
        self.headings.push(Marked { line, level, narrows, parent });
    }

    /// True in layouts that do not mark headings.
    pub(crate) fn is_empty(&self) -> bool {
        self.headings.is_empty()
    }

    /// The parts that contain line `at`, innermost first.
    pub(crate) fn parts(&self, at: usize) -> impl Iterator<Item = Part> + '_ {
        let mut next = self.headings.partition_point(|h| h.line < at).checked_sub(1);
        let mut inner: Option<u8> = None;
        std::iter::from_fn(move || {
            let place = next?;
            let marked = &self.headings[place];
            next = marked.parent;
            let own_end = self.headings.get(place + 1).map_or(at, |h| h.line);
            let end = if inner.is_none() { at } else { own_end };
            let beside = inner.replace(marked.level) == Some(marked.level);
            Some(Part { heading: marked.line, end, title: self.title == Some(place), beside })
        })
    }
}
