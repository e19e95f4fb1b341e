import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import { cleanUpOnExit } from '../../../src/lab/clean-up-on-exit.ts'
import { newLabName } from '../../../src/lab/lab-name.ts'
import {
  addAddress,
  COMMON_SETTINGS,
  FORWARDING_SETTINGS,
  type NamespaceSetup,
} from '../../../src/lab/namespace-setup.ts'
import { addNamespaces, deleteNamespaces, deleteNamespacesSync, enterNamespace } from '../../../src/lab/namespaces.ts'
import { mustRun } from '../../../src/lab/run-command.ts'
import { setupScript } from '../../../src/lab/setup-script.ts'
import { sweepLeftovers } from '../../../src/lab/sweep-leftovers.ts'

export const MACS = {
  sender: '02:00:00:00:00:01',
  routerIn: '02:00:00:00:00:02',
  routerOut: '02:00:00:00:00:03',
  sink: '02:00:00:00:00:04',
} as const

/** A router of its own between the common sender and the common sink, so that no ruleset is loaded while measuring. */
export interface Router {
  readonly namespace: string
  /** The sender's device to it. */
  readonly into: string
  /** The sink's device from it. */
  readonly outOf: string
}

export interface Routers {
  readonly sender: string
  readonly sink: string
  readonly routers: readonly Router[]
  close(): Promise<void>
}

const POD_NETWORKS: Readonly<Record<Family, string>> = { IPv4: '10.244.0.0/16', IPv6: 'fd00:10:244::/48' }
const LINKS: Readonly<Record<Family, { readonly own: string; readonly prefix: number; readonly sink: string }>> = {
  IPv4: { own: '192.0.2.1', prefix: 24, sink: '192.0.2.2' },
  IPv6: { own: 'fd00:1::1', prefix: 64, sink: 'fd00:1::2' },
}

/** Flows live longer than any burst; accounting, where it is on, is what the machine has. */
const CONNTRACK_SETTINGS: NamespaceSetup['settings'] = [
  ['net/netfilter/nf_conntrack_udp_timeout', '600'],
  ['net/netfilter/nf_conntrack_udp_timeout_stream', '600'],
]

/** Builds as many routers as asked for; what a killed run left behind goes first. Throws LabCommandError. */
export async function buildRouters(count: number): Promise<Routers> {
  await sweepLeftovers()
  const name = newLabName()
  const [sender, sink] = [`${name}-sender`, `${name}-sink`]
  const routers = Array.from(
    { length: count },
    (_, index): Router => ({ namespace: `${name}-router${index}`, into: `to${index}`, outOf: `from${index}` }),
  )
  const all = [sender, sink, ...routers.map(({ namespace }) => namespace)]
  const cancelCleanUp = cleanUpOnExit(() => deleteNamespacesSync(all))
  const close = async (): Promise<void> => {
    await deleteNamespaces(all)
    cancelCleanUp()
  }
  try {
    await addNamespaces(all)
    const setups = [
      ...routers.map((router) => setUpRouter(router, sender, sink)),
      setUpEnd(
        sender,
        routers.map(({ into }) => into),
      ),
      setUpEnd(
        sink,
        routers.map(({ outOf }) => outOf),
      ),
    ]
    await mustRun(['sh', '-s'], { input: setupScript(setups) })
    await mustRun(enterNamespace(sink, ['nft', '-f', '-']), { input: dropAtTheDoor(routers) })
  } catch (error) {
    await close()
    throw error
  }
  return { sender, sink, routers, close }
}

function setUpRouter({ namespace, into, outOf }: Router, sender: string, sink: string): NamespaceSetup {
  return {
    namespace,
    settings: [...COMMON_SETTINGS, ...FORWARDING_SETTINGS, ...CONNTRACK_SETTINGS],
    links: [
      `link add name in address ${MACS.routerIn} type veth peer name ${into} address ${MACS.sender} netns ${sender}`,
      `link add name out address ${MACS.routerOut} type veth peer name ${outOf} address ${MACS.sink} netns ${sink}`,
    ],
    configuration: [
      'link set dev in up',
      'link set dev out up',
      ...FAMILIES.flatMap((family) => {
        const { own, prefix, sink: gateway } = LINKS[family]
        return [
          addAddress(own, prefix, 'out'),
          `neighbour add ${gateway} lladdr ${MACS.sink} dev out nud permanent`,
          `route add ${POD_NETWORKS[family]} via ${gateway}`,
        ]
      }),
    ],
    forwarding: [],
  }
}

/** Sender and sink have no stack of their own: raw frames only, and nothing of theirs among those counted. */
function setUpEnd(namespace: string, devices: readonly string[]): NamespaceSetup {
  return {
    namespace,
    settings: ['all', 'default'].map((scope) => [`net/ipv6/conf/${scope}/disable_ipv6`, '1'] as const),
    links: [],
    configuration: devices.map((device) => `link set dev ${device} up`),
    forwarding: [],
  }
}

/** The cheapest end: the packet is dropped before the sink's network stack looks at it. */
function dropAtTheDoor(routers: readonly Router[]): string {
  const chains = routers.map(
    ({ outOf }) => `chain ${outOf} { type filter hook ingress device "${outOf}" priority 0; policy drop; }\n`,
  )
  return `table netdev sink {\n${chains.join('')}}\n`
}
