import { type Command as Program, Command, InvalidArgumentError, Option } from 'commander'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import { deniedRow, type DeniedRow } from '../../compiler/flows/denied-row.ts'
import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import { findServiceDoors } from '../../compiler/flows/services-behind.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'
import { askDenied } from '../telemetry/ask-denied.ts'
import { DEFAULT_SOCKET } from '../telemetry/socket-path.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'
import { deniedJson } from '../views/denied-json.ts'
import { deniedText } from '../views/denied-text.ts'
import { EXIT } from './exit-codes.ts'
import { readClusterInput, withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface DeniedFlags extends ReadingFlags {
  readonly socket: string
  readonly output: 'text' | 'wide' | 'json'
  readonly since?: number
  readonly from?: string
  readonly to?: string
}

const HELP = `
COUNT is packets since FIRST; a connection that times out sends several. WHY is what the policies say now, which the kernel does not
note: a flow that they allow by now says so. The kernel forgets a flow an hour after its last packet.
Without -n, flows of all namespaces. --from and --to: namespace/name of a pod or workload, or an address.`

/** `selvedge denied`: what was denied on this node, by which policy, and what misses. */
export function deniedCommand(): Program {
  return addReadingOptions(new Command('denied').description('what was denied on this node, by which policy, and why'))
    .option('--socket <path>', 'the agent’s unix socket', DEFAULT_SOCKET)
    .option('--since <duration>', 'only flows whose last packet is younger: 90s, 15m, 2h', parseDuration)
    .option('--from <end>', 'only flows from this pod, workload or address')
    .option('--to <end>', 'only flows to this pod, workload or address')
    .addOption(
      new Option('-o, --output <format>', 'text, wide (each pod) or json')
        .choices(['text', 'wide', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action(denied)
}

async function denied(flags: DeniedFlags, command: Program): Promise<void> {
  const noted = await ask(flags.socket)
  if (noted === undefined) return
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const namespace = command.getOptionValueSource('namespace') === 'default' ? undefined : flags.namespace
  const rows = rowsOf(cluster, noted).filter((row) => isAsked(row, flags, namespace))
  if (noted.full) process.stderr.write(FULL)
  process.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ node: noted.node, at: noted.at, since: noted.since, full: noted.full, flows: rows.map(deniedJson), ...withNotes(cluster.notes) }, undefined, 2)}\n`
      : deniedText(rows, flags.output === 'wide', textStyle()),
  )
}

const FULL =
  'the kernel has no room for further flows until some are an hour old; somebody scans ports? Totals count on\n'

function rowsOf(cluster: Cluster, { flows, at }: AgentDenied): readonly DeniedRow[] {
  const doors = findServiceDoors(cluster)
  const now = Date.parse(at)
  const instantOf = (age: number) => `${new Date(now - age * 1000).toISOString().slice(0, 19)}Z`
  return flows.map((flow) => deniedRow(cluster, doors, flow, instantOf))
}

async function ask(socket: string): Promise<AgentDenied | undefined> {
  try {
    return await askDenied(socket)
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    process.stderr.write(`${error.message}${error.hint === '' ? '' : `; ${error.hint}`}\n`)
    process.exitCode = EXIT.environment
    return undefined
  }
}

function isAsked(row: DeniedRow, { since, from, to }: DeniedFlags, namespace: string | undefined): boolean {
  const isIn = (end: FlowEnd) => end.kind === 'pod' && end.namespace === namespace
  if (namespace !== undefined && from === undefined && to === undefined && !isIn(row.from) && !isIn(row.to))
    return false
  if (since !== undefined && row.lastAge > since) return false
  return isEnd(row.from, from, namespace) && isEnd(row.to, to, namespace)
}

/** A word without a namespace is of that of -n, or of any. */
function isEnd(end: FlowEnd, word: string | undefined, namespace: string | undefined): boolean {
  if (word === undefined || word === end.address) return true
  if (end.kind !== 'pod') return end.kind === 'node' && end.name === word
  const names = [end.name, ...(end.workload === undefined ? [] : [end.workload.name])]
  const [first = '', second] = word.split('/')
  if (second !== undefined) return end.namespace === first && names.includes(second)
  return (namespace === undefined || end.namespace === namespace) && names.includes(first)
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** `90s`, `15m`, `2h`; seconds. */
function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? []
  if (number === '') throw new InvalidArgumentError('write a number and s, m or h: 15m.')
  return Number(number) * (SECONDS[unit] ?? 1)
}
