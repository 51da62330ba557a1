//! Error messages in the wording that the program and the library share.

use std::error::Error;
use std::io::{self, ErrorKind};

/// An error with its causes: `cannot read 'x.ini': permission denied`. Each error in the chain states one thing.
pub fn message_of(error: &(dyn Error + 'static)) -> String {
    let mut text = one(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&one(error));
        cause = error.source();
    }
    text
}

/// An error without its cause; errors of the operating system get the program's own wording.
fn one(error: &(dyn Error + 'static)) -> String {
    error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), system)
}

/// An error of the operating system: "file not found", not "No such file or directory (os error 2)".
fn system(error: &io::Error) -> String {
    // An error with its own text is not from the operating system.
    if error.raw_os_error().is_none() && error.get_ref().is_some() {
        return error.to_string();
    }
    match error.kind() {
        ErrorKind::NotFound => "file not found".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is a file".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => {
            let text = error.to_string();
            text.split_once(" (os error").map_or(text.as_str(), |(text, _)| text).to_owned()
        }
    }
}
