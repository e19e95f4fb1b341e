/** Why a text is not a name of some kind, in the API server's terms; empty when it is one. */
export type NameCheck = (text: string) => readonly string[]

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const NOTHING_WRONG: readonly string[] = []

/** RFC 1123 label, at most 63 bytes: the name of a Namespace. */
export const checkDnsLabel: NameCheck = (text) => {
  if (text.length <= 63 && DNS_LABEL.test(text)) return NOTHING_WRONG
  const wrong: string[] = []
  if (text.length > 63) wrong.push('must be no more than 63 bytes')
  if (text.length <= 253 && DNS_LABEL.test(text)) return wrong
  if (text.length <= 253 && DNS_SUBDOMAIN.test(text)) wrong.push('must not contain dots')
  else {
    wrong.push(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
        'and must start and end with an alphanumeric character',
    )
  }
  return wrong
}

/** RFC 1123 subdomain, at most 253 bytes: the name of nearly everything else. */
export const checkDnsSubdomain: NameCheck = (text) => {
  if (text.length > 253) return ['must be no more than 253 bytes']
  if (DNS_SUBDOMAIN.test(text)) return NOTHING_WRONG
  return [
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
      'and must start and end with an alphanumeric character',
  ]
}

/** IANA service name (RFC 6335 §5.1) in lower case: the name of a port. */
export const checkPortName: NameCheck = (text) => {
  const wrong: string[] = []
  if (text.length > 15) wrong.push('must be no more than 15 bytes')
  if (!/^[-a-z0-9]+$/.test(text)) wrong.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(text)) wrong.push('must contain at least one letter (a-z)')
  if (text.includes('--')) wrong.push('must not contain consecutive hyphens')
  if (text.startsWith('-') || text.endsWith('-')) wrong.push('must not begin or end with a hyphen')
  return wrong
}
