import { Command, Option } from 'commander'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { explanationJson } from '../../compiler/explain/explanation-json.ts'
import { suggestFor } from '../../compiler/explain/suggest-for.ts'
import { explanationText } from '../views/explanation-text.ts'
import { EXIT } from './exit-codes.ts'
import { readClusterInput, withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface ExplainFlags extends ReadingFlags {
  readonly output: 'text' | 'json'
}

const ENDS = `
FROM and TO: namespace/pod, namespace/workload, a name of the namespace of -n, an address, svc/NAME (svc/NAMESPACE/NAME,
svc/NAME.NAMESPACE), a cluster DNS name (db.shop, db.shop.svc.cluster.local), the DNS name of a
StatefulSet's pod (db-0.db.shop), dns (the cluster's DNS pods) or apiserver.
FROM may be ingress/NAME. PORT: a number, a name, or icmp; 53/UDP for other protocols than TCP. Of a Service, PORT is the
Service's; of a node's address, a node port or hostPort leads on to the pods behind it. A workload asked about itself is
two of its pods.

Exit status: 0 allowed, 1 denied, 2 the question or the input is wrong, or the input does not say enough (whether an
address is a node's, on which address of a node it depends), 3 the cluster cannot be read.`

/** `selvedge explain FROM TO PORT`: may this connect to that, and why. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description('may FROM connect to TO on PORT, and why')
    .argument('<from>', 'where the connection comes from')
    .argument('<to>', 'where it goes')
    .argument('<port>', 'port[/protocol] or icmp')
    .addHelpText('after', ENDS)
  return addReadingOptions(command)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(explain)
}

async function explain(from: string, to: string, port: string, flags: ExplainFlags): Promise<void> {
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const answer = answerQuestion(cluster, { from, to, port, namespace: flags.namespace })
  if (answer.kind === 'problem') {
    process.stderr.write(`${answer.problem}${answer.hint === '' ? '' : `; ${answer.hint}`}\n`)
    process.exitCode = EXIT.badInput
    return
  }
  process.exitCode = answer.allowed ? EXIT.done : EXIT.no
  process.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ ...explanationJson(answer), ...withNotes(cluster.notes) }, undefined, 2)}\n`
      : explanationText(answer, suggestFor(answer), textStyle()),
  )
}
