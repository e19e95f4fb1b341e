import { podName } from '../../objects/pod-name.ts'
import { peerGroup } from '../../graph/rule-peers.ts'
import { nearestWord } from '../../objects/did-you-mean.ts'
import type { Namespace, PodPeer } from '../../objects/objects.ts'
import type { Selector } from '../../objects/selector.ts'
import { matchesSelector } from '../../selectors/matches-selector.ts'
import { type LintInput, type LintRule, remarkOn, type Severity } from '../lint-rule.ts'
import { untoldHint, untoldLabels, whyMorePods, workloadOfLabels } from '../pods-not-here.ts'
import { podIndexOf } from '../pod-index.ts'
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
        return [remarkOn(policy, { direction, rule }, `${list}[${index}] ${miss.message}`, miss.hint, miss.severity)]
      }),
    )
  },
}

interface Miss {
  readonly message: string
  readonly hint: string
  /** A note where something in the input may yet make it match. */
  readonly severity?: Severity
}

function missOf(input: LintInput, peer: PodPeer, own: string): Miss | undefined {
  const { cluster, complete } = input
  const { namespaces, pods } = peer
  const { graph } = cluster
  const index = podIndexOf(graph)
  if (!index.isEmpty(peerGroup(peer, own))) return undefined
  const all = [...graph.pods.values()].map(({ pod }) => pod)
  const scope = namespaces === 'same' ? index.inNamespace(own).map(({ pod }) => pod) : all
  const untold = untoldLabels(input, pods, scope)
  if (untold === '') return undefined
  if (untold !== undefined) {
    const message = `asks for ${pods.key}: which pods it matches cannot be told from files`
    return { message, hint: untoldHint(untold), severity: 'note' }
  }

  const known = [...new Set([...cluster.namespaces.keys(), ...index.namespaces])].sort()
  const inScope =
    namespaces === 'same'
      ? [own]
      : known.filter((name) => matchesSelector(namespaces, graph.namespaceLabels(name).labels))
  if (namespaces !== 'same' && inScope.length === 0) {
    return complete || saysEnough(namespaces, cluster.namespaces, known)
      ? noNamespace(namespaces, known, complete)
      : undefined
  }
  // Of namespaces whose pods are written somewhere else, nothing can be said.
  if (!complete && inScope.every((name) => index.inNamespace(name).length === 0)) return undefined
  const where = namespaces === 'same' ? `of namespace ${own}` : 'of the namespaces that it selects'
  const what = pods.key === '' ? 'no pod' : `no pod with ${pods.key}`
  const message = `matches ${what} ${where}`
  const labelled = workloadOfLabels(input, pods, inScope)
  if (labelled !== undefined) {
    return { message, hint: `the labels are on ${labelled} and not on its pods, and those are what a selector matches` }
  }
  const elsewhere = all.find(({ labels }) => pods.key !== '' && matchesSelector(pods, labels.labels))
  if (namespaces === 'same' && elsewhere !== undefined) {
    return {
      message,
      hint: `${podName(elsewhere)} has these labels: add a namespaceSelector for ${elsewhere.namespace}`,
    }
  }
  const hint = 'compare it with the labels of the pods'
  const reason = whyMorePods(input, inScope)
  return reason === undefined
    ? { message, hint }
    : { message: `${message}, as far as files tell: ${reason}`, hint, severity: 'note' }
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

function noNamespace({ key, requirements }: Selector, known: readonly string[], complete: boolean): Miss {
  const values = requirements.flatMap((requirement) => requirement.values)
  const near = values.flatMap((value) => nearestWord(value, known) ?? [])[0]
  const hint =
    near === undefined ? `every namespace has ${NAME_LABEL} with its own name` : `did you mean ${NAME_LABEL}=${near}?`
  const message = `matches no namespace: none has ${key}`
  // A namespace of that name is here, so its label was meant; any other may be declared somewhere else.
  if (complete || near !== undefined) return { message, hint }
  return { message: `${message}, of those that the input declares`, hint, severity: 'note' }
}
