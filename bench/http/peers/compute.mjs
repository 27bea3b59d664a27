/** The same work as the script of the computing workload does: primes below 20,000, by a sieve. */
export function computeFor() {
  const composite = new Array(20_000).fill(false)
  let sum = 0
  for (let number = 2; number < 20_000; number += 1) {
    if (composite[number]) continue
    sum += number
    for (let multiple = number * number; multiple < 20_000; multiple += number) {
      composite[multiple] = true
    }
  }
  return sum
}
