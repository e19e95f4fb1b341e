import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { BenchRuleset } from './bench-case.ts'
import { type Grant, grantsFor, isFor } from './grants.ts'
import { APPLICATIONS, LOCAL_PODS, podAddress, PODS } from './pods.ts'

/**
 * The classic layout, for comparison: established flows pass first, a map leads to the pod's chain, which jumps to the
 * chain of each policy in turn, and every policy has address sets of its own.
 */
export function linearRuleset(name: string, grants: readonly Grant[]): BenchRuleset {
  const isolated = Array.from({ length: LOCAL_PODS }, (_, pod) => pod).filter(
    (pod) => grantsFor(grants, pod).length > 0,
  )
  const used = grants.flatMap((grant, index) => (isolated.some((pod) => isFor(grant, pod)) ? [{ grant, index }] : []))
  const lines = [
    'table inet linear {',
    'chain forward {',
    'type filter hook forward priority filter + 5; policy accept;',
    'ct state established,related accept',
    'ip daddr vmap @pods4',
    'ip6 daddr vmap @pods6',
    '}',
    ...used.flatMap(({ grant, index }) => [
      `chain policy-${index} {`,
      `ip saddr @peers4-${index} udp dport ${grant.port} accept`,
      `ip6 saddr @peers6-${index} udp dport ${grant.port} accept`,
      '}',
    ]),
    ...isolated.flatMap((pod) => [
      `chain pod-${pod} {`,
      ...used.filter(({ grant }) => isFor(grant, pod)).map(({ index }) => `jump policy-${index}`),
      'drop',
      '}',
    ]),
    ...FAMILIES.flatMap((family) => [
      `map pods${digit(family)} {`,
      `type ${type(family)} : verdict`,
      `elements = { ${isolated.map((pod) => `${podAddress(pod, family)} : goto pod-${pod}`).join(', ')} }`,
      '}',
      ...used.flatMap(({ grant, index }) => [
        `set peers${digit(family)}-${index} {`,
        `type ${type(family)}`,
        `elements = { ${replicas(grant.from, family).join(', ')} }`,
        '}',
      ]),
    ]),
    '}',
    '',
  ]
  const element = (turn: number): string => `10.99.0.${turn + 1}`
  return { name, text: lines.join('\n'), growing: { table: 'inet linear', set: `peers4-${used[0]?.index}`, element } }
}

function replicas(application: number, family: Family): readonly string[] {
  const count = PODS / APPLICATIONS
  return Array.from({ length: count }, (_, replica) => podAddress(application + replica * APPLICATIONS, family))
}

function digit(family: Family): number {
  return family === 'IPv4' ? 4 : 6
}

function type(family: Family): string {
  return family === 'IPv4' ? 'ipv4_addr' : 'ipv6_addr'
}
