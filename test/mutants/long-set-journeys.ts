import { type Grant, longSetsOf, OWN, type Stage } from '../arbitraries/long-sets.ts'

const QUIET: Stage = {
  'peer-0': 'k0',
  'peer-1': 'k1',
  'web-0': { index: 0, http: 8_080 },
  'web-1': { index: 0, http: 8_080 },
}

const INDEX_0 = { matchLabels: { index: '0' } }

/** Changes of sets that keep their names, each of which one thought of the engine is for. */
const JOURNEYS: readonly (readonly Stage[])[] = [
  // A grant comes and goes that gives what another gives, too.
  around(QUIET, grant(['k1', 'none'], 3_010)),
  // A grant of its own, and one of a range.
  around(QUIET, grant(['k0', 'none'], 2_000)),
  around(QUIET, { ...grant(['k0', 'none'], 0), port: { port: 2_000, endPort: 2_005 } }),
  // A range is cut in three, and whole again.
  around(QUIET, { ...grant(['k0', 'none'], 3_002), port: { port: 3_002, endPort: 3_003 } }),
  // Of two pods with one class the one leaves it, and what the class gains then is nothing to it.
  [
    { ...QUIET, 'grant-0': grant(['k1'], 8_080, INDEX_0) },
    {
      ...QUIET,
      'grant-0': grant(['k1'], 8_080, INDEX_0),
      'grant-1': grant(['k1'], 2_000, INDEX_0),
      'web-0': { index: 1, http: 8_080 },
    },
  ],
  // A name is another number on each of two pods under the same selectors.
  around({ ...QUIET, 'web-1': { index: 0, http: 8_081 } }, { ...grant(['k0'], 0), port: { port: 'http' } }),
  // Other rules of the class come together with an element.
  [QUIET, { ...QUIET, 'grant-0': grant(['k1'], 2_000), 'grant-1': { ...grant(['k0'], 0), port: undefined } }, QUIET],
  // A peer gets what a new grant gives at the moment at which the grant comes.
  [QUIET, { ...QUIET, 'peer-0': 'k1', 'grant-0': grant(['k1', 'none'], 2_000) }, QUIET],
]

/** Before, after, and whom to watch; in each layout of long sets. */
export const longSetJourneys = () =>
  JOURNEYS.flatMap((stages) => [longSetsOf(['ports'], stages), longSetsOf(['port', 'whole'], stages)])

/** Without the grant, with it, and without it again. */
function around(stage: Stage, added: Grant): readonly Stage[] {
  return [stage, { ...stage, 'grant-0': added }, stage]
}

function grant(peers: readonly string[], port: number, selector: object = OWN): Grant {
  return { selector, direction: 'Ingress', peers, port: { port } }
}
