import { ADDRESSES } from './faults/addresses.ts'
import { AGENT } from './faults/agent.ts'
import { ASKING } from './faults/asking.ts'
import { AUDIT } from './faults/audit.ts'
import { BASELINES } from './faults/baselines.ts'
import { DECODING } from './faults/decoding.ts'
import { ENGINE } from './faults/engine.ts'
import { GRAPH } from './faults/graph.ts'
import { HOLD } from './faults/hold.ts'
import { LAYOUT } from './faults/layout.ts'
import { LINT } from './faults/lint.ts'
import { NOTING } from './faults/noting.ts'
import { PLANNING } from './faults/planning.ts'
import { POLICY_TESTS } from './faults/policy-tests.ts'
import { REACH } from './faults/reach.ts'
import { READING } from './faults/reading.ts'
import { SELECTING } from './faults/selecting.ts'
import { SUGGESTING } from './faults/suggesting.ts'
import type { Fault } from './fault.ts'

/** All of them. */
export const FAULTS: readonly Fault[] = [
  DECODING,
  SELECTING,
  ADDRESSES,
  GRAPH,
  LAYOUT,
  ENGINE,
  PLANNING,
  HOLD,
  REACH,
  POLICY_TESTS,
  BASELINES,
  LINT,
  READING,
  AGENT,
  ASKING,
  SUGGESTING,
  AUDIT,
  NOTING,
].flat()
