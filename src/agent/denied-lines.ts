import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import type { Log } from '../telemetry/log.ts'
import type { BookedFlow } from './flow-book.ts'
import type { FoldedRow } from './folded-book.ts'

/** What is new of what was denied, in the log: few lines in a minute, and then how many there would have been. */
export interface DeniedLines {
  tell(flow: BookedFlow): void
  tellFolded(row: Pick<FoldedRow, 'source' | 'from'>): void
  /** To be called now and then: how many further ones there were is said when their minute is over. */
  flush(): void
}

/** Whoever scans ports fills no log. */
const MOST_IN_A_MINUTE = 20

export function createDeniedLines(log: Log, now: () => number): DeniedLines {
  let minute = { began: now(), lines: 0, more: 0 }

  function flush(): void {
    if (now() - minute.began <= 60_000) return
    if (minute.more > 0) log.info('denied: further flows', { flows: minute.more })
    minute = { began: now(), lines: 0, more: 0 }
  }

  function say(message: string, facts: Readonly<Record<string, unknown>>): void {
    flush()
    if (minute.lines >= MOST_IN_A_MINUTE) {
      minute.more += 1
      return
    }
    minute.lines += 1
    log.info(message, facts)
  }

  return {
    tell({ source, destination, carries, packets, directed, ...pods }) {
      const ends = { from: nameOf(formatAddress(source), pods.from), to: nameOf(formatAddress(destination), pods.to) }
      say('denied', { ...ends, ...carries, packets, ...(directed ? {} : { direction: 'not known' }) })
    },
    tellFolded: ({ source, from }) =>
      say('denied: so many flows that they are told as one', { from: nameOf(source, from) }),
    flush,
  }
}

function nameOf(address: string, pod: Pod | undefined): string {
  return pod === undefined ? address : podName(pod)
}
