import type { Lab } from '../../../src/lab/lab.ts'
import type { Readiness } from '../../../src/telemetry/readiness.ts'

/** What the agent of node-1 answers over HTTP. */
export interface AgentAnswers {
  /** The status is 0 while nobody answers; the body is then that of a readiness that knows nothing. */
  readyz(): Promise<{ readonly status: number; readonly body: Readiness }>
  /** One sample of /metrics by its whole name, labels included; undefined: there is none. */
  metric(series: string): Promise<number | undefined>
}

export const LISTEN = '127.0.0.1:9753'

const NOTHING: Readiness = { ready: false, reasons: [], truth: [] }
const PROGRAM = `const answer = await fetch(process.argv[1]).catch(() => undefined)
process.stdout.write(JSON.stringify({ status: answer?.status ?? 0, text: (await answer?.text()) ?? '' }))`

export function askAgent(lab: Lab): AgentAnswers {
  async function ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const argv = [process.execPath, '--input-type=module', '-e', PROGRAM, `http://${LISTEN}${path}`]
    const { stdout } = await lab.exec('node-1', argv)
    return JSON.parse(stdout) as { readonly status: number; readonly text: string }
  }
  return {
    async readyz() {
      const { status, text } = await ask('/readyz')
      return { status, body: text === '' ? NOTHING : (JSON.parse(text) as Readiness) }
    },
    async metric(series) {
      const { text } = await ask('/metrics')
      const line = text.split('\n').find((each) => each.startsWith(`${series} `))
      return line === undefined ? undefined : Number(line.slice(series.length))
    },
  }
}
