/**
 * How many runs a property gets: FC_RUNS when it is set (long runs), else what the test asks for; 200 is usual.
 * A FC_RUNS that is no positive whole number throws, so that a typing error never passes as a long run.
 */
export function numRuns(defaultRuns: number): number {
  const text = process.env['FC_RUNS']
  if (text === undefined || text === '') return defaultRuns
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`FC_RUNS is not a positive whole number: ${text}`)
  return Number(text)
}
