//! Building the page with npm, once for each state of its sources.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tokio::process::Command;

/// Where the sources are in a checkout, which `pressline up` is run from.
const SOURCES: &str = "deploy/search-page";
/// What the page is made from; tests and tools beside it change nothing.
const INPUTS: [&str; 6] = ["index.html", "package.json", "package-lock.json", "public", "src", "vite.config.js"];
const VITE: &str = "node_modules/vite/bin/vite.js";

/// The folder with the page, made from these sources: built now if it is not there. `say` is told of what takes long.
pub async fn built(tools: &Path, say: &(dyn Fn(&str) + Sync)) -> Result<PathBuf, String> {
    let sources = Path::new(SOURCES);
    if !sources.join("package.json").is_file() {
        return Err(format!("there is no {SOURCES} here; run in a checkout, or name a built page with page.dist"));
    }
    // npm and node run in another folder than this process.
    let pages = std::path::absolute(tools.join("search-page")).map_err(|error| error.to_string())?;
    let state = state_of(sources).map_err(|error| format!("{SOURCES}: {error}"))?;
    let page = pages.join(state);
    if page.is_dir() {
        return Ok(page);
    }
    // Asked first: a folder on PATH that cannot be run is no Node.
    let version = answer("node", &["--version"]).await.map_err(|reason| format!("needs Node and npm ({reason})"))?;
    let at = |error: std::io::Error| format!("{}: {error}", pages.display());
    fs::create_dir_all(&pages).map_err(at)?;
    let lock = lock(&pages.join("lock")).await.map_err(at)?;
    if page.is_dir() {
        return Ok(page);
    }
    say(&format!("building the search page with node {} (once, about 15 s)", version.trim()));
    if !installed(sources) {
        // Packages' own install scripts are not needed, so they are not run.
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(sources, "npm", &install).await?;
    }
    let scratch = tempfile::Builder::new().suffix(".part").tempdir_in(&pages).map_err(at)?;
    let made = scratch.path().to_str().ok_or("its folder's name is not utf-8")?;
    run(sources, "node", &[VITE, "build", "--logLevel", "error", "--emptyOutDir", "--outDir", made]).await?;
    // Appears whole or not at all.
    fs::rename(scratch.path(), &page).map_err(at)?;
    clear(&pages, &page);
    drop(lock);
    Ok(page)
}

/// Whether npm finished installing these very packages: it writes its own list last.
fn installed(sources: &Path) -> bool {
    let written = |path: &str| fs::metadata(sources.join(path)).and_then(|data| data.modified()).ok();
    written("node_modules/.package-lock.json") >= written("package-lock.json")
}

/// Removes what was built from older sources.
fn clear(pages: &Path, newest: &Path) {
    for entry in fs::read_dir(pages).into_iter().flatten().flatten() {
        if Some(&*entry.file_name()) != newest.file_name() && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Held until dropped; a second `up` waits for the first one's build and finds its work.
async fn lock(path: &Path) -> std::io::Result<File> {
    let file = File::create(path)?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await.map_err(std::io::Error::other)?
}

/// A name for the state of the sources: the same bytes, the same name.
fn state_of(sources: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    for input in INPUTS {
        add(&mut hash, &sources.join(input))?;
    }
    let mut name = HEXLOWER.encode(&hash.finalize());
    name.truncate(16);
    Ok(name)
}

fn add(hash: &mut Sha256, path: &Path) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    if path.is_dir() {
        let mut below = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        below.sort();
        part(hash, name);
        return below.iter().try_for_each(|path| add(hash, path));
    }
    match fs::read(path) {
        Ok(bytes) => {
            part(hash, name);
            part(hash, &bytes);
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

async fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    // npm says what it was before it says where its log is.
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("no word why");
    Err(format!("`{program} {}` in {SOURCES} ended with {}: {first}", arguments[0], output.status))
}

async fn answer(program: &str, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    let output = command.args(arguments).stdin(Stdio::null()).kill_on_drop(true).output().await;
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("{program} ended with {}", output.status)),
        Err(error) => Err(format!("{program}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_page_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["old", "new"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("lock"), "").unwrap();
        // By whatever path it is named.
        clear(folder.path(), Path::new("elsewhere/new"));
        let left = |name: &str| folder.path().join(name).exists();
        assert_eq!([left("old"), left("new"), left("lock")], [false, true, true]);
    }

    #[test]
    fn the_state_follows_what_the_page_is_made_from_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let sources = folder.path();
        fs::create_dir_all(sources.join("src/views")).unwrap();
        fs::write(sources.join("src/views/hits.js"), "1").unwrap();
        let first = state_of(sources).unwrap();
        fs::create_dir(sources.join("tests")).unwrap();
        fs::write(sources.join("tests/hits.js"), "1").unwrap();
        assert_eq!(state_of(sources).unwrap(), first);
        fs::write(sources.join("src/views/hits.js"), "2").unwrap();
        let second = state_of(sources).unwrap();
        assert_ne!(second, first);
        fs::rename(sources.join("src/views/hits.js"), sources.join("src/views/list.js")).unwrap();
        assert_ne!(state_of(sources).unwrap(), second);
    }
}
