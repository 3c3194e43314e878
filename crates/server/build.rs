//! Makes what the service says from the files in `messages`, and sees to it that the page in the program is the one in
//! the repository.

fn main() -> std::process::ExitCode {
    println!("cargo:rerun-if-changed=../../web/dist");
    sigill_messages::generate::build()
}
