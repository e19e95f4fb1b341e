import type { WorkloadPods } from '../flows/workload-pods.ts'
import { MODE_ANNOTATION } from '../objects/decode-mode.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { printable } from '../objects/quote.ts'
import type { Draft, DraftPeer, DraftRule } from './draft-policies.ts'
import { MOST_PORTS } from './rule-ports.ts'
import type { PodSelector } from './tell-apart.ts'

/** A NetworkPolicy as the API has it, and what people are told beside its parts. */
export interface Manifest {
  readonly value: PolicyValue
  /** By the path of the part that it stands before; a line each. */
  readonly comments: readonly { readonly path: readonly (string | number)[]; readonly text: string }[]
}

export interface PolicyValue {
  readonly apiVersion: 'networking.k8s.io/v1'
  readonly kind: 'NetworkPolicy'
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: object
}

/** Tried before it denies anything: docs/audit.md. */
export const AUDITED = { [MODE_ANNOTATION]: 'audit' } as const

/** `selectorOf`: how policies name a workload as a peer. */
export function policyManifest(
  draft: Draft,
  name: string,
  selectorOf: (workload: WorkloadPods) => PodSelector,
): Manifest {
  const { namespace, subject, direction, rules } = draft
  const list = direction
  const comments = rules.flatMap((rule, index) => [
    ...ruleComments(rule).map((text) => ({ path: ['spec', list, index], text })),
    ...rule.peers.flatMap((peer, position) =>
      peer.kind === 'block'
        ? [{ path: ['spec', list, index, direction === 'egress' ? 'to' : 'from', position], text: blockComment(peer) }]
        : [],
    ),
  ])
  const value: PolicyValue = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, annotations: AUDITED },
    spec: {
      podSelector: selectorValue(subject.selector),
      policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'],
      ...(rules.length === 0 ? {} : { [list]: rules.map((rule) => ruleValue(draft, rule, selectorOf)) }),
    },
  }
  return { value, comments }
}

function ruleValue(
  { namespace, direction }: Draft,
  { peers, ports }: DraftRule,
  selectorOf: (workload: WorkloadPods) => PodSelector,
): object {
  const items = peers.map((peer) => {
    if (peer.kind === 'block') {
      const { cidr, excepts } = peer.block
      return { ipBlock: { cidr, ...(excepts.length === 0 ? {} : { except: excepts }) } }
    }
    const podSelector = selectorValue(selectorOf(peer.workload))
    if (peer.workload.namespace === namespace) return { podSelector }
    return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: peer.workload.namespace } }, podSelector }
  })
  return {
    [direction === 'egress' ? 'to' : 'from']: items,
    ...(ports.items === undefined ? {} : { ports: ports.items }),
  }
}

function selectorValue({ matchLabels, matchExpressions }: PodSelector): object {
  const expressions = matchExpressions.map(({ key, operator, values }) =>
    values.length === 0 ? { key, operator } : { key, operator, values },
  )
  return {
    matchLabels: Object.fromEntries(matchLabels),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  }
}

function ruleComments({ isDns, ports }: DraftRule): readonly string[] {
  if (isDns) return ['DNS']
  if (ports.items === undefined)
    return ['ICMP or another protocol without ports was seen, which a policy can allow only with every port']
  return ports.leftOut.map((protocol) => `more than ${MOST_PORTS} ports of ${protocol} were seen: every port of it`)
}

function blockComment({ block: { addresses } }: DraftPeer & { readonly kind: 'block' }): string {
  const [most, ...others] = addresses.toSorted((left, right) => right.count - left.count)
  if (most === undefined) return ''
  if (others.length > 0) return `${addresses.length.toLocaleString('en')} addresses seen, most often ${most.address}`
  return `${most.node === undefined ? 'outside' : `node ${printable(most.node)}`}, ${times(most.count)}`
}

function times(count: number): string {
  return count === 1 ? 'seen once' : `seen ${count.toLocaleString('en')} times`
}
