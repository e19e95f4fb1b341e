import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { Finding } from './finding.ts'
import { findServiceProxy } from './find-service-proxy.ts'
import { readValue } from './read-value.ts'

/** Is the ruleset, as it is laid out, where kube-proxy's packets come by? Two small reads. */
export function checkServiceProxy(
  laidOutFor: RulesetOptions['serviceProxy'],
  procFolder = '/proc',
): readonly Finding[] {
  if (findServiceProxy(procFolder) === 'nat') return []
  const finding = { id: 'ipvs', severity: 'blocks' } as const
  if (laidOutFor === 'nat') {
    const problem = 'kube-proxy runs in IPVS mode (kube-ipvs0), which carries Service traffic past the forward hook'
    return [{ ...finding, problem, cure: 'give --service-proxy auto or ipvs, which judges at output as well' }]
  }
  // kube-proxy switches it on at its start.
  if (readValue(`${procFolder}/sys/net/ipv4/vs/conntrack`) !== '0') return []
  const problem = 'IPVS hides its flows from conntrack: what policies allow through a Service may come to a halt'
  return [{ ...finding, problem, cure: 'set net.ipv4.vs.conntrack=1, as kube-proxy does' }]
}
