import { Command, Option } from 'commander'
import { ALL_RULES } from '../../compiler/lint/all-rules.ts'
import { type Finding, lintCluster } from '../../compiler/lint/lint-cluster.ts'
import { readRawObjects } from '../../compiler/lint/raw-object.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { lintText } from '../views/lint-text.ts'
import { sarif } from '../views/sarif.ts'
import { EXIT } from './exit-codes.ts'
import { readEither, refuseClosed } from './read-cluster-input.ts'
import { addReadingOptions, isOfManifests, type ReadingFlags } from './reading-options.ts'

interface LintFlags extends ReadingFlags {
  readonly output: 'text' | 'json' | 'sarif'
}

const STATUS = `
Rules and their reasons: docs/lint.md.

Exit status: 0 no finding, 1 findings, 2 the input is wrong, 3 the cluster cannot be read.`

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
    .action(lint)
}

async function lint(flags: LintFlags): Promise<void> {
  const input = await readEither(flags)
  if (input === undefined) return
  const cluster = createCluster(input.objects, input.others)
  if (isOfManifests(flags) && refuseClosed(cluster.closed)) return
  const complete = !isOfManifests(flags)
  const findings = lintCluster({ cluster, raw: readRawObjects(input.sources), complete })
  process.exitCode = findings.length === 0 ? EXIT.done : EXIT.no
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
