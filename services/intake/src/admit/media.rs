//! Which media type a file has and whether it is let in.

use mime::Mime;

use crate::refusal::{Refusal, RefusalCode, shown};

/// File-name endings and what they mean. Anything else says nothing.
const BY_EXTENSION: [(&str, &str); 4] =
    [("txt", "text/plain"), ("text", "text/plain"), ("md", "text/markdown"), ("markdown", "text/markdown")];

/// The media types that are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaTypes(Vec<String>);

/// A media type that is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Type and subtype in lower case.
    pub essence: String,
    /// The `charset` parameter in lower case, where there is one.
    pub charset: Option<String>,
}

impl MediaTypes {
    /// Reads the list of the settings.
    ///
    /// # Errors
    /// With the entry that is not `type/subtype`, or when the list is empty.
    pub fn new(list: &[String]) -> Result<Self, String> {
        if list.is_empty() {
            return Err("media_types is empty; name at least text/plain".to_owned());
        }
        let parsed = list.iter().map(|entry| match entry.parse::<Mime>() {
            Ok(mime) if mime.params().next().is_none() => Ok(mime.essence_str().to_owned()),
            _ => Err(format!("media_types holds `{}`; write type/subtype, e.g. text/plain", shown(entry))),
        });
        Ok(Self(parsed.collect::<Result<_, _>>()?))
    }

    /// The list, as answers show it.
    pub fn list(&self) -> String {
        self.0.join(", ")
    }

    /// The media type by its declaration, or by the file's name where the declaration says nothing
    /// (absent, or `application/octet-stream`).
    ///
    /// # Errors
    /// When it is not let in or cannot be found out.
    pub fn judge(&self, declared: Option<&str>, name: Option<&str>) -> Result<Media, Refusal> {
        let declared = declared.map(str::trim).filter(|declared| !declared.is_empty());
        let Some(declared) = declared else { return self.by_name(name, None) };
        let mime: Mime = declared
            .parse()
            .map_err(|_| self.refuse(format!("content-type `{}` is not a media type", shown(declared))))?;
        let charset = mime.get_param(mime::CHARSET).map(|charset| charset.as_str().to_ascii_lowercase());
        if mime.essence_str() == mime::APPLICATION_OCTET_STREAM.essence_str() {
            return self.by_name(name, charset);
        }
        if self.0.iter().any(|allowed| allowed == mime.essence_str()) {
            return Ok(Media { essence: mime.essence_str().to_owned(), charset });
        }
        Err(self.refuse(format!("media type `{}` is not let in", shown(mime.essence_str()))))
    }

    fn by_name(&self, name: Option<&str>, charset: Option<String>) -> Result<Media, Refusal> {
        let Some(name) = name else {
            return Err(self.refuse("neither a media type nor a file name was given".to_owned()));
        };
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let known = BY_EXTENSION
            .iter()
            .find(|(ending, _)| Some(*ending) == extension.as_deref())
            .map(|(_, essence)| *essence)
            .filter(|essence| self.0.iter().any(|allowed| allowed == essence));
        match known {
            Some(essence) => Ok(Media { essence: essence.to_owned(), charset }),
            None => Err(self.refuse(format!("the name `{}` does not end like a text file", shown(name)))),
        }
    }

    fn refuse(&self, reason: String) -> Refusal {
        let endings: Vec<String> = BY_EXTENSION
            .iter()
            .filter(|(_, essence)| self.0.iter().any(|allowed| allowed == essence))
            .map(|(ending, _)| format!(".{ending}"))
            .collect();
        let advice = format!("send one of {} or a name that ends in {}", self.list(), endings.join(", "));
        Refusal::new(RefusalCode::MediaType, reason, advice)
    }
}
