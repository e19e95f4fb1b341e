import { type Diagnostic, formatDiagnostic } from '../objects/diagnostic.ts'
import type { Policy } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'

/** So many have a line each. */
const MOST_LINES = 5

/** For who answers about a cluster: which policies the answer does not count, since they are only audited. */
export function auditNotes(audited: readonly Policy[]): readonly string[] {
  const sorted = audited.toSorted((left, right) => (podName(left) < podName(right) ? -1 : 1))
  if (sorted.length <= MOST_LINES) return sorted.map((policy) => formatDiagnostic(noteOf(policy)))
  const names = sorted.slice(0, MOST_LINES).map(podName).join(', ')
  return [`note: ${sorted.length} policies are only audited, isolate nobody and grant nothing: ${names}, …`]
}

function noteOf(policy: Policy): Diagnostic {
  return {
    severity: 'note',
    code: 'only-audited',
    problem: `NetworkPolicy ${podName(policy)} is only audited: it isolates nobody and grants nothing`,
    hint: '',
    place: policy.place,
  }
}
