import { expect, test } from 'vitest'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import { staticPodFindings } from '../../src/kernel/hold-findings.ts'

const NOW = 1_800_000_000_000
const HASH = '0a1b2c3d4e5f60718293a4b5c6d7e8f9'

const sandboxOf = (parts: Partial<Sandbox>): Sandbox => ({
  kind: 'Sandbox',
  key: 'cbr0-a-eth0',
  id: 'a',
  uid: HASH,
  namespace: 'kube-system',
  name: 'proxy-node1',
  addresses: ['10.244.1.5', 'fd00::5'],
  order: 1,
  writtenAt: NOW - 61_000,
  ...parts,
})
const found = (sandbox: Sandbox) =>
  staticPodFindings(
    sandbox.addresses.map((address) => ({ address, sandbox, why: '', isUnheardOf: true })),
    NOW,
  ).map(({ id, problem }) => `${id}: ${problem}`)

test('a static pod that is held for a minute is named once, with all its addresses', () => {
  expect(found(sandboxOf({}))).toEqual([
    'static-pod-unknown: the static pod kube-system/proxy-node1 (10.244.1.5, fd00::5) is not in the API, so its addresses are held',
  ])
})

test.each([
  ['of the API', sandboxOf({ uid: '0f6a8f5e-6d3c-4c9b-9f6e-0a1b2c3d4e5f' })],
  ['whose mirror may be on its way', sandboxOf({ writtenAt: NOW - 59_000 })],
])('a pod %s is not', (_name, sandbox) => {
  expect(found(sandbox)).toEqual([])
})
