//! Reads documents through the sandbox and prints what was found and how long it took. For measuring.
//! The first argument is the program that serves as the child.

use std::path::PathBuf;
use std::time::Instant;

use docextract_extraction::sandbox::{Sandbox, sandbox_level};
use docextract_extraction::{Limits, Request};
use docextract_model::extractor::{DocumentType, ready_made};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(program), Some(kind)) = (args.next(), args.next()) else {
        return Err("usage: sandboxed CHILD invoice|receipt FILE…".into());
    };
    eprintln!("{}", sandbox_level());
    let sandbox = Sandbox::new(PathBuf::from(program), 1);
    let ready = ready_made().into_iter().find(|r| r.document_type == kind).ok_or("no such extractor")?;
    for path in args {
        let request = Request {
            bytes: std::fs::read(&path)?,
            filename: Some(path.clone()),
            mime_type: None,
            password: None,
            document_type: DocumentType::parse(&kind)?,
            fields: ready.field_definitions.clone(),
            owner: String::new(),
            lessons: Vec::new(),
            keep_pages: false,
            local_only: false,
            ignore_embedded_xml: false,
            explain: false,
            limits: Limits::default(),
        };
        let started = Instant::now();
        let result = sandbox.extract(request).await;
        let ms = started.elapsed().as_millis();
        match result {
            Ok(extraction) => println!("{path} {ms} ms {}", serde_json::to_string(&extraction)?),
            Err(failure) => println!("{path} {ms} ms {} {}", failure.code.as_str(), failure.message),
        }
    }
    Ok(())
}
