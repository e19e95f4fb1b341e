import { expect, test } from 'vitest'
import { LabPlanError } from '../../src/lab/lab-error.ts'
import { layOut } from '../../src/lab/lay-out.ts'
import type { LabPlan } from '../../src/lab/plan.ts'
import { smallPlan } from './small-plan.ts'

const PLAN = smallPlan('bridged')
const POD = { name: 'more', node: 'node-a', addresses: ['10.244.1.12'] }

test('a node gets the subnets around its pods, and its number’s where it has none', () => {
  const plan: LabPlan = {
    arrangement: 'routed',
    nodes: [{ name: 'a' }, { name: 'b' }, { name: 'c', podSubnets: ['10.8.0.0/16'] }],
    pods: [{ name: 'p', node: 'a', addresses: ['10.42.7.9', 'fd00:1:2:3::9'] }],
  }
  const subnets = layOut(plan, 'x').nodes.map(({ podSubnets }) => [podSubnets.IPv4.text, podSubnets.IPv6.text])
  expect(subnets).toEqual([
    ['10.42.7.0/24', 'fd00:1:2:3::/64'],
    ['10.244.2.0/24', 'fd44:0:0:2::/64'],
    ['10.8.0.0/16', 'fd44:0:0:3::/64'],
  ])
})

test('every device of a lab has a MAC of its own', () => {
  const { nodes, pods, outside } = layOut(PLAN, 'x')
  const macs = [
    outside.mac,
    ...pods.flatMap((pod) => [pod.mac, pod.hostMac]),
    ...nodes.flatMap((node) => [node.mac, node.gatewayMac, node.tunnel.IPv4.mac, node.tunnel.IPv6.mac]),
  ]
  expect(new Set(macs).size).toBe(macs.length)
})

test.each<[string, LabPlan, RegExp]>([
  [
    'two pods of one name',
    { ...PLAN, pods: [...PLAN.pods, { ...POD, name: 'shop/web' }] },
    /two places are called shop\/web/,
  ],
  ['a pod called outside', { ...PLAN, pods: [{ ...POD, name: 'outside' }] }, /two places are called outside/],
  [
    'two pods of one address',
    { ...PLAN, pods: [...PLAN.pods, { ...POD, addresses: ['10.244.1.11'] }] },
    /both own 10\.244\.1\.11/,
  ],
  [
    'a pod with its gateway’s address',
    { ...PLAN, pods: [{ ...POD, addresses: ['10.244.1.1'] }] },
    /both own 10\.244\.1\.1/,
  ],
  ['a pod on an unknown node', { ...PLAN, pods: [{ ...POD, node: 'moon' }] }, /no node of the plan/],
  ['a pod without address', { ...PLAN, pods: [{ ...POD, addresses: [] }] }, /no address/],
  [
    'a pod outside its node’s subnet',
    { ...PLAN, pods: [...PLAN.pods, { ...POD, addresses: ['10.9.9.9'] }] },
    /not in 10\.244\.1\.0\/24/,
  ],
  [
    'two nodes of one subnet',
    { ...PLAN, pods: [POD, { ...POD, name: 'most', node: 'node-b', addresses: ['10.244.1.13'] }] },
    /share/,
  ],
  ['something that is no address', { ...PLAN, outside: ['example.org'] }, /not an IP address/],
  ['no node', { ...PLAN, nodes: [], pods: [] }, /nodes/],
])('%s is refused', (_, plan, message) => {
  expect(() => layOut(plan, 'x')).toThrow(LabPlanError)
  expect(() => layOut(plan, 'x')).toThrow(message)
})
