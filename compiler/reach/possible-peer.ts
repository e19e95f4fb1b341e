import type { AllowGraph } from '../graph/allow-graph.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { ANY_VALUE, type ExampleLabels, exampleLabels } from './example-labels.ts'

/**
 * A pod that is not in the input and may be there some day, as rules name it: with exactly these labels, in a namespace by
 * its name, or in one that the input does not name and that has exactly these labels beside its name.
 */
export interface PossiblePeer {
  /** `pods with app=prometheus in monitoring`, `any pod of namespaces team=x`, `the whole cluster`. */
  readonly id: string
  readonly labels: ExampleLabels
  /** undefined: any that the input does not name. */
  readonly namespace: string | undefined
  /** Without its name; empty of one whose labels the input settles. */
  readonly namespaceLabels: ExampleLabels
}

/** Any pod of any other namespace: no selector asks for a label that it has. */
export const WHOLE_CLUSTER = 'the whole cluster'

const NO_LABELS: ExampleLabels = new Map()

/** The pod that no label tells from any other: who is open to it is open to every pod that is not in the input. */
export const ANY_OTHER_POD: PossiblePeer = possiblePeer(NO_LABELS, undefined, NO_LABELS)

/** Who could be among the peers of a group; empty: nobody can. `isKnown`: the input settles the labels of that namespace. */
export function possiblePeersOf(
  group: PeerGroup,
  { namespaceLabels }: Pick<AllowGraph, 'namespaceLabels'>,
  isKnown: (namespace: string) => boolean,
): readonly PossiblePeer[] {
  const pods = exampleLabels(group.pods)
  const scope = group.namespaces
  if (scope.kind === 'named') return pods.map((labels) => possiblePeer(labels, scope.name, NO_LABELS))
  return exampleLabels(scope.selector).flatMap((asked) => {
    const name = asked.get(NAMESPACE_NAME_LABEL)
    const rest = new Map([...asked].filter(([key]) => key !== NAMESPACE_NAME_LABEL))
    // Every namespace has its name: where only that is asked, nothing is.
    const named = name === ANY_VALUE ? undefined : name
    const isSettled = named !== undefined && isKnown(named)
    const own = isSettled
      ? namespaceLabels(named).labels
      : new Map([...rest, [NAMESPACE_NAME_LABEL, named ?? ANY_VALUE]])
    if (!matchesSelector(scope.selector, own)) return []
    return pods.map((labels) => possiblePeer(labels, named, isSettled ? NO_LABELS : rest))
  })
}

function possiblePeer(
  labels: ExampleLabels,
  namespace: string | undefined,
  namespaceLabels: ExampleLabels,
): PossiblePeer {
  return { id: wordsOf(labels, namespace, namespaceLabels), labels, namespace, namespaceLabels }
}

function wordsOf(labels: ExampleLabels, namespace: string | undefined, namespaceLabels: ExampleLabels): string {
  if (labels.size === 0 && namespace === undefined && namespaceLabels.size === 0) return WHOLE_CLUSTER
  const pods = labels.size === 0 ? 'any pod' : `pods with ${labelWords(labels)}`
  const ofNamespace = labelWords(namespaceLabels)
  if (namespace !== undefined) return `${pods} in ${namespace}${ofNamespace === '' ? '' : ` (${ofNamespace})`}`
  return ofNamespace === '' ? `${pods} in any namespace` : `${pods} of namespaces ${ofNamespace}`
}

function labelWords(labels: ExampleLabels): string {
  return [...labels].map(([key, value]) => (value === ANY_VALUE ? key : `${key}=${value}`)).join(', ')
}
