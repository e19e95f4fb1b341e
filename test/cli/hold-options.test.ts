import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addHoldOptions, type HoldFlags, holdOptions } from '../../src/cli/hold-options.ts'

const optionsOf = (...argv: readonly string[]) =>
  holdOptions(addHoldOptions(new Command()).parse(argv, { from: 'user' }).opts<HoldFlags>())

test.each<readonly [readonly string[], number | undefined]>([
  [[], undefined],
  [['--hold', 'auto'], 600],
  [['--hold', 'on'], undefined],
  [['--hold', 'off'], undefined],
  [['--hold', 'auto', '--hold-open-after', 'never'], undefined],
  [['--hold', 'auto', '--hold-open-after', '30'], 30],
  [['--hold', 'on', '--hold-open-after', '10'], 10],
])('%j: without an agent new pods pass after %s seconds', (argv, seconds) => {
  expect(optionsOf(...argv).openAfterSeconds).toBe(seconds)
})

test('nobody said whether to hold: it is off, and known to be nobody’s wish', () => {
  expect(optionsOf()).toMatchObject({ mode: 'off', isTold: false, atBoot: false, cacheFolder: '/var/lib/cni/results' })
  expect(optionsOf('--hold', 'off')).toMatchObject({ mode: 'off', isTold: true })
  expect(optionsOf('--hold', 'auto', '--hold-at-boot')).toMatchObject({ mode: 'auto', isTold: true, atBoot: true })
})

test('subnets and exceptions may be given one by one and several at once', () => {
  const blocks = ['--hold-cidr', '10.244.1.0/24', 'fd44:0:0:1::/64', '--hold-cidr', '10.245.1.0/24']
  const { blocks: told, excepts } = optionsOf('--hold', 'on', ...blocks, '--hold-except', '10.244.1.5/32')
  expect(told.map(({ prefix }) => prefix)).toEqual([24, 64, 24])
  expect(excepts).toMatchObject([{ family: 'IPv4', prefix: 32 }])
})
