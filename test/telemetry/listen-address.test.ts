import { expect, test } from 'vitest'
import { formatListen, type ListenAddress, parseListen } from '../../src/telemetry/listen-address.ts'

const READ: readonly (readonly [string, ListenAddress, string])[] = [
  ['127.0.0.1:9753', { host: '127.0.0.1', port: 9753 }, '127.0.0.1:9753'],
  ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }, '0.0.0.0:0'],
  ['[::1]:9753', { host: '::1', port: 9753 }, '[::1]:9753'],
  ['[fe80::1%eth0]:65535', { host: 'fe80::1%eth0', port: 65535 }, '[fe80::1%eth0]:65535'],
  [':9753', { host: undefined, port: 9753 }, ':9753'],
  ['localhost:9753', { host: '127.0.0.1', port: 9753 }, '127.0.0.1:9753'],
]

test.each(READ)('%s is read, and written again', (text, address, again) => {
  expect(parseListen(text)).toEqual(address)
  expect(formatListen(address)).toBe(again)
})

const REFUSED = ['', ':', '9753', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '127.0.0.1:-1', '127.0.0.1:9753 ']
const NO_ADDRESS = [
  '::1:9753',
  '[127.0.0.1]:1',
  '[]:1',
  '[::1]',
  'example.org:80',
  '256.0.0.1:1',
  '127.1:1',
  '1.1.1.1:1\n',
]

test.each([...REFUSED, ...NO_ADDRESS])('%j is refused', (text) => {
  expect(parseListen(text)).toBeUndefined()
})
