import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import type { Records } from '../../compiler/nftables/flow-record.ts'
import { DEFAULT_OPTIONS, generationMark } from '../../compiler/nftables/options.ts'
import { type Fate, recordedSetName } from '../../compiler/nftables/recorded-sets.ts'
import { readRecorded } from '../../src/kernel/read-recorded.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel, PATIENCE } from './kernel-lab.ts'
import { inBoth, passingInBoth, placeName, probe } from './passing.ts'
import { app, closed, egress, ingress, tcp } from './policies.ts'

const recordsOf = async ({ lab }: Kernel, fate: Fate = 'denied'): Promise<Records> => {
  const command = lab.command('node-1', ['nft'])
  const records = await readRecorded(fate, { command, timeoutMilliseconds: 20_000 })
  if (records === undefined) throw new Error('the sets cannot be read')
  return records
}

/** As text, in order and less the counts, since a prober repeats itself: `10.244.1.10 > 10.244.1.11 TCP 80`. */
function told({ flows, totals }: Pick<Records, 'flows' | 'totals'>): readonly string[] {
  return [
    ...flows.map(({ source, destination, carries, directed }) => {
      const what = Object.values(carries).join(' ')
      return `${formatAddress(source)} > ${formatAddress(destination)} ${what}${directed ? '' : '?'}`
    }),
    ...totals.map(({ address, direction }) => `${direction} of ${formatAddress(address)}`),
  ].sort()
}

const sum = (counted: readonly { readonly packets: number }[]) => counted.reduce((all, { packets }) => all + packets, 0)

/** What the rule that drops has counted. */
async function refusedOf({ lab }: Kernel): Promise<number> {
  const text = await lab.nft('node-1', ['list', 'chain', 'inet', 'selvedge', 'refuse'])
  return Number(/packets (\d+)/.exec(text)?.[1])
}

describeKernel('denied packets are noted by the kernel', (kernel) => {
  test('each flow with its port, type or protocol, and each pod, every packet counted; nothing that is allowed', async () => {
    await enforce(kernel.lab, [
      egress('web', { to: [app('idle')], ports: [tcp(80)] }),
      ingress('db', { from: [app('far')], ports: [tcp(80)] }),
    ])
    const probes = (family: Family) => ({
      // The sender's egress: db never sees them.
      a: probe(family, 'web', 'db', { protocol: 'TCP', port: 80 }),
      b: probe(family, 'web', 'idle', { protocol: 'UDP', port: 53 }),
      // The receiver's ingress.
      c: probe(family, 'idle', 'db', { protocol: 'SCTP', port: 80 }),
      d: probe(family, 'far', 'db', { protocol: 'ICMP' }),
      e: probe(family, 'far', 'db', { protocol: 'TCP', port: 80 }),
      f: probe(family, 'web', 'idle', { protocol: 'TCP', port: 80 }),
    })
    expect(await passingInBoth(kernel.lab, probes)).toEqual(inBoth(['e', 'f']))
    const expected = FAMILIES.flatMap((family) => {
      const [web, db, idle, far] = (['web', 'db', 'idle', 'far'] as const).map((name) => addressOf(name, family))
      const echo = family === 'IPv4' ? 8 : 128
      return [
        `${web} > ${db} TCP 80`,
        `${web} > ${idle} UDP 53`,
        `${idle} > ${db} SCTP 80`,
        `${far} > ${db} ICMP ${echo} 0`,
        `egress of ${web}`,
        `ingress of ${db}`,
      ]
    })
    const records = await recordsOf(kernel)
    expect(told(records)).toEqual(expected.sort())
    // A prober may still be repeating itself.
    const counted = async (): Promise<boolean> => {
      const { flows, totals } = await recordsOf(kernel)
      return sum(flows) === sum(totals) && sum(totals) === (await refusedOf(kernel))
    }
    await expect.poll(counted, PATIENCE).toBe(true)
  })

  test('a reply that is judged again accuses who asked, under the port that was asked for', async () => {
    await kernel.lab.serve('shop/db', { tcp: [80] })
    const enforced = await enforce(kernel.lab, [ingress('db', { from: [app('far')], ports: [tcp(80)] })])
    const session = await kernel.lab.session({
      from: placeName('far'),
      toAddress: addressOf('db', 'IPv4'),
      port: 80,
      protocol: 'TCP',
    })
    expect(await session.progresses(10_000)).toBe(true)
    await enforced.change(closed('db'))
    await expect
      .poll(async () => told(await recordsOf(kernel)), { timeout: 15_000 })
      .toEqual([
        `${addressOf('far', 'IPv4')} > ${addressOf('db', 'IPv4')} TCP 80`,
        `ingress of ${addressOf('db', 'IPv4')}`,
      ])
    await session.close()
  })

  test('a full set denies as before, and the totals stay true', async () => {
    const tiny = (text: string) => text.replaceAll('size 4096', 'size 8').replaceAll('size 1024', 'size 8')
    await enforce(kernel.lab, closed('db'), { edit: tiny })
    const scan = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `${index}`,
        probe('IPv4', 'far', 'db', { protocol: 'UDP', port: 1000 + index }),
      ]),
    )
    expect(await kernel.lab.probe(Object.values(scan))).toEqual(Object.values(scan).map(() => false))
    const { flows } = await recordsOf(kernel)
    expect(flows.length).toBeLessThan(40)
    // Each packet is counted by a flow or among the lost, and by its pod either way.
    const isWhole = async (): Promise<boolean> => {
      const records = await recordsOf(kernel)
      return sum(records.flows) + sum(records.lost) === sum(records.totals) && sum(records.lost) > 0
    }
    await expect.poll(isWhole, PATIENCE).toBe(true)
    const { totals, lost } = await recordsOf(kernel)
    expect(lost.map(({ address }) => formatAddress(address))).toEqual([addressOf('db', 'IPv4')])
    expect(told({ flows: [], totals })).toEqual([`ingress of ${addressOf('db', 'IPv4')}`])
    const isTrue = async () => sum((await recordsOf(kernel)).totals) === (await refusedOf(kernel))
    await expect.poll(isTrue, PATIENCE).toBe(true)
  })

  test('what is allowed is noted once it is observed: a connection once, its answers not apart from it', async () => {
    const options = { observe: true }
    const enforced = await enforce(kernel.lab, [ingress('db', { from: [app('far')], ports: [tcp(80)] })], { options })
    const probes = (family: Family) => ({
      a: probe(family, 'far', 'db', { protocol: 'TCP', port: 80 }),
      b: probe(family, 'idle', 'db', { protocol: 'TCP', port: 80 }),
      c: probe(family, 'db', 'idle', { protocol: 'UDP', port: 53 }),
      d: probe(family, 'web', 'far', { protocol: 'SCTP', port: 7 }),
      e: probe(family, 'web', 'far', { protocol: 'ICMP' }),
    })
    expect(await passingInBoth(kernel.lab, probes)).toEqual(inBoth(['a', 'c', 'd', 'e']))
    const expected = FAMILIES.flatMap((family) => {
      const [web, db, idle, far] = (['web', 'db', 'idle', 'far'] as const).map((name) => addressOf(name, family))
      const echo = family === 'IPv4' ? 8 : 128
      return [
        `${far} > ${db} TCP 80`,
        `${db} > ${idle} UDP 53`,
        `${web} > ${far} SCTP 7`,
        `${web} > ${far} ICMP ${echo} 0`,
      ]
    })
    const records = await recordsOf(kernel, 'allowed')
    expect(told(records)).toEqual(expected.sort())
    const standing = await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge'])
    const asked = { ...DEFAULT_OPTIONS, ...options }
    expect(compareStanding(JSON.parse(standing), enforced.expected(), asked).kind).toBe('equal')
  })

  test('a session is counted once, and once more when it is judged again, then by an answer', async () => {
    await kernel.lab.serve('shop/db', { tcp: [81] })
    const admitted = ingress('db', { from: [app('far')], ports: [tcp(81)] })
    const enforced = await enforce(kernel.lab, [admitted], { options: { observe: true } })
    const toAddress = addressOf('db', 'IPv4')
    const session = await kernel.lab.session({ from: placeName('far'), toAddress, port: 81, protocol: 'TCP' })
    expect(await session.progresses(10_000)).toBe(true)
    const counted = async () => {
      const { flows } = await recordsOf(kernel, 'allowed')
      return told({ flows, totals: [] }).map((flow, index) => `${flow}: ${flows[index]?.packets}`)
    }
    const flow = `${addressOf('far', 'IPv4')} > ${toAddress} TCP 81`
    expect(await counted()).toEqual([`${flow}: 1`])
    await enforced.change([admitted, ...closed('web')])
    expect(await session.progresses(10_000)).toBe(true)
    expect(await counted()).toEqual([`${flow}: 2`])
    await session.close()
  })

  test('what was noted is no drift, and nothing of ours is missing for it', async () => {
    const enforced = await enforce(kernel.lab, closed('db'))
    await kernel.lab.probe([
      probe('IPv4', 'far', 'db', { protocol: 'TCP', port: 80 }),
      probe('IPv6', 'far', 'db', { protocol: 'ICMP' }),
    ])
    expect((await recordsOf(kernel)).flows).toHaveLength(2)
    const standing = await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge'])
    const found = compareStanding(JSON.parse(standing), enforced.expected(), DEFAULT_OPTIONS)
    expect(found.kind).toBe('equal')
    expect(generationMark(found.generation ?? 0, DEFAULT_OPTIONS.markMask)).toBe(enforced.mark())
    // Declared in another way it is.
    await kernel.lab.nft('node-1', ['flush', 'chain', 'inet', 'selvedge', 'denied-untracked4'])
    await kernel.lab.nft('node-1', ['add', 'rule', 'inet', 'selvedge', 'denied-untracked4', 'goto', 'refuse'])
    const changed = await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge'])
    expect(compareStanding(JSON.parse(changed), enforced.expected(), DEFAULT_OPTIONS).kind).toBe('rebuild')
    expect(recordedSetName('untracked', 'IPv4')).toBe('denied-untracked4')
  })
})
