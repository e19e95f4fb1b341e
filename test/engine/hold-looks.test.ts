import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { namespace, pod } from '../oracle/make-objects.ts'

const SUBNETS = ['10.244.1.0/24']
const sandbox = { key: 'k', uid: 'one', namespace: 'shop', name: 'web', addresses: ['10.244.1.10'], order: 1 }
const web = (metadata: object = {}) =>
  surePut(pod('shop/web', '10.244.1.10', { metadata: { uid: 'one', ...metadata } }))

/** A node on which the hold would stand if some policy were known, and none is. */
function engineWithout(...sandboxes: readonly (typeof sandbox)[]) {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply([surePut(namespace('shop', {})), ...holdChanges({ node: 'node-1', subnets: SUBNETS, sandboxes })])
  return engine
}

test('a sandbox whose pod nobody has told is told of though nothing is held yet: its policies may be late with it', () => {
  const engine = engineWithout(sandbox)
  expect(engine.held()).toEqual([])
  expect(engine.unheardOf().map(({ key }) => key)).toEqual(['k'])
  engine.apply([web()])
  expect(engine.unheardOf()).toEqual([])
})

test('a pod runs in its sandbox until it is about to end', () => {
  const engine = engineWithout(sandbox)
  expect(engine.runsIn('k')).toBe(false)
  engine.apply([web()])
  expect(engine.runsIn('k')).toBe(true)
  engine.apply([web({ deletionTimestamp: '2026-01-01T00:00:00Z' })])
  expect(engine.runsIn('k')).toBe(false)
})

test('pods with addresses of which the runtime has noted none are told of, and none as soon as it has noted one', () => {
  const engine = engineWithout()
  expect(engine.unnoted()).toEqual([])
  engine.apply([web(), surePut(pod('shop/host', '10.0.0.1', { spec: { hostNetwork: true } }))])
  expect(engine.unnoted().map(({ name }) => name)).toEqual(['web'])
  engine.apply(holdChanges({ node: 'node-1', subnets: SUBNETS, sandboxes: [sandbox] }))
  expect(engine.unnoted()).toEqual([])
})
