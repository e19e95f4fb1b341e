import { beforeAll, expect, test } from 'vitest'
import type { Family } from '../../compiler/addresses/address.ts'
import type { Session, SocketProtocol } from '../../src/lab/sockets.ts'
import type { RawPolicy } from '../oracle/raw-cluster.ts'
import { patient } from '../support/patience.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel, type PodName } from './kernel-lab.ts'
import { passing, placeName, probe } from './passing.ts'
import { app, egress, ingress } from './policies.ts'

// trap 47: a policy that tightens ends live flows, also by a remote peer's labels
// trap 57: a second text with another generation keeps no revoked session alive

const ECHO = 7
const PUSH = 8
/** Between two words of a session; more often an emulated machine does not come round to all of them. */
const EVERY = patient(20)

/** What db lets in; it may do nothing by itself. */
const open = (...names: readonly PodName[]): readonly RawPolicy[] => [
  ingress('db', { from: names.map(app), ports: [ECHO, PUSH].flatMap((port) => [{ port }, { port, protocol: 'UDP' }]) }),
  egress('db'),
]

/** A session, and what it is, for a failing test to print. */
interface Held {
  readonly name: string
  readonly session: Session
}

describeKernel('live flows when policy changes', (kernel) => {
  // One set of flows lives through all tests of an arrangement: whatever stalls must be able to go on.
  let web: readonly Held[] = []
  let far: readonly Held[] = []
  let idle: readonly Held[] = []
  beforeAll(async () => {
    await kernel.lab.serve('shop/db', { tcp: [ECHO], udp: [ECHO] })
    await kernel.lab.serve('shop/db', { tcp: [PUSH], udp: [PUSH], manner: 'push', everyMilliseconds: EVERY })
    web = await hold(kernel, 'web', [
      ['IPv4', 'TCP'],
      ['IPv4', 'UDP'],
      ['IPv6', 'TCP'],
      ['IPv6', 'UDP'],
    ])
    far = await hold(kernel, 'far', [
      ['IPv4', 'TCP'],
      ['IPv6', 'UDP'],
    ])
    idle = await hold(kernel, 'idle', [
      ['IPv4', 'UDP'],
      ['IPv6', 'TCP'],
    ])
  })

  test('a right taken away stops them in both directions, no other notices, and given back they go on', async () => {
    const enforced = await enforce(kernel.lab, open('web', 'far', 'idle'))
    expect(await going([...web, ...far, ...idle])).toEqual(namesOf([...web, ...far, ...idle]))
    await enforced.change(open('idle'))
    expect(await stalled([...web, ...far])).toEqual(namesOf([...web, ...far]))
    expect(await going(idle)).toEqual(namesOf(idle))
    await enforced.change(open('web', 'idle'))
    expect(await going([...web, ...idle])).toEqual(namesOf([...web, ...idle]))
    expect(await stalled(far)).toEqual(namesOf(far))
    await enforced.change(open('web', 'far', 'idle'))
    expect(await going(far)).toEqual(namesOf(far))
  })

  test('a policy that comes judges flows that none governed before', async () => {
    const enforced = await enforce(kernel.lab, [])
    await enforced.change(open('idle'))
    expect(await stalled(web)).toEqual(namesOf(web))
    expect(await going(idle)).toEqual(namesOf(idle))
    await enforced.change([])
    expect(await going(web)).toEqual(namesOf(web))
  })

  test('a policy on the client’s side stops them alike', async () => {
    const enforced = await enforce(kernel.lab, [egress('web', {}), ...open('web', 'idle')])
    expect(await going(web)).toEqual(namesOf(web))
    await enforced.change([egress('web', { to: [app('far')] }), ...open('web', 'idle')])
    expect(await stalled(web)).toEqual(namesOf(web))
    expect(await going(idle)).toEqual(namesOf(idle))
  })

  test('a peer that loses its label loses its flows', async () => {
    const enforced = await enforce(kernel.lab, open('web', 'far', 'idle'))
    expect(await going(far)).toEqual(namesOf(far))
    await enforced.relabel('far', 'other')
    expect(await stalled(far)).toEqual(namesOf(far))
    expect(await going([...web, ...idle])).toEqual(namesOf([...web, ...idle]))
    await enforced.relabel('far', 'far')
    expect(await going(far)).toEqual(namesOf(far))
  })

  test('rights that are only added judge nobody again', async () => {
    const enforced = await enforce(kernel.lab, open('idle'))
    const mark = enforced.mark()
    const transactions = await enforced.change(open('idle', 'web'))
    expect(transactions.join('')).not.toContain('ct mark')
    expect(enforced.mark()).toBe(mark)
    expect(await going([...idle, ...web])).toEqual(namesOf([...idle, ...web]))
  })

  test('with established: keep they go on, and only new connections are denied', async () => {
    const enforced = await enforce(kernel.lab, open('web', 'idle'), { options: { established: 'keep' } })
    await enforced.change(open('idle'))
    const fresh = { fresh: probe('IPv4', 'web', 'db', { protocol: 'TCP', port: ECHO }) }
    expect(await passing(kernel.lab, fresh)).toEqual([])
    expect(await stalled(web)).toEqual([])
  })

  test('the whole text of another policy judges them again; with the number of the first it would not', async () => {
    const first = await enforce(kernel.lab, open('web', 'idle'))
    expect(await going(web)).toEqual(namesOf(web))
    await enforce(kernel.lab, open('idle'), { edit: (text) => text.replaceAll(markOf(text), markOf(first.text)) })
    expect(await stalled(web)).toEqual([])
    await enforce(kernel.lab, open('idle'))
    expect(await stalled(web)).toEqual(namesOf(web))
    expect(await going(idle)).toEqual(namesOf(idle))
  })

  test('through all this none was told anything', () => {
    expect([...web, ...far, ...idle].filter(({ session }) => session.ended() !== undefined)).toEqual([])
  })
})

/** The generation's bits, as the text has them. */
function markOf(text: string): string {
  const found = /ct mark & 0x[0-9a-f]+ == (0x[0-9a-f]+) /.exec(text)?.[1]
  if (found === undefined) throw new Error('the text has no generation')
  return found
}

/** For each family and protocol a session from the pod to db in which the client speaks, and one in which db does. */
async function hold(
  kernel: Kernel,
  from: PodName,
  kinds: readonly (readonly [Family, SocketProtocol])[],
): Promise<readonly Held[]> {
  return Promise.all(
    kinds.flatMap(([family, protocol]) =>
      (['echo', 'push'] as const).map(async (manner) => ({
        name: `${from}, ${family}, ${protocol}, ${manner}`,
        session: await kernel.lab.session({
          from: placeName(from),
          toAddress: addressOf('db', family),
          port: manner === 'echo' ? ECHO : PUSH,
          protocol,
          manner,
          everyMilliseconds: EVERY,
          openMilliseconds: patient(5_000),
        }),
      })),
    ),
  )
}

const namesOf = (held: readonly Held[]) => held.map(({ name }) => name)

/** Those that come to get no more bytes; what was under way may still come. One that lives gets some in each of these times. */
async function stalled(held: readonly Held[]): Promise<readonly string[]> {
  const quiet = await Promise.all(
    held.map(async ({ session }) => {
      for (let attempt = 0; attempt < 10; attempt += 1) if (!(await session.progresses(12 * EVERY))) return true
      return false
    }),
  )
  return namesOf(held.filter((_, index) => quiet[index]))
}

/** Those that get more bytes; TCP may wait for its next retransmission. */
async function going(held: readonly Held[]): Promise<readonly string[]> {
  const progress = await Promise.all(held.map(({ session }) => session.progresses(patient(10_000))))
  return namesOf(held.filter((_, index) => progress[index]))
}
