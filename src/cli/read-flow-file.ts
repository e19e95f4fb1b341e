import type { FlowList } from '../../compiler/flows/flow-list.ts'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { readPaths } from '../sources/files/read-paths.ts'
import { EXIT } from './exit-codes.ts'

/**
 * What `--flows` names, a file of `selvedge flows -o json` or `-`. Says on standard error what is wrong with it, and of which nodes flows
 * are missing; undefined where it cannot be used, with the exit code set.
 */
export function readFlowFile(path: string): FlowList | undefined {
  const { sources, diagnostics } = readPaths([path])
  const [source, more] = sources
  const all = [...diagnostics]
  let list: FlowList | undefined
  if (more !== undefined) {
    const problem = `--flows ${printable(path)}: is a folder with several files`
    all.push({ severity: 'error', code: 'several-flow-lists', problem, hint: 'give one file' })
  } else if (source !== undefined) {
    const read = readFlowList(source)
    for (const diagnostic of read.diagnostics) all.push(diagnostic)
    list = read.list
  }
  for (const diagnostic of all) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  if (list === undefined || all.some(({ severity }) => severity === 'error')) {
    process.exitCode = EXIT.badInput
    return undefined
  }
  for (const line of missingText(list)) process.stderr.write(`${line}\n`)
  return list
}

/** Of which nodes flows are missing: what was not noted nobody can weigh. */
function missingText({ nodes }: FlowList): readonly string[] {
  return nodes.flatMap((node) => {
    const name = `node ${printable(node.name)}`
    if (!node.answered) return [`${name} did not answer, so its flows are missing: ${printable(node.problem)}`]
    return [
      ...(node.observes ? [] : [`${name} notes only what is denied; let its agent run with --observe`]),
      ...(node.full.includes('allowed') || (node.lost.allowed ?? 0) > 0
        ? [`${name} had no room for all of its flows, so some are missing`]
        : []),
    ]
  })
}
