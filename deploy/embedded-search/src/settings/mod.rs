//! Settings of an index: `fields` names them, `change` reads what a client wants changed, `apply` makes the engine
//! do it, `show` says how they stand, `locale` translates languages.

pub mod apply;
pub mod change;
pub mod fields;
pub mod locale;
pub mod show;
