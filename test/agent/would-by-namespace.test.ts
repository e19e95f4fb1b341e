import { expect, test } from 'vitest'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { createTwoWorlds } from '../../compiler/flows/two-worlds.ts'
import { createAskedGrowth } from '../../src/agent/grown-asked.ts'
import { createWouldByNamespace } from '../../src/agent/would-by-namespace.ts'
import type { AskedFlow } from '../../src/kernel/read-would.ts'
import { withMode } from '../arbitraries/audited.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawPolicy } from '../oracle/raw-cluster.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'

const WEB = '10.244.1.1'
const DB = '10.244.1.2'
const PODS = [
  pod('shop/web', WEB, { labels: { app: 'web' } }),
  pod('data/db', DB, { labels: { app: 'db' }, ports: [{ containerPort: 80 }] }),
]
const select = (app: string) => ({ podSelector: { matchLabels: { app } } })
/** db takes what comes to port 80. */
const db = policy('data/db', { ...select('db'), ingress: [{ ports: [{ port: 80 }] }] })
/** web begins nothing. */
const web = policy('shop/web', { ...select('web'), policyTypes: ['Egress'] })

function watching(...policies: readonly RawPolicy[]) {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(decodeCluster(clusterOf(...PODS, ...policies)).map((object) => ({ type: 'put', object })))
  const book = createWouldByNamespace(engine.ownerOf)
  const growth = createAskedGrowth(() => 0)
  const take = (...flows: readonly AskedFlow[]) => book.take(growth.take(flows), createTwoWorlds(engine.worlds()))
  const told = () => book.values().map(({ namespace, direction, packets }) => `${namespace} ${direction} ${packets}`)
  return { take, told, forget: growth.setsAreNew }
}

function asked(
  direction: AskedFlow['direction'],
  port: number,
  packets: number,
  more: Partial<AskedFlow> = {},
): AskedFlow {
  const [source, destination] = [parseAddress(WEB), parseAddress(DB)]
  if (source === undefined || destination === undefined) throw new Error('a test wrote an address')
  return {
    source,
    destination,
    carries: { protocol: 'TCP', port },
    direction,
    directed: true,
    fate: 'allowed',
    packets,
    age: 0,
    ...more,
  }
}

test('what an audited policy would deny is summed by its pods’ namespace, and never goes down', () => {
  const { take, told, forget } = watching(withMode(db, 'audit'))
  // What it grants is no matter, whatever an older one did not grant.
  take(asked('ingress', 22, 3), asked('ingress', 80, 50), asked('ingress', 23, 1))
  expect(told()).toEqual(['data ingress 4'])
  take(asked('ingress', 22, 5), asked('ingress', 80, 60))
  expect(told()).toEqual(['data ingress 6'])
  take(asked('ingress', 22, 2))
  expect(told()).toEqual(['data ingress 8'])
  forget()
  take(asked('ingress', 22, 2))
  expect(told()).toEqual(['data ingress 10'])
})

test('what both ends would deny counts once, for the sender; what enforced ones deny anyway, for nobody', () => {
  const both = watching(withMode(db, 'audit'), withMode(web, 'audit'))
  both.take(asked('egress', 22, 3), asked('ingress', 22, 3), asked('egress', 80, 2))
  expect(both.told()).toEqual(['shop egress 5'])
  const enforced = watching(db, withMode(web, 'audit'))
  enforced.take(asked('egress', 22, 3), asked('egress', 80, 2))
  expect(enforced.told()).toEqual(['shop egress 2'])
  // Noted before db's enforced policy came, which denies what the audited one would allow.
  const ssh = policy('data/ssh', { ...select('db'), ingress: [{ ports: [{ port: 22 }] }] })
  const opening = watching(db, withMode(ssh, 'audit'))
  opening.take(asked('ingress', 22, 3))
  expect(opening.told()).toEqual([])
})

test('late answers, packets without a direction and addresses of nobody are in no sum', () => {
  const { take, told } = watching(withMode(db, 'audit'))
  const [source = { family: 'IPv4', value: 0n }] = [parseAddress(DB)]
  const [destination = source] = [parseAddress('10.244.9.9')]
  take(
    asked('ingress', 22, 3, { directed: false }),
    asked('egress', 22, 3, { source: destination }),
    asked('ingress', 22, 4, { destination }),
  )
  expect(told()).toEqual([])
  // An answer of db's port 80 to a client's, whose way back is allowed.
  const late = watching(withMode(policy('data/db', { ...select('db'), policyTypes: ['Egress'] }), 'audit'))
  const client = parseAddress(WEB)
  if (client === undefined) throw new Error('a test wrote an address')
  late.take(asked('egress', 40_000, 3, { source, destination: client }))
  expect(late.told()).toEqual([])
  late.take(asked('egress', 443, 3, { source, destination: client }))
  expect(late.told()).toEqual(['data egress 3'])
})
