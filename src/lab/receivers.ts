import { enterNamespace } from './namespaces.ts'
import { feed, inParallel } from './parallel-script.ts'
import { MARK_OFFSETS, PROBE_MARK } from './probe-packet.ts'
import { mustRun } from './run-command.ts'
import type { Place } from './topology.ts'

const TABLE = 'selvedge-lab-probes'

/**
 * Makes the places note the numbers of probes that reach them, from zero. A probe is dropped once it is noted, so no stack
 * answers it. Pods and the outside listen where packets come in at eth0, before any rule of theirs; a node listens at its
 * input hook, since what it only forwards or rewrites is not meant for it.
 */
export async function listenForProbes(places: readonly Place[]): Promise<void> {
  await runNft(places, (place) => {
    const table = `${familyOfTable(place)} ${TABLE}`
    return `table ${table}\ndelete table ${table}\n${tableText(place)}`
  })
}

/** Takes the tables away again, so that nobody who lists or flushes a ruleset meets them. */
export async function stopListening(places: readonly Place[]): Promise<void> {
  await runNft(places, (place) => `delete table ${familyOfTable(place)} ${TABLE}`)
}

/** The numbers of the probes that arrived at each place, in the order of the places. */
export async function readArrivals(places: readonly Place[]): Promise<readonly ReadonlySet<number>[]> {
  const commands = places.map((place) => {
    const command = enterNamespace(place.namespace, [
      'nft',
      '-j',
      'list',
      'set',
      familyOfTable(place),
      TABLE,
      'arrived',
    ])
    return command.join(' ')
  })
  const output = await mustRun(['sh', '-e', '-s'], { input: commands.join('\n') })
  return output.trimEnd().split('\n').map(readNumbers)
}

async function runNft(places: readonly Place[], textFor: (place: Place) => string): Promise<void> {
  if (places.length === 0) return
  const script = inParallel(
    places.map((place) => ({ namespace: place.namespace, commands: feed('nft -f -', [textFor(place)]) })),
  )
  await mustRun(['sh', '-s'], { input: script })
}

function tableText(place: Place): string {
  const hook = place.kind === 'node' ? 'input priority -310' : 'ingress device "eth0" priority -500'
  return `table ${familyOfTable(place)} ${TABLE} {
  set arrived { typeof tcp sequence; size 1048576; flags dynamic; }
  chain note {
    type filter hook ${hook}; policy accept;
    meta pkttype other accept
    ${noteRule('tcp', MARK_OFFSETS.TCP)}
    ${noteRule('udp', MARK_OFFSETS.UDP)}
    ${noteRule('{ icmp, ipv6-icmp }', MARK_OFFSETS.ICMP)}
    ${noteRule('sctp', MARK_OFFSETS.SCTP)}
  }
}`
}

function noteRule(protocols: string, offset: number): string {
  return `meta l4proto ${protocols} @th,${offset},32 ${PROBE_MARK} add @arrived { @th,${offset + 32},32 } drop`
}

function familyOfTable(place: Place): 'inet' | 'netdev' {
  return place.kind === 'node' ? 'inet' : 'netdev'
}

interface SetListing {
  readonly nftables: readonly { readonly set?: { readonly elem?: readonly number[] } }[]
}

function readNumbers(json: string): ReadonlySet<number> {
  const listing = JSON.parse(json) as SetListing
  return new Set(listing.nftables.flatMap((entry) => entry.set?.elem ?? []))
}
