//! `cargo bench --bench renders [-- --quick] [throughput|memory]`: rows per second of `vsai render batch` against a sandbox that
//! answers at once, beside bare reqwest loops that send the same requests; and the most memory that a batch of photos of 12
//! megapixels takes from its files to its pictures. Needs Linux and two cores.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod bare;
mod memory;
mod photos;
mod programs;
mod throughput;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let named: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let is_wanted = |name: &str| named.is_empty() || named.iter().any(|given| *given == name);
    if is_wanted("throughput") {
        throughput::run(is_quick);
    }
    if is_wanted("memory") {
        memory::run(is_quick);
    }
}
