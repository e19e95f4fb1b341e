import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MAIN } from '../cli/run-selvedge.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { patient } from '../support/patience.ts'
import { readTables } from './read-tables.ts'
import { POLICIES, shopVerdicts } from './shop-verdicts.ts'
import { foreignLabs, processesWith } from './traces.ts'

const MARKER = 'SELVEDGE_DEMO_TEST'
const PATIENCE = patient(240_000)
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--']

/** Starts the demo; its processes carry a mark, and what it would leave in the folder for temporary files is found. */
function startDemo({ prefix = [] as readonly string[], main = MAIN } = {}) {
  const mark = randomUUID()
  const temporary = temporaryFolder()
  const [file, ...rest] = [...prefix, process.execPath, main, 'demo'] as const
  const env = { [MARKER]: mark, TMPDIR: temporary }
  const running = execa(file, rest, { reject: false, env, cwd: '/', stdin: 'ignore', forceKillAfterDelay: false })
  onTestFinished(() => void running.nodeChildProcess.kill('SIGKILL'))
  const traces = () => ({
    processes: processesWith(MARKER, mark),
    namespaces: foreignLabs(),
    files: readdirSync(temporary),
    demoFolder: existsSync('/var/run/selvedge-demo'),
  })
  return { running, traces }
}

const NO_TRACES = { processes: [], namespaces: [], files: [], demoFolder: false }

/** The kernel takes a moment to bury what it has killed. */
async function expectNoTraces(traces: () => typeof NO_TRACES | object): Promise<void> {
  await expect.poll(traces, { timeout: patient(10_000) }).toEqual(NO_TRACES)
}

/** Policies and label after each step of the story. */
const STEPS = [
  ...Array.from({ length: POLICIES.length + 1 }, (_, count) => [count, true] as const),
  ...(['gone', 'back'] as const).map((label) => [POLICIES.length, label === 'back'] as const),
]

function expectStory(stdout: string): void {
  const tables = readTables(stdout)
  expect(tables.map(({ title }) => title)).toEqual([
    'No policy yet',
    ...POLICIES.map(({ metadata }) => `Policy ${metadata.name}`),
    'kubectl label namespace monitoring environment-',
    'kubectl label namespace monitoring environment=production',
  ])
  let before: ReadonlyMap<string, boolean> | undefined
  for (const [index, [policies, labelled]] of STEPS.entries()) {
    const now = shopVerdicts(policies, labelled)
    for (const [way, open] of now) {
      const was = before?.get(way) ?? open
      const mark = was === open ? (open ? '✓' : '✗') : open ? '✗→✓' : '✓→✗'
      expect({ step: index, way, mark: tables[index]?.marks.get(way) }).toEqual({ step: index, way, mark })
    }
    before = now
  }
  const verdicts = /^(\d+) verdicts by packets, all as compiled\.$/m.exec(stdout)?.[1]
  // 7 senders to 6 receivers, less 6 to themselves, and the live connection, at each step.
  expect(Number(verdicts)).toBe(STEPS.length * (7 * 6 - 6 + 1))
  const live = stdout
    .split('\n')
    .flatMap((line) => /^ {3}live {4}prometheus → backend-2:8080 (.*)$/.exec(line)?.[1] ?? [])
  expect(live).toEqual([
    'is opened and flows',
    ...POLICIES.map(() => 'flows on'),
    'STOPS: established, and judged again',
    'flows again, the same connection',
  ])
  // A command is as long as the path to the examples makes it.
  const lines = stdout.split('\n').filter((line) => !line.startsWith('   selvedge '))
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(stdout).toContain('selvedge compile -f ')
  expect(stdout).toMatch(/^\d+s +\S+ +\d+ +production\/frontend\S* +production\/database\S* +5432\/TCP/m)
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /ingress of production\/database\S*: production\/database-allow-backend ingress\[0\]: production\/frontend-1 has .*→ selvedge explain production\/frontend\S* production\/database\S* 5432/,
  )
}

describeLab('the demo', () => {
  test.each([
    ['as it is called', []],
    ['by an ordinary user', NOBODY],
  ] as const)(
    '%s: the whole story, every mark as the oracle has it, and nothing is left',
    async (_, prefix) => {
      const { running, traces } = startDemo({ prefix })
      const { exitCode, stdout, stderr } = await running
      expect({ exitCode, stderr }).toEqual({
        exitCode: 0,
        stderr: expect.stringMatching(/^Building [^\n]*\n(Step \d of 6\n?)+$/),
      })
      expectStory(stdout)
      await expectNoTraces(traces)
    },
    PATIENCE,
  )

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    '%s in the middle: it ends by it, and nothing is left',
    async (signal) => {
      const { running, traces } = startDemo()
      let said = ''
      running.nodeChildProcess.stdout?.on('data', (data: Buffer) => {
        said += data.toString()
      })
      await expect.poll(() => said, { timeout: PATIENCE }).toContain('0  No policy yet')
      expect(traces().processes.length).toBeGreaterThan(4)
      running.nodeChildProcess.kill(signal)
      const result = await running
      expect(result.signal).toBe(signal)
      await expectNoTraces(traces)
      // Nor did what is inside play to its end first.
      expect(said).not.toContain('verdicts by packets')
    },
    PATIENCE,
  )

  test(
    'agents that end at once: the verdicts differ, are named, and it exits 1',
    async () => {
      const folder = temporaryFolder({
        'main.mjs': `if (process.argv[2] === 'agent') process.exit(7)\nawait import(${JSON.stringify(MAIN)})\n`,
      })
      const { running, traces } = startDemo({ main: join(folder, 'main.mjs') })
      const { exitCode, stdout, stderr } = await running
      expect(exitCode).toBe(1)
      expect(stderr).toContain('node-1: the agent ended')
      expect(stdout).toMatch(/^259 verdicts by packets, \d+ NOT as compiled:$/m)
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
        'Policy database-deny-all: frontend-1 → database-1:5432: packets arrive, though compiled as',
      )
      expect(stdout).not.toContain('all as compiled')
      await expectNoTraces(traces)
    },
    PATIENCE,
  )

  describe('where it cannot run', () => {
    /** As root of a user namespace whose limits are what we say. */
    const limited = (limit: string) => [
      'unshare',
      '--user',
      '--map-root-user',
      'sh',
      '-c',
      `echo 0 > /proc/sys/user/${limit} && exec "$@"`,
      'sh',
    ]

    test('no namespaces: exit 3, the reason and the cure on standard error', async () => {
      const { exitCode, stdout, stderr } = await startDemo({ prefix: limited('max_net_namespaces') }).running
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
      expect(stderr).toMatch(/^the demo cannot run here: no namespaces can be made \(unshare: .*\); .*--privileged$/)
    })

    test('no nft: exit 3, and what to install', async ({ skip }) => {
      const { stdout: nft } = await execa('sh', ['-c', 'command -v nft'])
      if (!nft.startsWith('/usr/sbin/') || existsSync('/usr/sbin/unshare')) skip('nft is not alone in /usr/sbin here')
      const without = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /usr/sbin && exec "$@"', 'sh']
      const { exitCode, stdout, stderr } = await startDemo({ prefix: without }).running
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
      expect(stderr).toMatch(/^the demo cannot run here: not installed: .*nft.*\(Debian: .*nftables.*\)$/)
    })
  })
})
