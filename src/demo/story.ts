import type { End, Receiver } from './reachability.ts'

/** A pod of the demo; `workload` is the Deployment of the shop that it is a replica of. */
export interface DemoPod {
  readonly name: string
  readonly namespace: string
  readonly workload: string | undefined
  readonly node: string
  readonly address: string
}

export const NODES = ['node-1', 'node-2'] as const

export const MONITORING = 'monitoring'

/** Of the shop's own pods. */
export const SHOP_NAMESPACE = 'production'

export const PODS: readonly DemoPod[] = [
  shopPod('frontend-1', 'frontend', 'node-1', '10.244.1.10'),
  shopPod('frontend-2', 'frontend', 'node-2', '10.244.2.10'),
  shopPod('backend-1', 'backend', 'node-1', '10.244.1.20'),
  shopPod('backend-2', 'backend', 'node-2', '10.244.2.20'),
  shopPod('database-1', 'database', 'node-1', '10.244.1.30'),
  { name: 'prometheus', namespace: MONITORING, workload: undefined, node: 'node-1', address: '10.244.1.40' },
]

/** Somebody outside of the cluster, with an address that is nobody's (RFC 5737). */
export const INTERNET = { name: 'internet', address: '203.0.113.10' } as const

const FRONTEND = replicas('frontend')
const BACKEND = replicas('backend')
const DATABASE = { name: 'database', members: ['database-1'] }
const OUTSIDE = { name: INTERNET.name, members: [INTERNET.name] }

/** Rows of every table. */
export const SENDERS: readonly End[] = [
  FRONTEND,
  BACKEND,
  DATABASE,
  { name: 'prometheus', members: ['prometheus'] },
  OUTSIDE,
]

/** Columns, with the port that each really listens on. */
export const RECEIVERS: readonly Receiver[] = [
  { ...FRONTEND, port: 8080 },
  { ...BACKEND, port: 8080 },
  { ...DATABASE, port: 5432 },
  { ...OUTSIDE, port: 443 },
]

/** The connection that is opened at the start and lives through all steps; from one node to the other. */
export const LIVE_FLOW = { from: 'prometheus', to: 'backend-2', port: 8080 } as const

/** Of all that was denied, what is explained in the end. */
export const DENIED = { from: 'frontend-1', to: 'database-1' } as const

/** What is only tried in the end, by the annotation `selvedge.io/mode: audit`: who called the frontend beside the internet? */
export const AUDITED = {
  name: 'frontend-allow-internet',
  words:
    'Annotated selvedge.io/mode: audit, a policy isolates nobody. This one would let only the internet call the frontend; ' +
    'nothing changes, and what it would deny is noted.',
  spec: {
    podSelector: { matchLabels: { tier: 'frontend' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 8080 }] }],
  },
} as const

/** The label that lets the namespace in, by the shop's policy `backend-allow-frontend`. */
export const LABEL = { name: 'environment', value: 'production' } as const

/** What each of the shop's policies means, in a sentence; one that is not here is shown without. */
export const WORDS: ReadonlyMap<string, string> = new Map([
  ['database-deny-all', 'The database is selected, and nothing is allowed in.'],
  ['database-allow-backend', 'Policies only add: this one opens a door to the backend, for port 5432.'],
  [
    'backend-allow-frontend',
    'The backend hears the frontend, and any pod of a namespace labelled environment=production.',
  ],
  ['backend-egress', 'The other direction: the backend may call the database and port 443 outside, nothing else.'],
])

function shopPod(name: string, workload: string, node: string, address: string): DemoPod {
  return { name, namespace: SHOP_NAMESPACE, workload, node, address }
}

function replicas(workload: string): End {
  return { name: workload, members: [`${workload}-1`, `${workload}-2`] }
}
