import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { LabCommandError } from '../../src/lab/lab-error.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildMulticastListenerReport } from '../../src/lab/packets/build-multicast-listener-report.ts'
import { buildNeighbourSolicitation, solicitedNodeAddress } from '../../src/lab/packets/build-neighbour-solicitation.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { multicastMac } from '../../src/lab/packets/multicast-mac.ts'
import type { PodPlace } from '../../src/lab/topology.ts'
import { describeLab } from './describe-lab.ts'
import { smallPlan } from './small-plan.ts'

const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff'

describeLab('frames on one bridge', () => {
  let lab: Lab
  let web: PodPlace
  let db: PodPlace
  beforeAll(async () => {
    lab = await createLab(smallPlan('bridged'))
    ;[web, db] = [lab.pods[0]!, lab.pods[1]!]
  })
  afterAll(() => lab.close())

  test.each([
    ['the subnet’s broadcast', '10.244.1.255', BROADCAST_MAC],
    ['the limited broadcast', '255.255.255.255', BROADCAST_MAC],
    ['an IPv4 group', '239.1.1.1', multicastMac('239.1.1.1')],
    ['all IPv6 nodes of the link', 'ff02::1', multicastMac('ff02::1')],
  ])('%s reaches the neighbour, not the other node', async (_, destination, mac) => {
    const source = destination.includes(':') ? web.linkLocal : '10.244.1.10'
    const family = destination.includes(':') ? 'ip6' : 'ip'
    const near = await lab.received('shop/db', `${family} daddr ${destination} udp dport 5000`)
    const far = await lab.received('other/web', `${family} daddr ${destination} udp dport 5000`)
    await lab.sendFrames('shop/web', [datagram(source, destination, web.mac, mac)])
    await expect.poll(near.packets).toBe(1)
    expect(await far.packets()).toBe(0)
    await Promise.all([near.close(), far.close()])
  })

  test('a link-local address reaches the neighbour’s', async () => {
    const counter = await lab.received('shop/db', `ip6 saddr ${web.linkLocal} ip6 daddr ${db.linkLocal} udp dport 5000`)
    await lab.sendFrames('shop/web', [datagram(web.linkLocal, db.linkLocal, web.mac, db.mac)])
    await expect.poll(counter.packets).toBe(1)
  })

  test('a neighbour solicitation is answered', async () => {
    const counter = await lab.received('shop/web', 'icmpv6 type nd-neighbor-advert ip6 saddr fd44:0:0:1::11')
    const target = 'fd44:0:0:1::11'
    const packet = buildNeighbourSolicitation({ source: 'fd44:0:0:1::10', sourceMac: web.mac, target })
    const destination = multicastMac(solicitedNodeAddress(target))
    await lab.sendFrames('shop/web', [buildEthernet({ source: web.mac, destination }, packet)])
    await expect.poll(counter.packets).toBe(1)
  })

  test('an MLD report passes the node, and its own rules can count it', async () => {
    const counter = await lab.received('node-a', `icmpv6 type mld2-listener-report ip6 saddr ${web.linkLocal}`)
    const packet = buildMulticastListenerReport({ source: web.linkLocal, group: 'ff02::fb' })
    const before = await counter.packets()
    await lab.sendFrames('shop/web', [
      buildEthernet({ source: web.mac, destination: multicastMac('ff02::16') }, packet),
    ])
    await expect.poll(counter.packets).toBeGreaterThan(before)
  })

  test('a frame for another MAC does not count', async () => {
    const counter = await lab.received('shop/db', 'udp dport 5000')
    await lab.sendFrames('shop/web', [datagram('10.244.1.10', '10.244.1.11', web.mac, '02:00:00:00:00:99')])
    await lab.sendFrames('shop/web', [datagram('10.244.1.10', '10.244.1.11', web.mac, db.mac)])
    await expect.poll(counter.packets).toBe(1)
  })

  test('a frame that the device refuses is an error', async () => {
    const huge = datagram('10.244.1.10', '10.244.1.11', web.mac, db.mac, new Uint8Array(2000))
    await expect(lab.sendFrames('shop/web', [huge])).rejects.toThrow(LabCommandError)
  })
})

function datagram(
  source: string,
  destination: string,
  fromMac: string,
  toMac: string,
  payload?: Uint8Array,
): Uint8Array {
  const udp = buildUdp({ source, destination, sourcePort: 5000, destinationPort: 5000 }, payload)
  return buildEthernet(
    { source: fromMac, destination: toMac },
    buildIP({ source, destination, protocolNumber: 17 }, udp),
  )
}
