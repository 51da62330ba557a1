//! What a run takes at its peak, counted by the allocator: a list takes what its kinds of files take, a report what its findings
//! that apply take. One test at a time, so that no other allocates beside it.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use hotfixcheck::assess::{Finding, Policy, Verdict};
use hotfixcheck::catalog::{self, CompiledCatalog, HEADER, OpenCatalog};
use hotfixcheck::hosts::{Defaults, HostJudge};
use hotfixcheck::inventory::import::{self, Reading};
use hotfixcheck::inventory::{Document, Entry, Inventory, PathFilter};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, JudgedLine, Limits, Look, ReportFormat, RunInfo};
use hotfixcheck_articles::Fix;
use hotfixcheck_testkit::thorough::one_of;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;
static ALONE: Mutex<()> = Mutex::new(());

/// What a call gives, and what it allocated at its peak beside what was there before.
fn peak_of<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let made = call();
    (made, ALLOCATOR.peak_usage().saturating_sub(before))
}

/// A list that is nowhere whole: so many files, each in a folder of its own.
struct List {
    next: usize,
    count: usize,
    line: Vec<u8>,
}

impl List {
    fn new(count: usize) -> Self {
        Self { next: 0, count, line: b"path,size,version,machine\n".to_vec() }
    }
}

impl Read for List {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.line.is_empty() && self.next < self.count {
            let number = self.next;
            let (one, two) = ("a".repeat(100), "b".repeat(200));
            writeln!(self.line, "C:\\{one}\\{two}\\{number:08}\\tapisrv.exe,127760,4.0.1381.7086,i386")?;
            self.next += 1;
        }
        let count = buffer.len().min(self.line.len());
        buffer[..count].copy_from_slice(&self.line[..count]);
        self.line.drain(..count);
        Ok(count)
    }
}

fn read(count: usize, held_bytes: Option<usize>) -> Inventory {
    let wanted = |name: &str| name == "tapisrv.exe";
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(List::new(count))) };
    let reading = Reading { wanted: Some(&wanted), apart: Some(&|_| 0), held_bytes, ..Reading::default() };
    import::read_document(Document::Stream(&open), reading).unwrap().select(wanted)
}

/// Issue 16, point 9: a list is a stream. What is held of each row of copies is its mark.
#[test]
fn a_list_of_copies_takes_what_one_of_them_takes() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Some 25,000 are held in 32 MB, before it is known how many there are: a list of half as many more is above that.
    // Outside of CI an eighth of both.
    let part = one_of(8);
    let (few_count, many_count) = (27_000 / part, 60_000 / part);
    let held_bytes = (part > 1).then_some((32 << 20) / part);
    let (few, peak_of_few) = peak_of(|| read(few_count, held_bytes));
    let (many, peak_of_many) = peak_of(|| read(many_count, held_bytes));
    let count = |inventory: &Inventory| inventory.entries.iter().map(Entry::count).sum::<usize>();
    assert_eq!((count(&few), count(&many), many.files_seen), (few_count, many_count, many_count as u64));
    assert!(many.entries.len() <= 100, "{}", many.entries.len());
    // 20 MB of rows; the first 32 MB of records are held before it is known how many there are.
    assert!(peak_of_many < (48 << 20) / part, "{peak_of_many} bytes");
    assert!(
        peak_of_many < peak_of_few + (3 << 20) / part,
        "{peak_of_few} bytes for less than half, {peak_of_many} bytes for all"
    );
}

/// Issue 15, point 8: cells that are those of the row before are held once.
#[test]
fn rows_of_one_table_share_their_heading() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // A scan has a row and a finding for each of some 35,000.
    assert!(size_of::<Fix>() <= 88 && size_of::<Finding>() <= 24, "{} {}", size_of::<Fix>(), size_of::<Finding>());
    const ROWS: usize = 10_000;
    let cells = "Intel\tWindows NT 4.0, all editions\tGerman\tSP2QFE\tSP1\tutc";
    let row = |row: usize| format!("F\t{row}\ttable\tlamp.dll\t4.0.1381.300\t2001-10-16\t19:23\t{row}\t{cells}\n");
    let text = format!("{HEADER}\nA\tQ100001\n") + &(1..=ROWS).map(row).collect::<String>();
    let compiled = CompiledCatalog::compile("rows", &text, &[]).unwrap().leak();
    let catalog = CompiledCatalog::open_for_good(compiled).unwrap();
    let (article, peak) = peak_of(|| catalog.read(0).unwrap());
    assert_eq!(article.fixes.len(), ROWS);
    assert!(peak < ROWS * 150, "{} bytes for a row", peak / ROWS);
    let read = catalog::read(&text).unwrap();
    let [first, .., last] = &*read.articles()[0].fixes else { panic!("no rows") };
    assert!(Arc::ptr_eq(&first.shared, &last.shared));
}

/// Counts what is written, and keeps nothing.
struct Sink(usize);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many systems a list has: in CI a half of them, elsewhere a fifth, with as much less room for what is held.
fn part() -> usize {
    one_of(5).max(2)
}

/// A list of ten files on each of very many systems, and who judges it.
fn many_systems() -> (String, HostJudge) {
    let systems = 160 / part();
    const NAMES: [&str; 10] = [
        "tapisrv.exe",
        "rsaenh.dll",
        "win32k.sys",
        "kernel32.dll",
        "ntdll.dll",
        "advapi32.dll",
        "user32.dll",
        "gdi32.dll",
        "netapi32.dll",
        "ntoskrnl.exe",
    ];
    let row =
        |system: usize, name: &str| format!("C:\\h{system:03}\\WINNT\\System32\\{name},5.0.2195.2951,100000,i386\n");
    let rows = (0..systems).flat_map(|system| NAMES.map(|name| row(system, name)));
    let list = "path,version,size,machine\n".to_owned() + &rows.collect::<String>();
    let knowledge = Arc::new(Knowledge::embedded().unwrap());
    let limits = Limits { held: Limits::default().held / part(), ..Limits::default() };
    let judge = HostJudge {
        catalog: Arc::new(OpenCatalog::of_compiled(CompiledCatalog::built_in().unwrap())),
        knowledge,
        policy: Policy::default(),
        filter: PathFilter::default(),
        run: RunInfo { limits, ..RunInfo::default() },
        built_in: true,
    };
    (list, judge)
}

/// Issue 17: a line shows only rows that apply, and its report holds no others.
#[test]
fn a_line_of_many_systems_takes_what_applies_to_them() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (list, judge) = many_systems();
    let line = serde_json::json!({"host": "h", "inventory": list}).to_string();
    let (judged, peak) = peak_of(|| judge.judge_line(Defaults::default(), 1, line.as_bytes()));
    assert!(peak < 64 << 20, "{peak} bytes");
    let (view, _) = judged.judged.as_ref().unwrap();
    assert!(view.articles.iter().flat_map(|article| &article.findings).all(|of| of.verdict != Verdict::NotApplicable));
    let whole = judge.judge_snapshot(import::read(list.as_bytes(), None).unwrap()).unwrap();
    let whole = JudgedLine { judged: Ok((whole.view, whole.warnings)), ..judged.clone() };
    assert!(judged.render().unwrap() == whole.render().unwrap());
}

/// Issue 18: ten files on each of very many systems. Nine rows in ten do not apply, and are made as they are written.
#[test]
fn a_report_of_many_systems_takes_what_applies_to_them() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (list, judge) = many_systems();
    let snapshot = import::read(list.as_bytes(), None).unwrap();
    let inventory = snapshot.select(|name| judge.wants(name));
    let (view, peak) = peak_of(|| judge.judge_last(inventory).unwrap().view);
    let rows: usize = view.articles.iter().map(|article| article.findings.count()).sum();
    let held: usize = view.articles.iter().map(|article| article.findings.len()).sum();
    assert!(rows > 100_000 / part() && held * 10 < rows, "{held} of {rows} findings are held");
    assert!(peak < 64 << 20, "{peak} bytes");
    for format in [ReportFormat::Json, ReportFormat::Jsonl, ReportFormat::Csv].into_iter().step_by(one_of(3)) {
        let mut sink = Sink(0);
        let (written, peak) = peak_of(|| report::write(&view, format, Look::PLAIN, &mut sink));
        written.unwrap();
        assert!(sink.0 > (100 << 20) / part(), "{format:?}: {} bytes", sink.0);
        assert!(peak < 16 << 20, "{format:?}: {peak} bytes at once for {}", sink.0);
    }
}
