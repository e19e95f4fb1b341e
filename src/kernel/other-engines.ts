import type { Finding } from './finding.ts'

/** A NetworkPolicy engine that may have been here before us, or still be at work: how to know it, and to be rid of it. */
interface OtherEngine {
  readonly name: string
  readonly tables: RegExp
  readonly chains: RegExp
  readonly cure: string
}

const NOTHING = /^(?!)/

const ENGINES: readonly OtherEngine[] = [
  {
    name: 'kube-router, or the policy controller inside k3s, which is the same',
    tables: /^kube-router/,
    chains: /^KUBE-(?:ROUTER|NWPLCY|POD-FW)-/,
    cure: 'k3s: start the servers with --disable-network-policy; kube-router: --run-firewall=false. Neither takes its rules away: reboot, or run kube-router --cleanup-config',
  },
  {
    name: 'kube-network-policies',
    tables: /^kube-network-policies/,
    chains: NOTHING,
    cure: 'delete its DaemonSet, then the table: nft delete table inet kube-network-policies',
  },
  {
    name: 'Calico',
    tables: /^calico/,
    chains: /^cali-/,
    cure: 'delete calico-node (Canal: use Flannel alone), then reboot the node, or remove its cali- chains',
  },
  {
    name: 'Weave Net',
    tables: NOTHING,
    chains: /^WEAVE-(?:NPC|IPMASQ)/,
    cure: 'delete the DaemonSet weave-net, then run weave reset or reboot the node',
  },
  {
    name: 'Cilium',
    tables: /^cilium/,
    chains: /^CILIUM_/,
    cure: 'delete Cilium, then run cilium-dbg cleanup or reboot the node',
  },
  {
    name: 'Antrea',
    tables: /^antrea/,
    chains: /^ANTREA-/,
    cure: 'delete Antrea, then reboot the node',
  },
]

/** A table or chain, and where it is, in words. */
export interface NamedObject {
  readonly kind: 'table' | 'chain'
  readonly name: string
  readonly place: string
}

/** One finding for each engine that has left, or keeps, something here. */
export function findOtherEngines(objects: readonly NamedObject[]): readonly Finding[] {
  return ENGINES.flatMap(({ name, tables, chains, cure }): Finding[] => {
    const found = objects.filter((object) => (object.kind === 'table' ? tables : chains).test(object.name))
    if (found.length === 0) return []
    const words = [...new Set(found.map((object) => `${object.kind} ${object.name} ${object.place}`))]
    return [
      {
        id: 'other-engine',
        severity: 'warns',
        problem: `another NetworkPolicy engine left or keeps rules here (${name}): ${shorten(words)}; what either denies is denied`,
        cure,
      },
    ]
  })
}

/** The first few of many. */
export function shorten(names: readonly string[]): string {
  return names.length <= 4 ? names.join('; ') : `${names.slice(0, 3).join('; ')} and ${names.length - 3} more`
}
