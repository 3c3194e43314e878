//! Makes the rules and messages of reports from the files in `messages`.

fn main() -> std::process::ExitCode {
    sigill_messages::generate::build()
}
