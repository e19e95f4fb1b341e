import { expect, test } from 'vitest'
import { createGrowth } from '../../compiler/flows/grown-flows.ts'
import type { SeenFlow } from '../../compiler/flows/seen-flow.ts'

const flow = (port: number, packets: number): SeenFlow => ({
  node: 'a',
  source: '10.1.0.1',
  destination: '10.1.0.2',
  carries: { protocol: 'TCP', port },
  directed: true,
  packets,
  lastAge: 0,
  firstAge: 0,
})

/** Of the flows of a node, by their port: what is told at each look. */
function looks(...each: readonly (readonly SeenFlow[])[]): readonly (readonly string[])[] {
  const growth = createGrowth()
  return each.map((flows) =>
    growth.take('a', flows).map(({ flow: { carries }, delta }) => `${'port' in carries ? carries.port : ''} +${delta}`),
  )
}

test('of the first look nothing has grown; then what came and what grew is told, and what stands still is not', () => {
  expect(looks([flow(80, 5)], [flow(80, 5), flow(90, 2)], [flow(80, 9), flow(90, 2)])).toEqual([
    [],
    ['90 +2'],
    ['80 +4'],
  ])
})

test('what has fewer packets, or was gone and came again, began anew: all of them are new', () => {
  expect(looks([flow(80, 5)], [flow(80, 3)], [flow(80, 4)])).toEqual([[], ['80 +3'], ['80 +1']])
  expect(looks([flow(80, 5)], [], [flow(80, 6)])).toEqual([[], [], ['80 +6']])
})

test('a pod that goes takes its packets along, and they are not new; the next one with its address begins', () => {
  const pod = { namespace: 'shop', name: 'gone', uid: 'u', createdAt: '' }
  const gone = { ...flow(80, 6), formerSource: pod }
  expect(looks([flow(80, 5)], [gone], [gone, flow(80, 2)], [gone, flow(80, 3)])).toEqual([
    [],
    ['80 +1'],
    ['80 +2'],
    ['80 +1'],
  ])
})

test('each node has a first look of its own', () => {
  const growth = createGrowth()
  expect(growth.take('a', [flow(80, 5)])).toEqual([])
  expect(growth.take('b', [{ ...flow(80, 9), node: 'b' }])).toEqual([])
  expect(growth.take('a', [flow(80, 7)])).toEqual([{ flow: flow(80, 7), delta: 2 }])
})
