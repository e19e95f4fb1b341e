import { Command, Option } from 'commander'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { suggestFromFlows } from '../../compiler/suggest/suggest-from-flows.ts'
import { suggestionNotes } from '../views/suggestion-notes.ts'
import { EXIT } from './exit-codes.ts'
import { readClusterInput } from './read-cluster-input.ts'
import { readFlowFile } from './read-flow-file.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'

interface SuggestFlags extends ReadingFlags {
  readonly flows: string
  readonly closeUnseen?: boolean
  readonly output: 'yaml' | 'json'
}

const HELP = `
One policy for each workload of the namespace and direction, made of the flows that passed (selvedge flows -o json, of agents with
--observe). They are annotated selvedge.io/mode: audit, so they deny nothing until that is taken out. What they grant beyond what was
seen is told on standard error, and above each policy.

Exit status: 0 every flow of the namespace is allowed by them, 2 the input is wrong, 3 of some flows no policy could be made, or the
cluster cannot be read.`

/** `selvedge suggest -n NAMESPACE --flows FILE`: first policies, made of what was seen. */
export function suggestCommand(): Command {
  const command = new Command('suggest')
    .description('first policies for a namespace, made of the flows that were seen')
    .addHelpText('after', HELP)
  return addReadingOptions(command)
    .requiredOption('--flows <file>', 'what was seen: a file of selvedge flows -o json, or -')
    .option('--close-unseen', 'close the directions in which nothing was seen, too')
    .addOption(new Option('-o, --output <format>', 'yaml or json').choices(['yaml', 'json']).default('yaml'))
    .action(suggest)
}

async function suggest({ flows: path, closeUnseen = false, output, ...flags }: SuggestFlags): Promise<void> {
  const list = readFlowFile(path)
  if (list === undefined) return
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const { namespace } = flags
  const suggestion = suggestFromFlows(cluster, list, { namespace, closeUnseen })
  process.stderr.write(suggestionNotes(suggestion, namespace, namespacesOf(list.flows)))
  if (suggestion.missing.length > 0) process.exitCode = EXIT.environment
  process.stdout.write(
    output === 'json'
      ? `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: suggestion.policies }, undefined, 2)}\n`
      : suggestion.yaml,
  )
}

/** Of which namespaces there are flows that passed. */
function namespacesOf(flows: readonly RecordedFlow[]): readonly string[] {
  const ends = flows
    .filter(({ verdict }) => verdict === 'allowed')
    .flatMap(({ source, destination }) => [source, destination])
  return [...new Set(ends.flatMap((end) => (end.kind === 'pod' ? [end.namespace] : [])))].toSorted()
}
