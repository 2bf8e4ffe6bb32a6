//! The parent's side: start a child, hand it the document, serve its requests, judge how it ended.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::frame::{Frame, FromChild, ToChild};
use super::{EXTRACT_CHILD, OCR_CHILD};
use crate::ocr::{Raster, tesseract};
use crate::page::Word;
use crate::{Extraction, Limits, Request};

/// Of what a dying child says, this much is read.
const LAST_WORDS_BYTES_MAX: u64 = 4096;
/// A page's table of words is far smaller than this.
const TSV_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// What a child may see of the environment, for recognition only.
const OCR_ENVIRONMENT: [&str; 3] = ["PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH"];

/// Reads documents in child processes of this program.
#[derive(Debug, Clone)]
pub struct Sandbox {
    program: PathBuf,
}

/// A child that was started, with its ends of the pipes.
struct Running {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Sandbox {
    /// `program` must call [`super::run_child`] first thing in its `main`; usually it is this program.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Reads one document. Ends within `limits.extraction_ms_max`, with the child dead.
    pub async fn extract(&self, mut request: Request) -> Result<Extraction, Failure> {
        let limits = request.limits.clone();
        if u64::try_from(request.bytes.len()).unwrap_or(u64::MAX) > limits.document_bytes_max {
            return Err(Failure::with_detail(
                FailureCode::DocumentTooLarge,
                &format!("The limit is {} bytes.", limits.document_bytes_max),
            ));
        }
        let bytes = std::mem::take(&mut request.bytes);
        let (answer, _) = self.converse(&limits, ToChild::Extract(request), bytes).await?;
        match answer {
            FromChild::Extracted(result) => result,
            FromChild::Recognise(_) | FromChild::Rendered(_) => Err(out_of_turn()),
        }
    }

    /// Draws one page of a PDF or image as a PNG file.
    pub async fn render_page(&self, bytes: Vec<u8>, page: u32, dpi: f32) -> Result<Vec<u8>, Failure> {
        let (answer, png) = self.converse(&Limits::default(), ToChild::Render { page, dpi }, bytes).await?;
        match answer {
            FromChild::Rendered(result) => result.map(|()| png),
            FromChild::Recognise(_) | FromChild::Extracted(_) => Err(out_of_turn()),
        }
    }

    async fn converse(
        &self,
        limits: &Limits,
        question: ToChild,
        body: Vec<u8>,
    ) -> Result<(FromChild, Vec<u8>), Failure> {
        let deadline = Duration::from_millis(limits.extraction_ms_max);
        let mut running = self.start(limits)?;
        // On every way out `running` is dropped, which kills what still runs.
        match timeout(deadline, self.talk(&mut running, question, body)).await {
            Err(_) => Err(timed_out(limits)),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Self::autopsy(running, limits).await),
        }
    }

    /// Enough processor time for the deadline, and never more than the pages are worth.
    fn cpu_seconds(limits: &Limits) -> u64 {
        let by_pages = limits::CHILD_CPU_SECONDS_PER_PAGE.saturating_mul(u64::from(limits.pages_max));
        by_pages.min(limits.extraction_ms_max.div_ceil(1000) + 1)
    }

    fn start(&self, limits: &Limits) -> Result<Running, Failure> {
        let mut child = Command::new(&self.program)
            .arg(EXTRACT_CHILD)
            .arg(Self::cpu_seconds(limits).to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| not_started(&error))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new(FailureCode::TemporaryError));
        };
        Ok(Running { child, stdin, stdout })
    }

    /// Asks the question and serves the child until it has answered.
    async fn talk(
        &self,
        running: &mut Running,
        question: ToChild,
        body: Vec<u8>,
    ) -> io::Result<(FromChild, Vec<u8>)> {
        Frame::send(&question, &body, &mut running.stdin).await?;
        drop(body);
        loop {
            let Frame { head, body } = Frame::receive(&mut running.stdout).await?;
            match head {
                FromChild::Recognise(mut raster) => {
                    raster.luma = body;
                    let words = self.recognise(&raster).await;
                    Frame::send(&ToChild::Recognised(words), &[], &mut running.stdin).await?;
                }
                answer @ (FromChild::Extracted(_) | FromChild::Rendered(_)) => return Ok((answer, body)),
            }
        }
    }

    /// Tells from the way that a child ended what was wrong with its document.
    async fn autopsy(mut running: Running, limits: &Limits) -> Failure {
        drop(running.stdin);
        let mut last_words = Vec::new();
        let status = timeout(Duration::from_secs(2), async {
            if let Some(stderr) = running.child.stderr.take() {
                let _ = stderr.take(LAST_WORDS_BYTES_MAX).read_to_end(&mut last_words).await;
            }
            running.child.wait().await
        })
        .await;
        match status {
            Ok(Ok(status)) => verdict(status, &String::from_utf8_lossy(&last_words), limits),
            // It stopped talking but did not end: it is killed now.
            Ok(Err(_)) | Err(_) => Failure::new(FailureCode::TemporaryError),
        }
    }

    async fn recognise(&self, raster: &Raster) -> Result<Vec<Word>, Failure> {
        let pixels = u64::from(raster.width) * u64::from(raster.height);
        if u64::try_from(raster.luma.len()).ok() != Some(pixels) || pixels > limits::PAGE_PIXELS_MAX {
            return Err(out_of_turn());
        }
        let languages = tokio::task::spawn_blocking(tesseract::installed_languages)
            .await
            .ok()
            .flatten()
            .ok_or_else(tesseract::not_installed)?;
        let environment = OCR_ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = Command::new(&self.program)
            .arg(OCR_CHILD)
            .arg(limits::CHILD_CPU_SECONDS_PER_PAGE.to_string())
            .args(tesseract::arguments(raster, languages))
            .env_clear()
            .envs(environment)
            .env("OMP_THREAD_LIMIT", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| not_started(&error))?;
        if let Some(mut stdin) = child.stdin.take() {
            let image = tesseract::pgm(raster);
            // Beside the reading below, so that neither waits for the other. A program that died early is
            // judged by its status.
            tokio::spawn(async move { stdin.write_all(&image).await });
        }
        let mut tsv = Vec::new();
        let collected = match child.stdout.take() {
            Some(stdout) => stdout.take(TSV_BYTES_MAX).read_to_end(&mut tsv).await.map(|_| ()),
            None => Ok(()),
        };
        let status = child.wait().await;
        match (collected, status) {
            (Ok(()), Ok(status)) if status.success() => {
                Ok(tesseract::parse_tsv(&String::from_utf8_lossy(&tsv), raster.width, raster.height))
            }
            // Only noise takes that long: nothing was recognised on it.
            (Ok(()), Ok(status)) if status.signal() == Some(SIGXCPU) => Ok(Vec::new()),
            (Ok(()), Ok(_)) => {
                Err(Failure::with_detail(FailureCode::TemporaryError, "Text recognition failed."))
            }
            (Err(_), _) | (_, Err(_)) => Err(Failure::new(FailureCode::TemporaryError)),
        }
    }
}

const SIGXCPU: i32 = libc::SIGXCPU;
const SIGKILL: i32 = libc::SIGKILL;

fn verdict(status: ExitStatus, last_words: &str, limits: &Limits) -> Failure {
    if last_words.contains("memory allocation of") {
        return Failure::with_detail(
            FailureCode::DocumentCorrupted,
            "Reading it took more memory than one document may use.",
        );
    }
    match status.signal() {
        // The hard limit on processor time kills when the soft one was not enough.
        Some(SIGXCPU) => timed_out(limits),
        // Somebody outside: the kernel short of memory, or an operator. The document may be innocent.
        Some(SIGKILL) => Failure::new(FailureCode::TemporaryError),
        Some(_) => Failure::new(FailureCode::DocumentCorrupted),
        None => Failure::with_detail(FailureCode::TemporaryError, "The extraction process ended early."),
    }
}

fn timed_out(limits: &Limits) -> Failure {
    Failure::with_detail(
        FailureCode::ExtractionTimeout,
        &format!("The limit is {} seconds.", limits.extraction_ms_max.div_ceil(1000)),
    )
}

fn not_started(error: &io::Error) -> Failure {
    Failure::with_detail(
        FailureCode::TemporaryError,
        &format!("The extraction process could not be started ({}).", error.kind()),
    )
}

/// The child said something that it never says when it is sane: the document made it do so.
fn out_of_turn() -> Failure {
    Failure::new(FailureCode::DocumentCorrupted)
}
