import { Command, InvalidArgumentError, Option } from 'commander'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { explanationJson } from '../../compiler/explain/explanation-json.ts'
import { suggestFor } from '../../compiler/explain/suggest-for.ts'
import type { PossiblePod, Question } from '../../compiler/explain/question.ts'
import { checkLabelKey, checkLabelValue } from '../../compiler/objects/label-syntax.ts'
import { checkDnsLabel } from '../../compiler/objects/name-syntax.ts'
import { denialJson } from '../views/denial-json.ts'
import { explanationText } from '../views/explanation-text.ts'
import { nameParser } from './input-options.ts'
import { EXIT } from './exit-codes.ts'
import { readClusterInput, withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface ExplainFlags extends ReadingFlags {
  readonly output: 'text' | 'json'
  readonly fromLabels?: Labels
  readonly fromNamespace?: string
  readonly fromNamespaceLabels?: Labels
  readonly toLabels?: Labels
  readonly toNamespace?: string
  readonly toNamespaceLabels?: Labels
}

const ENDS = `
FROM and TO: namespace/pod, namespace/workload, a name of the namespace of -n, deploy/NAME and other kinds as kubectl calls
them (deploy/NAMESPACE/NAME), an address, svc/NAME (svc/NAMESPACE/NAME, svc/NAME.NAMESPACE), a cluster DNS name (db.shop,
db.shop.svc.cluster.local), the DNS name of a StatefulSet's pod (db-0.db.shop), dns (the cluster's DNS pods) or apiserver.
FROM may be ingress/NAME. PORT: a number, a name, or icmp; 53/UDP for other protocols than TCP. Of a Service, PORT is the
Service's; of a node's address, a node port or hostPort leads on to the pods behind it. A workload asked about itself is
two of its pods.

Exit status: 0 allowed, 1 denied, 2 the question or the input is wrong, or the input does not say enough (whether an
address is a node's, on which address of a node it depends), 3 the cluster cannot be read.`

/** `selvedge explain FROM TO PORT`: may this connect to that, and why. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description('may FROM connect to TO on PORT, and why')
    .usage('[options] FROM TO PORT')
    .argument('[words...]', 'where the connection comes from, where it goes, and port[/protocol] or icmp')
    .addHelpText('after', ENDS)
  for (const [end, word] of [
    ['from', 'FROM'],
    ['to', 'TO'],
  ] as const) {
    command
      .option(`--${end}-labels <labels>`, `instead of ${word}: a pod with exactly these labels, a=b,c=d`, parseLabels)
      .option(`--${end}-namespace <name>`, 'the namespace of that pod (default: that of -n)', nameParser(checkDnsLabel))
      .option(`--${end}-namespace-labels <labels>`, 'labels of that namespace, where the input lacks it', parseLabels)
  }
  return addReadingOptions(command)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(explain)
}

type Labels = PossiblePod['labels']

/** `a=b,c=d`; an empty text is no label. */
function parseLabels(text: string): Labels {
  return text.split(',').flatMap((pair): Labels => {
    if (pair === '') return []
    const [key = '', value, ...more] = pair.split('=')
    const [problem] =
      value === undefined || more.length > 0 ? ['write key=value'] : [...checkLabelKey(key), ...checkLabelValue(value)]
    if (problem !== undefined || value === undefined) throw new InvalidArgumentError(`${problem}.`)
    return [[key, value]]
  })
}

/** The question, or undefined where there are too few or too many words, or a namespace without its pod. */
function questionOf(words: readonly string[], flags: ExplainFlags): Question | undefined {
  const { namespace, fromLabels, toLabels, fromNamespace = namespace, toNamespace = namespace } = flags
  const isIdle = (labels: Labels | undefined, ...others: readonly unknown[]): boolean =>
    labels === undefined && others.some((one) => one !== undefined)
  if (isIdle(fromLabels, flags.fromNamespace, flags.fromNamespaceLabels)) return undefined
  if (isIdle(toLabels, flags.toNamespace, flags.toNamespaceLabels)) return undefined
  const rest = [...words]
  const from =
    fromLabels === undefined
      ? rest.shift()
      : { labels: fromLabels, namespace: fromNamespace, namespaceLabels: flags.fromNamespaceLabels }
  const to =
    toLabels === undefined
      ? rest.shift()
      : { labels: toLabels, namespace: toNamespace, namespaceLabels: flags.toNamespaceLabels }
  const [port, ...more] = rest
  if (from === undefined || to === undefined || port === undefined || more.length > 0) return undefined
  return { from, to, port, namespace }
}

async function explain(words: readonly string[], flags: ExplainFlags, command: Command): Promise<void> {
  const question = questionOf(words, flags)
  if (question === undefined)
    command.error(
      'error: say FROM, TO and PORT; --from-labels, with its namespace, stands for FROM, and --to-labels for TO',
    )
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const answer = answerQuestion(cluster, question)
  if (answer.kind === 'problem') {
    process.stderr.write(`${answer.problem}${answer.hint === '' ? '' : `; ${answer.hint}`}\n`)
    process.exitCode = EXIT.badInput
    return
  }
  process.exitCode = answer.allowed ? EXIT.done : EXIT.no
  const suggestion = suggestFor(answer)
  const notes = withNotes([...answer.notes, ...(cluster.notes ?? [])])
  process.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ ...explanationJson(answer), ...denialJson(answer, suggestion), ...notes }, undefined, 2)}\n`
      : explanationText(answer, suggestion, textStyle()),
  )
}
