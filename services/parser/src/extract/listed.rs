//! Enumerations that are written down in tables by their names.

/// An enumeration whose members stand in a list in their order, and are found there by name.
macro_rules! listed {
    ($(#[$doc:meta])* $name:ident { $($(#[$own:meta])* $member:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$own])* $member),* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$member),*];

            /// The place in [`Self::ALL`] of the one of this name.
            pub fn place(name: &str) -> Option<usize> {
                [$(stringify!($member)),*].iter().position(|own| *own == name)
            }
        }
    };
}

pub(crate) use listed;
