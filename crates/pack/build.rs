//! Makes what is said of packs from the files in `messages`.

fn main() -> std::process::ExitCode {
    sigill_messages::generate::build()
}
