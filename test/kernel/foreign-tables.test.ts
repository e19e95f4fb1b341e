import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { readCounters } from './counters.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel } from './kernel-lab.ts'
import { kubeProxyTables } from './kube-proxy.ts'
import { inBoth, passingInBoth, probe } from './passing.ts'
import { app, closed, ingress, udp } from './policies.ts'

// trap 37c: only our bits of the conntrack mark change, and the packet mark never
// trap 45: foreign tables stand byte for byte
// trap 48: a foreign accept does not bypass us, a foreign drop stays final

/** In the shape of what Flannel writes in its nftables mode: it accepts pod traffic, and masquerades by the exact mark. */
const FLANNEL = FAMILIES.map((family) => {
  const [ip, table, pods] =
    family === 'IPv4' ? ['ip', 'flannel-ipv4', '10.244.0.0/16'] : ['ip6', 'flannel-ipv6', 'fd44::/48']
  return `table ${ip} ${table} {
  comment "rules for ${table}"
  chain forward {
    type filter hook forward priority filter; policy accept;
    ${ip} saddr ${pods} accept
    ${ip} daddr ${pods} accept
  }
  chain postrtg {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark 0x00004000 return
    ${ip} saddr ${pods} ${ip} daddr ${pods} return
  }
}
`
}).join('')

/** In the shape of Docker's: interface names in verdict maps. */
const DOCKER = `table ip docker-bridges {
  map filter-forward-in-jumps { type ifname : verdict; elements = { "docker0" : jump filter-forward-in__docker0 }; }
  chain filter-forward-in__docker0 { ct state established,related counter accept; iifname "docker0" accept; drop; }
  chain filter-FORWARD { type filter hook forward priority filter; policy accept; oifname vmap @filter-forward-in-jumps; }
}
`

const SERVICES = kubeProxyTables(
  FAMILIES.map((family) => ({
    family,
    address: family === 'IPv4' ? '10.96.0.30' : 'fd96::30',
    protocol: 'udp',
    port: 53,
    endpoint: addressOf('db', family),
    targetPort: 53,
  })),
)

const OPEN = [ingress('db', { from: [app('web')], ports: [udp(53)] })]

describeKernel('tables of others', (kernel) => {
  const asked = (family: Family) => ({
    allowed: probe(family, 'web', 'db', { protocol: 'UDP', port: 53 }),
    denied: probe(family, 'idle', 'db', { protocol: 'UDP', port: 53 }),
  })

  test('stand byte for byte and handle for handle, whatever becomes of ours', async () => {
    await kernel.lab.loadRuleset('node-1', SERVICES + FLANNEL + DOCKER)
    const before = await listOthers(kernel)
    expect(Object.keys(before)).toHaveLength(6)
    const enforced = await enforce(kernel.lab, OPEN)
    expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['allowed']))
    await enforced.change([...OPEN, ...closed('web')])
    await enforced.change([])
    await enforce(kernel.lab, closed('idle'))
    expect(await listOthers(kernel)).toEqual(before)
    await kernel.lab.loadRuleset('node-1', 'delete table inet selvedge\n')
    expect(await listOthers(kernel)).toEqual(before)
  })

  test('that accept do not bypass ours, before it or after it', async () => {
    await enforce(kernel.lab, OPEN)
    for (const priority of ['-200', 'filter', 'filter + 10']) {
      await kernel.lab.loadRuleset('node-1', forwardTable(priority, 'accept'))
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['allowed']))
      await kernel.lab.loadRuleset('node-1', 'delete table inet foreign\n')
    }
  })

  test('that drop have the last word, before it or after it', async () => {
    await enforce(kernel.lab, OPEN)
    for (const priority of ['-200', 'filter', 'filter + 10']) {
      await kernel.lab.loadRuleset('node-1', forwardTable(priority, 'udp dport 53 drop'))
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth([]))
      await kernel.lab.loadRuleset('node-1', 'delete table inet foreign\n')
    }
  })
})

const forwardTable = (priority: string, rule: string) =>
  `table inet foreign { chain forward { type filter hook forward priority ${priority}; policy accept; ${rule}; }\n}\n`

/** All tables of the node but ours, by name, with handles. */
async function listOthers(kernel: Kernel): Promise<Readonly<Record<string, string>>> {
  const tables = (await kernel.lab.nft('node-1', ['list', 'tables'])).split('\n').filter(Boolean)
  const others = tables.map((line) => line.replace('table ', '')).filter((name) => name !== 'inet selvedge')
  const listings = await Promise.all(
    others.map((name) => kernel.lab.nft('node-1', ['-a', 'list', 'table', ...name.split(' ')])),
  )
  return Object.fromEntries(others.map((name, index) => [name, listings[index] ?? '']))
}

/** Somebody's marks on every packet and flow of port 53, and what is left of them behind our hook. */
const marking = (generation: string, others: string) => `table inet marks {
  counter seen { }
  counter packet-mark { }
  counter flow-mark { }
  counter generation { }
  chain prerouting {
    type filter hook prerouting priority mangle; policy accept;
    udp dport 53 meta mark set 0x00004000
    udp dport 53 ct state new ct mark set ct mark or ${others}
  }
  chain postrouting {
    type filter hook postrouting priority 300; policy accept;
    udp dport 53 counter name seen
    udp dport 53 meta mark 0x00004000 counter name packet-mark
    udp dport 53 ct mark and ${others} == ${others} counter name flow-mark
    udp dport 53 ct mark == ${generation} counter name generation
  }
}
`

const hex = (value: number) => `0x${(value >>> 0).toString(16).padStart(8, '0')}`

describeKernel('marks of others', (kernel) => {
  const flow = (sourcePort: number) => (family: Family) => ({
    flow: probe(family, 'web', 'db', { protocol: 'UDP', port: 53, sourcePort }),
  })

  test.each([
    ['the default mask', 0xfff00000],
    ['a mask in the middle', 0x0000ff00],
  ])('on packets and flows stay, when judged, remembered and judged again, %s', async (_, markMask) => {
    const others = ~markMask >>> 0
    const enforced = await enforce(kernel.lab, [...OPEN, ...closed('far')], { options: { markMask } })
    const sourcePort = 700 + (markMask & 0xff00) / 0x100
    for (const policies of [undefined, undefined, [...OPEN, ...closed('far'), ...closed('idle')]]) {
      if (policies !== undefined) await enforced.change(policies)
      const generation = hex((enforced.mark() | others) >>> 0)
      await kernel.lab.loadRuleset(
        'node-1',
        `add table inet marks\ndelete table inet marks\n${marking(generation, hex(others))}`,
      )
      expect(await passingInBoth(kernel.lab, flow(sourcePort))).toEqual(inBoth(['flow']))
      const { seen, ...kept } = await readCounters(kernel.lab, 'node-1', 'inet marks')
      expect(seen).toBeGreaterThanOrEqual(2)
      expect(kept).toEqual({ 'packet-mark': seen, 'flow-mark': seen, generation: seen })
    }
  })

  test('of flows that no policy governs stay too: the generation is all that we write', async () => {
    const enforced = await enforce(kernel.lab, closed('idle'))
    await kernel.lab.loadRuleset('node-1', marking(hex((enforced.mark() | 0x00012345) >>> 0), hex(0x00012345)))
    expect(await passingInBoth(kernel.lab, flow(799))).toEqual(inBoth(['flow']))
    const { seen, ...kept } = await readCounters(kernel.lab, 'node-1', 'inet marks')
    expect(kept).toEqual({ 'packet-mark': seen, 'flow-mark': seen, generation: seen })
  })

  test('would be lost if we wrote the whole mark', async () => {
    const edit = (text: string) => text.replace(/ct mark set ct mark & 0x[0-9a-f]+ \| /, 'ct mark set ')
    await enforce(kernel.lab, OPEN, { edit })
    await kernel.lab.loadRuleset('node-1', marking('0', hex(0x00012345)))
    expect(await passingInBoth(kernel.lab, flow(798))).toEqual(inBoth(['flow']))
    expect(await readCounters(kernel.lab, 'node-1', 'inet marks')).toMatchObject({ 'flow-mark': 0 })
  })
})
