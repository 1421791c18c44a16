//! Reading one file of the drop folder, bounded, and only if it is still the file that was seen.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use bytes::Bytes;

use super::scan;
use super::settling::Mark;

/// What was read.
#[derive(Debug)]
pub enum Content {
    /// The whole file.
    Whole(Bytes),
    /// It has more bytes than the limit; nothing was kept.
    TooLarge,
    /// It is gone, or not the file that was seen.
    Changed,
    /// The system does not let us.
    Forbidden(String),
}

/// Reads the file at `path` if it is as `mark` says and has at most `max` bytes.
///
/// # Errors
/// When the disk fails.
pub fn read(path: &Path, mark: &Mark, max: usize) -> io::Result<Content> {
    if mark.size > max as u64 {
        return Ok(Content::TooLarge);
    }
    // Between scan and now it may have become a link (not followed) or a pipe (not waited for).
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Content::Changed),
        Err(error) if error.raw_os_error() == Some(libc::ELOOP) => return Ok(Content::Changed),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(Content::Forbidden(error.to_string())),
        Err(error) => return Err(error),
    };
    let before = file.metadata()?;
    if !before.is_file() || scan::mark(&before) != *mark {
        return Ok(Content::Changed);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(mark.size).unwrap_or(max));
    (&file).take(max as u64 + 1).read_to_end(&mut bytes)?;
    if scan::mark(&file.metadata()?) != *mark || bytes.len() as u64 != mark.size {
        return Ok(Content::Changed);
    }
    Ok(Content::Whole(bytes.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn only_the_file_that_was_seen_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "text").unwrap();
        let mark = scan::mark(&fs::symlink_metadata(&path).unwrap());
        assert!(matches!(read(&path, &mark, 4).unwrap(), Content::Whole(bytes) if bytes == "text"));
        assert!(matches!(read(&path, &mark, 3).unwrap(), Content::TooLarge));
        let other = folder.path().join("b.txt");
        fs::rename(&path, &other).unwrap();
        assert!(matches!(read(&path, &mark, 4).unwrap(), Content::Changed), "gone");
        std::os::unix::fs::symlink(&other, &path).unwrap();
        assert!(matches!(read(&path, &mark, 4).unwrap(), Content::Changed), "a link");
        fs::write(&other, "longer").unwrap();
        assert!(matches!(read(&other, &mark, 9).unwrap(), Content::Changed), "grown");
    }
}
