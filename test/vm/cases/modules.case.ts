import { execa } from 'execa'
import { expect, test } from 'vitest'

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
