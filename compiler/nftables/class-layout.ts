import type { Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { Grants } from '../graph/grants.ts'
import { SETS_LAID_OUT_ONCE } from '../graph/grants-budget.ts'
import { blockRules } from './block-rules.ts'
import { classParts, type PortGrant } from './class-parts.ts'
import { contentChain, contentMap, contentSet } from './content-values.ts'
import { portField, portsText, protocolWord, type Variant } from './rule-text.ts'
import { byMap, goTo, inSet, rule } from './rule-value.ts'
import type { ChainValue, Jump, RuleValue, SetValue } from './ruleset.ts'
import { addressesFormula, endpointsFormula, endpointTerms, type EndpointTerm, type SetFormula } from './set-formula.ts'
import { createWay, type Way } from './way.ts'

/** Up to this many port rules are walked one by one (15 ns each); more are looked up: see docs/ruleset.md. */
const HANDFUL = 6

/** What one class of pods needs in the kernel, for one family and one way of the packet. */
export interface ClassLayout {
  /** The chain that a pod's own chain goes to. A denied packet never comes back from it; see Way.allow. */
  readonly chain: string
  readonly chains: readonly ChainValue[]
  readonly formulas: readonly SetFormula[]
  /** Sets and maps whose content is in the grants themselves. */
  readonly sets: readonly SetValue[]
}

/**
 * Lays out the grants of a class. Cheap rules come first; blocks, which are intervals, last. The number of rules is
 * bounded whatever the number of grants:
 *
 *     few ports        one rule for each interval of ports
 *     more             verdict map  protocol . port  →  chain with one address set
 *     very many sets   one set      address . protocol . port
 */
export function layoutClass(grants: Grants, direction: Direction, family: Family, variant: Variant): ClassLayout {
  const way = createWay(direction, family, variant)
  const parts = classParts(grants, family)
  const layout = {
    rules: [] as RuleValue[],
    chains: [] as ChainValue[],
    formulas: [] as SetFormula[],
    sets: [] as SetValue[],
  }

  for (const match of parts.anyone) layout.rules.push(rule(match, way.allow))
  anyonePorts(parts.anyonePorts, way, layout)
  for (const { match, groups } of parts.wide) {
    const formula = addressesFormula(family, groups)
    layout.formulas.push(formula)
    layout.rules.push(rule(match, inSet(way.peer, formula.name), way.allow))
  }
  const terms: EndpointTerm[] = parts.names.flatMap(({ protocol, name, peers }) =>
    endpointTerms(family, protocol, { kind: 'name', name }, peers),
  )
  // The dispatch ends in a goto, so it stands last; it is built here and added there.
  const last: RuleValue[] = []
  if (parts.ports.length <= HANDFUL) onePortRuleEach(parts.ports, way, layout)
  else if (distinctPeers(parts.ports) <= SETS_LAID_OUT_ONCE) last.push(dispatch(parts.ports, way, layout))
  else merge(parts.ports, way, layout, terms)
  if (terms.length > 0) {
    const formula = endpointsFormula(family, false, terms)
    layout.formulas.push(formula)
    layout.rules.push(rule(inSet(way.endpoint, formula.name), way.allow))
  }
  const blocks = blockRules(parts.blocks, way)
  for (const set of blocks.sets) layout.sets.push(set)
  for (const match of blocks.matches) layout.rules.push(rule(match, way.allow))
  for (const one of last) layout.rules.push(one)
  layout.rules.push(rule(goTo(way.deny)))

  const chain = contentChain(`c${way.digit}`, layout.rules)
  return { chain: chain.name, chains: [chain, ...layout.chains], formulas: layout.formulas, sets: layout.sets }
}

type Parts = { rules: RuleValue[]; chains: ChainValue[]; formulas: SetFormula[]; sets: SetValue[] }

function portMatch(
  { protocol, from, to }: { protocol: PortGrant['protocol']; from: number; to: number },
  way: Way,
): string {
  return `${protocolWord(protocol)} ${portField(way.portSide)} ${portsText(from, to)}`
}

/** Ports that are open to anyone: rules while they are few, else one set of ports. */
function anyonePorts(ports: readonly Omit<PortGrant, 'groups'>[], way: Way, layout: Parts): void {
  if (ports.length <= HANDFUL) {
    for (const port of ports) layout.rules.push(rule(portMatch(port, way), way.allow))
    return
  }
  const elements = new Set(ports.map(({ protocol, from, to }) => `${protocolWord(protocol)} . ${portsText(from, to)}`))
  const set = contentSet('t', ['inet_proto', 'inet_service'], elements, ports.some(isRange))
  layout.sets.push(set)
  layout.rules.push(rule(inSet(way.protocolAndPort, set.name), way.allow))
}

function onePortRuleEach(ports: readonly PortGrant[], way: Way, layout: Parts): void {
  for (const port of ports) {
    const formula = addressesFormula(way.family, port.groups)
    layout.formulas.push(formula)
    layout.rules.push(rule(portMatch(port, way), inSet(way.peer, formula.name), way.allow))
  }
}

/** One look-up of the port, then one of the address. Returns the rule, which has to stand last. */
function dispatch(ports: readonly PortGrant[], way: Way, layout: Parts): RuleValue {
  const targets = new Map<string, Jump>()
  for (const { protocol, from, to, groups } of ports) {
    const formula = addressesFormula(way.family, groups)
    const chain = contentChain(`f${way.digit}`, [rule(inSet(way.peer, formula.name), way.allow), rule(goTo(way.deny))])
    layout.formulas.push(formula)
    layout.chains.push(chain)
    targets.set(`${protocolWord(protocol)} . ${portsText(from, to)}`, goTo(chain.name))
  }
  const map = contentMap(`d${way.digit}`, ['inet_proto', 'inet_service'], targets, ports.some(isRange))
  layout.sets.push(map)
  return rule(byMap(way.protocolAndPort, map.name))
}

/** All small grants in one set: single ports join the endpoint terms, ranges of ports get an interval set. */
function merge(ports: readonly PortGrant[], way: Way, layout: Parts, terms: EndpointTerm[]): void {
  const ranges: EndpointTerm[] = []
  for (const { protocol, from, to, groups } of ports) {
    const target = from === to ? terms : ranges
    for (const group of groups) target.push({ group, within: undefined, protocol, port: { kind: 'range', from, to } })
  }
  if (ranges.length === 0) return
  const formula = endpointsFormula(way.family, true, ranges)
  layout.formulas.push(formula)
  layout.rules.push(rule(inSet(way.endpoint, formula.name), way.allow))
}

function distinctPeers(ports: readonly PortGrant[]): number {
  const lists = new Set(ports.map(({ groups }) => groups))
  return new Set([...lists].map((groups) => groups.map(({ key }) => key).join('\n'))).size
}

function isRange({ from, to }: { from: number; to: number }): boolean {
  return from !== to
}
