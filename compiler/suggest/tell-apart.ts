import type { Cluster } from '../cluster/create-cluster.ts'
import { isLasting, ownSelector } from '../explain/lasting-labels.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { createSelector, type Requirement } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'

type Labels = ReadonlyMap<string, string>

/** A selector of some pods of one namespace, as a policy writes it. */
export interface PodSelector {
  /** At least one: a selector without a label would be for the whole namespace. */
  readonly matchLabels: Labels
  readonly matchExpressions: readonly Requirement[]
  /** Pods of others that have the same labels, and that it selects too. */
  readonly alsoSelects: readonly GraphPod[]
}

/**
 * Selects `members` and, as far as labels tell them apart, none of the `others` of their namespace: by the matchLabels of their
 * workload, else by the labels that all of them have and that last; where that is too wide, by further labels, and by labels
 * of the others that no member has. Undefined: they have no label in common that lasts.
 */
export function tellApart(
  cluster: Cluster,
  members: readonly GraphPod[],
  others: readonly GraphPod[],
): PodSelector | undefined {
  const common = commonLabels(members)
  const own = new Map([...(commonSelector(cluster, members) ?? [])].filter(([key, value]) => common.get(key) === value))
  const lasting = [...common].filter(([key]) => isLasting(key))
  const written = [...own].filter(([key]) => isLasting(key))
  const matchLabels = new Map(written.length > 0 ? written : lasting)
  if (matchLabels.size === 0) return undefined
  let clashing = others.filter(({ pod }) => hasLabels(pod.labels.labels, matchLabels))
  // What a selector names of versions lasts as long as its workload does, unlike other labels of them.
  for (const [key, value] of [...lasting, ...own].sort(byKey)) {
    const rest = clashing.filter(({ pod }) => pod.labels.labels.get(key) === value)
    if (rest.length < clashing.length) matchLabels.set(key, value)
    clashing = rest
  }
  const { requirements, alsoSelects } = without(members, clashing)
  return { matchLabels: new Map([...matchLabels].sort(byKey)), matchExpressions: requirements, alsoSelects }
}

/** By labels that no member has: the rest of the clashing pods is selected all the same. */
function without(
  members: readonly GraphPod[],
  clashing: readonly GraphPod[],
): { readonly requirements: readonly Requirement[]; readonly alsoSelects: readonly GraphPod[] } {
  const found: Requirement[] = []
  const alsoSelects: GraphPod[] = []
  for (const other of clashing) {
    const labels = other.pod.labels.labels
    if (!matchesSelector(createSelector(found), labels)) continue
    const telling = [...labels]
      .sort(byKey)
      .find(([key, value]) => isLasting(key) && !members.some((one) => one.pod.labels.labels.get(key) === value))
    if (telling === undefined) {
      alsoSelects.push(other)
      continue
    }
    const [key, value] = telling
    const isOnlyTheirs = members.every(({ pod }) => !pod.labels.labels.has(key))
    found.push(
      isOnlyTheirs ? { key, operator: 'DoesNotExist', values: [] } : { key, operator: 'NotIn', values: [value] },
    )
  }
  return { requirements: createSelector(found).requirements, alsoSelects }
}

function commonLabels(members: readonly GraphPod[]): Labels {
  const [first, ...rest] = members.map(
    ({ pod }) => new Map([...pod.labels.labels].filter(([key]) => pod.unknownLabels?.includes(key) !== true)),
  )
  const pairs = [...(first ?? [])].filter(([key, value]) => rest.every((labels) => labels.get(key) === value))
  return new Map(pairs.sort(byKey))
}

/** The matchLabels that all of them are of; none where they are of several workloads. */
function commonSelector(cluster: Cluster, members: readonly GraphPod[]): Labels | undefined {
  const [first, ...rest] = members.map(({ pod }) => ownSelector(cluster, pod))
  return first !== undefined && rest.every((one) => one !== undefined && isSame(one, first)) ? first : undefined
}

function isSame(left: Labels, right: Labels): boolean {
  return left.size === right.size && hasLabels(left, right)
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return [...wanted].every(([key, value]) => labels.get(key) === value)
}

function byKey([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0
}
