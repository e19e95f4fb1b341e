import { afterAll, afterEach, beforeAll } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Arrangement } from '../../src/lab/plan.ts'
import type { PodPlace } from '../../src/lab/topology.ts'
import { arrangements } from '../lab/arrangements.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { pod } from '../oracle/make-objects.ts'
import { patient } from '../support/patience.ts'
import type { RawPod } from '../oracle/raw-cluster.ts'

/** Three pods share node-1, the only node that enforces; far stands on node-2. Each has a label app with its name. */
const ADDRESSES = {
  web: { IPv4: '10.244.1.10', IPv6: 'fd44:0:0:1::10' },
  db: { IPv4: '10.244.1.11', IPv6: 'fd44:0:0:1::11' },
  idle: { IPv4: '10.244.1.12', IPv6: 'fd44:0:0:1::12' },
  far: { IPv4: '10.244.2.10', IPv6: 'fd44:0:0:2::10' },
  outside: { IPv4: '203.0.113.7', IPv6: '2001:db8:1::5' },
} as const

export type PodName = 'web' | 'db' | 'idle' | 'far'
export const POD_NAMES: readonly PodName[] = ['web', 'db', 'idle', 'far']

export const addressOf = (name: PodName | 'outside', family: Family): string => ADDRESSES[name][family]

export const nodeOf = (name: PodName): 'node-1' | 'node-2' => (name === 'far' ? 'node-2' : 'node-1')

/** The pods as Kubernetes has them, with one family or both. */
export function rawPods(families: readonly Family[] = FAMILIES): readonly RawPod[] {
  return POD_NAMES.map((name) =>
    pod(`shop/${name}`, families.map((family) => addressOf(name, family)).join(' '), {
      labels: { app: name },
      spec: { nodeName: nodeOf(name), containers: [{ name: 'main' }] },
    }),
  )
}

/** The lab that the tests of a group share, with nothing of theirs left on the nodes after each. */
export interface Kernel {
  readonly lab: Lab
  place(name: PodName): PodPlace
  /** Takes every table off both nodes, but for one that keeps conntrack going, as kube-proxy does on every node. */
  clear(): Promise<void>
}

const TRACKING = `flush ruleset
table inet tracking {
  chain forward { type filter hook forward priority 300; policy accept; ct state new accept; }
}
`

/** A group of tests in each arrangement, each with a lab of its own; skipped aloud where there can be none. */
export function describeKernel(
  name: string,
  body: (kernel: Kernel, arrangement: Arrangement) => void,
  among: readonly Arrangement[] = arrangements(),
): void {
  for (const arrangement of among) {
    describeLab(`${name}, ${arrangement}`, () => {
      let lab: Lab | undefined
      const kernel: Kernel = {
        get lab() {
          if (lab === undefined) throw new Error('the lab stands only while tests run')
          return lab
        },
        place(podName) {
          const place = kernel.lab.place(`shop/${podName}`)
          if (place.kind !== 'pod') throw new Error(`${podName} is no pod`)
          return place
        },
        async clear() {
          for (const node of ['node-1', 'node-2']) await kernel.lab.loadRuleset(node, TRACKING)
        },
      }
      beforeAll(async () => {
        lab = await createLab({
          arrangement,
          nodes: [{ name: 'node-1' }, { name: 'node-2' }],
          pods: POD_NAMES.map((podName) => ({
            name: `shop/${podName}`,
            node: nodeOf(podName),
            addresses: FAMILIES.map((family) => addressOf(podName, family)),
          })),
          outside: FAMILIES.map((family) => addressOf('outside', family)),
        })
        await kernel.clear()
      })
      afterAll(async () => lab?.close())
      afterEach(() => kernel.clear())
      body(kernel, arrangement)
    })
  }
}

/** How long to wait for what must come: ample, since the machine may be busy. For `expect.poll`. */
export const PATIENCE = { timeout: patient(10_000) }
