import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES } from './policies.ts'

/** Has the name of an agent, says when somebody asks, and answers nobody. */
const MUTE_HOLDER = `
const { createServer } = await import('node:net')
createServer(() => console.log('asked')).listen('\\0selvedge-agent', () => console.log('listening'))`

describeFaults('an agent that is told to end before it is the only one', (faults) => {
  test('SIGTERM while it asks who else is there: it ends with exit 0, and does not complain of another agent', async () => {
    const [file = '', ...rest] = faults.lab.command('node-1', [
      process.execPath,
      '--input-type=module',
      '--eval',
      MUTE_HOLDER,
    ])
    const holder = execa(file, rest, { reject: false, cleanup: true, buffer: false })
    onTestFinished(async () => {
      holder.nodeChildProcess.kill('SIGKILL')
      await holder
    })
    const lines = holder[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('listening')
    const agent = startAgent(faults.lab, { folder: makeManifests(POLICIES).folder })
    expect((await lines.next()).value).toBe('asked')
    agent.signal('SIGTERM')
    expect(await agent.ended()).toEqual({ exitCode: 0, signal: undefined })
    expect(agent.log).toEqual([])
  })
})
