import { describe, expect, test } from 'vitest'
import { askText } from './ask-case.ts'
import { documents, node, pod, policy, service, workload } from './manifests.ts'

const NODES = [node('n1', '192.168.50.21', '10.244.1.0/24'), node('n2', '192.168.50.22', '10.244.2.0/24')]
const on = (nodeName: string, more: object = {}) => ({ spec: { nodeName, ...more } })
const QUEUE = pod('shop/queue', '10.244.1.7', on('n1'))
const FAR_QUEUE = pod('shop/queue-far', '10.244.2.7', { ...on('n2'), labels: { app: 'queue' } })
const WEB = pod('shop/web', '10.244.1.8', on('n1'))
const through = (traffic: string, nodePort = ', nodePort: 30644') =>
  service(
    'shop/queue',
    `{type: NodePort, externalTrafficPolicy: ${traffic}, selector: {app: queue}, ports: [{port: 80, targetPort: 5672${nodePort}}]}`,
  )
/** Only these blocks may come in, and only to the port on which the pods listen. */
const from = (...cidrs: readonly string[]) =>
  policy(
    'shop/queue',
    `{podSelector: {matchLabels: {app: queue}}, ingress: [{from: [${cidrs.map((cidr) => `{ipBlock: {cidr: ${cidr}}}`).join(', ')}], ports: [{port: 5672}]}]}`,
  )
const toQueue = policy(
  'shop/web',
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: queue}}}], ports: [{port: 5672}]}]}',
)

/** The first lines of the pairs, short: `verdict from → to port`. */
function verdicts(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^(allowed|denied): /.test(line))
}

function ask(parts: readonly string[], source: string, address: string, port = '30644') {
  const { exit, text } = askText(documents(...parts), source, address, port)
  return exit === 2 ? text : verdicts(text)
}

describe('externalTrafficPolicy: Local', () => {
  const LOCAL = [...NODES, QUEUE, FAR_QUEUE, through('Local'), from('192.0.2.0/24')]

  test('leads to the pods of that node alone, and the client’s address stays', () => {
    expect(ask(LOCAL, '192.0.2.9', '192.168.50.21')).toEqual(['allowed: 192.0.2.9 → shop/queue TCP 5672'])
    expect(ask(LOCAL, '198.51.100.9', '192.168.50.22')).toEqual(['denied: 198.51.100.9 → shop/queue-far TCP 5672'])
  })

  test('leads nowhere at a node without a pod of it', () => {
    expect(ask([...NODES, QUEUE, through('Local')], '192.0.2.9', '192.168.50.22')).toBe(
      'the node port of Service shop/queue leads to pods of n2 only (externalTrafficPolicy: Local), and none is there; ask at the address of n1',
    )
  })
})

describe('externalTrafficPolicy: Cluster', () => {
  const cluster = (...cidrs: readonly string[]) => [...NODES, QUEUE, FAR_QUEUE, through('Cluster'), from(...cidrs)]

  test('reaches a pod of another node under the first node’s address, by either backend of Flannel', () => {
    expect(ask(cluster('192.0.2.0/24', '10.244.1.0/32'), '192.0.2.9', '192.168.50.21')).toEqual([
      'allowed: 192.0.2.9 → shop/queue TCP 5672',
      'allowed: n1 over VXLAN (10.244.1.0) → shop/queue-far TCP 5672',
      'denied: n1 with host-gw (192.168.50.21) → shop/queue-far TCP 5672',
    ])
    const open = cluster('192.0.2.0/24', '10.244.1.0/32', '192.168.50.21/32')
    expect(askText(documents(...open), '192.0.2.9', '192.168.50.21', '30644').exit).toBe(0)
  })

  test('without a podCIDR the address over VXLAN is not known, and no yes is given', () => {
    const bare = NODES.map((text) => text.replace(/podCIDR: [^}]*/, ''))
    const parts = [...bare, FAR_QUEUE, through('Cluster'), from('192.168.50.21/32')]
    expect(ask(parts, '192.0.2.9', '192.168.50.21')).toBe(
      'it depends on the address of node n1: ingress of shop/queue-far is allowed for 192.168.50.21/32 only; ask for the address of the node that is meant',
    )
  })
})

describe('a pod as the client', () => {
  const PARTS = [...NODES, QUEUE, WEB, through('Local'), toQueue]

  test('at its own node is translated before its egress is judged', () => {
    expect(ask(PARTS, 'shop/web', '192.168.50.21')).toEqual(['allowed: shop/web → shop/queue TCP 5672'])
  })

  test('at another node is judged by the address and port that it asked for, and arrives as its node', () => {
    const parts = [...NODES, FAR_QUEUE, WEB, through('Local'), toQueue, from('192.168.50.21/32')]
    expect(ask(parts, 'shop/web', '192.168.50.22')).toEqual([
      'denied: shop/web → 192.168.50.22 TCP 30644',
      'allowed: node n1 (192.168.50.21) → shop/queue-far TCP 5672',
    ])
  })

  test('to a pod of another node: egress sees the pod, ingress the node', () => {
    const parts = [...NODES, FAR_QUEUE, WEB, through('Cluster'), toQueue, from('10.244.1.0/32')]
    expect(ask(parts, 'shop/web', '192.168.50.21')).toEqual([
      'allowed: shop/web → shop/queue-far TCP 5672',
      'allowed: n1 over VXLAN (10.244.1.0) → shop/queue-far TCP 5672',
      'denied: n1 with host-gw (192.168.50.21) → shop/queue-far TCP 5672',
    ])
  })
})

describe('a hostPort', () => {
  const door = (hostIP?: string) =>
    pod('shop/queue', '10.244.1.7', {
      ...on('n1'),
      ports: [],
    }).replace(
      '"ports":[]',
      `"ports":[{"containerPort":5672,"hostPort":8056${hostIP === undefined ? '' : `,"hostIP":"${hostIP}"`}}]`,
    )

  test('leads to the pod of that node, on its own port', () => {
    const parts = [...NODES, door(), from('192.0.2.0/24')]
    expect(ask(parts, '192.0.2.9', '192.168.50.21', '8056')).toEqual(['allowed: 192.0.2.9 → shop/queue TCP 5672'])
    expect(ask(parts, '198.51.100.9', '192.168.50.21', '8056')).toEqual(['denied: 198.51.100.9 → shop/queue TCP 5672'])
    expect(ask(parts, '198.51.100.9', '192.168.50.22', '8056')).toEqual([
      'allowed: 198.51.100.9 → 192.168.50.22 TCP 8056',
    ])
  })

  test('of one address of the node is none of another', () => {
    const parts = (hostIP: string) => [...NODES, door(hostIP), from('192.0.2.0/24')]
    expect(ask(parts('127.0.0.1'), '192.0.2.9', '192.168.50.21', '8056')).toEqual([
      'allowed: 192.0.2.9 → 192.168.50.21 TCP 8056',
    ])
    expect(ask(parts('192.168.50.21'), '192.0.2.9', '192.168.50.21', '8056')).toEqual([
      'allowed: 192.0.2.9 → shop/queue TCP 5672',
    ])
  })

  test('of a workload may be on any node', () => {
    const daemon = workload('shop/queue', { kind: 'DaemonSet', ports: ['5672'] }).replace(
      '"containerPort":5672',
      '"containerPort":5672,"hostPort":8056',
    )
    const parts = [...NODES, daemon, from('192.0.2.0/24')]
    expect(ask(parts, '198.51.100.9', '192.168.50.21', '8056')).toEqual(['denied: 198.51.100.9 → shop/queue TCP 5672'])
  })
})

describe('where the input does not say whether an address is a node’s, there is no answer', () => {
  const nodes = 'add the Nodes to the input (kubectl get nodes -o yaml)'
  const unknown = 'whether 192.168.50.21 is a node the input does not say, and port'

  test('a node port', () => {
    expect(ask([QUEUE, through('Local')], '198.51.100.9', '192.168.50.21')).toBe(
      `${unknown} 30644 of a node leads to the pods of Service shop/queue; ${nodes}, or ask for svc/shop/queue 80`,
    )
    expect(ask([WEB], '198.51.100.9', '192.168.50.21')).toBe(
      `${unknown} 30644 is in the range of node ports, which lead to pods; ${nodes}`,
    )
  })

  test('a hostPort', () => {
    const host = QUEUE.replace('"ports":[]', '"ports":[{"containerPort":5672,"hostPort":8056}]')
    expect(ask([host], '198.51.100.9', '192.168.50.21', '8056')).toBe(
      `${unknown} 8056 of a node may be the hostPort of shop/queue; ${nodes}, or ask for shop/queue`,
    )
  })

  test('any other port, and an address that no Node has, are answered', () => {
    expect(ask([WEB], 'shop/web', '192.168.50.21', '443')).toHaveLength(1)
    expect(ask([...NODES, QUEUE, through('Local')], '198.51.100.9', '203.0.113.9')).toEqual([
      'allowed: 198.51.100.9 → 203.0.113.9 TCP 30644',
    ])
  })

  test('a Service whose number the API server will choose may have any', () => {
    expect(ask([...NODES, QUEUE, through('Local', '')], '198.51.100.9', '192.168.50.21', '31000')).toBe(
      '192.168.50.21 is node n1, and whether its port 31000 is that of Service shop/queue the input does not say; give its nodePort, or ask for the Service',
    )
  })

  test('without Services any number in their range may lead to a pod', () => {
    expect(ask([...NODES, QUEUE], '198.51.100.9', '192.168.50.21', '31000')).toBe(
      '192.168.50.21 is node n1, and whether its port 31000 is that of a Service the input does not say: it holds none; add the Services (kubectl get services -A -o yaml)',
    )
    expect(ask([...NODES, QUEUE, through('Local')], '198.51.100.9', '192.168.50.21', '31000')).toHaveLength(1)
    expect(ask([...NODES, QUEUE], '198.51.100.9', '192.168.50.21', '10250')).toHaveLength(1)
  })

  test('pods tell of their nodes, too', () => {
    const told = QUEUE.replace('"status":{', '"status":{"hostIP":"192.168.50.21",')
    expect(ask([told, through('Local'), from('192.0.2.0/24')], '198.51.100.9', '192.168.50.21')).toEqual([
      'denied: 198.51.100.9 → shop/queue TCP 5672',
    ])
  })
})
