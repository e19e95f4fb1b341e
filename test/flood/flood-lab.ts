import { afterAll, beforeAll } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { pod } from '../oracle/make-objects.ts'
import type { RawLabels, RawPod } from '../oracle/raw-cluster.ts'

/** Four pods of node-1, the node that enforces, and one of node-2; `flooder` is a pod that no cluster knows. */
const POD_NAMES = ['web', 'api', 'db', 'cache', 'far'] as const
export type PodName = (typeof POD_NAMES)[number]

const LAST_GROUPS: Readonly<Record<PodName | 'flooder', string>> = {
  web: '10',
  api: '11',
  db: '12',
  cache: '13',
  far: '10',
  flooder: '99',
}

export function nodeOf(name: PodName | 'flooder'): 'node-1' | 'node-2' {
  return name === 'far' ? 'node-2' : 'node-1'
}

export function addressOf(name: PodName | 'flooder', family: Family): string {
  const node = nodeOf(name) === 'node-1' ? 1 : 2
  return family === 'IPv4' ? `10.244.${node}.${LAST_GROUPS[name]}` : `fd44:0:0:${node}::${LAST_GROUPS[name]}`
}

/** The pod with a label app of its name, and these beside it, in the namespace shop unless said otherwise. */
export function podOf(name: PodName, labels: RawLabels = {}, namespace = 'shop'): RawPod {
  return pod(`${namespace}/${name}`, FAMILIES.map((family) => addressOf(name, family)).join(' '), {
    labels: { app: name, ...labels },
    spec: { nodeName: nodeOf(name), containers: [{ name: 'main' }] },
  })
}

/** All pods; those named here with more labels. */
export function podsOf(labels: Partial<Record<PodName, RawLabels>> = {}): readonly RawPod[] {
  return POD_NAMES.map((name) => podOf(name, labels[name]))
}

/** A group of tests that share a lab with the flooder; skipped aloud where there can be none. */
export function describeFlood(name: string, body: (lab: () => Lab) => void): void {
  describeLab(name, () => {
    let lab: Lab | undefined
    const getLab = (): Lab => {
      if (lab === undefined) throw new Error('the lab stands only while tests run')
      return lab
    }
    beforeAll(async () => {
      lab = await createLab({
        arrangement: 'bridged',
        nodes: [{ name: 'node-1' }, { name: 'node-2' }],
        pods: ([...POD_NAMES, 'flooder'] as const).map((podName) => ({
          name: podName,
          node: nodeOf(podName),
          addresses: FAMILIES.map((family) => addressOf(podName, family)),
        })),
      })
      // Nobody answers: what arrives has been counted on its way, and replies are frames of the flood, too.
      for (const podName of POD_NAMES) await lab.nft(podName, ['-f', '-'], DEAF)
    })
    afterAll(async () => lab?.close())
    body(getLab)
  })
}

const DEAF = `table netdev deaf {
  chain ingress { type filter hook ingress device "eth0" priority 0; policy accept; th sport 20000-65535 drop; th dport 20000-65535 drop; }
}
`
