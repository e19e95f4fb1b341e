import type { AllowGraph } from '../graph/allow-graph.ts'
import type { RulesetOptions } from '../nftables/options.ts'
import type { Ruleset, RulesetChange, RulesetView } from '../nftables/ruleset.ts'
import type { AuditOptions } from '../objects/is-audited.ts'
import type { LabelSet } from '../objects/label-set.ts'
import type { Pod, Policy } from '../objects/objects.ts'
import type { Sandbox } from '../objects/sandbox.ts'
import type { EngineChange } from './change.ts'
import type { ClassUse } from './class-use.ts'
import type { Disagreement } from './create-hold.ts'
import type { HeldAddress } from './held-address.ts'
import type { LocalView, Selection } from './local-view.ts'
import type { EngineProblem } from './problems.ts'
import type { RulesetSize } from './ruleset-size.ts'

/** Changed objects in, the ruleset's changes out; `createEngine` makes it. */
export interface Engine {
  /** Takes a batch of events and says how the ruleset changes; before the first one it is the ruleset of an empty node. */
  apply(changes: readonly EngineChange[]): RulesetChange
  /** The whole ruleset, less the chains that carry the generation. */
  ruleset(): Ruleset
  /** One set or chain of it, without making the rest. */
  readonly view: RulesetView
  /** The allow-graph of everything that the engine holds. */
  graph(): AllowGraph
  /** The pod that owns an address in canonical text. */
  ownerOf(address: string): Pod | undefined
  /** What could not be compiled, and is closed. */
  problems(): readonly EngineProblem[]
  /** What of audited policies could not be compiled: it closes nothing, and nobody can say what it would deny. */
  auditProblems(): readonly EngineProblem[]
  /** The policies as the world is, and those that are only audited. */
  worlds(): Worlds
  /** Those that are only audited. */
  audited(): readonly Policy[]
  /** Does an address of this node stand under an audited policy where no enforced one isolates it? */
  asksAny(): boolean
  /** Every policy that is enforced, with the pods of this node that it selects: what `status` tells. */
  selections(): readonly Selection[]
  /** How much stands in the ruleset, without making it. */
  readonly size: Pick<RulesetSize, 'counts' | 'names'>
  /** What is enforced on this node, without a walk over the cluster's pods. */
  readonly local: LocalView
  /** What the runtime has given to pods and the hold does not let pass; nothing while no rule of the hold stands. */
  held(): readonly HeldAddress[]
  /** Sandboxes whose pods nobody has told, also while no policy is known and nothing is held: the first one may be late with them. */
  unheardOf(): readonly Sandbox[]
  /** Pods of this node that have addresses by their status, while the runtime has noted no pod at all. */
  unnoted(): readonly Pod[]
  /** Pods of this node of which the runtime and the API name different addresses. */
  disagreements(): readonly Disagreement[]
  /** `on`: the hold's sets stand; `holding`: its rules as well. */
  holdState(): 'off' | 'on' | 'holding'
  /** Does a pod that it holds, and that neither has finished nor is about to, run in the sandbox of this key? */
  runsIn(key: string): boolean
  /** Does the hold let it pass, or would it? */
  passes(address: string): boolean
  /** A pod `namespace/name` that it holds. */
  podOf(pod: string): Pod | undefined
  /** All pods of a namespace that it holds. */
  podsIn(namespace: string): readonly Pod[]
  /** The classes of this node, and the policies behind them. */
  classUses(): readonly ClassUse[]
  /** The addresses that the hold lets pass and no policy isolates. */
  openAddresses(): readonly string[]
}

/** All policies, and what a verdict of them needs to know besides. */
export interface Worlds {
  readonly enforced: readonly Policy[]
  readonly audited: readonly Policy[]
  readonly namespaceLabels: (namespace: string) => LabelSet
}

export interface EngineOptions {
  /** Does this node enforce for the pod? */
  readonly isLocal: (pod: Pod) => boolean
  readonly ruleset: RulesetOptions
  /** Who may say that a policy is only audited; default: policies themselves. */
  readonly audit?: AuditOptions
}
