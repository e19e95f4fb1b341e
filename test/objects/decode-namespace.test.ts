import { expect, test } from 'vitest'
import type { Namespace } from '../../compiler/objects/objects.ts'
import { linesOf, onlyObject, readText } from './read-text.ts'

const namespaceText = (metadata: string) => `apiVersion: v1\nkind: Namespace\nmetadata: ${metadata}\n`

test.each([
  ['{name: shop}', 'shop', [['kubernetes.io/metadata.name', 'shop']]],
  [
    '{name: shop, labels: {team: a, kubernetes.io/metadata.name: other}}',
    'shop',
    [
      ['kubernetes.io/metadata.name', 'shop'],
      ['team', 'a'],
    ],
  ],
])('%s always has its name as a label', (metadata, name, labels) => {
  const namespace = onlyObject(namespaceText(metadata)) as Namespace
  expect(namespace.name).toBe(name)
  expect([...namespace.labels.labels]).toEqual(labels)
})

test.each([
  ['{name: a.b}', 'f:3:18: metadata.name: Invalid value: "a.b": must not contain dots'],
  [
    `{name: ${'a'.repeat(64)}}`,
    `f:3:18: metadata.name: Invalid value: "${'a'.repeat(64)}": must be no more than 63 bytes`,
  ],
  [
    '{name: ok, labels: {team: 1}}',
    'f:3:37: metadata.labels.team: Invalid value: 1: must be a string; put it in quotes: "1"',
  ],
])('%s is refused and dropped', (metadata, line) => {
  expect(linesOf(namespaceText(metadata))).toEqual([line])
  expect(readText(namespaceText(metadata)).objects).toEqual([])
})
