import { expect, test } from 'vitest'
import { forgetInKernel } from '../../src/agent/forget-in-kernel.ts'
import type { KernelResult } from '../../src/agent/kernel-port.ts'
import { flowRecord } from '../denied/flow-record.ts'

/** A kernel in which these ports have expired: a transaction that names one fails whole, as nft's does. */
function kernel(gone: readonly number[], kind = 'not-found') {
  const taken = new Set<number>()
  let transactions = 0
  const apply = (text: string): Promise<KernelResult> => {
    transactions += 1
    const ports = [...text.matchAll(/ \. 6 \. (\d+)/g)].map(([, port]) => Number(port))
    if (ports.some((port) => gone.includes(port))) return Promise.resolve({ ok: false, kind, message: '' })
    for (const port of ports) taken.add(port)
    return Promise.resolve({ ok: true, durationMilliseconds: 0 })
  }
  return { apply, taken, count: () => transactions }
}

const flows = (count: number) =>
  Array.from({ length: count }, (_, index) => flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'TCP', port: index + 1 }))

test('thousands go in few transactions', async () => {
  const { apply, taken, count } = kernel([])
  await forgetInKernel(flows(1000), apply)
  expect(taken.size).toBe(1000)
  expect(count()).toBe(4)
})

test('those that have gone by themselves keep nobody else there', async () => {
  const { apply, taken } = kernel([1, 200, 777])
  await forgetInKernel(flows(1000), apply)
  expect(taken.size).toBe(997)
})

test('where nft fails for another reason nothing is tried again', async () => {
  const { apply, count } = kernel([1], 'timeout')
  await forgetInKernel(flows(256), apply)
  expect(count()).toBe(1)
})
