import { readFileSync } from 'node:fs'
import type { RawCluster, RawContainerPort, RawLabels, RawPod, RawPolicy } from '../oracle/raw-cluster.ts'

export interface CyclonusCase {
  readonly id: number
  readonly description: string
  readonly tags: readonly string[]
  /** They follow each other: a step's objects replace the last one's. */
  readonly steps: readonly CyclonusStep[]
}

export interface CyclonusStep {
  readonly policies: readonly RawPolicy[]
  readonly namespaces: Readonly<Record<string, RawLabels>>
  readonly pods: readonly CyclonusPod[]
  /** By `PROTOCOL/port`: the allowed pairs `x/a>y/b`; an absent pair is denied. */
  readonly allowed: Readonly<Record<string, readonly string[]>>
}

export interface CyclonusPod {
  readonly ns: string
  readonly name: string
  readonly labels: RawLabels
  readonly ip: string
}

/** The table of verdicts, as its generator wrote it. */
export function readCyclonusCases(): readonly CyclonusCase[] {
  const text = readFileSync(new URL('./cyclonus-cases.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly cases: readonly CyclonusCase[] }).cases
}

/** A step's objects as Kubernetes has them; addresses of 10.244.1.0/24 stand on node-1, the others on node-2. */
export function clusterOfStep(step: CyclonusStep): RawCluster {
  return {
    pods: step.pods.map(podOf),
    namespaces: Object.entries(step.namespaces).map(([name, labels]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
    // Some of the table's policies leave out what they are.
    policies: step.policies.map((policy) => ({ ...policy, apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' })),
  }
}

/** Every pod serves ports 80 and 81 over each protocol, under names such as serve-80-tcp. */
const SERVED: readonly RawContainerPort[] = [80, 81].flatMap((containerPort) =>
  ['TCP', 'UDP', 'SCTP'].map((protocol) => ({
    name: `serve-${containerPort}-${protocol.toLowerCase()}`,
    containerPort,
    protocol,
  })),
)

function podOf({ ns, name, labels, ip }: CyclonusPod): RawPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: ns, name, labels },
    spec: {
      nodeName: ip.startsWith('10.244.1.') ? 'node-1' : 'node-2',
      containers: [{ name: 'serve', image: 'serve', ports: SERVED }],
    },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  }
}
