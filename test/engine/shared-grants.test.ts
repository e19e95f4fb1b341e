import { expect, test } from 'vitest'
import type { Engine } from '../../compiler/engine/engine.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { engineWith, madePod, madePolicy } from './made-pods.ts'

const everyPod = {}
const fromWeb = [{ podSelector: { matchLabels: { app: 'web' } } }]

test('pods with labels of their own, under the same policies, share one normal form', () => {
  const policies = [
    madePolicy('one', { podSelector: everyPod, ingress: [{ from: fromWeb, ports: [{ port: 80 }] }] }),
    madePolicy('two', { podSelector: { matchExpressions: [{ key: 'job', operator: 'Exists' }] }, ingress: [{}] }),
  ]
  const engine = engineWith([...policies, ...jobs(20)])
  expect(normalForms(engine)).toBe(1)
  const more = madePolicy('more', { podSelector: everyPod, ingress: [{ from: fromWeb, ports: [{ port: 81 }] }] })
  engine.apply([{ type: 'put', object: more }])
  expect(normalForms(engine)).toBe(1)
})

test('named ports part them only where an ingress rule names them', () => {
  const ports = (number: number) => [{ name: 'http', containerPort: number }]
  const numbered = madePolicy('one', { podSelector: everyPod, ingress: [{ from: fromWeb, ports: [{ port: 80 }] }] })
  const engine = engineWith([numbered, ...jobs(20, (index) => ports(8000 + (index % 4)))])
  expect(normalForms(engine)).toBe(1)
  const named = madePolicy('two', { podSelector: everyPod, ingress: [{ from: fromWeb, ports: [{ port: 'http' }] }] })
  engine.apply([{ type: 'put', object: named }])
  expect(normalForms(engine)).toBe(4)
  engine.apply([{ type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'two' }])
  expect(normalForms(engine)).toBe(1)
})

function jobs(count: number, ports: (index: number) => readonly object[] = () => []): readonly ClusterObject[] {
  return Array.from({ length: count }, (_, index) =>
    madePod({
      name: `job-${index}`,
      address: `10.1.0.${index + 1}`,
      labels: { job: `${index}` },
      ports: ports(index),
    }),
  )
}

function normalForms(engine: Engine): number {
  return new Set([...engine.graph().pods.values()].map(({ ingress }) => ingress)).size
}
