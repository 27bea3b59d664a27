/**
 * Milliseconds the reference engine takes for each program: its tree walker, in a release build,
 * median of seven evaluations without parsing, on two cores of a server. The programs of this
 * folder, and the sample scripts of the same names in the reference's repository.
 */
export const REFERENCE_MS: Readonly<Record<string, number>> = {
  fib: 175,
  loop: 650,
  sieve: 520,
  mandelbrot: 298,
  nbody: 272,
  sort: 1213,
  array_fn: 311,
  string_build: 332,
  json_transform: 285,
  fibonacci: 1428,
  primes: 466,
  speed_test: 91,
  mat_mul: 48,
  strings_map: 334,
}
