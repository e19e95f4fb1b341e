import { describe, expect, test } from 'vitest'
import type { Pod } from '../../compiler/objects/objects.ts'
import { linesOf, onlyObject, readText } from './read-text.ts'

/** A pod in flow style: metadata beside its name starts at 3:20, what follows at line 4. */
const podText = (metadata: string, rest = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, ${metadata}}\n${rest}\n`

function podOf(text: string): Pod | undefined {
  const [object] = readText(text).objects
  return object?.kind === 'Pod' ? object : undefined
}

test('all of a pod that policy can depend on', () => {
  const text = `apiVersion: v1
kind: Pod
metadata:
  name: web-6d4cf56db6-x2x
  namespace: shop
  uid: 5c1e
  creationTimestamp: "2026-01-02T03:04:05Z"
  deletionTimestamp: "2026-01-02T03:05:05Z"
  labels: {app: web, pod-template-hash: 6d4cf56db6}
  ownerReferences:
    - {kind: Other, name: x, controller: false}
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web-6d4cf56db6, controller: true}
spec:
  nodeName: node-1
  hostNetwork: true
  whatever: 1
status:
  phase: Succeeded
  podIP: 10.0.0.1
  podIPs: [{ip: 10.0.0.1}, {ip: "FD00:0::1"}, {ip: 10.0.0.1}]
`
  const { labels, ...pod } = onlyObject(text) as Pod
  expect([...labels.labels]).toEqual([
    ['app', 'web'],
    ['pod-template-hash', '6d4cf56db6'],
  ])
  expect(pod).toEqual({
    kind: 'Pod',
    namespace: 'shop',
    name: 'web-6d4cf56db6-x2x',
    uid: '5c1e',
    node: 'node-1',
    addresses: ['10.0.0.1', 'fd00::1'],
    hostNetwork: true,
    finished: true,
    terminating: true,
    createdAt: '2026-01-02T03:04:05Z',
    ports: [],
    workload: { kind: 'Deployment', name: 'web' },
    place: { file: 'f', line: 1, column: 1 },
  })
})

test('a pod of nothing but a name, and of nulls', () => {
  const bare = podOf(podText(''))
  expect(bare).toMatchObject({
    namespace: 'default',
    uid: '',
    node: undefined,
    addresses: [],
    hostNetwork: false,
    finished: false,
    terminating: false,
    createdAt: '',
    ports: [],
    workload: undefined,
  })
  const nulls = podText(
    'namespace: null, uid: ~, labels: ~, creationTimestamp: null, deletionTimestamp: ~, ownerReferences: ~',
    'spec: {nodeName: ~, hostNetwork: ~, containers: [null, {ports: ~}], initContainers: ~}\nstatus: {phase: ~, podIP: ~, podIPs: ~}',
  )
  expect(linesOf(nulls)).toEqual([])
  expect(podOf(nulls)).toEqual(bare)
})

describe('the mark of a static pod', () => {
  const owned = (kind: string, mark: string) =>
    podText(
      `annotations: {kubernetes.io/config.mirror: ${mark}}, ownerReferences: [{kind: ${kind}, name: node-1, controller: true}]`,
    )
  const staticUid = (text: string) => podOf(text)?.staticUid

  test('is kept of the mirror that the kubelet made', () => {
    expect(staticUid(owned('Node', '"0a1b2c"'))).toBe('0a1b2c')
  })

  test.each([
    ['whose owner is no node', owned('ReplicaSet', '"0a1b2c"')],
    ['of nobody', podText('annotations: {kubernetes.io/config.mirror: "0a1b2c"}')],
    ['that is empty', owned('Node', '""')],
    ['that is no uid', owned('Node', '"a b"')],
    ['that is no text', owned('Node', '[1]')],
    [
      'that is the hash only',
      podText(
        'annotations: {kubernetes.io/config.hash: "0a1b2c"}, ownerReferences: [{kind: Node, name: node-1, controller: true}]',
      ),
    ],
  ])('is not kept of one %s', (_name, text) => {
    expect(podOf(text)?.name).toBe('p')
    expect(staticUid(text)).toBeUndefined()
  })
})

describe('named ports', () => {
  test('containers, then sidecars; the first of a name and protocol wins', () => {
    const spec = `spec:
  initContainers:
    - {name: init, ports: [{name: init, containerPort: 1}]}
    - {name: side, restartPolicy: Always, ports: [{name: metrics, containerPort: 9090}, {name: http, containerPort: 2}]}
  containers:
    - ports: [{name: http, containerPort: 80}, {containerPort: 81}, {name: http, protocol: UDP, containerPort: 82}]
    - ports: [{name: http, containerPort: 83}]
`
    expect(linesOf(podText('', spec))).toEqual([])
    expect(podOf(podText('', spec))?.ports).toEqual([
      { name: 'http', protocol: 'TCP', number: 80 },
      { name: 'http', protocol: 'UDP', number: 82 },
      { name: 'metrics', protocol: 'TCP', number: 9090 },
    ])
  })

  test.each([
    [
      '{name: a, containerPort: 0}',
      'f:4:56: ',
      '.containerPort: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
    ['{name: a, containerPort: "80"}', 'f:4:56: ', '.containerPort: Invalid value: "80": must be an integer'],
    ['{name: a}', 'f:4:31: ', '.containerPort: Required value'],
    [
      '{name: a b, containerPort: 1}',
      'f:4:38: ',
      '.name: Invalid value: "a b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
    ['{name: 8, containerPort: 1}', 'f:4:38: ', '.name: Invalid value: 8: must be a string; put it in quotes: "8"'],
    ['80', 'f:4:31: ', ': Invalid value: 80: must be a mapping'],
  ])('%s is told and left out', (port, place, problem) => {
    const text = podText('', `spec: {containers: [{ports: [ ${port}, {name: ok, containerPort: 9} ]}]}`)
    expect(linesOf(text)).toEqual([`${place}spec.containers[0].ports[0]${problem}`])
    expect(podOf(text)?.ports).toEqual([{ name: 'ok', protocol: 'TCP', number: 9 }])
  })
})

describe('addresses', () => {
  test.each([
    ['{podIP: 10.0.0.1}', ['10.0.0.1']],
    ['{podIP: ""}', []],
    ['{podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.2}]}', ['10.0.0.2']],
    ['{podIPs: [{ip: "::ffff:10.0.0.1"}, {ip: 10.0.0.1}, {}, null]}', ['10.0.0.1']],
  ])('%s', (status, addresses) => {
    const text = podText('', `status: ${status}`)
    expect(linesOf(text)).toEqual([])
    expect(podOf(text)?.addresses).toEqual(addresses)
  })

  test('what is none is told and left out', () => {
    const text = podText('', 'status: {podIPs: [{ip: 10.0.0.256}, {ip: 010.0.0.1}, {ip: 5}, {ip: "fe80::1%eth0"}]}')
    const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
    expect(linesOf(text)).toEqual([
      `f:4:24: status.podIPs[0].ip: Invalid value: "10.0.0.256": ${detail}`,
      'f:4:42: warning: status.podIPs[1].ip: non-standard IP address "010.0.0.1" ' +
        'will be considered invalid in a future Kubernetes release; it is read as "10.0.0.1"',
      'f:4:59: status.podIPs[2].ip: Invalid value: 5: must be a string; put it in quotes: "5"',
      `f:4:68: status.podIPs[3].ip: Invalid value: "fe80::1%eth0": ${detail}`,
    ])
    expect(podOf(text)?.addresses).toEqual(['10.0.0.1'])
  })
})

describe('owners', () => {
  const owned = (owner: string, labels = '{}') => podText(`labels: ${labels}, ownerReferences: [${owner}]`)
  test.each([
    [
      'of a ReplicaSet without the hash',
      '{kind: ReplicaSet, name: web, controller: true}',
      '{}',
      { kind: 'ReplicaSet', name: 'web' },
    ],
    [
      'of another hash',
      '{kind: ReplicaSet, name: web-a, controller: true}',
      '{pod-template-hash: b}',
      { kind: 'ReplicaSet', name: 'web-a' },
    ],
    [
      'of nothing but the hash',
      '{kind: ReplicaSet, name: web, controller: true}',
      '{pod-template-hash: web}',
      { kind: 'ReplicaSet', name: 'web' },
    ],
    [
      'of a Job',
      '{kind: Job, name: once-1, controller: true}',
      '{pod-template-hash: "1"}',
      { kind: 'Job', name: 'once-1' },
    ],
    ['no controller', '{kind: Job, name: once}', '{}', undefined],
  ])('%s', (_, owner, labels, workload) => {
    expect(linesOf(owned(owner, labels))).toEqual([])
    expect(podOf(owned(owner, labels))?.workload).toEqual(workload)
  })

  test('a hostile owner is told and left out', () => {
    const text = owned('{kind: "a\\nb", name: "c\\nd", controller: true}')
    expect(linesOf(text)).toHaveLength(2)
    expect(podOf(text)?.workload).toBeUndefined()
  })
})

describe('a pod whose place among policies is unknown is dropped', () => {
  test.each([
    [
      podText('labels: {a: true}'),
      'f:3:33: metadata.labels.a: Invalid value: true: must be a string; put it in quotes (bare true, false, yes, no, on, off, y and n are booleans)',
    ],
    [
      podText('labels: [a]'),
      'f:3:29: metadata.labels: Invalid value: [...]: must be a mapping; write it without the leading "- "',
    ],
    [
      podText('', 'spec: {hostNetwork: "true"}'),
      'f:4:21: spec.hostNetwork: Invalid value: "true": must be true or false; write it without quotes',
    ],
    [podText('', 'spec: 5'), 'f:4:7: spec: Invalid value: 5: must be a mapping'],
    [
      podText('', 'status: {phase: 1}'),
      'f:4:17: status.phase: Invalid value: 1: must be a string; put it in quotes: "1"',
    ],
  ])('%s', (text, line) => {
    expect(linesOf(text)).toEqual([line])
    expect(podOf(text)).toBeUndefined()
  })

  test('and all that is wrong with it is told', () => {
    expect(linesOf(podText('namespace: A, labels: {" ": 1}', 'spec: {nodeName: N}\nstatus: {podIP: x}'))).toHaveLength(
      5,
    )
  })
})

test('what is only for people and for ties is told and left out', () => {
  const text = podText('uid: "a b", creationTimestamp: yesterday')
  expect(linesOf(text)).toEqual([
    'f:3:26: metadata.uid: Invalid value: "a b": must be printable and without blanks',
    'f:3:52: metadata.creationTimestamp: Invalid value: "yesterday": must be an RFC 3339 time',
  ])
  expect(podOf(text)).toMatchObject({ uid: '', createdAt: '' })
})
