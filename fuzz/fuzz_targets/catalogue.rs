//! Catalogue texts and compiled catalogues, selected by the first byte. A text without the first line of a catalogue
//! gets one.
#![no_main]

use hotfixcheck::catalog::{self, CompiledCatalog, HEADER};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&form, rest)) = input.split_first() else { return };
    if form >= 192 {
        return compiled(rest.to_vec());
    }
    let text = String::from_utf8_lossy(rest);
    let text = if form < 128 { format!("{HEADER}\n{text}") } else { text.into_owned() };
    let read = match catalog::read(&text) {
        Ok(read) => read,
        Err(error) => {
            let lines = text.lines().count().max(1);
            return assert!((1..=lines).contains(&error.line), "line {} of {lines}: {}", error.line, error.what);
        }
    };
    // A catalogue that was read can be written, and read again with the same result.
    let written = catalog::write(&read);
    let again = catalog::read(&written).expect("what this program wrote");
    assert_eq!(catalog::write(&again), written);
    let _ = catalog::lint(again.iter());
    // The written text can be compiled, with the same contents.
    let bytes = CompiledCatalog::compile("a", &written, &[]).expect("a catalogue that can be read");
    let whole = CompiledCatalog::open(bytes).expect("what this program compiled").whole().expect("a sound catalogue");
    assert_eq!(catalog::write(&whole), written);
});

/// Checks that a compiled catalogue is either damaged or can be read to its end.
fn compiled(bytes: Vec<u8>) {
    let Ok(catalogue) = CompiledCatalog::open(bytes) else { return };
    let form = catalogue.form();
    let keys: Vec<String> = form.file_keys().take(50).map(str::to_owned).collect();
    for key in &keys {
        let _ = (form.knows_file(key), form.of_file(key), form.naming(key), form.of_build(key, "5.1"));
    }
    for number in 0..form.len().min(50) as u32 {
        let _ = catalogue.read(number);
    }
    let _ = (form.coverage(), form.stating_fix(), form.of_service_packs().count(), form.unordered().count());
    let _ = catalogue.whole();
}
