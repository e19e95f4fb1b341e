import { execa } from 'execa'
import { expect, test } from 'vitest'
import { describeLab } from '../../lab/describe-lab.ts'
import { createLab } from '../../../src/lab/create-lab.ts'
import { MAIN } from '../../cli/run-selvedge.ts'

const modprobe = (...words: readonly string[]) => execa('modprobe', words, { reject: false })

test('the kernel has IPVS, and its tool programs it', async () => {
  for (const module of ['ip_vs', 'ip_vs_rr', 'ip_vs_sh', 'dummy']) {
    expect(await modprobe(module), module).toMatchObject({ exitCode: 0 })
  }
  const ipvsadm = (...words: readonly string[]) => execa('unshare', ['--net', 'sh', '-ec', words.join('; ')])
  // A server has to be on some link.
  const link = 'ip link add pods type dummy; ip address add 10.244.1.1/24 dev pods; ip link set pods up'
  const service = 'ipvsadm -A -t 10.96.0.10:80 -s rr'
  const server = 'ipvsadm -a -t 10.96.0.10:80 -r 10.244.1.10:8080 -m'
  const { stdout } = await ipvsadm(link, service, server, 'ipvsadm -Ln')
  expect(stdout).toMatch(/TCP +10\.96\.0\.10:80 rr\n +-> 10\.244\.1\.10:8080 +Masq/)
})

describeLab('br_netfilter', () => {
  test('unloaded under way, a node with pods on a bridge is not ready, and says what to do; loaded again it is', async () => {
    const pods = [{ name: 'shop/web', node: 'node-1', addresses: ['10.244.1.10'] }]
    await using lab = await createLab({ arrangement: 'bridged', nodes: [{ name: 'node-1' }], pods })
    const findings = async () => {
      // The lab's namespaces share /sys with the machine, and doctor believes no bridge of another namespace.
      const inOwnSys = ['unshare', '--mount', 'sh', '-ec', 'mount -t sysfs sysfs /sys; exec "$0" "$@"']
      const argv = [...inOwnSys, process.execPath, MAIN, 'doctor', '-o', 'json']
      const { stdout } = await lab.exec('node-1', argv, { timeoutMilliseconds: 600_000 })
      return (
        (JSON.parse(stdout) as readonly { readonly id: string; readonly severity: string }[])
          // An old nft on a new kernel is a finding as well, of another kind.
          .filter(({ id, severity }) => severity === 'blocks' && id.startsWith('br'))
          .map(({ id }) => id)
      )
    }
    expect(await findings()).toEqual([])
    expect(await modprobe('--remove', 'br_netfilter')).toMatchObject({ exitCode: 0 })
    expect(await findings()).toEqual(['br-netfilter-absent'])
    expect(await modprobe('br_netfilter')).toMatchObject({ exitCode: 0 })
    expect(await findings()).not.toContain('br-netfilter-absent')
  })
})
