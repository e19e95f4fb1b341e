import { fieldsOf } from '../cluster/loose-fields.ts'
import { editDistance, nearestWord } from '../objects/did-you-mean.ts'
import type { Pod } from '../objects/objects.ts'
import { createSelector, type Selector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { LintInput } from './lint-rule.ts'

/** Labels that controllers give to pods at run time (core/v1, apps/v1, batch/v1 well-known labels): no file has them. */
const CONTROLLERS = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
])

/**
 * Of a selector that matches no pod: the labels in it for which files cannot tell that, as words. Undefined where they can.
 * `pods`: those in whose namespaces it looks; it asks of all of them only that they have a label, and one surely does: ''.
 */
export function untoldLabels(
  { complete }: LintInput,
  { requirements }: Selector,
  pods: readonly Pod[],
): string | undefined {
  const untold = requirements.filter(({ key }) => CONTROLLERS.has(key)).map(({ key }) => key)
  if (complete || untold.length === 0) return undefined
  const surely = pods.some(({ unknownLabels = [], labels }) =>
    requirements.every((one) =>
      unknownLabels.includes(one.key)
        ? one.operator === 'Exists'
        : matchesSelector(createSelector([one]), labels.labels),
    ),
  )
  return surely ? '' : [...new Set(untold)].join(', ')
}

export function untoldHint(labels: string): string {
  return `${labels} is set when the pod is made: lint the live cluster to know`
}

/** The workload whose own labels the selector matches, though its pods have others. */
export function workloadOfLabels(
  { raw }: LintInput,
  selector: Selector,
  namespaces: readonly string[],
): string | undefined {
  if (selector.key === '') return undefined
  const found = raw.find(({ kind, namespace, value }) => {
    if (!WORKLOADS.has(kind) || !namespaces.includes(namespace ?? 'default')) return false
    const labels = fieldsOf(fieldsOf(value, 'metadata'), 'labels')
    const own = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    return matchesSelector(selector, new Map(own))
  })
  return found && `${found.kind} ${found.namespace ?? 'default'}/${found.name}`
}

const WORKLOADS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
])

/**
 * A label, as `key=value`, of a pod that has all else of the selector, and of which the value is off by one letter, or the key is
 * nearly the one that is asked for.
 */
export function nearlyMatched({ requirements }: Selector, pods: readonly Pod[]): string | undefined {
  for (const one of requirements) {
    const [value, ...others] = one.values
    if (one.operator !== 'In' || value === undefined || others.length > 0) continue
    const rest = createSelector(requirements.filter((other) => other !== one))
    for (const { labels } of pods) {
      const own = labels.labels.get(one.key)
      const key = own === undefined ? nearKey(one.key, value, labels.labels) : undefined
      const isNear = key !== undefined || (own !== undefined && isSlip(value, own))
      if (isNear && matchesSelector(rest, labels.labels))
        return key === undefined ? `${one.key}=${own}` : `${key}=${value}`
    }
  }
  return undefined
}

/** Of the labels with that value, the key that is most likely meant. */
export function nearKey(written: string, value: string, labels: ReadonlyMap<string, string>): string | undefined {
  return nearestWord(
    written,
    [...labels].flatMap(([key, own]) => (own === value ? [key] : [])),
  )
}

/** One letter off. A number or a letter of its own at the end tells two things of one sort apart (`web1`, `team-b`). */
export function isSlip(written: string, own: string): boolean {
  const sort = (word: string) => word.replace(/(\d+|[-_.][a-z])$/i, '')
  return Math.min(written.length, own.length) >= 3 && sort(written) !== sort(own) && editDistance(written, own) === 1
}
