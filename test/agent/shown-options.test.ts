import { expect, test } from 'vitest'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { DEFAULT_AUDIT } from '../../compiler/objects/is-audited.ts'
import type { AgentOptions } from '../../src/agent/agent-options.ts'
import { type HoldOptions, NO_HOLD } from '../../src/agent/hold-options.ts'
import { shownOptions } from '../../src/agent/shown-options.ts'

const SOURCE: Omit<AgentOptions, 'node' | 'source' | 'log' | 'signal' | 'hold'> = {
  ruleset: DEFAULT_OPTIONS,
  serviceProxyFound: false,
  audit: DEFAULT_AUDIT,
  listen: '127.0.0.1:9753',
  socket: '/run/selvedge/agent.sock',
  verifyIntervalSeconds: 60,
  nftTimeoutSeconds: 30,
  sourceFlags: {},
}

/** What is shown of the hold, by flag. */
function shown(hold: Partial<HoldOptions>): Readonly<Record<string, string>> {
  const all = shownOptions({ ...SOURCE, hold: { ...NO_HOLD, ...hold } } as AgentOptions)
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('hold') || name === 'cni-cache'))
}
const blocks = (...texts: readonly string[]) => texts.flatMap((text) => parseBlock(text)?.block ?? [])

test('of a hold that is off nothing is shown but that somebody said so', () => {
  expect(shown({ mode: 'off', isTold: false })).toEqual({})
  expect(shown({ mode: 'off', isTold: true, openAfterSeconds: 600, cacheFolder: '/c' })).toEqual({ hold: 'off' })
})

test('of one that is on all that is in force, as flags would say it', () => {
  expect(shown({ mode: 'auto', cacheFolder: '/c', openAfterSeconds: 600 })).toEqual({
    hold: 'auto',
    'hold-open-after': '600',
    'cni-cache': '/c',
  })
  expect(
    shown({
      mode: 'on',
      cacheFolder: '/c',
      atBoot: true,
      blocks: blocks('10.244.1.0/24', 'fd44::/64'),
      excepts: blocks('10.244.1.5/32'),
    }),
  ).toEqual({
    hold: 'on',
    'hold-cidr': '10.244.1.0/24, fd44::/64',
    'hold-except': '10.244.1.5/32',
    'hold-open-after': 'never',
    'hold-at-boot': 'true',
    'cni-cache': '/c',
  })
})
