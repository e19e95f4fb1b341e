import { describe, expect, test } from 'vitest'
import type { Pod } from '../../compiler/objects/objects.ts'
import { linesOf, onlyObject, readText } from './read-text.ts'

const TEMPLATE = `{metadata: {labels: {app: web}, name: ignored},
  spec: {hostNetwork: true, nodeName: ignored, containers: [{ports: [{name: http, containerPort: 80}]}]}}`

describe('a workload stands for a pod of its template', () => {
  test.each([
    ['apps/v1', 'Deployment', `{template: ${TEMPLATE}, replicas: 3}`],
    ['apps/v1', 'StatefulSet', `{template: ${TEMPLATE}}`],
    ['apps/v1', 'DaemonSet', `{template: ${TEMPLATE}}`],
    ['apps/v1', 'ReplicaSet', `{template: ${TEMPLATE}}`],
    ['batch/v1', 'Job', `{template: ${TEMPLATE}}`],
    ['batch/v1', 'CronJob', `{jobTemplate: {spec: {template: ${TEMPLATE}}}}`],
  ])('%s %s', (apiVersion, kind, spec) => {
    const metadata = '{name: web, namespace: shop, uid: ignored, labels: {app: ignored}}'
    const { labels, ...pod } = onlyObject(
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\nstatus: {podIP: 10.0.0.1}\n`,
    ) as Pod
    expect([...labels.labels]).toEqual([['app', 'web']])
    expect(pod).toEqual({
      kind: 'Pod',
      namespace: 'shop',
      name: 'web',
      uid: '',
      node: undefined,
      addresses: [],
      hostNetwork: true,
      finished: false,
      terminating: false,
      createdAt: '',
      ports: [{ name: 'http', protocol: 'TCP', number: 80 }],
      workload: { kind, name: 'web' },
      standIn: true,
      place: { file: 'f', line: 1, column: 1 },
    })
  })
})

const deployment = (spec: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: ${spec}\n`

test.each(['null', '{}', '{template: null}', '{template: {metadata: ~, spec: ~}}'])('spec %s has no labels', (spec) => {
  expect((onlyObject(deployment(spec)) as Pod).labels.key).toBe('')
})

test.each([
  ['[]', 'f:4:7: spec: Invalid value: [...]: must be a mapping; write it without the leading "- "'],
  ['{template: 5}', 'f:4:18: spec.template: Invalid value: 5: must be a mapping'],
  [
    '{template: {metadata: {labels: {v: 1.0}}}}',
    'f:4:42: spec.template.metadata.labels.v: Invalid value: 1: must be a string; put it in quotes: "1"',
  ],
])('spec %s is refused and dropped', (spec, line) => {
  expect(linesOf(deployment(spec))).toEqual([line])
  expect(readText(deployment(spec)).objects).toEqual([])
})
