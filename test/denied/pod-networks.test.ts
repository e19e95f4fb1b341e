import { expect, test } from 'vitest'
import { rangesKey } from '../../compiler/addresses/ranges.ts'
import { blockRange } from '../../compiler/addresses/block-range.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { podNetworks } from '../../compiler/flows/pod-networks.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'

const node = (name: string, ...podCIDRs: readonly string[]) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { podCIDRs } })}\n---\n`
const pod = (name: string, podIP: string) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [] }, status: { podIP } })}\n---\n`

const block = (text: string) => {
  const parsed = parseBlock(text)?.block
  if (parsed === undefined) throw new Error(`no CIDR: ${text}`)
  return parsed
}
const key = (text: string) => rangesKey([blockRange(block(text))])

function networks(text: string, said?: string): readonly string[] {
  const { objects, others } = readObjects([{ file: 'f', text }], { defaultNamespace: 'default' })
  const given = { said: said === undefined ? undefined : block(said), usual: block('10.244.0.0/16') }
  return podNetworks(createCluster(objects, others), given).map((one) => rangesKey([blockRange(one)]))
}

test('a node that is gone had a part of the network that the others have parts of', () => {
  expect(networks(node('a', '10.42.0.0/24', 'fd00:42::/64') + node('b', '10.42.7.0/24'))).toEqual(
    ['10.42.0.0/16', 'fd00:42::/48'].map(key),
  )
  // A part that is wider than that is as it is.
  expect(networks(node('a', '10.32.0.0/12'))).toEqual(['10.32.0.0/12', '10.32.0.0/16'].map(key))
})

test('where no node tells of its part the pods do, and where there is neither it is the usual one', () => {
  expect(networks(node('a') + pod('web', '10.42.3.9') + pod('db', '10.42.4.9'))).toEqual(['10.42.0.0/16'].map(key))
  expect(networks(node('a'))).toEqual(['10.244.0.0/16'].map(key))
})

test('what somebody says counts, beside what nodes tell, and nothing around it', () => {
  const text = node('a', '10.42.0.0/24') + pod('web', '10.42.0.9')
  expect(networks(text, '10.42.0.0/22')).toEqual(['10.42.0.0/24', '10.42.0.0/22'].map(key))
})
