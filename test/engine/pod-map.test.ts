import { expect, test } from 'vitest'
import { decodePod } from '../../compiler/objects/decode-pod.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createPodEntry, type PodEntry } from '../../compiler/engine/pod-entry.ts'
import { createPodMap } from '../../compiler/engine/pod-map.ts'

function entryOf(namespace: string, name: string, more: Partial<Pod> = {}): PodEntry {
  const context = { internLabels: createLabelInterner(), report: () => undefined, place: () => undefined }
  const pod = decodePod({ metadata: { namespace, name } }, context)
  if (pod === undefined) throw new Error('a pod with a name is one')
  return createPodEntry({ ...pod, ...more })
}

test('a pod, its namesake elsewhere, and what stands for a workload of its name are three', () => {
  const standIn = { standIn: true, workload: { kind: 'Deployment', name: 'web' } } as const
  const entries = [entryOf('shop', 'web'), entryOf('test', 'web'), entryOf('shop', 'web', standIn)]
  const map = createPodMap()
  for (const entry of entries) map.set(entry)
  expect([...map.values()]).toHaveLength(3)
  for (const entry of entries) expect(map.get(podKey(entry.pod))).toBe(entry)
  for (const [index, { pod }] of entries.entries()) {
    map.delete(podKey(pod))
    expect(map.get(podKey(pod))).toBeUndefined()
    expect([...map.values()]).toHaveLength(2 - index)
  }
  map.delete('shop/web')
  expect(map.get('nowhere/web')).toBeUndefined()
})

test('an entry that is put again is the new one', () => {
  const map = createPodMap()
  map.set(entryOf('shop', 'web'))
  const second = entryOf('shop', 'web', { uid: 'second' })
  map.set(second)
  expect([...map.values()]).toEqual([second])
})
