import type { ReachRow } from './reach-rows.ts'

const HEAD = ['from', 'to', 'ports', 'because'] as const

/** The rows as RFC 4180 has them, for spreadsheets; `because` names rules, none where no policy is in the way. */
export function reachCsv(rows: readonly ReachRow[]): string {
  const fields = rows.map(({ from, to, ports, why }) => [
    from,
    to,
    ports,
    why.map(({ name, place }) => (place === '' ? name : `${name} (${place})`)).join('; '),
  ])
  return [HEAD, ...fields].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); a quote in front makes it text. */
function field(text: string): string {
  const inert = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
