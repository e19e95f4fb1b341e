import type { Log, LogFacts } from '../../src/telemetry/log.ts'

export interface CollectedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly facts: LogFacts | undefined
}

/** A log that keeps its lines. */
export function collectLog(): { readonly log: Log; readonly lines: readonly CollectedLine[] } {
  const lines: CollectedLine[] = []
  const write = (level: CollectedLine['level']) => (message: string, facts?: LogFacts) =>
    void lines.push({ level, message, facts })
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  }
  return { log, lines }
}
