import { describe, expect, test } from 'vitest'
import type { Pod } from '../../compiler/objects/objects.ts'
import { linesOf, onlyObject, readText } from './read-text.ts'

const TEMPLATE = `{metadata: {labels: {app: web}, name: ignored},
  spec: {hostNetwork: true, nodeName: ignored, containers: [{ports: [{name: http, containerPort: 80}]}]}}`

/** Each with what its controller adds: known labels, and keys of unknown ones. */
describe('a workload stands for a pod of its template', () => {
  const jobUids = ['batch.kubernetes.io/controller-uid', 'controller-uid']
  const jobNames = ['batch.kubernetes.io/job-name', 'job-name']
  test.each<[string, string, string, Record<string, string>, readonly string[]]>([
    ['apps/v1', 'Deployment', `{template: ${TEMPLATE}, replicas: 3}`, {}, ['pod-template-hash']],
    ['apps/v1', 'DaemonSet', `{template: ${TEMPLATE}}`, {}, ['controller-revision-hash', 'pod-template-generation']],
    ['apps/v1', 'ReplicaSet', `{template: ${TEMPLATE}}`, {}, []],
    ['v1', 'ReplicationController', `{template: ${TEMPLATE}}`, {}, []],
    [
      'batch/v1',
      'Job',
      `{template: ${TEMPLATE}}`,
      { 'batch.kubernetes.io/job-name': 'web', 'job-name': 'web' },
      jobUids,
    ],
    ['batch/v1', 'CronJob', `{jobTemplate: {spec: {template: ${TEMPLATE}}}}`, {}, [...jobNames, ...jobUids]],
  ])('%s %s', (apiVersion, kind, spec, added, unknownLabels) => {
    const metadata = '{name: web, namespace: shop, uid: ignored, labels: {app: ignored}}'
    const { labels, ...pod } = onlyObject(
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\nstatus: {podIP: 10.0.0.1}\n`,
    ) as Pod
    expect(Object.fromEntries(labels.labels)).toEqual({ app: 'web', ...added })
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
      unknownLabels,
      place: { file: 'f', line: 1, column: 1 },
    })
  })

  test('of a Job whose name the API server will choose, nobody knows the name', () => {
    const job = onlyObject('apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n') as Pod
    expect([...job.labels.labels]).toEqual([])
    expect(job.unknownLabels).toEqual([...jobNames, ...jobUids])
  })
})

describe('a StatefulSet is its pods', () => {
  const set = (spec: string) =>
    `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: ring, namespace: kv}\nspec: ${spec}\n`
  const podsOf = (text: string) => readText(text).objects.filter((object): object is Pod => object.kind === 'Pod')

  test('one for each ordinal, with the labels and the DNS name that it will have', () => {
    const pods = podsOf(
      set('{replicas: 2, ordinals: {start: 5}, serviceName: peers, template: {metadata: {labels: {app: r}}}}'),
    )
    expect(
      pods.map(({ name, dnsName, labels }) => ({ name, dnsName, labels: Object.fromEntries(labels.labels) })),
    ).toEqual(
      [5, 6].map((ordinal) => ({
        name: `ring-${ordinal}`,
        dnsName: `ring-${ordinal}.peers.kv.svc`,
        labels: {
          app: 'r',
          'apps.kubernetes.io/pod-index': `${ordinal}`,
          'statefulset.kubernetes.io/pod-name': `ring-${ordinal}`,
        },
      })),
    )
    for (const pod of pods) {
      expect(pod).toMatchObject({ standIn: true, workload: { kind: 'StatefulSet', name: 'ring' } })
      expect(pod.unknownLabels).toEqual(['controller-revision-hash'])
    }
  })

  test.each([
    ['{}', ['ring-0']],
    ['{replicas: 0}', ['ring-0']],
    ['{replicas: -5}', ['ring-0']],
    ['{replicas: x, ordinals: [], serviceName: {}}', ['ring-0']],
  ])('%s: %j', (spec, names) => {
    expect(podsOf(set(spec)).map(({ name }) => name)).toEqual(names)
  })

  test('of a great many, one stands for all beyond the hundredth, and its ordinal is unknown', () => {
    const pods = podsOf(set('{replicas: 2000000000}'))
    expect(pods).toHaveLength(101)
    expect(pods[99]?.name).toBe('ring-99')
    expect(pods[100]).toMatchObject({ name: 'ring' })
    expect(pods[100]?.unknownLabels).toContain('apps.kubernetes.io/pod-index')
  })

  test('a pod that the input holds itself stands for itself', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: ring-1, namespace: kv}\n'
    for (const text of [`${set('{replicas: 2}')}---\n${pod}`, `${pod}---\n${set('{replicas: 2}')}`]) {
      expect(
        podsOf(text)
          .map(({ name, standIn }) => `${name} ${standIn === true}`)
          .sort(),
      ).toEqual(['ring-0 true', 'ring-1 false'])
    }
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
