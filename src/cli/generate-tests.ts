import { stringify } from 'yaml'
import { generateBaseline } from '../../compiler/policy-test/generate-baseline.ts'
import { POLICY_TEST } from '../../compiler/objects/policy-test-kind.ts'
import { EXIT } from './exit-codes.ts'
import { readClusterInput } from './read-cluster-input.ts'
import type { ReadingFlags } from './reading-options.ts'

/** `selvedge test --generate`: what may reach what today, as a PolicyTest to keep. */
export async function generateTests(flags: ReadingFlags): Promise<void> {
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const { filename = [], kustomize = [] } = flags
  const manifests = kustomize.length === 0 && filename.length > 0 ? [`manifests: ${line(filename)}`] : []
  const { apiVersion, kind } = POLICY_TEST
  const head = ['# What is so today, by selvedge test --generate. Paths are relative to the folder of this file.']
  const document = [`apiVersion: ${apiVersion}`, `kind: ${kind}`, ...manifests, 'tests:']
  const baseline = generateBaseline(cluster)
  if (baseline.tests.length === 0) {
    process.stderr.write('there is no pod or workload of which a test could be made\n')
    process.exitCode = EXIT.badInput
    return
  }
  if (baseline.leftOut > 0)
    process.stderr.write(
      `${baseline.leftOut} lines are left out: what they would say cannot be told, or differs by address family\n`,
    )
  const tests = baseline.tests.map((test) => `  - ${line(test)}`)
  process.stdout.write(`${[...head, ...document, ...tests].join('\n')}\n`)
}

/** A test is a line, so that what changes is a line, too. */
function line(value: unknown): string {
  return stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  }).trimEnd()
}
