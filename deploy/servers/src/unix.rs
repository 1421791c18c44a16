//! The two questions to the system that have no safe form in the standard library.

use std::{io, os::unix::process::CommandExt, process::Command, sync::OnceLock, sync::mpsc};

/// A signal for a process and all in its group.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signal {
    /// Please end.
    Terminate,
    /// End.
    Kill,
    /// Stand still.
    Stop,
    /// Go on.
    Continue,
}

/// Sends a signal to a group that this process has made. An ended group is no failure.
#[allow(unsafe_code, reason = "kill(2) has no safe form in std")]
pub(crate) fn signal_group(leader: u32, signal: Signal) {
    let Ok(leader) = libc::pid_t::try_from(leader) else {
        return;
    };
    let number = match signal {
        Signal::Terminate => libc::SIGTERM,
        Signal::Kill => libc::SIGKILL,
        Signal::Stop => libc::SIGSTOP,
        Signal::Continue => libc::SIGCONT,
    };
    // SAFETY: no memory is involved; `-leader` is a group made by `spawn_bound` and not yet waited for.
    let _ = unsafe { libc::kill(-leader, number) };
}

type Job = (Command, mpsc::SyncSender<io::Result<std::process::Child>>);

/// Starts a process in a group of its own (so that Ctrl-C reaches only the parent, which then stops its children in
/// order) that the system kills when this process dies, however it dies.
///
/// Linux sends the parent-death signal when the *thread* that spawned ends, not the process. Worker threads of a runtime
/// come and go, so every child is started by one thread that lives as long as the process.
pub(crate) fn spawn_bound(command: Command) -> io::Result<std::process::Child> {
    static SPAWNER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (jobs, inbox) = mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("child-spawner".into())
            .spawn(move || {
                for (command, answer) in inbox {
                    let _ = answer.send(spawn_here(command));
                }
            })
            .map(drop)
            .unwrap_or_else(|error| tracing::error!(%error, "no thread for child processes"));
        jobs
    });
    let gone = || io::Error::other("the thread that starts child processes is gone");
    let (answer, outcome) = mpsc::sync_channel(1);
    spawner.send((command, answer)).map_err(|_| gone())?;
    outcome.recv().map_err(|_| gone())?
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "prctl(2) must run between fork and exec, which only pre_exec allows")]
fn spawn_here(mut command: Command) -> io::Result<std::process::Child> {
    let parent = std::process::id();
    command.process_group(0);
    // SAFETY: the closure only makes two system calls that are async-signal-safe and allocates nothing.
    unsafe {
        command.pre_exec(move || {
            if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
                return Err(io::Error::last_os_error());
            }
            // The parent may have died before the line above: then nobody would send the signal.
            if u32::try_from(libc::getppid()) != Ok(parent) {
                return Err(io::Error::from_raw_os_error(libc::ESRCH));
            }
            Ok(())
        });
    }
    command.spawn()
}

#[cfg(not(target_os = "linux"))]
fn spawn_here(mut command: Command) -> io::Result<std::process::Child> {
    command.process_group(0);
    command.spawn()
}
