import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { SHOP } from '../cli/run-selvedge.ts'
import { clusterOf, namespace, pod } from '../oracle/make-objects.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawPod, RawPolicy } from '../oracle/raw-cluster.ts'

/** Two pods of each Deployment where it matters; addresses of our own, as no verdict depends on them. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  frontend: ['10.1.0.1', '10.1.1.1'],
  backend: ['10.1.0.2', '10.1.1.2'],
  database: ['10.1.0.3'],
  prometheus: ['10.2.0.1'],
  internet: ['198.51.100.7'],
}
const PORTS: Readonly<Record<string, number>> = { frontend: 8080, backend: 8080, database: 5432, internet: 443 }

export const POLICIES: readonly RawPolicy[] = parseAllDocuments(readFileSync(join(SHOP, 'policies.yaml'), 'utf8')).map(
  (document) => document.toJS() as RawPolicy,
)

/** Of so many of the policies, and prometheus' namespace labelled or not: `from to:port` and whether it is open. */
export function shopVerdicts(policies: number, labelled: boolean): ReadonlyMap<string, boolean> {
  const judge = oracle(
    clusterOf(
      namespace('production', { environment: 'production' }),
      namespace('monitoring', labelled ? { environment: 'production' } : {}),
      ...Object.keys(ADDRESSES).flatMap(podsOf),
      ...POLICIES.slice(0, policies),
    ),
  )
  const verdicts = new Map<string, boolean>()
  for (const [from, sources] of Object.entries(ADDRESSES)) {
    for (const [to, port] of Object.entries(PORTS)) {
      for (const source of sources) {
        for (const destination of ADDRESSES[to] ?? []) {
          if (source === destination) continue
          const { allowed } = judge({ source, destination, protocol: 'TCP', port })
          const way = `${from} ${to}:${port}`
          if (verdicts.has(way) && verdicts.get(way) !== allowed) throw new Error(`${way}: the replicas differ`)
          verdicts.set(way, allowed)
        }
      }
    }
  }
  return verdicts
}

function podsOf(name: string): readonly RawPod[] {
  if (name === 'internet') return []
  const inNamespace = name === 'prometheus' ? 'monitoring' : 'production'
  const labels: Readonly<Record<string, string>> = name === 'prometheus' ? { app: name } : { app: 'shop', tier: name }
  return (ADDRESSES[name] ?? []).map((address, index) => pod(`${inNamespace}/${name}-${index}`, address, { labels }))
}
