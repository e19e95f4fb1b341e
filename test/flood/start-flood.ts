import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Lab } from '../../src/lab/lab.ts'
import { buildPcap } from '../../src/lab/packets/build-pcap.ts'
import { patient } from '../support/patience.ts'

/** Longer than any test; a flood whose test was killed ends with it, or by this. */
const MOST_SECONDS = patient(300)

export interface FloodOptions {
  /** Default: the flooder. */
  readonly from?: string
  /** Default: as many as one processor can. */
  readonly framesPerSecond?: number
}

export interface Flood {
  /** Ends it; once this resolves no frame is on its way. Twice does no harm. */
  close(): Promise<void>
}

/** Sends the frames of a pod, round and round. */
export async function startFlood(
  lab: Lab,
  frames: readonly Uint8Array[],
  { from = 'flooder', framesPerSecond }: FloodOptions = {},
): Promise<Flood> {
  const folder = await mkdtemp(join(tmpdir(), 'selvedge-flood-'))
  const capture = join(folder, 'frames.pcap')
  await writeFile(capture, buildPcap(frames))
  const pace = framesPerSecond === undefined ? '--topspeed' : `--pps=${framesPerSecond}`
  const replay = ['tcpreplay', '--quiet', pace, '--loop=0', '--preload-pcap', `--duration=${MOST_SECONDS}`]
  const argv = ['setpriv', '--pdeathsig', 'KILL', ...replay, '-i', 'eth0', capture]
  const [file = '', ...rest] = lab.command(from, argv)
  const sending = execa(file, rest, { reject: false, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' })
  return {
    async close() {
      sending.kill('SIGTERM')
      await sending
      await rm(folder, { recursive: true, force: true })
    },
  }
}
