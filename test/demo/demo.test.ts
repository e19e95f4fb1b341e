import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MAIN } from '../cli/run-selvedge.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { patient } from '../support/patience.ts'
import { expectStory } from './expect-story.ts'
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
        stderr: expect.stringMatching(/^Building [^\n]*\n(Step \d of 7\n?)+$/),
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
      expect(stdout).toMatch(/^296 verdicts by packets, \d+ NOT as compiled:$/m)
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
