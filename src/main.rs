//! temporary
use std::io::Write;
fn main() {
    let mut args = std::env::args_os().skip(1);
    let command = args.next().unwrap();
    let paths: Vec<std::path::PathBuf> = args.map(Into::into).collect();
    let g = hotfixcheck::catalog::gather(&paths).unwrap();
    for p in &g.problems {
        eprintln!("{p}");
    }
    if command == "build" {
        let c = hotfixcheck::catalog::Catalog::newest(g.articles);
        std::io::stdout().write_all(hotfixcheck::catalog::write(&c).as_bytes()).unwrap();
        return;
    }
    let out = std::io::stdout().lock();
    let mut out = std::io::BufWriter::new(out);
    out.write_all(b"[\n").unwrap();
    for (i, a) in g.articles.iter().enumerate() {
        if i > 0 {
            out.write_all(b",\n").unwrap();
        }
        serde_json::to_writer(&mut out, a).unwrap();
    }
    out.write_all(b"\n]\n").unwrap();
}
