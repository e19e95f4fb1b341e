import type { EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges, putSandbox } from '../laws/hold-changes.ts'
import { namespace } from '../oracle/make-objects.ts'
import type { RawSandbox } from '../oracle/hold.ts'
import type { RawPod, RawPolicy } from '../oracle/raw-cluster.ts'
import { addressOf, type PodName, rawPods } from './kernel-lab.ts'
import { FAMILIES } from '../../compiler/addresses/address.ts'

export const SUBNETS = ['10.244.1.0/24', 'fd44:0:0:1::/64']

/** A node of the lab as an agent with the hold would keep it. */
export interface Holding {
  readonly engine: Engine
  /** Takes the changes as the agent would, transaction by transaction; returns these. */
  tell(...changes: readonly EngineChange[]): Promise<readonly string[]>
}

/** node-1, told these pods (each with a uid of its own name), policies and sandboxes, and nothing else. */
export async function holding(
  lab: Lab,
  pods: readonly RawPod[],
  policies: readonly RawPolicy[],
  sandboxes: readonly RawSandbox[],
  {
    edit = (text: string) => text,
    excepts = [] as readonly string[],
    subnets = SUBNETS,
    ...some
  }: Partial<RulesetOptions> & {
    readonly edit?: (text: string) => string
    readonly excepts?: readonly string[]
    readonly subnets?: readonly string[]
  } = {},
): Promise<Holding> {
  const options = { ...DEFAULT_OPTIONS, ...some }
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-1', ruleset: options })
  const hold = { node: 'node-1', subnets, excepts, sandboxes }
  engine.apply([...[namespace('shop', {}), ...pods, ...policies].map(surePut), ...holdChanges(hold)])
  let generation = 100
  await lab.loadRuleset('node-1', edit(rulesetText(engine.ruleset(), options, generation)))
  return {
    engine,
    async tell(...changes) {
      const change = engine.apply(changes)
      const texts = planTransactions(change, engine.view, options, generation + 1)
      if (change.narrows) generation += 1
      for (const text of texts) await lab.loadRuleset('node-1', text)
      return texts
    },
  }
}

/** Pods of the lab with a uid, as the API has them. */
export function known(...names: readonly PodName[]): readonly RawPod[] {
  return rawPods()
    .filter(({ metadata }) => names.some((name) => name === metadata.name))
    .map((pod) => ({ ...pod, metadata: { ...pod.metadata, uid: `uid-${pod.metadata.name}` } }))
}

/** What the runtime wrote for a pod of the lab, or for another one at its addresses. */
export function sandboxAt(place: PodName, order: number, name: string = place): RawSandbox {
  const addresses = FAMILIES.map((family) => addressOf(place, family))
  return { key: `cbr0-${name}-${order}`, uid: `uid-${name}`, namespace: 'shop', name, addresses, order }
}

export function sandbox(raw: RawSandbox, changes: Partial<RawSandbox> = {}): EngineChange {
  return putSandbox({ ...raw, ...changes })
}
