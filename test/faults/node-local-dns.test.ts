import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { policy } from '../oracle/make-objects.ts'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, type PodName } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { app } from './policies.ts'

// trap 37b: NodeLocal DNS takes its packets out of conntrack

const CACHE = '169.254.20.10'
const SERVER = fileURLToPath(new URL('../../src/lab/programs/server.ts', import.meta.url))

/** As node-cache sets it up: an address of the node's own, and nothing of its traffic tracked. */
const NOTRACK = `table ip node-local-dns {
  chain prerouting {
    type filter hook prerouting priority raw; policy accept;
    ip daddr ${CACHE} meta l4proto { tcp, udp } th dport 53 notrack
  }
  chain output {
    type filter hook output priority raw; policy accept;
    ip saddr ${CACHE} meta l4proto { tcp, udp } th sport 53 notrack
    ip daddr ${CACHE} meta l4proto { tcp, udp } th dport 53 notrack
  }
}
`

const CLOSED = [
  policy('shop/db', { ...app('db'), policyTypes: ['Ingress'] }),
  policy('shop/web', {
    ...app('web'),
    policyTypes: ['Ingress', 'Egress'],
    egress: [{ to: [{ ipBlock: { cidr: `${CACHE}/32` } }], ports: [{ protocol: 'UDP', port: 53 }] }],
  }),
  policy('shop/other', { ...app('other'), policyTypes: ['Ingress', 'Egress'] }),
]

describeFaults('a DNS cache on the node, past conntrack', (faults) => {
  test('answers its own pods, whatever isolates them: that never crosses forward', async () => {
    const { lab } = faults
    await startCache(lab)
    await lab.loadRuleset('node-1', NOTRACK)
    await lab.serve('shop/idle', { udp: [53] })
    const ask = async (from: PodName, address: string) =>
      (await lab.connect(`shop/${from}`, address, 53, 'UDP')).outcome
    expect(await ask('other', '10.244.1.13')).toBe('answered')

    const agent = startAgent(lab, { folder: makeManifests(CLOSED).folder })
    await agent.ready()
    const answers = {
      'nobody selects it': await ask('idle', CACHE),
      'closed for ingress': await ask('db', CACHE),
      'egress to the cache alone': await ask('web', CACHE),
      'closed for both, without a rule': await ask('other', CACHE),
      // What is isolated is: the same question to a pod crosses forward.
      'the one with a rule, to a pod': await ask('web', '10.244.1.13'),
      'closed for both, to a pod': await ask('other', '10.244.1.13'),
      'closed for ingress, to a pod': await ask('db', '10.244.1.13'),
    }
    expect(answers).toEqual({
      'nobody selects it': 'answered',
      'closed for ingress': 'answered',
      'egress to the cache alone': 'answered',
      'closed for both, without a rule': 'answered',
      'the one with a rule, to a pod': 'silent',
      'closed for both, to a pod': 'silent',
      'closed for ingress, to a pod': 'answered',
    })
  })
})

/** A socket bound to the cache's address, so that this is where answers come from. */
async function startCache(lab: Lab): Promise<void> {
  // node-cache makes a dummy device for it, which not every kernel has.
  const { exitCode } = await lab.exec('node-1', ['ip', 'address', 'add', `${CACHE}/32`, 'dev', 'lo'])
  expect(exitCode).toBe(0)
  const argument = JSON.stringify({ tcp: [], udp: [53], udpAddresses: [CACHE], manner: 'echo' })
  const [file = '', ...rest] = lab.command('node-1', [process.execPath, SERVER, argument])
  const subprocess = execa(file, rest, { reject: false, cleanup: true, stdin: 'pipe', buffer: false })
  onTestFinished(async () => {
    subprocess.nodeChildProcess.kill('SIGKILL')
    await subprocess
  })
  const { stdout } = subprocess.nodeChildProcess
  if (stdout === null) throw new Error('standard output is a pipe')
  await once(stdout, 'data')
}
