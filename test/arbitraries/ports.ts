import fc from 'fast-check'
import type { RawContainer, RawContainerPort, RawPort } from '../oracle/raw-cluster.ts'
import { orNull, partial } from './optional.ts'

const NUMBERS = [80, 81, 443, 8080, 53] as const
const NAMES = ['http', 'metrics'] as const

/** Overlapping, nested, adjacent, of one port, at both ends of the space. */
const RANGES = [
  [80, 90],
  [85, 8080],
  [91, 100],
  [81, 81],
  [1, 79],
  [8000, 65535],
  [1, 65535],
] as const

const protocol: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('TCP') },
  { weight: 2, arbitrary: fc.constant('UDP') },
  { weight: 1, arbitrary: fc.constant('SCTP') },
)

/** One item of a rule's ports: a number, a range, a name, or a protocol alone; `{}` and null are all of TCP. */
export const rulePort: fc.Arbitrary<RawPort | null> = orNull(
  fc.oneof(
    { weight: 4, arbitrary: withProtocol(fc.constantFrom(...NUMBERS, 1, 65535).map((port) => ({ port }))) },
    { weight: 3, arbitrary: withProtocol(fc.constantFrom(...RANGES).map(([port, endPort]) => ({ port, endPort }))) },
    { weight: 6, arbitrary: withProtocol(fc.constantFrom(...NAMES, ...NAMES, 'nowhere').map((port) => ({ port }))) },
    { weight: 1, arbitrary: withProtocol(fc.constantFrom({}, { port: null }, { endPort: null })) },
  ),
)

/** Containers whose ports share names: the same name with other numbers and protocols, in containers and sidecars. */
export const containers: fc.Arbitrary<readonly RawContainer[]> = fc
  .array(containerPorts(), { minLength: 1, maxLength: 2 })
  .map((lists) => lists.map((ports, index) => ({ name: `main-${index}`, image: 'example', ports })))

/** Sidecars (restartPolicy Always), whose names count, and plain init containers, whose names do not. */
export const initContainers: fc.Arbitrary<readonly RawContainer[]> = fc
  .array(fc.tuple(containerPorts(), fc.constantFrom('Always', 'Always', null, undefined)), {
    minLength: 1,
    maxLength: 2,
  })
  .map((lists) =>
    lists.map(([ports, restartPolicy], index) => ({
      name: `init-${index}`,
      image: 'example',
      ...(restartPolicy !== undefined && { restartPolicy }),
      ports,
    })),
  )

function withProtocol(port: fc.Arbitrary<RawPort>): fc.Arbitrary<RawPort> {
  return fc.tuple(port, partial({ protocol: orNull(protocol) })).map(([some, named]) => ({ ...some, ...named }))
}

/** A name stands at most once in a container, as the API wants it; ports without a name are of no use to policy. */
function containerPorts(): fc.Arbitrary<readonly RawContainerPort[] | null> {
  const port = fc
    .tuple(fc.constantFrom(...NAMES, ...NAMES, undefined), fc.constantFrom(...NUMBERS), partial({ protocol }))
    .map(([name, containerPort, named]) => ({ ...(name !== undefined && { name }), containerPort, ...named }))
  return orNull(fc.uniqueArray(port, { minLength: 1, maxLength: 3, selector: (one) => one.name ?? one.containerPort }))
}
