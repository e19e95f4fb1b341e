import { expect, test } from 'vitest'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import { startAgent } from '../faults/agent-on-node.ts'
import { addressesOf, CLUSTER, describeFaults, type PodName } from '../faults/fault-lab.ts'
import { makeManifests } from '../faults/manifests.ts'
import { POLICIES, WITH_IDLE } from '../faults/policies.ts'
import { pod } from '../oracle/make-objects.ts'

interface Row {
  readonly source: { readonly name?: string }
  readonly destination: { readonly name?: string }
  readonly protocol: string
  readonly port: number | null
  readonly count: number
  readonly direction: string | null
  readonly policies: readonly string[]
  readonly reason: string
}

interface GoneRow extends Row {
  readonly source: Row['source'] & { readonly gone?: true }
}

describeFaults('selvedge denied', (faults) => {
  const send = (from: PodName, to: PodName, port: number, protocol: 'TCP' | 'UDP' = 'UDP') => {
    const [fromAddress = ''] = addressesOf(from)
    const [toAddress = ''] = addressesOf(to)
    return { from: `shop/${from}`, fromAddress, to: `shop/${to}`, toAddress, protocol, port }
  }

  test('tells each denied flow in names, with the policy and what misses; what is allowed by now says so', async () => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    const rows = async (...argv: readonly string[]) => {
      const { stdout, stderr, exitCode } = await agent.ask('denied', '-f', manifests.folder, '-o', 'json', ...argv)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      return (JSON.parse(stdout) as { readonly flows: readonly Row[] }).flows
    }
    const told = (some: readonly Row[]) =>
      some
        .map(({ source, destination, protocol, port, direction, policies, reason }) =>
          [source.name, destination.name, `${port}/${protocol}`, direction, policies.join(), reason].join(' | '),
        )
        .sort()
    const probes = [
      send('web', 'db', 5432),
      send('idle', 'db', 5432),
      send('web', 'db', 22),
      send('web', 'idle', 80, 'TCP'),
      send('other', 'idle', 80),
    ]
    expect(await lab.probe(probes)).toEqual([true, false, false, false, true])
    const noted = await rows()
    expect(told(noted)).toEqual([
      'idle | db | 5432/UDP | ingress | shop/db | shop/db ingress[0]: shop/idle has app=idle, not app=web',
      'web | db | 22/UDP | egress | shop/web | shop/web egress[0]: its ports are UDP 5432, TCP 5432',
      'web | idle | 80/TCP | egress | shop/web | shop/web egress[0]: shop/idle has app=idle, not app=db; its ports are UDP 5432, TCP 5432',
    ])
    expect(noted.every(({ count }) => count > 0)).toBe(true)
    const counted = async (): Promise<boolean> => {
      const flows = await rows()
      const sums = (['ingress', 'egress'] as const).map(async (direction) => {
        const of = flows.filter((row) => row.direction === direction).reduce((sum, { count }) => sum + count, 0)
        const name = `selvedge_denied_pod_packets_total{namespace="shop",direction="${direction}"}`
        return of > 0 && (await agent.metric(name)) === of
      })
      return (await Promise.all(sums)).every(Boolean)
    }
    // A prober may still be repeating itself, between a flow's count and its pod's.
    await expect.poll(counted, { timeout: 20_000 }).toBe(true)
    expect(told(await rows('--from', 'shop/idle'))).toHaveLength(1)
    expect(told(await rows('-n', 'other'))).toEqual([])
    expect(told(await rows('--since', '1h', '--to', addressesOf('idle')[0] ?? ''))).toHaveLength(1)

    const text = await agent.ask('denied', '-f', manifests.folder)
    expect(text.exitCode).toBe(0)
    expect(text.stdout.split('\n')[0]).toMatch(/^LAST +FIRST +COUNT +FROM +TO +PORT$/)
    expect(text.stdout).toMatch(/→ selvedge explain shop\/(web|idle) shop\/(db|idle) \d+/)

    manifests.become(WITH_IDLE)
    await expect
      .poll(async () => told(await rows('--from', 'shop/idle')), { timeout: 20_000 })
      .toEqual(['idle | db | 5432/UDP |  |  | allowed now'])
  })

  test('what a pod had denied stays its own when another pod gets its address', async () => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    const rows = async () => {
      const { stdout } = await agent.ask('denied', '-f', manifests.folder, '-o', 'json')
      const { flows } = JSON.parse(stdout) as { readonly flows: readonly GoneRow[] }
      return flows
        .map(({ source, port, policies, reason }) => [source.name, source.gone, port, policies.join(), reason])
        .sort(([left], [right]) => String(left).localeCompare(String(right)))
    }
    expect(await lab.probe([send('idle', 'db', 5432)])).toEqual([false])
    const { stdout: before } = await lab.exec('node-1', ['nft', 'list', 'set', 'inet', 'selvedge', 'denied4'])
    expect(before).toContain(`${addressesOf('idle')[0]} . ${addressesOf('db')[0]}`)
    expect(await rows()).toEqual([
      ['idle', undefined, 5432, 'shop/db', 'shop/db ingress[0]: shop/idle has app=idle, not app=web'],
    ])

    const others = CLUSTER.filter(({ metadata }) => metadata.name !== 'idle')
    const next = pod('shop/next', addressesOf('idle').join(' '), { labels: { app: 'next' } })
    manifests.write('cluster.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...others, next] }))
    const gone = ['idle', true, 5432, 'shop/db', 'shop/db ingress[0]: shop/idle has app=idle, not app=web']
    await expect.poll(rows, { timeout: 20_000 }).toEqual([gone])
    const { stdout: after } = await lab.exec('node-1', ['nft', 'list', 'set', 'inet', 'selvedge', 'denied4'])
    expect(after).not.toContain(addressesOf('idle')[0])

    expect(await lab.probe([send('idle', 'db', 5432)])).toEqual([false])
    const reason = 'shop/db ingress[0]: shop/next has app=next, not app=web'
    expect(await rows()).toEqual([gone, ['next', undefined, 5432, 'shop/db', reason]])
  })

  test('flows tells allowed ones too, of an agent that observes, and prints a file that is read back', async () => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, flags: ['--observe'] })
    await agent.ready()
    expect(await lab.probe([send('web', 'db', 5432), send('idle', 'db', 5432)])).toEqual([true, false])
    const { stdout, stderr, exitCode } = await agent.ask('flows', '-f', manifests.folder, '--to', 'db', '-o', 'json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { list, diagnostics } = readFlowList({ file: 'f', text: stdout })
    expect(diagnostics).toEqual([])
    expect(list?.nodes).toMatchObject([{ name: 'node-1', answered: true, observes: true, full: [] }])
    const udp = list?.flows.filter(({ carries }) => carries.protocol === 'UDP') ?? []
    const told = udp.map(({ source, verdict, direction }) =>
      [source.kind === 'pod' ? source.name : '', verdict, direction].join(' '),
    )
    expect(told.sort()).toEqual(['idle denied ingress', 'web allowed '])
    const text = await agent.ask('flows', '-f', manifests.folder, '--from', 'shop/web')
    expect(text.stdout).toMatch(/^\S+ +\S+ +1 +allowed +shop\/web +shop\/db +5432\/UDP$/m)
  })

  test('what was denied while no agent ran is there when the next one comes', async () => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    const first = startAgent(lab, { folder: manifests.folder })
    await first.ready()
    first.signal('SIGTERM')
    await first.ended()
    expect(await lab.probe([send('other', 'db', 5432)])).toEqual([false])
    const second = startAgent(lab, { folder: manifests.folder })
    await second.ready()
    const { stdout } = await second.ask('denied', '-f', manifests.folder, '-o', 'json')
    const { flows } = JSON.parse(stdout) as { readonly flows: readonly Row[] }
    expect(flows.map(({ source, destination }) => `${source.name} ${destination.name}`)).toEqual(['other db'])
  })
})
