import { execa } from 'execa'
import { expect, test } from 'vitest'
import { MAIN } from '../../cli/run-selvedge.ts'
import { enforce } from '../../kernel/enforce.ts'
import { describeKernel } from '../../kernel/kernel-lab.ts'
import { inBoth, passingInBoth, probe } from '../../kernel/passing.ts'
import { app, ingress, tcp } from '../../kernel/policies.ts'

const GRANTED = ['web to 5432']
const ALL = ['web to 5432', 'web to 80', 'idle to 5432']

describeKernel(
  'br_netfilter',
  (kernel) => {
    test('unloaded under way, no rule sees what pods of one bridge send each other, and doctor says so; loaded again they are judged', async () => {
      await enforce(kernel.lab, [ingress('db', { from: [app('web')], ports: [tcp(5432)] })])
      const passed = () =>
        passingInBoth(kernel.lab, (family) => ({
          'web to 5432': probe(family, 'web', 'db', { protocol: 'TCP', port: 5432 }),
          'web to 80': probe(family, 'web', 'db', { protocol: 'TCP', port: 80 }),
          'idle to 5432': probe(family, 'idle', 'db', { protocol: 'TCP', port: 5432 }),
        }))
      const findings = async () => {
        // The lab's namespaces share /sys with the machine, and doctor believes no bridge of another namespace.
        const inOwnSys = ['unshare', '--mount', 'sh', '-ec', 'mount -t sysfs sysfs /sys; exec "$0" "$@"']
        const argv = [...inOwnSys, process.execPath, MAIN, 'doctor', '-o', 'json']
        const { stdout } = await kernel.lab.exec('node-1', argv, { timeoutMilliseconds: 600_000 })
        // An old nft on a new kernel is a finding as well, of another kind.
        const all = JSON.parse(stdout) as readonly { readonly id: string; readonly severity: string }[]
        return all.filter(({ id, severity }) => severity === 'blocks' && id.startsWith('br')).map(({ id }) => id)
      }
      expect(await passed()).toEqual(inBoth(GRANTED))
      expect(await findings()).toEqual([])
      // Not `modprobe --remove`: that takes the module bridge along, and every bridge with it, though pods are on one.
      expect(await execa('rmmod', ['br_netfilter'], { reject: false })).toMatchObject({ exitCode: 0 })
      expect(await passed()).toEqual(inBoth(ALL))
      expect(await findings()).toEqual(['br-netfilter-absent'])
      // Whatever doctor tried out has not loaded it by the way.
      expect(await passed()).toEqual(inBoth(ALL))
      expect(await execa('modprobe', ['br_netfilter'], { reject: false })).toMatchObject({ exitCode: 0 })
      expect(await passed()).toEqual(inBoth(GRANTED))
      expect(await findings()).toEqual([])
    })
  },
  ['bridged'],
)
