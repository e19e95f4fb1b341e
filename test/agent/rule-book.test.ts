import { expect, test } from 'vitest'
import { createRuleBook } from '../../src/agent/rule-book.ts'
import { classCovers } from '../../compiler/nftables/class-covers.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawPeer, RawPolicy, RawPort, RawRule } from '../oracle/raw-cluster.ts'

const app = (name: string): RawPeer => ({ podSelector: { matchLabels: { app: name } } })
const PODS = ['db', 'web', 'idle'].map((name, index) =>
  pod(`shop/${name}`, `10.244.1.${index + 1}`, { labels: { app: name } }),
)
const ingress = (name: string, ...rules: readonly RawRule[]): RawPolicy =>
  policy(`shop/${name}`, { podSelector: { matchLabels: { app: 'db' } }, ingress: rules })
const rule = (from: readonly RawPeer[], ...ports: readonly RawPort[]): RawRule => ({ from, ports })

/** A book, and a kernel whose rules count what they are told: those that cover this port, for this kind of peers. */
function watching(policies: readonly RawPolicy[]) {
  let milliseconds = 0
  let generation = 1
  const book = createRuleBook(() => milliseconds)
  const counts = new Map<string, number[]>()
  let engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const become = (next: readonly RawPolicy[]): void => {
    engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
    engine.apply(decodeCluster(clusterOf(...PODS, ...next)).map((object) => ({ type: 'put', object })))
    const standing = engine.ruleset().chains
    for (const name of counts.keys()) if (!standing.has(name)) counts.delete(name)
    for (const [name, { rules }] of standing)
      if (!counts.has(name))
        counts.set(
          name,
          rules.map(() => 0),
        )
  }
  const rebuild = (): void => {
    for (const rules of counts.values()) rules.fill(0)
  }
  const pass = (peers: string, port: number): void => {
    for (const { chains, sets } of engine.classUses()) {
      const found = classCovers(chains, sets).find(
        (covers) =>
          covers.peers === peers &&
          covers.ports?.some((one) => one.kind === 'range' && one.from <= port && port <= one.to),
      )
      const counted = found && counts.get(found.chain)
      if (counted !== undefined) counted[found?.index ?? 0] = (counted[found?.index ?? 0] ?? 0) + 1
    }
  }
  const told = () => {
    book.take(counts, engine.classUses(), generation)
    const selecting = engine.local.selections().map(({ policy: one }) => one)
    return book
      .rows(selecting)
      .map(({ policy: of, rule: place, use, packets, age, also }) =>
        [of, place, use, packets, `${age}s`, ...also].join(' '),
      )
  }
  become(policies)
  return {
    become,
    rebuild,
    tableIsNew: book.tableIsNew,
    pass,
    told,
    wait: (seconds: number) => (milliseconds += seconds * 1000),
    /** Each live flow is judged again from now on. */
    judge: () => (generation += 1),
    isDue: book.isDue,
  }
}

test('a rule that alone grants what passed was used; one that nothing passed was never, since it is watched', () => {
  const { told, pass, wait, judge } = watching([
    ingress('db', rule([app('web')], { port: 80 }), rule([app('web')], { port: 90 })),
  ])
  expect(told()).toEqual(['shop/db ingress[0] never 0 0s', 'shop/db ingress[1] never 0 0s'])
  judge()
  told()
  wait(60)
  pass('groups', 80)
  pass('groups', 80)
  expect(told()).toEqual(['shop/db ingress[0] used 2 0s', 'shop/db ingress[1] never 0 60s'])
  wait(5)
  expect(told()).toEqual(['shop/db ingress[0] used 2 5s', 'shop/db ingress[1] never 0 65s'])
})

test('a rule is watched since live flows were judged again: what lived before it came never passes by it', () => {
  const { told, wait, judge, become, isDue } = watching([ingress('db', rule([app('web')], { port: 80 }))])
  told()
  judge()
  told()
  // Its pods have another class, and a pool of connections that are as old as the first.
  become([ingress('db', rule([app('web')], { port: 80 })), ingress('more', rule([app('idle')], { port: 90 }))])
  told()
  wait(3_600)
  expect(told()).toEqual(['shop/db ingress[0] never 0 0s', 'shop/more ingress[0] never 0 0s'])
  expect(isDue()).toBe(false)
  wait(1)
  expect([isDue(), isDue()]).toEqual([true, false])
  judge()
  told()
  wait(7_200)
  expect(told()).toEqual(['shop/db ingress[0] never 0 7200s', 'shop/more ingress[0] never 0 7200s'])
  expect(isDue()).toBe(false)
})

test('behind a table that was built anew all that it has counted is new', () => {
  const { told, pass, rebuild } = watching([ingress('db', rule([app('web')], { port: 80 }))])
  for (let packet = 0; packet < 3; packet += 1) pass('groups', 80)
  expect(told()).toEqual(['shop/db ingress[0] used 3 0s'])
  rebuild()
  pass('groups', 80)
  expect(told()).toEqual(['shop/db ingress[0] used 4 0s'])
  rebuild()
  expect(told()).toEqual(['shop/db ingress[0] used 4 0s'])
})

test('what a lost table has counted since it was read last nobody knows: never begins anew, and used stays', () => {
  const { told, pass, rebuild, tableIsNew, wait } = watching([
    ingress('db', rule([app('web')], { port: 80 }), rule([app('web')], { port: 90 })),
  ])
  pass('groups', 90)
  told()
  wait(60)
  pass('groups', 80)
  rebuild()
  tableIsNew()
  pass('groups', 90)
  expect(told()).toEqual(['shop/db ingress[0] never 0 0s', 'shop/db ingress[1] used 2 0s'])
})

test('what a wider rule takes first, and what two rules share, cannot be told of either', () => {
  const wide = watching([
    ingress('wide', { ports: [{ port: 80 }] }),
    ingress('narrow', rule([app('web')], { port: 80 })),
  ])
  wide.pass('anyone', 80)
  expect(wide.told()).toEqual([
    'shop/wide ingress[0] used 1 0s',
    'shop/narrow ingress[0] not known 0 0s shop/wide ingress[0]',
  ])
  const shared = watching([
    ingress('a', rule([app('web')], { port: 80 })),
    ingress('b', rule([app('idle')], { port: 80 })),
  ])
  shared.pass('groups', 80)
  expect(shared.told()).toEqual([
    'shop/a ingress[0] not known 0 0s shop/b ingress[0]',
    'shop/b ingress[0] not known 0 0s shop/a ingress[0]',
  ])
})

test('peers of another kind on the same port are told apart', () => {
  const { told, pass } = watching([
    ingress('pods', rule([app('web')], { port: 80 })),
    ingress('outside', rule([{ ipBlock: { cidr: '192.0.2.0/24' } }], { port: 80 })),
  ])
  pass('blocks', 80)
  expect(told()).toEqual([
    'shop/pods ingress[0] not known 0 0s shop/outside ingress[0]',
    'shop/outside ingress[0] used 1 0s',
  ])
})

test('a class that goes ends the time without a gap, but not what is known; a rule with other words begins anew', () => {
  const [first, other] = [
    ingress('db', rule([app('web')], { port: 80 }), rule([app('web')], { port: 90 })),
    ingress('more'),
  ]
  const { told, pass, wait, become, judge } = watching([first])
  pass('groups', 80)
  told()
  judge()
  told()
  wait(100)
  expect(told()).toEqual(['shop/db ingress[0] used 1 100s', 'shop/db ingress[1] never 0 100s'])
  // No other class.
  become([first, other])
  expect(told()).toEqual(['shop/db ingress[0] used 1 100s', 'shop/db ingress[1] never 0 100s'])
  become([first, ingress('more', rule([app('idle')], { port: 100 }))])
  expect(told().slice(0, 2)).toEqual(['shop/db ingress[0] used 1 100s', 'shop/db ingress[1] never 0 0s'])
  wait(10)
  become([ingress('db', rule([app('web')], { port: 81 }), rule([app('web')], { port: 90 }))])
  expect(told()).toEqual(['shop/db ingress[0] never 0 0s', 'shop/db ingress[1] never 0 0s'])
})
