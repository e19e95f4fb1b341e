import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { addressOf, type PodName } from './kernel-lab.ts'

type Spot = PodName | 'outside'
type Probes = Readonly<Record<string, Probe>>

/** A probe from one of the lab's own addresses to another. */
export function probe(family: Family, from: Spot, to: Spot, details: Omit<Probe, 'from' | 'toAddress'>): Probe {
  return {
    from: placeName(from),
    fromAddress: addressOf(from, family),
    toAddress: addressOf(to, family),
    to: placeName(to),
    ...details,
  }
}

/** What the lab calls the pod, or the outside. */
export function placeName(spot: Spot): string {
  return spot === 'outside' ? 'outside' : `shop/${spot}`
}

/** The names of the probes that arrive, in their order. */
export async function passing(lab: Lab, probes: Probes): Promise<readonly string[]> {
  const arrived = await lab.probe(Object.values(probes))
  return Object.keys(probes).filter((_, index) => arrived[index])
}

/** The same for the probes of each family, sent together. */
export async function passingInBoth(
  lab: Lab,
  probesOf: (family: Family) => Probes,
): Promise<Readonly<Record<Family, readonly string[]>>> {
  const all = FAMILIES.flatMap((family) =>
    Object.entries(probesOf(family)).map(([name, each]) => ({ family, name, probe: each })),
  )
  const arrived = await lab.probe(all.map((each) => each.probe))
  const namesOf = (family: Family) =>
    all.filter((each, index) => each.family === family && arrived[index]).map(({ name }) => name)
  return { IPv4: namesOf('IPv4'), IPv6: namesOf('IPv6') }
}

/** What `passingInBoth` says when the families do not differ. */
export function inBoth(names: readonly string[]): Readonly<Record<Family, readonly string[]>> {
  return { IPv4: names, IPv6: names }
}
