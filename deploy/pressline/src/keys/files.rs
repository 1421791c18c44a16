//! Keys in the data folder: a folder of files that only their owner reads, each one key.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use data_encoding::BASE64URL_NOPAD;
use rand::Rng;

use super::role::Role;
use crate::report::Problem;

const MASTER: &str = "master";
/// Meilisearch wants 16 or more of a key that it is to be safe with.
const MASTER_BYTES: usize = 32;

/// The folder of keys.
#[derive(Debug, Clone)]
pub struct KeyFiles(PathBuf);

impl KeyFiles {
    /// In this folder, which need not be there.
    pub fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The file of a key.
    pub fn path(&self, role: Role) -> PathBuf {
        self.0.join(role.word())
    }

    /// A key, if there is one.
    pub fn read(&self, role: Role) -> Option<String> {
        read_key(&self.path(role)).ok()
    }

    /// Keeps a key instead of what was kept before.
    pub fn write(&self, role: Role, key: &str) -> Result<(), Problem> {
        self.put(role.word(), key)
    }

    /// The master key that was made here, if one was.
    pub fn master(&self) -> Option<String> {
        read_key(&self.0.join(MASTER)).ok()
    }

    /// The master key; made if there is none.
    pub fn make_master(&self) -> Result<String, Problem> {
        if let Some(key) = self.master() {
            return Ok(key);
        }
        let mut bytes = [0; MASTER_BYTES];
        rand::rng().fill_bytes(&mut bytes);
        let key = BASE64URL_NOPAD.encode(&bytes);
        self.put(MASTER, &key)?;
        Ok(key)
    }

    fn put(&self, name: &str, key: &str) -> Result<(), Problem> {
        let write = || -> io::Result<()> {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
            // A temporary file is readable by its owner only, and stays so under its new name.
            let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
            writeln!(file, "{key}")?;
            file.as_file().sync_all()?;
            file.persist(self.0.join(name))?;
            Ok(())
        };
        write().map_err(|error| {
            Problem::unavailable(format!("key {} cannot be written: {error}", self.0.join(name).display()))
        })
    }
}

/// The key in a file.
pub fn read_key(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path)?;
    let key = text.trim();
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it holds no key: one line of ASCII is expected"));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn keys_are_kept_for_their_owner_only_and_the_master_key_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let files = KeyFiles::at(folder.path().join("keys"));
        assert_eq!((files.master(), files.read(Role::Search)), (None, None));
        let master = files.make_master().unwrap();
        assert!(master.len() >= 40, "{}", master.len());
        assert_eq!(files.make_master().unwrap(), master);
        files.write(Role::Search, "one").unwrap();
        files.write(Role::Search, "two").unwrap();
        assert_eq!(files.read(Role::Search).as_deref(), Some("two"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("keys")), 0o700);
        assert_eq!((mode(&folder.path().join("keys/master")), mode(&files.path(Role::Search))), (0o600, 0o600));
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for text in ["", "\n", "two words", "钥匙"] {
            fs::write(file.path(), text).unwrap();
            assert!(read_key(file.path()).is_err(), "{text:?}");
        }
    }
}
