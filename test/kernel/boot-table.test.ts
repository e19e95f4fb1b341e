import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { BOOT_TABLE, bootTableText, removeBootTableText } from '../../compiler/nftables/boot-table.ts'
import { POD_BRIDGE } from '../../compiler/nftables/pod-bridge.ts'
import type { Family } from '../../compiler/addresses/address.ts'
import { MAIN } from '../cli/run-selvedge.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { addressOf, describeKernel } from './kernel-lab.ts'
import { inBoth, passingInBoth, placeName, probe } from './passing.ts'

const UDP = { protocol: 'UDP', port: 53 } as const
const asked = (family: Family) => ({
  neighbour: probe(family, 'web', 'db', UDP),
  otherNode: probe(family, 'web', 'far', UDP),
  fromOtherNode: probe(family, 'far', 'web', UDP),
  fromNode: { from: 'node-1', toAddress: addressOf('web', family), to: placeName('web'), ...UDP },
})
const text = (opensAfterSeconds: number) => bootTableText({ bridge: POD_BRIDGE, opensAfterSeconds })

describeKernel(
  'the table of a boot',
  (kernel) => {
    const selvedge = (...args: readonly string[]) => kernel.lab.exec('node-1', [process.execPath, MAIN, ...args])

    test('lets nothing pass but what the node itself sends to its pods', async () => {
      await kernel.lab.loadRuleset('node-1', text(600))
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['fromNode']))
      // Loaded twice it is one table.
      await kernel.lab.loadRuleset('node-1', text(600))
      expect((await kernel.lab.nft('node-1', ['list', 'tables'])).match(/selvedge-boot/g)).toHaveLength(1)
      await kernel.lab.loadRuleset('node-1', removeBootTableText())
      expect(await passingInBoth(kernel.lab, asked)).toEqual(
        inBoth(['neighbour', 'otherNode', 'fromOtherNode', 'fromNode']),
      )
      // Where there is none, nothing happens.
      await kernel.lab.loadRuleset('node-1', removeBootTableText())
    })

    test('opens by itself, by the clock of the kernel', async () => {
      await kernel.lab.loadRuleset('node-1', text(1))
      for (let looks = 0; looks < 200; looks += 1) {
        if (!(await kernel.lab.nft('node-1', ['list', 'table', ...BOOT_TABLE.split(' ')])).includes('elements')) break
        await sleep(50)
      }
      expect(await passingInBoth(kernel.lab, asked)).toEqual(
        inBoth(['neighbour', 'otherNode', 'fromOtherNode', 'fromNode']),
      )
    })

    test('is named by doctor, and removed by uninstall', async () => {
      expect((await selvedge('doctor')).stdout).not.toContain('selvedge-boot')
      await kernel.lab.loadRuleset('node-1', text(600))
      expect((await selvedge('doctor')).stdout).toContain(
        'warns: the table inet selvedge-boot stands: pods of this node pass nothing',
      )
      expect((await selvedge('uninstall')).stdout).toMatch(/^removed table inet selvedge-boot; .*next boot\n$/)
      expect(await kernel.lab.nft('node-1', ['list', 'tables'])).not.toContain('selvedge-boot')
      expect((await selvedge('uninstall')).stdout).toBe('no table to remove\n')
    })

    test('goes with the transaction that brings the table of an agent', async () => {
      const folder = temporaryFolder()
      await kernel.lab.loadRuleset('node-1', text(600))
      const words = ['agent', '-f', folder, '--node', 'node-1', '--listen', '127.0.0.1:9760']
      const [file = '', ...argv] = kernel.lab.command('node-1', [
        process.execPath,
        MAIN,
        ...words,
        '--socket',
        join(folder, 'agent.sock'),
      ])
      const agent = execa(file, argv, { reject: false })
      try {
        let tables = 'inet selvedge-boot'
        for (let looks = 0; looks < 600 && tables.includes('selvedge-boot'); looks += 1) {
          await sleep(50)
          tables = await kernel.lab.nft('node-1', ['list', 'tables'])
          // Never neither of the two.
          expect(tables).toMatch(/inet selvedge/)
        }
        expect(tables).toMatch(/inet selvedge$/m)
        expect(tables).not.toContain('selvedge-boot')
      } finally {
        agent.kill()
        await agent
      }
    })

    test('is what selvedge boot-hold prints', async () => {
      expect((await selvedge('boot-hold')).stdout).toBe(text(600))
      expect((await selvedge('boot-hold', '--bridge', 'br0', '--opens-after', '60')).stdout).toContain(
        '"br0" timeout 60s',
      )
      expect(await selvedge('boot-hold', '--bridge', 'a" drop')).toMatchObject({ exitCode: 2, stdout: '' })
      expect((await selvedge('boot-hold', '--unit')).stdout).toContain('nft -f /etc/selvedge/boot.nft')
    })
  },
  ['bridged'],
)
