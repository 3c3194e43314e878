//! Makes the texts about signatures from the files in `messages`.

fn main() -> std::process::ExitCode {
    sigill_messages::generate::build()
}
