//! Makes what is told when something is made from the files in `messages`.

fn main() -> std::process::ExitCode {
    sigill_messages::generate::build()
}
