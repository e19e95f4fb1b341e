import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import type { ClusterObject, Pod, Policy } from '../../compiler/objects/objects.ts'
import { createSelector } from '../../compiler/objects/selector.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { printed, SHOP } from './run-selvedge.ts'

const PAGE = readFileSync(join(PROJECT_ROOT, 'docs', 'ruleset.md'), 'utf8')
const GOLDEN = readFileSync(join(PROJECT_ROOT, 'test', 'golden', 'shop.nft'), 'utf8')

const linesOf = (text: string) => text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))

/** The code blocks of one kind: ```nft shop quotes the text that a test here calls shop. */
function blocks(info: string): readonly string[] {
  const found = [...PAGE.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === info)
  return found.map(([, , text = '']) => text)
}

/** Each run of lines between `…` stands in the text as it is, one run after the other. */
function expectQuoted(name: string, text: string): void {
  const printedLines = linesOf(text)
  const quoted = blocks(`nft ${name}`)
  expect(quoted).not.toEqual([])
  for (const block of quoted) {
    let from = 0
    for (const part of block.split(/^\s*…$/m)) {
      const run = linesOf(part)
      const at = printedLines.findIndex(
        (_, index) => index >= from && run.every((line, offset) => printedLines[index + offset] === line),
      )
      if (at < 0) throw new Error(`not printed in this order:\n${run.join('\n')}`)
      from = at + run.length
    }
  }
}

test('docs/ruleset.md quotes what is printed for examples/shop', () => {
  expectQuoted('shop', GOLDEN)
})

test('and leaves out nothing but what is there once more for IPv6', () => {
  const quoted = new Set(blocks('nft shop').flatMap(linesOf))
  const left = linesOf(GOLDEN).filter((line) => !quoted.has(line))
  const asIPv4 = (line: string) =>
    line
      .replaceAll(/\bip6\b/g, 'ip')
      .replaceAll('ipv6_addr', 'ipv4_addr')
      .replaceAll(/(?<=[a-z])6\b/g, '4')
  expect(left.filter((line) => line === asIPv4(line) || !quoted.has(asIPv4(line)))).toEqual([])
  expect(left.length).toBeGreaterThan(20)
})

test('it quotes what is printed for the manifests that it shows', async () => {
  const [manifests = ''] = blocks('yaml')
  expectQuoted('seven-doors', await printed(['compile', '-f', '-'], { input: manifests }))
})

test('and for a policy with 129 peers', async () => {
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
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  expectQuoted('many-doors', await printed(['compile', '-f', '-'], { input }))
})

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

test.each<[string, Change, number]>([
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
])('it quotes the transactions of a change: %s', (name, change, transactions) => {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(shop.map((object) => ({ type: 'put', object })))
  const planned = planTransactions(engine.apply([change]), engine.view, DEFAULT_OPTIONS, 8)
  expect(planned).toHaveLength(transactions)
  expectQuoted(name, planned.join(''))
})

test('every quoted block is compared', () => {
  const kinds = new Set([...PAGE.matchAll(/^```(\S.*)$/gm)].map(([, info = '']) => info))
  const compared = ['shop', 'seven-doors', 'many-doors', 'peer', 'wider', 'narrower', 'isolated', 'open']
  expect(kinds).toEqual(new Set(['yaml', ...compared.map((name) => `nft ${name}`)]))
})
