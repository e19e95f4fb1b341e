import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { BOOT_UNIT } from '../../src/kernel/boot-unit.ts'
import { type HoldTold, lookAtHold } from '../../src/cli/doctor-hold.ts'
import { serveStatus } from '../../src/telemetry/status-socket.ts'
import type { AgentStatus } from '../../src/telemetry/agent-status.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { sampleStatus } from '../telemetry/sample-status.ts'

/** Says which tables there are. */
const nftOf = (...tables: readonly string[]) =>
  `#!/bin/sh\n${tables.map((name) => `echo 'table ${name}'`).join('\n')}\n`

interface Node {
  readonly hasCache?: boolean
  readonly tables?: readonly string[]
  /** By path below its root. */
  readonly files?: Readonly<Record<string, string>>
}

/** What doctor finds on a node with a cache of sandboxes (unless told), where this agent answers; `undefined`: none does. */
async function found(
  agent: Partial<AgentStatus> | undefined,
  told: HoldTold = {},
  { hasCache = true, tables = [], files = {} }: Node = {},
) {
  const folder = temporaryFolder({ nft: nftOf(...tables), ...files })
  const cache = join(folder, 'cni', 'results')
  if (hasCache) mkdirSync(cache, { recursive: true })
  const socket = join(folder, 'agent.sock')
  if (agent !== undefined) {
    const nothing = () => Promise.resolve(undefined)
    const options = { 'cni-cache': cache, 'hold-cidr': '10.244.1.0/24', ...agent.options }
    const status = () => sampleStatus({ ...agent, options })
    const answers = { status, denied: nothing, flows: nothing, audit: nothing, rules: nothing }
    const server = await serveStatus({ path: socket, answers })
    onTestFinished(() => server.close())
  }
  const boot = { command: [join(folder, 'nft')], hostFolders: [folder] }
  return (await lookAtHold({ socket, boot, ...told })).map(({ id }) => id)
}

const NOBODY_ISOLATED = { enforced: undefined }

test.each<readonly [string, Partial<AgentStatus>, HoldTold, boolean, readonly string[]]>([
  ['an agent that holds', { options: { hold: 'auto' } }, {}, true, []],
  ['its cache away', { options: { hold: 'auto' } }, {}, false, ['hold-off', 'cni-cache-unreadable']],
  ['on, its cache away', { options: { hold: 'on' } }, {}, false, ['cni-cache-unreadable']],
  ['that keeps live flows', { options: { hold: 'auto', established: 'keep' } }, {}, true, ['hold-off']],
  ['that was told not to', { options: { hold: 'off' } }, {}, true, []],
  ['that nobody told anything', { options: {} }, {}, true, ['hold-available']],
  ['that could not', { options: {} }, {}, false, []],
  [
    'doctor is asked for auto',
    { options: { hold: 'off' } },
    { hold: 'auto' },
    false,
    ['hold-off', 'cni-cache-unreadable'],
  ],
  ['doctor is asked for off', { options: {} }, { hold: 'off' }, true, []],
])(
  '%s: it looks as the agent of this node was told, or as it is told itself',
  async (_, agent, told, hasCache, ids) => {
    expect(await found(agent, told, { hasCache })).toEqual(ids)
  },
)

test.each<readonly [string, Partial<AgentStatus> | undefined, HoldTold, readonly string[]]>([
  [
    'the hold is on',
    { ...NOBODY_ISOLATED, options: { hold: 'auto', 'bridge-local': 'pass' } },
    {},
    ['bridge-local-passes'],
  ],
  ['a pod is isolated', { options: { hold: 'off', 'bridge-local': 'pass' } }, {}, ['bridge-local-passes']],
  [
    'doctor is told so',
    { options: { hold: 'auto', 'bridge-local': 'drop' } },
    { bridgeLocal: 'pass' },
    ['bridge-local-passes'],
  ],
  ['nobody is closed', { ...NOBODY_ISOLATED, options: { hold: 'off', 'bridge-local': 'pass' } }, {}, []],
  ['they are dropped', { options: { hold: 'auto', 'bridge-local': 'drop' } }, {}, []],
  ['no agent answers', undefined, { hold: 'off', bridgeLocal: 'pass' }, []],
])('packets that no address rule sees, where %s', async (_, agent, told, ids) => {
  expect(await found(agent, told)).toEqual(ids)
})

test('what remains of a boot: its table; its unit where no table of an agent stands', async () => {
  const off = { hold: 'off' } as const
  const files = { [`etc/systemd/system/${BOOT_UNIT}`]: '' }
  expect(await found(undefined, off, { tables: ['inet selvedge-boot'] })).toEqual(['boot-table-stands'])
  expect(await found(undefined, off, { tables: ['inet filter'], files })).toEqual(['boot-unit-remains'])
  expect(await found(undefined, off, { tables: ['inet selvedge'], files })).toEqual([])
  expect(await found(undefined, off, { tables: ['inet filter'] })).toEqual([])
})
