import type { ClientAsk, ClientNews, ConnectResult, Dial, Hold } from './client-messages.ts'
import type { Holding } from './hold-session.ts'
import { type RunningProgram, startProgram } from './start-program.ts'

/** One program in a namespace, started when it is first needed, for all that is dialled and held from there. */
export interface Client {
  /** Throws LabCommandError when the program cannot be started, or ends meanwhile. */
  dial(dial: Dial): Promise<ConnectResult>
  /** Returns how to close it. Throws LabCommandError when the program cannot be started. */
  hold(hold: Hold, holding: Holding): Promise<() => void>
  close(): Promise<void>
}

export function createClient(namespace: string): Client {
  let program: Promise<RunningProgram> | undefined
  let last = 0
  const dialled = new Map<number, (result: ConnectResult) => void>()
  const held = new Map<number, Holding>()

  const take = (news: ClientNews): void => {
    switch (news.kind) {
      case 'dialled':
        dialled.get(news.id)?.(news.result)
        dialled.delete(news.id)
        return
      case 'received':
        held.get(news.id)?.received(news.bytes)
        return
      case 'ended':
        held.get(news.id)?.ended(news.reason)
        held.delete(news.id)
        return
    }
  }
  const start = (): Promise<RunningProgram> => {
    program ??= startProgram(namespace, 'client', {}, (report) => {
      for (const news of report as readonly ClientNews[]) take(news)
    }).then((running) => {
      // Whoever comes later gets another one.
      running.ended.catch(() => (program = undefined))
      return running
    })
    return program
  }

  return {
    async dial(dial) {
      const running = await start()
      const id = (last += 1)
      const result = new Promise<ConnectResult>((resolve) => dialled.set(id, resolve))
      running.tell({ kind: 'dial', id, ...dial } satisfies ClientAsk)
      return Promise.race([result, running.ended])
    },
    async hold(hold, holding) {
      const running = await start()
      const id = (last += 1)
      held.set(id, holding)
      running.tell({ kind: 'hold', id, ...hold } satisfies ClientAsk)
      running.ended.catch(() => take({ kind: 'ended', id, reason: 'its program has ended' }))
      return () => {
        held.delete(id)
        running.tell({ kind: 'close', id } satisfies ClientAsk)
      }
    },
    async close() {
      await (await program?.catch(() => undefined))?.stop()
    },
  }
}
