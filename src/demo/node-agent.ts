import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { Ruleset } from '../../compiler/nftables/ruleset.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import type { Lab } from '../lab/lab.ts'
import { askStatus } from '../telemetry/ask-status.ts'
import { thisProgram } from './shipped-files.ts'

/** `selvedge agent` as a process on one node of the lab. */
export interface NodeAgent {
  readonly node: string
  /**
   * Resolves once the node's kernel enforces what the compiler makes of these objects. Resolves to the reason why not when
   * that takes longer than five minutes, or when the agent has ended.
   */
  inForce(objects: readonly ClusterObject[]): Promise<string | undefined>
  /**
   * What a command that asks agents prints of it, so many columns wide: `denied`, `audit`. Empty: it got no answer, of which `failed`
   * says why.
   */
  ask(command: string, argv: readonly string[], columns: number): Promise<Asked>
  stop(): Promise<void>
}

export interface Asked {
  readonly printed: string
  readonly failed: string
}

export interface NodeAgentOptions {
  readonly lab: Lab
  readonly node: string
  /** The folder of manifests that it watches. */
  readonly manifests: string
  /** For its socket and its log. */
  readonly folder: string
}

/** A slow machine starts two agents and this program at once. */
const PATIENCE = 300_000
const POLL = 100
const TIMES_ASKED = 3

/** Starts it; what it has to say goes into its log. */
export function startNodeAgent({ lab, node, manifests, folder }: NodeAgentOptions): NodeAgent {
  const socket = join(folder, `${node}.sock`)
  const log = join(folder, `${node}.log`)
  const words = thisProgram(['agent', '--node', node, '-f', manifests, '--socket', socket])
  const [file = '', ...rest] = lab.command(node, words)
  const running = execa(file, rest, { stdin: 'ignore', stdout: { file: log }, stderr: { file: log }, reject: false })
  let ended = false
  const end = running.then(() => {
    ended = true
  })
  let patience = PATIENCE

  /** The kernel's word: while a transaction runs, the agent's own status is ahead of it. */
  async function stands(ruleset: Ruleset): Promise<boolean> {
    const { exitCode, stdout } = await lab.exec(node, ['nft', '-j', 'list', 'table', 'inet', 'selvedge'])
    return exitCode === 0 && compareStanding(JSON.parse(stdout), ruleset, DEFAULT_OPTIONS).kind === 'equal'
  }

  async function whyNot(): Promise<string> {
    if (ended) return `the agent ended: ${lastLine(log)}`
    try {
      const { reasons } = await askStatus(socket)
      return `not in force: ${reasons.map(({ problem }) => problem).join('; ') || 'the agent gives no reason'}`
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  return {
    node,
    async inForce(objects) {
      const engine = createEngine({ isLocal: (pod) => pod.node === node, ruleset: DEFAULT_OPTIONS })
      engine.apply(objects.map((object) => ({ type: 'put', object })))
      const ruleset = engine.ruleset()
      const deadline = performance.now() + patience
      do {
        const asked = performance.now()
        if (await stands(ruleset)) return undefined
        // Where a look takes long, the agent has to come to its turn.
        await sleep(Math.max(POLL, 2 * (performance.now() - asked)))
      } while (!ended && performance.now() < deadline)
      // Packets will tell; one that failed once is not waited for again.
      patience = 0
      return whyNot()
    },
    async ask(command, argv, columns) {
      const [program = '', ...words] = thisProgram([command, '--socket', socket, '-f', manifests, ...argv])
      let failed = ''
      // Where a machine is so slow that the command gives up waiting, the agent has the answer soon after.
      for (let time = 0; time < TIMES_ASKED; time += 1) {
        const env = { COLUMNS: String(columns) }
        const { stdout, stderr } = await execa(program, words, { reject: false, stdin: 'ignore', env })
        if (stdout !== '') return { printed: stdout, failed: '' }
        failed = `selvedge ${command}: ${stderr.trim().split('\n').at(-1) ?? ''}`
      }
      return { printed: '', failed }
    },
    async stop() {
      running.nodeChildProcess.kill('SIGKILL')
      await end
    },
  }
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? ''
}
