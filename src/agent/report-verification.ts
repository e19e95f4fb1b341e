import type { Log } from '../telemetry/log.ts'
import type { Verification } from './reconciler.ts'

/** A function that logs when verifying becomes impossible, and when it is possible again: once each. */
export function createVerificationReport(log: Log): (verification: Verification) => void {
  let listed = true
  return (verification) => {
    const wasListed = listed
    listed = verification.result !== 'unlisted'
    if (listed === wasListed) return
    if (verification.result !== 'unlisted') log.info('our table can be listed again')
    else log.warn('our table cannot be listed, so what stands is not verified', { reason: verification.message })
  }
}
