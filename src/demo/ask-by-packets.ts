import type { Lab } from '../lab/lab.ts'
import type { Question } from './questions.ts'

/** For a second try: on a machine with much else to do a packet may take its time. */
const PATIENT = { attempts: 4, settleMilliseconds: 250 } as const

/**
 * Whether the packets arrive, in the order of the questions. Where they should and did not, they are sent again: only a
 * packet that is held back every time counts as held back.
 */
export async function askByPackets(
  lab: Lab,
  questions: readonly Question[],
  expected: readonly boolean[],
): Promise<readonly boolean[]> {
  const answers = [...(await lab.probe(questions.map(({ probe }) => probe)))]
  const doubtful = questions.flatMap((question, index) =>
    expected[index] && !answers[index] ? [{ question, index }] : [],
  )
  if (doubtful.length === 0) return answers
  const again = await lab.probe(
    doubtful.map(({ question }) => question.probe),
    PATIENT,
  )
  for (const [place, { index }] of doubtful.entries()) answers[index] = again[place] ?? false
  return answers
}
