import { enterNamespace } from '../../../src/lab/namespaces.ts'
import { mustRun } from '../../../src/lab/run-command.ts'
import type { BenchRuleset } from './bench-case.ts'
import type { Router } from './routers.ts'
import { median } from './statistics.ts'

/** What one `nft` run took, its start included, in milliseconds of the clock on the wall. */
export interface LoadTime {
  readonly ruleset: BenchRuleset
  readonly load: number
  /** Median of five single elements; undefined where the ruleset has no set of peers. */
  readonly addElement: number | undefined
}

/** Loads every ruleset into its router. Throws LabCommandError with nft's words. */
export async function loadRulesets(routerOf: ReadonlyMap<BenchRuleset, Router>): Promise<readonly LoadTime[]> {
  const times: LoadTime[] = []
  for (const [ruleset, router] of routerOf) {
    const load = await milliseconds(enterNamespace(router.namespace, ['nft', '-f', '-']), ruleset.text)
    const { growing } = ruleset
    const additions: number[] = []
    for (let turn = 0; growing !== undefined && turn < 5; turn += 1) {
      const text = `add element ${growing.table} ${growing.set} { ${growing.element(turn)} }\n`
      additions.push(await milliseconds(enterNamespace(router.namespace, ['nft', '-f', '-']), text))
    }
    times.push({ ruleset, load, addElement: additions.length > 0 ? median(additions) : undefined })
  }
  return times
}

async function milliseconds(command: readonly string[], input: string): Promise<number> {
  const start = performance.now()
  await mustRun(command, { input, timeoutMilliseconds: 300_000 })
  return performance.now() - start
}
