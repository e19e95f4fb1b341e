import { expect, test } from 'vitest'
import { type AgentOnNode, startAgent } from '../faults/agent-on-node.ts'
import { addressesOf, describeFaults } from '../faults/fault-lab.ts'
import { makeManifests } from '../faults/manifests.ts'
import { POLICIES } from '../faults/policies.ts'

/** Asks every port of an address once; as fast as it can, with pauses in which what it was told is read. */
const SCAN = `import { createSocket } from 'node:dgram'
const [address, ports] = [process.argv[1], Number(process.argv[2])]
const socket = createSocket('udp4')
for (let port = 1; port <= ports; port += 1) {
  socket.send('?', port, address, () => undefined)
  if (port % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
}
setTimeout(() => socket.close(), 200)`

const PORTS = 60_000
const PATIENCE = { timeout: 60_000, interval: 1_000 }

describeFaults('a scan of all ports', (faults) => {
  const [other = '', db = '', idle = ''] = (['other', 'db', 'idle'] as const).map((name) => addressesOf(name)[0])

  test(`${PORTS} of them are one row; other victims are told, and every packet is counted somewhere`, async () => {
    const { lab, session } = faults
    const agent = startAgent(lab, { folder: makeManifests(POLICIES).folder })
    await agent.ready()
    const memory = () => agent.metric('selvedge_process_resident_memory_bytes')
    const before = (await memory()) ?? 0
    const scan = await lab.exec('shop/other', [process.execPath, '--input-type=module', '-e', SCAN, db, `${PORTS}`])
    expect(scan).toMatchObject({ exitCode: 0, stderr: '' })
    // Somebody else is denied while the set is full, and again after it.
    const victim = {
      from: 'shop/idle',
      fromAddress: idle,
      to: 'shop/db',
      toAddress: db,
      protocol: 'UDP',
      port: 22,
    } as const
    await lab.probe([victim])
    const [folded] = await foldedOf(agent)
    expect(folded).toMatchObject({ source: other, addresses: 1 })
    expect(folded?.ports).toBeGreaterThan(2048)
    expect(await lab.probe([victim])).toEqual([false])
    const tells = async (): Promise<boolean> =>
      (await agent.flows()).flows.some(({ source, destination }) => source === idle && destination === db)
    await expect.poll(tells, PATIENCE).toBe(true)
    expect(await session.progresses(5_000)).toBe(true)
    // Of 60,000 flows kept one by one it would be many times that.
    expect(((await memory()) ?? Number.POSITIVE_INFINITY) - before).toBeLessThan(64 * 1024 * 1024)

    const { totals, lost, full, flows } = await agent.flows()
    const ofDb = totals.find(({ address, direction }) => address === db && direction === 'ingress')?.packets ?? 0
    const told = sum(flows) + sum(await foldedOf(agent))
    const lostOfDb = lost.denied.find(({ address }) => address === db)?.packets ?? 0
    expect(full).toEqual([])
    expect(ofDb).toBeGreaterThanOrEqual(PORTS)
    // Between a reading and the taking out of what was read, a packet may go uncounted by both.
    expect(told + lostOfDb).toBeGreaterThan(0.99 * ofDb)
    expect(told + lostOfDb).toBeLessThanOrEqual(ofDb)
  })
})

const foldedOf = async (agent: AgentOnNode) => (await agent.flows()).folded
const sum = (counted: readonly { readonly packets: number }[]) => counted.reduce((all, { packets }) => all + packets, 0)
