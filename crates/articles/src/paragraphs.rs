//! Running text: paragraphs joined over their lines, with the line each place came from.

use std::ops::Range;

use super::blanks::push_words;
use super::document::Line;

/// The most bytes of a paragraph that are looked at; longer ones are lists of data.
const MAX_PARAGRAPH: usize = 20_000;

/// A paragraph as one text, its words separated by single blanks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paragraph {
    pub text: String,
    /// Where each line begins in `text`, with the line's index.
    starts: Vec<(usize, usize)>,
}

impl Paragraph {
    fn new(lines: &[Line<'_>], range: Range<usize>) -> Self {
        let mut paragraph = Self::default();
        for index in range {
            if paragraph.text.len() > MAX_PARAGRAPH {
                break;
            }
            if !paragraph.text.is_empty() {
                paragraph.text.push(' ');
            }
            paragraph.starts.push((paragraph.text.len(), index));
            push_words(&mut paragraph.text, lines[index].trimmed());
        }
        paragraph
    }

    /// The index of the line that holds byte `at` of the text.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        self.starts.get(next.saturating_sub(1)).map_or(0, |(_, index)| *index)
    }

    /// The sentences, each as a range of bytes: a full stop, question mark or colon at a word's end ends one, but
    /// not inside a version or after `U.S.` and its like.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut sentences = Vec::new();
        let mut start = 0;
        for at in memchr::memchr3_iter(b'.', b'?', b'!', bytes) {
            let ends = bytes.get(at + 1).is_none_or(|b| *b == b' ');
            let abbreviation = bytes[at] == b'.'
                && at >= 2
                && bytes[at - 1].is_ascii_alphabetic()
                && (bytes[at - 2] == b'.' || self.text[..at].ends_with(" ver") || self.text[..at].ends_with(" vs"));
            if ends && !abbreviation {
                sentences.push(start..at + 1);
                start = at + 1;
            }
        }
        if start < bytes.len() {
            sentences.push(start..bytes.len());
        }
        sentences
    }
}

/// The paragraphs that hold a line of `wanted` (indices in order), each once; headings over rulers stand apart by
/// themselves.
pub(crate) fn paragraphs<'l>(
    lines: &'l [Line<'_>],
    wanted: impl IntoIterator<Item = usize, IntoIter: 'l>,
) -> impl Iterator<Item = Paragraph> + 'l {
    // Where the last paragraph ended: few lines are wanted, and bounds are looked for around those only.
    let mut from = 0;
    wanted.into_iter().filter_map(move |at| {
        if at < from || ends_paragraph(lines, at) {
            return None;
        }
        let start = (from..at).rev().find(|i| ends_paragraph(lines, *i)).map_or(from, |end| end + 1);
        from = (at..lines.len()).find(|i| ends_paragraph(lines, *i)).unwrap_or(lines.len());
        Some(Paragraph::new(lines, start..from))
    })
}

fn ends_paragraph(lines: &[Line<'_>], at: usize) -> bool {
    lines[at].is_blank() || super::columns::is_ruler(&lines[at].text)
}
