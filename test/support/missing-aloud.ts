/** With CI=true nothing may be left out. */
export const isRequired = (): boolean => process.env['CI'] === 'true'

/** Says what is left out since something is not there, or throws where it has to be. */
export function missingAloud(what: string, reason: string, { required = isRequired() } = {}): void {
  if (required) throw new Error(`${what}: ${reason}`)
  console.warn(`SKIPPED: ${what}: ${reason}`)
}
