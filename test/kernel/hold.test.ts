import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import { signOfLife } from '../../compiler/nftables/hold-sets.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { surePut } from '../laws/changes-of.ts'
import { patient } from '../support/patience.ts'
import { enforce } from './enforce.ts'
import { framesArriving } from './frames-arriving.ts'
import { holding, known, sandbox, sandboxAt } from './holding.ts'
import { addressOf, describeKernel, type Kernel, type PodName } from './kernel-lab.ts'
import { kubeProxyTables } from './kube-proxy.ts'
import { nodePortProbe } from './node-port-probe.ts'
import { inBoth, passingInBoth, probe } from './passing.ts'
import { closed, ingress } from './policies.ts'
import { without } from './without.ts'

/** Some policy of the cluster, of nobody here. */
const SOMEWHERE = closed('far')
const UDP = { protocol: 'UDP', port: 9 } as const
const PAIRS: readonly (readonly [PodName | 'outside', PodName | 'outside'])[] = [
  ['idle', 'db'],
  ['db', 'idle'],
  ['idle', 'far'],
  ['far', 'idle'],
  ['idle', 'outside'],
  ['outside', 'idle'],
  ['web', 'db'],
  ['web', 'far'],
  ['far', 'web'],
]
const name = ([from, to]: (typeof PAIRS)[number]) => `${from} → ${to}`
const ALL = PAIRS.map(name)
const WITHOUT_IDLE = PAIRS.filter((pair) => !pair.includes('idle')).map(name)

const probesOf = (details: Omit<Probe, 'from' | 'toAddress'>) => (family: Family) =>
  Object.fromEntries(PAIRS.map((pair) => [name(pair), probe(family, pair[0], pair[1], details)]))
const passingNow = (kernel: Kernel, details: Omit<Probe, 'from' | 'toAddress'> = UDP) =>
  passingInBoth(kernel.lab, probesOf(details))

describeKernel('the hold', (kernel) => {
  test('an address that nobody knows sends nothing and gets nothing, of no kind; known, it does at once', async () => {
    const idle = sandboxAt('idle', 3)
    const node = await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [sandboxAt('web', 1), idle])
    expect(await passingNow(kernel)).toEqual(inBoth(WITHOUT_IDLE))
    expect(await passingNow(kernel, { protocol: 'TCP', port: 80 })).toEqual(inBoth(WITHOUT_IDLE))
    // Neither as an answer to nothing, which conntrack calls invalid, nor as a ping.
    const answers = await passingNow(kernel, { protocol: 'TCP', port: 80, flags: ['SYN', 'ACK'] })
    for (const family of FAMILIES) expect(answers[family].filter((pair) => pair.includes('idle'))).toEqual([])
    expect(await passingNow(kernel, { protocol: 'ICMP' })).toEqual(inBoth(WITHOUT_IDLE))
    await node.tell(...known('idle').map(surePut))
    expect(await passingNow(kernel)).toEqual(inBoth(ALL))
  })

  test('without a policy in the cluster nothing is held; with the first all are, with the last none', async () => {
    const node = await holding(kernel.lab, known('web', 'db'), [], [])
    expect(await passingNow(kernel)).toEqual(inBoth(ALL))
    await node.tell(...SOMEWHERE.map(surePut))
    expect(await passingNow(kernel)).toEqual(inBoth(WITHOUT_IDLE))
    await node.tell(
      ...SOMEWHERE.map(({ metadata }) => {
        return { type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: metadata.name } as const
      }),
    )
    expect(await passingNow(kernel)).toEqual(inBoth(ALL))
  })

  test('what is never to be held passes', async () => {
    const excepts = FAMILIES.map((family) => `${addressOf('idle', family)}/${family === 'IPv4' ? 32 : 128}`)
    await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], { excepts })
    expect(await passingNow(kernel)).toEqual(inBoth(ALL))
  })

  test('a pod that is isolated is so from its first packet on, by its runtime’s word alone', async () => {
    const [idle] = known('idle')
    if (idle === undefined) throw new Error('no pod')
    const starting = { ...idle, status: { phase: 'Pending' } }
    const node = await holding(kernel.lab, [...known('web', 'db'), starting], [...SOMEWHERE, ...closed('idle')], [])
    expect(await passingNow(kernel)).toEqual(inBoth(WITHOUT_IDLE))
    await node.tell(sandbox(sandboxAt('idle', 1)))
    expect(node.engine.passes(addressOf('idle', 'IPv4'))).toBe(true)
    expect(await passingNow(kernel)).toEqual(inBoth(WITHOUT_IDLE))
    await node.tell(surePut(ingress('idle', {})))
    expect((await passingNow(kernel)).IPv4).toEqual(
      expect.arrayContaining(['db → idle', 'far → idle', 'outside → idle']),
    )
  })

  test('live flows of an address that another pod gets end before it passes, and none is remembered for it', async () => {
    const flow = { ...UDP, sourcePort: 5_555 }
    const flows = (family: Family) => ({ 'far → db': probe(family, 'far', 'db', flow) })
    const before = sandboxAt('db', 1)
    const node = await holding(kernel.lab, known('web', 'db'), [...SOMEWHERE, ...closed('idle')], [before])
    expect(await passingInBoth(kernel.lab, flows)).toEqual(inBoth(['far → db']))
    // Its file goes: the address may be another's already, whatever the pod's status says.
    await node.tell(sandbox(before, { ended: true }))
    expect(await passingInBoth(kernel.lab, flows)).toEqual(inBoth([]))
    // Another pod, closed, has it; then one that is open.
    const [idle] = known('idle')
    if (idle === undefined) throw new Error('no pod')
    const unaddressed = { ...idle, status: { phase: 'Pending' } }
    await node.tell(surePut(unaddressed), sandbox(sandboxAt('db', 2, 'idle')))
    expect(node.engine.passes(addressOf('db', 'IPv4'))).toBe(true)
    expect(await passingInBoth(kernel.lab, flows)).toEqual(inBoth([]))
    const open = { ...unaddressed, metadata: { ...unaddressed.metadata, name: 'open', uid: 'uid-open' } }
    const relabelled = { ...open, metadata: { ...open.metadata, labels: { app: 'open' } } }
    await node.tell(surePut(relabelled), sandbox(sandboxAt('db', 3, 'open')))
    expect(await passingInBoth(kernel.lab, flows)).toEqual(inBoth(['far → db']))
  })

  test.each([false, true])(
    'a held pod is not reached through a Service or a node port, or by itself; masqueraded: %s',
    async (masquerade) => {
      const service = { IPv4: '10.96.0.20', IPv6: 'fd96::20' }
      const ports = FAMILIES.map((family) => ({
        family,
        address: service[family],
        // As a hostPort, too: both are a DNAT of the node.
        nodePort: 30_080,
        masquerade,
        protocol: 'tcp' as const,
        port: 80,
        endpoint: addressOf('idle', family),
        targetPort: 8080,
      }))
      await kernel.lab.loadRuleset('node-1', kubeProxyTables(ports))
      const through = (family: Family) => {
        const to = { toAddress: service[family] }
        const asked = { protocol: 'TCP', port: 80 } as const
        return {
          itself: { ...probe(family, 'idle', 'idle', asked), ...to },
          neighbour: { ...probe(family, 'web', 'idle', asked), ...to },
          nodePort: nodePortProbe(kernel, family, 30_080, 'idle'),
        }
      }
      const node = await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [sandboxAt('idle', 1)])
      expect(await passingInBoth(kernel.lab, through)).toEqual(inBoth([]))
      await node.tell(...known('idle').map(surePut))
      expect(await passingInBoth(kernel.lab, through)).toEqual(inBoth(['itself', 'neighbour', 'nodePort']))
    },
  )

  test('what nft lists of it is what should stand, and a table without it is not taken for one', async () => {
    const excepts = ['10.244.1.12/32', '10.244.1.64/28', 'fd44:0:0:1::c/128']
    const node = await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [sandboxAt('idle', 1)], { excepts })
    const list = async (): Promise<unknown> =>
      JSON.parse(await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge']))
    const standing = await list()
    expect(compareStanding(standing, node.engine.ruleset(), DEFAULT_OPTIONS).kind).toBe('equal')
    await enforce(kernel.lab, SOMEWHERE)
    expect(compareStanding(await list(), node.engine.ruleset(), DEFAULT_OPTIONS).kind).toBe('rebuild')
    // Without a policy nothing of it is read, and it is only added.
    await enforce(kernel.lab, [])
    node.engine.apply(
      SOMEWHERE.map(({ metadata: { name: of } }) => {
        return { type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: of } as const
      }),
    )
    expect(compareStanding(await list(), node.engine.ruleset(), DEFAULT_OPTIONS).kind).toBe('change')
    node.engine.apply([{ type: 'hold', subnets: { kind: 'off' } }])
    expect(compareStanding(standing, node.engine.ruleset(), DEFAULT_OPTIONS).kind).toBe('rebuild')
  })

  test('without a sign of life it opens, by the kernel’s clock, and with one it holds again', {
    timeout: patient(60_000),
  }, async () => {
    const options = { holdOpenAfterSeconds: Math.max(8, patient(3)) }
    const node = await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], options)
    const list = async (): Promise<unknown> =>
      JSON.parse(await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge']))
    const compared = async () =>
      compareStanding(await list(), node.engine.ruleset(), { ...DEFAULT_OPTIONS, ...options })
    await kernel.lab.loadRuleset('node-1', signOfLife())
    expect(await passingNow(kernel)).toEqual(inBoth(WITHOUT_IDLE))
    expect((await compared()).kind).toBe('equal')
    await expect.poll(() => passingNow(kernel), { timeout: patient(30_000) }).toEqual(inBoth(ALL))
    expect((await compared()).kind).toBe('equal')
    await kernel.lab.loadRuleset('node-1', signOfLife())
    expect(await passingNow(kernel)).toEqual(inBoth(WITHOUT_IDLE))
  })

  test('who calls an address that nobody has is told so; who calls a pod that is about to start is not', async () => {
    const outcome = (timeoutMilliseconds: number) => async (family: Family) =>
      (await kernel.lab.connect('shop/far', addressOf('idle', family), 80, 'TCP', { timeoutMilliseconds })).outcome
    const node = await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [])
    expect(await Promise.all(FAMILIES.map(outcome(patient(1_500))))).toEqual(['unreachable', 'unreachable'])
    await node.tell(sandbox(sandboxAt('idle', 1)))
    expect(await Promise.all(FAMILIES.map(outcome(1_500)))).toEqual(['silent', 'silent'])
    // It starts for long already: nobody is left to try again.
    await node.tell(sandbox(sandboxAt('idle', 1), { aged: true }))
    expect(await Promise.all(FAMILIES.map(outcome(patient(1_500))))).toEqual(['unreachable', 'unreachable'])
  })

  test.each([
    /^\s*ip saddr 10\.244\.1\.0\/24 ip saddr != @local4/,
    /^\s*ip6 daddr fd44:0:0:1::\/64 ip6 daddr != @local6/,
  ])('each rule is needed: without %s something of a held address passes', async (rule) => {
    await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], { edit: without(rule) })
    const now = await passingNow(kernel)
    expect([...now.IPv4, ...now.IPv6].length).toBeGreaterThan(2 * WITHOUT_IDLE.length)
  })
})

describeKernel(
  'link-local addresses under the hold',
  (kernel) => {
    const FROM_PORT = 5_000
    let nextPort = FROM_PORT + 1

    /** Which datagrams of one pod another sees; `forged` is an address of no subnet of ours, which takes NET_RAW or NET_ADMIN. */
    async function arriving(from: PodName, to: PodName): Promise<readonly string[]> {
      const [sender, receiver] = [kernel.place(from), kernel.place(to)]
      const [own, other] = [addressOf(from, 'IPv6'), addressOf(to, 'IPv6')]
      const ways = {
        'link-local to link-local': [sender.linkLocal, receiver.linkLocal],
        'link-local to its own': [sender.linkLocal, other],
        'own to link-local': [own, receiver.linkLocal],
        'own to its own': [own, other],
        'forged to link-local': ['2001:db8:bad::1', receiver.linkLocal],
        'forged to its own': ['2001:db8:bad::1', other],
        'own to forged': [own, '2001:db8:bad::2'],
        'forged to forged': ['2001:db8:bad::1', '2001:db8:bad::2'],
      } as const
      // No flow is remembered from the time before.
      const first = nextPort
      nextPort += Object.keys(ways).length
      const frames = Object.values(ways).map(([source, destination], index) => {
        const udp = buildUdp({ source, destination, sourcePort: FROM_PORT, destinationPort: first + index })
        const packet = buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.UDP }, udp)
        return [first + index, buildEthernet({ source: sender.mac, destination: receiver.mac }, packet)] as const
      })
      const matcher = `udp sport ${FROM_PORT}`
      const seen = await framesArriving(kernel, { from, to, matcher, field: 'udp dport', frames: new Map(frames) })
      return Object.keys(ways).filter((_, index) => seen.has(first + index))
    }

    test('from or to an unknown pod none passes, nor between known ones by addresses that nobody gave them', async () => {
      const node = await holding(kernel.lab, known('web', 'db'), [], [])
      expect(await arriving('idle', 'db')).toHaveLength(8)
      await node.tell(...SOMEWHERE.map(surePut))
      expect(await arriving('idle', 'db')).toEqual([])
      expect(await arriving('db', 'idle')).toEqual([])
      expect(await arriving('web', 'db')).toEqual(['own to its own'])
    })

    test('so it is where only IPv4 is held: what pods have by their status passes, and nothing else', async () => {
      const subnets = ['10.244.1.0/24']
      const node = await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], { subnets })
      expect(await arriving('idle', 'db')).toEqual([])
      expect(await arriving('web', 'db')).toEqual(['own to its own'])
      await node.tell(...known('idle').map(surePut))
      expect(await arriving('idle', 'db')).toEqual(['own to its own'])
    })

    test('addresses that are never to be held speak with those that are known, and with each other', async () => {
      await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], { excepts: ['2001:db8:bad::/64'] })
      const forged = ['forged to its own', 'own to forged', 'forged to forged']
      expect(await arriving('web', 'db')).toEqual(['own to its own', ...forged])
      expect(await arriving('idle', 'db')).toEqual(['forged to its own', 'forged to forged'])
    })

    test('with bridge-local let pass, link-local ones pass as without the hold', async () => {
      await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], { bridgeLocal: 'pass' })
      const linkLocal = ['link-local to link-local', 'link-local to its own', 'own to link-local']
      expect(await arriving('web', 'db')).toEqual([...linkLocal, 'own to its own'])
    })

    test.each([
      [/^\s*iifname "cni0" oifname "cni0" jump bridged6/, ['forged to its own', 'own to forged', 'forged to forged']],
      [/^\s*ip6 saddr != fe80::\/10 ip6 saddr != @local6/, ['forged to its own']],
      [/^\s*ip6 daddr != @local6 jump held6-to/, ['own to forged']],
    ])('each rule is needed: without %s some pass', async (rule, opened) => {
      await holding(kernel.lab, known('web', 'db'), SOMEWHERE, [], { edit: without(rule) })
      expect(await arriving('web', 'db')).toEqual(['own to its own', ...opened])
    })
  },
  ['bridged'],
)
