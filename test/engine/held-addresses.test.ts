import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { staticPodFindings } from '../../src/kernel/hold-findings.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { policy } from '../oracle/make-objects.ts'

/** A static pod of which nobody has heard, under some policy. */
function heldOf(excepts: readonly string[]) {
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-1', ruleset: DEFAULT_OPTIONS })
  const uid = '0a1b2c3d4e5f60718293a4b5c6d7e8f9'
  const named = { key: 'cbr0-1-eth0', uid, namespace: 'kube-system', name: 'proxy-node-1', order: 1 }
  const sandboxes = [{ ...named, addresses: ['10.244.1.5', 'fd44:0:0:1::5'] }]
  const subnets = ['10.244.1.0/24', 'fd44:0:0:1::/64']
  engine.apply([
    surePut(policy('shop/closed', { podSelector: {} })),
    ...holdChanges({ node: 'node-1', subnets, excepts, sandboxes }),
  ])
  const held = engine.held()
  return [held.map(({ address }) => address), staticPodFindings(held, Date.now()).length]
}

test('what is never held is not said to be: the cure of a finding ends the finding', () => {
  expect(heldOf([])).toEqual([['10.244.1.5', 'fd44:0:0:1::5'], 1])
  expect(heldOf(['10.244.1.4/31'])).toEqual([['fd44:0:0:1::5'], 1])
  expect(heldOf(['10.244.1.6/31', 'fd44:0:0:1::5/128'])).toEqual([['10.244.1.5'], 1])
  expect(heldOf(['10.244.1.5/32', 'fd44:0:0:1::/120'])).toEqual([[], 0])
})
