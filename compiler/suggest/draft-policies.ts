import type { Address } from '../addresses/address.ts'
import { DNS_LABEL, DNS_SERVICE } from '../cluster/find-word.ts'
import type { WorkloadPods } from '../flows/workload-pods.ts'
import type { Direction } from '../objects/direction.ts'
import {
  intersectPortSets,
  isNoPort,
  ofProtocol,
  type PortSet,
  portSetKey,
  subtractPortSets,
  unionPortSets,
} from '../reach/port-set.ts'
import { foldAddresses, type SeenBlock } from './fold-addresses.ts'
import { type RulePorts, rulePorts } from './rule-ports.ts'
import { type SeenPeer, unitePeers } from './seen-peers.ts'
import type { Subject } from './subjects.ts'

/** One policy before it is written: for a subject, in one direction. */
export interface Draft {
  readonly namespace: string
  readonly subject: Subject
  readonly direction: Direction
  readonly rules: readonly DraftRule[]
}

/** Peers with the same ports. */
export interface DraftRule {
  readonly isDns: boolean
  readonly ports: RulePorts
  readonly peers: readonly DraftPeer[]
}

export type DraftPeer =
  | { readonly kind: 'workload'; readonly workload: WorkloadPods }
  | { readonly kind: 'block'; readonly block: SeenBlock }

/** `inside`: addresses of pods and nodes, which no folded block may have. */
export function draftPolicy(
  namespace: string,
  subject: Subject,
  direction: Direction,
  peers: readonly SeenPeer[],
  inside: readonly Address[],
): Draft {
  const wanted: { readonly isDns: boolean; readonly ports: PortSet; readonly peer: DraftPeer }[] = []
  for (const { end, ports } of unitePeers(peers)) {
    if (end.kind !== 'workload') continue
    const peer = { kind: 'workload', workload: end.workload } as const
    const dns = direction === 'egress' && isDnsWorkload(end.workload) ? intersectPortSets(ports, DNS_PORTS) : NONE
    const rest = subtractPortSets(ports, dns)
    // Whoever asks by UDP asks again by TCP where the answer is long (RFC 7766 §5).
    if (!isNoPort(dns)) wanted.push({ isDns: true, ports: DNS_PORTS, peer })
    if (!isNoPort(rest)) wanted.push({ isDns: false, ports: rest, peer })
  }
  for (const block of foldAddresses(unitePeers(peers), inside))
    wanted.push({ isDns: false, ports: block.ports, peer: { kind: 'block', block } })
  const groups = Map.groupBy(wanted, ({ isDns, ports }) => `${isDns ? 0 : 1} ${portSetKey(rulePorts(ports).opens)}`)
  const rules = [...groups.values()].flatMap((same): readonly DraftRule[] => {
    const [first] = same
    if (first === undefined) return []
    return [{ isDns: first.isDns, ports: rulePorts(first.ports), peers: same.map(({ peer }) => peer) }]
  })
  return {
    namespace,
    subject,
    direction,
    rules: rules.sort((left, right) => (ruleKey(left) < ruleKey(right) ? -1 : 1)),
  }
}

/** DNS first, then by protocol and port. */
function ruleKey({ isDns, ports: { items } }: DraftRule): string {
  const texts = (items ?? []).map(({ protocol, port }) => `${protocol} ${String(port ?? 0).padStart(5, '0')}`)
  return `${isDns ? 0 : 1} ${texts.join(' ')}`
}

const NONE = ofProtocol('TCP', [])
const DNS_PORTS = unionPortSets([ofProtocol('UDP', [{ from: 53, to: 53 }]), ofProtocol('TCP', [{ from: 53, to: 53 }])])

/** The cluster's DNS, as every distribution labels it. */
function isDnsWorkload({ namespace, pods }: WorkloadPods): boolean {
  return (
    namespace === DNS_SERVICE.namespace &&
    pods.every(({ pod }) => pod.labels.labels.get(DNS_LABEL.key) === DNS_LABEL.value)
  )
}
