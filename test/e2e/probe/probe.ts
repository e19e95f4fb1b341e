import { first } from './first.ts'
import { serve } from './serve.ts'
import { session } from './session.ts'

/*
 * What runs in the pods of the suite: mounted from a ConfigMap, run by the Node of Selvedge's own image.
 *
 *     node probe.ts serve [tcp:PORT | udp:PORT]...     answers
 *     node probe.ts session                            asks, as it is told on its input
 *     node probe.ts first MILLISECONDS TEXT TARGET...  says a text to each, from its first instruction on
 */
const [what, ...words] = process.argv.slice(2)
if (what === 'serve') serve(words)
else if (what === 'first') await first(words)
else session()
