import type { Settled, Target } from './probe/protocol.ts'
import type { Caller, Place } from './pods.ts'
import type { World } from './world.ts'

/** One connection, and whether it should come about. */
export interface Way {
  readonly from: Caller
  /** For people. */
  readonly to: string
  readonly target: Target
  readonly allowed: boolean
}

/** What a case throws when the cluster does not do what it should. */
export class CaseFailure extends Error {
  override readonly name = 'CaseFailure'
}

const SETTLE_MILLISECONDS = 20_000
/** Longer than a SYN that is sent again. */
const CHECK_MILLISECONDS = 1_500
const SHOWN = 6

/** To a pod by its address, in every family of the cluster. */
export function waysTo(
  world: World,
  from: Caller,
  to: Place,
  port: number,
  allowed: boolean,
  protocol: Target['protocol'] = 'tcp',
): readonly Way[] {
  return world.families.flatMap((family) => {
    const host = to.addresses.get(family)
    if (host === undefined) return []
    return [{ from, to: `${to.name} ${family === 'IPv6' ? '(v6) ' : ''}`, target: { protocol, host, port }, allowed }]
  })
}

/** Waits until each way has its verdict; milliseconds until the last had it. */
export async function settleWays(ways: readonly Way[], milliseconds = SETTLE_MILLISECONDS): Promise<number> {
  const found = await ask(ways, async (session, group) =>
    session.ask<'settle'>({
      kind: 'settle',
      targets: group.map(({ target, allowed }) => ({ ...target, allowed })),
      milliseconds,
    }),
  )
  fail(found.flatMap(([way, answer]) => (answer.reached === null ? [told(way, answer)] : [])))
  return Math.max(0, ...found.map(([, { reached }]) => reached ?? 0))
}

/** Each way has its verdict now. Only what is open may take a second look: machines are busy. */
export async function checkWays(ways: readonly Way[]): Promise<void> {
  const found = await dialAll(ways, CHECK_MILLISECONDS)
  const wrong = found.filter(([way, { outcome }]) => outcome !== (way.allowed ? 'ok' : 'timeout'))
  const again = wrong.filter(([way]) => way.allowed).map(([way]) => way)
  const second = await dialAll(again, 3 * CHECK_MILLISECONDS)
  fail([
    ...wrong.filter(([way]) => !way.allowed).map(([way, answer]) => told(way, answer)),
    ...second.filter(([, { outcome }]) => outcome !== 'ok').map(([way, answer]) => told(way, answer)),
  ])
}

/**
 * What is to change has the other verdict before; then the change; then all have their verdict. Milliseconds from the
 * begin of the change until, of all connections of `changing`, the last denied or the first allowed one was answered.
 */
export async function changeWays(
  ways: readonly Way[],
  change: () => Promise<void>,
  changing: readonly Way[] = ways.filter(({ allowed }) => !allowed),
): Promise<number> {
  await settleWays(changing.map((way) => ({ ...way, allowed: !way.allowed })))
  const start = performance.now()
  const settling = settleWays(changing)
  settling.catch(() => {})
  const before = performance.now() - start
  await change()
  const reached = await settling
  await checkWays(ways)
  return Math.max(0, Math.round(reached - before))
}

type Session = ReturnType<Caller['session']>

function dialAll(ways: readonly Way[], milliseconds: number) {
  return ask(ways, async (session, group) =>
    session.ask<'dial'>({ kind: 'dial', targets: group.map(({ target }) => target), milliseconds }),
  )
}

async function ask<Answer>(
  ways: readonly Way[],
  question: (session: Session, group: readonly Way[]) => Promise<readonly Answer[]>,
): Promise<readonly (readonly [Way, Answer])[]> {
  const groups = Map.groupBy(ways, ({ from }) => from)
  const answers = await Promise.all(
    [...groups].map(async ([from, group]) => {
      const answered = await question(from.session(), group)
      return group.map((way, index) => [way, answered[index] as Answer] as const)
    }),
  )
  return answers.flat()
}

function told({ from, to, target, allowed }: Way, { outcome, said }: Pick<Settled, 'outcome' | 'said'>): string {
  const { protocol, host, port } = target
  return `${from.name} to ${to} ${protocol} ${host} ${port} should be ${allowed ? 'open' : 'closed'}: ${outcome} ${said}`
}

function fail(lines: readonly string[]): void {
  if (lines.length === 0) return
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  throw new CaseFailure([...lines.slice(0, SHOWN), ...more].join('\n'))
}
