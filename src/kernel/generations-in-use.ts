import { createReadStream } from 'node:fs'
import { access, constants, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { generationOfMark } from '../../compiler/nftables/options.ts'
import { runProgram } from './run-program.ts'

export interface ConntrackOptions {
  /** Default `/proc`. */
  readonly procFolder?: string
  /** Default `['conntrack']`. */
  readonly command?: readonly string[]
  readonly timeoutMilliseconds?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * The generations that live conntrack entries of this network namespace carry; 0, never judged, is left out.
 * 'unknown' where neither the kernel nor an installed tool lists them. An entry that stands throughout the listing is
 * in it, unless the kernel resizes its table meanwhile.
 */
export async function generationsInUse(
  markMask: number,
  options: ConntrackOptions = {},
): Promise<ReadonlySet<number> | 'unknown'> {
  const { procFolder = '/proc' } = options
  const count = await readFile(`${procFolder}/sys/net/netfilter/nf_conntrack_count`, 'utf8').catch(noSuchFile)
  // Without this file nf_conntrack is not loaded, and there are no entries.
  if (count === 'no such file' || count?.trim() === '0') return new Set()
  return (await readProc(markMask, options)) ?? (await askTool(markMask, options)) ?? 'unknown'
}

function noSuchFile(error: NodeJS.ErrnoException): 'no such file' | undefined {
  return error.code === 'ENOENT' ? 'no such file' : undefined
}

/** Kernels with CONFIG_NF_CONNTRACK_PROCFS have it (Debian, Ubuntu; not Fedora); root may read it. */
async function readProc(markMask: number, options: ConntrackOptions): Promise<ReadonlySet<number> | undefined> {
  const path = `${options.procFolder ?? '/proc'}/net/nf_conntrack`
  try {
    await access(path, constants.R_OK)
    const input = createReadStream(path, { encoding: 'utf8', signal: deadline(options), highWaterMark: 1 << 18 })
    const found = new Set<number>()
    // Errors of the stream do not come through readline by themselves.
    const failed = new Promise<never>((_, reject) => input.once('error', reject))
    const lines = createInterface({ input, crlfDelay: Infinity })
    const read = (async () => {
      for await (const line of lines) addGeneration(found, line, markMask)
    })()
    await Promise.race([read, failed])
    return found
  } catch {
    return undefined
  }
}

async function askTool(markMask: number, options: ConntrackOptions): Promise<ReadonlySet<number> | undefined> {
  const { command = ['conntrack'], timeoutMilliseconds = 10_000, signal } = options
  const found = new Set<number>()
  for (const family of ['ipv4', 'ipv6']) {
    const end = await runProgram([...command, '-L', '-f', family], { timeoutMilliseconds, signal })
    if (end.kind !== 'exited' || end.exitCode !== 0) return undefined
    for (const line of end.stdout.split('\n')) addGeneration(found, line, markMask)
  }
  return found
}

/** An entry of either source says `mark=N`, in decimal; a kernel without marks says nothing, and nothing is carried. */
function addGeneration(found: Set<number>, line: string, markMask: number): void {
  const mark = /\bmark=(\d+)/.exec(line)?.[1]
  const generation = mark === undefined ? 0 : generationOfMark(Number(mark), markMask)
  if (generation !== 0) found.add(generation)
}

function deadline({ timeoutMilliseconds = 10_000, signal }: ConntrackOptions): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMilliseconds)
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout])
}
