/** How many times slower than a machine of its own a test runs: SELVEDGE_SLOWNESS, set where the processor is emulated (test/vm). */
const SLOWNESS = Number(process.env['SELVEDGE_SLOWNESS'] ?? 1)

/** A limit for what must come in the end, in whatever unit. Never for what must not come. */
export function patient(limit: number): number {
  return limit * SLOWNESS
}
