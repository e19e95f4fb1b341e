import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { assignAddresses } from '../../compiler/objects/assign-addresses.ts'
import { type Diagnostic, formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import type { ClusterObject, Pod } from '../../compiler/objects/objects.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { readObjects, type OtherObject } from '../../compiler/objects/read-objects.ts'
import { readPaths } from '../sources/files/read-paths.ts'

/** The flags of every command that reads manifests. */
export interface InputFlags {
  readonly filename: readonly string[]
  readonly namespace: string
  readonly podCidr: string
}

/** What the manifests hold, fit for the engine; undefined when anything in them is an error. */
export interface Input {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
}

/** Reads and decodes everything that `-f` names, and says on standard error whatever there is to say. */
export function readInput(flags: InputFlags): Input | undefined {
  const podRange = parseBlock(flags.podCidr)?.block
  if (podRange === undefined) {
    process.stderr.write(`--pod-cidr ${printable(flags.podCidr)}: is no CIDR; give one such as 10.244.0.0/16\n`)
    return undefined
  }
  const { sources, diagnostics } = readPaths(flags.filename)
  const read = readObjects(sources, { defaultNamespace: flags.namespace })
  const all: Diagnostic[] = [...diagnostics, ...read.diagnostics]
  const pods = read.objects.filter((object): object is Pod => object.kind === 'Pod')
  const addressed = assignAddresses(pods, podRange)
  if (addressed === undefined) {
    const problem = `--pod-cidr ${flags.podCidr}: has fewer addresses than the input has pods`
    all.push({ severity: 'error', code: 'pod-range-full', problem, hint: 'give a larger one' })
  }
  if (all.length > 0) process.stderr.write(`${all.map(formatDiagnostic).join('\n')}\n`)
  if (addressed === undefined || all.some(({ severity }) => severity === 'error')) return undefined
  return { objects: [...read.objects.filter(({ kind }) => kind !== 'Pod'), ...addressed], others: read.others }
}
