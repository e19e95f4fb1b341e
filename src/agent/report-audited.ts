import { podName } from '../../compiler/objects/pod-name.ts'
import type { Policy } from '../../compiler/objects/objects.ts'
import type { Log } from '../telemetry/log.ts'

/** A function that logs, once, each policy that is only audited, wherever its pods are, and that it is so no more. */
export function createAuditReport(log: Log): (audited: readonly Policy[]) => void {
  let said = new Set<string>()
  return (audited) => {
    const now = new Set(audited.map(podName))
    for (const policy of now) if (!said.has(policy)) log.info('policy is only audited: it isolates nobody', { policy })
    for (const policy of said) if (!now.has(policy)) log.info('policy is not audited any more', { policy })
    said = now
  }
}
