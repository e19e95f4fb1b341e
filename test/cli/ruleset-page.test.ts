import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { ClusterObject, Pod, Policy } from '../../compiler/objects/objects.ts'
import { createSelector } from '../../compiler/objects/selector.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { blockKinds, quotedLines, requote } from './quotes.ts'
import { printed, selvedge, SHOP } from './run-selvedge.ts'

const PATH = join(PROJECT_ROOT, 'docs', 'ruleset.md')
const README = join(PROJECT_ROOT, 'README.md')
const PAGE = readFileSync(PATH, 'utf8')

// UPDATE_GOLDEN=1 npx vitest run test/cli
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'

const shop = readInput({ filename: [SHOP], namespace: 'default', podCidr: '10.244.0.0/16' })?.objects ?? []
const find = <Kind extends ClusterObject['kind']>(kind: Kind, name: string) =>
  shop.find((object) => object.kind === kind && object.name === name) as Extract<ClusterObject, { kind: Kind }>
const frontend: Pod = find('Pod', 'frontend')
const allowFrontend: Policy = find('NetworkPolicy', 'backend-allow-frontend')
const tierFrontend = createSelector([{ key: 'tier', operator: 'In', values: ['frontend'] }])

function withPorts(policy: Policy, from: number, to: number): Policy {
  const rules = policy.ingress?.kind === 'rules' ? policy.ingress.rules : []
  const ports = [{ kind: 'range' as const, protocol: 'TCP' as const, from, to }]
  return { ...policy, ingress: { kind: 'rules', rules: rules.map((rule) => ({ ...rule, ports })) } }
}

const removal = (name: string): Change => ({ type: 'remove', kind: 'NetworkPolicy', namespace: 'production', name })

/** What each change of the second half does, and in how many transactions. */
const CHANGES: readonly (readonly [string, Change, number])[] = [
  ['peer', { type: 'put', object: { ...frontend, name: 'canary', addresses: ['10.244.7.7'] } }, 1],
  ['wider', { type: 'put', object: withPorts(allowFrontend, 8080, 8081) }, 2],
  ['narrower', removal('database-allow-backend'), 2],
  [
    'isolated',
    {
      type: 'put',
      object: { ...allowFrontend, name: 'front', podSelector: tierFrontend, ingress: { kind: 'rules', rules: [] } },
    },
    1,
  ],
  ['open', removal('backend-egress'), 2],
]

function transactionsOf(change: Change): readonly string[] {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(shop.map((object) => ({ type: 'put', object })))
  return planTransactions(engine.apply([change]), engine.view, DEFAULT_OPTIONS, 8)
}

/** One pod with a policy of 129 rules, each for a peer and a port of its own; the first two for a range as well. */
function manyDoors(): string {
  const pod = (name: string, podIP: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    status: { podIP },
  })
  const ranges = (index: number) => (index < 2 ? [{ port: 5000 + 10 * index, endPort: 5005 + 10 * index }] : [])
  const ingress = Array.from({ length: 129 }, (_, index) => ({
    from: [{ podSelector: { matchLabels: { app: `a-${index}` } } }],
    ports: [{ port: 1000 + 10 * index }, ...ranges(index)],
  }))
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'many-doors', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'hub' } }, ingress },
  }
  const items = [pod('hub', '10.244.1.10'), pod('a-0', '10.244.1.11'), pod('a-1', '10.244.1.12'), policy]
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

/** What a second policy with one grant does to that pod, and what its end does. */
function oneDoorMore(): { readonly come: readonly string[]; readonly gone: readonly string[] } {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply((JSON.parse(manyDoors()) as { readonly items: readonly unknown[] }).items.map(surePut))
  const from = [{ podSelector: { matchLabels: { app: 'a-1' } } }]
  const more = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'one-more', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'hub' } }, ingress: [{ from, ports: [{ port: 443 }] }] },
  }
  const text = (changes: readonly Change[]) => planTransactions(engine.apply(changes), engine.view, DEFAULT_OPTIONS, 8)
  const come = text([surePut(more)])
  return { come, gone: text([{ type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'one-more' }]) }
}

/** The shop with one pod, in its sandbox, under a hold that opens ten minutes after the agent has gone. */
function underTheHold(): string {
  const options = { ...DEFAULT_OPTIONS, holdOpenAfterSeconds: 600 }
  const engine = createEngine({ isLocal: () => true, ruleset: options })
  const named = { uid: '0f6a8f5e-6d3c-4c9b-9f6e-0a1b2c3d4e5f', namespace: frontend.namespace, name: 'checkout' }
  const addresses = ['10.244.1.17']
  const sandbox = { key: 'cbr0-1-eth0', ...named, addresses, order: 1 }
  engine.apply([
    ...shop.filter(({ kind }) => kind !== 'Pod').map((object) => ({ type: 'put' as const, object })),
    { type: 'put', object: { ...frontend, ...named, addresses } },
    ...holdChanges({ node: 'node-1', subnets: ['10.244.1.0/24'], sandboxes: [sandbox] }),
  ])
  return rulesetText(engine.ruleset(), options, 1)
}

test('docs/ruleset.md quotes what is printed, line for line', async () => {
  const shown = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, manifests = '']) => manifests)
  const [sevenDoors = '', nineBlocks = '', audited = ''] = shown
  const texts = {
    'nft shop': await printed(['compile', '-f', SHOP]),
    'nft ipvs': await printed(['compile', '-f', SHOP, '--service-proxy', 'ipvs']),
    'nft ipvs-reject': await printed(['compile', '-f', SHOP, '--service-proxy', 'ipvs', '--deny', 'reject']),
    'nft observe': await printed(['compile', '-f', SHOP, '--observe']),
    'nft seven-doors': await printed(['compile', '-f', '-'], { input: sevenDoors }),
    'nft nine-blocks': await printed(['compile', '-f', '-'], { input: nineBlocks }),
    // It says on standard error which policies are only audited.
    'nft audited': (await selvedge(['compile', '-f', '-'], { input: audited })).stdout,
    'nft hold': underTheHold(),
    'nft many-doors': await printed(['compile', '-f', '-'], { input: manyDoors() }),
    'nft one-more': oneDoorMore().come.join(''),
    'nft one-less': oneDoorMore().gone.join(''),
    ...Object.fromEntries(CHANGES.map(([name, change]) => [`nft ${name}`, transactionsOf(change).join('')])),
  }
  // A block without a kind would be compared with nothing.
  expect(PAGE.split('\n').filter((line) => line.startsWith('```')).length).toBe(
    2 * [...PAGE.matchAll(/^```\S/gm)].length,
  )
  expect(blockKinds(PAGE)).toEqual(new Set([...Object.keys(texts), 'yaml']))
  const now = requote(PAGE, texts)
  if (UPDATE) writeFileSync(PATH, now)
  else expect(now).toBe(PAGE)
})

test('of examples/shop it leaves out nothing but what is there once more for IPv6', async () => {
  const quoted = quotedLines(PAGE, 'nft shop')
  const lines = (await printed(['compile', '-f', SHOP])).split('\n').map((line) => line.trim())
  const left = lines.filter((line) => !quoted.has(line))
  const asIPv4 = (line: string) =>
    line
      .replaceAll(/\bip6\b/g, 'ip')
      .replaceAll('ipv6', 'ipv4')
      .replaceAll(/(?<=[a-z])6\b/g, '4')
      .replaceAll(/ipv4-icmp|icmpv4|icmpv6/g, 'icmp')
  expect(UPDATE ? [] : left.filter((line) => !quoted.has(asIPv4(line)))).toEqual([])
  expect(left.length).toBeGreaterThan(20)
})

test.each(CHANGES)('it counts the transactions of a change right: %s', (_, change, transactions) => {
  expect(transactionsOf(change)).toHaveLength(transactions)
})

test('one grant more of many is one element in one transaction, and so is its end', () => {
  const { come, gone } = oneDoorMore()
  expect([come.length, gone.length]).toEqual([1, 1])
})

test('README.md quotes what is printed', async () => {
  const readme = readFileSync(README, 'utf8')
  const now = requote(readme, { nft: await printed(['compile', '-f', SHOP]) })
  if (UPDATE) writeFileSync(README, now)
  else expect(now).toBe(readme)
  expect(blockKinds(readme)).toEqual(new Set(['nft']))
})
