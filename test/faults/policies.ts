import { policy } from '../oracle/make-objects.ts'
import type { RawPolicy, RawRule } from '../oracle/raw-cluster.ts'
import type { PodName } from './fault-lab.ts'

/** As a peer or in a spec. */
export const app = (name: PodName) => ({ podSelector: { matchLabels: { app: name } } })

export const atDatabase = [
  { protocol: 'UDP', port: 5432 },
  { protocol: 'TCP', port: 5432 },
] as const

/** web and nobody else reaches db at 5432; db begins nothing; web may go nowhere else. */
export const POLICIES: readonly RawPolicy[] = [
  policy('shop/db', {
    ...app('db'),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [app('web')], ports: atDatabase }],
  }),
  policy('shop/web', {
    ...app('web'),
    policyTypes: ['Egress'],
    egress: [{ to: [app('db')], ports: atDatabase }],
  }),
]

/** One more policy for db: what these rules grant beside the rest. */
export const more = (...ingress: readonly RawRule[]): RawPolicy =>
  policy('shop/more', { ...app('db'), policyTypes: ['Ingress'], ingress })

/** idle may reach db as well. */
export const WITH_IDLE: readonly RawPolicy[] = [...POLICIES, more({ from: [app('idle')], ports: atDatabase })]
