import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import { LabPlanError } from '../../src/lab/lab-error.ts'
import { creatorOf } from '../../src/lab/lab-name.ts'
import { NAMESPACE_FOLDER } from '../../src/lab/namespaces.ts'
import { sweepLeftovers } from '../../src/lab/sweep-leftovers.ts'
import { describeLab } from './describe-lab.ts'
import { smallPlan } from './small-plan.ts'

/** A process that builds a lab with a server in it, says its name and waits. */
const HOLDER = `
const { createLab } = await import(${JSON.stringify(new URL('../../src/lab/create-lab.ts', import.meta.url).href)})
const lab = await createLab(${JSON.stringify(smallPlan('bridged'))})
await lab.serve('shop/web', { tcp: [80] })
console.log(lab.name)
setTimeout(() => {}, 60_000)
`

describeLab('what a lab leaves behind', () => {
  test('nothing, once closed, and closing twice does no harm', async () => {
    const lab = await createLab(smallPlan('routed'))
    await lab.serve('shop/web', { tcp: [80] })
    expect(namespacesOf(lab.name)).toHaveLength(8)
    await lab.close()
    await lab.close()
    expect(namespacesOf(lab.name)).toEqual([])
  })

  test('two labs of one process stand side by side', async () => {
    await using first = await createLab(smallPlan('bridged'))
    await using second = await createLab(smallPlan('bridged'))
    expect(first.name).not.toBe(second.name)
    expect(await sweepLeftovers()).not.toEqual(expect.arrayContaining([first.outside.namespace]))
    const probe = { from: 'shop/web', toAddress: '10.244.2.10', protocol: 'ICMP' } as const
    expect(await Promise.all([first.probe([probe]), second.probe([probe])])).toEqual([[true], [true]])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('nothing, when the process ends by %s', async (signal) => {
    const { child, labName } = await startHolder()
    child.nodeChildProcess.kill(signal)
    const result = await child
    expect(result.signal).toBe(signal)
    expect(namespacesOf(labName)).toEqual([])
  })

  test('what a killed process left is swept by the next lab, and a living one’s stays', async () => {
    const killed = await startHolder()
    const living = await startHolder()
    killed.child.nodeChildProcess.kill('SIGKILL')
    await killed.child
    expect(namespacesOf(killed.labName)).toHaveLength(8)
    const lab = await createLab(smallPlan('routed'))
    expect(namespacesOf(killed.labName)).toEqual([])
    expect(namespacesOf(living.labName)).toHaveLength(8)
    await lab.close()
    living.child.nodeChildProcess.kill('SIGTERM')
    await living.child
  })

  test('nothing, when building fails', async () => {
    const before = namespacesOf('selvedge-lab')
    await expect(createLab({ ...smallPlan('routed'), outside: ['127.0.0.0', '127.0.0.0'] })).rejects.toThrow(
      LabPlanError,
    )
    // Refused by the kernel, not by the plan: a multicast address is nobody's own.
    await expect(createLab({ ...smallPlan('routed'), outside: ['ff02::1'] })).rejects.toThrow(/Command failed/)
    expect(namespacesOf('selvedge-lab').filter((name) => creatorOf(name)?.pid === process.pid)).toEqual(
      before.filter((name) => creatorOf(name)?.pid === process.pid),
    )
  })
})

async function startHolder() {
  const child = execa(process.execPath, ['--input-type=module', '--eval', HOLDER], { reject: false, buffer: false })
  // Not the iteration over its lines: leaving that waits for the process to end.
  const [said] = (await once(child.nodeChildProcess.stdout!, 'data')) as [Buffer]
  return { child, labName: said.toString().trim() }
}

function namespacesOf(labName: string): readonly string[] {
  return readdirSync(NAMESPACE_FOLDER).filter((name) => name.startsWith(labName))
}
