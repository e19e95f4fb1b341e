import { expect, test } from 'vitest'
import { decodePod } from '../../compiler/objects/decode-pod.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import { createSharing } from '../../src/sources/create-sharing.ts'

test('pods that are told to share are equal to those that are not, and hold their equal parts once', () => {
  const object = (name: string) => ({
    metadata: { name, namespace: 'shop', ownerReferences: [{ kind: 'Job', name: 'once', controller: true }] },
    spec: { nodeName: 'node-1', containers: [{ ports: [{ name: 'http', containerPort: 80 }] }] },
  })
  const report = () => undefined
  const context = { internLabels: createLabelInterner(), report, place: () => undefined }
  const sharing = { ...context, sharing: createSharing() }
  expect(decodePod(object('a'), sharing)).toEqual(decodePod(object('a'), context))
  expect(decodePod(object('b'), sharing)?.ports).toBe(decodePod(object('c'), sharing)?.ports)
  expect(decodePod(object('b'), sharing)?.workload).toBe(decodePod(object('c'), sharing)?.workload)
})
