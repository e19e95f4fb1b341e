import { describe, expect, test } from 'vitest'
import { decodeSandbox } from '../../compiler/objects/decode-sandbox.ts'

const ID = '5b2c7d0e9f6a4c1e8d3b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d'
const UID = '0f6a8f5e-6d3c-4c9b-9f6e-0a1b2c3d4e5f'

/** As libcni's cacheAdd writes it for containerd: the order of its fields, the configuration in base64. */
const FILE = {
  kind: 'cniCacheV1',
  containerId: ID,
  config: 'eyJuYW1lIjoiY2JyMCJ9',
  ifName: 'eth0',
  networkName: 'cbr0',
  netns: '/var/run/netns/cni-3f1f0c7e-5a2d-9a4b-0c1d-2e3f4a5b6c7d',
  cniArgs: [
    ['K8S_POD_INFRA_CONTAINER_ID', ID],
    ['K8S_POD_UID', UID],
    ['IgnoreUnknown', '1'],
    ['K8S_POD_NAMESPACE', 'shop'],
    ['K8S_POD_NAME', 'api-7d4b9c6f5-x2x4z'],
  ],
  capabilityArgs: { 'io.kubernetes.cri.pod-annotations': { note: 'hello' }, portMappings: [] },
  result: {
    cniVersion: '0.3.1',
    dns: {},
    interfaces: [{ mac: 'f2:ad:4a:f5:4d:a3', name: 'cni0' }],
    ips: [{ address: '10.244.0.25/24', gateway: '10.244.0.1', interface: 2, version: '4' }],
    routes: [{ dst: '10.244.0.0/16' }, { dst: '0.0.0.0/0', gw: '10.244.0.1' }],
  },
}
const decode = (changes: object) => decodeSandbox(JSON.stringify({ ...FILE, ...changes }))
const withArgument = (key: string, value: unknown) =>
  decode({ cniArgs: FILE.cniArgs.map((pair) => (pair[0] === key ? [key, value] : pair)) })
const addressesOf = (result: unknown) => {
  const sandbox = decode({ result })
  return typeof sandbox === 'string' ? sandbox : sandbox.addresses
}

test('a file of the cache names a pod, its sandbox and its addresses', () => {
  expect(decode({})).toEqual({
    id: ID,
    uid: UID,
    namespace: 'shop',
    name: 'api-7d4b9c6f5-x2x4z',
    addresses: ['10.244.0.25'],
    netns: FILE.netns,
  })
})

test('no beginning of a file is taken for the whole', () => {
  const text = JSON.stringify(FILE)
  for (let length = 0; length < text.length; length += 1) expect(decodeSandbox(text.slice(0, length))).toBe('not yet')
})

test('without netns, as an older libcni writes', () => {
  expect(decode({ netns: undefined })).toMatchObject({ id: ID, netns: undefined })
})

describe('addresses', () => {
  test.each([
    [
      'of both families',
      { ips: [{ address: '10.244.0.25/24' }, { address: 'FD00:10:244:0::19/64' }] },
      ['10.244.0.25', 'fd00:10:244::19'],
    ],
    ['twice the same', { ips: [{ address: '10.244.0.25/24' }, { address: '10.244.0.25/16' }] }, ['10.244.0.25']],
    ['of CNI 0.2.0', { ip4: { ip: '10.244.0.25/24' }, ip6: { ip: 'fd00::19/64' } }, ['10.244.0.25', 'fd00::19']],
    [
      'one that is none beside one',
      { ips: [{ address: 'x' }, null, 7, { address: '10.244.0.25/24' }] },
      ['10.244.0.25'],
    ],
    ['none, as of the loopback', { ips: [] }, 'not ours'],
    ['no list', { ips: { address: '10.244.0.25/24' } }, 'not ours'],
    ['no result', undefined, 'not ours'],
  ])('%s', (_name, result, expected) => {
    expect(addressesOf(result)).toEqual(expected)
  })

  test('no more than sixteen', () => {
    const ips = Array.from({ length: 300 }, (_, index) => ({
      address: `10.244.${Math.floor(index / 250)}.${index % 250}/16`,
    }))
    expect(addressesOf({ ips })).toHaveLength(16)
  })
})

describe('not ours', () => {
  test.each([
    ['another kind', { kind: 'cniCacheV2' }],
    ['the loopback', { ifName: 'lo' }],
    ['a further network of Multus', { ifName: 'net1' }],
    ['no arguments', { cniArgs: undefined }],
    ['arguments that are no pairs', { cniArgs: 'K8S_POD_UID=x' }],
    ['another container than the arguments say', { containerId: 'f00' }],
    ['a uid twice', { cniArgs: [...FILE.cniArgs, ['K8S_POD_UID', UID]] }],
  ])('%s', (_name, changes) => {
    expect(decode(changes)).toBe('not ours')
  })

  test.each([
    ['K8S_POD_NAMESPACE', 'Shop'],
    ['K8S_POD_NAMESPACE', ''],
    ['K8S_POD_NAME', '../etc'],
    ['K8S_POD_NAME', 7],
    ['K8S_POD_UID', ''],
    ['K8S_POD_UID', 'a b\n'],
    ['K8S_POD_INFRA_CONTAINER_ID', '../../etc'],
  ])('%s is %j', (key, value) => {
    expect(withArgument(key, value)).toBe('not ours')
  })

  test.each(['null', '[]', '7', '"cniCacheV1"', '{}', '{"__proto__": {"kind": "cniCacheV1"}}'])('%s', (text) => {
    expect(decodeSandbox(text)).toBe('not ours')
  })
})

test('annotations that look like a file of the cache say nothing', () => {
  const forged = { ...FILE, result: { ips: [{ address: '10.244.0.99/24' }] }, cniArgs: [['K8S_POD_UID', 'another']] }
  const capabilityArgs = {
    'io.kubernetes.cri.pod-annotations': {
      a: JSON.stringify(forged),
      b: '"}},"result":{"ips":[{"address":"10.244.0.99/24"}]}',
    },
  }
  expect(decode({ capabilityArgs })).toMatchObject({ uid: UID, addresses: ['10.244.0.25'] })
})
