//! Makes what the command line says from the files in `messages`.

fn main() -> std::process::ExitCode {
    sigill_messages::generate::build()
}
