//! The HTTP service as its clients meet it: a process of its own, real requests.

mod access;
pub mod client;
mod description;
mod documents;
mod packaging;
mod packs;
pub mod robust;
mod signatures;
