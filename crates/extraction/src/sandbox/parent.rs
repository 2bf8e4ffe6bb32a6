//! The parent's side: hand a child the document, serve its requests, judge how it ended.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use docextract_model::extractor::FieldDefinition;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::timeout;

use super::OCR_CHILD;
use super::frame::{Frame, FromChild, ToChild};
use super::pool::{Pool, PooledChild};
use crate::ocr::Raster;
use crate::ocr::tesseract::{self, Handover, Installed};
use crate::page::Word;
use crate::{Document, Extraction, Lesson, Limits, NotDrawn, Opened, Request, Size};

/// Of what a dying child says, this much is read.
const LAST_WORDS_BYTES_MAX: u64 = 4096;
/// A page's table of words is far smaller than this.
const TSV_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// What a child may see of the environment, for recognition only.
const OCR_ENVIRONMENT: [&str; 3] = ["PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH"];

/// Reads documents in child processes of this program.
#[derive(Clone)]
pub struct Sandbox {
    pool: Arc<Pool>,
}

impl Sandbox {
    /// `program` must call [`super::run_child`] first thing in its `main`; usually it is this program.
    /// Of its children no more than `children_max` are kept, those at work included.
    #[must_use]
    pub fn new(program: PathBuf, children_max: usize) -> Self {
        Self { pool: Arc::new(Pool::new(program, children_max)) }
    }

    /// Reads the document that the request brings. Ends within `limits.extraction_ms_max`, with the child
    /// dead or ready for another document of the same owner.
    pub async fn extract(&self, mut request: Request) -> Result<Extraction, Failure> {
        let bytes = std::mem::take(&mut request.bytes);
        self.extract_from(request, &bytes).await
    }

    /// Reads a document that is passed on to the child as it is read.
    pub async fn extract_from(
        &self,
        mut request: Request,
        document: &dyn Document,
    ) -> Result<Extraction, Failure> {
        let limits = request.limits.clone();
        let owner = std::mem::take(&mut request.owner);
        let fields = std::mem::take(&mut request.fields);
        let question = Question { head: ToChild::Extract { request, fields: None }, fields, document };
        let (answer, _) = self.converse(&owner, &limits, question).await?;
        match answer {
            FromChild::Extracted(result) => result,
            FromChild::Recognise(_) | FromChild::Knows(_) | FromChild::Learnt(_) | FromChild::Rendered(_) => {
                Err(out_of_turn())
            }
        }
    }

    /// Reads a corrected document again, for what it teaches: nothing when none of the values stands on it.
    pub async fn learn(
        &self,
        mut request: Request,
        document: &dyn Document,
        corrections: Map<String, Value>,
    ) -> Result<Option<Lesson>, Failure> {
        let limits = request.limits.clone();
        let owner = std::mem::take(&mut request.owner);
        let fields = std::mem::take(&mut request.fields);
        let head = ToChild::Learn { request, fields: None, corrections };
        let (answer, _) = self.converse(&owner, &limits, Question { head, fields, document }).await?;
        match answer {
            FromChild::Learnt(result) => result,
            FromChild::Recognise(_)
            | FromChild::Knows(_)
            | FromChild::Extracted(_)
            | FromChild::Rendered(_) => Err(out_of_turn()),
        }
    }

    /// Draws one page of a PDF or image as a PNG file, within the same limits.
    pub async fn draw_page(
        &self,
        owner: &str,
        document: &dyn Document,
        page: u32,
        size: Size,
        limits: &Limits,
    ) -> Result<Vec<u8>, NotDrawn> {
        let question = Question { head: ToChild::Render { page, size }, fields: Vec::new(), document };
        let (answer, png) = self.converse(owner, limits, question).await?;
        match answer {
            FromChild::Rendered(result) => result.map(|()| png),
            FromChild::Recognise(_)
            | FromChild::Knows(_)
            | FromChild::Extracted(_)
            | FromChild::Learnt(_) => Err(out_of_turn().into()),
        }
    }

    /// Children that wait for a document.
    #[must_use]
    pub fn idle_children(&self) -> usize {
        self.pool.idle_count()
    }

    /// One round of the watch over idle children: those that have waited for two are ended.
    pub fn step_idle(&self) {
        self.pool.end_idle();
    }

    async fn converse(
        &self,
        owner: &str,
        limits: &Limits,
        mut question: Question<'_>,
    ) -> Result<(FromChild, Vec<u8>), Failure> {
        let deadline = Duration::from_millis(limits.extraction_ms_max);
        let work = async {
            let mut opened = question.open(limits).await?;
            let mut at_work = self.pool.take(owner, cpu_seconds(limits))?;
            loop {
                match self.talk(at_work.child()?, &mut question, opened).await {
                    Ok((answer, body)) => {
                        if question.is_answered_by(&answer) {
                            at_work.give_back();
                        }
                        return Ok((answer, body));
                    }
                    // What an earlier document may have made of this child says nothing about this one.
                    Err(_) if !at_work.is_fresh => {
                        at_work.renew()?;
                        opened = question.open(limits).await?;
                    }
                    Err(_) => return Err(autopsy(at_work.condemn(), limits).await),
                }
            }
        };
        // On every way out a child that was not given back is dropped, which kills it.
        timeout(deadline, work).await.unwrap_or_else(|_| Err(timed_out(limits)))
    }

    /// Asks the question and serves the child until it has answered.
    async fn talk(
        &self,
        child: &mut PooledChild,
        question: &mut Question<'_>,
        document: Opened<'_>,
    ) -> io::Result<(FromChild, Vec<u8>)> {
        question.name_fields(child);
        Frame::send_from(&question.head, document.length, document.bytes, &mut child.stdin).await?;
        loop {
            let Frame { head, body } = Frame::receive(&mut child.stdout).await?;
            match head {
                FromChild::Recognise(mut raster) => {
                    raster.luma = body;
                    let words = self.recognise(&raster).await;
                    Frame::send(&ToChild::Recognised(words), &[], &mut child.stdin).await?;
                }
                FromChild::Knows(language) => {
                    let installed = installed_languages().await;
                    let knows = installed.is_some_and(|installed| installed.has(language));
                    Frame::send(&ToChild::Knows(knows), &[], &mut child.stdin).await?;
                }
                answer @ (FromChild::Extracted(_) | FromChild::Learnt(_) | FromChild::Rendered(_)) => {
                    return Ok((answer, body));
                }
            }
        }
    }

    async fn recognise(&self, raster: &Raster) -> Result<Vec<Word>, Failure> {
        let pixels = u64::from(raster.width) * u64::from(raster.height);
        if u64::try_from(raster.luma.len()).ok() != Some(pixels) || pixels > limits::PAGE_PIXELS_MAX {
            return Err(out_of_turn());
        }
        let installed = installed_languages().await.ok_or_else(tesseract::not_installed)?;
        let environment = OCR_ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let handover = Handover::of(raster);
        let arguments = tesseract::arguments(raster, &handover, installed);
        let (stdin, piped) = handover.into_stdin();
        let mut child = Command::new(self.pool.program())
            .arg(OCR_CHILD)
            .arg(limits::CHILD_CPU_SECONDS_PER_PAGE.to_string())
            .args(arguments)
            .env_clear()
            .envs(environment)
            .env("OMP_THREAD_LIMIT", "1")
            .current_dir("/")
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| not_started(&error))?;
        if let Some(mut stdin) = child.stdin.take() {
            // Beside the reading below, so that neither waits for the other. A program that died early is
            // judged by its status.
            tokio::spawn(async move { stdin.write_all(&piped).await });
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

/// Enough processor time for the deadline, and never more than the pages are worth.
async fn installed_languages() -> Option<&'static Installed> {
    tokio::task::spawn_blocking(tesseract::installed_languages).await.ok().flatten()
}

fn cpu_seconds(limits: &Limits) -> u64 {
    let by_pages = limits::CHILD_CPU_SECONDS_PER_PAGE.saturating_mul(u64::from(limits.pages_max));
    by_pages.min(limits.extraction_ms_max.div_ceil(1000) + 1)
}

/// What a child is asked, ready to be asked of another one.
struct Question<'a> {
    head: ToChild,
    fields: Vec<FieldDefinition>,
    document: &'a dyn Document,
}

impl<'a> Question<'a> {
    async fn open(&self, limits: &Limits) -> Result<Opened<'a>, Failure> {
        let opened = self.document.open().await?;
        if opened.length > limits.document_bytes_max {
            return Err(Failure::with_detail(
                FailureCode::DocumentTooLarge,
                &format!("The limit is {} bytes.", limits.document_bytes_max),
            ));
        }
        Ok(opened)
    }

    /// Fields are many words for a short document: a child that knows them already is not told again.
    fn name_fields(&mut self, child: &mut PooledChild) {
        let (ToChild::Extract { fields, .. } | ToChild::Learn { fields, .. }) = &mut self.head else {
            return;
        };
        let is_known = child.fields.as_ref() == Some(&self.fields);
        *fields = (!is_known).then(|| self.fields.clone());
        if !is_known {
            child.fields = Some(self.fields.clone());
        }
    }

    fn is_answered_by(&self, answer: &FromChild) -> bool {
        match answer {
            FromChild::Extracted(_) => matches!(self.head, ToChild::Extract { .. }),
            FromChild::Learnt(_) => matches!(self.head, ToChild::Learn { .. }),
            FromChild::Rendered(_) => matches!(self.head, ToChild::Render { .. }),
            FromChild::Recognise(_) | FromChild::Knows(_) => false,
        }
    }
}

/// Tells from the way that a child ended what was wrong with its document.
async fn autopsy(child: Option<PooledChild>, limits: &Limits) -> Failure {
    let Some(PooledChild { mut process, stdin, stdout: _stdout, .. }) = child else {
        return Failure::new(FailureCode::TemporaryError);
    };
    drop(stdin);
    let mut last_words = Vec::new();
    let status = timeout(Duration::from_secs(2), async {
        if let Some(stderr) = process.stderr.take() {
            let _ = stderr.take(LAST_WORDS_BYTES_MAX).read_to_end(&mut last_words).await;
        }
        process.wait().await
    })
    .await;
    match status {
        Ok(Ok(status)) => verdict(status, &String::from_utf8_lossy(&last_words), limits),
        // It stopped talking but did not end: it is killed now.
        Ok(Err(_)) | Err(_) => Failure::new(FailureCode::TemporaryError),
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

pub(super) fn not_started(error: &io::Error) -> Failure {
    Failure::with_detail(
        FailureCode::TemporaryError,
        &format!("The extraction process could not be started ({}).", error.kind()),
    )
}

/// The child said something that it never says when it is sane: the document made it do so.
fn out_of_turn() -> Failure {
    Failure::new(FailureCode::DocumentCorrupted)
}
