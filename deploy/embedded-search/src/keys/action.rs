//! What a key allows, by Meilisearch's names.

/// Everything that a key may name, in Meilisearch's order; also what this engine has no route for, so that a key
/// made for a server can be made here.
pub const NAMES: &[&str] = &[
    "*",
    "search",
    "documents.*",
    "documents.add",
    "documents.get",
    "documents.delete",
    "indexes.*",
    "indexes.create",
    "indexes.get",
    "indexes.update",
    "indexes.delete",
    "indexes.swap",
    "tasks.*",
    "tasks.cancel",
    "tasks.delete",
    "tasks.get",
    "settings.*",
    "settings.get",
    "settings.update",
    "stats.*",
    "stats.get",
    "metrics.*",
    "metrics.get",
    "dumps.*",
    "dumps.create",
    "snapshots.*",
    "snapshots.create",
    "version",
    "keys.create",
    "keys.get",
    "keys.update",
    "keys.delete",
    "experimental.get",
    "experimental.update",
    "export",
    "network.get",
    "network.update",
    "chatCompletions",
    "chats.*",
    "chats.get",
    "chats.delete",
    "chatsSettings.*",
    "chatsSettings.get",
    "chatsSettings.update",
    "*.get",
    "webhooks.get",
    "webhooks.update",
    "webhooks.delete",
    "webhooks.create",
    "webhooks.*",
    "indexes.compact",
    "fields.post",
    "tasks.compact",
    "dynamicSearchRules.get",
    "dynamicSearchRules.create",
    "dynamicSearchRules.update",
    "dynamicSearchRules.delete",
    "dynamicSearchRules.*",
];

/// Families of actions that are about the whole server.
const GLOBAL_FAMILIES: &[&str] = &[
    "metrics.",
    "dumps.",
    "snapshots.",
    "keys.",
    "experimental.",
    "network.",
    "chats.",
    "chatsSettings.",
    "webhooks.",
    "dynamicSearchRules.",
];

/// Whether a key for some indexes only cannot name this action.
pub fn is_global(name: &str) -> bool {
    matches!(name, "version" | "export" | "tasks.compact")
        || GLOBAL_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// What a route of this engine asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Searching, facet search included.
    Search,
    /// Adding and updating documents.
    DocumentsAdd,
    /// Reading documents.
    DocumentsGet,
    /// Deleting documents.
    DocumentsDelete,
    /// Making an index.
    IndexesCreate,
    /// Reading about indexes.
    IndexesGet,
    /// Changing an index.
    IndexesUpdate,
    /// Deleting an index.
    IndexesDelete,
    /// Swapping indexes.
    IndexesSwap,
    /// Reading tasks.
    TasksGet,
    /// Canceling tasks.
    TasksCancel,
    /// Forgetting tasks.
    TasksDelete,
    /// Reading settings.
    SettingsGet,
    /// Changing settings.
    SettingsUpdate,
    /// Reading counts.
    StatsGet,
    /// Reading the version.
    Version,
    /// Reading keys.
    KeysGet,
    /// Making keys.
    KeysCreate,
    /// Changing keys.
    KeysUpdate,
    /// Deleting keys.
    KeysDelete,
}

impl Action {
    /// Its name in a key.
    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::DocumentsAdd => "documents.add",
            Self::DocumentsGet => "documents.get",
            Self::DocumentsDelete => "documents.delete",
            Self::IndexesCreate => "indexes.create",
            Self::IndexesGet => "indexes.get",
            Self::IndexesUpdate => "indexes.update",
            Self::IndexesDelete => "indexes.delete",
            Self::IndexesSwap => "indexes.swap",
            Self::TasksGet => "tasks.get",
            Self::TasksCancel => "tasks.cancel",
            Self::TasksDelete => "tasks.delete",
            Self::SettingsGet => "settings.get",
            Self::SettingsUpdate => "settings.update",
            Self::StatsGet => "stats.get",
            Self::Version => "version",
            Self::KeysGet => "keys.get",
            Self::KeysCreate => "keys.create",
            Self::KeysUpdate => "keys.update",
            Self::KeysDelete => "keys.delete",
        }
    }

    /// Whether a key that names `granted` allows it.
    pub fn is_granted_by(self, granted: &str) -> bool {
        match granted {
            "*" => true,
            // Who may read keys may do what they allow, so reading all is not reading keys.
            "*.get" => match self {
                Self::Search | Self::Version => true,
                Self::KeysGet => false,
                _ => self.name().ends_with(".get"),
            },
            _ => match granted.strip_suffix('*') {
                Some(family) => self.name().starts_with(family),
                None => self.name() == granted,
            },
        }
    }

    /// Whether it is about keys, which there are only with a master key.
    pub fn is_about_keys(self) -> bool {
        matches!(self, Self::KeysGet | Self::KeysCreate | Self::KeysUpdate | Self::KeysDelete)
    }

    /// Whether its routes that name no index in their path look themselves at which indexes the key is for.
    pub fn is_narrowed_by_its_route(self) -> bool {
        match self {
            Self::Search
            | Self::DocumentsGet
            | Self::IndexesCreate
            | Self::IndexesGet
            | Self::IndexesSwap
            | Self::TasksGet
            | Self::TasksCancel
            | Self::TasksDelete
            | Self::SettingsGet
            | Self::StatsGet => true,
            Self::DocumentsAdd
            | Self::DocumentsDelete
            | Self::IndexesUpdate
            | Self::IndexesDelete
            | Self::SettingsUpdate
            | Self::Version
            | Self::KeysGet
            | Self::KeysCreate
            | Self::KeysUpdate
            | Self::KeysDelete => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_families() {
        for (granted, action, allowed) in [
            ("*", Action::KeysDelete, true),
            ("documents.*", Action::DocumentsAdd, true),
            ("documents.*", Action::SettingsGet, false),
            ("documents.get", Action::DocumentsGet, true),
            ("documents.get", Action::DocumentsAdd, false),
            ("*.get", Action::TasksGet, true),
            ("*.get", Action::Search, true),
            ("*.get", Action::KeysGet, false),
            ("*.get", Action::TasksCancel, false),
            ("search", Action::Search, true),
        ] {
            assert_eq!(action.is_granted_by(granted), allowed, "{granted} {action:?}");
        }
    }

    #[test]
    fn server_wide_actions_are_known_as_such() {
        for name in ["version", "keys.get", "dumps.*", "metrics.get", "tasks.compact"] {
            assert!(NAMES.contains(&name) && is_global(name), "{name}");
        }
        for name in ["*", "*.get", "search", "tasks.*", "stats.get", "indexes.swap", "indexes.compact", "fields.post"] {
            assert!(NAMES.contains(&name) && !is_global(name), "{name}");
        }
    }
}
