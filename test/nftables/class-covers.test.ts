import { expect, test } from 'vitest'
import type { Family } from '../../compiler/addresses/address.ts'
import { classCovers } from '../../compiler/nftables/class-covers.ts'
import { portsKey } from '../../compiler/graph/grants.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawRule } from '../oracle/raw-cluster.ts'

/** What the rules of the one class of ingress say that they cover, of requests: `peers ports`. */
function covered(ingress: readonly RawRule[], family: Family = 'IPv4'): readonly string[] {
  const address = family === 'IPv4' ? '10.244.1.1' : 'fd00::1'
  const engine = engineOf(
    clusterOf(pod('shop/db', address, { labels: { app: 'db' } }), policy('shop/db', { podSelector: {}, ingress })),
  )
  const [use] = engine.classUses()
  if (use === undefined) throw new Error('no class')
  const covers = classCovers(use.chains, use.sets)
  return [...new Set(covers.map(({ peers, ports }) => `${peers} ${ports?.map(portsKey).join(', ') ?? 'several'}`))]
}

const from = (...labels: readonly string[]) => labels.map((app) => ({ podSelector: { matchLabels: { app } } }))
const block = (cidr: string) => [{ ipBlock: { cidr } }]

test.each<readonly [string, readonly RawRule[], readonly string[]]>([
  ['all ports for anyone', [{}], ['anyone any']],
  ['a protocol for anyone', [{ ports: [{ protocol: 'UDP' }] }], ['anyone UDP']],
  ['ports for anyone', [{ ports: [{ port: 80 }, { port: 90, endPort: 99 }] }], ['anyone TCP 80', 'anyone TCP 90-99']],
  ['every port for pods', [{ from: from('web') }], ['groups any']],
  ['a protocol for pods', [{ from: from('web'), ports: [{ protocol: 'SCTP' }] }], ['groups SCTP']],
  ['ports for pods', [{ from: from('web'), ports: [{ port: 80, endPort: 81 }] }], ['groups TCP 80-81']],
  ['blocks', [{ from: block('192.0.2.0/24'), ports: [{ port: 80 }] }], ['blocks TCP 80']],
  ['blocks, every port', [{ from: block('192.0.2.0/24') }], ['blocks any']],
])('%s', (_, rules, expected) => {
  expect(covered(rules)).toEqual(expected)
})

test('behind a map of ports they are those that lead to the chain', () => {
  const rules = Array.from({ length: 7 }, (_, index) => ({
    from: from(`web-${index % 2}`),
    ports: [{ port: 8000 + 2 * index }],
  }))
  expect([...covered(rules)].sort()).toEqual([
    'groups TCP 8000, TCP 8004, TCP 8008, TCP 8012',
    'groups TCP 8002, TCP 8006, TCP 8010',
  ])
})

test('where a set holds many grants they are several', () => {
  const many = Array.from({ length: 130 }, (_, index) => ({
    from: from(`web-${index}`),
    ports: [{ port: 8000 + 2 * index }],
  }))
  expect(covered(many)).toEqual(['several several'])
  const ports = Array.from({ length: 7 }, (_, index) => ({ port: 8000 + 2 * index }))
  expect(covered([{ ports }])).toEqual(['anyone several'])
  const blocks = Array.from({ length: 9 }, (_, index) => block(`192.0.${index * 2}.0/24`)).flat()
  expect(covered([{ from: blocks }])).toEqual(['blocks several'])
})
