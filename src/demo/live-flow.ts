import type { Lab } from '../lab/lab.ts'
import { LabCommandError } from '../lab/lab-error.ts'
import type { Session } from '../lab/sockets.ts'
import { addressOf } from './questions.ts'
import { LIVE_FLOW } from './story.ts'

/** One connection on real sockets, with words going to and fro all the time. */
export interface LiveFlow {
  /**
   * Does it flow? Where it should, it is given time: TCP asks again after pauses that double. Where it should not, words on
   * their way may still arrive.
   */
  flows(expected: boolean): Promise<boolean>
}

const PATIENCE = 30_000
/** A word goes out every 20 ms; so long without one and it stands still. */
const SILENCE = 250

/**
 * Opens it as soon as `ready`, until the lab is closed; a connection that cannot be opened is one that does not flow.
 * `ready`: the tables stand on the nodes. conntrack starts with the first rule that asks for it, and then takes whichever
 * end it sees first for the client. On a real node kube-proxy has started it long before.
 */
export async function openLiveFlow(lab: Lab, ready: Promise<void>): Promise<LiveFlow> {
  const { from, to, port } = LIVE_FLOW
  await Promise.all([lab.serve(to, { tcp: [port] }), ready])
  const session = await lab
    .session({ from, toAddress: addressOf(to), port, protocol: 'TCP' })
    .catch((error: unknown) => {
      if (error instanceof LabCommandError) return undefined
      throw error
    })
  return {
    async flows(expected) {
      if (session === undefined) return false
      return expected ? session.progresses(PATIENCE) : !(await fallsSilent(session))
    },
  }
}

async function fallsSilent(session: Session): Promise<boolean> {
  const deadline = performance.now() + PATIENCE
  while (performance.now() < deadline) {
    if (!(await session.progresses(SILENCE))) return true
  }
  return false
}
