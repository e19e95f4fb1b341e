import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heldClusters, holds } from '../arbitraries/held-clusters.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { expectNoThirdVerdict, met } from './hold-through.ts'
import { HELD_WHILE_OTHERS_GAIN } from './held-while-others-gain.ts'

const TIMEOUT = 300_000

test('with the hold every packet gets, at each end, the old or the new verdict, and nothing while an address goes from pod to pod', {
  timeout: TIMEOUT,
}, () => {
  fc.assert(
    fc.property(heldClusters(), heldClusters(), (one, other) => expectNoThirdVerdict(one, other)),
    lawParameters(150),
  )
  expect(met.bumped).toBeGreaterThan(0)
  expect(met.reused).toBeGreaterThan(0)
})

test('so it does when only the sandboxes and subnets change, or only the pods, or only the policies', {
  timeout: TIMEOUT,
}, () => {
  const changed = fc
    .tuple(heldClusters(), heldClusters(), fc.constantFrom('hold', 'hold', 'pods', 'policies', 'none' as const))
    .chain(([one, other, part]) =>
      part === 'hold'
        ? holds(one.cluster).map((hold) => [one, { ...one, hold }] as const)
        : fc.constant([
            one,
            {
              ...one,
              cluster: {
                ...one.cluster,
                ...(part === 'none' ? { policies: [] } : { [part]: other.cluster[part as 'pods'] }),
              },
            },
          ] as const),
    )
  fc.assert(
    fc.property(changed, fc.boolean(), ([one, other], isBack) => {
      if (isBack) expectNoThirdVerdict(other, one)
      else expectNoThirdVerdict(one, other)
    }),
    lawParameters(200),
  )
  expect(met.quiet).toBeGreaterThan(0)
})

test.each(HELD_WHILE_OTHERS_GAIN)(
  'an address that comes to be held gains nobody on the way: %s',
  (_, before, after) => {
    const { allowed } = met
    expectNoThirdVerdict(before, after)
    // One of the two states lets the other pod speak with it, were it not held.
    expectNoThirdVerdict(after, before)
    expect(met.allowed).toBeGreaterThan(allowed)
  },
)
