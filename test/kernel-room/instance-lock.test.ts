import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { acquireInstanceLock } from '../../src/kernel/instance-lock.ts'
import { mustRun } from '../../src/lab/run-command.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { ROOM, useNamespace } from './namespace.ts'

let names = 0
function newName(): string {
  names += 1
  return `\0selvedge-test-${process.pid}-${names}`
}

test('the second is refused and hears who holds it; after the release it may', async () => {
  const name = newName()
  const first = await acquireInstanceLock({ name, holder: 'pod kube-system/selvedge-x' })
  expect(first.kind).toBe('held')
  const refused = { kind: 'taken', holder: `pid ${process.pid}, pod kube-system/selvedge-x` }
  expect(await acquireInstanceLock({ name, holder: 'another' })).toEqual(refused)
  expect(await acquireInstanceLock({ name, holder: 'a third' })).toEqual(refused)
  if (first.kind === 'held') await first.release()
  const second = await acquireInstanceLock({ name, holder: 'another' })
  expect(second.kind).toBe('held')
  if (second.kind === 'held') await second.release()
})

test('a holder that does not answer, or says nothing, still holds it', async () => {
  for (const greet of [false, true]) {
    const name = newName()
    const server = createServer((socket) => greet && socket.end())
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(name, resolve))
    expect(await acquireInstanceLock({ name, holder: 'x' })).toEqual({ kind: 'taken', holder: undefined })
  }
})

describeLab('agents as processes', () => {
  const [here, there] = [useNamespace(), useNamespace()]
  const program = (then: string) => `
    const { acquireInstanceLock } = await import(${JSON.stringify(`${ROOM}instance-lock.ts`)})
    const { spawn } = await import('node:child_process')
    const lock = await acquireInstanceLock({ holder: 'agent' })
    ${then}`
  const show = program('console.log(JSON.stringify(lock))')

  test('one a network namespace; a killed one leaves nothing behind', async () => {
    const answers = await here.node<unknown[]>(
      program(`
        const run = (text) => new Promise((resolve) => {
          const child = spawn(process.execPath, ['--input-type=module', '--eval', text], { stdio: ['ignore', 'pipe', 'inherit'] })
          let output = ''
          child.stdout.on('data', (chunk) => { output += chunk; if (text.includes('SIGKILL') && output.includes('}')) child.kill('SIGKILL') })
          child.on('close', () => resolve(JSON.parse(output)))
        })
        const second = await run(${JSON.stringify(show)})
        await lock.release()
        const killed = await run(${JSON.stringify(program('console.log(JSON.stringify(lock)); setInterval(() => "until SIGKILL", 1000)'))})
        const after = await run(${JSON.stringify(show)})
        second.holder = second.holder.replace(String(process.pid), 'PID')
        console.log(JSON.stringify([second, killed, after]))`),
    )
    expect(answers).toEqual([{ kind: 'taken', holder: 'pid PID, agent' }, { kind: 'held' }, { kind: 'held' }])
  })

  test('two namespaces have one each', async () => {
    const inside = there.enter(process.execPath, '--input-type=module', '--eval', show)
    const held = await acquireInHere(async () => JSON.parse(await mustRun(inside)) as unknown)
    expect(held).toEqual({ kind: 'held' })
  })

  /** While this process's own namespace stands for the first node. */
  async function acquireInHere<Value>(work: () => Promise<Value>): Promise<Value> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen('\0selvedge-agent', resolve))
    try {
      return await work()
    } finally {
      server.close()
    }
  }
})
