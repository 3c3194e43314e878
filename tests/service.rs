//! The HTTP service as its clients meet it: a process of its own, real requests.

mod access;
pub mod client;
mod description;
mod documents;
mod names;
mod origins;
mod outputs;
mod packaging;
mod packs;
mod pressure;
pub mod robust;
mod signatures;
mod soak;
mod storage;
