import { type Cluster, createCluster } from '../../../compiler/cluster/create-cluster.ts'
import { parseBlock } from '../../../compiler/addresses/parse-block.ts'
import { assignAddresses } from '../../../compiler/cluster/assign-addresses.ts'
import type { Pod } from '../../../compiler/objects/objects.ts'
import { readObjects } from '../../../compiler/objects/read-objects.ts'

const TIERS = ['web', 'api', 'worker', 'cache', 'db'] as const
const AREAS = ['shop', 'billing', 'search', 'identity', 'reports', 'mail', 'media', 'stock']

/**
 * The same made-up cluster each time: so many workloads in namespaces of at most ten, with so many pods each. In each
 * namespace web is reached from everywhere and reaches api, api reaches cache and db, worker is open, and one namespace in
 * four has no policy at all.
 */
export function madeUpCluster(workloads: number, podsEach: number): Cluster {
  const count = Math.ceil(workloads / 10)
  const documents: object[] = []
  for (let area = 0; area < count; area += 1) {
    const namespace = `${AREAS[area % AREAS.length]}${area < AREAS.length ? '' : `-${Math.floor(area / AREAS.length)}`}`
    documents.push(named('v1', 'Namespace', namespace, undefined, {}))
    for (let index = 0; index < Math.min(10, workloads - area * 10); index += 1) {
      documents.push(...podsOf(namespace, index, podsEach))
    }
    if (area % 4 !== 3) documents.push(...policiesOf(namespace))
  }
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }, undefined, 1)
  return clusterOfText('made-up/cluster.json', text)
}

/** What the reading commands would make of one file. */
export function clusterOfText(file: string, text: string): Cluster {
  const { objects, others, diagnostics } = readObjects([{ file, text }], { defaultNamespace: 'default' })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const block = parseBlock('10.0.0.0/8')?.block
  const pods = objects.filter((object): object is Pod => object.kind === 'Pod')
  const addressed = block === undefined ? undefined : assignAddresses(pods, block, () => true)
  if (addressed === undefined) throw new Error('there are fewer addresses than pods')
  return createCluster([...objects.filter(({ kind }) => kind !== 'Pod'), ...addressed], others)
}

function podsOf(namespace: string, index: number, count: number): readonly object[] {
  const tier = TIERS[index % TIERS.length]
  const name = index < TIERS.length ? `${tier}` : `${tier}-${Math.floor(index / TIERS.length)}`
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-6d5f8c7b9`, uid: 'x', controller: true }
  return Array.from({ length: count }, (_, pod) => {
    const hash = (pod * 2654435761).toString(36).slice(-5).padStart(5, 'x')
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-6d5f8c7b9-${hash}`,
        namespace,
        labels: { app: name, tier, 'pod-template-hash': '6d5f8c7b9' },
        ownerReferences: [owner],
      },
      spec: { containers: [{ name: 'main', image: 'x', ports: [{ name: 'http', containerPort: 8080 }] }] },
    }
  })
}

function policiesOf(namespace: string): readonly object[] {
  const tier = (name: string) => ({ podSelector: { matchLabels: { tier: name } } })
  const tcp = (port: number | string) => [{ protocol: 'TCP', port }]
  const policy = (name: string, spec: object) =>
    named('networking.k8s.io/v1', 'NetworkPolicy', name, namespace, { spec })
  const select = (name: string) => ({ matchLabels: { tier: name } })
  return [
    policy('web', { podSelector: select('web'), policyTypes: ['Ingress'], ingress: [{ ports: tcp('http') }] }),
    policy('api', {
      podSelector: select('api'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [tier('web')], ports: tcp('http') }],
      egress: [
        { to: [tier('cache')], ports: tcp(6379) },
        { to: [tier('db')], ports: tcp(5432) },
        { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: tcp(443) },
      ],
    }),
    policy('cache', { podSelector: select('cache'), policyTypes: ['Egress'] }),
    policy('db', {
      podSelector: select('db'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [tier('api')], ports: tcp(5432) }],
    }),
  ]
}

function named(apiVersion: string, kind: string, name: string, namespace: string | undefined, rest: object): object {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, ...rest }
}
