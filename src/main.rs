//! The `vsai` binary: everything is in the library.

fn main() -> std::process::ExitCode {
    vsai::cli::main()
}
