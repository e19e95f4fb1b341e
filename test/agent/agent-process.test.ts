import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { AgentStatus } from '../../src/telemetry/agent-status.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

const MAIN = join(PROJECT_ROOT, 'src', 'cli', 'main.ts')
const MANIFESTS = join(PROJECT_ROOT, 'examples', 'two-nodes')
const PATIENCE = 60_000

// trap 38: the agent killed, stopped and started again: what was in force stays in force
// trap 46: the table or an element deleted by hand is put back
describeLab('the agent as a process, on a node of its own', () => {
  let lab: Lab
  let folder: string
  const running: ReturnType<typeof startAgent>[] = []

  function startAgent(socket: string, port: number) {
    const flags = [
      '--node',
      'node-1',
      '-f',
      MANIFESTS,
      '--socket',
      join(folder, socket),
      '--listen',
      `127.0.0.1:${port}`,
    ]
    const [file = '', ...rest] = lab.command('node-1', [process.execPath, MAIN, 'agent', ...flags])
    return execa(file, rest, { reject: false, cleanup: true })
  }

  const selvedge = (...words: readonly string[]) => lab.exec('node-1', [process.execPath, MAIN, ...words])
  /** What stands in the kernel; what its counters have counted is not the agent's doing. */
  const list = async (...what: readonly string[]) =>
    (await lab.exec('node-1', ['nft', 'list', ...what])).stdout.replaceAll(/packets \d+ bytes \d+/g, '')
  const table = () => list('table', 'inet', 'selvedge')

  /** Asks again until it holds: nothing here may depend on how fast the machine is. */
  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`never: ${what}`)
      await sleep(50)
    }
  }

  const statusOf = async (socket: string) =>
    JSON.parse((await selvedge('status', '--socket', join(folder, socket), '-o', 'json')).stdout) as AgentStatus
  const scrape = async (port: number) => {
    const program = `console.log(await (await fetch('http://127.0.0.1:${port}/metrics')).text())`
    return (await lab.exec('node-1', [process.execPath, '--input-type=module', '--eval', program])).stdout
  }

  const ready = (socket: string) => async () => {
    const { exitCode, stdout } = await selvedge('status', '--socket', join(folder, socket), '-o', 'json')
    return exitCode === 0 && (JSON.parse(stdout) as { readonly ready: boolean }).ready
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'selvedge-agent-'))
    const pods = [{ name: 'forum/web-1', node: 'node-1', addresses: ['10.244.1.10'] }]
    lab = await createLab({ arrangement: 'bridged', nodes: [{ name: 'node-1' }], pods })
  })

  afterAll(async () => {
    for (const one of running) one.nodeChildProcess.kill('SIGKILL')
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    'when kube-proxy goes over to IPVS it ends, and the next one judges at output as well',
    async () => {
      const before = startAgent('ipvs.sock', 9755)
      running.push(before)
      await until('the agent is ready', ready('ipvs.sock'))
      expect(await table()).not.toContain('hook output')
      // Any link will do, and every kernel has bridges.
      await lab.exec('node-1', ['ip', 'link', 'add', 'kube-ipvs0', 'type', 'bridge'])
      const { exitCode, stdout } = await before
      expect(exitCode).toBe(3)
      expect(stdout).toContain('kube-proxy runs in IPVS mode now')
      expect(await table()).toContain('hook forward')
      const after = startAgent('ipvs.sock', 9755)
      running.push(after)
      await until('the next agent is ready', ready('ipvs.sock'))
      expect(await table()).toContain('hook output')
      expect((await statusOf('ipvs.sock')).options['service-proxy']).toBe('ipvs')
      after.nodeChildProcess.kill('SIGTERM')
      await after
      await lab.exec('node-1', ['ip', 'link', 'del', 'kube-ipvs0'])
      expect((await selvedge('uninstall')).exitCode).toBe(0)
    },
    3 * PATIENCE,
  )

  test(
    'it enforces, repairs, survives a kill without a change, and only uninstall takes the table away',
    async () => {
      const first = startAgent('first.sock', 9753)
      running.push(first)
      await until('the first agent is ready', ready('first.sock'))
      const enforced = await table()
      expect(enforced).toContain('goto c4-')
      expect(readFileSync(`/proc/${first.pid}/cmdline`, 'utf8')).toContain(
        '--max-semi-space-size=4\0--heap-growing-percent=30\0--no-concurrent-recompilation\0--no-memory-reducer\0',
      )

      await lab.nft('node-1', ['delete', 'table', 'inet', 'selvedge'])
      await until('the table is back', async () => (await table()) !== '')
      await lab.nft('node-1', ['delete', 'element', 'inet', 'selvedge', 'iso4', '{ 10.244.1.10 }'])
      await until('the element is back', async () =>
        (await list('set', 'inet', 'selvedge', 'iso4')).includes('10.244.1.10'),
      )
      const repaired = await table()
      await until('the repairs are told', async () => (await statusOf('first.sock')).driftRepairs['elements'] === 1)
      const { options, driftRepairs, enforced: told } = await statusOf('first.sock')
      expect(driftRepairs).toEqual({ table: 1, elements: 1 })
      expect(told?.policies).not.toEqual([])
      expect(options).toEqual({
        filename: MANIFESTS,
        namespace: 'default',
        deny: 'drop',
        established: 'rejudge',
        'bridge-local': 'drop',
        'service-proxy': 'nat',
        audit: 'policies',
        'mark-mask': '0xfff00000',
        listen: '127.0.0.1:9753',
        socket: join(folder, 'first.sock'),
        'verify-interval': '60',
        'nft-timeout': '30',
      })
      const metrics = await scrape(9753)
      expect(metrics).toContain('selvedge_drift_repairs_total{what="table"} 1\n')
      expect(metrics).toContain('selvedge_denied_packets_total{why="policy"} 0\n')

      const second = await startAgent('second.sock', 9754)
      expect(second.exitCode).toBe(3)
      expect(second.stdout).toContain('another agent runs on this node')
      expect((await selvedge('uninstall')).exitCode).toBe(3)

      first.nodeChildProcess.kill('SIGKILL')
      await first
      expect(await table()).toBe(repaired)

      const third = startAgent('third.sock', 9755)
      running.push(third)
      await until('the third agent is ready', ready('third.sock'))
      expect(await table()).toBe(repaired)
      expect(await statusOf('third.sock')).toMatchObject({ enforced: { policies: told?.policies }, driftRepairs: {} })

      third.nodeChildProcess.kill('SIGTERM')
      expect((await third).exitCode).toBe(0)
      expect(await table()).toBe(repaired)

      const { exitCode, stdout } = await selvedge('uninstall')
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: expect.stringContaining('removed table inet selvedge'),
      })
      expect(await table()).toBe('')
    },
    5 * PATIENCE,
  )
})
