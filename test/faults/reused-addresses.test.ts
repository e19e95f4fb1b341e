import { expect, test } from 'vitest'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawPod } from '../oracle/raw-cluster.ts'
import { startAgent } from './agent-on-node.ts'
import { addressesOf, describeFaults, type PodName } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { app, atDatabase } from './policies.ts'
import { makeSandboxFiles, uidOf } from './sandbox-files.ts'
import { startTraffic } from './traffic.ts'

const ROUNDS = 4
/** The other addresses of the subnet, which change hands all at once, too. */
const NEIGHBOURS = [2, 3, 4, 5, 6, 7, 8, 9]

const known = (name: string, addresses: string, label = name): RawPod =>
  pod(`shop/${name}`, addresses, { labels: { app: label }, metadata: { uid: uidOf(name) } })
const standing = (name: PodName) => known(name, addressesOf(name).join(' '))
const onlyFrom = (from: PodName) => ({ ingress: [{ from: [app(from)], ports: atDatabase }] })

/** Two pods that have an address by turns: who may speak to the one may not speak to the other. The status of both names it all the time. */
const CLUSTER = [
  namespace('shop', {}),
  standing('web'),
  standing('other'),
  standing('idle'),
  known('one', addressesOf('db').join(' ')),
  known('two', addressesOf('db').join(' ')),
  ...NEIGHBOURS.map((host) => known(`neighbour-${host}`, `10.244.9.${10 + host}`, 'neighbour')),
]
const POLICIES = [
  policy('shop/one', { podSelector: { matchLabels: { app: 'one' } }, ...onlyFrom('other') }),
  policy('shop/two', { podSelector: { matchLabels: { app: 'two' } }, ...onlyFrom('web') }),
  policy('shop/neighbours', { podSelector: { matchLabels: { app: 'neighbour' } }, ...onlyFrom('web') }),
]

describeFaults('addresses of a small subnet are given again as soon as they are free', (faults) => {
  test('a flow that never stops has the right of whoever has the address, and nothing of the one before', async () => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    manifests.write('cluster.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: CLUSTER }))
    const files = makeSandboxFiles()
    const address = addressesOf('db')
    files.give('one-0', 'one', address)
    const giveNeighbours = (round: number) => {
      for (const [index, host] of NEIGHBOURS.entries()) {
        if (round > 0) files.take(`neighbour-${host}-${round - 1}`)
        const next = NEIGHBOURS[(index + round) % NEIGHBOURS.length] ?? host
        files.give(`neighbour-${host}-${round}`, `neighbour-${host}`, [`10.244.1.${next}`])
      }
    }
    giveNeighbours(0)
    const agent = startAgent(lab, { folder: manifests.folder, flags: files.flags })
    await agent.ready()
    const traffic = await startTraffic(lab, {
      // One flow of each family for all of the test: conntrack never forgets it.
      'never stops': { from: 'shop/other', to: 'shop/db', port: 5432, sourcePort: 1_600 },
      'to another': { from: 'shop/other', to: 'shop/idle', port: 5432 },
      new: { from: 'shop/web', to: 'shop/db', port: 5432 },
    })
    for (let round = 0; round < ROUNDS; round += 1) {
      await traffic.until('never stops', 'passed')
      files.take(`one-${round}`)
      // At once in some rounds; in others nobody has it for a while, and nobody is spoken to by what was remembered.
      if (round % 2 === 1) await traffic.until('never stops', 'lost')
      files.give(`two-${round}`, 'two', address)
      giveNeighbours(round + 1)
      await traffic.until('new', 'passed')
      await traffic.more(20)
      files.take(`two-${round}`)
      files.give(`one-${round + 1}`, 'one', address)
    }
    await traffic.until('never stops', 'passed')
    await traffic.more(20)
    expect((await traffic.stop()).courses).toEqual({
      'never stops': `passed${' lost passed'.repeat(ROUNDS)}`,
      'to another': 'passed',
      new: `lost${' passed lost'.repeat(ROUNDS)}`,
    })
  })
})
