import { peerGroup } from '../../graph/rule-peers.ts'
import { nearestWord } from '../../objects/did-you-mean.ts'
import type { Namespace, Pod, PodPeer } from '../../objects/objects.ts'
import type { Selector } from '../../objects/selector.ts'
import { inPeerGroup } from '../../selectors/in-peer-group.ts'
import { matchesSelector } from '../../selectors/matches-selector.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

const NAME_LABEL = 'kubernetes.io/metadata.name'

/** A peer that matches no pod of the input grants nothing. A namespace label that nobody has is the usual cause. */
export const peerMatchesNothing: LintRule = {
  name: 'peer-matches-nothing',
  severity: 'warning',
  summary: 'A peer of the rule matches no pod or no namespace',
  check(input) {
    if (input.cluster.graph.pods.size === 0) return []
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) =>
      (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer, index) => {
        if (peer.kind !== 'pods') return []
        const miss = missOf(input, peer, policy.namespace)
        if (miss === undefined) return []
        const list = direction === 'ingress' ? 'from' : 'to'
        return [remarkOn(policy, { direction, rule }, `${list}[${index}] ${miss.message}`, miss.hint)]
      }),
    )
  },
}

interface Miss {
  readonly message: string
  readonly hint: string
}

function missOf({ cluster, complete }: LintInput, peer: PodPeer, own: string): Miss | undefined {
  const { namespaces, pods } = peer
  const { graph } = cluster
  const all = [...graph.pods.values()].map(({ pod }) => pod)
  const labelsOf = (name: string) => ({ name, labels: graph.namespaceLabels(name).labels })
  const group = peerGroup(peer, own)
  if (all.some((pod) => inPeerGroup(group, labelsOf(pod.namespace), pod.labels.labels))) return undefined

  const known = [...new Set([...cluster.namespaces.keys(), ...all.map(({ namespace }) => namespace)])].sort()
  const inScope =
    namespaces === 'same' ? [own] : known.filter((name) => matchesSelector(namespaces, labelsOf(name).labels))
  if (namespaces !== 'same' && inScope.length === 0) {
    return complete || saysEnough(namespaces, cluster.namespaces, known) ? noNamespace(namespaces, known) : undefined
  }
  // Of namespaces whose pods are written somewhere else, nothing can be said.
  if (!complete && !all.some(({ namespace }: Pod) => inScope.includes(namespace))) return undefined
  const where = namespaces === 'same' ? `of namespace ${own}` : 'of the namespaces that it selects'
  const what = pods.key === '' ? 'no pod' : `no pod with ${pods.key}`
  return { message: `matches ${what} ${where}`, hint: 'compare it with the labels of the pods' }
}

/**
 * Manifests need not hold every namespace that they name: a name that is not there is a mistake only when it is nearly one that
 * is. Labels are another matter where the manifests say what labels their namespaces have.
 */
function saysEnough(
  { requirements }: Selector,
  declared: ReadonlyMap<string, Namespace>,
  known: readonly string[],
): boolean {
  const byName = requirements.filter(({ key, operator }) => key === NAME_LABEL && operator === 'In')
  if (byName.length > 0) return byName.some(({ values }) => values.some((value) => nearestWord(value, known)))
  return declared.size > 0
}

function noNamespace({ key, requirements }: Selector, known: readonly string[]): Miss {
  const values = requirements.flatMap((requirement) => requirement.values)
  const near = values.flatMap((value) => nearestWord(value, known) ?? [])[0]
  const hint =
    near === undefined ? `every namespace has ${NAME_LABEL} with its own name` : `did you mean ${NAME_LABEL}=${near}?`
  return { message: `matches no namespace: none has ${key}`, hint }
}
