//! What was used: processor time of this process and its children, and the most memory that a child held.
//!
//! Children that have ended are counted by the kernel, those that live by what `/proc` says of them, in
//! nanoseconds. A child of a child would be missed until its parent has waited for it; there are none.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use nix::time::{ClockId, clock_gettime};

/// Processor time of this thread.
pub fn of_thread() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("Linux has this clock").into()
}

/// Processor time of children that have ended and were waited for.
pub fn of_ended_children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    duration(usage.user_time()) + duration(usage.system_time())
}

/// Processor time of this process and of all its children, living and ended.
pub fn of_family() -> Duration {
    let own: Duration =
        clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("Linux has this clock").into();
    let living = living_children().into_iter().filter_map(|id| {
        let text = fs::read_to_string(format!("/proc/{id}/schedstat")).ok()?;
        Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
    });
    own + of_ended_children() + living.sum::<Duration>()
}

/// The most KiB that any child held that has ended and was waited for.
pub fn kib_max_of_ended_children() -> u64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
    u64::try_from(usage.max_rss()).unwrap_or(0)
}

/// By program, the most KiB that any living child has held so far.
pub fn kib_max_of_living_children(most: &mut BTreeMap<String, u64>) {
    for id in living_children() {
        let Ok(status) = fs::read_to_string(format!("/proc/{id}/status")) else { continue };
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let kib = line("VmHWM:").and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok());
        let (Some(name), Some(kib)) = (line("Name:"), kib) else { continue };
        let most = most.entry(name.to_owned()).or_default();
        *most = kib.max(*most);
    }
}

fn living_children() -> Vec<u32> {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return Vec::new() };
    let of_task = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).ok();
    let ids = |text: String| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>();
    tasks.flatten().filter_map(of_task).flat_map(ids).collect()
}

fn duration(time: TimeVal) -> Duration {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    let micros = u64::try_from(time.tv_usec()).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}
