//! The words that pages are made of: our own writing, about nobody and nowhere.

pub mod daily;
pub mod people;
pub mod phrases;
pub mod topic;
mod topics_country;
mod topics_town;
mod topics_work;
