import { expect, test } from 'vitest'
import type { Address } from '../../compiler/addresses/address.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { exactPodText } from '../../compiler/flows/flow-end.ts'
import type { Pod, Workload } from '../../compiler/objects/objects.ts'
import type { KeptFlow } from '../../src/agent/audit-book.ts'
import { auditRows } from '../../src/agent/audit-rows.ts'
import { withMode } from '../arbitraries/audited.ts'
import { engineWith, madePod } from '../engine/made-pods.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import { policy } from '../oracle/make-objects.ts'

type Labels = Readonly<Record<string, string>>

const ADDRESSES = { 'web-1': '10.0.0.1', 'web-2': '10.0.0.2', 'web-3': '10.0.0.3', db: '10.0.0.9' } as const

/** A pod, of the Deployment web where it is called so. */
function podOf(name: keyof typeof ADDRESSES, labels: Labels, more: Partial<Pod> = {}): Pod {
  const workload: Workload | undefined = name.startsWith('web') ? { kind: 'Deployment', name: 'web' } : undefined
  return { ...madePod({ name, labels, address: ADDRESSES[name] }), uid: name, workload, ...more }
}

const [OLD, NEW]: readonly [Labels, Labels] = [{ app: 'web' }, { app: 'web', role: 'client' }]
const DB = podOf('db', { app: 'db' })
const DATABASE = { podSelector: { matchLabels: { app: 'db' } } }
/** Audited: db takes connections of clients, and of nobody else, and begins none. */
const [CLIENTS, SILENT] = [
  policy('shop/db', { ...DATABASE, ingress: [{ from: [{ podSelector: { matchLabels: { role: 'client' } } }] }] }),
  policy('shop/silent', { ...DATABASE, policyTypes: ['Egress'] }),
].map((one) => decodeRaw(withMode(one, 'audit')))

function flowOf(from: Pod | undefined, to: Pod | undefined, more: Partial<KeptFlow> = {}): KeptFlow {
  const [source, destination] = [from, to].map((pod) => parseAddress(pod?.addresses[0] ?? '10.0.9.9')) as [
    Address,
    Address,
  ]
  return {
    source,
    destination,
    carries: { protocol: 'TCP', port: 80 },
    direction: 'ingress',
    fate: 'allowed',
    directed: true,
    packets: 3,
    from,
    to,
    lastAt: 0,
    firstAt: 0,
    ...more,
  }
}

/** `web-1 > db` of each row, where these pods are there today. */
function told(pods: readonly Pod[], ...asked: readonly KeptFlow[]): readonly string[] {
  const engine = engineWith([...pods, CLIENTS, SILENT].filter((object) => object !== undefined))
  const { denies } = auditRows({ node: 'a', engine, seconds: () => 0, asked, denied: [] })
  return denies.map(
    ({ from, to, doubt }) => `${exactPodText(from)} > ${exactPodText(to)}${doubt === 'none' ? '' : `: ${doubt}`}`,
  )
}

test('a pod that is there is judged as it is now, whatever it was', () => {
  const then = podOf('web-1', OLD)
  expect(told([podOf('web-1', OLD), DB], flowOf(then, DB))).toEqual(['shop/web-1 > shop/db'])
  expect(told([podOf('web-1', NEW), DB], flowOf(then, DB))).toEqual([])
  expect(told([podOf('web-1', OLD), DB], flowOf(podOf('web-1', NEW), DB))).toEqual(['shop/web-1 > shop/db'])
})

test('one that is gone is judged as those of its workload are, and denied where one of them would be', () => {
  const then = podOf('web-1', OLD)
  expect(told([podOf('web-2', NEW), DB], flowOf(then, DB))).toEqual([])
  expect(told([podOf('web-2', NEW), podOf('web-3', OLD), DB], flowOf(then, DB))).toEqual(['shop/web-1 > shop/db'])
  expect(told([podOf('web-2', OLD), podOf('web-3', NEW), DB], flowOf(then, DB))).toEqual(['shop/web-1 > shop/db'])
  expect(told([podOf('web-2', OLD), DB], flowOf(podOf('web-1', NEW), DB))).toEqual(['shop/web-1 > shop/db'])
  // Another one of its name is the next of a StatefulSet, or of somebody who makes pods by hand.
  expect(told([podOf('web-1', NEW, { uid: 'next' }), podOf('web-3', OLD), DB], flowOf(then, DB))).toEqual([])
  expect(told([podOf('web-2', NEW)], flowOf(then, DB))).toEqual([])
  expect(told([podOf('web-2', OLD)], flowOf(then, DB))).toEqual(['shop/web-1 > shop/db (gone)'])
})

test('one that has finished, too, and by itself where no other runs', () => {
  const then = podOf('web-1', OLD)
  const finished = podOf('web-1', OLD, { finished: true })
  expect(told([finished, podOf('web-2', NEW), DB], flowOf(then, DB))).toEqual([])
  expect(told([finished, DB], flowOf(then, DB))).toEqual(['shop/web-1 > shop/db'])
})

test('where no pod of the workload is left the flow stays, and its end is gone', () => {
  expect(told([DB], flowOf(podOf('web-1', OLD), DB))).toEqual(['shop/web-1 (gone) > shop/db'])
  expect(told([podOf('web-2', OLD, { namespace: 'other' }), DB], flowOf(podOf('web-1', OLD), DB))).toEqual([
    'shop/web-1 (gone) > shop/db',
  ])
  // Nor is a pod of its name that has finished.
  const next = podOf('web-1', NEW, { uid: 'next', finished: true })
  expect(told([next, DB], flowOf(podOf('web-1', OLD), DB))).toEqual(['shop/web-1 (gone) > shop/db'])
  expect(told([podOf('web-2', NEW, { finished: true }), DB], flowOf(podOf('web-1', OLD), DB))).toEqual([
    'shop/web-1 (gone) > shop/db',
  ])
})

test('what is a late answer to one pod of a workload, and none to another, is none', () => {
  const answer = flowOf(DB, podOf('web-1', OLD), { direction: 'egress', carries: { protocol: 'TCP', port: 40_000 } })
  expect(told([DB, podOf('web-2', NEW)], answer)).toEqual(['shop/db > shop/web-1: late answer'])
  for (const [one, other] of [
    [OLD, NEW],
    [NEW, OLD],
  ] as const)
    expect(told([DB, podOf('web-2', one), podOf('web-3', other)], answer)).toEqual(['shop/db > shop/web-1'])
})

test('two pods of a workload of which one is left are not that one and itself', () => {
  const [one, other] = [podOf('web-1', { app: 'db' }), podOf('web-2', { app: 'db' })]
  const left = podOf('web-3', { app: 'db' })
  expect(told([left], flowOf(one, other))).toEqual(['shop/web-1 > shop/web-2'])
  expect(told([left], flowOf(one, left))).toEqual(['shop/web-1 > shop/web-3'])
})
