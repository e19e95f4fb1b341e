import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { readValue } from './read-value.ts'

/** How kube-proxy carries Services on this node. In IPVS mode it has a link of that name, with the Services' addresses. */
export function findServiceProxy(procFolder = '/proc'): RulesetOptions['serviceProxy'] {
  const links = readValue(`${procFolder}/net/dev`)
  return links !== undefined && /^\s*kube-ipvs0:/m.test(links) ? 'ipvs' : 'nat'
}
