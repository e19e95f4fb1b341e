// Imported before the agent's own program: gives its source of the API the lengths of time of SELVEDGE_TEST_TIMINGS (JSON,
// milliseconds), so that what it does after minutes is a matter of seconds.
import { DEFAULT_TIMINGS } from '../../../../src/sources/kubernetes/seams.ts'

Object.assign(DEFAULT_TIMINGS, JSON.parse(process.env['SELVEDGE_TEST_TIMINGS'] ?? '{}'))
