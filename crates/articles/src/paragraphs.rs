//! Running text: paragraphs joined over their lines, with the line from which each position came.

use std::ops::Range;

use super::blanks::push_words;
use super::document::Line;

/// The most bytes of a paragraph that are read; longer ones are lists of data.
const MAX_PARAGRAPH: usize = 20_000;

/// A paragraph as one text, its words separated by single blanks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paragraph {
    pub text: String,
    /// The start of each line in `text`, with the line's index.
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

    /// The index of the line that contains byte `at` of the text.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        self.starts.get(next.saturating_sub(1)).map_or(0, |(_, index)| *index)
    }

    /// The index of the line after the paragraph.
    pub(crate) fn end(&self) -> usize {
        self.starts.last().map_or(0, |(_, index)| index + 1)
    }

    /// The sentences as ranges of bytes. A full stop, question mark or colon at the end of a word ends a sentence, but
    /// not inside a version or after abbreviations such as `U.S.`.
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

/// The paragraphs that contain a line of `wanted` (indices in order), each once. Headings over rulers are separate
/// paragraphs.
pub(crate) fn paragraphs<'l>(
    lines: &'l [Line<'_>],
    wanted: impl IntoIterator<Item = usize, IntoIter: 'l>,
) -> impl Iterator<Item = Paragraph> + 'l {
    // The end of the last paragraph: few lines are wanted, and paragraph bounds are searched only around those.
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

/// The first sentence, in lower case, of the paragraph at or after a line, unless a heading is there.
pub(crate) fn next_sentence(lines: &[Line<'_>], from: usize) -> Option<String> {
    const MOST_LINES: usize = 12;
    let start = (from..lines.len()).take(3).find(|i| !lines[*i].is_blank())?;
    let end = (start..lines.len()).take(MOST_LINES).find(|i| ends_paragraph(lines, *i)).unwrap_or(lines.len());
    let is_heading = lines[start].trimmed().starts_with(['#', '|', '-', '=']);
    if start == end || is_heading || lines.get(end).is_some_and(|line| !line.is_blank()) {
        return None;
    }
    let paragraph = Paragraph::new(lines, start..end);
    let sentence = paragraph.sentences().into_iter().next()?;
    Some(paragraph.text[sentence].to_lowercase())
}

fn ends_paragraph(lines: &[Line<'_>], at: usize) -> bool {
    lines[at].is_blank() || super::columns::is_ruler(&lines[at].text)
}
