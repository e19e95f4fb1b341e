import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { type NodeAgent, startNodeAgent } from '../flood/node-agent.ts'
import type { Flood } from '../flood/start-flood.ts'
import { describeLab } from '../lab/describe-lab.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { type Flow, type FlowKind, isRaw } from './flow.ts'
import { goOn, lost, stand } from './flow-checks.ts'
import { CLIENTS, clusterWith, IDLE, podAt, reaches, ROLE, takes } from './flows-cluster.ts'
import { addressOf, createFlowsLab, NODES, type PodName } from './flows-lab.ts'
import { openRawFlows, openSessions, speakRaw } from './hold-flows.ts'
import { type Look, type Sights, watchFlows } from './watch-flows.ts'

// trap 47: a policy that tightens ends live flows, also by a remote peer's labels; allowed ones survive

const flows = (client: PodName, server: PodName, kinds: readonly FlowKind[]): readonly Flow[] =>
  FAMILIES.flatMap((family) => kinds.map((kind) => ({ client, server, family, kind })))

const RAW_KINDS = ['UDP raw', 'SCTP raw'] as const

/** What is taken away: from a pod of the same node and from one of the other node. */
const TAKEN: readonly Flow[] = [
  ...flows('web', 'db', ['TCP echo', 'TCP push', ...RAW_KINDS]),
  ...flows('far', 'db', RAW_KINDS),
  { client: 'web', server: 'db', family: 'IPv4', kind: 'UDP push' },
  { client: 'web', server: 'db', family: 'IPv6', kind: 'UDP echo' },
  { client: 'far', server: 'db', family: 'IPv4', kind: 'TCP push' },
  { client: 'far', server: 'db', family: 'IPv6', kind: 'TCP echo' },
]
/** The same server with another peer, the same clients with another server, and two that no policy selects. */
const KEPT: readonly Flow[] = [
  ...flows('idle', 'db', RAW_KINDS),
  ...flows('web', 'other', RAW_KINDS),
  ...flows('far', 'other', RAW_KINDS),
  ...flows('idle', 'other', RAW_KINDS),
  { client: 'idle', server: 'db', family: 'IPv4', kind: 'TCP push' },
  { client: 'idle', server: 'db', family: 'IPv6', kind: 'TCP echo' },
]
const ALL = [...TAKEN, ...KEPT]

describeLab('live flows when a right is taken away', () => {
  vi.setConfig({ testTimeout: 120_000 })
  let lab: Lab
  let agents: readonly NodeAgent[]
  let look: Look
  let speaking: Flood | undefined
  /** As it was before raw flows began to speak. */
  let quiet: Sights

  const become = (cluster: RawCluster) => Promise.all(agents.map((agent) => agent.become(cluster)))
  const startAgents = async (options = {}) => {
    agents = await Promise.all(NODES.map((node) => startNodeAgent(lab, clusterWith(), { node, options })))
  }

  beforeAll(async () => {
    lab = await createFlowsLab()
    await startAgents()
    look = await watchFlows(lab, ALL)
    await Promise.all([openSessions(lab, ALL), openRawFlows(lab, ALL)])
  })
  afterAll(async () => lab?.close())
  beforeEach(async () => {
    await become(clusterWith())
    quiet = await look()
    speaking = await speakRaw(lab, ALL)
    await goOn(look, ALL)
  })
  afterEach(async () => speaking?.close())

  test('conntrack follows the associations that were made by hand', async () => {
    const entries = await lab
      .nft('node-1', ['list', 'ruleset'])
      .then(() => lab.exec('node-1', ['cat', '/proc/net/nf_conntrack']))
    expect(entries.stdout.match(/sctp .* ESTABLISHED /g)?.length).toBe(
      ALL.filter(({ kind }) => kind === 'SCTP raw').length,
    )
  })

  test.each<readonly [string, RawCluster]>([
    ['a policy’s rule', clusterWith({ policies: [takes('shop/store', 'store', IDLE)] })],
    [
      'rules of the clients’ own policies',
      clusterWith({
        policies: [
          takes('shop/store', 'store', CLIENTS, IDLE),
          reaches('front/out', ROLE('other')),
          reaches('remote/out', ROLE('other')),
        ],
      }),
    ],
    [
      'the peers’ labels',
      clusterWith({ web: podAt('web', 'front/web', 'guest'), far: podAt('far', 'remote/far', 'guest') }),
    ],
    ['the server’s labels', clusterWith({ db: podAt('db', 'shop/db', 'vault') })],
    ['labels of the peers’ namespaces', clusterWith({ env: 'test' })],
    [
      'the peers, whose addresses others take over',
      clusterWith({ web: podAt('web', 'front/web-2', 'guest'), far: podAt('far', 'remote/far-2', 'guest') }),
    ],
    ['the server, whose address another takes over', clusterWith({ db: podAt('db', 'shop/db-2', 'vault') })],
  ])('with %s it stops at its next packet, others lose nothing, and with the right it goes on', async (_, tight) => {
    await become(tight)
    await stand(look, TAKEN)
    await goOn(look, KEPT)
    await become(clusterWith())
    await goOn(look, TAKEN)
    await speaking?.close()
    expect(await lost(look, KEPT)).toEqual([])
  })

  test('with established: keep the flows go on, and a new one is denied', async () => {
    await startAgents({ established: 'keep' })
    await goOn(look, ALL)
    await become(clusterWith({ policies: [takes('shop/store', 'store', IDLE)] }))
    await goOn(look, ALL)
    const fresh = FAMILIES.map((family) => ({
      from: 'web',
      toAddress: addressOf('db', family),
      protocol: 'TCP' as const,
      port: 7,
    }))
    expect(await lab.probe(fresh)).toEqual([false, false])
    await speaking?.close()
    expect(await lost(look, TAKEN.filter(isRaw), quiet)).toEqual([])
    expect(await lost(look, KEPT)).toEqual([])
  })
})
