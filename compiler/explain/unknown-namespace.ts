import type { Cluster } from '../cluster/create-cluster.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import type { Question } from './question.ts'

/**
 * Of ends that are known by their labels alone: that the input lacks the namespace, whose labels rules may ask for. Whoever gives its
 * labels knows.
 */
export function unknownNamespaceNotes({ namespaces, graph }: Cluster, { from, to }: Question): readonly string[] {
  // A namespace with pods in it and nothing declared has its name alone, for all of them.
  const known = new Set([...namespaces.keys(), ...[...graph.pods.values()].map(({ pod }) => pod.namespace)])
  return [['--from-namespace-labels', from] as const, ['--to-namespace-labels', to] as const].flatMap(([flag, end]) => {
    if (typeof end === 'string' || end.namespaceLabels !== undefined || known.has(end.namespace)) return []
    const near = nearestWord(end.namespace, [...known])
    const question = near === undefined ? '' : ` (did you mean ${near}?)`
    return [
      `the input has no namespace ${end.namespace}${question}; it is taken to have no label but ${NAMESPACE_NAME_LABEL}: give others with ${flag}`,
    ]
  })
}
