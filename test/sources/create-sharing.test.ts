import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePod } from '../../compiler/objects/decode-pod.ts'
import { decodePolicy } from '../../compiler/objects/decode-policy.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import type { Policy } from '../../compiler/objects/objects.ts'
import type { Fields } from '../../compiler/objects/read-fields.ts'
import { createSharing } from '../../src/sources/create-sharing.ts'
import { clusters } from '../arbitraries/clusters.ts'

const context = { internLabels: createLabelInterner(), report: () => undefined, place: () => undefined }

test('pods that are told to share are equal to those that are not, and hold their equal parts once', () => {
  const object = (name: string) => ({
    metadata: { name, namespace: 'shop', ownerReferences: [{ kind: 'Job', name: 'once', controller: true }] },
    spec: { nodeName: 'node-1', containers: [{ ports: [{ name: 'http', containerPort: 80 }] }] },
  })
  const sharing = { ...context, sharing: createSharing() }
  expect(decodePod(object('a'), sharing)).toEqual(decodePod(object('a'), context))
  expect(decodePod(object('b'), sharing)?.ports).toBe(decodePod(object('c'), sharing)?.ports)
  expect(decodePod(object('b'), sharing)?.workload).toBe(decodePod(object('c'), sharing)?.workload)
})

test('no two policies of a cluster mean another thing for sharing, and equal parts of them are one', () => {
  let compared = 0
  fc.assert(
    fc.property(clusters(), ({ policies }) => {
      const shared = { ...context, sharing: createSharing() }
      for (const policy of policies) {
        const fields = policy as unknown as Fields
        expect(decodePolicy(fields, shared)).toEqual(decodePolicy(fields, context))
      }
      for (const policy of policies) {
        const [one, two] = [0, 1].map(() => decodePolicy(policy as unknown as Fields, shared))
        expect(one?.podSelector).toBe(two?.podSelector)
        expect(partsOf(one)).toEqual(partsOf(two))
        for (const [index, part] of partsOf(one).entries()) expect(part).toBe(partsOf(two)[index])
        compared += partsOf(one).length
      }
    }),
  )
  expect(compared).toBeGreaterThan(100)
})

function partsOf(policy: Policy | undefined): readonly unknown[] {
  return [policy?.ingress, policy?.egress].flatMap((side) =>
    side?.kind === 'rules' ? side.rules.flatMap(({ peers, ports }) => [peers, ports]) : [],
  )
}
