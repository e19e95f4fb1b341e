// Dials and holds sessions for one place, as many at a time as are asked for. A line of stdin is a ClientAsk, a line of stdout
// a list of ClientNews; it ends with its stdin.
import { createInterface } from 'node:readline'
import type { ClientAsk, ClientNews } from '../client-messages.ts'
import { dialOnce } from '../dial-once.ts'
import { holdSession } from '../hold-session.ts'

/** Bytes of all sessions in one line, ten times as seldom as words come. */
const TELL_MILLISECONDS = 10

const sessions = new Map<number, () => void>()
const received = new Map<number, number>()
let telling: NodeJS.Timeout | undefined

process.stdout.write('ready\n')
createInterface(process.stdin)
  .on('line', (line) => take(JSON.parse(line) as ClientAsk))
  .on('close', () => process.exit())

function take(ask: ClientAsk): void {
  const { id } = ask
  switch (ask.kind) {
    case 'dial':
      void dialOnce(ask).then((result) => tell([{ kind: 'dialled', id, result }]))
      return
    case 'hold':
      sessions.set(
        id,
        holdSession(ask, {
          received(bytes) {
            received.set(id, (received.get(id) ?? 0) + bytes)
            telling ??= setTimeout(tellReceived, TELL_MILLISECONDS)
          },
          ended(reason) {
            tellReceived()
            tell([{ kind: 'ended', id, reason }])
          },
        }),
      )
      return
    case 'close':
      sessions.get(id)?.()
      sessions.delete(id)
      return
  }
}

function tellReceived(): void {
  clearTimeout(telling)
  telling = undefined
  const news = [...received].map(([id, bytes]) => ({ kind: 'received', id, bytes }) as const)
  received.clear()
  if (news.length > 0) tell(news)
}

function tell(news: readonly ClientNews[]): void {
  process.stdout.write(`${JSON.stringify(news)}\n`)
}
