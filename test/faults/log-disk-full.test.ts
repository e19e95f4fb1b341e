import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mustRun } from '../../src/lab/run-command.ts'
import { policy } from '../oracle/make-objects.ts'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

/** A hundred lines of log a file, which is as many as the agent says of one; together more than may wait for the disk. */
const NOISE = Array.from({ length: 25 }, (_, file) => ({
  name: `noise-${file}.json`,
  text: JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: Array.from({ length: 100 }, (__, index) =>
      policy(`shop/noise-${file}-${index}`, {
        podSelector: { matchLabels: { app: 'nobody' } },
        ingress: [{ ports: [{ port: 70_000 }] }],
      }),
    ),
  }),
}))

/** A file system of its own, which goes with the agent: nothing is mounted where anybody else would see it. */
const SMALL_DISK =
  'exec unshare --mount sh -c \'mount -t tmpfs -o size=64k tmpfs /mnt && exec "$@" >> /mnt/log 2>&1\' sh "$@"'

describeFaults('the log cannot be written', (faults) => {
  test.each([
    ['a device that is always full', 'exec "$@" > /dev/full 2>&1'],
    ['a full disk, until there is room again', SMALL_DISK],
  ])('%s: the agent goes on enforcing, and counts the lines', async (_, shell) => {
    const { lab, session } = faults
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, shell })
    await agent.ready()
    expect(await agent.metric('selvedge_log_lines_lost_total')).toBe(0)
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    for (const { name, text } of NOISE) manifests.write(name, text)
    await waitFor('lines are lost', async () => ((await agent.metric('selvedge_log_lines_lost_total')) ?? 0) > 0)
    manifests.become(WITH_IDLE)
    await traffic.until('changing', 'passed')
    await agent.ready()
    if (shell === SMALL_DISK) {
      const log = `/proc/${agent.pid}/root/mnt/log`
      const grow = ['mount', '-o', 'remount,size=8m', '/mnt']
      await mustRun(['nsenter', '--target', String(agent.pid), '--mount', '--', ...grow])
      await waitFor('it says how many', () => /"linesLost":\d+/.test(readFileSync(log, 'utf8')))
    }
    manifests.become(POLICIES)
    await traffic.until('changing', 'lost')
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed lost' })
    expect(await session.progresses(5_000)).toBe(true)
  })
})
