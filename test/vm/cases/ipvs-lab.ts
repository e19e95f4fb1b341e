import { execa } from 'execa'
import { beforeAll } from 'vitest'
import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { ConnectResult } from '../../../src/lab/sockets.ts'
import type { RawPort } from '../../oracle/raw-cluster.ts'
import { addressOf, type Kernel } from '../../kernel/kernel-lab.ts'
import { placeName } from '../../kernel/passing.ts'
import { tcp, udp } from '../../kernel/policies.ts'
import { masqueradeTables, setUpIpvs, type VirtualServer } from './ipvs-service.ts'

/** How the agent lays the ruleset out where it finds IPVS. */
export const IPVS = { options: { serviceProxy: 'ipvs' } } as const

type Addresses = Readonly<Record<Family, string>>

/** The Services of db on node-1, of far on node-2, and of web itself: port 80 leads to 8080, and so does each one's node port. */
export const NEAR: Addresses = { IPv4: '10.96.0.20', IPv6: 'fd96::20' }
export const REMOTE: Addresses = { IPv4: '10.96.0.21', IPv6: 'fd96::21' }
export const OWN: Addresses = { IPv4: '10.96.0.22', IPv6: 'fd96::22' }
export const NODE_PORTS = { db: 30080, far: 30081, web: 30082 } as const
const SERVICES = [
  [NEAR, 'db'],
  [REMOTE, 'far'],
  [OWN, 'web'],
] as const

export const PROTOCOLS = ['TCP', 'UDP'] as const
/** For what has to be answered, and for what must not be. */
export const AMPLE = { timeoutMilliseconds: 20_000 }
export const SHORT = { timeoutMilliseconds: 1_500 }

export const both = (port: number): readonly RawPort[] => [tcp(port), udp(port)]

export interface IpvsLab {
  /** What kube-proxy has in nftables; to be called by each test, since everything is taken away after each. */
  stand(): Promise<void>
  /** The node's own address, where its node ports are. */
  node(family: Family): string
  /** How it ends, over both families and both protocols, in one order. */
  dial(from: string, addresses: Addresses, port?: number, options?: typeof AMPLE): Promise<readonly string[]>
  all(outcome: ConnectResult['outcome']): readonly string[]
}

/** IPVS on node-1 for the tests of the group, with servers on its pods' port 8080. */
export function useIpvs(kernel: Kernel): IpvsLab {
  const node = (family: Family) => kernel.lab.nodes[0]?.underlay[family] ?? ''
  beforeAll(async () => {
    for (const module of ['dummy', 'ip_vs', 'ip_vs_rr']) await execa('modprobe', [module])
    const servers = SERVICES.flatMap(([address, name]) =>
      FAMILIES.flatMap((family) =>
        (['tcp', 'udp', 'sctp'] as const).flatMap((protocol): VirtualServer[] => {
          const common = { protocol, server: addressOf(name, family), serverPort: 8080 }
          return [
            { ...common, address: address[family], port: 80 },
            { ...common, address: node(family), port: NODE_PORTS[name] },
          ]
        }),
      ),
    )
    const addresses = SERVICES.flatMap(([service]) => Object.values(service))
    await setUpIpvs(kernel.lab, 'node-1', addresses, servers)
    for (const [, name] of SERVICES) await kernel.lab.serve(placeName(name), { tcp: [8080], udp: [8080] })
  }, 600_000)

  return {
    stand: () => kernel.lab.loadRuleset('node-1', masqueradeTables(Object.values(NODE_PORTS))),
    node,
    dial: (from, addresses, port = 80, options = AMPLE) =>
      Promise.all(
        FAMILIES.flatMap((family) =>
          PROTOCOLS.map(async (protocol) => {
            const { outcome } = await kernel.lab.connect(from, addresses[family], port, protocol, options)
            return outcome
          }),
        ),
      ),
    all: (outcome) => Array.from({ length: FAMILIES.length * PROTOCOLS.length }, () => outcome),
  }
}
