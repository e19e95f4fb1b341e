import { serve } from './serve.ts'
import { session } from './session.ts'

/*
 * What runs in the pods of the suite: mounted from a ConfigMap, run by the Node of Selvedge's own image.
 *
 *     node probe.ts serve [tcp:PORT | udp:PORT]...     answers
 *     node probe.ts session                            asks, as it is told on its input
 */
const [what, ...words] = process.argv.slice(2)
if (what === 'serve') serve(words)
else session()
