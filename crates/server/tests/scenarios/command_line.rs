//! The binary, as a shell sees it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::Server;

fn docextract(folder: &Path, arguments: &[&str]) -> Output {
    docextract_with_input(folder, arguments, b"")
}

fn docextract_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_docextract"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn a_new_key_stands_alone_on_stdout_and_works_at_once() {
    let server = Server::start().await;
    let folder = server.folder.path();
    let data_dir = folder.to_str().unwrap();
    let made =
        docextract(folder, &["keys", "create", "--mode", "test", "--scopes", "all", "--data-dir", data_dir]);
    assert!(made.status.success(), "{}", stderr(&made));
    let key = stdout(&made).trim_end().to_owned();
    assert_eq!(stdout(&made), format!("{key}\n"));
    assert!(key.starts_with("sk_test_"));
    assert_eq!(server.call(&key, "GET", "/v1/documents", None).await.0, 200);
    let list = stdout(&docextract(folder, &["keys", "list", "--data-dir", data_dir]));
    let line = list.lines().find(|line| line.contains(&key[..12])).unwrap();
    assert!(line.contains("\tactive\t") && !list.contains(&key));
    let id = line.split('\t').next().unwrap();
    assert!(docextract(folder, &["keys", "revoke", id, "--data-dir", data_dir]).status.success());
    // The server remembers a key for a moment, and another process cannot tell it to forget: it is refused
    // as soon as that moment is over. The limit only keeps a key that lives on from hanging the test.
    let refused = async { while server.call(&key, "GET", "/v1/documents", None).await.0 != 401 {} };
    tokio::time::timeout(std::time::Duration::from_secs(30), refused).await.expect("the key still works");
}

#[test]
fn credits_are_granted_on_a_fresh_directory() {
    let folder = tempfile::tempdir().unwrap();
    let granted = docextract(folder.path(), &["credits", "grant", "50"]);
    assert!(granted.status.success(), "{}", stderr(&granted));
    let account: Value =
        serde_json::from_str(&stdout(&docextract(folder.path(), &["credits", "show"]))).unwrap();
    assert_eq!(account["balance"], 50);
    assert!(!docextract(folder.path(), &["credits", "grant", "0"]).status.success());
}

#[tokio::test]
async fn a_directory_that_is_served_is_not_served_twice() {
    let server = Server::start().await;
    let data_dir = server.folder.path().to_str().unwrap();
    let second =
        docextract(server.folder.path(), &["serve", "--listen", "127.0.0.1:0", "--data-dir", data_dir]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("another docextract serves"), "{}", stderr(&second));
    assert!(stderr(&second).contains("hint: "));
    assert_eq!(stdout(&second), "");
}

#[tokio::test]
async fn an_address_in_use_is_told_with_a_hint() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let second = docextract(folder.path(), &["serve", "--listen", &server.running.address.to_string()]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("cannot be listened on") && stderr(&second).contains("--listen"));
}

#[tokio::test]
async fn a_first_start_that_failed_is_made_up_for_by_the_next() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let address = server.running.address.to_string();
    let failed = docextract(folder.path(), &["serve", "--dev", "--listen", &address]);
    assert_eq!(failed.status.code(), Some(1));
    let mut child = Command::new(env!("CARGO_BIN_EXE_docextract"))
        .args(["serve", "--dev", "--listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    assert!(lines.any(|line| line.unwrap().contains("sk_live_")), "no key was printed");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_missing_file_is_a_line_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("noise.bin"), [0, 1, 2]).unwrap();
    let output = docextract(folder.path(), &["extract", "missing.pdf", "noise.bin"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["file"], &lines[0]["status"]), (&json!("missing.pdf"), &json!("failed")));
    assert!(lines[0]["error_details"]["message"].as_str().unwrap().contains("missing.pdf"));
    assert_eq!(lines[1]["error_details"]["code"], "unsupported_format");
    let keys: Vec<&str> = lines[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "file",
            "status",
            "extracted_data",
            "confidence",
            "citations",
            "error_details",
            "processing_time_ms"
        ]
    );
    assert_eq!(stderr(&output).lines().count(), 2);
}

#[test]
fn the_sample_invoice_is_read_without_a_server() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let output = docextract(&samples, &["extract", "invoice.pdf"]);
    assert!(output.status.success(), "{}", stdout(&output));
    let line: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(line["status"], "completed");
    assert_eq!(line["extracted_data"]["total_amount"].to_string(), "4851.18");
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_value_can_be_asked_why_it_won() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let output = docextract(&samples, &["extract", "invoice.pdf", "--explain"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let total = text.split("\n\n").find(|part| part.starts_with("total_amount = 4851.18")).unwrap();
    assert!(total.contains("the best of the candidates") && total.contains("confidence from: "), "{total}");
    assert!(total.contains("  chosen: 4851.18, beside "), "{total}");
    assert!(total.contains("not in the set: "), "the other amounts are shown as well: {total}");

    let output = docextract(&samples, &["extract", "invoice.pdf", "--explain", "--json"]);
    let line: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let explanations = line["explanations"].as_array().unwrap();
    let of = |name: &str| explanations.iter().find(|each| each["field"] == name).unwrap();
    assert_eq!(of("total_amount")["value"], line["extracted_data"]["total_amount"]);
    let chosen = &of("total_amount")["candidates"][0];
    assert_eq!(chosen["outcome"], "chosen");
    assert_eq!(chosen["citation"], line["citations"]["total_amount"], "both show the same place");
    let logit: f64 =
        of("total_amount")["signals"].as_array().unwrap().iter().map(|s| s["weighs"].as_f64().unwrap()).sum();
    assert!(logit > 0.0, "what speaks for a right value adds up");
    assert_eq!(of("line_items")["decided_by"], "table");

    // Nothing but the question changes what is answered.
    let plain = docextract(&samples, &["extract", "invoice.pdf"]);
    let plain: Value = serde_json::from_str(&stdout(&plain)).unwrap();
    assert_eq!(plain["extracted_data"], line["extracted_data"]);
    assert_eq!(plain["confidence"], line["confidence"]);
    assert!(plain.get("explanations").is_none());

    let refused = docextract(&samples, &["extract", "invoice.pdf", "--explain", "--engine", "chain"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--explain"), "{}", stderr(&refused));
}

#[test]
fn each_sample_that_cannot_be_read_says_why() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    std::fs::write(&program, b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0").unwrap();
    let files = ["broken.pdf", "encrypted.pdf", "blank-scan.png", program.to_str().unwrap()];
    let output = docextract(&samples, &[&["extract"], &files[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    let lines = stdout(&output);
    let failed: Vec<(String, String)> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| (line["file"].as_str().unwrap().to_owned(), line["error_details"]["code"].to_string()))
        .collect();
    let expected = ["document_corrupted", "document_encrypted", "document_unreadable", "unsupported_format"];
    let expected: Vec<(String, String)> =
        files.iter().zip(expected).map(|(file, code)| ((*file).to_owned(), format!("\"{code}\""))).collect();
    assert_eq!(failed, expected);
}

#[test]
fn an_encrypted_file_is_read_with_its_password_which_is_not_repeated() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let read =
        |password| docextract(&samples, &["extract", "encrypted.pdf", "invoice.pdf", "--password", password]);
    let output = read("fernhollow");
    assert!(output.status.success(), "{}", stdout(&output));
    let values = |line: &str| serde_json::from_str::<Value>(line).unwrap()["extracted_data"].clone();
    let lines: Vec<Value> = stdout(&output).lines().map(values).collect();
    assert_eq!(lines[0], lines[1]);
    let refused = read("Fernhollow");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains("does not open it"), "{}", stdout(&refused));
    assert!(!(stdout(&refused) + &stderr(&refused)).contains("Fernhollow"));
}

#[test]
fn documents_with_known_answers_are_scored() {
    let folder = tempfile::tempdir().unwrap();
    for (file, number) in [("a.txt", "A-17"), ("b.txt", "B-18")] {
        let text =
            format!("INVOICE\nInvoice number: {number}\nInvoice date: 5 March 2024\nTotal: EUR 12.50\n");
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let answer = |file: &str, number: &str| {
        format!(
            "{{\"file\":\"{file}\",\"extractor\":\"invoice\",\"fields\":{{\"invoice_number\":\"{number}\",\"total_amount\":\"12.5\"}}}}\n"
        )
    };
    let answers = answer("a.txt", "A-17") + &answer("b.txt", "B-81") + &answer("gone.pdf", "C-1");
    std::fs::write(folder.path().join("answers.jsonl"), answers).unwrap();
    let output = docextract(folder.path(), &["eval", ".", "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&report["documents"], &report["pages"]), (&3.into(), &2.into()));
    assert!(report["failed"][0].as_str().unwrap().starts_with("gone.pdf: "), "{report}");
    let field = |name: &str| {
        let fields = report["fields"].as_array().unwrap();
        fields.iter().find(|field| field["field"] == name).unwrap()["by_document"].as_f64().unwrap()
    };
    assert!((field("total_amount") - 2.0 / 3.0).abs() < 1e-9, "{report}");
    assert!((field("invoice_number") - 1.0 / 3.0).abs() < 1e-9, "{report}");
    assert_eq!(report["calibration"]["values"], 4);
    let table = stdout(&docextract(folder.path(), &["eval", "."]));
    assert!(table.contains("coverage at 95 % precision"), "{table}");
    let nothing = docextract(folder.path(), &["eval", "nowhere"]);
    assert!(stderr(&nothing).contains("answers.jsonl"), "{}", stderr(&nothing));
}

#[test]
fn an_unknown_extractor_lists_those_that_exist() {
    let folder = tempfile::tempdir().unwrap();
    let output = docextract(folder.path(), &["extract", "a.pdf", "--extractor", "invioce"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("invoice, receipt"), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_misspelt_configuration_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("docextract.toml"), "lisen = \"127.0.0.1:1\"\n").unwrap();
    let output = docextract(folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("lisen"), "{}", stderr(&output));
}

#[test]
fn a_signature_is_judged_by_its_body() {
    let folder = tempfile::tempdir().unwrap();
    let signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let arguments = ["verify", "--secret", "It's a Secret to Everybody", "--signature", signature];
    let valid = docextract_with_input(folder.path(), &arguments, b"Hello, World!");
    assert_eq!((valid.status.code(), stdout(&valid)), (Some(0), "valid\n".to_owned()));
    let changed = docextract_with_input(folder.path(), &arguments, b"Hello, World!\n");
    assert_eq!(changed.status.code(), Some(1));
    assert!(stdout(&changed).contains("line break"));
}
