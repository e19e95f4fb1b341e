import { keyOf } from '../arbitraries/events.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawContainerPort, RawPeer, RawPolicy, RawRule } from '../oracle/raw-cluster.ts'
import type { ApiObjects } from './api-objects.ts'
import { slotAddresses } from './slots.ts'

/** One thing that somebody does to the cluster. */
export interface Step {
  readonly title: string
  /** Whether some connection gets another verdict by it; the test looks, so that no step is idle by mistake. */
  readonly changes: boolean
  readonly act: (objects: ApiObjects) => Promise<void>
}

const http = (containerPort: number): readonly RawContainerPort[] => [{ name: 'http', containerPort }]

/** A pod in a slot, with a label `app`. */
function podAt(path: string, [node, slot]: readonly [number, number], app: string, ports = http(8080)) {
  const containers = [{ name: 'main', ports }]
  return pod(path, slotAddresses(node, slot).join(' '), {
    labels: { app },
    spec: { nodeName: `node-${node}`, containers },
  })
}

const WEB = podAt('shop/web', [1, 0], 'web')
const DATABASE = podAt('shop/db', [1, 1], 'db')
const CACHE = podAt('shop/cache', [2, 0], 'cache', http(8090))
const OTHER_WEB = podAt('other/web', [1, 2], 'web')
const OTHER_DATABASE = podAt('other/db', [2, 1], 'db')

const app = (name: string): RawPeer => ({ podSelector: { matchLabels: { app: name } } })
const team = (name: string): RawPeer => ({ namespaceSelector: { matchLabels: { team: name } } })
const select = (name: string) => ({ matchLabels: { app: name } })

function ingress(name: string, to: string, rule: RawRule): RawPolicy {
  return policy(`shop/${name}`, { podSelector: select(to), policyTypes: ['Ingress'], ingress: [rule] })
}

const FROM_WEB = ingress('from-web', 'db', { from: [app('web')], ports: [{ port: 8080 }] })
const RENAMED = ingress('renamed', 'db', { from: [app('web')], ports: [{ port: 8080 }] })
const BLOCKS: readonly RawPeer[] = [
  { ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] } },
  { ipBlock: { cidr: '2001:db8::/32', except: ['2001:db8:2::/48'] } },
]
const OUT = policy('other/out', {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [
    { to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] },
    { to: BLOCKS, ports: [{ port: 80 }] },
  ],
})

const step = (title: string, act: Step['act'], changes = true): Step => ({ title, changes, act })
const create = (title: string, object: Parameters<ApiObjects['create']>[0], changes = true): Step =>
  step(title, (objects) => objects.create(object), changes)
const remove = (title: string, object: Parameters<ApiObjects['create']>[0], changes = true): Step =>
  step(title, (objects) => objects.remove(keyOf(object)), changes)
const label = (title: string, object: Parameters<ApiObjects['create']>[0], labels: Readonly<Record<string, string>>) =>
  step(title, (objects) => objects.patch(keyOf(object), { metadata: { labels } }))

const DENY = policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] })
const OTHER = namespace('other', { team: 'b' })

/** What stands before the first step. */
export const BEGINNING = [namespace('shop', { team: 'a' }), OTHER, WEB, DATABASE, CACHE, OTHER_WEB, OTHER_DATABASE]

/** From default deny to nothing left: each form of a policy, then each thing that happens to pods and namespaces. */
export const STORY: readonly Step[] = [
  create('default deny', DENY),
  create('allow by pod selector', FROM_WEB),
  create('allow by namespace selector, UDP', {
    ...ingress('from-team', 'cache', { from: [team('b')], ports: [{ protocol: 'UDP', port: 53 }] }),
  }),
  create('allow by both selectors', ingress('from-both', 'web', { from: [{ ...team('b'), ...app('db') }] })),
  create('allow blocks with excepts', ingress('from-blocks', 'web', { from: BLOCKS, ports: [{ port: 80 }] })),
  create('allow a port by name', ingress('by-name', 'cache', { ports: [{ port: 'http' }] })),
  create(
    'allow a range of ports',
    ingress('range', 'web', { from: [app('db')], ports: [{ port: 8080, endPort: 8090 }] }),
  ),
  create('egress to DNS and to blocks alone', OUT),
  label('a pod gets another label', OTHER_DATABASE, { app: 'web' }),
  label('a namespace gets another label', OTHER, { team: 'c' }),
  label('both get their labels back', OTHER, { team: 'b' }),
  label('the pod too', OTHER_DATABASE, { app: 'db' }),
  remove('a pod goes', WEB),
  create('its address comes back with a pod of another namespace', podAt('other/heir', [1, 0], 'db')),
  step('a pod has finished', (objects) => objects.patchStatus(keyOf(CACHE), { phase: 'Succeeded' })),
  create('its address comes back while it still stands there', podAt('shop/next', [2, 0], 'web')),
  step('a pod terminates and still counts', (objects) => objects.remove(keyOf(DATABASE), 30), false),
  remove('it is gone', DATABASE),
  step('a pod waits for an address', (objects) => objects.create({ ...DATABASE, status: { phase: 'Pending' } }), false),
  step('and gets it', (objects) => objects.patchStatus(keyOf(DATABASE), DATABASE.status)),
  step('a policy selects other pods', (objects) =>
    objects.replace({ ...OUT, spec: { ...OUT.spec, podSelector: select('db') } }),
  ),
  create('a policy under a new name beside the old', RENAMED, false),
  remove('the old name goes', FROM_WEB, false),
  remove('the new name goes', RENAMED),
  remove('egress is open again', OUT),
  remove('default deny goes', DENY),
  step('all policies go', async (objects) => {
    const { policies } = await objects.snapshot()
    for (const one of policies) await objects.remove(keyOf(one))
  }),
]
