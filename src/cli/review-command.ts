import { relative, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { AuditOptions } from '../../compiler/objects/is-audited.ts'
import { checkDnsLabel } from '../../compiler/objects/name-syntax.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { findPolicyTests } from '../sources/files/find-policy-tests.ts'
import { folderOutside, pathOutside } from '../sources/files/paths-within.ts'
import { renderedOutside } from '../sources/files/rendered-outside.ts'
import { isNetworkTakenAway } from '../sources/files/without-network.ts'
import { reviewSarif } from '../views/review/review-sarif.ts'
import { type Review, reviewText } from '../views/review/review-text.ts'
import { addAuditOptions } from './audit-options.ts'
import { EXIT } from './exit-codes.ts'
import { failOnOption } from './fail-on-option.ts'
import { githubRefusal, tellGithub } from './github/tell-github.ts'
import { nameParser } from './input-options.ts'
import { makeReview, type Render } from './make-review.ts'
import { notReplaceable } from './not-replaceable.ts'
import { readFlowFile } from './read-flow-file.ts'
import { writeWhole } from './write-whole.ts'

const CONDITIONS = ['opens', 'any', 'cuts', 'tests', 'lint', 'never'] as const
type Condition = (typeof CONDITIONS)[number]

interface ReviewFlags extends AuditOptions {
  readonly namespace: string
  readonly podCidr: string
  readonly output: 'markdown' | 'json' | 'sarif'
  readonly failOn: readonly Condition[]
  readonly tests?: readonly string[]
  readonly flows?: string
  readonly render: Render
  readonly within?: string
  readonly sarif?: string
  readonly github?: true
  readonly comment?: boolean
}

const USE = `
selvedge review OLD NEW     two sets of manifests, as selvedge diff has them: one text of what opens, what closes, which tests
                            fail and what lint finds that it did not find before

With --flows it tells which flows that were really seen the change cuts, and --fail-on cuts is about them: a flow that is cut, or of
which nobody can say what becomes of it.

Tests are the *.policytest.yaml below NEW, or those of --tests; they are held against NEW, whatever manifests they name.
--github writes the job's summary, outputs and comment of a pull request from the runner's environment (docs/ci.md).

Exit status: 0 nothing of --fail-on, 1 something of it, 2 the input is wrong, or a policy of OLD is passed over in NEW.`

/** `selvedge review OLD NEW`: what a change does, as one Markdown text. */
export function reviewCommand(): Command {
  const command = new Command('review')
    .description('tell in Markdown what a change of manifests does: for pull requests')
    .argument('<old>', 'manifests before: a file or a directory')
    .argument('<new>', 'manifests after: the same')
    .addHelpText('after', USE)
  command
    .option(
      '-n, --namespace <name>',
      'namespace of names and objects that do not say theirs',
      nameParser(checkDnsLabel),
      'default',
    )
    .option('--pod-cidr <cidr>', 'range from which workloads without pods get their addresses', '10.244.0.0/16')
    .addOption(
      new Option('-o, --output <format>', 'markdown, json, or sarif')
        .choices(['markdown', 'json', 'sarif'])
        .default('markdown'),
    )
    .addOption(failOnOption(CONDITIONS, 'opens'))
    .option('--tests <path...>', 'PolicyTests, or folders of them (default: those below NEW)')
    .option('--flows <file>', 'what was seen, a file of selvedge flows -o json: which of it the change cuts')
    .addOption(
      new Option('--render <how>', 'what OLD and NEW are: manifests, kustomizations or Helm charts')
        .choices(['none', 'kustomize', 'helm'])
        .default('none'),
    )
    .option('--within <folder>', 'read nothing that really lies outside of this folder, or in its .git')
    .option('--sarif <file>', 'write what lint and tests found there, too')
    .option('--github', 'tell GitHub, or what understands its environment: summary, outputs, comment')
    .option('--no-comment', 'with --github: no comment')
    .action(review)
  return addAuditOptions(command)
}

async function review(old: string, now: string, flags: ReviewFlags): Promise<void> {
  const problem =
    (flags.github === true ? githubRefusal(process.env) : undefined) ??
    (old === '-' || now === '-' ? 'OLD and NEW are files or folders; see selvedge review --help' : undefined) ??
    (flags.within === undefined ? undefined : notWithin(flags.within, old, now, flags)) ??
    (flags.sarif === undefined ? undefined : notReplaceable(flags.sarif))
  if (problem !== undefined) return refuse(problem)
  if (flags.within !== undefined && flags.render !== 'none' && !isNetworkTakenAway()) process.stderr.write(NETWORK_LEFT)
  const flows = flags.flows === undefined ? undefined : readFlowFile(flags.flows)
  if (flags.flows !== undefined && flows === undefined) return
  const tests = testsOf(flags.tests ?? [now])
  const made = tests && (await makeReview({ old, now, tests, flows, render: flags.render, flags }))
  if (made === undefined) {
    process.exitCode = EXIT.badInput
    return
  }
  const root = flags.within ?? '.'
  const pathIn = (file: string): string => relative(resolve(root), resolve(file))
  const found = JSON.stringify(reviewSarif(made, packageJson.version, pathIn), undefined, 2)
  const text = reviewText(made)
  const { opens, closes, leavesPolicy } = made.change
  process.exitCode = fails(made, flags.failOn) ? EXIT.no : EXIT.done
  if (flags.github === true) {
    const counts = { opens: opens.length + leavesPolicy.length, closes: closes.length }
    const outputs = made.cuts === undefined ? counts : { ...counts, cuts: made.cuts.cuts.length }
    await tellGithub(process.env, text, outputs, flags.comment !== false)
  } else {
    process.stdout.write(
      flags.output === 'sarif'
        ? `${found}\n`
        : flags.output === 'json'
          ? `${JSON.stringify(reviewJson(made), undefined, 2)}\n`
          : text,
    )
  }
  // Last: where it fails, everything else has been told, and the exit status is that of the failure.
  if (flags.sarif !== undefined) writeWhole(flags.sarif, `${found}\n`)
}

const NETWORK_LEFT =
  'warning: this machine allows no network namespace: what renders has a proxy that leads nowhere, and could ask what listens here\n'

/** Why something that is given must not be read or written. */
function notWithin(
  folder: string,
  old: string,
  now: string,
  { tests = [], flows, render, sarif }: ReviewFlags,
): string | undefined {
  return (
    pathOutside(folder, [old, now, ...tests, ...(flows === undefined ? [] : [flows])]) ??
    (render === 'none' ? undefined : renderedOutside(folder, [old, now])) ??
    (sarif === undefined ? undefined : folderOutside(folder, sarif))
  )
}

function testsOf(paths: readonly string[]): readonly string[] | undefined {
  try {
    return findPolicyTests(paths).filter((path) => !paths.includes(path) || /\.policytest\.(ya?ml|json)$/.test(path))
  } catch (error) {
    refuse(`tests cannot be read: ${error instanceof Error ? error.message : ''}`)
    return undefined
  }
}

function fails({ change, cuts, results, findings }: Review, conditions: readonly Condition[]): boolean {
  const { opens, closes, leavesPolicy, comesUnderPolicy } = change
  const isOpening = opens.length + leavesPolicy.length > 0
  const isCutting = closes.length + comesUnderPolicy.length > 0
  return conditions.some((condition) => {
    switch (condition) {
      case 'opens':
        return isOpening
      case 'any':
        return isOpening || isCutting
      case 'cuts':
        return cuts === undefined ? isCutting : cuts.cuts.length + cuts.unresolved.length > 0
      case 'tests':
        return results.some(({ status }) => status !== 'passed')
      case 'lint':
        return findings.some(({ severity }) => severity !== 'note')
      case 'never':
        return false
    }
  })
}

function reviewJson({ change, cuts, results, findings, notes }: Review): object {
  const { opens, closes, leavesPolicy, comesUnderPolicy } = change
  const failing = results.filter(({ status }) => status !== 'passed').map(({ assertion }) => assertion.name)
  return {
    opens,
    closes,
    leavesPolicy,
    comesUnderPolicy,
    ...(cuts === undefined ? {} : { flows: cuts }),
    tests: { run: results.length, failing },
    findings: findings.length,
    notes,
  }
}

function refuse(problem: string): void {
  process.stderr.write(`${problem}\n`)
  process.exitCode = EXIT.badInput
}
