import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { type AskedFlow, readAskedFlows, readWouldCounts } from '../../src/kernel/read-would.ts'
import { withMode } from '../arbitraries/audited.ts'
import type { RawPolicy } from '../oracle/raw-cluster.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel, PATIENCE, type PodName } from './kernel-lab.ts'
import { inBoth, passing, passingInBoth, placeName, probe } from './passing.ts'
import { app, closed, egress, ingress, tcp } from './policies.ts'

const audit = (...policies: readonly RawPolicy[]): readonly RawPolicy[] => policies.map((one) => withMode(one, 'audit'))

const named = (name: string, one: RawPolicy): RawPolicy => ({ ...one, metadata: { ...one.metadata, name } })

const reading = ({ lab }: Kernel) => ({ command: lab.command('node-1', ['nft']), timeoutMilliseconds: 20_000 })

async function flowsOf(kernel: Kernel): Promise<readonly AskedFlow[]> {
  const flows = await readAskedFlows(reading(kernel))
  if (flows === undefined) throw new Error('the sets cannot be read')
  return flows
}

/** In order, less the counts: `egress 10.244.1.10 > 10.244.1.11 TCP 80`. */
function told(flows: readonly AskedFlow[]): readonly string[] {
  return flows
    .map(({ direction, source, destination, carries }) =>
      [direction, formatAddress(source), '>', formatAddress(destination), ...Object.values(carries)].join(' '),
    )
    .sort()
}

describeKernel('audited policies', (kernel) => {
  test('let everything pass that passed, and note what they do not grant, by direction', async () => {
    const policies = [
      ...audit(egress('web', { to: [app('idle')] }), ingress('db', { from: [app('far')], ports: [tcp(80)] })),
    ]
    const enforced = await enforce(kernel.lab, policies)
    const probes = (family: Family) => ({
      granted: probe(family, 'web', 'idle', { protocol: 'TCP', port: 80 }),
      both: probe(family, 'web', 'db', { protocol: 'TCP', port: 80 }),
      ingress: probe(family, 'idle', 'db', { protocol: 'UDP', port: 53 }),
      ping: probe(family, 'far', 'db', { protocol: 'ICMP' }),
      fine: probe(family, 'far', 'db', { protocol: 'TCP', port: 80 }),
      others: probe(family, 'idle', 'far', { protocol: 'SCTP', port: 7 }),
    })
    expect(await passingInBoth(kernel.lab, probes)).toEqual(inBoth(Object.keys(probes('IPv4'))))
    const expected = FAMILIES.flatMap((family) => {
      const [web, db, idle, far] = (['web', 'db', 'idle', 'far'] as const).map((name) => addressOf(name, family))
      return [
        `egress ${web} > ${db} TCP 80`,
        `ingress ${web} > ${db} TCP 80`,
        `ingress ${idle} > ${db} UDP 53`,
        `ingress ${far} > ${db} ICMP ${family === 'IPv4' ? 8 : 128} 0`,
      ]
    })
    expect(told(await flowsOf(kernel))).toEqual(expected.sort())
    expect(await readWouldCounts(reading(kernel), false)).toMatchObject({ lost: 0, stray: 0 })
    const standing = await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge'])
    expect(compareStanding(JSON.parse(standing), enforced.expected(), DEFAULT_OPTIONS).kind).toBe('equal')
  })

  test('beside enforced ones: where a direction is isolated those decide, and where it is not nothing is denied', async () => {
    await enforce(kernel.lab, [
      ingress('db', { from: [app('far')] }),
      ...audit(egress('db'), named('more', ingress('db', { from: [app('web')] }))),
    ])
    const probes = (family: Family) => ({
      a: probe(family, 'far', 'db', { protocol: 'TCP', port: 80 }),
      b: probe(family, 'web', 'db', { protocol: 'TCP', port: 80 }),
      c: probe(family, 'db', 'idle', { protocol: 'TCP', port: 80 }),
    })
    expect(await passingInBoth(kernel.lab, probes)).toEqual(inBoth(['a', 'c']))
    const expected = FAMILIES.map((family) => `egress ${addressOf('db', family)} > ${addressOf('idle', family)} TCP 80`)
    expect(told(await flowsOf(kernel))).toEqual(expected.sort())
  })

  test('with a full set everything passes as before, and what found no room is counted', async () => {
    const tiny = (text: string) => text.replaceAll('size 4096', 'size 8').replaceAll('size 1024', 'size 8')
    await enforce(kernel.lab, audit(...closed('db')), { edit: tiny })
    const scan = Array.from({ length: 40 }, (_, index) =>
      probe('IPv4', 'far', 'db', { protocol: 'UDP', port: 1000 + index }),
    )
    expect(await kernel.lab.probe(scan)).toEqual(scan.map(() => true))
    expect((await flowsOf(kernel)).length).toBeLessThan(40)
    const lost = async () => (await readWouldCounts(reading(kernel), false))?.lost ?? 0
    await expect.poll(lost, PATIENCE).toBeGreaterThan(0)
  })

  test('live connections are noted when a policy begins to be audited, and enforced it cuts those and no other', async () => {
    await kernel.lab.serve('shop/db', { tcp: [80], udp: [80] })
    const enforced = await enforce(kernel.lab, [])
    const from: readonly PodName[] = ['web', 'far', 'idle']
    const sessions = await Promise.all(
      from.map((name) =>
        kernel.lab.session({ from: placeName(name), toAddress: addressOf('db', 'IPv4'), port: 80, protocol: 'TCP' }),
      ),
    )
    const going = () => Promise.all(sessions.map((session) => session.progresses(10_000)))
    expect(await going()).toEqual([true, true, true])
    const policy = ingress('db', { from: [app('idle')], ports: [tcp(80)] })
    const transactions = await enforced.change(audit(policy))
    expect(transactions.join('')).toContain('ct mark set')
    expect(await going()).toEqual([true, true, true])
    const announced = (['web', 'far'] as const).map(
      (name) => `ingress ${addressOf(name, 'IPv4')} > ${addressOf('db', 'IPv4')} TCP 80`,
    )
    await expect.poll(async () => told(await flowsOf(kernel)), PATIENCE).toEqual(announced.sort())
    // A server that answers is the same flow.
    expect(await going()).toEqual([true, true, true])
    expect(told(await flowsOf(kernel))).toEqual(announced.sort())

    await enforced.change([policy])
    expect(await sessions[2]?.progresses(10_000)).toBe(true)
    const isCut = async (session: (typeof sessions)[number]): Promise<boolean> => {
      for (let attempt = 0; attempt < 10; attempt += 1) if (!(await session.progresses(250))) return true
      return false
    }
    expect(await Promise.all(sessions.slice(0, 2).map(isCut))).toEqual([true, true])
    expect(await sessions[2]?.progresses(10_000)).toBe(true)
    await enforced.change(audit(policy))
    expect(await going()).toEqual([true, true, true])
    await Promise.all(sessions.map((session) => session.close()))
  })

  test('when the last one goes nothing of it stays, and nobody notices', async () => {
    const enforced = await enforce(kernel.lab, audit(...closed('db')))
    expect(await passing(kernel.lab, { a: probe('IPv4', 'far', 'db', { protocol: 'TCP', port: 80 }) })).toEqual(['a'])
    await enforced.change([])
    const text = await kernel.lab.nft('node-1', ['list', 'table', 'inet', 'selvedge'])
    expect(text).not.toContain('would-')
    const standing = await kernel.lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge'])
    expect(compareStanding(JSON.parse(standing), enforced.expected(), DEFAULT_OPTIONS).kind).toBe('equal')
  })
})
