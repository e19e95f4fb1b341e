import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Session } from '../../src/lab/sockets.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { namespace, pod } from '../oracle/make-objects.ts'
import type { RawObject } from '../oracle/raw-cluster.ts'
import type { Flow } from './traffic.ts'

/** All on node-1: db is selected by policies, web by one for egress, other and idle by none. */
const PODS = {
  db: '10.244.1.10 fd44:0:0:1::10',
  web: '10.244.1.11 fd44:0:0:1::11',
  other: '10.244.1.12 fd44:0:0:1::12',
  idle: '10.244.1.13 fd44:0:0:1::13',
} as const

export type PodName = keyof typeof PODS

export const addressesOf = (name: PodName): readonly string[] => PODS[name].split(' ')

/** The pods as Kubernetes has them; a label app with the name. */
export const CLUSTER: readonly RawObject[] = [
  namespace('shop', {}),
  ...Object.entries(PODS).map(([name, addresses]) => pod(`shop/${name}`, addresses, { labels: { app: name } })),
]

/** What flows all the time; `steady` is what becomes of it under the policies of `policies.ts`, whatever happens. */
export const FLOWS = {
  denied: { from: 'shop/other', to: 'shop/db', port: 5432 },
  'denied port': { from: 'shop/web', to: 'shop/db', port: 22 },
  allowed: { from: 'shop/web', to: 'shop/db', port: 5432 },
  unselected: { from: 'shop/other', to: 'shop/idle', port: 5432 },
  'unselected back': { from: 'shop/idle', to: 'shop/other', port: 5432 },
  live: { from: 'shop/web', to: 'shop/db', port: 5432, sourcePort: 1_500 },
  replies: { from: 'shop/db', to: 'shop/web', port: 1_500, sourcePort: 5432, answers: 'live' },
} as const satisfies Record<string, Flow>

export const STEADY = {
  denied: 'lost',
  'denied port': 'lost',
  allowed: 'passed',
  unselected: 'passed',
  'unselected back': 'passed',
  live: 'passed',
  replies: 'passed',
} as const

/** As on every node: conntrack goes on without our table, since kube-proxy and Flannel ask for it too. */
const TRACKING = `table inet tracking {
  chain forward { type filter hook forward priority 300; policy accept; ct state new accept; }
}
`

/** Tens of thousands of flows of one packet: an agent reads all that conntrack knows when it starts. */
const FORGETTING = ['tcp_timeout_syn_sent', 'udp_timeout'].map((name) => `net.netfilter.nf_conntrack_${name}=3`)

const NO_TABLE = 'add table inet selvedge\ndelete table inet selvedge\n'

/** The lab of a group of tests: node-1 with the pods, node-2 with nothing. */
export interface FaultLab {
  readonly lab: Lab
  /** A real session from web to db over TCP, at the allowed port: it lives as long as the group. */
  readonly session: Session
}

/** A group of tests that share a lab; skipped aloud where there can be none. */
export function describeFaults(name: string, body: (faults: FaultLab) => void): void {
  // Each wait has a bound of its own; a busy machine makes many of them long.
  vi.setConfig({ testTimeout: 240_000 })
  describeLab(name, () => {
    let held: { readonly lab: Lab; readonly session: Session } | undefined
    const stands = () => {
      if (held === undefined) throw new Error('the lab stands only while tests run')
      return held
    }
    beforeAll(async () => {
      const lab = await createLab({
        arrangement: 'bridged',
        nodes: [{ name: 'node-1' }, { name: 'node-2' }],
        pods: Object.entries(PODS).map(([podName, addresses]) => ({
          name: `shop/${podName}`,
          node: 'node-1',
          addresses: addresses.split(' '),
        })),
      })
      for (const node of ['node-1', 'node-2']) await lab.loadRuleset(node, TRACKING)
      await lab.exec('node-1', ['sysctl', '-q', '-w', ...FORGETTING])
      await lab.serve('shop/db', { tcp: [5432] })
      const toAddress = addressesOf('db')[0] ?? ''
      held = { lab, session: await lab.session({ from: 'shop/web', toAddress, port: 5432, protocol: 'TCP' }) }
    })
    afterAll(async () => held?.lab.close())
    // Agents end with their test; what they leave would be adopted by the next one's.
    afterEach(async () => {
      for (const node of ['node-1', 'node-2']) await stands().lab.loadRuleset(node, NO_TABLE)
    })
    body({
      get lab() {
        return stands().lab
      },
      get session() {
        return stands().session
      },
    })
  })
}
