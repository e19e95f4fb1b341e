import { expect, test } from 'vitest'
import { allowed } from './allowed.ts'
import type { Connection } from './connection.ts'
import type { RawCluster } from './raw-cluster.ts'

/** A row: the rule that it shows, a cluster, and verdicts by connection, such as `10.0.0.1 > 10.0.0.2 TCP/80`. */
export interface VerdictRow {
  readonly rule: string
  readonly cluster: RawCluster
  readonly allows?: readonly string[]
  readonly denies?: readonly string[]
}

/** Makes one test a row; a row that shows no denial and no allowance would show nothing. */
export function testVerdicts(rows: readonly VerdictRow[]): void {
  test.each(rows)('$rule', ({ cluster, allows = [], denies = [] }) => {
    expect(allows.length + denies.length).toBeGreaterThan(0)
    const verdictOf = (text: string) => [text, allowed(cluster, parseConnection(text)).allowed]
    expect(allows.map(verdictOf)).toEqual(allows.map((text) => [text, true]))
    expect(denies.map(verdictOf)).toEqual(denies.map((text) => [text, false]))
  })
}

/** `SOURCE > DESTINATION PROTOCOL[/PORT]` */
export function parseConnection(text: string): Connection {
  const [source = '', , destination = '', service = ''] = text.split(' ')
  const [protocol, port] = service.split('/')
  return {
    source,
    destination,
    protocol: protocol as Connection['protocol'],
    ...(port !== undefined && { port: Number(port) }),
  }
}
