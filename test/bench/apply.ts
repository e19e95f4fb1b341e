import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createNft, type Nft } from '../../src/kernel/run-nft.ts'
import { createStandingNft } from '../../src/kernel/standing-nft.ts'
import { newLabName } from '../../src/lab/lab-name.ts'
import { addNamespaces, deleteNamespaces, enterNamespace } from '../../src/lab/namespaces.ts'
import { lookAtMachine } from './packets/machine.ts'

/*
 * `npm run bench:apply`: what a transaction costs by the nft that stays, and by a process of its own; the two take turns, in
 * a network namespace of their own, over a table of 20,000 elements. Nothing here is asserted.
 */

const TURNS = 60
const SIZES = [1, 100, 1_000, 5_000]

/** From the call to the answer, and this process's own CPU meanwhile; milliseconds. */
interface Cost {
  readonly wall: number
  readonly own: number
}

const name = newLabName()
const folder = mkdtempSync(join(tmpdir(), 'selvedge-apply-'))
await addNamespaces([name])
try {
  const settings = { command: enterNamespace(name, ['nft']), timeoutMilliseconds: 60_000 }
  const standing = createStandingNft({ ...settings, file: join(folder, 'transaction') })
  for (let waits = 0; !standing.isReady && waits < 100; waits += 1) await sleep(50)
  if (!standing.isReady) throw new Error('this nft knows no interactive mode')
  const ways = { standing: createNft({ ...settings, standing }), process: createNft(settings) }
  const base = `table inet selvedge {\n  set p { typeof ip saddr; }\n}\n${elements('add', 20_000, 200)}`
  await must(ways.process, base)

  console.log(`${new Date().toISOString().slice(0, 10)}: ${(await lookAtMachine()).facts}`)
  console.log(`Milliseconds, median of ${TURNS} turns: an add and a delete of so many elements, each a transaction.\n`)
  console.log('| elements | standing | process | ratio | own CPU: standing | process | ratio |')
  console.log('|---|---|---|---|---|---|---|')
  for (const size of SIZES) {
    const costs = { standing: [] as Cost[], process: [] as Cost[] }
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const way of ['standing', 'process'] as const) {
        for (const verb of ['add', 'delete'] as const) {
          costs[way].push(await costOf(ways[way], elements(verb, size, 10)))
        }
      }
    }
    const [wall, own] = (['wall', 'own'] as const).map((what) => {
      const [first, second] = [median(costs.standing, what), median(costs.process, what)]
      return `${first.toFixed(2)} | ${second.toFixed(2)} | ${(first / second).toFixed(2)}`
    })
    console.log(`| ${size} | ${wall} | ${own} |`)
  }
  standing.close()
} finally {
  await deleteNamespaces([name])
  rmSync(folder, { recursive: true })
}

function elements(verb: 'add' | 'delete', count: number, first: number): string {
  const list = Array.from({ length: count }, (_, index) => `10.${first}.${index >> 8}.${index & 255}`)
  return `${verb} element inet selvedge p { ${list.join(',\n')} }\n`
}

async function must(nft: Nft, text: string): Promise<void> {
  const result = await nft.apply(text)
  if (result.kind !== 'ok') throw new Error(`${result.kind}: ${result.message}`)
}

async function costOf(nft: Nft, text: string): Promise<Cost> {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await must(nft, text)
  const { user, system } = process.cpuUsage(cpu)
  return { wall: performance.now() - start, own: (user + system) / 1_000 }
}

function median(costs: readonly Cost[], what: keyof Cost): number {
  const sorted = costs.map((cost) => cost[what]).toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
