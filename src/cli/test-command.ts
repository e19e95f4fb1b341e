import { Command, Option } from 'commander'
import { untouchedRules } from '../../compiler/policy-test/untouched-rules.ts'
import { printable } from '../../compiler/objects/quote.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { findPolicyTests } from '../sources/files/find-policy-tests.ts'
import { systemReason } from '../sources/files/system-reason.ts'
import { testJson } from '../views/policy-test/test-json.ts'
import { testJunit } from '../views/policy-test/test-junit.ts'
import { testSarif } from '../views/policy-test/test-sarif.ts'
import { testTap } from '../views/policy-test/test-tap.ts'
import { testText } from '../views/policy-test/test-text.ts'
import { EXIT } from './exit-codes.ts'
import { generateTests } from './generate-tests.ts'
import { addReadingOptions, isOfManifests, type ReadingFlags } from './reading-options.ts'
import { readTestFiles, runTests, type TestRun } from './run-test-files.ts'
import { textStyle } from './text-style.ts'

interface TestFlags extends ReadingFlags {
  readonly output: 'text' | 'junit' | 'tap' | 'json' | 'sarif'
  readonly live?: boolean
  readonly generate?: boolean
  readonly coverage?: boolean
}

const USE = `
FILE: a PolicyTest, or a folder of them (default: *.policytest.yaml below the current folder). What each is held against
stands in it (manifests); -f and -k, or --live, say something else. The grammar: docs/policy-tests.md.

selvedge test --generate -f DIR    print a PolicyTest that holds who may reach whom today

Exit status: 0 every test holds, 1 one does not, 2 a test or the input is wrong, a test cannot be answered, or there is
none, 3 the cluster cannot be read.`

/** `selvedge test [FILE...]`: whether policies do what was meant. */
export function testCommand(): Command {
  const command = new Command('test')
    .description('hold policies against tests of who may reach whom')
    .argument('[file...]', 'PolicyTests, or folders of them')
    .addHelpText('after', USE)
  return addReadingOptions(command)
    .addOption(
      new Option('-o, --output <format>', 'text, junit, tap, json, or sarif for code review tools')
        .choices(['text', 'junit', 'tap', 'json', 'sarif'])
        .default('text'),
    )
    .option('--live', 'against the live cluster, whatever manifests the tests name')
    .option('--generate', 'print a PolicyTest of what is so today, for -f or the live cluster')
    .option('--coverage', 'list the rules that no test touches')
    .action(test)
}

async function test(files: readonly string[], flags: TestFlags): Promise<void> {
  const { live = false, generate = false } = flags
  if (live && isOfManifests(flags)) return refuse('give -f or -k, or --live, not both')
  if (generate) {
    if (files.length > 0) return refuse('--generate takes no FILE: say with -f what to describe')
    return await generateTests(flags)
  }
  const paths = testFiles(files.length === 0 ? ['.'] : files)
  if (paths === undefined) return
  const tests = readTestFiles(paths)
  if (tests === undefined || tests.length === 0) {
    if (tests !== undefined)
      process.stderr.write('no test was found; name a PolicyTest, or a folder of *.policytest.yaml\n')
    process.exitCode = EXIT.badInput
    return
  }
  const runs = await runTests(tests, flags, live)
  if (runs === undefined) {
    process.exitCode ??= EXIT.badInput
    return
  }
  const results = runs.flatMap((run) => run.results)
  process.exitCode = results.some(({ status }) => status === 'unanswered')
    ? EXIT.badInput
    : results.some(({ status }) => status === 'failed')
      ? EXIT.no
      : EXIT.done
  process.stdout.write(shown(runs, flags))
}

function testFiles(paths: readonly string[]): readonly string[] | undefined {
  try {
    return findPolicyTests(paths)
  } catch (error) {
    process.stderr.write(`${paths.map(printable).join(' ')}: cannot be read: ${printable(systemReason(error))}\n`)
    process.exitCode = EXIT.badInput
    return undefined
  }
}

function shown(runs: readonly TestRun[], { output, coverage = false }: TestFlags): string {
  const results = runs.flatMap((run) => run.results)
  const untouched = coverage ? runs.flatMap((run) => untouchedRules(run.cluster, run.results)) : undefined
  const notes = [...new Set(runs.flatMap((run) => run.notes))]
  switch (output) {
    case 'text':
      return testText(results, untouched, textStyle())
    case 'junit':
      return testJunit(results)
    case 'tap':
      return testTap(results)
    case 'json':
      return `${JSON.stringify(testJson(results, untouched, notes), undefined, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(testSarif(results, packageJson.version), undefined, 2)}\n`
  }
}

function refuse(problem: string): void {
  process.stderr.write(`${problem}; see selvedge test --help\n`)
  process.exitCode = EXIT.badInput
}
