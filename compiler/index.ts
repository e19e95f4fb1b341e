/*
 * What programs may use: `import { createCluster, readObjects } from 'selvedge'`. Pure functions over values, as everywhere here: give
 * texts or API objects, get the allow-graph, the ruleset, answers. Everything else is inside and may change.
 */
export { assignAddresses } from './cluster/assign-addresses.ts'
export { parseBlock } from './addresses/parse-block.ts'
export { type Diagnostic, formatDiagnostic } from './objects/diagnostic.ts'
export type { ClusterObject, Namespace, Pod, Policy } from './objects/objects.ts'
export { type ObjectsRead, readObjects, type SourceText } from './objects/read-objects.ts'
export type { AllowGraph, GraphPod, Isolation } from './graph/allow-graph.ts'
export { type Connection, judge, type Transport, type Verdict } from './graph/judge.ts'
export { createEngine } from './engine/create-engine.ts'
export type { Engine, EngineOptions } from './engine/engine.ts'
export { DEFAULT_OPTIONS, type RulesetOptions } from './nftables/options.ts'
export { contentGeneration, rulesetText } from './nftables/ruleset-text.ts'
export { type Cluster, createCluster } from './cluster/create-cluster.ts'
export { answerQuestion } from './explain/answer-question.ts'
export type { Explanation } from './explain/explanation.ts'
export type { Question } from './explain/question.ts'
export { explanationJson } from './explain/explanation-json.ts'
export { compareReach, type ReachChange } from './reach/compare-reach.ts'
export type { Edge } from './reach/edge.ts'
export { reachGraph, type ReachGraph } from './reach/reach-graph.ts'
export { type Finding, lintCluster } from './lint/lint-cluster.ts'
