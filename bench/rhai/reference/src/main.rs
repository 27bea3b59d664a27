//! Times one script in the reference engine: `rhai-reference FILE` prints the best of several runs,
//! in milliseconds, compiling not counted. Limits are those of the benchmark that the engine has.

use rhai::{Dynamic, Engine, Scope};
use std::{env, fs, process, time::Instant};

const RUNS: usize = 7;
const STACK_BYTES: usize = 256 << 20;

fn main() {
    let Some(file) = env::args().nth(1) else {
        eprintln!("usage: rhai-reference FILE");
        process::exit(2);
    };
    let source = fs::read_to_string(&file).unwrap_or_else(|error| {
        eprintln!("rhai-reference: {file}: {error}");
        process::exit(2);
    });
    let timing = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || best_of_runs(&source));
    let best = timing.expect("a thread").join().expect("a time");
    println!("{best:.3}");
}

fn best_of_runs(source: &str) -> f64 {
    let mut engine = Engine::new();
    engine.on_print(|_| {}).on_debug(|_, _, _| {});
    engine.set_max_operations(10_000_000_000);
    engine.set_max_call_levels(64);
    let ast = engine.compile(source).expect("a script that compiles");
    (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            engine
                .eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &ast)
                .expect("a script that runs");
            start.elapsed().as_secs_f64() * 1e3
        })
        .fold(f64::INFINITY, f64::min)
}
