import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { forwardPort } from './forward-port.ts'

const PLAN = {
  arrangement: 'bridged',
  nodes: [{ name: 'node-1' }],
  pods: [{ name: 'shop/web', node: 'node-1', addresses: ['10.244.1.10'] }],
} as const

describeLab('a port of the machine, forwarded into a node', () => {
  test('is reached there while it is forwarded, and a cut ends what runs', async () => {
    const server = createServer((socket) => void socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await using lab = await createLab(PLAN)
    const reach = () => lab.connect('node-1', '127.0.0.1', port, 'TCP')
    expect((await reach()).outcome).toBe('refused')

    const forwarded = await forwardPort(lab, 'node-1', { port, target: () => ({ host: '127.0.0.1', port }) })
    const session = await lab.session({ from: 'node-1', toAddress: '127.0.0.1', port, protocol: 'TCP' })
    expect(forwarded.connections()).toBe(1)
    await expect(forwardPort(lab, 'node-1', { port, target: () => ({ port }) })).rejects.toThrow(/EADDRINUSE/)
    forwarded.cut()
    await expect.poll(() => session.ended(), { timeout: 10_000 }).toBeDefined()
    await expect.poll(() => forwarded.connections(), { timeout: 10_000 }).toBe(0)

    await forwarded.close()
    await forwarded.close()
    expect((await reach()).outcome).toBe('refused')
    server.close()
  })
})
