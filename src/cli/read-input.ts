import type { Block } from '../../compiler/addresses/block.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { assignAddresses } from '../../compiler/cluster/assign-addresses.ts'
import { type Diagnostic, formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import type { ClusterObject, Pod } from '../../compiler/objects/objects.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { readObjects, type OtherObject, type SourceText } from '../../compiler/objects/read-objects.ts'
import { buildKustomization } from '../sources/files/build-kustomization.ts'
import { renderChart } from '../sources/files/render-chart.ts'
import { readPaths } from '../sources/files/read-paths.ts'

/** The flags of every command that reads manifests. */
export interface InputFlags {
  readonly filename?: readonly string[] | undefined
  readonly kustomize?: readonly string[] | undefined
  /** Helm charts; only `review` has them. */
  readonly charts?: readonly string[] | undefined
  readonly namespace: string
  readonly podCidr: string
}

/** What the manifests hold, fit for the engine; undefined when anything in them is an error. */
export interface Input {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
  /** What was read, for those who look at the writing; none of a live cluster. */
  readonly sources: readonly SourceText[]
  /** What the answer does not count although it is there, in words: passed over, or the policy of another engine. */
  readonly notes: readonly string[]
  /** Of these, what would hold policies if a program rendered it. */
  readonly withheld: readonly Diagnostic[]
  /** Of a live cluster: what annotations say to lint, by the name that it gives to objects. In manifests they stand in the text. */
  readonly lintIgnores?: ReadonlyMap<string, string>
}

/** Milliseconds. Without network, a kustomization is built in less than a second. */
const BUILD_TIMEOUT = 60_000

const NOT_COUNTED = new Set(['passed-over', 'other-engine'])

/** Reads and decodes everything that `-f` names, and says on standard error whatever there is to say. */
export function readInput(flags: InputFlags, eligible?: (pod: Pod) => boolean): Input | undefined {
  return read(flags, (pods, podRange) => assignAddresses(pods, podRange, eligible))
}

/** The same, with pods as they are written: for who knows better which addresses they have. */
export function readUnaddressed(flags: InputFlags): Input | undefined {
  return read(flags, (pods) => pods)
}

/** On standard error, that the pods do not fit into `--pod-cidr`. */
export function tellPodRangeFull(podCidr: string): void {
  process.stderr.write(`${formatDiagnostic(podRangeFull(podCidr))}\n`)
}

function read(
  flags: InputFlags,
  address: (pods: readonly Pod[], podRange: Block) => readonly Pod[] | undefined,
): Input | undefined {
  const podRange = podRangeOf(flags)
  if (podRange === undefined) return undefined
  const { filename = [], kustomize = [], charts = [] } = flags
  const build = { path: process.env['PATH'] ?? '', timeout: BUILD_TIMEOUT }
  const reads = [
    readPaths(filename),
    ...kustomize.map((directory) => buildKustomization(directory, build)),
    ...charts.map((directory) => renderChart(directory, build)),
  ]
  const sources = reads.flatMap((one) => one.sources)
  const diagnostics = reads.flatMap((one) => one.diagnostics)
  const found = readObjects(sources, { defaultNamespace: flags.namespace })
  const all: Diagnostic[] = [...diagnostics, ...found.diagnostics]
  const pods = found.objects.filter((object): object is Pod => object.kind === 'Pod')
  const addressed = address(pods, podRange)
  if (addressed === undefined) all.push(podRangeFull(flags.podCidr))
  if (all.length > 0) process.stderr.write(`${all.map(formatDiagnostic).join('\n')}\n`)
  if (addressed === undefined || all.some(({ severity }) => severity === 'error')) return undefined
  return {
    objects: [...found.objects.filter(({ kind }) => kind !== 'Pod'), ...addressed],
    others: found.others,
    sources,
    notes: found.diagnostics.filter(({ code }) => NOT_COUNTED.has(code)).map(formatDiagnostic),
    withheld: found.diagnostics.filter(({ code, severity }) => code === 'passed-over' && severity === 'warning'),
  }
}

/** `--pod-cidr`; undefined after having said that it is none. */
export function podRangeOf({ podCidr }: Pick<InputFlags, 'podCidr'>): Block | undefined {
  const podRange = parseBlock(podCidr)?.block
  if (podRange === undefined) {
    process.stderr.write(`--pod-cidr ${printable(podCidr)}: is no CIDR; give one such as 10.244.0.0/16\n`)
  }
  return podRange
}

function podRangeFull(podCidr: string): Diagnostic {
  const problem = `--pod-cidr ${podCidr}: has fewer addresses than the input has pods`
  return { severity: 'error', code: 'pod-range-full', problem, hint: 'give a larger one' }
}
