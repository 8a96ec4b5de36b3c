//! What the rounds come to: medians, how far they spread, and how they compare within a round.

use std::time::Duration;

use super::load::Answers;
use super::servers::Server;

/// One server under one number of connections.
#[derive(Clone, Default)]
pub(crate) struct Cell(Vec<Round>);

/// One round's figures.
#[derive(Clone)]
pub(crate) struct Round {
    rate: f64,
    p50: f64,
    p99: f64,
    /// Microseconds of the server's core for each answer.
    cpu: f64,
    /// Share of the round in which the server had its core: with less than nearly all, something else set the pace.
    busy: f64,
    others: usize,
}

impl Round {
    pub(crate) fn new(answers: Answers, cpu_time: Duration) -> Self {
        let count = answers.times.len();
        assert!(count > 0, "no POST was answered 200");
        let at = |share: f64| micros(answers.times[((count as f64 * share) as usize).min(count - 1)]);
        Self {
            rate: count as f64 / answers.took.as_secs_f64(),
            p50: at(0.5),
            p99: at(0.99),
            cpu: micros(cpu_time) / count as f64,
            busy: cpu_time.as_secs_f64() / answers.took.as_secs_f64(),
            others: answers.others,
        }
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

impl Cell {
    pub(crate) fn add(&mut self, round: Round) {
        self.0.push(round);
    }

    fn spread(&self, figure: impl Fn(&Round) -> f64) -> Spread {
        Spread::of(self.0.iter().map(figure).collect())
    }

    /// Of the rates within each round.
    fn ratio(&self, base: &Self) -> Spread {
        Spread::of(self.0.iter().zip(&base.0).map(|(own, base)| own.rate / base.rate).collect())
    }
}

struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Spread {
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        Self { low: figures[0], median: figures[figures.len() / 2], high: figures[figures.len() - 1] }
    }
}

/// Prints what an event costs with this many stored before it, and how that compares with the first of the table.
#[expect(clippy::print_stdout, reason = "a benchmark's answer")]
pub(crate) fn print_stored(stored: u64, cell: &Cell, first: &Cell, bytes: u64) {
    let (cpu, rate, base) =
        (cell.spread(|round| round.cpu), cell.spread(|round| round.rate), first.spread(|round| round.cpu).median);
    println!(
        "  {stored:>10}{:>26}{:>10.2}{:>26}{:>12.0}",
        format!("{:.2} ({:.2} to {:.2})", cpu.median, cpu.low, cpu.high),
        cpu.median / base,
        format!("{:.0} ({:.0} to {:.0})", rate.median, rate.low, rate.high),
        bytes as f64 / 1e6
    );
    let others: usize = cell.0.iter().map(|round| round.others).sum();
    if others > 0 {
        println!("    {others} POSTs were not answered 200");
    }
}

/// Prints the table of one number of connections; the first server is what the others are compared with.
#[expect(clippy::print_stdout, reason = "a benchmark's answer")]
pub(crate) fn print(connections: usize, servers: &[Server], cells: &[Cell]) {
    println!(
        "\n{:<28}{:>24}{:>20}{:>11}{:>11}{:>9}{:>8}",
        format!("connections: {connections}"),
        "answers/s",
        "to axum",
        "p50 µs",
        "p99 µs",
        "CPU µs",
        "busy"
    );
    for (server, cell) in servers.iter().zip(cells) {
        let (rate, ratio) = (cell.spread(|round| round.rate), cell.ratio(&cells[0]));
        let median = |figure: fn(&Round) -> f64| cell.spread(figure).median;
        println!(
            "  {:<26}{:>24}{:>20}{:>11.0}{:>11.0}{:>9.2}{:>7.0}%",
            server.name,
            format!("{:.0} ({:.0} to {:.0})", rate.median, rate.low, rate.high),
            format!("{:.2} ({:.2} to {:.2})", ratio.median, ratio.low, ratio.high),
            median(|round| round.p50),
            median(|round| round.p99),
            median(|round| round.cpu),
            median(|round| round.busy) * 100.0
        );
        let others: usize = cell.0.iter().map(|round| round.others).sum();
        if others > 0 {
            println!("    {others} POSTs were not answered 200");
        }
    }
}
