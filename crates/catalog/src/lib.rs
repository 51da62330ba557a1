//! The compiled format of hotfixcheck catalogues.
//!
//! A catalogue is text that people can review: one block per article, one line per fact, fields separated by tabs.
//! [`compile`] turns one or several such texts into an indexed form. There an article is found by its id, by a file that
//! it corrects, by a bulletin, a vulnerability or a build, without reading other articles. Equal fields are stored once.
//! Reading a block returns the fields of its lines, and which of them are those of the line before; this crate knows only the
//! meaning of those that it finds articles by.
//!
//! ```
//! use hotfixcheck_catalog::{Compiled, Source, compile};
//!
//! let text = "hotfixcheck-catalog\t1\nA\tQ100001\t2001-11-03\tA title\nF\t12\ttable\tTapisrv.exe\t4.0.1381.7105\n";
//! let bytes = compile(&[Source::new("mine.tsv", text)], &[], "0.1.0")?;
//! let catalogue = Compiled::open(bytes, "0.1.0")?;
//!
//! let found = catalogue.of_file("tapisrv.exe");
//! let (mut lines, mut fields) = (catalogue.lines(found[0])?, Vec::new());
//! lines.next_line(&mut fields)?;
//! assert_eq!(fields, ["A", "Q100001", "2001-11-03", "A title"]);
//! lines.next_line(&mut fields)?;
//! assert_eq!(fields, ["F", "12", "table", "Tapisrv.exe", "4.0.1381.7105"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod bytes;
mod compile;
mod compiled;
mod error;
mod form;
mod index;
mod lines;

pub use compile::{CompileError, HEADER, Source, compile, head, split};
pub use compiled::{Blocks, Compiled, Packs};
pub use error::{DamageError, OpenError};
pub use form::MAGIC;
pub use lines::{Line, Lines};
