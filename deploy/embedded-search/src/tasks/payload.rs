//! Documents on their way in: JSON or NDJSON, checked, and written as NDJSON for the engine.

use crate::error::{Code, Failure, Result};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

/// How documents come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An array of objects, or one object.
    Json,
    /// Objects, one after the other.
    Ndjson,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }
}

/// A payload that is safe on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Name of its file.
    pub file: String,
    /// Documents in it.
    pub documents: u64,
    /// Its size.
    pub bytes: u64,
}

/// Checks the documents and writes them to a new file in `folder`, which is on disk when this returns.
pub fn store(folder: &Path, body: &[u8], format: Format) -> Result<Stored> {
    let mut file = tempfile::Builder::new().prefix("payload-").suffix(".ndjson").tempfile_in(folder)?;
    let mut output = BufWriter::new(&mut file);
    let documents = convert(body, format, &mut output)?;
    output.flush()?;
    drop(output);
    file.as_file().sync_all()?;
    let bytes = file.as_file().metadata()?.len();
    let (_, path) = file.keep().map_err(|error| error.error)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Stored { file: name.into_owned(), documents, bytes })
}

/// Removes the payload files that no task needs: of a crash between writing and enqueuing, or after the end of a task.
pub fn remove_strangers(folder: &Path, needed: &[String]) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("payload-") && !needed.contains(&name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes the documents as NDJSON; says how many there are.
pub fn convert(body: &[u8], format: Format, output: &mut impl Write) -> Result<u64> {
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace());
    let Some(start) = start else {
        return match format {
            // The server takes an empty stream of documents for no documents.
            Format::Ndjson if !body.is_empty() => Ok(0),
            _ => Err(Failure::new(Code::MissingPayload, format!("A {} payload is missing.", format.name()))),
        };
    };
    match format {
        Format::Json if body[start] == b'[' => {
            let documents: Vec<&RawValue> = serde_json::from_slice(body).map_err(|error| malformed(format, &error))?;
            let mut count = 0;
            for document in documents {
                write_document(document, format, output)?;
                count += 1;
            }
            Ok(count)
        }
        Format::Json => {
            let document: &RawValue = serde_json::from_slice(body).map_err(|error| malformed(format, &error))?;
            write_document(document, format, output)?;
            Ok(1)
        }
        Format::Ndjson => {
            let mut count = 0;
            let documents = serde_json::Deserializer::from_slice(body).into_iter::<&RawValue>();
            for document in documents {
                let document = document.map_err(|error| malformed(format, &error))?;
                write_document(document, format, output)?;
                count += 1;
            }
            Ok(count)
        }
    }
}

fn write_document(document: &RawValue, format: Format, output: &mut impl Write) -> Result<()> {
    let text = document.get();
    if !text.starts_with('{') {
        return Err(not_documents(format));
    }
    output.write_all(text.as_bytes())?;
    output.write_all(b"\n")?;
    Ok(())
}

fn malformed(format: Format, error: &serde_json::Error) -> Failure {
    if error.classify() == Category::Data {
        return not_documents(format);
    }
    sentence(format, &error.to_string())
}

fn not_documents(format: Format) -> Failure {
    sentence(format, "data are neither an object nor a list of objects")
}

fn sentence(format: Format, message: &str) -> Failure {
    Failure::new(
        Code::MalformedPayload,
        format!(
            "The `{}` payload provided is malformed. `Couldn't serialize document value: {message}`.",
            format.name()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn converted(body: &str, format: Format) -> Result<(u64, String)> {
        let mut output = Vec::new();
        let count = convert(body.as_bytes(), format, &mut output)?;
        Ok((count, String::from_utf8(output).unwrap()))
    }

    #[test]
    fn arrays_objects_and_lines_become_lines() {
        let expected = (2, "{\"号\":1}\n{\"号\":2}\n".to_owned());
        assert_eq!(converted(" [{\"号\":1}, {\"号\":2}]", Format::Json).unwrap(), expected);
        assert_eq!(converted("{\"号\":1}\n{\"号\":2}", Format::Ndjson).unwrap(), expected);
        assert_eq!(converted("{\"号\":1}", Format::Json).unwrap().0, 1);
        assert_eq!(converted("[]", Format::Json).unwrap().0, 0);
    }

    #[test]
    fn what_is_no_document_is_malformed_and_nothing_is_missing() {
        for body in ["[1]", "\"词\"", "[{\"号\":1}", "{\"号\":1", "[{\"号\":1}]]", "[[{}]]"] {
            let error = converted(body, Format::Json).unwrap_err();
            assert_eq!(error.code, Code::MalformedPayload, "{body}");
        }
        assert_eq!(converted("", Format::Json).unwrap_err().code, Code::MissingPayload);
        assert_eq!(converted("{\"号\":1}\n[2]", Format::Ndjson).unwrap_err().code, Code::MalformedPayload);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            for format in [Format::Json, Format::Ndjson] {
                let _ = convert(&body, format, &mut Vec::new());
            }
        }
    }
}
