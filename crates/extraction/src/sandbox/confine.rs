//! Locks the calling process in, for good. Nothing here can be undone by the process itself.
//!
//! Each layer is tried and none is required: an old kernel or a container profile may refuse one, and a
//! document is still read behind the others.

use std::collections::BTreeMap;

use docextract_model::limits;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
    Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

/// Where programs, libraries, language data and their configuration live; readable for recognition only.
const SYSTEM_PATHS: [&str; 8] =
    ["/usr", "/lib", "/lib64", "/bin", "/opt", "/nix/store", "/etc/ld.so.cache", "/etc/ld.so.preload"];

/// Locks in the process that parses a document: no file, no socket, no program, no new process.
/// `cpu_seconds` ends it even if nobody is left to kill it.
pub fn confine_extraction(cpu_seconds: u64) {
    limit_resources(cpu_seconds, 16);
    deny_files(&[]);
    allow_only_computing();
}

/// Locks in the process that becomes Tesseract: it may read programs, libraries and language data, and
/// reaches no network. `data_path` is where the language data stands if not with the system.
pub fn confine_recognition(cpu_seconds: u64, data_path: Option<&str>) {
    limit_resources(cpu_seconds, 64);
    let readable: Vec<&str> = SYSTEM_PATHS.into_iter().chain(data_path).collect();
    deny_files(&readable);
    deny_network_and_kernel();
}

fn limit_resources(cpu_seconds: u64, files: u64) {
    let at_most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    // Between the two stands the signal that tells what happened; the second one is a bare kill.
    let processor = Rlimit { current: Some(cpu_seconds), maximum: Some(cpu_seconds.saturating_add(2)) };
    let _ = setrlimit(Resource::Cpu, processor);
    let limits = [
        (Resource::As, limits::CHILD_MEMORY_BYTES_MAX),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, files),
    ];
    for (resource, limit) in limits {
        // Refused only when a lower limit is set already, which serves as well.
        let _ = setrlimit(resource, at_most(limit));
    }
}

/// Denies every use of the file system but reading below the given paths, and TCP, and signals and
/// abstract sockets out of this process. What is open stays open, and a file in memory that is open may be
/// opened again by its descriptor: it stands in no directory, so no rule is needed for it.
fn deny_files(readable: &[&str]) {
    let locked = || -> Result<(), landlock::RulesetError> {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .add_rules(path_beneath_rules(readable, AccessFs::from_read(ABI::V6)))?
            .restrict_self()?;
        Ok(())
    };
    let _ = locked();
}

pub(super) fn kernel_has_landlock() -> bool {
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .and_then(Ruleset::create)
        .is_ok()
}

pub(super) fn kernel_has_seccomp() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("\nSeccomp:"))
}

/// Allows the calls that memory, the pipes, the clock and an orderly end need; all others fail.
fn allow_only_computing() {
    let allowed = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_lseek,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_mprotect,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: Rules = allowed.iter().map(|call| (*call, Vec::new())).collect();
    // A process aborts by a signal to itself; to any other process it must not send one.
    let own_process =
        SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, u64::from(std::process::id()));
    if let Ok(rule) = own_process.and_then(|condition| SeccompRule::new(vec![condition])) {
        rules.insert(libc::SYS_tgkill, vec![rule]);
    }
    apply(rules, SeccompAction::Errno(denied()), SeccompAction::Allow);
}

/// Denies sockets and the parts of the kernel that only an attacker would want. Tesseract brings
/// libraries whose calls differ by version, so what it needs can't be listed.
fn deny_network_and_kernel() {
    let denied_calls = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_kill,
        libc::SYS_io_uring_setup,
        libc::SYS_io_uring_enter,
        libc::SYS_io_uring_register,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_pivot_root,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_init_module,
        libc::SYS_finit_module,
        libc::SYS_kexec_load,
        libc::SYS_open_by_handle_at,
    ];
    let rules = denied_calls.iter().map(|call| (*call, Vec::new())).collect();
    apply(rules, SeccompAction::Allow, SeccompAction::Errno(denied()));
}

fn denied() -> u32 {
    libc::EPERM.unsigned_abs()
}

/// Calls by number; a call without conditions matches always.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn apply(rules: Rules, otherwise: SeccompAction, matched: SeccompAction) {
    let program = TargetArch::try_from(std::env::consts::ARCH)
        .and_then(|arch| SeccompFilter::new(rules, otherwise, matched, arch))
        .and_then(BpfProgram::try_from);
    if let Ok(program) = program {
        let _ = seccompiler::apply_filter(&program);
    }
}
