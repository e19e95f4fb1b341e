import { podName } from '../../objects/pod-name.ts'
import { peerGroup } from '../../graph/rule-peers.ts'
import type { Pod, PodPeer } from '../../objects/objects.ts'
import type { Selector } from '../../objects/selector.ts'
import { matchesSelector } from '../../selectors/matches-selector.ts'
import { type LintInput, type LintRule, type Remark, remarkOn, type Severity } from '../lint-rule.ts'
import { type Doubtful, foldDoubtful, isMadeWithLabels, whyMorePods } from '../made-later.ts'
import { namespaceNobodyHas } from '../namespace-nobody-has.ts'
import { nearlyMatched, untoldHint, untoldLabels, workloadOfLabels } from '../pods-not-here.ts'
import { podIndexOf } from '../pod-index.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** What is there in every cluster is in few repositories. */
const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease'])

/** A peer that matches no pod of the input grants nothing. A namespace label that nobody has is the usual cause. */
export const peerMatchesNothing: LintRule = {
  name: 'peer-matches-nothing',
  severity: 'warning',
  summary: 'A peer of the rule matches no pod or no namespace',
  check(input) {
    if (input.cluster.graph.pods.size === 0) return []
    const surely: Remark[] = []
    const doubtful: Doubtful[] = []
    for (const { policy, direction, rule } of rulesOfPolicies(input)) {
      const list = direction === 'ingress' ? 'from' : 'to'
      for (const [index, peer] of (rule.peers === 'anyone' ? [] : rule.peers).entries()) {
        const miss = peer.kind === 'pods' ? missOf(input, peer, policy.namespace) : undefined
        if (miss === undefined) continue
        const message = `${list}[${index}] ${miss.message}`
        const remark = remarkOn(policy, { direction, rule }, message, miss.hint, miss.severity)
        if (miss.reason === undefined) surely.push(remark)
        else doubtful.push({ remark, namespace: policy.namespace, reason: miss.reason })
      }
    }
    return [...surely, ...foldDoubtful(doubtful, ['peer', 'peers'])]
  },
}

interface Miss {
  readonly message: string
  readonly hint: string
  readonly severity?: Severity | undefined
  /** What in the input may yet make it match. */
  readonly reason?: string
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
  const inScope = namespaces === 'same' ? [own] : namespacesOf(input, namespaces)
  if (namespaces !== 'same' && inScope.length === 0) return namespaceNobodyHas(input, namespaces)
  // Of namespaces whose pods are written somewhere else, nothing can be said.
  if (!complete && inScope.every((name) => index.inNamespace(name).length === 0)) return undefined
  if (isMadeWithLabels(input, pods, inScope)) return undefined
  const where = namespaces === 'same' ? `of namespace ${own}` : 'of the namespaces that it selects'
  const what = pods.key === '' ? 'no pod' : `no pod with ${pods.key}`
  const message = `matches ${what} ${where}`
  const labelled = workloadOfLabels(input, pods, inScope)
  if (labelled !== undefined) {
    return { message, hint: `the labels are on ${labelled} and not on its pods, and those are what a selector matches` }
  }
  const reason = whyMorePods(input, inScope)
  const near = nearlyMatched(
    pods,
    inScope.flatMap((name) => index.inNamespace(name)).map(({ pod }) => pod),
  )
  if (near !== undefined) {
    return { message, hint: `did you mean ${near}?`, severity: reason === undefined ? undefined : 'note' }
  }
  const elsewhere = all.find(({ labels }) => pods.key !== '' && matchesSelector(pods, labels.labels))
  if (namespaces === 'same' && elsewhere !== undefined) return { message, hint: elsewhereHint(elsewhere) }
  const hint = 'compare it with the labels of the pods'
  if (reason !== undefined) return { message, hint, reason }
  if (complete || namespaces === 'same') return { message, hint }
  return inForeignNamespaces(input, inScope, { message, hint })
}

function namespacesOf({ cluster }: LintInput, selector: Selector): readonly string[] {
  const { graph } = cluster
  const known = new Set([...cluster.namespaces.keys(), ...podIndexOf(graph).namespaces])
  return [...known].sort().filter((name) => matchesSelector(selector, graph.namespaceLabels(name).labels))
}

function elsewhereHint(pod: Pod): string {
  return `${podName(pod)} has these labels: add a namespaceSelector for ${pod.namespace}`
}

/** Others may have pods in a namespace that this input does not declare, and have them where Kubernetes itself runs. */
function inForeignNamespaces({ cluster }: LintInput, names: readonly string[], miss: Miss): Miss | undefined {
  if (names.every((name) => cluster.namespaces.has(name) && !SYSTEM.has(name))) return miss
  if (names.some((name) => SYSTEM.has(name))) return undefined
  return { ...miss, message: `${miss.message}, unless others have pods there`, severity: 'note' }
}
