import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import { madePolicy } from './made-pods.ts'

// V8 refuses some 125,000 arguments, so whatever spreads a list of pods into a call ends here. Kubernetes' own limit is
// 150,000 pods.
const MANY = 200_000

test('a batch of 200,000 pods, of this node or as peers of its pods, is taken in one, and goes in one', {
  timeout: 120_000,
}, () => {
  const from = [{ podSelector: {} }]
  const policy = madePolicy('all', { podSelector: {}, ingress: [{ from, ports: [{ port: 80 }] }] })
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const puts = numbers().map((index): Change => ({ type: 'put', object: pod(index) }))
  puts.push({ type: 'put', object: policy })
  const came = engine.apply(puts)
  expect(came.createdChains.length).toBeGreaterThan(MANY)
  expect(Math.max(...[...engine.ruleset().sets.values()].map(({ elements }) => elements.size))).toBe(MANY)
  const removes = numbers().map(
    (index): Change => ({ type: 'remove', kind: 'Pod', namespace: 'shop', name: `pod-${index}` }),
  )
  expect(engine.apply(removes).deletedChains.length).toBe(came.createdChains.length)
})

test('a List of 200,000 items is read', { timeout: 120_000 }, () => {
  const items = numbers().map((index) => `{"metadata":{"name":"pod-${index}"}}`)
  const text = `{"apiVersion":"v1","kind":"PodList","items":[${items.join()}]}`
  expect(readObjects([{ file: 'pods.json', text }], { defaultNamespace: 'default' }).objects).toHaveLength(MANY)
})

const labels = createLabelInterner()([['app', 'web']])

function pod(index: number): Pod {
  return {
    kind: 'Pod',
    namespace: 'shop',
    name: `pod-${index}`,
    uid: '',
    labels,
    node: 'node-1',
    addresses: [`10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`],
    hostNetwork: false,
    finished: false,
    terminating: false,
    createdAt: '',
    ports: [],
  }
}

function numbers(): readonly number[] {
  return Array.from({ length: MANY }, (_, index) => index)
}
