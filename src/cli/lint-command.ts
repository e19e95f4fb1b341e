import { Command, Option } from 'commander'
import { ALL_RULES } from '../../compiler/lint/all-rules.ts'
import { type Finding, lintCluster } from '../../compiler/lint/lint-cluster.ts'
import { SEVERITIES, type Severity } from '../../compiler/lint/lint-rule.ts'
import { readRawObjects } from '../../compiler/lint/raw-object.ts'
import { readSilencers } from '../../compiler/lint/silencer.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { checkDnsLabel } from '../../compiler/objects/name-syntax.ts'
import { isAgentRules } from '../telemetry/is-agent-rules.ts'
import { lintText } from '../views/lint-text.ts'
import { sarif } from '../views/sarif.ts'
import { askNodes } from './ask-nodes.ts'
import { EXIT } from './exit-codes.ts'
import { nameParser } from './input-options.ts'
import { readEither, refuseClosed } from './read-cluster-input.ts'
import { addReadingOptions, isOfManifests, type ReadingFlags } from './reading-options.ts'

interface LintFlags extends ReadingFlags {
  readonly output: 'text' | 'json' | 'sarif'
  readonly failOn: Severity | 'never'
  readonly askAgents?: boolean
  readonly agentNamespace: string
}

const STATUS = `
Rules and their reasons: docs/lint.md.

One finding is silenced where it stands: by a comment "# selvedge-ignore RULE" behind its line or above it, or by the
annotation selvedge.io/lint-ignore: RULE[, RULE] of the object that it is about.

Exit status: 0 no finding of --fail-on or worse, 1 such findings, 2 the input is wrong, 3 the cluster cannot be read.`

/** `selvedge lint`: what in policies is most likely not what was meant. */
export function lintCommand(): Command {
  const command = new Command('lint')
    .description('find what in policies is most likely not meant')
    .addHelpText('after', STATUS)
  return addReadingOptions(command)
    .addOption(
      new Option('-o, --output <format>', 'text, json, or sarif for code review tools')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .option('--ask-agents', 'of a live cluster: ask every agent which rules were used, for rule-never-used')
    .option('--agent-namespace <name>', 'where the agents run', nameParser(checkDnsLabel), 'kube-system')
    .addOption(
      new Option('--fail-on <severity>', 'the least severity that makes the exit status 1')
        .choices([...SEVERITIES, 'never'])
        .default('warning'),
    )
    .action(lint)
}

async function lint(flags: LintFlags): Promise<void> {
  if (flags.askAgents === true && isOfManifests(flags)) {
    process.stderr.write('--ask-agents is for a live cluster: manifests say nothing of what was used\n')
    process.exitCode = EXIT.badInput
    return
  }
  // Manifests would not help whoever asks agents.
  const tell = (reason: string): void => void process.stderr.write(`${reason}\n`)
  const input = await readEither({ ...flags, unreadable: flags.askAgents === true ? tell : undefined })
  if (input === undefined) return
  // Of the pods of nodes that do not answer nothing is found.
  const asked = flags.askAgents === true ? await askNodes({ word: 'rules', isAnswer: isAgentRules }, flags) : undefined
  if (flags.askAgents === true && asked === undefined) return
  const cluster = createCluster(input.objects, input.others)
  if (isOfManifests(flags) && refuseClosed(cluster.closed)) return
  const complete = !isOfManifests(flags)
  const raw = readRawObjects(input.sources)
  const silencers = readSilencers(cluster, raw, input.sources, input.lintIgnores)
  const findings = lintCluster({ cluster, raw, complete, ruleUse: asked?.answers, silencers })
  // Worst first: what stands before the least severity, or is it. Of `never` there is none.
  const failing = SEVERITIES.slice(0, SEVERITIES.findIndex((one) => one === flags.failOn) + 1)
  process.exitCode = findings.some(({ severity }) => failing.includes(severity)) ? EXIT.no : EXIT.done
  process.stdout.write(shown(findings, flags.output))
}

function shown(findings: readonly Finding[], output: LintFlags['output']): string {
  switch (output) {
    case 'text':
      return lintText(findings)
    case 'json':
      return `${JSON.stringify(findings.map(findingJson), undefined, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(sarif(findings, ALL_RULES, packageJson.version), undefined, 2)}\n`
  }
}

/** Of a live cluster, objects were written nowhere: then the file is null and the object tells. */
function findingJson({ place, rule, severity, message, hint, object }: Finding): object {
  return {
    file: place?.file ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    rule,
    severity,
    message,
    hint,
    object,
  }
}
