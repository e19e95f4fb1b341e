import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { createCluster, type Cluster } from '../../compiler/cluster/create-cluster.ts'
import { readPolicyTests } from '../../compiler/policy-test/read-policy-tests.ts'
import { runAssertions, type TestResult } from '../../compiler/policy-test/run-assertions.ts'
import type { PolicyTest } from '../../compiler/policy-test/policy-test.ts'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { formatPlace } from '../../compiler/objects/place.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { readPaths } from '../sources/files/read-paths.ts'
import { EXIT } from './exit-codes.ts'
import { readEither, refuseClosed } from './read-cluster-input.ts'
import { isOfManifests, type ReadingFlags } from './reading-options.ts'

/** What came of the tests of some files, against one cluster. */
export interface TestRun {
  /** What was read: manifests, or the word for the live cluster. */
  readonly against: readonly string[]
  readonly cluster: Cluster
  readonly results: readonly TestResult[]
  readonly notes: readonly string[]
}

/** The tests that files hold; undefined after having said what is wrong with them. */
export function readTestFiles(paths: readonly string[]): readonly PolicyTest[] | undefined {
  const { sources, diagnostics } = readPaths(paths)
  const read = readPolicyTests(sources)
  const all = [...diagnostics, ...read.diagnostics]
  for (const diagnostic of all) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  if (all.some(({ severity }) => severity === 'error')) return undefined
  return read.tests
}

/** Runs tests, each set of manifests read once; undefined after having said why not, with the exit code set. */
export async function runTests(
  tests: readonly PolicyTest[],
  flags: ReadingFlags,
  live: boolean,
): Promise<readonly TestRun[] | undefined> {
  const runs: TestRun[] = []
  const isNamed = !live && !isOfManifests(flags)
  if (isNamed && refuseMissing(tests)) return undefined
  const groups = Map.groupBy(tests, (test) => JSON.stringify(live ? [] : manifestsOf(test)))
  for (const [key, group] of groups) {
    const paths = JSON.parse(key) as readonly string[]
    const unreadable = isNamed && paths.length === 0 ? tellUnnamed(group) : undefined
    const given = isOfManifests(flags) ? flags : { ...flags, unreadable, ...(paths.length > 0 && { filename: paths }) }
    const input = await readEither(given)
    if (input === undefined) return undefined
    // What was passed over and would hold policies: without it, a test would speak of something else than what is applied.
    for (const { place } of input.withheld) process.stderr.write(withheldText(place?.file ?? ''))
    if (input.withheld.length > 0) {
      process.exitCode = EXIT.badInput
      return undefined
    }
    const cluster = createCluster(input.objects, input.others)
    if (isOfManifests(given) && refuseClosed(cluster.closed)) return undefined
    const assertions = group.flatMap((test) => test.assertions)
    const results = runAssertions(cluster, assertions, flags.namespace)
    const against = isOfManifests(given) ? [...(given.filename ?? []), ...(given.kustomize ?? [])] : ['cluster']
    runs.push({ against, cluster, results, notes: input.notes })
  }
  return runs
}

/** Relative to the file that names them. */
export function manifestsOf({ place: { file }, manifests }: PolicyTest): readonly string[] {
  return manifests.map(({ path }) => (isAbsolute(path) ? path : join(dirname(file), path)))
}

/** Says where paths are written of which nothing is there: a test may have been moved. */
function refuseMissing(tests: readonly PolicyTest[]): boolean {
  let missing = false
  for (const test of tests) {
    for (const [index, path] of manifestsOf(test).entries()) {
      if (existsSync(path)) continue
      missing = true
      const where = formatPlace(test.manifests[index]?.place ?? test.place)
      process.stderr.write(`${where}: manifests: ${printable(path)}: no such file or directory; ${RELATIVE}\n`)
    }
  }
  return missing
}

const RELATIVE = 'paths are relative to the folder of the test; -f names others'

/** What is told where there is no cluster for these. */
function tellUnnamed(tests: readonly PolicyTest[]): (reason: string) => void {
  return (reason) => {
    for (const { place } of tests)
      process.stderr.write(`${formatPlace(place)}: names no manifests, so it is held against the live cluster\n`)
    process.stderr.write(`${reason}; or write "manifests: [PATH]" into the test, or give manifests with -f\n`)
  }
}

function withheldText(file: string): string {
  return `${file}: policies in it were passed over, so nothing can be tested; render it first, and name what comes out\n`
}
