import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { madeUpManifests, manySmallDocuments } from './made-up-manifests.ts'
import { madeUpRepository } from './made-up-repository.ts'
import { markdownTable } from './markdown-table.ts'
import { lookAtMachine } from './packets/machine.ts'

/*
 * `npm run bench:reading`: what people's commands cost on large inputs, by the size of a repository; and on few huge
 * definitions among manifests, and on very many small documents. Two minutes; `--sizes 1000,2500`, `--program FOLDER`: of
 * another checkout, to compare with.
 */

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,2500,5000,10000' },
    program: { type: 'string', default: PROJECT_ROOT },
  },
})

interface Taken {
  /** User and system, in seconds. */
  readonly cpu: number
  /** The most that was resident, in MiB. */
  readonly memory: number
}

/** Told by the process itself as it ends, over a pipe. */
const TELL = `import { writeSync } from 'node:fs'
process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())))`

const folder = mkdtempSync(join(tmpdir(), 'selvedge-bench-'))
try {
  await run()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function run(): Promise<void> {
  console.log(`${(await lookAtMachine()).facts}\n`)
  const trees = [
    ['1.9 MB, three huge definitions', madeUpManifests({ definitions: 3, fields: 3_100, workloads: 10, others: 30 })],
    [
      '9 MB, of it 1.8 MB not of definitions',
      madeUpManifests({ definitions: 12, fields: 2_950, workloads: 600, others: 600 }),
    ],
    ['50,000 documents, 10 MB', manySmallDocuments(50_000)],
  ] as const
  const rows = []
  for (const [name, text] of trees) rows.push([name, ...(await each(['compile', 'lint'], file('tree.yaml', text)))])
  console.log(markdownTable(['input', 'compile', 'lint'], rows))
  const sizes = []
  for (const workloads of values.sizes.split(',').map(Number)) {
    const old = file('old.yaml', madeUpRepository({ workloads }))
    const now = file('new.yaml', madeUpRepository({ workloads, changed: 3 }))
    const graph = await each(['graph -o json', 'lint'], old)
    sizes.push([`${workloads}`, `${workloads / 5}`, ...graph, shown(await take(['diff', old, now]))])
  }
  console.log(`\n${markdownTable(['workloads', 'policies', 'graph -o json', 'lint', 'diff'], sizes)}`)
  console.log('\nCPU s (user and system, with the start of Node), and MiB resident at most.')
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function each(commands: readonly string[], path: string): Promise<readonly string[]> {
  const cells: string[] = []
  for (const command of commands) cells.push(shown(await take([...command.split(' '), '-f', path])))
  return cells
}

async function take(command: readonly string[]): Promise<Taken> {
  const main = join(values.program, 'src', 'cli', 'main.ts')
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`]
  const {
    stdio,
    exitCode = -1,
    stderr,
  } = await execa(process.execPath, [...flags, main, ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    reject: false,
  })
  // 1 is an answer: findings, or news.
  if (exitCode > 1 || exitCode < 0) throw new Error(`${command.join(' ')}: ${exitCode}\n${stderr.slice(0, 500)}`)
  const usage = JSON.parse(stdio[3]) as NodeJS.ResourceUsage
  return { cpu: (usage.userCPUTime + usage.systemCPUTime) / 1e6, memory: usage.maxRSS / 1024 }
}

function shown({ cpu, memory }: Taken): string {
  return `${cpu.toFixed(2)} s, ${memory.toFixed(0)}`
}
