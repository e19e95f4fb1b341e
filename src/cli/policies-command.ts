import { Command, Option } from 'commander'
import { policiesOf } from '../../compiler/explain/policies-of.ts'
import { policiesJson } from '../views/policies-json.ts'
import { policiesText } from '../views/policies-text.ts'
import { EXIT } from './exit-codes.ts'
import { readClusterInput, withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface PoliciesFlags extends ReadingFlags {
  readonly output: 'text' | 'json'
}

const STATUS = `
POD: namespace/pod, namespace/workload, a name of the namespace of -n, deploy/NAME and other kinds
as kubectl calls them, or an address that a pod has.

Exit status: 0 done, whether or not a policy applies, 2 there is no such pod or the input is wrong, 3 the cluster cannot
be read.`

/** `selvedge policies POD`: which policies and rules apply to a pod or workload. */
export function policiesCommand(): Command {
  const command = new Command('policies')
    .description('which policies and rules apply to a pod or workload')
    .argument('<pod>', 'the pod or workload')
    .addHelpText('after', STATUS)
  return addReadingOptions(command)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(policies)
}

async function policies(word: string, flags: PoliciesFlags): Promise<void> {
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const answer = policiesOf(cluster, word, flags.namespace)
  if (answer.kind === 'problem') {
    process.stderr.write(`${answer.problem}${answer.hint === '' ? '' : `; ${answer.hint}`}\n`)
    process.exitCode = EXIT.badInput
    return
  }
  process.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ ...policiesJson(answer), ...withNotes(cluster.notes) }, undefined, 2)}\n`
      : policiesText(answer, textStyle()),
  )
}
