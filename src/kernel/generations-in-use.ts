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

/** Which generations live conntrack entries of this network namespace carry; 0, never judged, is left out. */
export interface GenerationsInUse {
  readonly carried: ReadonlySet<number>
  /** False: others may be carried, too. */
  readonly complete: boolean
}

const NONE: GenerationsInUse = { carried: new Set(), complete: true }

/**
 * Asked by `conntrack -L`, through netlink: the kernel goes on from the entry where it stopped, so an entry that stands
 * throughout is listed, unless the kernel resizes its table meanwhile. Where there is no such tool /proc/net/nf_conntrack
 * is read. There the kernel counts from the first entry anew for each page (ct_get_idx, read in Linux 6.6): that is
 * quadratic, and entries are passed over when earlier ones end meanwhile, so such a list is never complete. Memory stays
 * the same for any number of flows.
 */
export async function generationsInUse(markMask: number, options: ConntrackOptions = {}): Promise<GenerationsInUse> {
  const { procFolder = '/proc' } = options
  const count = await readFile(`${procFolder}/sys/net/netfilter/nf_conntrack_count`, 'utf8').catch(noSuchFile)
  // Without this file nf_conntrack is not loaded, and there are no entries.
  if (count === 'no such file' || count?.trim() === '0') return NONE
  const told = await askTool(markMask, options)
  if (told !== undefined) return { carried: told, complete: true }
  return { carried: (await readProc(markMask, options)) ?? new Set(), complete: false }
}

function noSuchFile(error: NodeJS.ErrnoException): 'no such file' | undefined {
  return error.code === 'ENOENT' ? 'no such file' : undefined
}

async function askTool(markMask: number, options: ConntrackOptions): Promise<ReadonlySet<number> | undefined> {
  const { command = ['conntrack'], timeoutMilliseconds = 10_000, signal } = options
  const found = new Set<number>()
  const onLine = (line: string) => addGeneration(found, line, markMask)
  for (const family of ['ipv4', 'ipv6']) {
    const end = await runProgram([...command, '-L', '-f', family], { timeoutMilliseconds, signal, onLine })
    if (end.kind !== 'exited' || end.exitCode !== 0) return undefined
  }
  return found
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
