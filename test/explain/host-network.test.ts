import { describe, expect, test } from 'vitest'
import { askText } from './ask-case.ts'
import { documents, node, pod, policy, workload } from './manifests.ts'

const EXPORTER = workload('ops/exporter', { kind: 'DaemonSet', hostNetwork: true })
const WEB = pod('shop/web', '10.244.1.8', { spec: { nodeName: 'n1' } })
const allowing = (cidr: string) =>
  policy('shop/web', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: 80}]}]}`)
const closed = policy(
  'shop/web',
  '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}',
)

describe('a workload on the network of nodes whose addresses nobody says', () => {
  test('is answered where the other end is open', () => {
    const answer = askText(documents(EXPORTER, WEB), 'shop/web', 'ops/exporter', '9100')
    expect(answer.exit).toBe(0)
    expect(answer.text).toContain("policy sees a node's address, which the input does not say")
    expect(askText(documents(EXPORTER, WEB), 'ops/exporter', 'shop/web', '80').exit).toBe(0)
  })

  test('is answered where the other end is closed for every address, and told of the one node that may', () => {
    const { exit, text } = askText(documents(EXPORTER, WEB, closed), 'ops/exporter', 'shop/web', '80')
    expect(exit).toBe(1)
    expect(text).toContain('ops/exporter is no pod, and selectors match pods only')
    expect(text).toContain('where ops/exporter and shop/web are on one node, they reach each other')
    expect(text).not.toContain('This would allow it')
    expect(askText(documents(EXPORTER, WEB, closed), 'shop/web', 'ops/exporter', '9100').exit).toBe(1)
  })

  test('is answered where every address is granted, on the port that was asked for', () => {
    expect(askText(documents(EXPORTER, WEB, allowing('0.0.0.0/0')), 'ops/exporter', 'shop/web', '80').exit).toBe(0)
    expect(askText(documents(EXPORTER, WEB, allowing('0.0.0.0/0')), 'ops/exporter', 'shop/web', '81').exit).toBe(1)
  })

  test('is not answered where it depends on the address', () => {
    expect(askText(documents(EXPORTER, WEB, allowing('192.168.0.0/16')), 'ops/exporter', 'shop/web', '80')).toEqual({
      exit: 2,
      text: 'it depends on the address of ops/exporter: ingress of shop/web is allowed for 192.168.0.0/16 only; ask for the address of the node that is meant',
    })
  })

  test('the Nodes of the input are all that it can be on', () => {
    const nodes = [node('n1', '192.168.50.21', '10.244.1.0/24'), node('n2', '192.168.50.22', '10.244.2.0/24')]
    const ask = (cidr: string) =>
      askText(documents(EXPORTER, WEB, ...nodes, allowing(cidr)), 'ops/exporter', 'shop/web', '80').exit
    expect(ask('198.51.100.0/24')).toBe(1)
    // By flannel.1, too.
    expect(ask('192.168.50.0/24')).toBe(2)
    expect(ask('0.0.0.0/1')).toBe(2)
    expect(ask('0.0.0.0/0')).toBe(0)
  })
})

describe('a pod on the network of a node', () => {
  const agent = (nodeName: string, address = '') =>
    pod(`ops/agent-${nodeName}`, address, { owner: 'DaemonSet/agent', spec: { hostNetwork: true, nodeName } })

  test('of the same node by its name reaches, and is reached by, the pods there', () => {
    const parts = documents(WEB, closed, agent('n1'), agent('n2'))
    expect(askText(parts, 'ops/agent-n1', 'shop/web', '80')).toMatchObject({ exit: 0 })
    expect(askText(parts, 'shop/web', 'ops/agent-n1', '10250')).toMatchObject({ exit: 0 })
    expect(askText(parts, 'ops/agent-n2', 'shop/web', '80')).toMatchObject({ exit: 1 })
  })

  test('with its whole workload is answered node by node', () => {
    const parts = documents(WEB, closed, agent('n1', '192.168.50.21'), agent('n2', '192.168.50.22'))
    const { exit, text } = askText(parts, 'ops/agent', 'shop/web', '80')
    expect(exit).toBe(1)
    expect(text).toContain('allowed: ops/agent-n1 → shop/web TCP 80')
    expect(text).toContain('denied: ops/agent-n2 → shop/web TCP 80')
  })
})

test('pods of one workload on several nodes are told apart at a node’s address', () => {
  const web = (name: string, address: string, nodeName: string) =>
    pod(`shop/${name}`, address, { owner: 'Deployment/web', spec: { nodeName } })
  const nodes = [node('n1', '192.168.50.21', '10.244.1.0/24'), node('n2', '192.168.50.22', '10.244.2.0/24')]
  const parts = documents(web('web-1', '10.244.1.2', 'n1'), web('web-2', '10.244.2.2', 'n2'), closed, ...nodes)
  const { exit, text } = askText(parts, '192.168.50.21', 'shop/web', '80')
  expect(exit).toBe(1)
  expect(text).toContain('allowed: 192.168.50.21 → shop/web-1 TCP 80')
  expect(text).toContain('denied: 192.168.50.21 → shop/web-2 TCP 80')
  // The bridge of the node is where its own processes come from.
  expect(askText(parts, '10.244.2.1', 'shop/web-2', '80').exit).toBe(0)
  expect(askText(parts, '10.244.2.1', 'shop/web-1', '80').exit).toBe(1)
})
