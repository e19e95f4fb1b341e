import { expect, test } from 'vitest'
import type { Direction } from '../../compiler/objects/direction.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { createDeniedByNamespace } from '../../src/agent/denied-by-namespace.ts'
import { madePod } from '../engine/made-pods.ts'

function total(text: string, direction: Direction, packets: number) {
  const address = parseAddress(text)
  if (address === undefined) throw new Error('a test wrote an address')
  return { address, direction, packets }
}

function bookOf(namespaces: Readonly<Record<string, string>>) {
  const owners = new Map<string, Pod>()
  const own = (address: string, namespace: string): void => {
    const pod = madePod({ name: 'pod', address, namespace })
    if (pod.kind === 'Pod') owners.set(address, pod)
  }
  for (const [address, namespace] of Object.entries(namespaces)) own(address, namespace)
  const book = createDeniedByNamespace((address) => owners.get(address))
  const told = () => book.values().map(({ namespace, direction, packets }) => `${namespace} ${direction} ${packets}`)
  return { book, owners, own, told }
}

test('pods of a namespace are summed by direction and over both families', () => {
  const { book, told } = bookOf({ '10.1.0.1': 'shop', '10.1.0.2': 'shop', 'fd00::1': 'shop', '10.1.0.9': 'ops' })
  book.take([total('10.1.0.1', 'ingress', 3), total('10.1.0.9', 'ingress', 1), total('10.1.0.1', 'egress', 7)])
  book.take([
    total('10.1.0.1', 'ingress', 5),
    total('10.1.0.2', 'ingress', 10),
    total('fd00::1', 'ingress', 100),
    total('10.1.0.9', 'ingress', 1),
    total('10.1.0.1', 'egress', 7),
  ])
  expect(told()).toEqual(['shop ingress 115', 'ops ingress 1', 'shop egress 7'])
})

test('a count that went down, or was gone, begins anew; the sum never goes down', () => {
  const { book, told } = bookOf({ '10.1.0.1': 'shop' })
  const read = (...packets: readonly number[]) => book.take(packets.map((each) => total('10.1.0.1', 'egress', each)))
  read(8)
  read(2)
  expect(told()).toEqual(['shop egress 10'])
  read()
  expect(told()).toEqual(['shop egress 10'])
  read(4)
  read(4)
  expect(told()).toEqual(['shop egress 14'])
})

test('a pod that has gone counts for its namespace, the next owner for its own, and an address of nobody for none', () => {
  const { book, own, owners, told } = bookOf({ '10.1.0.1': 'shop' })
  const read = (packets: number) => book.take([total('10.1.0.1', 'ingress', packets), total('10.1.0.2', 'ingress', 50)])
  read(1)
  owners.clear()
  read(3)
  expect(told()).toEqual(['shop ingress 3'])
  own('10.1.0.1', 'ops')
  read(10)
  expect(told()).toEqual(['shop ingress 3', 'ops ingress 7'])
})

test('behind a table that was built anew all is new, and who has gone since is remembered', () => {
  const { book, owners, told } = bookOf({ '10.1.0.1': 'shop' })
  book.take([total('10.1.0.1', 'ingress', 3)])
  owners.clear()
  book.tableIsNew()
  book.take([total('10.1.0.1', 'ingress', 5)])
  expect(told()).toEqual(['shop ingress 8'])
})
