import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { contentGeneration, rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { decodeCluster } from './decode-cluster.ts'

/** An engine that holds the cluster. */
export function engineOf(
  cluster: RawCluster,
  isLocal: (pod: Pod) => boolean = () => true,
  options: RulesetOptions = DEFAULT_OPTIONS,
): Engine {
  const engine = createEngine({ isLocal, ruleset: options })
  engine.apply(decodeCluster(cluster).map((object) => ({ type: 'put', object })))
  return engine
}

/** The text that `selvedge compile` prints for what the engine holds. */
export function textOf(engine: Engine, options: RulesetOptions = DEFAULT_OPTIONS): string {
  const ruleset = engine.ruleset()
  return rulesetText(ruleset, options, contentGeneration(ruleset, options))
}
